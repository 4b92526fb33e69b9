/* SPDX-License-Identifier: MIT */
/*
 * What a plan comes to before it runs: how many measurements a second there will
 * be at any time, how many events in all, and how large they are on the wire.
 * Pure; nothing is sent and no clock is read.
 */
#ifndef LOAD_FORECAST_H
#define LOAD_FORECAST_H

#include "load/plan.h"

/* A time in which the same experiments run. */
struct forecast_interval {
	double from, to;  /* s after the start of the load */
	double rate;      /* measurements/s of all experiments together */
	size_t running;   /* experiments */
};

struct forecast {
	struct forecast_interval *intervals; /* from 0 to the end, without gaps, in order */
	size_t n;
	size_t peak;          /* the interval with the highest rate, the first of equals */
	double duration;      /* s */
	int64_t measurements; /* one a sensor and sample */
	int64_t events;       /* measurements, and four stages an experiment */
	double bytes;         /* of all values, without headers and Kafka's own; about: hashes vary by some bytes */
};

void forecast_make(struct forecast *out, const struct plan *plan);
void forecast_fini(struct forecast *f);

int64_t forecast_measurements(const struct plan_entry *e);

/* The mean rate between the seconds FROM and TO. */
double forecast_rate(const struct forecast *f, double from, double to);

#endif
