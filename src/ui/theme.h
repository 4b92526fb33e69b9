/* SPDX-License-Identifier: MIT */
/*
 * Colour and glyph by meaning. Screens name what a cell means; only theme.c
 * knows how that looks in colour, in monochrome, in UTF-8 and in ASCII. State is
 * never told by colour alone: a sign or a word says it too.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>

enum style {
	STYLE_NORMAL,
	STYLE_DIM,      /* labels, units, what is quiet */
	STYLE_STRONG,   /* names and figures that matter */
	STYLE_HEAD,     /* the head's bar */
	STYLE_TITLE,    /* column titles */
	STYLE_SORTED,   /* title of the sort column */
	STYLE_SELECTED, /* the cursor's row */
	STYLE_MATCH,    /* what the search found */
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLE_KEY,      /* a key in footer and help */
	STYLE_STATUS,   /* the status line */
	STYLE_GRAPH,    /* sparklines and curves */
	STYLE_RANGE,    /* the temperature range drawn into a curve */
	STYLE_BAND,     /* STYLE_BAND + 0..8: stacked bands of the rate graph */
	STYLE_COUNT = STYLE_BAND + 9
};

enum mark {
	MARK_LINE,      /* horizontal rule */
	MARK_UP, MARK_DOWN, /* sort arrows, above and below range */
	MARK_IN,        /* in range; connected */
	MARK_WAIT,      /* connecting */
	MARK_BAD,       /* disconnected */
	MARK_CURSOR,
	MARK_CUT,       /* text goes on */
	MARK_POINT,     /* a point of a curve */
	MARK_TRACE,     /* between its points */
	MARK_BUSY,      /* in hand: being processed */
	MARK_PRODUCED, MARK_PLANNED, /* lines over a graph of rates */
	MARK_COUNT
};

/* How a style looks on a terminal of that many COLOURS (0: monochrome). Colours
 * are numbers, -1 the terminal's own, so that light and dark backgrounds stay. */
enum look_attribute { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8 };

struct look {
	short fg, bg;
	unsigned attributes;
};

struct look theme_look(enum style style, int colours);
char theme_letter(enum style style); /* what stands for it in a dump of styles */

/* Whether colour tells things apart. It does not until the terminal says that it has some. */
void theme_set_mono(bool mono);
bool theme_mono(void);

/* Glyphs come as UTF-8 or, when the terminal is not (base/text.h), as ASCII. */
const char *theme_mark(enum mark m);

/* A bar LEVEL eighths high, 0..8: a space, then ▁..█, or ASCII steps. */
const char *theme_bar(int level);

/* The fill of band B (0..8): a block where colour tells bands apart, else a letter. */
const char *theme_fill(int band, bool mono);

#endif
