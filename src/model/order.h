/* SPDX-License-Identifier: MIT */
/*
 * The order of records, key by key. Kafka promises it for the records of one
 * key, as long as they stay in one partition; for each key of a topic is counted
 *
 *   out of order  a record with a lower offset than one of its key that came before
 *   time back     a measurement with an earlier time of its own than one of its
 *                 experiment before: its producer sent or repeated it out of order
 *   moved         a record in another partition than the one before; what is older
 *                 is not compared with it, in offset or time
 *   repeated      a record that this view had already counted, delivered again: what
 *                 a crash leads to, and no fault of the order
 *
 * What else is found out of a key's records, by the measurement model, of their hashes or
 * beside a ground truth, is noted here, too, and is no fault of the order (enum check).
 *
 * Offsets left out are no fault (compaction, transactions). Records without a key
 * were promised nothing and are counted together.
 *
 * A key is its topic and its bytes, by ident(). At most `most` are known. Then one
 * that was silent since the hand last passed makes room: its figures stay in the
 * sums, and if it comes again it is a new key.
 */
#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include "base/hashtable.h"
#include "model/record.h"
#include "model/view.h"

enum { KEY_ID = 100 /* bytes */, KEYS_RECENT = 64 };

struct trial;

/* The first and the last of one kind. */
struct findings {
	struct finding first, last;
};

struct order_key {
	int64_t counts[CHECKS];
	struct findings *findings[CHECKS]; /* NULL: none */
	size_t index;        /* in the set's `all` */
	int64_t records;     /* each counted once */
	int64_t last_offset; /* the highest in its partition, -1: none yet */
	int32_t partition;   /* of its last record */
	bool used;           /* since the hand passed */
	struct trial *trial; /* the experiment of its last event, NULL unknown: what comes next is mostly the same */
	UT_hash_handle hh;
	size_t n; /* bytes of its name */
	struct order_name {
		int topic_no;
		char id[KEY_ID];
	} name; /* only as long as it is */
};

struct order {
	size_t most;
	struct order_key *by_name;
	struct order_key **all; /* in no order */
	size_t n, cap, hand;
	struct order_key *recent[KEYS_RECENT]; /* by partition: the key that came last, which often comes next */
	int64_t folded;  /* made room */
	int64_t faulty;  /* keys that are not in order; like the counts, with those that made room */
	int64_t keyless; /* records without a key */
	int64_t counts[CHECKS]; /* with those of keyless records */
};

/* Zero-initialise, then set `most` (at least 1). */
void order_clear(struct order *set); /* none is known or folded any more */

/* Topic TOPIC_NO is another one from now on: its keys' next records are behind none. */
void order_renewed(struct order *set, int topic_no);

/* That of R, made known if need be; NULL without a key. Good until the next call. */
struct order_key *order_of(struct order *set, const struct record *r);
struct order_key *order_find(const struct order *set, int topic_no, struct slice id); /* NULL: not known */

/* R, of KEY (may be NULL), came at NOW (ms): for the first time, or again. */
void order_count(struct order *set, struct order_key *key, const struct record *r, int64_t now);
void order_repeat(struct order *set, struct order_key *key, const struct record *r, int64_t now);

/* One more of CHECK was found out elsewhere about KEY (may be NULL). */
void order_note(struct order *set, struct order_key *key, enum check check, struct finding what);

/* The measurement E, of KEY, has a time BACK seconds before an earlier one's. */
void order_time_back(struct order *set, struct order_key *key, const struct event *e, double back, int64_t now);

/* KEY's records are of the experiment T: each points to the other until one is forgotten. */
void order_tie(struct order_key *key, struct trial *t);
void order_untie(struct order_key *key);

struct slice order_id(const struct order_key *key);
bool order_is_faulty(const struct order_key *key);

/* What rows are sorted by: the worst first. */
double order_rank(const struct order_key *key);

#endif
