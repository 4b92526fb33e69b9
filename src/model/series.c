/* SPDX-License-Identifier: MIT */
#include "model/series.h"

#include <math.h>
#include <stdbool.h>
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

/* The count STEPS back from the newest, fewer than there are. */
static uint32_t *
back(const struct series *s, int64_t steps)
{
	return &s->counts[s->newest >= steps ? s->newest - steps : s->newest - steps + s->cap];
}

void
series_add_slowly(struct series *s, int64_t time, uint32_t n)
{
	int64_t start = step_of(s, time), before;

	if (time < 0)
		return;
	if (s->since < 0) {
		s->since = time;
		s->start = start;
	}
	if (time < s->since)
		s->since = time;
	if (start > s->start)
		advance(s, start);
	before = (s->start - start) / s->step;
	if (before < s->cap)
		*back(s, before) += n;
}

/* The part of the N steps before NOW that S holds, as steps back from its
 * newest: NEAR to FAR. False: it holds none of them. */
static bool
overlap(const struct series *s, int64_t now, size_t n, int64_t *near, int64_t *far)
{
	if (now < 0 || s->since < 0)
		return false;
	*near = (s->start - step_of(s, now)) / s->step + 1;
	*far = *near + (int64_t)n - 1;
	if (*near < 0)
		*near = 0;
	if (*far >= s->cap)
		*far = s->cap - 1;
	return *near <= *far;
}

void
series_read(const struct series *s, int64_t now, uint32_t *out, size_t n)
{
	int64_t near, far, ahead;

	memset(out, 0, n * sizeof(*out));
	if (!overlap(s, now, n, &near, &far))
		return;
	ahead = (s->start - step_of(s, now)) / s->step + (int64_t)n;
	for (int64_t i = near; i <= far; i++)
		out[ahead - i] = *back(s, i);
}

uint64_t
series_sum(const struct series *s, int64_t now, size_t n)
{
	int64_t near, far;
	uint64_t sum = 0;

	if (overlap(s, now, n, &near, &far))
		for (int64_t i = near; i <= far; i++)
			sum += *back(s, i);
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
