/* SPDX-License-Identifier: MIT */
/*
 * What the producer's metrics page says: messages that have arrived, by
 * experiment, and how many experiments run; names and labels as the reference
 * has them. The first METRICS_EXPERIMENTS experiments have a line of their own,
 * what the others sent is counted together under the key "others". Any thread
 * may call.
 */
#ifndef LOAD_METRICS_H
#define LOAD_METRICS_H

#include "base/buf.h"

enum { METRICS_EXPERIMENTS = 10000 };

struct metrics;

/* For EXPERIMENTS experiments, numbered from 0, that write to TOPIC. */
struct metrics *metrics_new(size_t experiments, const char *topic);
void metrics_free(struct metrics *m);

void metrics_begin(struct metrics *m, size_t i, const char *id); /* experiment I runs, and is called ID */
void metrics_end(struct metrics *m); /* one of them does not run any more */
void metrics_count(struct metrics *m, size_t i); /* one message more has arrived */

/* Append the page, in OpenMetrics' text form. */
void metrics_page(struct metrics *m, struct buf *out);

#endif
