/* SPDX-License-Identifier: MIT */
/*
 * Stores read back: the records of one or several of them as events, each once, those of a
 * partition in the order of offsets, the partitions among each other by the records' times.
 * What members of one group have in files of their own is united so; what more than one has
 * is counted. One thread; the files are only read.
 */
#ifndef STORE_UNION_H
#define STORE_UNION_H

#include "base/err.h"
#include "store/entry.h"

struct union_counts {
	int64_t records;   /* given out */
	int64_t overlaps;  /* records that more than one file has, once for each further file */
	int64_t differing; /* of these: not the same in all of them */
	int64_t missing;   /* offsets between the first and the last of a partition that no file has */
};

struct store_union;

/* NULL with a sentence; also when they are of several clusters. */
struct store_union *union_open(const char *const *files, size_t n, struct err *err);
void union_close(struct store_union *u);

/* An event's topic_no counts in these. */
size_t union_topics(const struct store_union *u);
const char *union_topic(const struct store_union *u, size_t i);

/* The next record, good until the next call. False at the end, or with ERR filled when a file cannot be read. */
bool union_next(struct store_union *u, struct entry *out, struct err *err);
struct union_counts union_counts(const struct store_union *u);

#endif
