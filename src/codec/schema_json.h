/* SPDX-License-Identifier: MIT */
/*
 * A schema's text as JSON, and as what writers take for JSON: Python's json and fastavro
 * write the bare words NaN, Infinity and -Infinity as defaults, and numbers that no double
 * holds; others leave half a surrogate pair or bytes that are no UTF-8 in a doc. None of
 * it matters to a reader, so it loads: a word as a number that is no size, what is no
 * character as U+FFFD.
 */
#ifndef CODEC_SCHEMA_JSON_H
#define CODEC_SCHEMA_JSON_H

#include "base/err.h"
#include "base/slice.h"

#include <jansson.h>

/* For json_decref(). NULL: it is no JSON, and ERR says where. */
json_t *schema_json(struct slice text, struct err *err);

#endif
