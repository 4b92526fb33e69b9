/* SPDX-License-Identifier: MIT */
/*
 * The rows of readings_ on their way to the file: they wait in memory for a statement's
 * worth of them. Whoever asks the file for readings, or ends the transaction, writes them before.
 *
 * The book owns them, SQL outlives them; one thread at a time. What fails leaves its
 * sentence in SQL.
 */
#ifndef STORE_READINGS_H
#define STORE_READINGS_H

#include "model/measure.h"
#include "store/sql.h"

/* -1: NULL. */
struct reading {
	int64_t key, timestamp, experiment, sample, sensor; /* key: by schema_key() */
	double time, temperature;
	enum reading_state state;
};

struct readings;

/* Never NULL: what failed says SQL. */
struct readings *readings_new(struct sql *sql);
void readings_free(struct readings *r); /* writes nothing */

bool readings_add(struct readings *r, const struct reading *reading);
bool readings_write(struct readings *r);

#endif
