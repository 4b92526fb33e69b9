/* SPDX-License-Identifier: MIT */
#include "codec/container.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "codec/decode.h"
#include "codec/read.h"

#include <stdlib.h>
#include <zlib.h>

#define uthash_malloc(size) xmalloc(size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

enum {
	MAGIC = 4,
	RECENT = 2, /* most messages are of one schema, in either order of the metadata */
	INFLATE_STEP = 64 * 1024,
	INFLATED_KEPT = 1024 * 1024, /* a buffer larger than this is not kept for the next message */

	/* Values in a message: so many, and so many more for each of its bytes. */
	VALUES_FREE = 64 * 1024,
	VALUES_PER_BYTE = 16,
	VALUES_MAX = 64 * 1024 * 1024,
};

/* What was made of a header: a schema and a codec, or the reason why not. */
struct header {
	UT_hash_handle hh;
	uint64_t used; /* the cache's clock when it was last asked for */
	size_t bytes;  /* memory it takes */
	struct schema *schema;
	const char *codec;
	bool inflated;
	struct err reason;
	size_t n;
	char key[]; /* magic and metadata map */
};

struct container_cache {
	struct header *headers;
	struct header *recent[RECENT]; /* used last, in turn */
	size_t max_entries, max_bytes, bytes;
	uint64_t clock, misses;
	z_stream zlib;
	bool zlib_ready;
	struct buf plain; /* the deflated blocks of the message that is open */
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
	if (cache->zlib_ready)
		inflateEnd(&cache->zlib);
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
	if (!name.p || slice_is(name, "null")) {
		h->codec = "null";
		return true;
	}
	h->codec = "deflate";
	h->inflated = slice_is(name, h->codec);
	return h->inflated || err_set(&h->reason, "its codec is \"%.*s\": null and deflate are what exptop reads",
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

static bool
zlib_start(struct container_cache *cache)
{
	const int raw = -15; /* no zlib header, the largest window */

	if (cache->zlib_ready)
		return inflateReset(&cache->zlib) == Z_OK;
	cache->zlib_ready = inflateInit2(&cache->zlib, raw) == Z_OK;
	return cache->zlib_ready;
}

/* Append what DATA inflates to. Bytes behind the deflated stream are let pass:
 * the Python libraries leave the rest of a zlib checksum there. */
static bool
inflate_block(struct container_cache *cache, struct slice data, struct err *err)
{
	z_stream *z = &cache->zlib;
	int status = Z_OK;

	if (data.n > UINT32_MAX || !zlib_start(cache))
		return err_set(err, "its deflated block is too long, or there is no memory to inflate it");
	z->next_in = (Bytef *)(uintptr_t)data.p;
	z->avail_in = (uInt)data.n;
	while (status == Z_OK) {
		z->next_out = (Bytef *)buf_reserve(&cache->plain, INFLATE_STEP);
		z->avail_out = INFLATE_STEP;
		status = inflate(z, Z_NO_FLUSH);
		cache->plain.n += INFLATE_STEP - z->avail_out;
		if (cache->plain.n > CONTAINER_INFLATED_MAX)
			return err_set(err, "its deflated blocks come to more than %d bytes", CONTAINER_INFLATED_MAX);
	}
	return status == Z_STREAM_END || err_set(err, "its deflated block is corrupt or cut short");
}

static void
plain_clear(struct container_cache *cache)
{
	if (cache->plain.cap > INFLATED_KEPT)
		buf_free(&cache->plain);
	buf_clear(&cache->plain);
}

/* The bytes of a block's records; VALUES grows with what comes out of deflate. */
static bool
block_plain(struct container_cache *cache, const struct header *h, const struct block *block, struct slice *plain,
	    int64_t *values, struct err *err)
{
	size_t before = cache->plain.n;

	*plain = block->data;
	if (!h->inflated)
		return true;
	if (!inflate_block(cache, block->data, err))
		return false;
	*plain = (struct slice){cache->plain.p + before, cache->plain.n - before};
	*values += (int64_t)plain->n * VALUES_PER_BYTE;
	if (*values > VALUES_MAX)
		*values = VALUES_MAX;
	return true;
}

static bool
check_records(const struct header *h, size_t count, struct slice data, int64_t *values, struct err *err)
{
	if (count > (uint64_t)*values)
		return err_set(err, "a block says that it holds %zu records, in %zu bytes", count, data.n);
	*values -= (int64_t)count;
	for (size_t i = 0; i < count; i++)
		if (!decode_skip(h->schema->root, &data, values, err))
			return err_prefix(err, "record %zu of %zu", i + 1, count);
	return data.n == 0 || err_set(err, "%zu bytes are left over behind a block's %zu records", data.n, count);
}

static bool
check_block(struct container_cache *cache, const struct header *h, const struct block *block, struct slice sync,
	    int64_t *values, struct err *err)
{
	struct slice plain;

	if (!slice_eq(block->sync, sync))
		return err_set(err, "the sync marker behind a block is not the header's");
	return block_plain(cache, h, block, &plain, values, err) && check_records(h, block->count, plain, values, err);
}

static int64_t
values_for(size_t bytes)
{
	return bytes < VALUES_MAX / VALUES_PER_BYTE ? VALUES_FREE + (int64_t)bytes * VALUES_PER_BYTE : VALUES_MAX;
}

bool
container_open(struct container_cache *cache, struct slice value, struct container *c, struct err *err)
{
	int64_t values = values_for(value.n);
	struct slice in = value, sync;
	struct block block;
	const struct header *h = open_header(cache, &in, err);

	if (!h)
		return false;
	if (!read_bytes(&in, CONTAINER_SYNC, &sync))
		return err_set(err, "the container ends within its header");
	*c = (struct container){.schema = h->schema, .codec = slice_str(h->codec), .inflated = h->inflated};
	plain_clear(cache);
	while (in.n > 0) {
		if (!take_block(&in, &block))
			return err_set(err, "block %zu is cut short, or its lengths are wrong", c->blocks + 1);
		if (!check_block(cache, h, &block, sync, &values, err))
			return false;
		if (c->blocks == 0) {
			c->data = block.data;
			c->block_left = block.count;
			c->rest = in;
		}
		c->blocks++;
		c->records += block.count;
	}
	if (c->inflated)
		c->data = (struct slice){cache->plain.p, cache->plain.n};
	return true;
}

/* All was checked by container_open(): the blocks' own bytes follow each other in
 * DATA when they were inflated, else each block has its own. */
bool
container_next(struct container *c, struct slice *record)
{
	int64_t values = INT64_MAX;
	struct slice start;
	struct block block;

	while (c->block_left == 0) {
		if (c->rest.n == 0 || !take_block(&c->rest, &block))
			return false;
		c->block_left = block.count;
		if (!c->inflated)
			c->data = block.data;
	}
	c->block_left--;
	start = c->data;
	if (c->block_left == 0 && (!c->inflated || c->rest.n == 0))
		c->data.n = 0;
	else
		decode_skip(c->schema->root, &c->data, &values, NULL);
	*record = (struct slice){start.p, start.n - c->data.n};
	return true;
}
