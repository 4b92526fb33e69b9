/* SPDX-License-Identifier: MIT */
/*
 * A table: columns are data (title, width, alignment, sort key, what to draw),
 * and every list screen is one. Widths: each column has a least and a wished
 * width; what is too narrow for all drops columns by rank (never the one sorted
 * by), what is left over goes to the growing ones, or else between the columns.
 * The first cell of a line is a margin: it marks the cursor's row and dim rows,
 * for those who see no colour. UI thread only.
 */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include "model/view.h"
#include "ui/canvas.h"

struct column {
	const char *title;
	enum sort_key sort; /* SORT_NONE: cannot be sorted by */
	int least, wished;  /* cells */
	int rank;           /* 0 stays longest; the highest goes first */
	bool right;         /* aligned to the right */
	bool grows;         /* takes what is left over */
	bool (*shown)(const struct view *view); /* whether VIEW has anything for it; NULL: always */
	/* Draw row I of VIEW into the W cells at Y, X. */
	void (*draw)(struct canvas *c, int y, int x, int w, const struct view *view, size_t i);
};

/* Titles in the first line of AREA (the sort column marked), then the view's
 * rows, the cursor's selected: all, or those around the cursor. DIM_ROW may be NULL. */
void table_draw(struct canvas *c, struct rect area, const struct column *columns, size_t n_columns,
		const struct view *view, bool (*dim_row)(const struct view *view, size_t i));

/* The sort key of the column right (STEP 1) or left (-1) of SORT among those that sort. */
enum sort_key table_sort_step(const struct column *columns, size_t n_columns, enum sort_key sort, int step);

#endif
