/* SPDX-License-Identifier: MIT */
#include "ui/page.h"

#include "base/units.h"

enum { INDENT = 1, LABEL_W = 13, LINES_MOST = 1 << 20 };

void
page_begin(struct page *p, struct canvas *c, struct rect area, int64_t scroll)
{
	int above = scroll < 0 ? 0 : scroll > LINES_MOST ? LINES_MOST : (int)scroll;

	*p = (struct page){.c = c, .area = area, .y = area.y - above, .top = area.y - above};
	canvas_clip(c, area);
}

int
page_end(struct page *p)
{
	canvas_unclip(p->c);
	return p->y - p->top;
}

bool
page_visible(const struct page *p)
{
	return p->y >= p->area.y && p->y < p->area.y + p->area.h;
}

void
page_heading(struct page *p, const char *title, const char *remark)
{
	int x = p->area.x + INDENT, end = p->area.x + p->area.w;

	if (p->y > p->top)
		p->y++;
	canvas_paint(p->c, (struct rect){p->y, p->area.x, 1, p->area.w}, STYLE_TITLE);
	x += canvas_text(p->c, p->y, x, end - x, STYLE_SORTED, title) + 2;
	if (remark)
		canvas_text(p->c, p->y, x, end - x, STYLE_TITLE, remark);
	p->y++;
}

void
page_text(struct page *p, int x, enum style style, struct slice s)
{
	struct rect rest = {p->y, p->area.x + x, LINES_MOST, p->area.w - x - INDENT};
	int lines = canvas_wrap(p->c, rest, style, s);

	p->y += lines > 0 ? lines : 1;
}

void
page_gone(struct page *p, const char *sentence)
{
	page_text(p, 1, STYLE_WARN, slice_str(sentence));
	page_text(p, 1, STYLE_NORMAL, slice_str("Esc goes back to the list."));
}

struct slice
fact_count(struct arena *texts, int64_t n)
{
	char text[UNITS_TEXT];

	return arena_print(texts, "%s", units_count(text, n));
}

void
page_facts(struct page *p, const struct fact *facts, size_t n, int wide)
{
	int inner = p->area.w - INDENT, columns = wide > 0 && inner > wide ? inner / wide : 1, w = inner / columns;

	for (size_t i = 0; i < n; i++) {
		int column = (int)i % columns, x = p->area.x + INDENT + column * w;

		canvas_text(p->c, p->y, x, LABEL_W - 1, STYLE_DIM, facts[i].label);
		canvas_slice(p->c, p->y, x + LABEL_W, w - LABEL_W - 1, facts[i].style, facts[i].value);
		if (column == columns - 1 || i == n - 1)
			p->y++;
	}
}
