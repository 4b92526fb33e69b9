/* SPDX-License-Identifier: MIT */
#include "ui/help.h"

#include "ui/keymap.h"

enum { KEYS_X = 3, TEXT_X = 18 };

/* The pen: lines before SCROLL and after the area fall outside. */
struct pen {
	struct canvas *c;
	struct rect area;
	int64_t scroll;
	int line;
};

static int
line_y(const struct pen *p)
{
	int64_t y = p->line - p->scroll;

	return y < 0 || y >= p->area.h ? -1 : p->area.y + (int)y;
}

static void
draw_row(struct pen *p, const struct action_row *row)
{
	int y = line_y(p), x = p->area.x + TEXT_X, end = p->area.x + p->area.w;

	canvas_text(p->c, y, p->area.x + KEYS_X, TEXT_X - KEYS_X - 1, STYLE_KEY, row->keys);
	canvas_text(p->c, y, x, end - x, STYLE_NORMAL, row->help);
	p->line++;
}

static void
draw_group(struct pen *p, enum action_group group)
{
	if (p->line > 0)
		p->line++;
	canvas_text(p->c, line_y(p), p->area.x + 1, p->area.w - 1, STYLE_STRONG, keymap_group_title(group));
	p->line++;
	for (int i = 0; i < ACTION_COUNT; i++)
		if (actions[i].group == group)
			draw_row(p, &actions[i]);
}

int
help_draw(struct canvas *c, struct rect area, int64_t scroll)
{
	struct pen pen = {c, area, scroll, 0};

	for (int group = 0; group < GROUP_COUNT; group++)
		draw_group(&pen, (enum action_group)group);
	return pen.line;
}
