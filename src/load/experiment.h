/* SPDX-License-Identifier: MIT */
/*
 * One simulated experiment: a walk through its moments (configured,
 * stabilization, a sample after the other, started, more samples, terminated),
 * each at an instant that follows from the plan alone. No clock is read and
 * nothing is sent here: the caller waits until a moment is due and tells it on.
 *
 * All chance comes from SEED, so that the same seed gives the same experiment
 * whatever else runs beside it. Used by one thread.
 */
#ifndef LOAD_EXPERIMENT_H
#define LOAD_EXPERIMENT_H

#include "base/rng.h"
#include "codec/encode.h"
#include "load/plan.h"
#include "model/event.h"
#include "model/rule.h"

struct moment {
	enum event_kind kind; /* CONFIGURED, STABILIZATION, MEASURED, STARTED, TERMINATED */
	int64_t time;         /* when it happens, us since 1970 */
	/* MEASURED: a sample of all sensors. */
	char measurement[UUID_TEXT];
	float average;
	const float *readings; /* Celsius, one a sensor; good until the next moment */
	enum range_event range;
};

struct experiment;

/* ENTRY is borrowed and outlives the experiment; it is configured at the instant
 * CONFIGURE and begins at START, both in us since 1970. */
struct experiment *experiment_new(const struct plan_entry *entry, int64_t configure, int64_t start, uint64_t seed);
void experiment_free(struct experiment *e);

/* When the next moment happens, us since 1970; INT64_MAX after the last. */
int64_t experiment_due(const struct experiment *e);

/* The next moment; NULL after the last. Good until the next call. */
const struct moment *experiment_next(struct experiment *e);

/* From now on remember every sample, for experiment_samples(). */
void experiment_keep(struct experiment *e);

/* The averages so far, N of them; those of an experiment that was told to keep them. */
const struct encode_sample *experiment_samples(const struct experiment *e, size_t *n);

/* End it: the next moment, the last one, is its termination at the instant NOW.
 * Samples that were asked for before their time are forgotten. */
void experiment_cut(struct experiment *e, int64_t now);

const struct plan_entry *experiment_entry(const struct experiment *e);
const char *experiment_id(const struct experiment *e);
const char *experiment_sensor(const struct experiment *e, size_t i); /* its id */

#endif
