/* SPDX-License-Identifier: MIT */
/*
 * A record as text, appended to a buffer: as Python prints what fastavro makes of
 * it, or as JSON. BYTES were checked by decode_skip() (container_next() gives
 * such). Of a key that stands twice in a map the last value counts, at the place
 * of the first.
 *
 * A text ends soon behind LIMIT bytes, within a text or bytes as well, and in a map
 * behind a million entries: false, and what was written stands there cut. (A few
 * bytes of a hostile record can stand for gigabytes of text.) Of a map that is longer
 * than the limit only so many entries are looked at.
 *
 * Logical types: codec/logical.h.
 */
#ifndef CODEC_PRINT_H
#define CODEC_PRINT_H

#include "base/buf.h"
#include "codec/schema.h"

enum {
	PRINT_LIMIT = 64 * 1024 * 1024, /* for a message .. */
	PRINT_LIMIT_PER_BYTE = 8,       /* .. and so many bytes more for each of its records' bytes */
	PRINT_PIECE = 64 * 1024,        /* a text that is handed on goes in pieces of about this */
};

bool print_python(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit);

/* Bytes as {"base64": ".."}, numbers that JSON has not as "NaN", "Infinity" and
 * "-Infinity", unions by their value, logical types as texts. */
bool print_json(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit);

enum print_notation { PRINT_PYTHON, PRINT_JSON, PRINT_SCREEN /* as Python's, with logical types in ISO 8601 */ };

/* A text of any length on its way, or one that is to be cut. */
struct print {
	struct buf *out;
	size_t limit;
	void (*hand_on)(void *ctx, struct buf *out); /* takes off all that is in OUT; NULL: it all stays there */
	void *ctx;
	size_t left; /* bytes of the record that are not in the text: set when it is cut */
};

bool print_to(struct print *p, enum print_notation notation, const struct schema_node *node, struct slice bytes);

/* Bytes of no schema, as a text or as bytes. */
bool print_slice_to(struct print *p, enum print_notation notation, struct slice s, bool is_text);

/* Python's repr() of bytes, b'..', and of a text: '..'. A byte that is no UTF-8
 * is \udcNN in it, as Python's surrogateescape would read it. */
void print_bytes_repr(struct buf *out, struct slice bytes);
void print_str_repr(struct buf *out, struct slice text);

/* "..": every byte may come in; what is no UTF-8 goes out as U+FFFD, what is not
 * printable as \uNNNN. */
void print_json_string(struct buf *out, struct slice text);
void print_json_base64(struct buf *out, struct slice bytes); /* {"base64": ".."} */

#endif
