/* SPDX-License-Identifier: MIT */
/*
 * A canvas: a grid of cells that screens draw into. Curses blits it, tests dump
 * it as text; neither is known here. Every string drawn goes through the
 * sanitiser and is clipped to its place, so nothing can leave its cells. Drawing
 * outside of the canvas is allowed and does nothing: screens need no size checks
 * to be safe. UI thread only.
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include "base/buf.h"
#include "base/slice.h"
#include "ui/theme.h"

struct rect {
	int y, x, h, w;
};

struct cell {
	char bytes[5];  /* one character, UTF-8, terminated; empty: the right half of a wide one */
	unsigned char style;
};

struct canvas;

struct canvas *canvas_new(int rows, int columns);
void canvas_free(struct canvas *c);
void canvas_resize(struct canvas *c, int rows, int columns);
void canvas_clear(struct canvas *c);
int canvas_rows(const struct canvas *c);
int canvas_columns(const struct canvas *c);
const struct cell *canvas_cell(const struct canvas *c, int y, int x); /* NULL outside */
struct rect canvas_rect(const struct canvas *c); /* all of it */

/* From now on only the cells of AREA can be changed; until canvas_unclip. */
void canvas_clip(struct canvas *c, struct rect area);
void canvas_unclip(struct canvas *c);

/* Draw S at Y, X in at most W cells (cut with MARK_CUT when longer); the cells used. */
int canvas_slice(struct canvas *c, int y, int x, int w, enum style style, struct slice s);
int canvas_text(struct canvas *c, int y, int x, int w, enum style style, const char *s);
int canvas_printf(struct canvas *c, int y, int x, int w, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* The same, against the right edge of the W cells. */
int canvas_right(struct canvas *c, int y, int x, int w, enum style style, const char *s);

/* S broken at spaces over the lines of AREA; lines used. */
int canvas_wrap(struct canvas *c, struct rect area, enum style style, struct slice s);

/* Give cells another style (a selected row), or blank them. */
void canvas_paint(struct canvas *c, struct rect area, enum style style);
void canvas_blank(struct canvas *c, struct rect area);

/* The text of the canvas, a line a row, trailing spaces cut; and in the same
 * shape the styles, a letter a cell ('.' normal), for tests of meaning. */
void canvas_dump(const struct canvas *c, struct buf *out);
void canvas_dump_styles(const struct canvas *c, struct buf *out);

#endif
