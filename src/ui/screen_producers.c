/* SPDX-License-Identifier: MIT */
/* What producers make, as their metrics pages say: a graph of five minutes, and a line for each. */
#include "base/text.h"
#include "base/units.h"
#include "ui/figure.h"
#include "ui/graph.h"
#include "ui/screen.h"

#include <math.h>
#include <stdio.h>

enum { GRAPH_LEAST_H = 6, NAME_W = 30, NAME_LEAST_W = 9, RATE_W = 9, RUNNING_W = 8, EVENTS_W = 11, NOWHERE = -1000 };

/* ---- the first line: all together ---- */

static int64_t
running(const struct view *view)
{
	int64_t sum = -1;

	for (size_t i = 0; i < view->n; i++)
		if (view->producers[i].state == PRODUCER_ANSWERS && view->producers[i].running >= 0)
			sum = (sum < 0 ? 0 : sum) + view->producers[i].running;
	return sum;
}

/* What the producers that answer make now. */
static double
together(const struct view *view)
{
	double sum = NAN;

	for (size_t i = 0; i < view->n; i++)
		if (!isnan(view->producers[i].rate))
			sum = (isnan(sum) ? 0 : sum) + view->producers[i].rate;
	return sum;
}

static void
draw_total(struct canvas *c, int y, int x, int w, const struct view *view)
{
	const struct producers_head *head = &view->head.producers;
	char text[UNITS_TEXT];
	int end = x + w;

	x += canvas_text(c, y, x, end - x, STYLE_SORTED, "Events/s") + 1;
	x += canvas_text(c, y, x, end - x, STYLE_TITLE, "of the last 5 minutes; now") + 1;
	x += canvas_text(c, y, x, end - x, STYLE_SORTED, units_rate(text, together(view))) + 2;
	if (head->planned_for) {
		x += canvas_printf(c, y, x, end - x, STYLE_TITLE, "%s planned", theme_mark(MARK_PLANNED)) + 1;
		x += canvas_text(c, y, x, end - x, STYLE_SORTED,
				 units_rate(text, view->planned[PRODUCER_POINTS - 1])) + 2;
	}
	x += canvas_text(c, y, x, end - x, STYLE_TITLE, "experiments") + 1;
	canvas_text(c, y, x, end - x, STYLE_SORTED, units_count(text, running(view)));
}

/* ---- the graph ---- */

static int
band_of(size_t i)
{
	return i < RATE_BANDS ? (int)i : RATE_BANDS;
}

/* Point K of all producers that have no band of their own. */
static double
others_at(const struct view *view, int k)
{
	double sum = NAN;

	for (size_t i = RATE_BANDS; i < view->n; i++)
		if (!isnan(view->producers[i].points[k]))
			sum = (isnan(sum) ? 0 : sum) + view->producers[i].points[k];
	return sum;
}

static void
draw_graph(struct canvas *c, struct rect area, const struct view *view)
{
	double others[PRODUCER_POINTS];
	struct graph_plot plot = {
		.points = PRODUCER_POINTS,
		.step_s = 1,
		.end = view->points_end / 1000,
		.folds = true,
		.mono = theme_mono(),
		.planned = view->head.producers.planned_for ? view->planned : NULL,
	};

	for (size_t i = 0; i < view->n && i < RATE_BANDS; i++)
		plot.bands[plot.n_bands++] = (struct graph_layer){view->producers[i].points, band_of(i)};
	if (view->n > RATE_BANDS) {
		for (int k = 0; k < PRODUCER_POINTS; k++)
			others[k] = others_at(view, k);
		plot.bands[plot.n_bands++] = (struct graph_layer){others, RATE_BANDS};
	}
	graph_plot(c, area, &plot);
}

/* ---- the lines below ---- */

static const enum style state_styles[] = {
	[PRODUCER_UNKNOWN] = STYLE_DIM,
	[PRODUCER_ANSWERS] = STYLE_GOOD,
	[PRODUCER_ENDED] = STYLE_NORMAL,
	[PRODUCER_GONE] = STYLE_WARN,
	[PRODUCER_FAILS] = STYLE_BAD,
	[PRODUCER_OTHERS] = STYLE_DIM,
};

static const enum mark state_marks[] = {
	[PRODUCER_UNKNOWN] = MARK_WAIT,
	[PRODUCER_ANSWERS] = MARK_IN,
	[PRODUCER_ENDED] = MARK_IN,
	[PRODUCER_GONE] = MARK_WAIT,
	[PRODUCER_FAILS] = MARK_BAD,
	[PRODUCER_OTHERS] = MARK_WAIT,
};

/* "● answers, restarted 2x", "○ gone 20s", "× it does not answer within 2 s" */
static void
draw_state(struct canvas *c, int y, int x, int w, const struct view *view, const struct producer_row *row)
{
	enum style style = state_styles[row->state];
	char age[UNITS_TEXT];
	int end = x + w;

	x += canvas_text(c, y, x, end - x, style, theme_mark(state_marks[row->state])) + 1;
	if (row->state == PRODUCER_FAILS && row->problem.p) {
		canvas_slice(c, y, x, end - x, style, row->problem);
		return;
	}
	x += canvas_text(c, y, x, end - x, style, producer_state_name(row->state));
	if (row->state == PRODUCER_GONE || row->state == PRODUCER_ENDED)
		x += canvas_printf(c, y, x, end - x, STYLE_DIM, " %s", units_age(age, view->now - row->since));
	if (row->restarts > 0)
		canvas_printf(c, y, x, end - x, STYLE_DIM, ", restarted %sx", units_count(age, row->restarts));
}

/* Where the fields begin in W cells. */
struct columns {
	int name_w, rate, running, events, state, state_w;
};

/* Names take what they need: what is behind them goes first where there is little room. */
static int
name_width(const struct view *view)
{
	size_t w = NAME_LEAST_W;

	for (size_t i = 0; i < view->n && w < NAME_W; i++)
		if (text_width(view->producers[i].name) > w)
			w = text_width(view->producers[i].name);
	return w < NAME_W ? (int)w : NAME_W;
}

/* The next W cells from *X on, or none that can be seen when they are not all there. */
static int
next_column(int *x, int w, int end)
{
	int at = *x + w <= end ? *x : NOWHERE;

	*x += w;
	return at;
}

static struct columns
columns_in(struct rect area, const struct view *view)
{
	int x = area.x + 2, end = area.x + area.w;
	struct columns at = {.name_w = name_width(view)};

	x += at.name_w;
	at.rate = next_column(&x, RATE_W, end);
	at.running = next_column(&x, RUNNING_W, end);
	at.events = next_column(&x, EVENTS_W, end);
	at.state = x + 2;
	at.state_w = end - at.state;
	return at;
}

static void
draw_titles(struct canvas *c, struct rect area, const struct columns *at)
{
	canvas_paint(c, (struct rect){area.y, area.x - 1, 1, area.w + 2}, STYLE_TITLE);
	canvas_text(c, area.y, area.x + 2, at->name_w, STYLE_TITLE, "producer");
	canvas_right(c, area.y, at->rate, RATE_W, STYLE_TITLE, "events/s");
	canvas_right(c, area.y, at->running, RUNNING_W, STYLE_TITLE, "running");
	canvas_right(c, area.y, at->events, EVENTS_W, STYLE_TITLE, "events");
	canvas_text(c, area.y, at->state, at->state_w, STYLE_TITLE, "state");
}

static void
draw_row(struct canvas *c, int y, int x, const struct columns *at, const struct view *view, size_t i)
{
	const struct producer_row *row = &view->producers[i];
	int band = band_of(i);

	canvas_text(c, y, x, 1, STYLE_BAND + band, theme_fill(band, theme_mono()));
	canvas_slice(c, y, x + 2, at->name_w, STYLE_NORMAL, row->name);
	figure_rate(c, y, at->rate, RATE_W, STYLE_STRONG, row->rate);
	figure_count(c, y, at->running, RUNNING_W, STYLE_NORMAL, row->state == PRODUCER_ANSWERS ? row->running : -1);
	figure_count(c, y, at->events, EVENTS_W, STYLE_NORMAL, row->events);
	draw_state(c, y, at->state, at->state_w, view, row);
}

/* What a list cut to H lines leaves out is said in its last. */
static void
draw_list(struct canvas *c, struct rect area, const struct view *view)
{
	struct columns at = columns_in(area, view);
	size_t lines = area.h > 1 ? (size_t)area.h - 1 : 0, cut = lines > 0 ? lines - 1 : 0;
	size_t shown = view->n <= lines ? view->n : cut;

	draw_titles(c, area, &at);
	for (size_t i = 0; i < shown; i++)
		draw_row(c, area.y + 1 + (int)i, area.x, &at, view, i);
	if (shown < view->n && lines > 0)
		canvas_printf(c, area.y + area.h - 1, area.x + 2, area.w - 2, STYLE_DIM,
			      "%zu more: --text has a field for each", view->n - shown);
}

/* ---- all of it ---- */

static void
draw_nothing(struct canvas *c, struct rect area, const struct view *view)
{
	struct rect text = {area.y + area.h / 3, area.x + 3, area.h - area.h / 3, area.w - 6};

	text.y += canvas_wrap(c, text, STYLE_STRONG, view->head.producers.nobody.p
							 ? view->head.producers.nobody
							 : slice_str("Looking for producers ..")) + 1;
	text.h = area.y + area.h - text.y;
	if (text.h > 0)
		canvas_wrap(c, text, STYLE_WARN, view->head.producers.others);
}

/* Lines of H for a list of so many: the graph has half of them, if that is enough for one, or none. */
static int
list_height(int h, int lines)
{
	int most = h - GRAPH_LEAST_H > h / 2 ? h - GRAPH_LEAST_H : h / 2;

	if (lines > most)
		lines = most;
	return h - lines < GRAPH_LEAST_H ? h : lines;
}

/* At the top of *IN, which becomes the rest. */
static void
draw_sentence(struct canvas *c, struct rect *in, struct slice sentence)
{
	int used = sentence.p ? canvas_wrap(c, *in, STYLE_WARN, sentence) : 0;

	in->y += used;
	in->h -= used;
}

static void
draw_all(struct canvas *c, struct rect area, const struct view *view)
{
	struct rect in = {area.y + 1, area.x + 1, area.h - 1, area.w - 2}, list;

	canvas_paint(c, (struct rect){area.y, area.x, 1, area.w}, STYLE_TITLE);
	draw_total(c, area.y, area.x + 1, area.w - 2, view);
	draw_sentence(c, &in, view->head.producers.nobody);
	draw_sentence(c, &in, view->head.producers.others);
	list = in;
	list.h = list_height(in.h, (int)view->n + 1);
	list.y += in.h - list.h;
	in.h -= list.h;
	draw_graph(c, in, view);
	draw_list(c, list, view);
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	(void)state;
	canvas_clip(c, area);
	if (view->query.kind == VIEW_PRODUCERS && view->n > 0)
		draw_all(c, area, view);
	else if (view->query.kind == VIEW_PRODUCERS)
		draw_nothing(c, area, view);
	canvas_unclip(c);
}

const struct screen screen_producers = {
	.name = "Producers",
	.key = '1',
	.list = VIEW_PRODUCERS,
	.detail = VIEW_HEAD,
	.draw = draw,
};
