/* SPDX-License-Identifier: MIT */
/*
 * An arena: many small pieces of memory with one lifetime. Pieces stay where
 * they are until arena_reset() or arena_free() ends them all at once; reset
 * keeps the memory for the next round. Zero-initialised is empty and valid.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* the one being filled first */
};

void *arena_alloc(struct arena *a, size_t size);            /* zeroed, aligned for any type */
struct slice arena_copy(struct arena *a, struct slice s);   /* null stays null */
struct slice arena_print(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *a);
void arena_free(struct arena *a);
size_t arena_size(const struct arena *a); /* bytes of memory it holds, used or not */

#endif
