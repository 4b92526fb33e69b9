/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 16 * 1024, ALIGN = _Alignof(max_align_t) };

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

static struct arena_chunk *
chunk_push(struct arena *a, size_t least)
{
	size_t size = least > CHUNK ? least : CHUNK;
	struct arena_chunk *c = xmalloc(sizeof(*c) + size);

	*c = (struct arena_chunk){.next = a->chunks, .size = size};
	a->chunks = c;
	return c;
}

static void *
take(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->chunks;
	size_t padded = (size + ALIGN - 1) / ALIGN * ALIGN;
	char *p;

	if (!c || c->size - c->used < padded)
		c = chunk_push(a, padded);
	p = c->bytes + c->used;
	c->used += padded;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	char *p;

	if (!s.p)
		return s;
	p = take(a, s.n + 1);
	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct slice){p, s.n};
}

struct slice
arena_print(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	int n;
	char *p;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = take(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return (struct slice){p, (size_t)n};
}

/* The largest chunk stays, so that a round like the last one allocates nothing. */
void
arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->chunks, *next;

	for (struct arena_chunk *c = a->chunks; c; c = c->next)
		if (c->size > keep->size)
			keep = c;
	for (struct arena_chunk *c = a->chunks; c; c = next) {
		next = c->next;
		if (c != keep)
			free(c);
	}
	if (keep)
		*keep = (struct arena_chunk){.size = keep->size};
	a->chunks = keep;
}

void
arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->chunks);
	a->chunks = NULL;
}

size_t
arena_size(const struct arena *a)
{
	size_t size = 0;

	for (const struct arena_chunk *c = a->chunks; c; c = c->next)
		size += sizeof(*c) + c->size;
	return size;
}
