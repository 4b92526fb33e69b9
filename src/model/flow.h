/* SPDX-License-Identifier: MIT */
/*
 * Amounts that came about between two moments, spread evenly over a grid of
 * seconds: what a counter that is looked at now and then tells about its rate. A
 * second that nothing is known of is unknown, not zero. The newest FLOW_STEPS
 * seconds are kept. Times are ms since 1970. Zeroed is empty.
 */
#ifndef MODEL_FLOW_H
#define MODEL_FLOW_H

#include <stdint.h>

enum { FLOW_STEP_MS = 1000, FLOW_STEPS = 320 };

struct flow {
	double amount[FLOW_STEPS];
	uint16_t covered[FLOW_STEPS]; /* ms of the step that are known */
	int64_t newest;               /* number of the newest step, by its time; its place is that modulo FLOW_STEPS */
};

/* AMOUNT came about between FROM and TO; nothing happens when TO is not later. */
void flow_add(struct flow *f, int64_t from, int64_t to, double amount);

/* A second's average between FROM and TO, both whole seconds; NaN when less than half of it is known. */
double flow_rate(const struct flow *f, int64_t from, int64_t to);

#endif
