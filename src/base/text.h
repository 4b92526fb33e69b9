/* SPDX-License-Identifier: MIT */
/*
 * The one sanitiser. Every string that came from a topic, a header, a file or a
 * broker passes here before a terminal sees it: what comes out is printable, of
 * known width, and cannot move the cursor, change colours or reorder the line.
 *
 * A glyph is one character one or two cells wide, or an escape that stands for
 * what may not be printed: \n \r \t \\xNN for control and invalid bytes, \uNNNN
 * (\UNNNNNNNN) for combining, zero-width and bidirectional characters, and for
 * everything past ASCII when the terminal is not UTF-8. A backslash stays one.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

struct glyph {
	char bytes[12];  /* UTF-8 or ASCII, not terminated */
	uint8_t n;       /* bytes used */
	uint8_t width;   /* cells: 1 or 2 for a character, n for an escape */
	bool escaped;    /* an escape: every byte is a cell of its own */
};

/* UTF-8 output is off until main says that the locale has it. */
void text_set_utf8(bool on);
bool text_utf8(void);

/* Take the next glyph off S; false at its end. */
bool text_next(struct slice *s, struct glyph *g);

/* Decode one UTF-8 character off S: true and *CP, or false and S moved one byte. */
bool text_decode(struct slice *s, uint32_t *cp);
void text_encode(struct buf *b, uint32_t cp);
bool text_valid(struct slice s); /* well-formed UTF-8 all through */

size_t text_width(struct slice s); /* cells all glyphs take */
void text_clean(struct buf *out, struct slice s);
#endif
