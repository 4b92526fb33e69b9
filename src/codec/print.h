/* SPDX-License-Identifier: MIT */
/*
 * A record as text, appended to a buffer: as Python prints what fastavro makes of
 * it, or as JSON. BYTES were checked by decode_skip() (container_next() gives
 * such). Of a key that stands twice in a map the last value counts, at the place
 * of the first.
 *
 * A text ends soon behind LIMIT bytes, and before a map of more than a million
 * entries: false, and what was written stands there cut. (A few bytes of a
 * hostile record can stand for gigabytes of text.)
 */
#ifndef CODEC_PRINT_H
#define CODEC_PRINT_H

#include "base/buf.h"
#include "codec/schema.h"

enum { PRINT_LIMIT = 64 * 1024 * 1024 }; /* for a whole record */

bool print_python(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit);

/* Bytes as {"base64": ".."}, numbers that JSON has not as "NaN", "Infinity" and
 * "-Infinity", unions by their value. */
bool print_json(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit);

/* Python's repr() of bytes, b'..', and of a text: '..'. A byte that is no UTF-8
 * is \udcNN in it, as Python's surrogateescape would read it. */
void print_bytes_repr(struct buf *out, struct slice bytes);
void print_str_repr(struct buf *out, struct slice text);

/* "..": every byte may come in; what is no UTF-8 goes out as U+FFFD, what is not
 * printable as \uNNNN. */
void print_json_string(struct buf *out, struct slice text);
void print_json_base64(struct buf *out, struct slice bytes); /* {"base64": ".."} */

#endif
