/* SPDX-License-Identifier: MIT */
#include "model/history.h"

#include <string.h>

/* Two steps into one. */
static void
halve(struct history *h)
{
	size_t odd = (size_t)(h->start / h->step % 2), n = (h->n + odd + 1) / 2;
	uint32_t counts[HISTORY_STEPS] = {0};

	for (size_t i = 0; i < h->n; i++)
		counts[(i + odd) / 2] += h->counts[i];
	h->start -= (int64_t)odd * h->step;
	h->step *= 2;
	h->n = n;
	memcpy(h->counts, counts, sizeof(counts));
}

/* Begin STEPS steps earlier; there is room. */
static void
begin_earlier(struct history *h, size_t steps)
{
	memmove(h->counts + steps, h->counts, h->n * sizeof(*h->counts));
	memset(h->counts, 0, steps * sizeof(*h->counts));
	h->start -= (int64_t)steps * h->step;
	h->n += steps;
}

/* The step of TIME; -1: it lies outside of what the grid reaches. */
static int64_t
step_of(struct history *h, int64_t time)
{
	int64_t earlier = h->start > time ? (h->start - time + h->step - 1) / h->step : 0;

	if (earlier > 0 && earlier + (int64_t)h->n <= HISTORY_STEPS) {
		begin_earlier(h, (size_t)earlier);
		earlier = 0;
	}
	if (earlier > 0 || (time - h->start) / h->step >= HISTORY_STEPS)
		return -1;
	return (time - h->start) / h->step;
}

void
history_add(struct history *h, int64_t time)
{
	int64_t i;

	if (time < 0)
		return;
	if (h->step == 0) {
		h->step = HISTORY_STEP_MS;
		h->start = time / h->step * h->step;
	}
	while ((i = step_of(h, time)) < 0)
		halve(h);
	h->counts[i]++;
	if ((size_t)i >= h->n)
		h->n = (size_t)i + 1;
}

uint32_t
history_peak(const struct history *h)
{
	uint32_t peak = 0;

	for (size_t i = 0; i < h->n; i++)
		if (h->counts[i] > peak)
			peak = h->counts[i];
	return peak;
}
