/* SPDX-License-Identifier: MIT */
/*
 * Events/s by record timestamps, in all and of the busiest experiments: whose
 * graph holds the most of the last RATE_POINTS steps.
 */
#ifndef MODEL_RATES_H
#define MODEL_RATES_H

#include "model/trial.h"

struct rates {
	struct series rate, steps; /* all events: for events/s, for the graph */
	uint32_t rate_room[RATE_ROOM], steps_room[RATE_POINTS + 1];
};

void rates_init(struct rates *r); /* must not move afterwards */
void rates_clear(struct rates *r);

static inline void
rates_count(struct rates *r, int64_t time)
{
	series_add(&r->rate, time, 1);
	series_add(&r->steps, time, 1);
}

/* Everything up to NOW. */
void rates_total(const struct rates *r, int64_t now, struct rate_band *out);

/* The busiest of TRIALS at NOW, the first most, into OUT: how many (RATE_BANDS at most). */
size_t rates_busiest(struct trial *const *trials, size_t n, int64_t now, const struct trial *out[RATE_BANDS]);

/* T's part; its id is borrowed. */
void rates_band(const struct trial *t, int64_t now, struct rate_band *out);

/* What is left of TOTAL without BANDS. */
void rates_others(const struct rate_band *total, const struct rate_band *bands, size_t n, struct rate_band *out);

#endif
