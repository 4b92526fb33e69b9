/* SPDX-License-Identifier: MIT */
#include "base/units.h"
#include "ui/figure.h"
#include "ui/graph.h"
#include "ui/page.h"
#include "ui/screen.h"

#include <math.h>
#include <stdio.h>

enum { FACT_W = 38, OLD_MS = 15000 };

#define ROW const struct group_row *row = &view->groups[i]

/* ---- what a row's figures mean ---- */

static enum style
trend_style(enum trend trend)
{
	static const enum style styles[] = {STYLE_DIM, STYLE_GOOD, STYLE_NORMAL, STYLE_BAD, STYLE_WARN};

	return styles[trend];
}

static const char *
trend_mark(enum trend trend)
{
	if (trend == TREND_GROWING)
		return theme_mark(MARK_UP);
	if (trend == TREND_DRAINING)
		return theme_mark(MARK_DOWN);
	return trend == TREND_STEADY ? "=" : " ";
}

static enum style
lag_style(int64_t lag)
{
	return lag > 0 ? STYLE_WARN : STYLE_GOOD;
}

static enum style
state_style(const struct group_row *row)
{
	if (!row->state.p || slice_is(row->state, "Empty") || slice_is(row->state, "Dead"))
		return STYLE_DIM;
	return slice_is(row->state, "Stable") ? STYLE_GOOD : STYLE_WARN;
}

static const char *
print_eta(char *out, double seconds)
{
	if (isnan(seconds))
		return strcpy(out, "-");
	if (isinf(seconds) || seconds > 1e9)
		return strcpy(out, "never");
	return seconds <= 0 ? strcpy(out, "now") : units_age(out, units_ms(seconds));
}

/* ---- columns ---- */

static bool
has_problem(const struct view *view)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->groups[i].problem.p)
			return true;
	return false;
}

static void
draw_name(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	const char *mark = row->ours ? " (ours)" : row->watched ? " (watched)" : "";
	int n = (int)strlen(mark);

	if (w < n + 4)
		n = 0;
	x += canvas_slice(c, y, x, w - n, STYLE_STRONG, row->name);
	canvas_text(c, y, x, n, STYLE_GOOD, mark);
}

static void
draw_state(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, state_style(row), row->state);
}

static void
draw_members(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->members);
}

static void
draw_partitions(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->partitions);
}

static void
draw_lag(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, lag_style(row->lag), row->lag);
}

static void
draw_consumption(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_rate(c, y, x, w, STYLE_NORMAL, row->consumption);
}

static void
draw_production(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_rate(c, y, x, w, STYLE_NORMAL, row->production);
}

static void
draw_trend(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	if (row->trend == TREND_UNKNOWN)
		canvas_text(c, y, x + 2, w - 2, STYLE_DIM, "-");
	else
		canvas_printf(c, y, x, w, trend_style(row->trend), "%s %s", trend_mark(row->trend),
			      trend_name(row->trend));
}

static void
draw_eta(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char text[UNITS_TEXT];

	canvas_right(c, y, x, w, isnan(row->eta) ? STYLE_DIM : STYLE_NORMAL, print_eta(text, row->eta));
}

static int64_t
age_of(const struct view *view, const struct group_row *row)
{
	return row->at < 0 ? -1 : view->now > row->at ? view->now - row->at : 0;
}

static void
draw_asked(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char text[UNITS_TEXT];

	canvas_right(c, y, x, w, STYLE_DIM, units_age(text, age_of(view, row)));
}

static void
draw_problem(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	if (row->problem.p)
		canvas_printf(c, y, x, w, STYLE_BAD, "%s n/a: %.*s", theme_mark(MARK_BAD), (int)row->problem.n,
			      row->problem.p);
}

static const struct column columns[] = {
	{.title = "group", .sort = SORT_ID, .least = 24, .wished = 40, .rank = 0, .draw = draw_name},
	{.title = "state", .sort = SORT_STATE, .least = 6, .wished = 20, .rank = 3, .draw = draw_state},
	{.title = "memb", .sort = SORT_MEMBERS, .least = 4, .wished = 5, .rank = 2, .right = true,
	 .draw = draw_members},
	{.title = "part", .sort = SORT_PARTITION, .least = 4, .wished = 6, .rank = 5, .right = true,
	 .draw = draw_partitions},
	{.title = "lag", .sort = SORT_LAG, .least = 9, .wished = 13, .rank = 0, .right = true, .draw = draw_lag},
	{.title = "read/s", .sort = SORT_CONSUMPTION, .least = 6, .wished = 7, .rank = 2, .right = true,
	 .draw = draw_consumption},
	{.title = "made/s", .sort = SORT_PRODUCTION, .least = 6, .wished = 7, .rank = 2, .right = true,
	 .draw = draw_production},
	{.title = "trend", .sort = SORT_TREND, .least = 10, .wished = 10, .rank = 1, .draw = draw_trend},
	{.title = "ETA", .sort = SORT_ETA, .least = 5, .wished = 5, .rank = 1, .right = true, .draw = draw_eta},
	{.title = "asked", .sort = SORT_AGE, .least = 5, .wished = 5, .rank = 4, .right = true, .draw = draw_asked},
	{.title = "problem", .least = 16, .wished = 30, .rank = 4, .grows = true, .shown = has_problem,
	 .draw = draw_problem},
};

/* ---- the list ---- */

/* Its figures are not those of now. */
static bool
is_old(const struct view *view, size_t i)
{
	return age_of(view, &view->groups[i]) >= OLD_MS;
}


static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	(void)state;
	canvas_clip(c, area);
	if (screen_has_rows(c, area, view, VIEW_GROUPS)) {
		area = screen_draw_remark(c, area, view, "watching only, none is joined; rates of the last 30 s");
		table_draw(c, area, columns, sizeof(columns) / sizeof(*columns), view, is_old);
	}
	canvas_unclip(c);
}

/* ---- detail ---- */

static struct slice
text_or_dash(struct slice s)
{
	return s.p && s.n ? s : slice_str("-");
}

static struct slice
print_trend(struct arena *texts, enum trend trend)
{
	if (trend == TREND_UNKNOWN || trend == TREND_KEEPS_UP)
		return slice_str(trend_name(trend));
	return arena_print(texts, "%s %s", trend_mark(trend), trend_name(trend));
}

static void
page_summary(struct page *p, struct arena *texts, const struct view *view, const struct group_row *row)
{
	char consumption[UNITS_TEXT], production[UNITS_TEXT], eta[UNITS_TEXT], age[UNITS_TEXT];
	const char *whose = row->ours ? ", the group of this exptop" : row->watched ? ", watched" : "";
	const struct fact facts[] = {
		{"state", state_style(row), text_or_dash(row->state)},
		{"assignor", STYLE_NORMAL, text_or_dash(row->protocol)},
		{"members", STYLE_NORMAL, fact_count(texts, row->members)},
		{"partitions", STYLE_NORMAL, fact_count(texts, row->partitions)},
		{"lag", lag_style(row->lag), fact_count(texts, row->lag)},
		{"trend", trend_style(row->trend), print_trend(texts, row->trend)},
		{"reads/s", STYLE_NORMAL, slice_str(units_rate(consumption, row->consumption))},
		{"produced/s", STYLE_NORMAL, slice_str(units_rate(production, row->production))},
		{"caught up in", STYLE_NORMAL, slice_str(print_eta(eta, row->eta))},
		{"asked", STYLE_NORMAL,
		 row->at < 0 ? slice_str("not yet") : arena_print(texts, "%s ago", units_age(age, age_of(view, row)))},
	};

	page_text(p, 1, STYLE_STRONG, arena_print(texts, "%.*s%s", (int)row->name.n, row->name.p, whose));
	if (row->problem.p)
		page_text(p, 1, STYLE_BAD, arena_print(texts, "%s n/a: %.*s", theme_mark(MARK_BAD), (int)row->problem.n,
						       row->problem.p));
	else if (row->partitions == 0)
		page_text(p, 1, STYLE_WARN, slice_str("It has committed nothing on the topics there are: it is new, "
						      "never commits, or its topics were deleted."));
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
}

static void
page_lags(struct page *p, const struct group_detail *d)
{
	char remark[64], span[UNITS_TEXT];
	int w = p->area.w - 2 < GROUP_LAGS ? p->area.w - 2 : GROUP_LAGS;

	if (d->n_lags < 2)
		return;
	snprintf(remark, sizeof(remark), "one bar per look, %s in all", units_age(span, d->lags_span));
	page_heading(p, "Lag", remark);
	graph_spark(p->c, p->y++, p->area.x + 1, w, STYLE_GRAPH, d->lags, d->n_lags);
}

/* What an answer that has not come yet, or could not, leaves open. */
static bool
page_unknown(struct page *p, struct arena *texts, const struct group_detail *d, struct slice problem)
{
	if (problem.p)
		page_text(p, 1, STYLE_WARN, arena_print(texts, "not known: %.*s", (int)problem.n, problem.p));
	else if (!d->asked)
		page_text(p, 1, STYLE_DIM, slice_str("asking .."));
	return problem.p || !d->asked;
}

/* Figures stand near to what they belong to. */
static int
page_width(const struct page *p)
{
	return p->area.w < 120 ? p->area.w - 2 : 118;
}

static void
draw_member(struct page *p, const struct group_member *m)
{
	int x = p->area.x + 1, w = page_width(p), names = w - 24, host = names / 4;

	host = host < 16 ? 16 : host > 30 ? 30 : host;
	canvas_slice(p->c, p->y, x, names - host - 1, STYLE_NORMAL, m->client);
	canvas_slice(p->c, p->y, x + names - host, host, STYLE_DIM, m->host);
	figure_count(p->c, p->y, x + w - 23, 10, STYLE_NORMAL, m->partitions);
	figure_count(p->c, p->y, x + w - 12, 12, lag_style(m->lag), m->lag);
}

static void
page_more(struct page *p, struct arena *texts, size_t more)
{
	if (more > 0)
		page_text(p, 1, STYLE_WARN, arena_print(texts, "and %zu more, not shown", more));
}

static void
page_members(struct page *p, struct arena *texts, const struct group_detail *d)
{
	page_heading(p, "Members", "client, host; partitions, lag");
	if (page_unknown(p, texts, d, d->members_problem))
		return;
	for (size_t i = 0; i < d->n_members; i++, p->y++)
		if (page_visible(p))
			draw_member(p, &d->members[i]);
	if (d->n_members == 0)
		page_text(p, 1, STYLE_DIM, slice_str("it has none: nobody reads for it"));
	page_more(p, texts, d->more_members);
}

static void
draw_place(struct page *p, const struct group_detail *d, const struct group_place *place)
{
	int x = p->area.x + 1, w = page_width(p), names = w - 45, topic = names * 3 / 5;
	const struct slice none = {0};

	canvas_slice(p->c, p->y, x, topic - 1, STYLE_NORMAL, place->topic);
	figure_count(p->c, p->y, x + topic, 6, STYLE_STRONG, place->partition);
	figure_count(p->c, p->y, x + topic + 7, 12, place->beyond ? STYLE_BAD : STYLE_NORMAL, place->committed);
	figure_count(p->c, p->y, x + topic + 20, 12, STYLE_NORMAL, place->end);
	figure_count(p->c, p->y, x + topic + 33, 10, lag_style(place->lag), place->lag);
	figure_name(p->c, p->y, x + topic + 45, names - topic, STYLE_NORMAL,
		    place->member >= 0 ? d->members[place->member].client : none);
}

static void
page_places(struct page *p, struct arena *texts, const struct group_detail *d)
{
	page_heading(p, "Partitions", "topic, partition; committed, end, lag; member");
	if (page_unknown(p, texts, d, (struct slice){0}))
		return;
	for (size_t i = 0; i < d->n_places; i++, p->y++)
		if (page_visible(p))
			draw_place(p, d, &d->places[i]);
	if (d->n_places == 0)
		page_text(p, 1, STYLE_DIM, slice_str("none"));
	page_more(p, texts, d->more_places);
}

static int
draw_detail(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	const struct group_detail *d = view->group;
	struct arena texts = {0};
	struct page p;

	page_begin(&p, c, area, state->scroll);
	if (d) {
		page_summary(&p, &texts, view, &d->row);
		page_lags(&p, d);
		page_members(&p, &texts, d);
		page_places(&p, &texts, d);
	} else {
		page_gone(&p, "This group is not there any more.");
	}
	arena_free(&texts);
	return page_end(&p);
}

const struct screen screen_groups = {
	.name = "Groups",
	.key = '5',
	.list = VIEW_GROUPS,
	.detail = VIEW_GROUP,
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(*columns),
	.sort = SORT_ID,
	.rows = screen_rows_and_remark,
	.draw = draw,
	.draw_detail = draw_detail,
};
