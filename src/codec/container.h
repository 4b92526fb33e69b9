/* SPDX-License-Identifier: MIT */
/*
 * An Avro Object Container File as a message's value. container_open() goes over
 * all of it: header, every block, every record, every sync marker. What it lets
 * pass is decodable to its last byte, so that nothing of a message is shown,
 * counted or stored before all of it is known to be good; container_next() then
 * cannot fail.
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
	CONTAINER_INFLATED_MAX = 64 * 1024 * 1024, /* bytes a message's deflated blocks may come to */
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

/* All of it is good until the next container_open() with the same cache; what
 * lies in a message that is not deflated lives as long as the message. */
struct container {
	const struct schema *schema; /* of every record */
	struct slice codec;          /* "null" or "deflate" */
	size_t blocks, records;
	/* what container_next() goes by */
	struct slice rest, data;
	size_t block_left;
	bool inflated;
};

/* Whether VALUE claims to be a container: it starts with the magic bytes. */
bool container_is(struct slice value);

/* False: undecodable, and ERR says why (it may quote names from the schema: bytes
 * as foreign as the message). */
bool container_open(struct container_cache *cache, struct slice value, struct container *out, struct err *err);

/* The bytes of the next record; false after the last. */
bool container_next(struct container *c, struct slice *record);

#endif
