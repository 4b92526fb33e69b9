/* SPDX-License-Identifier: MIT */
/* The topic chooser: what there is to be watched. */
#include "ui/figure.h"
#include "ui/screen.h"

#define ROW const struct topic_row *row = &view->topics[i]

static bool
has_problem(const struct view *view)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->topics[i].problem.p)
			return true;
	return false;
}

static void
draw_name(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_STRONG, row->name);
}

static void
draw_partitions(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->partitions);
}

static void
draw_offsets(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->offsets);
}

static void
draw_rate(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_rate(c, y, x, w, row->rate > 0 ? STYLE_GOOD : STYLE_NORMAL, row->rate);
}

static void
draw_problem(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	if (row->problem.p)
		canvas_printf(c, y, x, w, STYLE_BAD, "%s %.*s", theme_mark(MARK_BAD), (int)row->problem.n,
			      row->problem.p);
}

static const struct column columns[] = {
	{.title = "topic", .sort = SORT_ID, .least = 16, .wished = 60, .rank = 0, .draw = draw_name},
	{.title = "partitions", .sort = SORT_PARTITION, .least = 10, .wished = 10, .rank = 2, .right = true,
	 .draw = draw_partitions},
	{.title = "offsets", .sort = SORT_EVENTS, .least = 9, .wished = 15, .rank = 1, .right = true,
	 .draw = draw_offsets},
	{.title = "growth/s", .sort = SORT_RATE, .least = 8, .wished = 8, .rank = 1, .right = true, .draw = draw_rate},
	{.title = "problem", .least = 16, .wished = 30, .rank = 2, .grows = true, .shown = has_problem,
	 .draw = draw_problem},
};

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	(void)state;
	canvas_clip(c, area);
	if (screen_has_rows(c, area, view, VIEW_TOPICS)) {
		area = screen_draw_remark(c, area, view, "Enter watches the selected topic");
		table_draw(c, area, columns, sizeof(columns) / sizeof(*columns), view, NULL);
	}
	canvas_unclip(c);
}

const struct screen screen_topics = {
	.name = "Topics",
	.key = '1',
	.list = VIEW_TOPICS,
	.detail = VIEW_TOPICS,
	.chooses = true,
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(*columns),
	.sort = SORT_ID,
	.rows = screen_rows_and_remark,
	.draw = draw,
};
