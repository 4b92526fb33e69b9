/* SPDX-License-Identifier: MIT */
/*
 * A Java .properties file: NAME=VALUE, NAME:VALUE or NAME VALUE lines, # and !
 * comments, backslash escapes (\t \n \f \r, \uXXXX), lines continued by a
 * backslash; LF, CR or CRLF; a byte order mark is skipped. Plain data, owned by
 * whoever read it.
 */
#ifndef CONF_PROPERTIES_H
#define CONF_PROPERTIES_H

#include "base/err.h"
#include "base/slice.h"

struct property {
	char *name, *value; /* UTF-8; without NULs */
	int line;           /* of the file, from 1 */
};

struct properties {
	struct property *item;
	size_t n;
};

/* False with a sentence that begins with FILE:LINE when an escape is none. */
bool properties_parse(struct properties *p, struct slice text, const char *file, struct err *err);
bool properties_read(struct properties *p, const char *file, struct err *err);
void properties_fini(struct properties *p); /* wipes the values: some are passwords */

/* The last one called NAME, as Java has it; NULL when there is none. */
const struct property *properties_find(const struct properties *p, const char *name);
const char *properties_value(const struct properties *p, const char *name);

#endif
