/* SPDX-License-Identifier: MIT */
/*
 * Every partition we know of, ours or not: a row by topic number and partition,
 * found by one addition. The public half of a row is what a status shows, the
 * private half what the consumer has to remember. Rows move when a topic grows.
 */
#ifndef KAFKA_TABLE_H
#define KAFKA_TABLE_H

#include "kafka/lifecycle.h"
#include "model/status.h"

#define OFFSET_UNSET INT64_MIN /* no target, or never started; others may be logical */

struct row {
	enum fetch_state state;
	bool seek_used;       /* --seek was used up */
	bool committed_known; /* the status' `committed` is true, -1 included */
	int64_t next;         /* where we had got to when it was taken away; -1 never ours */
	int64_t taken, applied; /* the offset behind the last record that was; -1 none */
	int64_t end;          /* where it was met last, to be committed when what was taken is applied; -1 nowhere */
	int64_t start;        /* what librdkafka was told last, explicit or logical */
	int64_t target;       /* where it is to be read from instead: while MOVING, or before it starts */
	int64_t sent;         /* in a commit that is not answered yet; -1 none */
	int64_t goal;         /* the end when it was first assigned; -1 not known yet */
};

struct table {
	char **topics;
	size_t *base, *count; /* of each topic: first row, rows */
	size_t n_topics;
	struct partition_status *status;
	struct row *rows;
	size_t n;
};

void table_init(struct table *t, const char *const *topics, size_t n_topics);
void table_fini(struct table *t);
int table_topic(const struct table *t, const char *name); /* its number, -1 */

/* Topic TOPIC_NO has COUNT partitions at least. */
void table_grow(struct table *t, int topic_no, size_t count);

/* The row's index, -1 when it is not known. */
static inline int64_t
table_at(const struct table *t, int topic_no, int32_t partition)
{
	if (topic_no < 0 || (size_t)topic_no >= t->n_topics || partition < 0 || (size_t)partition >= t->count[topic_no])
		return -1;
	return (int64_t)(t->base[topic_no] + (size_t)partition);
}

#endif
