/* SPDX-License-Identifier: MIT */
#include "ui/table.h"

enum { COLUMNS_MOST = 32, MARGIN = 1, GAP_LEAST = 1, GAP_WISHED = 2, GAP_MOST = 5 };

/* The columns that are drawn, from left to right. */
struct layout {
	const struct column *column[COLUMNS_MOST];
	int width[COLUMNS_MOST];
	int n, gap;
};

static int
rank_of(const struct column *column, enum sort_key sort)
{
	return sort != SORT_NONE && column->sort == sort ? -1 : column->rank;
}

static int
width_of(const struct layout *l)
{
	int w = MARGIN + l->gap * (l->n - 1);

	for (int i = 0; i < l->n; i++)
		w += l->width[i];
	return w;
}

/* Drop the rightmost of the columns that matter least. */
static void
drop_one(struct layout *l, enum sort_key sort)
{
	int worst = 0;

	for (int i = 1; i < l->n; i++)
		if (rank_of(l->column[i], sort) >= rank_of(l->column[worst], sort))
			worst = i;
	l->n--;
	memmove(&l->column[worst], &l->column[worst + 1], (size_t)(l->n - worst) * sizeof(*l->column));
	memmove(&l->width[worst], &l->width[worst + 1], (size_t)(l->n - worst) * sizeof(*l->width));
}

/* Widen columns up to what they wish for, those that matter most first. */
static int
give_wished(struct layout *l, int spare)
{
	int last = 0;

	for (int i = 0; i < l->n; i++)
		last = l->column[i]->rank > last ? l->column[i]->rank : last;
	for (int rank = 0; rank <= last; rank++)
		for (int i = 0; i < l->n; i++) {
			int more = l->column[i]->wished - l->width[i];

			if (l->column[i]->rank != rank || more <= 0)
				continue;
			more = more < spare ? more : spare;
			l->width[i] += more;
			spare -= more;
		}
	return spare;
}

static int
widen_gap(struct layout *l, int spare, int most)
{
	while (l->n > 1 && l->gap < most && spare >= l->n - 1) {
		l->gap++;
		spare -= l->n - 1;
	}
	return spare;
}

/* Share what is left among the growing columns. */
static void
grow(struct layout *l, int spare)
{
	int growing = 0;

	for (int i = 0; i < l->n; i++)
		growing += l->column[i]->grows;
	for (int i = 0; i < l->n && growing > 0; i++)
		if (l->column[i]->grows) {
			int more = spare / growing--;

			l->width[i] += more;
			spare -= more;
		}
	widen_gap(l, spare, GAP_MOST);
}

static void
lay_out(struct layout *l, const struct column *columns, size_t n, const struct view *view, int w)
{
	int spare;

	*l = (struct layout){.gap = GAP_LEAST};
	for (size_t i = 0; i < n && l->n < COLUMNS_MOST; i++)
		if (!columns[i].shown || columns[i].shown(view)) {
			l->column[l->n] = &columns[i];
			l->width[l->n++] = columns[i].least;
		}
	while (l->n > 1 && width_of(l) > w)
		drop_one(l, view->query.sort);
	spare = w - width_of(l);
	if (spare < 0 && l->n == 1)
		l->width[0] = w - MARGIN;
	spare = give_wished(l, spare > 0 ? spare : 0);
	grow(l, widen_gap(l, spare, GAP_WISHED));
}

/* The arrow stands in for the title's end where there is no room beside it, so that no column moves by sorting. */
static void
draw_title(struct canvas *c, int y, int x, int w, const struct column *column, const struct view *view)
{
	bool sorted = column->sort != SORT_NONE && column->sort == view->query.sort;
	enum style style = sorted ? STYLE_SORTED : STYLE_TITLE;
	int arrow = sorted ? 1 : 0, title = (int)strlen(column->title);

	if (title > w - arrow)
		title = w > arrow ? w - arrow : 0;
	if (column->right)
		x += w - arrow - title;
	x += canvas_slice(c, y, x, title, style, (struct slice){column->title, (size_t)title});
	if (sorted)
		canvas_text(c, y, x, w, style, theme_mark(view->query.reverse ? MARK_DOWN : MARK_UP));
}

static void
draw_titles(struct canvas *c, struct rect area, const struct layout *l, const struct view *view)
{
	int x = area.x + MARGIN;

	canvas_paint(c, (struct rect){area.y, area.x, 1, area.w}, STYLE_TITLE);
	for (int i = 0; i < l->n; i++) {
		draw_title(c, area.y, x, l->width[i], l->column[i], view);
		x += l->width[i] + l->gap;
	}
}

static void
draw_row(struct canvas *c, struct rect line, const struct layout *l, const struct view *view, size_t i, bool dim)
{
	bool selected = (int64_t)i == view->query.cursor - view->query.first;
	int x = line.x + MARGIN;

	for (int k = 0; k < l->n; k++) {
		l->column[k]->draw(c, line.y, x, l->width[k], view, i);
		x += l->width[k] + l->gap;
	}
	if (selected || dim)
		canvas_text(c, line.y, line.x, MARGIN, STYLE_NORMAL, theme_mark(selected ? MARK_CURSOR : MARK_LINE));
	if (selected || dim)
		canvas_paint(c, line, selected ? STYLE_SELECTED : STYLE_DIM);
}

/* The first row to be drawn when only LINES fit: the cursor's is among them. */
static size_t
first_row(const struct view *view, int lines)
{
	int64_t cursor = view->query.cursor - view->query.first;

	if ((int64_t)view->n <= lines || cursor < lines)
		return 0;
	return (size_t)(cursor < (int64_t)view->n ? cursor : (int64_t)view->n - 1) - (size_t)lines + 1;
}

void
table_draw(struct canvas *c, struct rect area, const struct column *columns, size_t n_columns,
	   const struct view *view, bool (*dim_row)(const struct view *view, size_t i))
{
	struct layout layout;
	size_t first = first_row(view, area.h - 1);

	if (area.h <= 0 || area.w <= MARGIN)
		return;
	lay_out(&layout, columns, n_columns, view, area.w);
	draw_titles(c, area, &layout, view);
	for (int i = 0; i < area.h - 1 && first + (size_t)i < view->n; i++) {
		struct rect line = {area.y + 1 + i, area.x, 1, area.w};
		size_t row = first + (size_t)i;

		draw_row(c, line, &layout, view, row, dim_row && dim_row(view, row));
	}
}

enum sort_key
table_sort_step(const struct column *columns, size_t n_columns, enum sort_key sort, int step)
{
	size_t at = n_columns, i;

	for (i = 0; i < n_columns && at == n_columns; i++)
		if (sort != SORT_NONE && columns[i].sort == sort)
			at = i;
	if (at == n_columns && step > 0)
		at = n_columns - 1;
	else if (at == n_columns)
		at = 0;
	for (i = 0; i < n_columns; i++) {
		at = (at + n_columns + (size_t)step) % n_columns;
		if (columns[at].sort != SORT_NONE)
			return columns[at].sort;
	}
	return SORT_NONE;
}
