/* SPDX-License-Identifier: MIT */
/*
 * Logical types as text: as Python prints what fastavro makes of them, or as ISO 8601
 * and plain decimals. False: nothing was written, and the value goes by its underlying
 * type. That is so for what Python has no value for (the year 0 or 10000, a time of
 * 24 hours), and for what fastavro leaves as it is (timestamp-nanos, which ISO has).
 */
#ifndef CODEC_LOGICAL_H
#define CODEC_LOGICAL_H

#include "base/buf.h"
#include "codec/schema.h"

enum { LOGICAL_DECIMAL_MAX = 1024 }; /* bytes of a decimal; a longer one goes as bytes */

enum logical_style { LOGICAL_PYTHON, LOGICAL_ISO };

/* An int or a long: dates, times and timestamps. */
bool logical_number(struct buf *out, const struct schema_node *node, int64_t n, enum logical_style style);

/* Bytes: in Python rounded to the type's precision, in ISO exact. */
bool logical_bytes(struct buf *out, const struct schema_node *node, struct slice bytes, enum logical_style style);

/* A uuid's text, in Python only: elsewhere it is text already. */
bool logical_text(struct buf *out, const struct schema_node *node, struct slice text, enum logical_style style);

#endif
