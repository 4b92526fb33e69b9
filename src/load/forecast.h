/* SPDX-License-Identifier: MIT */
/*
 * What a plan comes to before it runs: how many measurements a second there will
 * be at any time, how many events in all, and how large they are on the wire.
 * Pure; nothing is sent and no clock is read.
 */
#ifndef LOAD_FORECAST_H
#define LOAD_FORECAST_H

#include "load/plan.h"
#include "model/planned.h"

struct forecast {
	struct planned_interval *intervals; /* as struct planned has them */
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

/* The rates alone; borrowed. */
static inline struct planned
forecast_planned(const struct forecast *f)
{
	return (struct planned){f->intervals, f->n};
}

#endif
