/* SPDX-License-Identifier: MIT */
/*
 * Partitions: what was counted of each, and where the source says it stands.
 * Whichever comes first, a record or a status, makes it known; it stays known.
 * At most PARTITIONS_KEPT are; records of further ones have none.
 *
 * Each offset counts once: those up to the highest, but for what was left out
 * before the first and in between. The HOLES_KEPT largest such holes are known
 * (a rebalance leaves a few large ones, transactions many of a record); what
 * comes later from a hole that was too small to be kept is taken as repeated.
 */
#ifndef MODEL_PARTITION_H
#define MODEL_PARTITION_H

#include "base/hashtable.h"
#include "model/record.h"
#include "model/series.h"
#include "model/view.h"

enum { PARTITIONS_KEPT = 20000, RATE_WINDOW = 10, RATE_ROOM = RATE_WINDOW + 2, RATE_GRID_MS = 1000, HOLES_KEPT = 8 };

struct partition {
	struct partition_key {
		int32_t topic_no, number;
	} key;
	struct partition_status status; /* its topic is always set */
	bool listed;                    /* the last status told of it */
	int64_t highest;                /* offset counted in this view, INT64_MIN: none */
	struct hole {
		int64_t from, to; /* offsets, both included */
	} holes[HOLES_KEPT];
	size_t n_holes;
	int64_t records, experiments;   /* of this view; known now */
	int64_t newest;                 /* record timestamp, -1: none */
	int64_t arrived;                /* when the last record came by the model's time, -1: none */
	struct series rate;             /* records by their timestamps */
	uint32_t rate_room[RATE_ROOM];
	size_t index; /* in the set's `all` */
	UT_hash_handle hh;
};

struct partitions {
	struct partition *by_key;
	struct partition **all;
	size_t n, cap;
	struct partition *last; /* looked up */
};

void partitions_fini(struct partitions *p);

/* The partition of R, made known if need be; NULL past the bound. */
struct partition *partitions_of(struct partitions *p, int topic_no, const char *topic, int32_t number);

/* The same, without making it known: NULL when it is not. */
struct partition *partitions_known(struct partitions *p, int topic_no, int32_t number);

/* That of a topic's name and number; NULL when it is not known. */
struct partition *partitions_named(const struct partitions *p, struct slice topic, int32_t number);

/* Take over where each stands; those it does not tell of are unknown. */
void partitions_status(struct partitions *p, const struct source_status *status);
void partitions_restart(struct partitions *p);

/* Those of topic TOPIC_NO are another topic's from now on: none of their offsets was counted before. */
void partitions_renewed(struct partitions *p, int topic_no);

/* Count R, whose timestamp is taken as TIME; false: it was counted before in this view. */
bool partition_count(struct partition *p, const struct record *r, int64_t time, int64_t now);

/* Grows by topic, then number. */
double partition_order(const struct partition *p);

/* Where its rates end: NOW, but while it is read from behind its newest record,
 * so that a backlog shows what was produced. */
int64_t partition_now(const struct partition *p, int64_t now);

/* It was ours and is not any more. */
bool partition_revoked(const struct partition *p);

/* Offsets of it that its group (GROUPED), or else we, have still to read; -1 unknown. */
int64_t partition_lag(const struct partition *p, bool grouped);

/* RECORDS: all of this view. The slices are borrowed. */
void partition_row(const struct partition *p, bool grouped, int64_t records, int64_t now, struct partition_row *row);

/* What a group committed; its lag is the sum over that, as the list of groups counts it. */
struct committed_sums {
	size_t partitions;      /* that it committed on */
	size_t without;         /* others that hold something */
	int64_t committed, lag; /* -1: unknown of one, or nothing is committed */
};

struct partition_sums {
	size_t assigned;
	struct committed_sums ours, watched; /* ours: of our partitions; without a group the lag to our position */
	int64_t again, there;                /* -1: unknown of one, or of all */
};

/* An empty partition that nothing was committed of has no lag. */
void partitions_sum(const struct partitions *p, bool grouped, struct partition_sums *out);

#endif
