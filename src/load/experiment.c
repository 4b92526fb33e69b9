/* SPDX-License-Identifier: MIT */
#include "load/experiment.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

enum phase { PHASE_CONFIGURED, PHASE_STABILIZATION, PHASE_SAMPLES, PHASE_TERMINATED, PHASE_OVER };

struct experiment {
	const struct plan_entry *entry;
	int64_t configure, start;
	struct rng rng;
	char id[UUID_TEXT];
	enum phase phase;
	struct rule rule;
	int64_t sample; /* the next one, from 0 */
	double average;
	struct moment moment;
	float *readings;
	char (*sensors)[UUID_TEXT];
	int64_t cut; /* ended here, before its time; 0: was not */
	bool keeps;
	struct encode_sample *kept;
	size_t n_kept, kept_cap;
};

struct experiment *
experiment_new(const struct plan_entry *entry, int64_t configure, int64_t start, uint64_t seed)
{
	struct experiment *e = xcalloc(1, sizeof(*e));

	e->entry = entry;
	e->configure = configure;
	e->start = start;
	e->rng.state = seed;
	e->average = entry->start_temperature;
	rule_begin(&e->rule, false, false);
	e->readings = xcalloc((size_t)entry->sensors, sizeof(*e->readings));
	e->sensors = xcalloc((size_t)entry->sensors, sizeof(*e->sensors));
	rng_uuid(&e->rng, e->id);
	for (int64_t i = 0; i < entry->sensors; i++)
		rng_uuid(&e->rng, e->sensors[i]);
	return e;
}

void
experiment_free(struct experiment *e)
{
	if (!e)
		return;
	free(e->readings);
	free(e->sensors);
	free(e->kept);
	free(e);
}

int64_t
experiment_due(const struct experiment *e)
{
	if (e->phase == PHASE_OVER)
		return INT64_MAX;
	if (e->cut)
		return e->cut;
	if (e->phase == PHASE_CONFIGURED)
		return e->configure;
	return e->start + e->sample * e->entry->sample_ms * 1000;
}

/* --- Temperatures ---------------------------------------------------------- */

/* Linear to the middle of the range, then a random walk; never on a threshold. */
static double
next_average(struct experiment *e)
{
	const struct plan_entry *p = e->entry;
	double width = p->upper - p->lower;
	double average;

	if (e->sample < p->stabilization_samples)
		average = p->start_temperature + ((p->lower + p->upper) / 2 - p->start_temperature) *
							 (double)(e->sample + 1) / (double)p->stabilization_samples;
	else
		average = e->average + rng_uniform(&e->rng, -width, width);
	if (fabs(average - p->lower) <= 0.01)
		average = p->lower + 0.011;
	if (fabs(average - p->upper) <= 0.01)
		average = p->upper - 0.011;
	return average;
}

/*
 * The step that all readings of a sample are multiples of, so that each is a
 * float exactly and their sum has no rounding: the mean is the average to the
 * last bit. The last sensor takes up what N uniform ones left over: sqrt(N/3)
 * on average, and never ten times that.
 */
static double
reading_step(double average, size_t n)
{
	int exponent;

	frexp(fabs(average) + 2 + 6 * sqrt((double)n), &exponent);
	return ldexp(1, exponent - 24);
}

static void
take_sample(struct experiment *e, struct moment *m)
{
	size_t n = (size_t)e->entry->sensors;
	double average = next_average(e);
	double step = reading_step(average, n);
	double rest;

	e->average = average = round(average / step) * step;
	rest = average * (double)n;
	for (size_t i = 0; i + 1 < n; i++) {
		double reading = round((average + rng_uniform(&e->rng, -1, 1)) / step) * step;

		e->readings[i] = (float)reading;
		rest -= reading;
	}
	e->readings[n - 1] = (float)rest;
	m->average = (float)average;
	m->readings = e->readings;
	rng_uuid(&e->rng, m->measurement);
}

static void
keep_sample(struct experiment *e, const struct moment *m)
{
	if (e->n_kept == e->kept_cap) {
		e->kept_cap = e->kept_cap ? 2 * e->kept_cap : 32;
		e->kept = xreallocarray(e->kept, e->kept_cap, sizeof(*e->kept));
	}
	e->kept[e->n_kept++] = (struct encode_sample){(double)m->time / 1e6, m->average};
}

/* --- The walk -------------------------------------------------------------- */

/* The experiment starts when the samples of the stabilization are over; the last
 * sample is followed by the end, one interval later. */
static enum event_kind
next_sample(struct experiment *e, struct moment *m)
{
	if (!e->rule.started && e->sample == e->entry->stabilization_samples) {
		rule_begin(&e->rule, true, false);
		if (e->entry->carry_out_samples == 0)
			e->phase = PHASE_TERMINATED;
		return EVENT_STARTED;
	}
	take_sample(e, m);
	m->range = rule_sample(&e->rule, rule_place(m->average, (float)e->entry->lower, (float)e->entry->upper));
	if (e->keeps)
		keep_sample(e, m);
	if (++e->sample == e->entry->stabilization_samples + e->entry->carry_out_samples && e->rule.started)
		e->phase = PHASE_TERMINATED;
	return EVENT_MEASURED;
}

const struct moment *
experiment_next(struct experiment *e)
{
	struct moment *m = &e->moment;

	*m = (struct moment){.time = experiment_due(e)};
	switch (e->phase) {
	case PHASE_CONFIGURED:
		m->kind = EVENT_CONFIGURED;
		e->phase = PHASE_STABILIZATION;
		return m;
	case PHASE_STABILIZATION:
		m->kind = EVENT_STABILIZATION;
		e->phase = PHASE_SAMPLES;
		return m;
	case PHASE_SAMPLES:
		m->kind = next_sample(e, m);
		return m;
	case PHASE_TERMINATED:
		m->kind = EVENT_TERMINATED;
		e->phase = PHASE_OVER;
		return m;
	case PHASE_OVER:
		break;
	}
	return NULL;
}

void
experiment_keep(struct experiment *e)
{
	e->keeps = true;
}

const struct encode_sample *
experiment_samples(const struct experiment *e, size_t *n)
{
	*n = e->n_kept;
	return e->kept;
}

void
experiment_cut(struct experiment *e, int64_t now)
{
	e->phase = PHASE_TERMINATED;
	e->cut = now;
	while (e->n_kept > 0 && e->kept[e->n_kept - 1].time > (double)now / 1e6)
		e->n_kept--;
}

const struct plan_entry *
experiment_entry(const struct experiment *e)
{
	return e->entry;
}

const char *
experiment_id(const struct experiment *e)
{
	return e->id;
}

const char *
experiment_sensor(const struct experiment *e, size_t i)
{
	return e->sensors[i];
}
