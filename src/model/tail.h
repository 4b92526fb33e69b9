/* SPDX-License-Identifier: MIT */
/*
 * The newest records, copied into a ring of bytes: a new one pushes the oldest
 * out. Each has a number that is never given twice, not even after
 * tail_clear(). The ring never takes more than its bytes, its index at most an
 * eighth of them beside. Of a value that is larger than the ring its beginning is
 * there, with its size. Slices handed out point into the ring and are good
 * until the next tail_add() or tail_clear().
 */
#ifndef MODEL_TAIL_H
#define MODEL_TAIL_H

#include "model/record.h"

struct tail;

struct tail_record {
	uint64_t number;
	const char *topic;
	int32_t partition;
	int64_t offset, timestamp;
	struct slice key, value, name; /* name: what it was decoded as */
	struct slice text;             /* the value as text, cut, as it was given; null: it was not */
	size_t value_size;             /* of the whole value; more than value.n: that is its beginning */
	bool undecodable;
	size_t n_headers;
	const char *headers; /* for tail_headers() */
};

struct tail *tail_new(size_t bytes);
void tail_free(struct tail *t);

/* TEXT (null: none) is for a value that may be cut: it cannot be decoded again. False:
 * R's key and headers alone are larger than the ring; nothing has changed. */
bool tail_add(struct tail *t, const struct record *r, struct slice name, bool undecodable, struct slice text);
void tail_clear(struct tail *t);

size_t tail_count(const struct tail *t);
uint64_t tail_first(const struct tail *t); /* the oldest's number; the next to be given when empty */

/* The record called NUMBER; false when it is not (or no longer) there. */
bool tail_get(const struct tail *t, uint64_t number, struct tail_record *out);

/* The headers of R into OUT[R->n_headers], in the order they were sent. */
void tail_headers(const struct tail_record *r, struct record_header *out);

#endif
