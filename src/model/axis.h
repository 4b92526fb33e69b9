/* SPDX-License-Identifier: MIT */
/*
 * The axes of graphs, whatever they are drawn with: they begin and end at round
 * numbers, so that they stay still while points come. Pure.
 */
#ifndef MODEL_AXIS_H
#define MODEL_AXIS_H

#include <stddef.h>
#include <stdint.h>

enum { AXIS_TEXT = 32 };

/* Values from LO to HI; labels stand at multiples of STEP. */
struct axis {
	double lo, hi, step;
};

/* Over LEAST..MOST with at most about LABELS labels. */
struct axis axis_over(double least, double most, double labels);

/* Where V lies, 0 at LO and 1 at HI; outside of these beyond. */
double axis_part(const struct axis *a, double v);

/* The Ith label from below, from 0 on; NaN past the last. */
double axis_label(const struct axis *a, int i);
const char *axis_print(char *out, const struct axis *a, double v); /* AXIS_TEXT bytes */

/* Time from left to right: COUNT steps of STEP ms from START on. */
struct time_axis {
	int64_t start, step;
	int count;
};

/* From FIRST to LAST in at most COUNT steps of a round length. */
struct time_axis time_axis_over(int64_t first, int64_t last, int count);
double time_axis_part(const struct time_axis *a, int64_t time); /* 0..1 */

#endif
