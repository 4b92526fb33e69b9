/* SPDX-License-Identifier: MIT */
/*
 * Several ground-truth logs as one: those of producers that ran at the same time, and
 * of days that follow each other. Their items come merged by time, each log's own in
 * its order. One thread.
 */
#ifndef VERIFY_LOGS_H
#define VERIFY_LOGS_H

#include "base/strings.h"
#include "verify/truthlog.h"

struct logs;

struct logs *logs_open(const struct strings *files, struct err *err); /* NULL with a sentence */
void logs_free(struct logs *l);

/* The next item up to the time UNTIL, Unix seconds, and in *FILE whose it is. END: none now, or a later one. */
enum truthlog_answer logs_next(struct logs *l, double until, bool last, struct truthlog_item *item, int *file,
			       struct err *err);

const char *logs_name(const struct logs *l, int file);
double logs_time(const struct logs *l);   /* of the latest item that was given; NaN: none yet */
int64_t logs_lines(const struct logs *l); /* read so far */
size_t logs_rest(const struct logs *l);   /* bytes of lines whose end is not there */

#endif
