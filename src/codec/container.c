/* SPDX-License-Identifier: MIT */
#include "codec/container.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/decode.h"
#include "codec/decompress.h"
#include "codec/read.h"

#include <inttypes.h>
#include <stdlib.h>

#define uthash_malloc(size) xmalloc(size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

enum {
	MAGIC = 4,
	RECENT = 2, /* most messages are of one schema, in either order of the metadata */
	PLAIN_KEPT = 1024 * 1024, /* a buffer larger than this is not kept for the next message */
};

/* What was made of a header: a schema and a codec, or the reason why not. */
struct header {
	UT_hash_handle hh;
	uint64_t used; /* the cache's clock when it was last asked for */
	size_t bytes;  /* memory it takes */
	struct schema *schema;
	enum codec codec;
	struct err reason;
	size_t n;
	char key[]; /* magic and metadata map */
};

struct container_cache {
	struct header *headers;
	struct header *recent[RECENT]; /* used last, in turn */
	size_t max_entries, max_bytes, bytes;
	uint64_t clock, misses;
	struct decompressor *decompressor; /* NULL until one is needed */
	struct buf plain;                  /* the blocks of the message that is open, decompressed */
};

struct container_cache *
container_cache_new(size_t max_entries, size_t max_bytes)
{
	struct container_cache *cache = xcalloc(1, sizeof(*cache));

	cache->max_entries = max_entries ? max_entries : CONTAINER_CACHE_ENTRIES;
	cache->max_bytes = max_bytes ? max_bytes : CONTAINER_CACHE_BYTES;
	return cache;
}

static void
header_free(struct header *h)
{
	schema_free(h->schema);
	free(h);
}

static void
cache_drop(struct container_cache *cache, struct header *h)
{
	for (int i = 0; i < RECENT; i++)
		if (cache->recent[i] == h)
			cache->recent[i] = NULL;
	HASH_DELETE(hh, cache->headers, h);
	cache->bytes -= h->bytes;
	header_free(h);
}

void
container_cache_free(struct container_cache *cache)
{
	if (!cache)
		return;
	while (cache->headers)
		cache_drop(cache, cache->headers);
	decompressor_free(cache->decompressor);
	buf_free(&cache->plain);
	free(cache);
}

struct container_cache_use
container_cache_use(const struct container_cache *cache)
{
	return (struct container_cache_use){
		.entries = HASH_COUNT(cache->headers),
		.bytes = cache->bytes,
		.hits = cache->clock - cache->misses,
		.misses = cache->misses,
	};
}

/* -- The header -- */

/* The metadata a reader needs; of a name that stands twice the last. */
struct metadata {
	struct slice schema, codec;
};

static bool
read_metadata(struct slice *in, struct metadata *meta)
{
	struct slice name, value;
	struct read_block block;

	do {
		if (!read_block(in, &block))
			return false;
		for (size_t i = 0; i < block.count; i++) {
			if (!read_string(in, &name) || !read_string(in, &value))
				return false;
			if (slice_is(name, "avro.schema"))
				meta->schema = value;
			else if (slice_is(name, "avro.codec"))
				meta->codec = value;
		}
		if (!read_block_end(in, &block))
			return false;
	} while (block.count > 0);
	return true;
}

static bool
choose_codec(struct header *h, struct slice name)
{
	if (!name.p || codec_find(name, &h->codec))
		return true;
	return err_set(&h->reason, "its codec is \"%.*s\", which exptop does not read",
		       (int)(name.n < 40 ? name.n : 40), name.p);
}

static struct header *
header_new(struct slice key, const struct metadata *meta)
{
	struct header *h = xcalloc(1, sizeof(*h) + key.n);

	memcpy(h->key, key.p, key.n);
	h->n = key.n;
	h->bytes = sizeof(*h) + key.n;
	if (!choose_codec(h, meta->codec))
		return h;
	if (!meta->schema.p)
		err_set(&h->reason, "its header has no avro.schema");
	else
		h->schema = schema_new(meta->schema, &h->reason);
	if (h->schema)
		h->bytes += sizeof(*h->schema) + arena_size(&h->schema->memory);
	return h;
}

/* Make room for one more of BYTES. */
static void
cache_shrink(struct container_cache *cache, size_t bytes)
{
	while (cache->headers &&
	       (HASH_COUNT(cache->headers) >= cache->max_entries || cache->bytes + bytes > cache->max_bytes)) {
		struct header *oldest = cache->headers, *h, *next;

		HASH_ITER(hh, cache->headers, h, next)
			if (h->used < oldest->used)
				oldest = h;
		cache_drop(cache, oldest);
	}
}

/* The length and words from all over the key: cheap, and different where
 * schemas are. Equal keys are settled by comparing all bytes. */
static unsigned
hash_key(struct slice key)
{
	enum { WORDS = 8 };
	uint64_t hash = key.n, word;
	size_t stride = key.n / WORDS;

	for (size_t i = 0; stride >= sizeof(word) && i < WORDS; i++) {
		memcpy(&word, key.p + i * stride, sizeof(word));
		hash = (hash << 9 | hash >> 55) ^ word;
	}
	return (unsigned)(hash * 0x9e3779b97f4a7c15u >> 32);
}

static struct header *
cache_get(struct container_cache *cache, struct slice key, const struct metadata *meta)
{
	unsigned hash = hash_key(key);
	struct header *h;

	HASH_FIND_BYHASHVALUE(hh, cache->headers, key.p, key.n, hash, h);
	if (!h) {
		h = header_new(key, meta);
		cache_shrink(cache, h->bytes);
		HASH_ADD_KEYPTR_BYHASHVALUE(hh, cache->headers, h->key, h->n, hash, h);
		cache->bytes += h->bytes;
		cache->misses++;
	}
	cache->recent[cache->clock % RECENT] = h;
	return h;
}

/* The header that VALUE begins with when it was seen just now: a metadata map
 * says itself where it ends, so that equal beginnings are equal maps. */
static struct header *
cache_recent(const struct container_cache *cache, struct slice value)
{
	for (int i = 0; i < RECENT; i++) {
		struct header *h = cache->recent[i];

		if (h && h->n <= value.n && memcmp(h->key, value.p, h->n) == 0)
			return h;
	}
	return NULL;
}

bool
container_is(struct slice value)
{
	return value.n >= MAGIC && memcmp(value.p, "Obj\1", MAGIC) == 0;
}

static struct header *
find_header(struct container_cache *cache, struct slice value, struct err *err)
{
	struct metadata meta = {{0}, {0}};
	struct slice rest, key;

	if (!container_is(value)) {
		err_set(err, "no Avro container: it does not start with Obj and a byte of 1");
		return NULL;
	}
	rest = (struct slice){value.p + MAGIC, value.n - MAGIC};
	if (!read_metadata(&rest, &meta)) {
		err_set(err, "the container's header is cut short or its metadata is broken");
		return NULL;
	}
	key = (struct slice){value.p, value.n - rest.n};
	if (key.n > CONTAINER_HEADER_MAX) {
		err_set(err, "the container's header is longer than %d bytes", CONTAINER_HEADER_MAX);
		return NULL;
	}
	return cache_get(cache, key, &meta);
}

/* Take the header up to the sync marker off IN. */
static const struct header *
open_header(struct container_cache *cache, struct slice *in, struct err *err)
{
	struct header *h = cache_recent(cache, *in);

	if (!h)
		h = find_header(cache, *in, err);
	if (!h)
		return NULL;
	h->used = ++cache->clock;
	if (!h->schema) {
		err_set(err, "%s", h->reason.text);
		return NULL;
	}
	in->p += h->n;
	in->n -= h->n;
	return h;
}

/* -- Blocks -- */

struct block {
	size_t count;
	struct slice data, sync;
};

static bool
take_block(struct slice *in, struct block *block)
{
	return read_size(in, &block->count) && read_string(in, &block->data) &&
	       read_bytes(in, CONTAINER_SYNC, &block->sync);
}

static void
plain_clear(struct container_cache *cache)
{
	if (cache->plain.cap > PLAIN_KEPT)
		buf_free(&cache->plain);
	buf_clear(&cache->plain);
}

/* A container on its way through container_open(), and what of it may still be done. */
struct opening {
	struct container_cache *cache;
	const struct header *header;
	struct container *c;
	int64_t values;
	size_t plain;
	struct err *err;
};

/* The records from here on are left out. Those in hand are not, so that this is no failure. */
static bool
leave_out(struct opening *o, enum container_limit limit, size_t records)
{
	o->c->limit = limit;
	o->c->left_out = records;
	return true;
}

/* The bytes of a block's records in PLAIN; null: they are more than the limit. */
static bool
block_plain(struct opening *o, const struct block *block, struct slice *plain)
{
	struct container_cache *cache = o->cache;
	size_t before = cache->plain.n;

	*plain = block->data;
	if (o->header->codec == CODEC_NULL)
		return true;
	if (!cache->decompressor)
		cache->decompressor = decompressor_new();
	switch (decompress(cache->decompressor, o->header->codec, block->data, o->plain - before, &cache->plain,
			   o->err)) {
	case DECOMPRESS_DONE:
		buf_reserve(&cache->plain, 1);
		*plain = (struct slice){cache->plain.p + before, cache->plain.n - before};
		return true;
	case DECOMPRESS_LIMIT:
		cache->plain.n = before;
		*plain = (struct slice){0};
		return true;
	case DECOMPRESS_BROKEN:
		break;
	}
	return false;
}

static bool
check_records(struct opening *o, size_t count, struct slice data)
{
	for (size_t i = 0; i < count; i++) {
		if (o->values-- > 0 && decode_skip(o->header->schema->root, &data, &o->values, o->err)) {
			o->c->records++;
			continue;
		}
		if (o->values < 0)
			return leave_out(o, CONTAINER_OF_VALUES, count - i);
		return err_prefix(o->err, "record %zu of %zu", i + 1, count);
	}
	return data.n == 0 ||
	       err_set(o->err, "%zu bytes are left over behind a block's %zu records", data.n, count);
}

static bool
check_block(struct opening *o, const struct block *block)
{
	struct container *c = o->c;
	struct slice plain;

	if (c->limit) {
		c->left_out = block->count > UINT64_MAX - c->left_out ? UINT64_MAX : c->left_out + block->count;
		return true;
	}
	if (block->count == 0)
		return true;
	if (!block_plain(o, block, &plain))
		return false;
	if (!plain.p)
		return leave_out(o, CONTAINER_OF_BYTES, block->count);
	c->plain += plain.n;
	return check_records(o, block->count, plain);
}

static bool
check_blocks(struct opening *o, struct slice in, struct slice sync)
{
	struct container *c = o->c;
	struct block block;

	while (in.n > 0) {
		if (!take_block(&in, &block))
			return err_set(o->err, "block %zu is cut short, or its lengths are wrong", c->blocks + 1);
		if (!slice_eq(block.sync, sync))
			return err_set(o->err, "the sync marker behind a block is not the header's");
		if (!check_block(o, &block))
			return false;
		if (c->blocks == 0) {
			c->data = block.data;
			c->block_left = block.count;
			c->rest = in;
		}
		c->blocks++;
	}
	return true;
}

/* FREE for a message, and EACH more for each of its BYTES. */
static size_t
most_for(size_t bytes, size_t each, size_t of_free)
{
	return bytes < (SIZE_MAX / 2 - of_free) / each ? of_free + bytes * each : SIZE_MAX / 2;
}

static size_t
most_plain(size_t bytes)
{
	size_t most = most_for(bytes, CONTAINER_PLAIN_PER_BYTE, CONTAINER_PLAIN);

	return most < CONTAINER_PLAIN_MAX ? most : CONTAINER_PLAIN_MAX;
}

static size_t
most_values(size_t bytes)
{
	return most_for(bytes, CONTAINER_VALUES_PER_BYTE, CONTAINER_VALUES);
}

bool
container_open(struct container_cache *cache, struct slice value, struct container *c, struct err *err)
{
	struct slice in = value, sync;
	const struct header *h = open_header(cache, &in, err);
	struct opening o = {cache, h, c, (int64_t)most_values(value.n), most_plain(value.n), err};

	if (!h)
		return false;
	if (!read_bytes(&in, CONTAINER_SYNC, &sync))
		return err_set(err, "the container ends within its header");
	*c = (struct container){
		.schema = h->schema, .codec = slice_str(codec_name(h->codec)), .bytes = value.n,
		.compressed = h->codec != CODEC_NULL,
	};
	plain_clear(cache);
	if (!check_blocks(&o, in, sync) || (c->limit && c->records == 0 && !container_whole(c, err)))
		return false;
	if (c->compressed)
		c->data = (struct slice){cache->plain.p, cache->plain.n};
	c->to_come = c->records;
	return true;
}

bool
container_whole(const struct container *c, struct err *err)
{
	if (c->limit == CONTAINER_OF_VALUES)
		return err_set(err, "%" PRIu64 " records not decoded: they are past the limit of %zu values for a "
				    "message of %zu bytes", c->left_out, most_values(c->bytes), c->bytes);
	if (c->limit == CONTAINER_OF_BYTES)
		return err_set(err, "%" PRIu64 " records not decoded: its %.*s blocks come to more than the limit of "
				    "%zu bytes for a message of %zu", c->left_out, (int)c->codec.n, c->codec.p,
			       most_plain(c->bytes), c->bytes);
	return true;
}

/* All was checked by container_open(): the blocks' own bytes follow each other in
 * DATA when they were decompressed, else each block has its own. */
bool
container_next(struct container *c, struct slice *record)
{
	int64_t values = INT64_MAX;
	struct slice start;
	struct block block;

	if (c->to_come == 0)
		return false;
	while (c->block_left == 0) {
		if (!take_block(&c->rest, &block))
			return false;
		c->block_left = block.count;
		if (!c->compressed)
			c->data = block.data;
	}
	c->to_come--;
	c->block_left--;
	start = c->data;
	if (c->block_left == 0 && (!c->compressed || (c->to_come == 0 && !c->limit)))
		c->data.n = 0;
	else
		decode_skip(c->schema->root, &c->data, &values, NULL);
	*record = (struct slice){start.p, start.n - c->data.n};
	return true;
}
