/* SPDX-License-Identifier: MIT */
#include "load/forecast.h"

#include "base/alloc.h"
#include "codec/hash.h"
#include "load/message.h"

#include <math.h>
#include <stdlib.h>

enum { STAGE_EVENTS = 4 }; /* configured, stabilization, started, terminated */

/* ---- intervals ---- */

/* At `time` an experiment begins or ends. */
struct edge {
	double time, rate;
	int step; /* 1 begins, -1 ends */
};

static int
compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

static struct edge *
make_edges(const struct plan *plan)
{
	struct edge *edges = xcalloc(2 * plan->n + 1, sizeof(*edges));

	for (size_t i = 0; i < plan->n; i++) {
		const struct plan_entry *e = &plan->entries[i];

		edges[2 * i] = (struct edge){e->start_time, plan_entry_rate(e), 1};
		edges[2 * i + 1] = (struct edge){e->start_time + plan_entry_duration(e), -plan_entry_rate(e), -1};
	}
	qsort(edges, 2 * plan->n, sizeof(*edges), compare_edges);
	return edges;
}

static void
add_interval(struct forecast *f, struct planned_interval next)
{
	struct planned_interval *last = f->n ? &f->intervals[f->n - 1] : NULL;

	if (last && last->running == next.running && fabs(last->rate - next.rate) < 1e-9 * (1 + next.rate))
		last->to = next.to;
	else
		f->intervals[f->n++] = next;
}

/* Walk over the edges: between two of them nothing changes. */
static void
make_intervals(struct forecast *f, const struct plan *plan)
{
	struct edge *edges = make_edges(plan);
	struct planned_interval now = {0};

	f->intervals = xcalloc(2 * plan->n + 1, sizeof(*f->intervals));
	for (size_t i = 0; i < 2 * plan->n; i++) {
		now.to = edges[i].time;
		if (now.to > now.from)
			add_interval(f, now);
		now.from = now.to;
		now.running += (size_t)edges[i].step;
		now.rate = now.running ? now.rate + edges[i].rate : 0;
	}
	free(edges);
	for (size_t i = 1; i < f->n; i++)
		if (f->intervals[i].rate > f->intervals[f->peak].rate * (1 + 1e-9))
			f->peak = i;
}

/* ---- sizes ---- */

int64_t
forecast_measurements(const struct plan_entry *e)
{
	return e->sensors * (e->stabilization_samples + e->carry_out_samples);
}

/* Bytes of the messages that M makes of MOMENT, all alike, of which there will be COUNT. */
static double
size_moment(struct messages *m, const struct experiment *e, const struct moment *moment, int64_t count)
{
	struct rng rng = {1};
	struct buf values = {0};
	size_t messages = messages_write(m, &values, e, moment, &rng);
	double bytes = (double)values.n / (double)messages * (double)count;

	buf_free(&values);
	return bytes;
}

/* Encode one message of each kind, and multiply. */
static double
size_entry(struct messages *m, const struct plan_entry *entry)
{
	struct experiment *e = experiment_new(entry, 0, 0, 1);
	struct plan_entry ended = *entry;
	struct experiment *stages;
	const struct moment *moment;
	double bytes = 0;

	ended.stabilization_samples = ended.carry_out_samples = 0;
	stages = experiment_new(&ended, 0, 0, 1);
	while ((moment = experiment_next(stages)))
		bytes += size_moment(m, stages, moment, 1);
	while (forecast_measurements(entry) > 0 && (moment = experiment_next(e)) && moment->kind != EVENT_MEASURED)
		;
	if (forecast_measurements(entry) > 0)
		bytes += size_moment(m, e, moment, forecast_measurements(entry));
	experiment_free(e);
	experiment_free(stages);
	return bytes;
}

void
forecast_make(struct forecast *out, const struct plan *plan)
{
	struct messages *m = messages_new(hash_default_key, NULL);

	*out = (struct forecast){.duration = plan_duration(plan)};
	make_intervals(out, plan);
	for (size_t i = 0; i < plan->n; i++) {
		out->measurements += forecast_measurements(&plan->entries[i]);
		out->bytes += size_entry(m, &plan->entries[i]);
	}
	out->events = out->measurements + STAGE_EVENTS * (int64_t)plan->n;
	messages_free(m);
}

void
forecast_fini(struct forecast *f)
{
	free(f->intervals);
	*f = (struct forecast){0};
}
