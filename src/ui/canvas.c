/* SPDX-License-Identifier: MIT */
#include "ui/canvas.h"

#include "base/alloc.h"
#include "base/text.h"

#include <stdlib.h>

struct canvas {
	int rows, columns;
	struct rect clip;
	struct cell *cells;
};

static const struct cell blank = {" ", STYLE_NORMAL};

struct canvas *
canvas_new(int rows, int columns)
{
	struct canvas *c = xcalloc(1, sizeof(*c));

	canvas_resize(c, rows, columns);
	return c;
}

void
canvas_free(struct canvas *c)
{
	if (!c)
		return;
	free(c->cells);
	free(c);
}

void
canvas_resize(struct canvas *c, int rows, int columns)
{
	c->rows = rows > 0 ? rows : 0;
	c->columns = columns > 0 ? columns : 0;
	c->cells = xreallocarray(c->cells, (size_t)c->rows * (size_t)c->columns + 1, sizeof(*c->cells));
	canvas_unclip(c);
	canvas_clear(c);
}

void
canvas_clear(struct canvas *c)
{
	for (size_t i = 0; i < (size_t)c->rows * (size_t)c->columns; i++)
		c->cells[i] = blank;
}

int
canvas_rows(const struct canvas *c)
{
	return c->rows;
}

int
canvas_columns(const struct canvas *c)
{
	return c->columns;
}

static struct cell *
cell_at(const struct canvas *c, int y, int x)
{
	if (y < 0 || y >= c->rows || x < 0 || x >= c->columns)
		return NULL;
	return &c->cells[(size_t)y * (size_t)c->columns + (size_t)x];
}

const struct cell *
canvas_cell(const struct canvas *c, int y, int x)
{
	return cell_at(c, y, x);
}

struct rect
canvas_rect(const struct canvas *c)
{
	return (struct rect){0, 0, c->rows, c->columns};
}

void
canvas_clip(struct canvas *c, struct rect area)
{
	c->clip = area;
}

void
canvas_unclip(struct canvas *c)
{
	c->clip = canvas_rect(c);
}

/* The cell at Y, X when it may be changed. */
static struct cell *
open_cell(struct canvas *c, int y, int x)
{
	const struct rect *clip = &c->clip;

	if (y < clip->y || y >= clip->y + clip->h || x < clip->x || x >= clip->x + clip->w)
		return NULL;
	return cell_at(c, y, x);
}

static bool
is_right_half(const struct cell *cell)
{
	return cell && !cell->bytes[0];
}

/* Before the cell at Y, X is overwritten: no half of a wide character may stay alone. */
static void
part_wide(struct canvas *c, int y, int x)
{
	struct cell *cell = cell_at(c, y, x), *left = cell_at(c, y, x - 1), *right = cell_at(c, y, x + 1);

	if (is_right_half(cell) && left)
		memcpy(left->bytes, blank.bytes, sizeof(left->bytes));
	if (is_right_half(right))
		memcpy(right->bytes, blank.bytes, sizeof(right->bytes));
}

static void
put(struct canvas *c, int y, int x, enum style style, const char *bytes, size_t n)
{
	struct cell *cell = open_cell(c, y, x);

	if (!cell)
		return;
	part_wide(c, y, x);
	memset(cell->bytes, 0, sizeof(cell->bytes));
	memcpy(cell->bytes, bytes, n);
	cell->style = (unsigned char)style;
}

static void
put_wide(struct canvas *c, int y, int x, enum style style, const struct glyph *g)
{
	bool whole = open_cell(c, y, x) && open_cell(c, y, x + 1);

	put(c, y, x, style, whole ? g->bytes : " ", whole ? g->n : 1);
	put(c, y, x + 1, style, whole ? "" : " ", whole ? 0 : 1);
}

static void
put_glyph(struct canvas *c, int y, int x, enum style style, const struct glyph *g)
{
	if (g->escaped)
		for (int i = 0; i < g->n; i++)
			put(c, y, x + i, style, &g->bytes[i], 1);
	else if (g->width == 2)
		put_wide(c, y, x, style, g);
	else
		put(c, y, x, style, g->bytes, g->n);
}

/* The bytes of S whose glyphs take at most W cells; *CELLS how many they take. */
static size_t
prefix(struct slice s, int w, int *cells)
{
	struct slice rest = s;
	struct glyph g;
	size_t used = 0;

	*cells = 0;
	while (text_next(&rest, &g) && *cells + g.width <= w) {
		*cells += g.width;
		used = s.n - rest.n;
	}
	return used;
}

/* All glyphs of S from X on; the cells they take. */
static int
put_all(struct canvas *c, int y, int x, enum style style, struct slice s)
{
	struct glyph g;
	int used = 0;

	while (text_next(&s, &g)) {
		put_glyph(c, y, x + used, style, &g);
		used += g.width;
	}
	return used;
}

int
canvas_slice(struct canvas *c, int y, int x, int w, enum style style, struct slice s)
{
	size_t fits;
	int cells;

	if (w <= 0)
		return 0;
	fits = prefix(s, w, &cells);
	if (fits == s.n)
		return put_all(c, y, x, style, s);
	fits = prefix(s, w - 1, &cells);
	put_all(c, y, x, style, (struct slice){s.p, fits});
	return cells + put_all(c, y, x + cells, style, slice_str(theme_mark(MARK_CUT)));
}

int
canvas_text(struct canvas *c, int y, int x, int w, enum style style, const char *s)
{
	return canvas_slice(c, y, x, w, style, slice_str(s));
}

int
canvas_printf(struct canvas *c, int y, int x, int w, enum style style, const char *fmt, ...)
{
	struct buf text = {0};
	va_list ap;
	int used;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	used = canvas_slice(c, y, x, w, style, (struct slice){text.p, text.n});
	buf_free(&text);
	return used;
}

int
canvas_right(struct canvas *c, int y, int x, int w, enum style style, const char *s)
{
	int cells;

	if (prefix(slice_str(s), w, &cells) < strlen(s))
		cells = w;
	return canvas_text(c, y, x + w - cells, cells, style, s);
}

/* The bytes of S that go on a line of W cells: up to a space where there is one, at least a character. */
static size_t
line_bytes(struct slice s, int w)
{
	int cells;
	size_t fits = prefix(s, w, &cells), at = fits;
	struct slice rest = s;
	struct glyph g;

	if (fits == s.n || s.p[fits] == ' ')
		return fits;
	while (at > 0 && s.p[at - 1] != ' ')
		at--;
	if (at > 0)
		return at;
	if (fits > 0)
		return fits;
	text_next(&rest, &g);
	return s.n - rest.n;
}

int
canvas_wrap(struct canvas *c, struct rect area, enum style style, struct slice s)
{
	int line = 0;

	if (area.w <= 0)
		return 0;
	while (s.n > 0 && line < area.h) {
		size_t n = line == area.h - 1 ? s.n : line_bytes(s, area.w);

		canvas_slice(c, area.y + line++, area.x, area.w, style, (struct slice){s.p, n});
		s.p += n;
		s.n -= n;
		while (s.n > 0 && *s.p == ' ') {
			s.p++;
			s.n--;
		}
	}
	return line;
}

void
canvas_paint(struct canvas *c, struct rect area, enum style style)
{
	for (int y = area.y; y < area.y + area.h; y++)
		for (int x = area.x; x < area.x + area.w; x++) {
			struct cell *cell = open_cell(c, y, x);

			if (cell)
				cell->style = (unsigned char)style;
		}
}

void
canvas_blank(struct canvas *c, struct rect area)
{
	for (int y = area.y; y < area.y + area.h; y++)
		for (int x = area.x; x < area.x + area.w; x++)
			put(c, y, x, STYLE_NORMAL, " ", 1);
}

static void
cut_trailing(struct buf *out, size_t line, char filler)
{
	while (out->n > line && out->p[out->n - 1] == filler)
		out->n--;
	buf_char(out, '\n');
}

void
canvas_dump(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->rows; y++) {
		size_t line = out->n;

		for (int x = 0; x < c->columns; x++)
			buf_str(out, cell_at(c, y, x)->bytes);
		cut_trailing(out, line, ' ');
	}
}

void
canvas_dump_styles(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->rows; y++) {
		size_t line = out->n;

		for (int x = 0; x < c->columns; x++)
			buf_char(out, theme_letter(cell_at(c, y, x)->style));
		cut_trailing(out, line, theme_letter(STYLE_NORMAL));
	}
}
