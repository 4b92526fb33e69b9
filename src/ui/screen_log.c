/* SPDX-License-Identifier: MIT */
#include "ui/screen_log.h"

#include "base/alloc.h"
#include "base/log.h"
#include "base/units.h"
#include "ui/screen.h"

#include <stdlib.h>

enum { LEVEL_X = 11, TEXT_X = 20 }; /* where a line's level and text begin */

static struct log_line *
take_lines(size_t *n)
{
	struct log_line *lines = xreallocarray(NULL, LOG_LINES, sizeof(*lines));

	*n = log_take(lines, LOG_LINES, 0);
	return lines;
}

static enum style
level_style(enum log_level level)
{
	static const enum style styles[] = {STYLE_BAD, STYLE_WARN, STYLE_NORMAL, STYLE_DIM};

	return styles[level];
}

static struct rect
text_rect(struct rect area, int y, int h)
{
	return (struct rect){y, area.x + TEXT_X, h, area.w - TEXT_X};
}

/* "from: text", without the from where it is ourselves. */
static void
line_text(struct buf *out, const struct log_line *line)
{
	buf_clear(out);
	if (strcmp(line->from, "exptop") != 0)
		buf_addf(out, "%s: ", line->from);
	buf_str(out, line->text);
}

/* Rows LINE takes: measured by drawing it where no canvas is. */
static int
line_height(struct canvas *nowhere, struct rect area, const struct log_line *line)
{
	struct buf text = {0};
	int h;

	line_text(&text, line);
	h = canvas_wrap(nowhere, text_rect(area, 0, area.h), STYLE_NORMAL, (struct slice){text.p, text.n});
	buf_free(&text);
	return h > 0 ? h : 1;
}

static void
draw_line(struct canvas *c, struct rect area, int y, const struct log_line *line)
{
	struct buf text = {0};
	char time[UNITS_TEXT];

	line_text(&text, line);
	canvas_text(c, y, area.x + 1, 8, STYLE_DIM, units_clock(time, line->time));
	canvas_text(c, y, area.x + LEVEL_X, TEXT_X - LEVEL_X, level_style(line->level), log_level_name(line->level));
	canvas_wrap(c, text_rect(area, y, area.y + area.h - y), line->level == LOG_INFO ? STYLE_NORMAL
									: level_style(line->level),
		    (struct slice){text.p, text.n});
	buf_free(&text);
}

int64_t
screen_log_first_page(struct rect area)
{
	struct canvas *nowhere = canvas_new(0, 0);
	size_t n, i = 0;
	struct log_line *lines = take_lines(&n);
	int64_t last = 0;
	int left = area.h;

	while (i < n && (left -= line_height(nowhere, area, &lines[i])) >= 0)
		last = (int64_t)lines[i++].number;
	if (i == n)
		last = 0; /* all of it fits */
	free(lines);
	canvas_free(nowhere);
	return last;
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	struct canvas *nowhere = canvas_new(0, 0);
	size_t n, first;
	struct log_line *lines = take_lines(&n);
	int y = 0;

	(void)view;
	while (state->scroll > 0 && n > 1 && lines[n - 1].number > (uint64_t)state->scroll)
		n--;
	for (first = n; first > 0; first--) {
		int h = line_height(nowhere, area, &lines[first - 1]);

		if (y + h > area.h)
			break;
		y += h;
	}
	y = area.y;
	for (size_t i = first; i < n; i++) {
		draw_line(c, area, y, &lines[i]);
		y += line_height(nowhere, area, &lines[i]);
	}
	if (n == 0)
		canvas_text(c, area.y, area.x + 1, area.w - 1, STYLE_DIM, "Nothing was said yet.");
	free(lines);
	canvas_free(nowhere);
}

const struct screen screen_log = {
	.name = "Log",
	.key = '7',
	.list = VIEW_HEAD,
	.detail = VIEW_HEAD,
	.draw = draw,
};
