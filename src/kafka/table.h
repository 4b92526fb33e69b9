/* SPDX-License-Identifier: MIT */
/*
 * Every partition we know of, ours or not: a row by topic number and partition,
 * found by one addition. The public half of a row is what a status shows, the
 * private half what the consumer has to remember. Rows move when a topic grows.
 */
#ifndef KAFKA_TABLE_H
#define KAFKA_TABLE_H

#include "kafka/fingerprint.h"
#include "kafka/lifecycle.h"
#include "model/status.h"

#define OFFSET_UNSET INT64_MIN /* no target, or never started; others may be logical */

struct row {
	enum fetch_state state;
	bool seek_used;       /* --seek was used up */
	bool young;           /* it appeared while we watched: where the policy would say, it starts at its beginning */
	bool committed_known; /* the status' `committed` is true, -1 included */
	int64_t next;         /* where we had got to when it was taken away; -1 never ours */
	int64_t taken, applied; /* the offset behind the last record that was; -1 none */
	int64_t end;          /* where it was met last, to be committed when what was taken is applied; -1 nowhere */
	int64_t start;        /* what librdkafka was told last, explicit or logical */
	int64_t target;       /* where it is to be read from instead: while MOVING, or before it starts */
	int64_t lost;         /* what was out of range, while RESETTING; -1 nothing to be said */
	int64_t stale;        /* what was committed of the topic that had its name before; -1 nothing */
	int64_t marks_low, marks_end; /* as they were answered last; -1 never */
	struct fingerprint last; /* the last record that was read */
	size_t in_batch;      /* the batch's messages up to its last record; 0: none is of it */
	bool suspect;         /* its offsets are what gave a doubt about its topic */
	int64_t sent;         /* in a commit that is not answered yet; -1 none */
	int64_t goal;         /* the end when it was first assigned; -1 not known yet */
};

struct topic_row {
	enum topic_state state;
	bool subscribed;     /* as it is: with these partitions */
	bool doubt;          /* it is to be compared, when that is due */
	bool suspect;        /* offsets of it gave the doubt */
	bool cut;            /* the last comparison says that it ends before what was read */
	uint64_t tag;        /* of the comparison that is under way; 0 none */
	int64_t since;       /* mono ms: in doubt */
	int64_t compare_due; /* mono ms: not before */
};

struct table {
	char **topics;
	struct topic_row *life; /* of each topic */
	size_t *base, *count; /* of each topic: first row, rows */
	size_t n_topics;
	struct partition_status *status;
	struct row *rows;
	size_t n;
};

void table_init(struct table *t, const char *const *topics, size_t n_topics);
void table_fini(struct table *t);
int table_topic(const struct table *t, const char *name); /* its number, -1 */

/* Topic TOPIC_NO has COUNT partitions at least; further ones are YOUNG, or as old as anything. */
void table_grow(struct table *t, int topic_no, size_t count, bool young);

/* The row's index, -1 when it is not known. */
static inline int64_t
table_at(const struct table *t, int topic_no, int32_t partition)
{
	if (topic_no < 0 || (size_t)topic_no >= t->n_topics || partition < 0 || (size_t)partition >= t->count[topic_no])
		return -1;
	return (int64_t)(t->base[topic_no] + (size_t)partition);
}

static inline struct topic_row *
table_life(const struct table *t, size_t row)
{
	return &t->life[t->status[row].topic_no];
}

#endif
