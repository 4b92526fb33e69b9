/* SPDX-License-Identifier: MIT */
/*
 * The places of a store: its topics, and of each of their partitions the row in offsets
 * that says where it goes on and what was counted in it. They are read once; what changes
 * then is in memory until places_write(), in the transaction of the records that changed it.
 *
 * The book owns them, SQL outlives them; one thread at a time. What fails leaves its
 * sentence in SQL.
 */
#ifndef STORE_PLACES_H
#define STORE_PLACES_H

#include "store/entry.h"
#include "store/sql.h"

/* A partition, as its row says. */
struct place {
	int64_t number; /* there; 0: it has none yet */
	bool known;     /* it has a record */
	bool touched;   /* since it was written */
	int64_t first, next, records, measurements, undecodable, foreign, duplicates;
};

struct topic {
	const char *name;
	int64_t number; /* in topics_ */
	struct place *places;
	size_t n;
};

struct places;

/* TOPICS, which are borrowed, as the file knows them. Never NULL: what failed says SQL. */
struct places *places_new(struct sql *sql, const char *const *topics, size_t n);
void places_free(struct places *p);

const struct topic *places_topic(const struct places *p, int topic_no);
int places_topic_no(const struct places *p, int64_t number); /* by its number; 0 where it is none of these */

/* NULL: there is none yet; places_at() makes it then. Good until another is made. */
const struct place *places_find(const struct places *p, int topic_no, int64_t partition);
struct place *places_at(struct places *p, int topic_no, int32_t partition);

int64_t places_records(const struct places *p);

/* PLACE has a number from its first record, E, on. False: there is none left, or E's offset is too high. */
bool places_number(struct places *p, struct place *place, const struct event *e);
void places_count(struct place *place, const struct entry *x); /* X is stored */

/* From where PLACE stands to E nothing was read: a row in gaps. */
bool places_put_gap(struct places *p, const struct place *place, const struct event *e);
bool places_write(struct places *p);

#endif
