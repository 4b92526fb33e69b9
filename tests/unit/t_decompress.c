/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/alloc.h"
#include "codec/decompress.h"

#include <bzlib.h>
#include <lzma.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { MOST = 8 * 1024 * 1024 };

static struct decompressor *d;

static int
setup(void **state)
{
	(void)state;
	d = decompressor_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	decompressor_free(d);
	return 0;
}

static struct slice
slice_of(const struct buf *b)
{
	return (struct slice){b->p, b->n};
}

/* -- What writes the blocks: the libraries' own -- */

static void
add_deflate(struct buf *out, struct slice plain)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)plain.p;
	z.avail_in = (uInt)plain.n;
	z.avail_out = (uInt)deflateBound(&z, plain.n);
	z.next_out = (Bytef *)buf_reserve(out, z.avail_out);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n += z.total_out;
	deflateEnd(&z);
}

static void
add_snappy(struct buf *out, struct slice plain)
{
	size_t n = snappy_max_compressed_length(plain.n);
	uint32_t crc = (uint32_t)crc32_z(0, (const Bytef *)plain.p, plain.n);

	assert_int_equal(snappy_compress(plain.p, plain.n, buf_reserve(out, n), &n), SNAPPY_OK);
	out->n += n;
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(out, (char)(crc >> shift));
}

static void
add_zstandard(struct buf *out, struct slice plain)
{
	size_t n = ZSTD_compressBound(plain.n);

	n = ZSTD_compress(buf_reserve(out, n), n, plain.p, plain.n, 3);
	assert_false(ZSTD_isError(n));
	out->n += n;
}

static void
add_bzip2(struct buf *out, struct slice plain)
{
	unsigned n = (unsigned)(plain.n + plain.n / 100 + 600);

	assert_int_equal(BZ2_bzBuffToBuffCompress(buf_reserve(out, n), &n, (char *)(uintptr_t)plain.p,
						  (unsigned)plain.n, 9, 0, 0), BZ_OK);
	out->n += n;
}

static void
add_xz(struct buf *out, struct slice plain)
{
	size_t n = lzma_stream_buffer_bound(plain.n), at = 0;

	assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, (const uint8_t *)plain.p, plain.n,
						 (uint8_t *)buf_reserve(out, n), &at, n), LZMA_OK);
	out->n += at;
}

static const struct {
	enum codec codec;
	void (*add)(struct buf *out, struct slice plain);
	bool streams; /* several in one block are one after the other */
	bool checked; /* a wrong byte is noticed */
} writers[] = {
	{CODEC_DEFLATE, add_deflate, false, false}, {CODEC_SNAPPY, add_snappy, false, true},
	{CODEC_ZSTANDARD, add_zstandard, true, false}, {CODEC_BZIP2, add_bzip2, true, true},
	{CODEC_XZ, add_xz, true, true},
};

enum { WRITERS = sizeof(writers) / sizeof(*writers) };

static enum decompressed
undo(enum codec codec, struct slice block, size_t limit, struct buf *out)
{
	struct err err = {{0}};
	enum decompressed done = decompress(d, codec, block, limit, out, &err);

	assert_int_equal(done == DECOMPRESS_BROKEN, err.text[0] != '\0');
	return done;
}

/* Half of it repeats, half does not. */
static struct buf
some_text(size_t n)
{
	struct buf b = {0};
	unsigned x = 1;

	while (b.n < n) {
		buf_str(&b, "a measurement of 25.9 degrees ");
		x = x * 1103515245 + 12345;
		buf_addf(&b, "%08x", x);
	}
	b.n = n;
	return b;
}

static void
names_are_the_specifications(void **state)
{
	enum codec codec;

	(void)state;
	for (int i = 0; i < CODECS; i++) {
		assert_true(codec_find(slice_str(codec_name((enum codec)i)), &codec));
		assert_int_equal(codec, i);
	}
	assert_false(codec_find(slice_str("Snappy"), &codec));
	assert_false(codec_find(slice_str("zstd"), &codec));
	assert_false(codec_find(slice_str(""), &codec));
}

/* Again and again by one decompressor, appended to what is there. */
static void
blocks_come_back(void **state)
{
	static const size_t sizes[] = {0, 1, 17, 65535, 65536, 65537, 1000000};
	struct buf plain, block = {0}, out = {0};

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		plain = some_text(sizes[s]);
		buf_reserve(&plain, 1);
		for (int i = 0; i < WRITERS; i++) {
			buf_clear(&block);
			writers[i].add(&block, slice_of(&plain));
			buf_clear(&out);
			buf_str(&out, "before");
			assert_int_equal(undo(writers[i].codec, slice_of(&block), MOST, &out), DECOMPRESS_DONE);
			assert_int_equal(out.n, sizes[s] + 6);
			assert_memory_equal(out.p, "before", 6);
			assert_memory_equal(out.p + 6, plain.p, plain.n);
		}
		buf_free(&plain);
	}
	buf_free(&block);
	buf_free(&out);
}

static void
a_limit_holds(void **state)
{
	struct buf plain = some_text(300000), block = {0}, out = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		buf_clear(&block);
		writers[i].add(&block, slice_of(&plain));
		for (size_t limit = 0; limit <= plain.n; limit += 65536 - 1) {
			buf_clear(&out);
			assert_int_equal(undo(writers[i].codec, slice_of(&block), limit, &out), DECOMPRESS_LIMIT);
			assert_in_range(out.n, 0, limit + 1);
		}
		buf_clear(&out);
		assert_int_equal(undo(writers[i].codec, slice_of(&block), plain.n, &out), DECOMPRESS_DONE);
		assert_int_equal(out.n, plain.n);
	}
	buf_free(&plain);
	buf_free(&block);
	buf_free(&out);
}

static void
a_block_cut_short_is_broken(void **state)
{
	struct buf plain = some_text(3000), block = {0}, out = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		buf_clear(&block);
		writers[i].add(&block, slice_of(&plain));
		for (size_t n = 0; n < block.n; n++) {
			char *exact = xmemdup(block.p, n);

			buf_clear(&out);
			assert_int_equal(undo(writers[i].codec, (struct slice){exact, n}, MOST, &out),
					 DECOMPRESS_BROKEN);
			free(exact);
		}
	}
	buf_free(&plain);
	buf_free(&block);
	buf_free(&out);
}

static void
a_wrong_byte_is_noticed_where_there_is_a_checksum(void **state)
{
	struct buf plain = some_text(3000), block = {0}, out = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		buf_clear(&block);
		writers[i].add(&block, slice_of(&plain));
		for (size_t at = 0; at < block.n; at++) {
			enum decompressed done;

			block.p[at] ^= 0x11;
			buf_clear(&out);
			done = undo(writers[i].codec, slice_of(&block), MOST, &out);
			block.p[at] ^= 0x11;
			if (writers[i].checked && done == DECOMPRESS_DONE)
				assert_memory_equal(out.p, plain.p, plain.n);
		}
	}
	buf_clear(&block);
	add_snappy(&block, slice_of(&plain));
	block.p[block.n - 1] ^= 1;
	assert_int_equal(undo(CODEC_SNAPPY, slice_of(&block), MOST, &out), DECOMPRESS_BROKEN);
	buf_free(&plain);
	buf_free(&block);
	buf_free(&out);
}

static void
several_streams_are_one_block(void **state)
{
	struct buf plain = some_text(100000), block = {0}, out = {0};

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		if (!writers[i].streams)
			continue;
		buf_clear(&block);
		writers[i].add(&block, (struct slice){plain.p, 70000});
		writers[i].add(&block, (struct slice){plain.p + 70000, 0});
		writers[i].add(&block, (struct slice){plain.p + 70000, 30000});
		buf_clear(&out);
		assert_int_equal(undo(writers[i].codec, slice_of(&block), MOST, &out), DECOMPRESS_DONE);
		assert_int_equal(out.n, plain.n);
		assert_memory_equal(out.p, plain.p, plain.n);
		buf_clear(&out);
		assert_int_equal(undo(writers[i].codec, slice_of(&block), plain.n - 1, &out), DECOMPRESS_LIMIT);
	}
	buf_free(&plain);
	buf_free(&block);
	buf_free(&out);
}

/* 1 GiB that it says it comes to is not made room for. */
static void
a_length_that_snappy_claims_is_checked(void **state)
{
	static const char claims[] = "\x80\x80\x80\x80\x04\x00" "a" "\0\0\0\0";
	struct buf out = {0};

	(void)state;
	assert_int_equal(undo(CODEC_SNAPPY, (struct slice){claims, sizeof(claims) - 1}, SIZE_MAX / 2, &out),
			 DECOMPRESS_BROKEN);
	assert_in_range(out.cap, 0, 1024);
	assert_int_equal(undo(CODEC_SNAPPY, (struct slice){claims, 3}, MOST, &out), DECOMPRESS_BROKEN);
	buf_free(&out);
}

/* A dictionary of 128 MiB, as xz -9 never has, and a window of 128 MiB. */
static void
memory_is_bounded(void **state)
{
	lzma_options_lzma options;
	lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	struct buf block = {0}, out = {0};
	struct err err = {{0}};
	size_t at = 0, n;

	(void)state;
	lzma_lzma_preset(&options, 0);
	options.dict_size = 128 << 20;
	assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL, (const uint8_t *)"x", 1,
						   (uint8_t *)buf_reserve(&block, 4096), &at, 4096), LZMA_OK);
	block.n = at;
	assert_int_equal(decompress(d, CODEC_XZ, slice_of(&block), MOST, &out, &err), DECOMPRESS_BROKEN);
	assert_string_equal(err.text, "its xz block needs more than 80 MiB to decompress");
	buf_clear(&block);
	assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(ctx, ZSTD_c_windowLog, 27)));
	assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(ctx, ZSTD_c_contentSizeFlag, 0)));
	ZSTD_inBuffer in = {"x", 1, 0};
	ZSTD_outBuffer to = {buf_reserve(&block, 4096), 4096, 0};
	n = ZSTD_compressStream2(ctx, &to, &in, ZSTD_e_flush);
	assert_false(ZSTD_isError(n));
	n = ZSTD_compressStream2(ctx, &to, &in, ZSTD_e_end);
	assert_int_equal(n, 0);
	block.n = to.pos;
	assert_int_equal(decompress(d, CODEC_ZSTANDARD, slice_of(&block), MOST, &out, &err), DECOMPRESS_BROKEN);
	assert_string_equal(err.text, "its zstandard block looks back more than 64 MiB");
	ZSTD_freeCCtx(ctx);
	buf_free(&block);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_specifications),
		cmocka_unit_test(blocks_come_back),
		cmocka_unit_test(a_limit_holds),
		cmocka_unit_test(a_block_cut_short_is_broken),
		cmocka_unit_test(a_wrong_byte_is_noticed_where_there_is_a_checksum),
		cmocka_unit_test(several_streams_are_one_block),
		cmocka_unit_test(a_length_that_snappy_claims_is_checked),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests_name("decompress", tests, setup, teardown);
}
