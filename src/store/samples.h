/* SPDX-License-Identifier: MIT */
/*
 * The measurements of a store by number, and their rows in samples_. Most are settled in the
 * transaction that they began in: their rows wait in memory and are written once, many a
 * statement. One that is not gets a row as it is then, and the rest when it is settled.
 *
 * The experiments own them; SQL and PLACES outlive them, and the recents of an experiment
 * stay until the next samples_write(). One thread at a time; what fails leaves its sentence
 * in SQL.
 */
#ifndef STORE_SAMPLES_H
#define STORE_SAMPLES_H

#include "store/places.h"
#include "store/recent.h"

struct samples;

/* Never NULL: what failed says SQL. */
struct samples *samples_new(struct sql *sql, const struct places *places);
void samples_free(struct samples *s); /* writes nothing */

/* The number of the measurement that E, of EXPERIMENT, is a reading of, perhaps a new one; -1: none, or it failed. */
int64_t samples_number(struct samples *s, int64_t experiment, struct recents *recents, const struct event *e);

/* M is settled. AGAIN: so the model says after a start; what the file has settled stays as it is. */
void samples_settle(struct samples *s, int64_t experiment, struct recents *recents, const struct measurement *m,
		    bool again);

bool samples_write(struct samples *s);

#endif
