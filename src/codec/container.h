/* SPDX-License-Identifier: MIT */
/*
 * An Avro Object Container File as a message's value. container_open() goes over
 * all of it: header, every block, every record, every sync marker. What it lets
 * pass is decodable to its last byte, so that nothing of a message is shown,
 * counted or stored before all of it is known to be good; container_next() then
 * cannot fail. Of a block that says it has no records, the bytes are passed over.
 *
 * The work for a message is bounded by its bytes: a few of them can say that there
 * are 2^60 records of no bytes, or come to gigabytes when decompressed. Where a
 * limit is reached, the records before are what there is, and those behind are
 * counted, not looked at.
 *
 * A header without its sync marker (which is random in each message) is parsed
 * once: the cache knows it again by its bytes. The cache is bounded by number
 * and bytes, the longest unused goes first; headers that cannot be used are kept
 * with their reason. A cache, and what was opened with it, is for one thread.
 */
#ifndef CODEC_CONTAINER_H
#define CODEC_CONTAINER_H

#include "codec/schema.h"

enum {
	CONTAINER_SYNC = 16,
	CONTAINER_HEADER_MAX = 2 * 1024 * 1024,    /* bytes of magic and metadata */
	/* Values in a message (records, fields, items, the empty ones too). */
	CONTAINER_VALUES = 128 * 1024,
	CONTAINER_VALUES_PER_BYTE = 32, /* and so many more for each byte of the message */
	/* Bytes that the blocks of a message may come to when decompressed. */
	CONTAINER_PLAIN = 1024 * 1024,
	CONTAINER_PLAIN_PER_BYTE = 16 * 1024, /* and so many more for each byte of the message, up to */
	CONTAINER_PLAIN_MAX = 64 * 1024 * 1024,
	CONTAINER_CACHE_ENTRIES = 256,
	CONTAINER_CACHE_BYTES = 16 * 1024 * 1024,
};

struct container_cache;

/* 0: the number above. One entry is kept, whatever its size. */
struct container_cache *container_cache_new(size_t max_entries, size_t max_bytes);
void container_cache_free(struct container_cache *cache);

struct container_cache_use {
	size_t entries, bytes;
	uint64_t hits, misses;
};

struct container_cache_use container_cache_use(const struct container_cache *cache);

enum container_limit { CONTAINER_WHOLE, CONTAINER_OF_VALUES, CONTAINER_OF_BYTES };

/* All of it is good until the next container_open() with the same cache; what
 * lies in a message that is not compressed lives as long as the message. */
struct container {
	const struct schema *schema; /* of every record */
	struct slice codec;          /* its name */
	size_t blocks, records;
	enum container_limit limit;  /* which was reached; whole: none */
	uint64_t left_out;           /* records behind it */
	size_t bytes, plain;         /* of the message; of its records, decompressed */
	/* what container_next() goes by */
	struct slice rest, data;
	size_t block_left, to_come;
	bool compressed;
};

/* Whether VALUE claims to be a container: it starts with the magic bytes. */
bool container_is(struct slice value);

/* False: undecodable, and ERR says why (it may quote names from the schema: bytes
 * as foreign as the message). A message of which not even one record is within
 * the limits is undecodable. */
bool container_open(struct container_cache *cache, struct slice value, struct container *out, struct err *err);

/* Whether all records of the message are in C; ERR says how many are not, and why. */
bool container_whole(const struct container *c, struct err *err);

/* The bytes of the next record; false after the last. */
bool container_next(struct container *c, struct slice *record);

#endif
