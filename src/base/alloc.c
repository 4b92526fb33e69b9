/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"

#include "base/fatal.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void *
or_end(void *p, size_t size)
{
	if (p || size == 0)
		return p;
	fatal("out of memory (%zu bytes asked for)", size);
}

void *
xmalloc(size_t size)
{
	return or_end(malloc(size), size);
}

void *
xcalloc(size_t count, size_t size)
{
	return or_end(calloc(count, size), count * size);
}

void *
xrealloc(void *old, size_t size)
{
	return or_end(realloc(old, size), size);
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return or_end(NULL, SIZE_MAX);
	return xrealloc(old, count * size);
}

char *
xstrdup(const char *s)
{
	return s ? xmemdup(s, strlen(s) + 1) : NULL;
}

char *
xstrndup(const char *s, size_t n)
{
	char *copy = xmalloc(n + 1);

	if (n) /* S may be NULL then */
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

void *
xmemdup(const void *p, size_t n)
{
	return memcpy(xmalloc(n ? n : 1), p, n);
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return n < 0 ? or_end(NULL, 1) : s;
}

#ifdef __GLIBC__
void
alloc_keep(int bytes)
{
	enum {
		LARGE = 4 << 20, /* a block so large is one of its own, and goes back at once */
		SMALL = 160      /* one so small is not joined to its neighbours: it will be wanted again */
	};

	mallopt(M_TRIM_THRESHOLD, bytes);
	mallopt(M_MMAP_THRESHOLD, LARGE);
	mallopt(M_MXFAST, SMALL);
}
#else
void
alloc_keep(int bytes)
{
	(void)bytes;
}
#endif
