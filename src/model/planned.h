/* SPDX-License-Identifier: MIT */
/*
 * What a load is planned to come to: its rate as steps of time, counted from the
 * moment at which it begins. Pure numbers, borrowed; whoever made the plan owns them.
 */
#ifndef MODEL_PLANNED_H
#define MODEL_PLANNED_H

#include <stddef.h>

/* A time in which the same experiments run. */
struct planned_interval {
	double from, to; /* s after the start of the load */
	double rate;     /* measurements/s of all experiments together */
	size_t running;  /* experiments */
};

struct planned {
	const struct planned_interval *intervals; /* from 0 to the end, without gaps, in order */
	size_t n;
};

/* The mean rate between the seconds FROM and TO; 0 before the start and after the end. */
double planned_rate(const struct planned *p, double from, double to);

/* After how many seconds that many EVENTS are made; the plan's duration when it makes fewer. */
double planned_when(const struct planned *p, double events);

#endif
