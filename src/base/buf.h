/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer for building text and payloads. Zero-initialised is
 * empty and valid. The bytes may hold NULs; buf_cstr() adds one behind them.
 * buf_clear() keeps the memory, so that a buffer reused for each record stops
 * allocating soon.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

#include <stdarg.h>

struct buf {
	char *p;
	size_t n, cap;
};

void buf_free(struct buf *b);
void buf_clear(struct buf *b);

void buf_grow(struct buf *b, size_t more); /* see buf_reserve() */

/* Room for MORE bytes behind b->n; returns where they start. */
static inline char *
buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->n < more)
		buf_grow(b, more);
	return b->p + b->n;
}

static inline void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(b, n), p, n);
	b->n += n;
}

static inline void
buf_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

static inline void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static inline void
buf_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->n++;
}

void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
const char *buf_cstr(struct buf *b);

#endif
