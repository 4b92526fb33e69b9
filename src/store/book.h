/* SPDX-License-Identifier: MIT */
/*
 * The book: how records become rows of a store, in the order of their offsets, and averages,
 * range events and intervals with them, by the measurement model. Between book_begin() and
 * book_commit() all of it, and where each partition goes on, is one transaction.
 *
 * A record that is stored already changes nothing but the count of duplicates.
 *
 * What the model has to know of an experiment is read back from the file when a record of
 * it comes and it is not known: after a start, or when more than `experiments` were, or they
 * took more than BOOK_BYTES with their sensors, and all were dropped. So what is derived is
 * the same as in one run, and memory has a bound.
 *
 * One thread at a time. What fails leaves its sentence in book_error(); from then on nothing
 * can be done but to roll back and close.
 */
#ifndef STORE_BOOK_H
#define STORE_BOOK_H

#include "store/entry.h"
#include "store/schema.h"

enum { BOOK_EXPERIMENTS = 20000, BOOK_BYTES = 256 << 20 };

struct book_config {
	const char *file;
	const char *const *topics; /* borrowed; an event's topic_no counts in them */
	size_t n_topics;
	const char *instance; /* what a new file is given */
	size_t experiments;   /* known at once; 0: BOOK_EXPERIMENTS */
};

struct book;

struct book *book_open(const struct book_config *config, struct err *err);
void book_close(struct book *b);

const struct schema_owner *book_owner(const struct book *b);

/* Partitions of a topic that may have records; and where one of them goes on: behind the last offset that is stored;
 * -1 none is. */
size_t book_partitions(const struct book *b, int topic_no);
int64_t book_next(const struct book *b, int topic_no, int32_t partition);

/* The timestamp, in ms, of a record that is stored; -1: it is not, or has none. */
int64_t book_timestamp(struct book *b, int topic_no, int32_t partition, int64_t offset);

/* Records in the file, duplicates not among them. */
int64_t book_records(const struct book *b);

bool book_begin(struct book *b);
bool book_set_cluster(struct book *b, const char *cluster);
bool book_add(struct book *b, const struct entry *x);
bool book_commit(struct book *b);
void book_rollback(struct book *b);
const struct err *book_error(const struct book *b);

struct book_counts { /* since it was opened */
	int64_t stored, duplicates, undecodable, foreign;
};

struct book_counts book_counts(const struct book *b);

#endif
