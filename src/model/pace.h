/* SPDX-License-Identifier: MIT */
/*
 * How fast a consumer group reads, against how fast its partitions grow: from
 * what it had committed and where the partitions ended, summed, at successive
 * looks. Pure.
 *
 * A group commits now and then (every 5 s by default), so its committed offsets
 * stand still and jump. Measured between any two looks that would flap; here the
 * consumption is taken from one jump to another, the farthest apart of the last
 * PACE_WINDOW_MS, and the production over the same time. Where there are not two
 * jumps it needs PACE_QUIET_MS of looks to be known at all, and a group that has
 * not committed for that long is measured up to now. Where looks are so rare that
 * the window has one only, the one before counts, too, unless PACE_RARE_MS lie
 * between. Growing and draining begin where the two differ by a tenth, and end
 * where they differ by less than half of that.
 */
#ifndef MODEL_PACE_H
#define MODEL_PACE_H

#include "model/view.h"

enum { PACE_POINTS = 64, PACE_WINDOW_MS = 30000, PACE_QUIET_MS = 12000, PACE_RARE_MS = 120000 };

struct pace_point {
	int64_t time; /* ms */
	int64_t committed, end;
};

/* Zero-initialised is empty. */
struct pace {
	struct pace_point point[PACE_POINTS]; /* a ring */
	size_t added;
	size_t partitions; /* that were summed */
	double consumption, production; /* records/s, NaN unknown */
	enum trend trend;
};

/* A look at TIME: COMMITTED and END, sums over PARTITIONS. Where others were summed
 * before, or a sum went back (a reset, a topic made anew), it begins anew. */
void pace_add(struct pace *p, int64_t time, int64_t committed, int64_t end, size_t partitions);

/* Seconds until LAG records are read: 0 none are left, INFINITY never, NaN unknown. */
double pace_eta(const struct pace *p, int64_t lag);

/* The newest lags, oldest first, N of them at most; how many, and the ms they SPAN. */
size_t pace_lags(const struct pace *p, uint32_t *lags, size_t n, int64_t *span);

#endif
