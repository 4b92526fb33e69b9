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

/* Room for MORE bytes behind b->n; returns where they start. */
char *buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_slice(struct buf *b, struct slice s);
void buf_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
const char *buf_cstr(struct buf *b);

#endif
