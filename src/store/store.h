/* SPDX-License-Identifier: MIT */
/*
 * A store: what was read of some topics of a cluster, kept in an SQLite file with where
 * each partition goes on, so that a reader who is killed at any moment goes on with every
 * record stored once. A thread of its own writes; whoever reads the topics owns the store,
 * calls everything here, and waits for the disk in store_kept() with WAIT and in store_close()
 * only.
 *
 * The round: store_add() each record, store_push(), and from time to time store_kept() for
 * what is durable meanwhile; only that may be committed. A transaction is closed after
 * STORE_RECORDS records, STORE_BYTES bytes or STORE_MS, and is on the disk then. While
 * store_full() take no more: twice that waits in memory at most, beside what the
 * measurement model keeps of `experiments` experiments (some 4 KiB each, with many sensors
 * more, but 256 MiB in all).
 *
 * After a failure (store_kept() says it) nothing more is stored, and the file holds what
 * was kept before.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/entry.h"
#include "base/err.h"

enum { STORE_RECORDS = 40000, STORE_BYTES = 16 << 20, STORE_MS = 1000 };

struct store;

struct store_config {
	const char *file;
	const char *const *topics; /* borrowed; an event's topic_no counts in them */
	size_t n_topics;
	size_t experiments; /* known at once, others are looked up in the file; 0: 20,000 */
};

/* Opened for us alone and made where there is none. NULL with a sentence: locked, damaged, another version's, of
 * other topics .. */
struct store *store_open(const struct store_config *config, struct err *err);

/* Waits for what is being written; what was not pushed is dropped. NULL is fine. */
void store_close(struct store *s);

/* The group.instance.id of whoever reads into this file: made with it, the same at each start. */
const char *store_instance(const struct store *s);

/* Whether this is the store of CLUSTER, from now on if it was nobody's. */
bool store_claim(struct store *s, const char *cluster, struct err *err);

/* The offset behind the last one that was added of a partition, now or before; -1 none. */
int64_t store_next(struct store *s, int topic_no, int32_t partition);

/* The last record that the file held of a partition when it was opened, and its timestamp in ms. False: none, or it
 * has no timestamp. */
bool store_last(struct store *s, int topic_no, int32_t partition, int64_t *offset, int64_t *timestamp);

/* A partition is read from OFFSET on, negative: nobody knows which. What lies between, if something does, is a gap;
 * offsets that are missing later are none: Kafka's own records have such. */
void store_starts(struct store *s, int topic_no, int32_t partition, int64_t offset);

void store_add(struct store *s, const struct entry *x); /* copies */
void store_push(struct store *s);
bool store_full(const struct store *s);

/* Readable when store_kept() may have news. */
int store_fd(const struct store *s);

struct store_place {
	int topic_no;
	int32_t partition;
	int64_t next; /* everything before it that was added is durable */
};

/* The places that moved since they were told last, CAP at most; with WAIT until everything pushed is durable. With
 * ERR filled: it failed. */
size_t store_kept(struct store *s, bool wait, struct store_place *out, size_t cap, struct err *err);

struct store_status {
	const char *file;
	int64_t records;    /* in the file, durable */
	int64_t waiting;    /* added, not durable yet */
	int64_t waiting_ms; /* how long the oldest of these has waited */
	int64_t stored, duplicates, undecodable, foreign; /* durable, since it was opened */
};

void store_status(const struct store *s, int64_t mono_ms, struct store_status *out);

#endif
