/* SPDX-License-Identifier: MIT */
/*
 * Graphs made of cells: sparklines, temperature curves with their range, and
 * stacked rates. Pure drawing of given points; axes are labelled with round
 * numbers and end at one, so that they stay still while points come. UI thread
 * only.
 */
#ifndef UI_GRAPH_H
#define UI_GRAPH_H

#include "model/view.h"
#include "ui/canvas.h"

/* The newest W of N points, one cell each, scaled to their largest. */
void graph_spark(struct canvas *c, int y, int x, int w, enum style style, const uint32_t *points, size_t n);

/* Temperature over time with the range LOWER..UPPER (NaN: none) drawn in; times are UTC. */
void graph_curve(struct canvas *c, struct rect area, const struct curve_point *points, size_t n, double lower,
		 double upper);

/* Rates over time, newest at the right: bands stacked, the first at the bottom, and two lines
 * over them, MARK_PRODUCED and MARK_PLANNED. Points are events/s, NaN unknown. */
struct graph_plot {
	struct graph_layer {
		const double *points;
		int number; /* 0..RATE_BANDS, of its style and fill */
	} bands[RATE_BANDS + 1];
	size_t n_bands;
	const double *made, *planned; /* NULL: no such line */
	int points, step_s;           /* of each; seconds a point */
	int64_t end;                  /* number of the point that would be next, counted from 1970 */
	bool folds; /* where there is little room a column is the mean of points; else the oldest go */
	bool mono;  /* bands are told apart by letters */
};

void graph_plot(struct canvas *c, struct rect area, const struct graph_plot *plot);

/* The same of N bands of experiments, over RATE_POINTS x RATE_STEP_S seconds. */
void graph_rates(struct canvas *c, struct rect area, const struct rate_band *bands, size_t n, const double *made,
		 const double *planned, bool mono);

/* The number of band I of BANDS as its style and fill want it: the others (null id) always have the last. */
int graph_band(const struct rate_band *bands, size_t i);

#endif
