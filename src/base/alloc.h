/* SPDX-License-Identifier: MIT */
/*
 * Memory that is always there: each call returns memory or ends the program
 * with one sentence on stderr, so that no caller has an out-of-memory path.
 * Sizes that come from outside are checked against their limit before they get
 * here. Freed with free().
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);

/* Room for COUNT items of SIZE bytes; a product past SIZE_MAX ends the program. */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *s); /* NULL stays NULL */
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Up to so many BYTES that are freed stay with the program, for one that frees
 * and allocates much again and again: fetching them anew costs a tenth of it. */
void alloc_keep(int bytes);

#endif
