/* SPDX-License-Identifier: MIT */
/*
 * How the measurement model comes to where it was with an experiment that the file has rows
 * of: after a start, or after it was dropped to bound memory. It is told the stages and the
 * readings of the newest measurements again, and is given the run of samples that the next
 * one follows.
 *
 * The experiments own it; what it is made with outlives it. One thread at a time; what fails
 * leaves its sentence in SQL.
 */
#ifndef STORE_RESTORE_H
#define STORE_RESTORE_H

#include "store/places.h"
#include "store/readings.h"
#include "store/recent.h"

struct restore;

/* Never NULL: what failed says SQL. */
struct restore *restore_new(struct sql *sql, const struct places *places, struct readings *readings,
			    struct measure *model);
void restore_free(struct restore *r);

/* The model and RECENTS, which know nothing of experiment ID yet, the file's NUMBER. What the model says meanwhile is
 * in the file already. True: it may be in the carry out, for its start may lie in a gap. */
bool restore_experiment(struct restore *r, struct slice id, int64_t number, struct recents *recents);

#endif
