/* SPDX-License-Identifier: MIT */
/*
 * All trials that are known, at most `most`: above it the one that was silent
 * longest is folded away and counted; events of its later make a new one, met in
 * its middle. `seats` of them keep sensors and a whole curve: those that came
 * first; a seat passes on when its holder was silent for a minute, and at once
 * to one that is opened. Silence counts by arrival, to the second.
 */
#ifndef MODEL_TRIALS_H
#define MODEL_TRIALS_H

#include "model/trial.h"

struct trials {
	size_t most, seats;
	struct trial **all; /* in no order */
	size_t n, cap, n_seated;
	int64_t folded;
	int64_t stages[STAGES]; /* how many of those known are in each */
	uint64_t met; /* trials ever made */
	struct trial *by_id;
	struct trial *silent;  /* a list, the longest silent first */
	struct trial *sitting; /* likewise */
};

/* Zero-initialise, then set `most` (at least 1) and `seats`. */
void trials_clear(struct trials *set); /* none is known or folded any more */

/* The trial called ID (which is not empty), made known if need be, touched at NOW. */
struct trial *trials_of(struct trials *set, struct slice id, int64_t now);
struct trial *trials_find(const struct trials *set, struct slice id); /* NULL: not known */

/* Apply E to T, as trial_apply() does, and keep the count of its stage. */
void trials_apply(struct trials *set, struct trial *t, const struct event *e, int64_t time);

/* T had an event at NOW. */
void trials_touch_slowly(struct trials *set, struct trial *t, int64_t now);

static inline void
trials_touch(struct trials *set, struct trial *t, int64_t now)
{
	if (now < t->touched || now - t->touched >= 1000)
		trials_touch_slowly(set, t, now);
}

/* T was opened at NOW: it gets a seat, and keeps it as if it had had an event. */
void trials_open(struct trials *set, struct trial *t, int64_t now);

#endif
