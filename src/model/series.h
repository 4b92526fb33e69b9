/* SPDX-License-Identifier: MIT */
/*
 * Counts on a fixed grid of time: how much fell into each of the newest CAP
 * steps. Its room is its owner's, who must not move it. Only complete steps are
 * read, so that a picture of it steps with the grid and stands still between.
 *
 * Any time may be added: what lies before the grid is left out, a leap ahead
 * costs no more than CAP. Times are ms; a negative one is unknown and left out.
 */
#ifndef MODEL_SERIES_H
#define MODEL_SERIES_H

#include <stddef.h>
#include <stdint.h>

struct series {
	uint32_t *counts;
	uint16_t cap, newest; /* counts[newest] is the step that begins at `start` */
	uint32_t step;        /* ms */
	int64_t start;
	int64_t since; /* the first time added, -1: none yet */
};

void series_init(struct series *s, uint32_t *room, size_t cap, uint32_t step_ms);
void series_clear(struct series *s);
void series_add_slowly(struct series *s, int64_t time, uint32_t n);

static inline void
series_add(struct series *s, int64_t time, uint32_t n)
{
	if (s->since >= 0 && time >= s->start && time - s->start < s->step)
		s->counts[s->newest] += n;
	else
		series_add_slowly(s, time, n);
}

/* The N complete steps before NOW, oldest first; what is not known counts 0. */
void series_read(const struct series *s, int64_t now, uint32_t *out, size_t n);

/* The sum of these. */
uint64_t series_sum(const struct series *s, int64_t now, size_t n);

/* A second's average over these, but no earlier than the first time added. NaN
 * until there is a second of data: unknown is not zero. */
double series_rate(const struct series *s, int64_t now, size_t n);

#endif
