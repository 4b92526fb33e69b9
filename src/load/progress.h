/* SPDX-License-Identifier: MIT */
/*
 * How a load goes on, as text: a line that is drawn again and again, a line for
 * each stage that an experiment comes to, and what it came to in the end. Stage
 * lines are written by the load's thread and taken by another; what is not taken
 * in time is bounded, and counted.
 */
#ifndef LOAD_PROGRESS_H
#define LOAD_PROGRESS_H

#include "load/emit.h"

enum { PROGRESS_BYTES = 1 << 20 }; /* of stage lines that wait to be taken */

struct progress;

struct progress *progress_new(void);
void progress_free(struct progress *p);

/* "2026-11-23T14:35:10.142Z ID carry out RESEARCHER", where AT is a stage. */
void progress_moment(struct progress *p, const struct experiment *e, const struct moment *at);

/* Move the lines written so far, whole ones, to the end of OUT. */
void progress_take(struct progress *p, struct buf *out);

/* Two looks at the load: what the line is made of. */
struct progress_look {
	struct emit_counts counts;
	int64_t time; /* ms, monotonic */
};

/* "0:36 left  wait 1 stab 1 run 2 end 0  .." in at most WIDTH cells: of EXPERIMENTS, at NOW, with
 * LEFT_S to go (NaN: unknown); the rate reached is that since BEFORE. */
void progress_line(struct buf *out, size_t experiments, const struct progress_look *before,
		   const struct progress_look *now, double left_s, size_t width);

/* Asked, sent, confirmed, failed and late, after SECONDS; two lines. */
void progress_summary(struct buf *out, const struct emit_counts *c, double seconds);

#endif
