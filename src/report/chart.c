/* SPDX-License-Identifier: MIT */
#include "report/chart.h"

#include "base/units.h"
#include "model/axis.h"
#include "report/svg.h"

#include <math.h>
#include <stdio.h>

enum { W = 720, LEFT = 52, RIGHT = 56, TOP = 47, BOTTOM = 30, RATE_H = 200, CURVE_H = 280, TIMES = 8, VALUES = 6 };
enum { STRIP_H = 6, FONT_H = 12, FONT_W = 7, STAGE_ROWS = 3, DOTS = 2 /* so few points are drawn as such */ };

/* Where things lie in a chart. */
struct plot {
	struct buf *out;
	double x, y, w, h;
	struct axis values;
	struct time_axis times;
};

/* No more steps than there is something in. */
static struct time_axis
times_over(int64_t first, int64_t last)
{
	struct time_axis a = time_axis_over(first, last, TIMES);

	a.count = (int)((last - a.start) / a.step) + 1;
	return a;
}

static struct plot
plot_new(struct buf *out, int height)
{
	return (struct plot){.out = out, .x = LEFT, .y = TOP, .w = W - LEFT - RIGHT, .h = height - TOP - BOTTOM};
}

static double
x_of(const struct plot *p, int64_t time)
{
	return p->x + time_axis_part(&p->times, time) * p->w;
}

static double
y_of(const struct plot *p, double v)
{
	double part = axis_part(&p->values, v);

	return p->y + p->h * (1 - (part < 0 ? 0 : part > 1 ? 1 : part));
}

/* Lines at the round numbers, with their labels. */
static void
draw_axes(const struct plot *p)
{
	double v;

	for (int i = 0; isfinite(v = axis_label(&p->values, i)); i++) {
		char text[AXIS_TEXT];

		svg_line(p->out, "grid", p->x, y_of(p, v), p->x + p->w, y_of(p, v));
		svg_text(p->out, "label", p->x - 6, y_of(p, v) + 4, SVG_END,
			 slice_str(axis_print(text, &p->values, v)));
	}
	for (int i = 0; i <= p->times.count; i++) {
		int64_t time = p->times.start + i * p->times.step;
		char text[UNITS_TEXT];

		svg_line(p->out, "grid", x_of(p, time), p->y, x_of(p, time), p->y + p->h);
		if (i < p->times.count)
			svg_text(p->out, "label", x_of(p, time), p->y + p->h + 18, SVG_START,
				 slice_str(units_clock(text, time)));
	}
}

/* ---- rates ---- */

static double
rate_at(const struct history *h, size_t i)
{
	return h->counts[i] * 1000.0 / (double)h->step;
}

static double
peak_rate(const struct history *h)
{
	return history_peak(h) * 1000.0 / (double)h->step;
}

/* Steps, from the ground to the ground. */
static void
draw_steps(const struct plot *p, const char *class, const struct history *h)
{
	double ground = y_of(p, 0);

	svg_path_begin(p->out, class);
	svg_path_point(p->out, true, x_of(p, h->start), ground);
	for (size_t i = 0; i < h->n; i++) {
		int64_t from = h->start + (int64_t)i * h->step;

		svg_path_point(p->out, false, x_of(p, from), y_of(p, rate_at(h, i)));
		svg_path_point(p->out, false, x_of(p, from + h->step), y_of(p, rate_at(h, i)));
	}
	svg_path_point(p->out, false, x_of(p, h->start + (int64_t)h->n * h->step), ground);
	svg_path_end(p->out, false);
}

static void
describe_rate(struct buf *out, const char *verb, const struct history *h)
{
	char rate[UNITS_TEXT], from[UNITS_TEXT], to[UNITS_TEXT];

	buf_addf(out, "Records %s from %s to %s, at most %s a second in steps of %.0f s.", verb,
		 units_timestamp(from, h->start), units_timestamp(to, h->start + (int64_t)h->n * h->step),
		 units_rate(rate, peak_rate(h)), (double)h->step / 1000);
}

void
chart_rate(struct buf *out, int number, const char *verb, const struct history *h)
{
	struct plot p = plot_new(out, RATE_H);
	struct buf title = {0}, description = {0};

	p.values = axis_over(0, fmax(peak_rate(h), 1), VALUES);
	p.times = times_over(h->start, h->start + (int64_t)h->n * h->step - 1);
	buf_addf(&title, "Records %s a second", verb);
	describe_rate(&description, verb, h);
	svg_begin(out, number, W, RATE_H, slice_str(buf_cstr(&title)), slice_str(buf_cstr(&description)));
	svg_text(out, "axis", 0, TOP - 14, SVG_START, slice_str("records/s"));
	draw_axes(&p);
	draw_steps(&p, verb, h);
	svg_end(out);
	buf_free(&title);
	buf_free(&description);
}

/* ---- temperatures ---- */

static void
widen(double *least, double *most, double v)
{
	if (!isfinite(v))
		return;
	*least = fmin(*least, v);
	*most = fmax(*most, v);
}

static void
widen_time(int64_t *first, int64_t *last, int64_t time)
{
	if (time < 0)
		return;
	if (*first < 0 || time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

/* False when there is nothing to be drawn. */
static bool
fit(struct plot *p, const struct experiment_detail *x)
{
	double least = INFINITY, most = -INFINITY;
	int64_t first = -1, last = -1;

	for (size_t i = 0; i < x->n_curve; i++) {
		widen(&least, &most, x->curve[i].average);
		widen(&least, &most, x->curve[i].low);
		widen(&least, &most, x->curve[i].high);
		widen_time(&first, &last, x->curve[i].time);
	}
	if (!isfinite(least) || first < 0)
		return false;
	for (size_t i = 0; i < x->n_stages; i++)
		widen_time(&first, &last, x->stages[i].time);
	widen(&least, &most, x->row.lower);
	widen(&least, &most, x->row.upper);
	p->values = axis_over(least, most, VALUES);
	p->times = times_over(first, last);
	return true;
}

static void
draw_limit(const struct plot *p, double limit)
{
	char text[UNITS_TEXT];

	if (!isfinite(limit))
		return;
	svg_line(p->out, "limit", p->x, y_of(p, limit), p->x + p->w, y_of(p, limit));
	snprintf(text, sizeof(text), fabs(limit) < 1e6 ? "%.1f" : "%.3g", limit);
	svg_text(p->out, "limits", p->x + p->w + 6, y_of(p, limit) + 4, SVG_START, slice_str(text));
}

static void
draw_range(const struct plot *p, double lower, double upper)
{
	if (isfinite(lower) && isfinite(upper) && upper >= lower)
		svg_rect(p->out, "range", p->x, y_of(p, upper), p->w, y_of(p, lower) - y_of(p, upper),
			 (struct slice){0});
}

/* The first row where a label of N characters at X hits none before it. */
static int
stage_row(double ends[STAGE_ROWS], double x, size_t n)
{
	int row = 0;

	while (row < STAGE_ROWS - 1 && ends[row] > x)
		row++;
	ends[row] = x + (double)((n + 1) * FONT_W);
	return row;
}

static void
draw_stages(const struct plot *p, const struct experiment_detail *x)
{
	double ends[STAGE_ROWS] = {0};

	for (size_t i = 0; i < x->n_stages; i++) {
		struct slice name = slice_str(stage_name(x->stages[i].stage));
		double at = x_of(p, x->stages[i].time);
		bool right = at > p->x + p->w * 0.85;

		if (x->stages[i].time < 0)
			continue;
		svg_line(p->out, "stage", at, p->y - 4, at, p->y + p->h);
		svg_text(p->out, "stages", at,
			 FONT_H + stage_row(ends, right ? at - (double)(name.n * FONT_W) : at, name.n) * (FONT_H + 1),
			 right ? SVG_END : SVG_START, name);
	}
}

/* What folded points lie between. */
static void
draw_spread(const struct plot *p, const struct experiment_detail *x)
{
	size_t n = 0;

	while (n < x->n_curve && isfinite(x->curve[n].low) && isfinite(x->curve[n].high))
		n++;
	if (n < 2)
		return;
	svg_path_begin(p->out, "spread");
	for (size_t i = 0; i < n; i++)
		svg_path_point(p->out, i == 0, x_of(p, x->curve[i].time), y_of(p, x->curve[i].high));
	for (size_t i = n; i-- > 0;)
		svg_path_point(p->out, false, x_of(p, x->curve[i].time), y_of(p, x->curve[i].low));
	svg_path_end(p->out, true);
}

static void
draw_curve(const struct plot *p, const struct experiment_detail *x)
{
	bool first = true;

	svg_path_begin(p->out, "curve");
	for (size_t i = 0; i < x->n_curve; i++) {
		const struct curve_point *point = &x->curve[i];

		if (isfinite(point->average))
			svg_path_point(p->out, first, x_of(p, point->time), y_of(p, point->average));
		first = !isfinite(point->average);
	}
	svg_path_end(p->out, false);
	for (size_t i = 0; i < x->n_curve && x->n_curve <= DOTS; i++)
		if (isfinite(x->curve[i].average))
			svg_mark(p->out, "dot", SVG_ROUND, x_of(p, x->curve[i].time), y_of(p, x->curve[i].average),
				 (struct slice){0});
}

static void
draw_intervals(const struct plot *p, const struct run_story *story)
{
	char from[UNITS_TEXT], to[UNITS_TEXT], text[128];

	for (size_t i = 0; i < story->n_intervals && i < CHART_EVENTS; i++) {
		const struct run_interval *v = &story->intervals[i];

		if (v->start < 0 || v->end < 0) /* unknown */
			continue;
		snprintf(text, sizeof(text), "out of range %s to %s", units_clock(from, v->start),
			 units_clock(to, v->end));
		svg_rect(p->out, "out", x_of(p, v->start), p->y + p->h - STRIP_H,
			 fmax(x_of(p, v->end) - x_of(p, v->start), 1), STRIP_H, slice_str(text));
	}
}

static void
draw_events(const struct plot *p, const struct run_story *story, double upper)
{
	char at[UNITS_TEXT], text[128];

	for (size_t i = 0; i < story->n_events && i < CHART_EVENTS; i++) {
		const struct run_event *e = &story->events[i];
		bool out = e->event == RANGE_OUT;

		if (e->time < 0) /* unknown */
			continue;
		snprintf(text, sizeof(text), "%s at %s, %.2f°C", range_event_name(e->event), units_clock(at, e->time),
			 (double)e->average);
		svg_mark(p->out, out ? "left" : "stable",
			 !out ? SVG_ROUND : (double)e->average > upper ? SVG_UP : SVG_DOWN, x_of(p, e->time),
			 y_of(p, e->average), slice_str(text));
	}
}

static void
describe(struct buf *out, const struct experiment_detail *x, const struct run_story *story)
{
	double least = INFINITY, most = -INFINITY;
	char from[UNITS_TEXT], to[UNITS_TEXT];

	for (size_t i = 0; i < x->n_curve; i++) {
		widen(&least, &most, x->curve[i].average);
		widen(&least, &most, x->curve[i].low);
		widen(&least, &most, x->curve[i].high);
	}
	buf_addf(out, "From %s to %s between %.2f and %.2f degrees Celsius.",
		 units_timestamp(from, x->curve[0].time), units_timestamp(to, x->curve[x->n_curve - 1].time), least,
		 most);
	if (isfinite(x->row.lower) && isfinite(x->row.upper))
		buf_addf(out, " Its range is %.1f to %.1f.", x->row.lower, x->row.upper);
	else
		buf_str(out, " Its range is not known.");
	if (story)
		buf_addf(out, " Range events: %zu; intervals out of range: %zu.", story->n_events, story->n_intervals);
}

bool
chart_temperature(struct buf *out, int number, const struct experiment_detail *x, const struct run_story *story)
{
	struct plot p = plot_new(out, CURVE_H);
	struct buf title = {0}, description = {0};

	if (!fit(&p, x))
		return false;
	buf_str(&title, "Temperature of experiment ");
	buf_slice(&title, x->row.id);
	describe(&description, x, story);
	svg_begin(out, number, W, CURVE_H, (struct slice){title.p, title.n}, slice_str(buf_cstr(&description)));
	svg_text(out, "axis", 0, FONT_H, SVG_START, slice_str("°C"));
	draw_range(&p, x->row.lower, x->row.upper);
	draw_axes(&p);
	draw_limit(&p, x->row.lower);
	draw_limit(&p, x->row.upper);
	draw_stages(&p, x);
	draw_spread(&p, x);
	if (story)
		draw_intervals(&p, story);
	draw_curve(&p, x);
	if (story)
		draw_events(&p, story, x->row.upper);
	svg_end(out);
	buf_free(&title);
	buf_free(&description);
	return true;
}
