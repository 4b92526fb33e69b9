/* SPDX-License-Identifier: MIT */
#include "model/rates.h"

#include <math.h>

void
rates_init(struct rates *r)
{
	series_init(&r->rate, r->rate_room, RATE_ROOM, RATE_GRID_MS);
	series_init(&r->steps, r->steps_room, RATE_POINTS + 1, RATE_STEP_S * 1000);
}

void
rates_clear(struct rates *r)
{
	series_clear(&r->rate);
	series_clear(&r->steps);
}

void
rates_total(const struct rates *r, int64_t now, struct rate_band *out)
{
	*out = (struct rate_band){.rate = series_rate(&r->rate, now, RATE_WINDOW)};
	series_read(&r->steps, now, out->points, RATE_POINTS);
}

size_t
rates_busiest(struct trial *const *trials, size_t n, int64_t now, const struct trial *out[RATE_BANDS])
{
	uint64_t sums[RATE_BANDS];
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t sum = series_sum(&trials[i]->steps, now, RATE_POINTS);
		size_t at;

		if (sum == 0 || (kept == RATE_BANDS && sum <= sums[kept - 1]))
			continue;
		if (kept < RATE_BANDS)
			kept++;
		for (at = kept - 1; at > 0 && sums[at - 1] < sum; at--) {
			sums[at] = sums[at - 1];
			out[at] = out[at - 1];
		}
		sums[at] = sum;
		out[at] = trials[i];
	}
	return kept;
}

void
rates_band(const struct trial *t, int64_t now, struct rate_band *out)
{
	*out = (struct rate_band){.id = t->id, .rate = trial_rate(t, now)};
	series_read(&t->steps, now, out->points, RATE_POINTS);
}

void
rates_others(const struct rate_band *total, const struct rate_band *bands, size_t n, struct rate_band *out)
{
	*out = (struct rate_band){.rate = total->rate};
	for (size_t i = 0; i < RATE_POINTS; i++) {
		uint32_t left = total->points[i];

		for (size_t b = 0; b < n; b++)
			left -= bands[b].points[i] < left ? bands[b].points[i] : left;
		out->points[i] = left;
	}
	for (size_t b = 0; b < n; b++)
		if (!isnan(bands[b].rate))
			out->rate -= bands[b].rate;
	if (out->rate < 0)
		out->rate = 0;
}
