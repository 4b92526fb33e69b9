/* SPDX-License-Identifier: MIT */
/*
 * The sensors of a store by number: a reading's row has the number that its experiment gave
 * the sensor. SENSORS_MOST of them are kept in memory, some 100 bytes each; when there are more
 * all are dropped and looked up in the file again.
 *
 * The experiments own them, SQL outlives them; one thread at a time. What fails leaves its
 * sentence in SQL.
 */
#ifndef STORE_SENSORS_H
#define STORE_SENSORS_H

#include "store/sql.h"

enum { SENSORS_MOST = 200000 };

struct sensor;
struct sensors;

/* Whose reading came last in an experiment: they take turns, so the next is known without a search. Starts as zero. */
struct sensor_turn {
	struct sensor *last;
	size_t era; /* it is gone when this has passed */
};

/* Never NULL: what failed says SQL. */
struct sensors *sensors_new(struct sql *sql);
void sensors_free(struct sensors *s);

/* The number of the sensor whose id is FOREIGN, which is given one if it has none; -1 there is no id, or it failed. */
int64_t sensors_number(struct sensors *s, int64_t experiment, struct sensor_turn *turn, struct slice foreign);

#endif
