/* SPDX-License-Identifier: MIT */
/*
 * The codecs of Avro containers, by the names that a header gives them, and what
 * undoes them. A decompressor keeps its libraries' memory from block to block, as
 * far as they let it; it is for one thread.
 */
#ifndef CODEC_DECOMPRESS_H
#define CODEC_DECOMPRESS_H

#include "base/buf.h"
#include "base/err.h"

enum {
	DECOMPRESS_XZ_MEMORY = 80 * 1024 * 1024, /* bytes an xz block may ask for: the strongest preset takes 65 MiB */
	DECOMPRESS_ZSTANDARD_WINDOW_LOG = 26,    /* a zstandard frame may look back 64 MiB */
};

enum codec { CODEC_NULL, CODEC_DEFLATE, CODEC_SNAPPY, CODEC_ZSTANDARD, CODEC_BZIP2, CODEC_XZ, CODECS };

const char *codec_name(enum codec codec);                 /* "null", "deflate" .. */
bool codec_find(struct slice name, enum codec *codec);    /* false: no codec is called so */

enum decompressed {
	DECOMPRESS_DONE,
	DECOMPRESS_BROKEN, /* ERR says why */
	DECOMPRESS_LIMIT,  /* there is more than LIMIT; OUT has that much or nothing of it */
};

struct decompressor;

struct decompressor *decompressor_new(void);
void decompressor_free(struct decompressor *d);

/* Append to OUT what the block DATA comes to. What is behind the end of deflate, bzip2
 * and xz is let pass, as Python's modules do; a checksum that the codec has is compared. */
enum decompressed decompress(struct decompressor *d, enum codec codec, struct slice data, size_t limit,
			     struct buf *out, struct err *err);

#endif
