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

/* Events/s of N bands stacked, over RATE_POINTS x RATE_STEP_S seconds, newest at
 * the right; the first band lies at the bottom. MONO: bands are told apart by letters. */
void graph_rates(struct canvas *c, struct rect area, const struct rate_band *bands, size_t n, bool mono);

/* The number of band I of BANDS as its style and fill want it: the others (null id) always have the last. */
int graph_band(const struct rate_band *bands, size_t i);

#endif
