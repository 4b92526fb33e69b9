/* SPDX-License-Identifier: MIT */
/*
 * The binary encoding of Avro, one value at a time, taken off the front of a
 * slice. False: the bytes are not such a value, or end within it; where the
 * slice stands then is of no use. What is taken stays borrowed from the slice.
 */
#ifndef CODEC_READ_H
#define CODEC_READ_H

#include "base/slice.h"

#include <endian.h>
#include <stdint.h>

static inline bool
read_bytes(struct slice *in, size_t n, struct slice *out)
{
	if (n > in->n)
		return false;
	*out = (struct slice){in->p, n};
	in->p += n;
	in->n -= n;
	return true;
}

/* Zigzag, seven bits a byte, at most ten bytes. */
static inline bool
read_long_bytes(struct slice *in, int64_t *out)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < in->n && i < 10; i++) {
		uint8_t byte = (uint8_t)in->p[i];

		if (i == 9 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			in->p += i + 1;
			in->n -= i + 1;
			*out = (int64_t)(value >> 1 ^ -(value & 1));
			return true;
		}
	}
	return false;
}

/* An int or a long. Most are of one byte. */
static inline bool
read_long(struct slice *in, int64_t *out)
{
	uint8_t byte;

	if (in->n == 0)
		return false;
	byte = (uint8_t)in->p[0];
	if (byte >= 0x80)
		return read_long_bytes(in, out);
	in->p++;
	in->n--;
	*out = (int64_t)(byte >> 1) ^ -(int64_t)(byte & 1);
	return true;
}

/* A number of what follows: a length, an index. */
static inline bool
read_size(struct slice *in, size_t *out)
{
	int64_t n;

	if (!read_long(in, &n) || n < 0)
		return false;
	*out = (size_t)n;
	return true;
}

/* bytes and string: their length goes before them. */
static inline bool
read_string(struct slice *in, struct slice *out)
{
	size_t n;

	return read_size(in, &n) && read_bytes(in, n, out);
}

static inline bool
read_float(struct slice *in, float *out)
{
	struct slice raw;
	uint32_t bits;

	if (!read_bytes(in, sizeof(bits), &raw))
		return false;
	memcpy(&bits, raw.p, sizeof(bits));
	bits = le32toh(bits);
	memcpy(out, &bits, sizeof(bits));
	return true;
}

static inline bool
read_double(struct slice *in, double *out)
{
	struct slice raw;
	uint64_t bits;

	if (!read_bytes(in, sizeof(bits), &raw))
		return false;
	memcpy(&bits, raw.p, sizeof(bits));
	bits = le64toh(bits);
	memcpy(out, &bits, sizeof(bits));
	return true;
}

/* The items of an array or map come in blocks; an empty one ends them. A block
 * may say its length in bytes, which must then be so. */
struct read_block {
	size_t count;
	bool sized;
	size_t rest; /* sized: bytes behind the block */
};

static inline bool
read_block(struct slice *in, struct read_block *block)
{
	int64_t count;
	size_t size;

	if (!read_long(in, &count) || count == INT64_MIN)
		return false;
	block->rest = 0;
	block->sized = count < 0;
	block->count = (size_t)(count < 0 ? -count : count);
	if (!block->sized)
		return true;
	if (!read_size(in, &size) || size > in->n)
		return false;
	block->rest = in->n - size;
	return true;
}

/* The block's items were taken: true when its length was as it said. */
static inline bool
read_block_end(const struct slice *in, const struct read_block *block)
{
	return !block->sized || in->n == block->rest;
}

#endif
