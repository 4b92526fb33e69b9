/* SPDX-License-Identifier: MIT */
/*
 * The newest measurements of one experiment: those that a reading may still belong to, and
 * where their rows are. Some more are remembered than the model has open and closed. Plain
 * data that starts as zero; whoever owns the experiment owns it. Ids are as ident() makes
 * them.
 */
#ifndef STORE_RECENT_H
#define STORE_RECENT_H

#include "model/measure.h"

enum {
	RECENT_AGAIN = MEASURE_CLOSED + MEASURE_OPEN, /* that the model is told again after a start */
	RECENT_MOST = RECENT_AGAIN + 4
};

struct recent {
	uint64_t hash; /* of its id */
	int64_t number;
	int pending;   /* its place among those that wait to be written; -1: its row is */
	bool settled;
};

struct recents {
	struct recent ring[RECENT_MOST];
	size_t n;     /* that were put into it */
	int64_t last; /* the number of the last measurement */
};

/* NULL: it is none of them. Both are good until one more is added. */
struct recent *recent_find(struct recents *r, struct slice id);
struct recent *recent_add(struct recents *r, struct slice id, int64_t number);

/* The measurement NUMBER, if it is still one of them, has its row now. */
void recent_written(struct recents *r, int64_t number);

#endif
