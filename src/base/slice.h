/* SPDX-License-Identifier: MIT */
/*
 * A slice is a borrowed run of bytes: whoever hands it out owns the memory and
 * says how long it lives. It needs no terminating NUL and may hold any byte.
 * A slice with p == NULL is "null" (a Kafka key or value that is not there),
 * which is not the same as empty.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

static inline struct slice
slice_str(const char *s)
{
	return (struct slice){s, s ? strlen(s) : 0};
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_str(s));
}

#endif
