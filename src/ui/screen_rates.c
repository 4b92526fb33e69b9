/* SPDX-License-Identifier: MIT */
#include "base/units.h"
#include "ui/graph.h"
#include "ui/screen.h"

#include <stdio.h>

enum { LEGEND_W = 48, LEGEND_LEAST_W = 26, ID_LEAST_W = 9, BESIDE_W = 120, GRAPH_LEAST_H = 6 };

/* Bands of the legend: the others only when there are some. */
static size_t
shown_bands(const struct view *view)
{
	const struct rate_band *last = &view->bands[view->n_bands > 0 ? view->n_bands - 1 : 0];

	if (view->n_bands == 0 || last->id.p)
		return view->n_bands;
	for (int i = 0; i < RATE_POINTS; i++)
		if (last->points[i] > 0)
			return view->n_bands;
	return view->n_bands - 1;
}

/* With the lines that are compared with them. */
static size_t
entries(const struct view *view)
{
	return shown_bands(view) + (view->head.producers.compared ? 2 : 0);
}

static void
draw_band_entry(struct canvas *c, int y, int x, int w, const struct view *view, size_t i, bool mono)
{
	const struct rate_band *band = &view->bands[i];
	int number = graph_band(view->bands, i);
	char rate[UNITS_TEXT];

	canvas_text(c, y, x, 1, STYLE_BAND + number, theme_fill(number, mono));
	if (band->id.p)
		canvas_slice(c, y, x + 2, w - 9, STYLE_NORMAL, band->id);
	else
		canvas_text(c, y, x + 2, w - 9, STYLE_DIM, "all others");
	canvas_right(c, y, x + w - 6, 6, STYLE_STRONG, units_rate(rate, band->rate));
}

/* The lines over the graph. */
static void
draw_line_entry(struct canvas *c, int y, int x, int w, enum mark mark, const char *name, double per_s)
{
	char rate[UNITS_TEXT];

	canvas_text(c, y, x, 1, STYLE_STRONG, theme_mark(mark));
	canvas_text(c, y, x + 2, w - 9, STYLE_NORMAL, name);
	canvas_right(c, y, x + w - 6, 6, STYLE_STRONG, units_rate(rate, per_s));
}

/* "a  b58fd3ba-6abf-43fc-ba4d-93134d702a17  12.5"; behind the bands what was produced and planned. */
static void
draw_entry(struct canvas *c, int y, int x, int w, const struct view *view, size_t i, bool mono)
{
	const struct producers_head *producers = &view->head.producers;
	size_t bands = shown_bands(view);

	if (i < bands)
		draw_band_entry(c, y, x, w, view, i, mono);
	else if (i == bands)
		draw_line_entry(c, y, x, w, MARK_PRODUCED, "produced", producers->produced);
	else
		draw_line_entry(c, y, x, w, MARK_PLANNED, "planned", producers->planned);
}

static void
draw_total(struct canvas *c, int y, int x, int w, const struct view *view)
{
	char rate[UNITS_TEXT];

	x += canvas_text(c, y, x, w, STYLE_SORTED, "Events/s") + 1;
	x += canvas_text(c, y, x, w, STYLE_TITLE, "by record time, of the last 5 minutes; all together now") + 1;
	canvas_text(c, y, x, w, STYLE_SORTED, units_rate(rate, view->total_rate.rate));
}

/* Entries side by side below the graph; the lines they take. */
static int
legend_lines(const struct view *view, int w)
{
	int columns = w / LEGEND_LEAST_W > 0 ? w / LEGEND_LEAST_W : 1;

	return ((int)entries(view) + columns - 1) / columns;
}

static void
draw_legend_below(struct canvas *c, struct rect area, const struct view *view)
{
	int columns = area.w / LEGEND_LEAST_W > 0 ? area.w / LEGEND_LEAST_W : 1, w = area.w / columns;

	for (size_t i = 0; i < entries(view); i++)
		draw_entry(c, area.y + (int)i / columns, area.x + (int)i % columns * w, w - 2, view, i, theme_mono());
}

static void
draw_legend_beside(struct canvas *c, struct rect area, const struct view *view)
{
	for (size_t i = 0; i < entries(view); i++)
		draw_entry(c, area.y + (int)i, area.x, area.w, view, i, theme_mono());
}

/* The graph's window may hold nothing: all is silent, or what is read is older. */
static void
draw_silence(struct canvas *c, struct rect graph, const struct view *view)
{
	static const char sentence[] = "no event of the last 5 minutes was read";
	int w = (int)sizeof(sentence) - 1;

	for (int i = 0; i < RATE_POINTS; i++)
		if (view->total_rate.points[i] > 0)
			return;
	if (graph.w > w)
		canvas_text(c, graph.y + graph.h / 2, graph.x + (graph.w - w) / 2, w, STYLE_NORMAL, sentence);
}

static void
draw_bands(struct canvas *c, struct rect area, const struct view *view)
{
	struct rect graph = {area.y + 1, area.x + 1, area.h - 1, area.w - 2}, legend = graph;
	int lines = legend_lines(view, graph.w);

	canvas_paint(c, (struct rect){area.y, area.x, 1, area.w}, STYLE_TITLE);
	draw_total(c, area.y, area.x + 1, area.w - 2, view);
	if (area.w >= BESIDE_W) {
		legend.x += graph.w - LEGEND_W;
		legend.w = LEGEND_W;
		graph.w -= LEGEND_W + 3;
		draw_legend_beside(c, legend, view);
	} else if (graph.h - lines - 1 >= GRAPH_LEAST_H) {
		graph.h -= lines + 1;
		legend.y += graph.h + 1;
		draw_legend_below(c, legend, view);
	}
	graph_rates(c, graph, view->bands, view->n_bands, view->made, view->planned, theme_mono());
	draw_silence(c, graph, view);
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	bool ours = view->query.kind == VIEW_RATES;

	(void)state;
	canvas_clip(c, area);
	if (ours && view->head.records > 0)
		draw_bands(c, area, view);
	else if (ours || view->head.status.link == LINK_CONNECTING)
		screen_draw_empty(c, area, view);
	canvas_unclip(c);
}

const struct screen screen_rates = {
	.name = "Rates",
	.key = '4',
	.list = VIEW_RATES,
	.detail = VIEW_HEAD,
	.draw = draw,
};
