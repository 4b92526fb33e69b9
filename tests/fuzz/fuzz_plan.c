/* SPDX-License-Identifier: MIT */
/* Any bytes as a loads file, and what is foreseen of the few experiments that it may have. */
#include "fuzz.h"

#include "load/forecast.h"

#include <math.h>

enum { FORESEEN = 4, SENSORS = 100 };

static void
check_entry(const struct plan_entry *e)
{
	require(e->researcher && e->sensors > 0 && e->sample_ms > 0 && e->lower < e->upper);
	require(e->start_time >= 0 && e->stabilization_samples >= 0 && e->carry_out_samples >= 0);
	require(isfinite(e->start_temperature) && isfinite(plan_entry_rate(e)) && isfinite(plan_entry_duration(e)));
}

/* Intervals join, and add up to what the experiments do. */
static void
check_forecast(const struct plan *plan)
{
	struct forecast f;
	double sum = 0;

	forecast_make(&f, plan);
	for (size_t i = 0; i < f.n; i++) {
		const struct planned_interval *now = &f.intervals[i];

		require(now->from == (i ? f.intervals[i - 1].to : 0) && now->from < now->to);
		sum += now->rate * (now->to - now->from);
	}
	require(isfinite(f.bytes) && fabs(sum - (double)f.measurements) <= 1e-6 * (1 + (double)f.measurements));
	forecast_fini(&f);
}

/* Lines for a terminal. */
static void
check_notes(const struct buf *notes)
{
	require(notes->n == 0 || notes->p[notes->n - 1] == '\n');
	for (size_t i = 0; i < notes->n; i++)
		require(notes->p[i] == '\n' || ((unsigned char)notes->p[i] >= ' ' && notes->p[i] != 0x7f));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan plan = {0};
	struct buf notes = {0};
	struct err err = {""};
	bool ok = plan_parse(&plan, (struct slice){(const char *)data, size}, "loads", &notes, &err);
	bool small = ok && plan.n <= FORESEEN;

	require(ok == (err.text[0] == '\0'));
	require(ok || notes.n > 0);
	check_notes(&notes);
	for (size_t i = 0; ok && i < plan.n; i++) {
		check_entry(&plan.entries[i]);
		small = small && plan.entries[i].sensors <= SENSORS;
	}
	if (small)
		check_forecast(&plan);
	plan_fini(&plan);
	buf_free(&notes);
	return 0;
}
