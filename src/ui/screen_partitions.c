/* SPDX-License-Identifier: MIT */
#include "base/units.h"
#include "ui/figure.h"
#include "ui/page.h"
#include "ui/screen.h"

#include <math.h>
#include <stdio.h>

enum { FACT_W = 38, LINE_MOST = 118 };

#define ROW const struct partition_row *row = &view->partitions[i]

/* ---- columns ---- */

/* A recording does not name its topics before. */
static bool
has_topics(const struct view *view)
{
	for (size_t i = 1; i < view->n; i++)
		if (!slice_eq(view->partitions[i].topic, view->partitions[0].topic))
			return true;
	return screen_many_topics(view);
}

static bool
has_group(const struct view *view)
{
	return view->head.group.p;
}

static bool
has_watch(const struct view *view)
{
	return view->head.watch.p;
}

static bool
is_storing(const struct view *view)
{
	return view->head.status.storing;
}

static bool
has_problem(const struct view *view)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->partitions[i].status.problem[0])
			return true;
	return false;
}

static void
draw_topic(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_NORMAL, row->topic);
}

static void
draw_busy(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	if (view->partitions[i].in_hand)
		canvas_text(c, y, x, w, STYLE_WARN, theme_mark(MARK_BUSY));
}

static void
draw_state(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	if (view->partitions[i].in_hand)
		canvas_text(c, y, x, w, STYLE_WARN, PROCESSING);
}

static void
draw_partition(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_STRONG, row->status.partition);
}

static void
draw_owner(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, row->status.assigned ? STYLE_GOOD : STYLE_NORMAL, row->owner);
}

#define OFFSET_COLUMN(field)                                                                                           \
	static void draw_##field(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)             \
	{                                                                                                              \
		figure_count(c, y, x, w, STYLE_NORMAL, view->partitions[i].status.field);                              \
	}

OFFSET_COLUMN(position)
OFFSET_COLUMN(stored)
OFFSET_COLUMN(committed)
OFFSET_COLUMN(low)
OFFSET_COLUMN(end)
OFFSET_COLUMN(watch_committed)
OFFSET_COLUMN(again)

static enum style
lag_style(int64_t lag)
{
	return lag > 0 ? STYLE_WARN : STYLE_GOOD;
}

static void
draw_lag(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, lag_style(row->lag), row->lag);
}

static void
draw_watch_lag(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, lag_style(row->watch_lag), row->watch_lag);
}

static void
draw_rate(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_rate(c, y, x, w, STYLE_NORMAL, row->rate);
}

static const char *
print_share(char *out, double share)
{
	if (!isfinite(share) || share < 0)
		return strcpy(out, "-");
	snprintf(out, UNITS_TEXT, "%.0f%%", share * 100);
	return out;
}

static void
draw_share(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char text[UNITS_TEXT];

	canvas_right(c, y, x, w, isfinite(row->share) ? STYLE_NORMAL : STYLE_DIM, print_share(text, row->share));
}

static void
draw_records(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->records);
}

static void
draw_experiments(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->experiments);
}

static void
draw_problem(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	if (row->status.problem[0])
		canvas_printf(c, y, x, w, STYLE_BAD, "%s %s", theme_mark(MARK_BAD), row->status.problem);
}

static const struct column columns[] = {
	{.title = "", .least = 1, .wished = 1, .rank = 0, .shown = is_storing, .draw = draw_busy},
	{.title = "topic", .least = 8, .wished = 20, .rank = 1, .shown = has_topics, .draw = draw_topic},
	{.title = "part", .sort = SORT_PARTITION, .least = 5, .wished = 5, .rank = 0, .right = true,
	 .draw = draw_partition},
	{.title = "owner", .sort = SORT_OWNER, .least = 11, .wished = 24, .rank = 3, .draw = draw_owner},
	{.title = "position", .sort = SORT_POSITION, .least = 9, .wished = 13, .rank = 1, .right = true,
	 .draw = draw_position},
	{.title = "stored", .sort = SORT_STORED, .least = 9, .wished = 13, .rank = 5, .right = true,
	 .shown = has_group, .draw = draw_stored},
	{.title = "committed", .sort = SORT_COMMITTED, .least = 10, .wished = 13, .rank = 2, .right = true,
	 .shown = has_group, .draw = draw_committed},
	{.title = "again", .sort = SORT_AGAIN, .least = 7, .wished = 9, .rank = 6, .right = true,
	 .shown = has_group, .draw = draw_again},
	{.title = "low", .sort = SORT_LOW, .least = 7, .wished = 13, .rank = 6, .right = true, .draw = draw_low},
	{.title = "end", .sort = SORT_END, .least = 9, .wished = 13, .rank = 2, .right = true, .draw = draw_end},
	{.title = "lag", .sort = SORT_LAG, .least = 7, .wished = 11, .rank = 0, .right = true, .draw = draw_lag},
	{.title = "watched", .least = 9, .wished = 13, .rank = 3, .right = true, .shown = has_watch,
	 .draw = draw_watch_committed},
	{.title = "its lag", .least = 7, .wished = 11, .rank = 1, .right = true, .shown = has_watch,
	 .draw = draw_watch_lag},
	{.title = "ev/s", .sort = SORT_RATE, .least = 5, .wished = 5, .rank = 4, .right = true, .draw = draw_rate},
	{.title = "share", .sort = SORT_SHARE, .least = 6, .wished = 6, .rank = 5, .right = true,
	 .draw = draw_share},
	{.title = "records", .sort = SORT_EVENTS, .least = 8, .wished = 11, .rank = 7, .right = true,
	 .draw = draw_records},
	{.title = "exper.", .least = 6, .wished = 6, .rank = 8, .right = true, .draw = draw_experiments},
	{.title = "state", .least = 25, .wished = 25, .rank = 9, .shown = is_storing, .draw = draw_state},
	{.title = "problem", .least = 16, .wished = 30, .rank = 1, .grows = true, .shown = has_problem,
	 .draw = draw_problem},
};

/* ---- the timeline ---- */

/* "14:35:10  got       16  client58[0..15]  holds 16  generation 3" */
static void
draw_assignment(struct canvas *c, int y, int x, int w, const struct assignment *a)
{
	static const struct {
		const char *word;
		enum style style;
	} changes[] = {
		[ASSIGNMENT_GOT] = {"got", STYLE_GOOD},
		[ASSIGNMENT_REVOKED] = {"gave up", STYLE_WARN},
		[ASSIGNMENT_LOST] = {"lost", STYLE_BAD},
	};
	char clock[UNITS_TEXT], tail[64];
	int used;

	if (a->generation >= 0)
		snprintf(tail, sizeof(tail), "holds %zu, generation %d", a->held, (int)a->generation);
	else
		snprintf(tail, sizeof(tail), "holds %zu", a->held);
	used = w > 70 ? canvas_right(c, y, x + w - 28, 28, STYLE_DIM, tail) : 0;
	canvas_text(c, y, x, 8, STYLE_DIM, units_clock(clock, a->time));
	canvas_text(c, y, x + 10, 7, changes[a->change].style, changes[a->change].word);
	canvas_printf(c, y, x + 18, 5, STYLE_NORMAL, "%5zu", a->count);
	canvas_text(c, y, x + 25, w - 25 - used - 1, STYLE_NORMAL, a->text);
}

/* Lines that the table leaves to the timeline in a body of H lines. */
static int
timeline_lines(int h)
{
	return h < 10 ? 0 : h < 20 ? 1 : h / 4;
}

static int
rows(int h)
{
	return h - 1 - timeline_lines(h);
}

/* What is in hand, and what a crash now would read again: "client58[3]@17 processing, not
 * committed, 4 s of 10 s    a crash now rereads 12 offsets" */
static void
draw_standing(struct canvas *c, int y, int x, int w, const struct view *view)
{
	const struct in_hand *hand = &view->head.status.in_hand;
	char n[UNITS_TEXT], text[96], since[UNITS_TEXT], whole[UNITS_TEXT];
	int used;

	units_count(n, view->head.again);
	snprintf(text, sizeof(text), w < 100 ? "a crash rereads %s" : "a crash now rereads %s offset%s", n,
		 view->head.again == 1 ? "" : "s");
	used = canvas_right(c, y, x + w / 2, w - w / 2, STYLE_DIM, text);
	if (!hand->topic[0])
		return;
	snprintf(text, sizeof(text), "[%d]@%lld " PROCESSING ", %s of %s", (int)hand->partition,
		 (long long)hand->offset, units_age(since, hand->since_ms), units_age(whole, hand->whole_ms));
	w -= used + 2;
	used = canvas_printf(c, y, x, w, STYLE_WARN, "%s ", theme_mark(MARK_BUSY));
	used += canvas_slice(c, y, x + used, w - used - (int)strlen(text), STYLE_WARN, slice_str(hand->topic));
	canvas_text(c, y, x + used, w - used, STYLE_WARN, text);
}

/* The newest changes in AREA, a title above where there is room for it. */
static void
draw_timeline(struct canvas *c, struct rect area, const struct view *view)
{
	int w = area.w < LINE_MOST + 2 ? area.w - 2 : LINE_MOST, y = area.y;

	if (has_group(view) && area.h > 0 && (area.h > 3 || is_storing(view)))
		draw_standing(c, area.h > 3 ? y : y++, area.x + 1, w, view);
	if (area.h > 3 && view->n_timeline > 0) {
		canvas_paint(c, (struct rect){++y, area.x, 1, area.w}, STYLE_TITLE);
		canvas_text(c, y++, area.x + 1, w, STYLE_SORTED, "Assignments");
	}
	for (size_t i = 0; i < view->n_timeline && y < area.y + area.h; i++)
		draw_assignment(c, y++, area.x + 1, w, &view->timeline[i]);
}

static bool
is_not_ours(const struct view *view, size_t i)
{
	return !view->partitions[i].status.assigned;
}

static void
draw_both(struct canvas *c, struct rect area, const struct view *view)
{
	struct rect table = area, below = area;

	table.h = area.h - timeline_lines(area.h);
	if ((int64_t)table.h > (int64_t)view->n + 1)
		table.h = (int)view->n + 1;
	below.y += table.h;
	below.h -= table.h;
	table_draw(c, table, columns, sizeof(columns) / sizeof(*columns), view, is_not_ours);
	draw_timeline(c, below, view);
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	(void)state;
	canvas_clip(c, area);
	if (screen_has_rows(c, area, view, VIEW_PARTITIONS))
		draw_both(c, area, view);
	canvas_unclip(c);
}

/* ---- detail ---- */

static void
page_offsets(struct page *p, struct arena *texts, const struct partition_row *row)
{
	const struct partition_status *s = &row->status;
	char again[UNITS_TEXT];
	const struct fact facts[] = {
		{"position", STYLE_STRONG, fact_count(texts, s->position)},
		{"lag", lag_style(row->lag), fact_count(texts, row->lag)},
		{"stored", STYLE_NORMAL, fact_count(texts, s->stored)},
		{"committed", STYLE_NORMAL, fact_count(texts, s->committed)},
		{"low", STYLE_NORMAL, fact_count(texts, s->low)},
		{"end", STYLE_NORMAL, fact_count(texts, s->end)},
		{"there", STYLE_NORMAL, fact_count(texts, s->low < 0 || s->end < 0 ? -1 : s->end - s->low)},
	};

	page_heading(p, "Offsets", "each the next one");
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
	if (s->again >= 0)
		page_text(p, 1, STYLE_DIM,
			  arena_print(texts, "a crash now rereads %s offset%s", units_count(again, s->again),
				      s->again == 1 ? "" : "s"));
}

static void
page_reading(struct page *p, struct arena *texts, const struct partition_row *row)
{
	char rate[UNITS_TEXT], share[UNITS_TEXT];
	const struct fact facts[] = {
		{"owner", row->status.assigned ? STYLE_GOOD : STYLE_NORMAL, row->owner.p ? row->owner : slice_str("-")},
		{"events/s", STYLE_NORMAL, slice_str(units_rate(rate, row->rate))},
		{"records", STYLE_NORMAL, fact_count(texts, row->records)},
		{"share", STYLE_NORMAL, slice_str(print_share(share, row->share))},
		{"experiments", STYLE_NORMAL, fact_count(texts, row->experiments)},
	};

	page_heading(p, "Reading", NULL);
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
}

static void
page_watched(struct page *p, struct arena *texts, const struct view *view, const struct partition_row *row)
{
	const struct slice member = slice_str(row->status.watch_member);
	const struct fact facts[] = {
		{"group", STYLE_NORMAL, view->head.watch},
		{"member", STYLE_NORMAL, member.n ? member : slice_str("-")},
		{"committed", STYLE_NORMAL, fact_count(texts, row->status.watch_committed)},
		{"lag", lag_style(row->watch_lag), fact_count(texts, row->watch_lag)},
	};

	page_heading(p, "Watched group", "never joined by watching");
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
}

static void
page_timeline(struct page *p, const struct view *view)
{
	page_heading(p, "Assignments", "newest first, UTC");
	for (size_t i = 0; i < view->n_timeline; i++, p->y++)
		draw_assignment(p->c, p->y, p->area.x + 1, p->area.w < 120 ? p->area.w - 2 : 118, &view->timeline[i]);
	if (view->n_timeline == 0)
		page_text(p, 1, STYLE_DIM, slice_str("none yet"));
}

static int
draw_detail(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	const struct partition_row *row = view->partition;
	struct arena texts = {0};
	struct page p;

	page_begin(&p, c, area, state->scroll);
	if (row) {
		page_text(&p, 1, STYLE_STRONG,
			  arena_print(&texts, "%.*s, partition %d", (int)row->topic.n, row->topic.p,
				      (int)row->status.partition));
		if (row->status.problem[0])
			page_text(&p, 1, STYLE_BAD, arena_print(&texts, "%s %s", theme_mark(MARK_BAD),
								row->status.problem));
		if (row->in_hand)
			page_text(&p, 1, STYLE_WARN,
				  arena_print(&texts, "%s offset %lld: " PROCESSING, theme_mark(MARK_BUSY),
					      (long long)view->head.status.in_hand.offset));
		page_offsets(&p, &texts, row);
		page_reading(&p, &texts, row);
		if (has_watch(view))
			page_watched(&p, &texts, view, row);
		page_timeline(&p, view);
	} else {
		page_gone(&p, "This partition is no longer known.");
	}
	arena_free(&texts);
	return page_end(&p);
}

const struct screen screen_partitions = {
	.name = "Partitions",
	.key = '2',
	.list = VIEW_PARTITIONS,
	.detail = VIEW_PARTITION,
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(*columns),
	.sort = SORT_PARTITION,
	.rows = rows,
	.draw = draw,
	.draw_detail = draw_detail,
};
