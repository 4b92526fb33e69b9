/* SPDX-License-Identifier: MIT */
#include "model/series.h"

#include <math.h>
#include <string.h>

enum { LEAST_MS = 1000 };

void
series_init(struct series *s, uint32_t *room, size_t cap, uint32_t step_ms)
{
	*s = (struct series){.counts = room, .cap = (uint16_t)cap, .step = step_ms};
	series_clear(s);
}

void
series_clear(struct series *s)
{
	memset(s->counts, 0, s->cap * sizeof(*s->counts));
	s->newest = 0;
	s->start = 0;
	s->since = -1;
}

static int64_t
step_of(const struct series *s, int64_t time)
{
	return time - time % s->step;
}

/* Make the step that begins at START the newest; those passed over are empty. */
static void
advance(struct series *s, int64_t start)
{
	int64_t steps = (start - s->start) / s->step;

	for (int64_t i = 0; i < steps && i < s->cap; i++) {
		s->newest = (uint16_t)((s->newest + 1) % s->cap);
		s->counts[s->newest] = 0;
	}
	s->start = start;
}

/* The count of the step that begins at START, NULL outside the grid. */
static uint32_t *
at(const struct series *s, int64_t start)
{
	int64_t back = (s->start - start) / s->step;

	if (s->since < 0 || start > s->start || back >= s->cap)
		return NULL;
	return &s->counts[(s->newest + s->cap - back) % s->cap];
}

void
series_add_slowly(struct series *s, int64_t time, uint32_t n)
{
	uint32_t *count;

	if (time < 0)
		return;
	if (s->since < 0) {
		s->since = time;
		s->start = step_of(s, time);
	}
	if (step_of(s, time) > s->start)
		advance(s, step_of(s, time));
	count = at(s, step_of(s, time));
	if (count)
		*count += n;
	if (time < s->since)
		s->since = time;
}

void
series_read(const struct series *s, int64_t now, uint32_t *out, size_t n)
{
	int64_t start = now < 0 ? -1 : step_of(s, now) - (int64_t)n * s->step;

	for (size_t i = 0; i < n; i++, start += s->step) {
		const uint32_t *count = start < 0 ? NULL : at(s, start);

		out[i] = count ? *count : 0;
	}
}

uint64_t
series_sum(const struct series *s, int64_t now, size_t n)
{
	int64_t end = now < 0 ? -1 : step_of(s, now);
	uint64_t sum = 0;

	if (end < 0 || s->since < 0 || end - (int64_t)n * s->step > s->start)
		return 0;
	for (size_t i = 1; i <= n; i++) {
		const uint32_t *count = at(s, end - (int64_t)i * s->step);

		sum += count ? *count : 0;
	}
	return sum;
}

double
series_rate(const struct series *s, int64_t now, size_t n)
{
	int64_t end = now < 0 ? -1 : step_of(s, now);
	int64_t covered = (int64_t)n * s->step;

	if (s->since < 0 || end - s->since < LEAST_MS)
		return NAN;
	if (end - s->since < covered)
		covered = end - s->since;
	return (double)series_sum(s, now, n) * 1000.0 / (double)covered;
}
