/* SPDX-License-Identifier: MIT */
#include "model/flow.h"

#include <math.h>
#include <string.h>

/* Make STEP the newest; those passed over are unknown. After a clock was set back all is. */
static void
advance(struct flow *f, int64_t step)
{
	if (step - f->newest >= FLOW_STEPS || f->newest - step >= FLOW_STEPS) {
		*f = (struct flow){.newest = step};
		return;
	}
	while (f->newest < step) {
		f->newest++;
		f->amount[f->newest % FLOW_STEPS] = 0;
		f->covered[f->newest % FLOW_STEPS] = 0;
	}
}

void
flow_add(struct flow *f, int64_t from, int64_t to, double amount)
{
	double per_ms;
	int64_t oldest;

	if (to <= from || from < 0)
		return;
	per_ms = amount / (double)(to - from);
	advance(f, (to - 1) / FLOW_STEP_MS);
	oldest = (f->newest - FLOW_STEPS + 1) * FLOW_STEP_MS;
	if (from < oldest)
		from = oldest;
	while (from < to) {
		int64_t step = from / FLOW_STEP_MS, end = (step + 1) * FLOW_STEP_MS;
		int64_t part = (to < end ? to : end) - from;

		f->amount[step % FLOW_STEPS] += per_ms * (double)part;
		if (f->covered[step % FLOW_STEPS] < UINT16_MAX - part)
			f->covered[step % FLOW_STEPS] += (uint16_t)part;
		from += part;
	}
}

double
flow_rate(const struct flow *f, int64_t from, int64_t to)
{
	double amount = 0;
	int64_t covered = 0;

	for (int64_t step = from / FLOW_STEP_MS; step < to / FLOW_STEP_MS; step++) {
		if (step > f->newest || step <= f->newest - FLOW_STEPS || step < 0)
			continue;
		amount += f->amount[step % FLOW_STEPS];
		covered += f->covered[step % FLOW_STEPS];
	}
	return covered > 0 && 2 * covered >= to - from ? amount * 1000 / (double)covered : NAN;
}
