/* SPDX-License-Identifier: MIT */
/*
 * A growing list of strings that owns its items. Zero-initialised is empty and
 * valid.
 */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <stddef.h>

struct strings {
	char **item;
	size_t n;
};

void strings_add(struct strings *s, const char *text); /* copies */
void strings_addf(struct strings *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strings_remove(struct strings *s, size_t i);      /* the others keep their order */
void strings_clear(struct strings *s);                 /* empty again, no memory held */

#endif
