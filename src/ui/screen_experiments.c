/* SPDX-License-Identifier: MIT */
#include "base/units.h"
#include "ui/figure.h"
#include "ui/graph.h"
#include "ui/page.h"
#include "ui/screen.h"

#include <math.h>
#include <stdio.h>

enum { FACT_W = 38, CURVE_LEAST = 8, CURVE_MOST = 22, CURVE_ABOVE = 8 /* lines */ };

#define ROW const struct experiment_row *row = &view->experiments[i]

/* ---- what a row's figures mean ---- */

static enum style
stage_style(enum stage stage)
{
	static const enum style styles[] = {STYLE_DIM, STYLE_NORMAL, STYLE_WARN, STYLE_GOOD, STYLE_DIM};

	return styles[stage];
}

/* Out of the range is bad while it is carried out, and to be expected before. */
static enum style
place_style(const struct experiment_row *row)
{
	if (row->place == RANGE_IN)
		return STYLE_GOOD;
	if (row->place == RANGE_UNKNOWN)
		return STYLE_NORMAL;
	return row->stage == STAGE_RUNNING ? STYLE_BAD : STYLE_WARN;
}

static const char *
place_mark(enum range_place place)
{
	static const enum mark marks[] = {[RANGE_BELOW] = MARK_DOWN, [RANGE_IN] = MARK_IN, [RANGE_ABOVE] = MARK_UP};

	return place == RANGE_UNKNOWN ? " " : theme_mark(marks[place]);
}

static enum style
rate_style(const struct experiment_row *row)
{
	return row->stage == STAGE_RUNNING && row->rate < 0.8 * row->expected_rate ? STYLE_WARN : STYLE_NORMAL;
}

static const char *
print_degrees(char *out, double v)
{
	if (!isfinite(v))
		return strcpy(out, "-");
	snprintf(out, UNITS_TEXT, fabs(v) < 1e5 ? "%.2f" : "%.2e", v);
	return out;
}

/* With as many decimals as W cells have room for, two at most: a figure is never cut. */
static const char *
print_average(char *out, double v, int w)
{
	if (!isfinite(v))
		return strcpy(out, "-");
	for (int decimals = 2; decimals >= 0; decimals--)
		if (snprintf(out, UNITS_TEXT, "%.*f", decimals, v) <= w)
			return out;
	snprintf(out, UNITS_TEXT, "%.0e", v);
	return out;
}

static const char *
print_range(char out[2 * UNITS_TEXT], const struct experiment_row *row, const char *between)
{
	if (!isfinite(row->lower) || !isfinite(row->upper))
		return strcpy(out, "-");
	snprintf(out, 2 * UNITS_TEXT, "%g%s%g", row->lower, between, row->upper);
	return out;
}

/* ---- columns ---- */

static void
draw_id(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_STRONG, row->id);
}

static void
draw_topic(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	struct slice topics = view->head.topics;
	const char *end = topics.p + topics.n;

	for (int no = row->topic_no; no > 0 && topics.p; no--) {
		topics.p = memchr(topics.p, ',', (size_t)(end - topics.p));
		if (topics.p)
			topics.p += 1 + (topics.p + 1 < end && topics.p[1] == ' ');
	}
	if (topics.p) {
		const char *comma = memchr(topics.p, ',', (size_t)(end - topics.p));

		topics.n = (size_t)((comma ? comma : end) - topics.p);
	}
	figure_name(c, y, x, w, STYLE_NORMAL, topics);
}

static void
draw_partition(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->partition);
}

static void
draw_researcher(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_NORMAL, row->researcher);
}

static void
draw_stage(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	canvas_text(c, y, x, w, stage_style(row->stage), stage_name(row->stage));
}

static void
draw_sensors(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	bool missing = row->stage == STAGE_RUNNING && row->sensors_seen < row->sensors_configured;
	char seen[UNITS_TEXT], all[UNITS_TEXT], text[2 * UNITS_TEXT + 1];

	snprintf(text, sizeof(text), "%s/%s", units_short(seen, row->sensors_seen),
		 units_short(all, row->sensors_configured));
	canvas_right(c, y, x, w, missing ? STYLE_WARN : STYLE_NORMAL, text);
}

static void
draw_temperature(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char text[UNITS_TEXT];

	canvas_right(c, y, x, w - 2, isfinite(row->average) ? place_style(row) : STYLE_DIM,
		     print_average(text, row->average, w - 2));
	canvas_text(c, y, x + w - 1, 1, place_style(row), place_mark(row->place));
}

static void
draw_range(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char text[2 * UNITS_TEXT];

	canvas_text(c, y, x, w, STYLE_DIM, print_range(text, row, ".."));
}

static void
draw_rate(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char text[UNITS_TEXT];
	int left = (w - 1) / 2;

	figure_rate(c, y, x, left, rate_style(row), row->rate);
	canvas_text(c, y, x + left, 1, STYLE_DIM, "/");
	canvas_text(c, y, x + left + 1, w - left - 1, STYLE_DIM, units_rate(text, row->expected_rate));
}

static void
draw_events(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->events);
}

static void
draw_last(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_age(c, y, x, w, view->now, row->last);
}

static void
draw_spark(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	graph_spark(c, y, x, w, STYLE_GRAPH, row->spark, SPARK_POINTS);
}

static const struct column columns[] = {
	{.title = "id", .sort = SORT_ID, .least = 9, .wished = 36, .rank = 1, .draw = draw_id},
	{.title = "topic", .least = 8, .wished = 16, .rank = 8, .shown = screen_many_topics, .draw = draw_topic},
	{.title = "part", .sort = SORT_PARTITION, .least = 4, .wished = 4, .rank = 7, .right = true,
	 .draw = draw_partition},
	{.title = "researcher", .sort = SORT_RESEARCHER, .least = 10, .wished = 20, .rank = 3, .draw = draw_researcher},
	{.title = "stage", .sort = SORT_STAGE, .least = 11, .wished = 11, .rank = 0, .draw = draw_stage},
	{.title = "sens", .sort = SORT_SENSORS, .least = 5, .wished = 7, .rank = 4, .right = true,
	 .draw = draw_sensors},
	{.title = "average", .sort = SORT_TEMPERATURE, .least = 8, .wished = 9, .rank = 0, .right = true,
	 .draw = draw_temperature},
	{.title = "range", .least = 10, .wished = 12, .rank = 6, .draw = draw_range},
	{.title = "ev/s/expect", .sort = SORT_RATE, .least = 11, .wished = 11, .rank = 2, .draw = draw_rate},
	{.title = "events", .sort = SORT_EVENTS, .least = 7, .wished = 9, .rank = 4, .right = true,
	 .draw = draw_events},
	{.title = "last", .sort = SORT_AGE, .least = 4, .wished = 4, .rank = 3, .right = true, .draw = draw_last},
	{.title = "trend", .least = 6, .wished = 24, .rank = 5, .right = true, .draw = draw_spark},
};

static bool
is_revoked(const struct view *view, size_t i)
{
	return view->experiments[i].revoked;
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	(void)state;
	canvas_clip(c, area);
	if (screen_has_rows(c, area, view, VIEW_EXPERIMENTS))
		table_draw(c, area, columns, sizeof(columns) / sizeof(*columns), view, is_revoked);
	canvas_unclip(c);
}

/* ---- detail ---- */

static struct slice
print_temperature(struct arena *texts, const struct experiment_row *row)
{
	static const char *const places[] = {"", ", below its range", ", in its range", ", above its range"};
	char degrees[UNITS_TEXT];

	return arena_print(texts, "%s %s%s", print_degrees(degrees, row->average), place_mark(row->place),
			   places[row->place]);
}

static struct slice
print_time(struct arena *texts, const struct view *view, int64_t time)
{
	char clock[UNITS_TEXT], age[UNITS_TEXT];

	if (time < 0)
		return slice_str("-");
	return arena_print(texts, "%s, %s ago", units_clock(clock, time),
			   units_age(age, view->now > time ? view->now - time : 0));
}

static struct slice
print_pair(struct arena *texts, const char *a, const char *between, const char *b)
{
	return arena_print(texts, "%s%s%s", a, between, b);
}

static void
page_summary(struct page *p, struct arena *texts, const struct view *view, const struct experiment_detail *d)
{
	const struct experiment_row *row = &d->row;
	char a[2 * UNITS_TEXT], b[UNITS_TEXT];
	const struct fact facts[] = {
		{"stage", stage_style(row->stage), row->revoked ? slice_str("its partition was revoked")
								: slice_str(stage_name(row->stage))},
		{"researcher", STYLE_NORMAL, row->researcher.p ? row->researcher : slice_str("-")},
		{"average", place_style(row), print_temperature(texts, row)},
		{"range", STYLE_NORMAL, arena_print(texts, "%s", print_range(a, row, " to "))},
		{"events/s", rate_style(row),
		 print_pair(texts, units_rate(a, row->rate), " of ", units_rate(b, row->expected_rate))},
		{"events", STYLE_NORMAL, fact_count(texts, row->events)},
		{"sensors", STYLE_NORMAL,
		 print_pair(texts, units_count(a, row->sensors_seen), " of ", units_count(b, row->sensors_configured))},
		{"last event", STYLE_NORMAL, print_time(texts, view, row->last)},
		{"measurements", d->incomplete > 0 ? STYLE_WARN : STYLE_NORMAL,
		 arena_print(texts, "%s complete, %s not", units_count(a, d->complete), units_count(b, d->incomplete))},
		{"partition", STYLE_NORMAL,
		 arena_print(texts, "%s, offsets %s to %s", units_count(a, row->partition),
			     units_count(b, d->first_offset), units_count((char[UNITS_TEXT]){0}, d->last_offset))},
	};

	page_text(p, 1, STYLE_STRONG, row->id);
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
}

static void
page_curve(struct page *p, const struct experiment_detail *d)
{
	int h = p->area.h - CURVE_ABOVE;

	h = h < CURVE_LEAST ? CURVE_LEAST : h > CURVE_MOST ? CURVE_MOST : h;
	page_heading(p, "Average temperature", "of each complete measurement, and its range");
	if (d->n_curve == 0) {
		page_text(p, 1, STYLE_DIM, slice_str("no complete measurement yet"));
		return;
	}
	graph_curve(p->c, (struct rect){p->y, p->area.x, h, p->area.w - 1}, d->curve, d->n_curve, d->row.lower,
		    d->row.upper);
	p->y += h;
}

static void
page_stages(struct page *p, const struct view *view, const struct experiment_detail *d)
{
	page_heading(p, "Stages", "by the events' own time, UTC");
	for (size_t i = 0; i < d->n_stages; i++) {
		const struct stage_change *s = &d->stages[i];
		bool last = i + 1 == d->n_stages;
		int64_t until = last ? view->now : d->stages[i + 1].time;
		char clock[UNITS_TEXT], age[UNITS_TEXT];

		canvas_text(p->c, p->y, p->area.x + 1, 8, STYLE_NORMAL, units_clock(clock, s->time));
		canvas_text(p->c, p->y, p->area.x + 11, 12, stage_style(s->stage), stage_name(s->stage));
		if (s->stage != STAGE_TERMINATED && s->time >= 0 && until >= s->time)
			canvas_printf(p->c, p->y, p->area.x + 24, 16, STYLE_DIM, "for %s%s",
				      units_age(age, until - s->time), last ? " so far" : "");
		p->y++;
	}
	if (d->n_stages == 0)
		page_text(p, 1, STYLE_DIM, slice_str("none was seen"));
}

static void
page_sensors(struct page *p, const struct view *view, const struct experiment_detail *d)
{
	int x = p->area.x + 1, id_w = p->area.w - 34 < 36 ? p->area.w - 34 : 36;
	char remark[64];

	snprintf(remark, sizeof(remark), "%zu; last temperature, events, last event", d->n_sensors);
	page_heading(p, "Sensors", remark);
	for (size_t i = 0; i < d->n_sensors; i++, p->y++) {
		const struct sensor_row *s = &d->sensors[i];
		char text[UNITS_TEXT];

		if (!page_visible(p))
			continue;
		figure_name(p->c, p->y, x, id_w, STYLE_NORMAL, s->id);
		canvas_right(p->c, p->y, x + id_w + 2, 9, isfinite(s->temperature) ? STYLE_STRONG : STYLE_DIM,
			     print_degrees(text, s->temperature));
		figure_count(p->c, p->y, x + id_w + 13, 9, STYLE_NORMAL, s->events);
		figure_age(p->c, p->y, x + id_w + 24, 5, view->now, s->last);
	}
	if (d->n_sensors == 0)
		page_text(p, 1, STYLE_DIM, slice_str("none was seen"));
}

static void
page_kinds(struct page *p, const struct experiment_detail *d)
{
	page_heading(p, "Events by kind", NULL);
	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		if (d->kinds[kind] == 0)
			continue;
		canvas_text(p->c, p->y, p->area.x + 1, 28, STYLE_NORMAL, event_kind_name((enum event_kind)kind));
		figure_count(p->c, p->y, p->area.x + 30, 9, STYLE_NORMAL, d->kinds[kind]);
		p->y++;
	}
}

static int
draw_detail(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	const struct experiment_detail *d = view->experiment;
	struct arena texts = {0};
	struct page p;

	page_begin(&p, c, area, state->scroll);
	if (d) {
		page_summary(&p, &texts, view, d);
		page_curve(&p, d);
		page_stages(&p, view, d);
		page_sensors(&p, view, d);
		page_kinds(&p, d);
	} else {
		page_gone(&p, "This experiment is no longer known: what is read was begun anew, or it was "
			      "silent for so long that others took its place.");
	}
	arena_free(&texts);
	return page_end(&p);
}

const struct screen screen_experiments = {
	.name = "Experiments",
	.key = '1',
	.list = VIEW_EXPERIMENTS,
	.detail = VIEW_EXPERIMENT,
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(*columns),
	.sort = SORT_STAGE,
	.draw = draw,
	.draw_detail = draw_detail,
};
