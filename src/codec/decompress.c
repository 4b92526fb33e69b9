/* SPDX-License-Identifier: MIT */
#include "codec/decompress.h"

#include "base/alloc.h"

#include <bzlib.h>
#include <lzma.h>
#include <snappy-c.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
	STEP = 64 * 1024,            /* bytes a library is asked for at once */
	KEPT = 16 * 1024 * 1024,     /* a library's memory that is larger is given back */
	SNAPPY_CRC = 4,
	SNAPPY_RATIO = 22,           /* three bytes are at most a copy of 64 */
	BZIP2_PIECES = 2,            /* its state, and the block */
};

/* Memory of bzip2, which has no other way to use it again. */
struct piece {
	void *p;
	size_t size;
	bool used;
};

struct decompressor {
	z_stream zlib;
	bool zlib_ready;
	ZSTD_DCtx *zstandard;
	struct piece bzip2[BZIP2_PIECES];
	lzma_stream xz;
};

/* Where a block goes. */
struct room {
	struct buf *out;
	size_t most; /* of out->n */
	enum codec codec;
	struct err *err;
};

static const char *const names[CODECS] = {
	[CODEC_NULL] = "null",           [CODEC_DEFLATE] = "deflate", [CODEC_SNAPPY] = "snappy",
	[CODEC_ZSTANDARD] = "zstandard", [CODEC_BZIP2] = "bzip2",     [CODEC_XZ] = "xz",
};

const char *
codec_name(enum codec codec)
{
	return names[codec];
}

bool
codec_find(struct slice name, enum codec *codec)
{
	for (int i = 0; i < CODECS; i++)
		if (slice_is(name, names[i])) {
			*codec = (enum codec)i;
			return true;
		}
	return false;
}

struct decompressor *
decompressor_new(void)
{
	struct decompressor *d = xcalloc(1, sizeof(*d));

	d->xz = (lzma_stream)LZMA_STREAM_INIT;
	return d;
}

void
decompressor_free(struct decompressor *d)
{
	if (!d)
		return;
	if (d->zlib_ready)
		inflateEnd(&d->zlib);
	ZSTD_freeDCtx(d->zstandard);
	for (int i = 0; i < BZIP2_PIECES; i++)
		free(d->bzip2[i].p);
	lzma_end(&d->xz);
	free(d);
}

/* -- What they have in common -- */

static enum decompressed
broken(const struct room *room)
{
	err_set(room->err, "its %s block is corrupt or cut short", names[room->codec]);
	return DECOMPRESS_BROKEN;
}

static enum decompressed
no_memory(const struct room *room)
{
	err_set(room->err, "there is no memory to decompress its %s block", names[room->codec]);
	return DECOMPRESS_BROKEN;
}

/* The next bytes to be written: one more than the limit lets pass, which then tells. */
static char *
next_step(const struct room *room, size_t *n)
{
	size_t left = room->most - room->out->n + 1;

	*n = left < STEP ? left : STEP;
	return buf_reserve(room->out, *n);
}

static bool
is_full(const struct room *room)
{
	return room->out->n > room->most;
}

static bool
begins_with(struct slice s, const char *magic)
{
	size_t n = strlen(magic);

	return s.n >= n && memcmp(s.p, magic, n) == 0;
}

/* -- deflate -- */

static bool
zlib_start(struct decompressor *d)
{
	const int raw = -15; /* no zlib header, the largest window */

	if (d->zlib_ready)
		return inflateReset(&d->zlib) == Z_OK;
	d->zlib_ready = inflateInit2(&d->zlib, raw) == Z_OK;
	return d->zlib_ready;
}

static enum decompressed
undo_deflate(struct decompressor *d, struct slice data, const struct room *room)
{
	z_stream *z = &d->zlib;
	int status = Z_OK;
	size_t n;

	if (!zlib_start(d))
		return no_memory(room);
	z->next_in = (Bytef *)(uintptr_t)data.p;
	z->avail_in = (uInt)data.n;
	while (status == Z_OK && !is_full(room)) {
		z->next_out = (Bytef *)next_step(room, &n);
		z->avail_out = (uInt)n;
		status = inflate(z, Z_NO_FLUSH);
		room->out->n += n - z->avail_out;
	}
	if (is_full(room))
		return DECOMPRESS_LIMIT;
	return status == Z_STREAM_END ? DECOMPRESS_DONE : broken(room);
}

/* -- snappy -- */

static bool
snappy_crc_is(struct slice crc, struct slice plain)
{
	const unsigned char *p = (const unsigned char *)crc.p;
	uint32_t said = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

	return crc32_z(0, (const Bytef *)plain.p, plain.n) == said;
}

/* The CRC-32 of what comes out stands behind the block. */
static enum decompressed
undo_snappy(struct slice data, const struct room *room)
{
	size_t n, length;
	char *to;

	if (data.n < SNAPPY_CRC)
		return broken(room);
	n = data.n - SNAPPY_CRC;
	if (snappy_uncompressed_length(data.p, n, &length) != SNAPPY_OK || length / SNAPPY_RATIO > n)
		return broken(room);
	if (length > room->most - room->out->n)
		return DECOMPRESS_LIMIT;
	to = buf_reserve(room->out, length + 1);
	if (snappy_uncompress(data.p, n, to, &length) != SNAPPY_OK)
		return broken(room);
	if (!snappy_crc_is((struct slice){data.p + n, SNAPPY_CRC}, (struct slice){to, length})) {
		err_set(room->err, "the checksum of its snappy block is wrong");
		return DECOMPRESS_BROKEN;
	}
	room->out->n += length;
	return DECOMPRESS_DONE;
}

/* -- zstandard -- */

static bool
zstandard_start(struct decompressor *d)
{
	if (!d->zstandard)
		d->zstandard = ZSTD_createDCtx();
	return d->zstandard && !ZSTD_isError(ZSTD_DCtx_reset(d->zstandard, ZSTD_reset_session_only)) &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(d->zstandard, ZSTD_d_windowLogMax,
						    DECOMPRESS_ZSTANDARD_WINDOW_LOG));
}

static enum decompressed
zstandard_failed(size_t status, const struct room *room)
{
	if (ZSTD_getErrorCode(status) != ZSTD_error_frameParameter_windowTooLarge)
		return broken(room);
	err_set(room->err, "its zstandard block looks back more than %d MiB",
		1 << (DECOMPRESS_ZSTANDARD_WINDOW_LOG - 20));
	return DECOMPRESS_BROKEN;
}

/* One frame or several, to the last byte. */
static enum decompressed
undo_zstandard(struct decompressor *d, struct slice data, const struct room *room)
{
	ZSTD_inBuffer in = {data.p, data.n, 0};
	ZSTD_outBuffer to;
	size_t status = 1, before;

	if (!zstandard_start(d))
		return no_memory(room);
	do {
		before = in.pos;
		to.dst = next_step(room, &to.size);
		to.pos = 0;
		status = ZSTD_decompressStream(d->zstandard, &to, &in);
		if (ZSTD_isError(status))
			return zstandard_failed(status, room);
		room->out->n += to.pos;
	} while (!is_full(room) && (in.pos > before || to.pos > 0) && (in.pos < in.size || status > 0));
	if (is_full(room))
		return DECOMPRESS_LIMIT;
	return status == 0 && in.pos == in.size ? DECOMPRESS_DONE : broken(room);
}

/* -- bzip2 -- */

static void *
bzip2_alloc(void *ctx, int items, int size)
{
	struct piece *pieces = ctx;
	size_t n = (size_t)items * (size_t)size;

	for (int i = 0; i < BZIP2_PIECES; i++) {
		if (pieces[i].used)
			continue;
		if (pieces[i].size < n) {
			free(pieces[i].p);
			pieces[i].p = xmalloc(n);
			pieces[i].size = n;
		}
		pieces[i].used = true;
		return pieces[i].p;
	}
	return xmalloc(n);
}

static void
bzip2_release(void *ctx, void *p)
{
	struct piece *pieces = ctx;

	for (int i = 0; i < BZIP2_PIECES; i++)
		if (pieces[i].p == p) {
			pieces[i].used = false;
			return;
		}
	free(p);
}

/* One stream off the front of DATA; false: it is none, or cut short. */
static bool
undo_bzip2_stream(struct decompressor *d, struct slice *data, const struct room *room)
{
	bz_stream bz = {.bzalloc = bzip2_alloc, .bzfree = bzip2_release, .opaque = d->bzip2};
	bool stuck = false;
	int status;
	size_t n;

	status = BZ2_bzDecompressInit(&bz, 0, 0);
	bz.next_in = (char *)(uintptr_t)data->p;
	bz.avail_in = (unsigned)data->n;
	while (status == BZ_OK && !is_full(room) && !stuck) {
		bz.next_out = next_step(room, &n);
		bz.avail_out = (unsigned)n;
		status = BZ2_bzDecompress(&bz);
		room->out->n += n - bz.avail_out;
		stuck = bz.avail_in == 0 && bz.avail_out > 0;
	}
	BZ2_bzDecompressEnd(&bz);
	*data = (struct slice){data->p + data->n - bz.avail_in, bz.avail_in};
	return status == BZ_STREAM_END || is_full(room);
}

static enum decompressed
undo_bzip2(struct decompressor *d, struct slice data, const struct room *room)
{
	do {
		if (!undo_bzip2_stream(d, &data, room))
			return broken(room);
	} while (!is_full(room) && begins_with(data, "BZh"));
	return is_full(room) ? DECOMPRESS_LIMIT : DECOMPRESS_DONE;
}

/* -- xz -- */

/* Likewise; the status is liblzma's own. */
static lzma_ret
undo_xz_stream(struct decompressor *d, struct slice *data, const struct room *room)
{
	lzma_ret status = lzma_stream_decoder(&d->xz, DECOMPRESS_XZ_MEMORY, 0);
	size_t n;

	d->xz.next_in = (const uint8_t *)data->p;
	d->xz.avail_in = data->n;
	while (status == LZMA_OK && !is_full(room)) {
		d->xz.next_out = (uint8_t *)next_step(room, &n);
		d->xz.avail_out = n;
		status = lzma_code(&d->xz, LZMA_FINISH);
		room->out->n += n - d->xz.avail_out;
	}
	*data = (struct slice){data->p + data->n - d->xz.avail_in, d->xz.avail_in};
	return status;
}

static enum decompressed
undo_xz(struct decompressor *d, struct slice data, const struct room *room)
{
	lzma_ret status;

	do {
		status = undo_xz_stream(d, &data, room);
	} while (status == LZMA_STREAM_END && !is_full(room) && begins_with(data, "\xfd" "7zXZ"));
	if (lzma_memusage(&d->xz) > KEPT)
		lzma_end(&d->xz);
	if (is_full(room))
		return DECOMPRESS_LIMIT;
	if (status == LZMA_MEM_ERROR)
		return no_memory(room);
	if (status != LZMA_MEMLIMIT_ERROR)
		return status == LZMA_STREAM_END ? DECOMPRESS_DONE : broken(room);
	err_set(room->err, "its xz block needs more than %d MiB to decompress", DECOMPRESS_XZ_MEMORY >> 20);
	return DECOMPRESS_BROKEN;
}

/* -- All -- */

static void
give_back(struct decompressor *d)
{
	if (!d->zstandard || ZSTD_sizeof_DCtx(d->zstandard) <= KEPT)
		return;
	ZSTD_freeDCtx(d->zstandard);
	d->zstandard = NULL;
}

enum decompressed
decompress(struct decompressor *d, enum codec codec, struct slice data, size_t limit, struct buf *out,
	   struct err *err)
{
	struct room room = {out, out->n + limit, codec, err};
	enum decompressed done = DECOMPRESS_DONE;

	if (data.n > INT32_MAX) {
		err_set(err, "its %s block is longer than 2 GiB", names[codec]);
		return DECOMPRESS_BROKEN;
	}
	if (codec == CODEC_DEFLATE)
		done = undo_deflate(d, data, &room);
	else if (codec == CODEC_SNAPPY)
		done = undo_snappy(data, &room);
	else if (codec == CODEC_ZSTANDARD)
		done = undo_zstandard(d, data, &room);
	else if (codec == CODEC_BZIP2)
		done = undo_bzip2(d, data, &room);
	else if (codec == CODEC_XZ)
		done = undo_xz(d, data, &room);
	else
		buf_slice(out, data);
	give_back(d);
	return done;
}
