/* SPDX-License-Identifier: MIT */
/*
 * The experiments of a store: what the measurement model is told of them, and what it says of
 * them as rows of experiments, samples_ and intervals.
 *
 * One that the model does not know is met when an event of it comes; if the file has rows of
 * it, the model is first brought to where it was. When more would be known than the limits
 * say, or take more bytes, all are dropped, so memory has a bound.
 *
 * The book owns them; SQL, PLACES and READINGS outlive them. One thread at a time. False: it
 * failed, with its sentence in SQL.
 */
#ifndef STORE_EXPERIMENTS_H
#define STORE_EXPERIMENTS_H

#include "store/places.h"
#include "store/readings.h"

struct experiments;

struct experiments_limits {
	size_t known, bytes;
};

/* Never NULL: what failed says SQL. */
struct experiments *experiments_new(struct sql *sql, const struct places *places, struct readings *readings,
				    struct experiments_limits limits);
void experiments_free(struct experiments *x); /* writes nothing */

/* E is a reading: what it is of, and what became of it, into OUT. */
bool experiments_measure(struct experiments *x, const struct event *e, struct reading *out);

/* E begins a stage of its experiment. */
bool experiments_follow(struct experiments *x, const struct event *e);

/* Of the experiments in E's partition others have read a part before E: what was there is not known. */
void experiments_pass_gap(struct experiments *x, const struct event *e);

bool experiments_write(struct experiments *x);

#endif
