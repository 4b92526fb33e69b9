/* SPDX-License-Identifier: MIT */
#include "ui/graph.h"

#include "base/units.h"
#include "model/axis.h"

#include <math.h>
#include <stdio.h>

enum { LABEL_W = 7, SCALE_W = 7, TIME_W = 8, LEAST_W = 24, LEAST_H = 3 };

void
graph_spark(struct canvas *c, int y, int x, int w, enum style style, const uint32_t *points, size_t n)
{
	size_t shown = w < 0 ? 0 : (size_t)w < n ? (size_t)w : n;
	uint32_t largest = 1;

	points += n - shown;
	for (size_t i = 0; i < shown; i++)
		if (points[i] > largest)
			largest = points[i];
	for (size_t i = 0; i < shown; i++) {
		int level = (int)(((uint64_t)points[i] * 8 + largest - 1) / largest);

		canvas_text(c, y, x + w - (int)(shown - i), 1, style, theme_bar(level));
	}
}

/* ---- the upright axis ---- */

/* An axis over the rows of a plot. */
struct scale {
	struct axis axis;
	int rows;
};

static struct scale
scale_over(double least, double most, int rows)
{
	return (struct scale){axis_over(least, most, rows < 4 ? 2 : rows < 16 ? rows / 2 : 8), rows};
}

static int
row_of(const struct scale *s, double v)
{
	double row = (1 - axis_part(&s->axis, v)) * (s->rows - 1);

	return row < 0 ? 0 : row > s->rows - 1 ? s->rows - 1 : (int)lround(row);
}

/* Whether LIMIT, which has a label of its own, is drawn in ROW. */
static bool
is_limit(const struct scale *s, double limit, int row)
{
	return isfinite(limit) && row_of(s, limit) == row;
}

/* Labels at the left of PLOT at each round number. */
static void
draw_temperatures(struct canvas *c, struct rect plot, const struct scale *s, double lower, double upper)
{
	double v;

	for (int i = 0; isfinite(v = axis_label(&s->axis, i)); i++) {
		int row = row_of(s, v);
		char text[AXIS_TEXT];

		if (is_limit(s, lower, row) || is_limit(s, upper, row))
			continue;
		canvas_right(c, plot.y + row, plot.x - LABEL_W, LABEL_W - 1, STYLE_DIM, axis_print(text, &s->axis, v));
	}
}

/* ---- the curve ---- */

/* A time axis over whole columns. */
struct span {
	struct time_axis axis;
	int columns;
};

static struct span
span_over(int64_t first, int64_t last, int columns)
{
	struct span s = {.axis = time_axis_over(first, last, columns / (TIME_W + 4))};

	s.columns = columns / s.axis.count * s.axis.count;
	return s;
}

static int
column_of(const struct span *s, int64_t time)
{
	double part = time_axis_part(&s->axis, time);

	return part >= 1 ? s->columns - 1 : (int)(part * s->columns);
}

/* A line under PLOT and the times below it. */
static void
draw_times(struct canvas *c, struct rect plot, const struct span *s)
{
	for (int x = 0; x < plot.w; x++)
		canvas_text(c, plot.y + plot.h, plot.x + x, 1, STYLE_DIM, theme_mark(MARK_LINE));
	for (int i = 0; i < s->axis.count; i++) {
		char text[UNITS_TEXT];
		int64_t time = s->axis.start + i * s->axis.step;
		int x = column_of(s, time);

		canvas_text(c, plot.y + plot.h + 1, plot.x + x, plot.w - x, STYLE_DIM,
			    units_clock(text, time));
	}
}

static void
draw_limit(struct canvas *c, struct rect plot, const struct scale *s, double limit)
{
	int y = plot.y + row_of(s, limit);

	if (!isfinite(limit))
		return;
	for (int x = 0; x < plot.w; x++)
		canvas_text(c, y, plot.x + x, 1, STYLE_RANGE, theme_mark(MARK_LINE));
	canvas_printf(c, y, plot.x + plot.w + 1, SCALE_W - 1, STYLE_RANGE, "%.*f", fabs(limit) < 1e6 ? 1 : 0, limit);
}

struct curve {
	const struct curve_point *points;
	size_t n;
	double lower, upper;
	struct scale scale;
	struct span span;
};

static enum style
place_style(const struct curve *curve, double v)
{
	if (!isfinite(curve->lower) || !isfinite(curve->upper))
		return STYLE_GRAPH;
	return v >= curve->lower && v <= curve->upper ? STYLE_GOOD : STYLE_WARN;
}

/* What lies between point I and the one before, and between its lowest and highest. */
static void
draw_trace(struct canvas *c, struct rect plot, const struct curve *curve, size_t i)
{
	const struct curve_point *p = &curve->points[i], *before = i > 0 ? p - 1 : p;
	int x = column_of(&curve->span, p->time), from = column_of(&curve->span, before->time);

	for (int k = from + 1; k < x && isfinite(before->average); k++) {
		double v = before->average + (p->average - before->average) * (k - from) / (x - from);

		canvas_text(c, plot.y + row_of(&curve->scale, v), plot.x + k, 1, place_style(curve, v),
			    theme_mark(MARK_TRACE));
	}
	if (!isfinite(p->low) || !isfinite(p->high))
		return;
	for (int y = row_of(&curve->scale, p->high); y <= row_of(&curve->scale, p->low); y++)
		canvas_text(c, plot.y + y, plot.x + x, 1, STYLE_DIM, theme_mark(MARK_TRACE));
}

static void
draw_points(struct canvas *c, struct rect plot, const struct curve *curve)
{
	for (size_t i = 0; i < curve->n; i++)
		if (isfinite(curve->points[i].average))
			draw_trace(c, plot, curve, i);
	for (size_t i = 0; i < curve->n; i++) {
		const struct curve_point *p = &curve->points[i];

		if (isfinite(p->average))
			canvas_text(c, plot.y + row_of(&curve->scale, p->average),
				    plot.x + column_of(&curve->span, p->time), 1, place_style(curve, p->average),
				    theme_mark(MARK_POINT));
	}
}

static void
widen(double *least, double *most, double v)
{
	if (!isfinite(v))
		return;
	*least = fmin(*least, v);
	*most = fmax(*most, v);
}

/* False when there is nothing to be drawn. */
static bool
curve_fit(struct curve *curve, struct rect plot)
{
	double least = INFINITY, most = -INFINITY;

	for (size_t i = 0; i < curve->n; i++) {
		widen(&least, &most, curve->points[i].average);
		widen(&least, &most, curve->points[i].low);
		widen(&least, &most, curve->points[i].high);
	}
	if (!isfinite(least))
		return false;
	widen(&least, &most, curve->lower);
	widen(&least, &most, curve->upper);
	curve->scale = scale_over(least, most, plot.h);
	curve->span = span_over(curve->points[0].time, curve->points[curve->n - 1].time, plot.w);
	return true;
}

void
graph_curve(struct canvas *c, struct rect area, const struct curve_point *points, size_t n, double lower, double upper)
{
	struct rect plot = {area.y, area.x + LABEL_W, area.h - 2, area.w - LABEL_W - SCALE_W};
	struct curve curve = {.points = points, .n = n, .lower = lower, .upper = upper};

	if (plot.h < LEAST_H || plot.w < LEAST_W || !curve_fit(&curve, plot))
		return;
	plot.w = curve.span.columns;
	draw_temperatures(c, plot, &curve.scale, lower, upper);
	draw_times(c, plot, &curve.span);
	draw_limit(c, plot, &curve.scale, lower);
	draw_limit(c, plot, &curve.scale, upper);
	draw_points(c, plot, &curve);
}

/* ---- stacked rates ---- */

/* A plot as it fits: columns of FOLD points each, the newest at the right. */
struct stack {
	const struct graph_plot *plot;
	int fold, columns, wide; /* wide: cells a column */
	double most;             /* events/s at the top */
};

int
graph_band(const struct rate_band *bands, size_t i)
{
	return bands[i].id.p && i < RATE_BANDS ? (int)i : RATE_BANDS;
}

/* The mean of what is known of POINTS in COLUMN; NaN: nothing. Columns begin on a grid of
 * time, so that the picture moves by whole columns. */
static double
value_at(const struct stack *s, const double *points, int column)
{
	int64_t newest = (s->plot->end - 1) / s->fold, group = newest - (s->columns - 1 - column);
	int64_t from = group * s->fold - (s->plot->end - s->plot->points), to = from + s->fold;
	double sum = 0;
	int known = 0;

	for (int64_t i = from > 0 ? from : 0; i < to && i < s->plot->points; i++)
		if (!isnan(points[i])) {
			sum += points[i];
			known++;
		}
	return known > 0 ? sum / known : NAN;
}

/* Of BAND; what is unknown has no height. */
static double
height_at(const struct stack *s, size_t band, int column)
{
	double v = value_at(s, s->plot->bands[band].points, column);

	return isnan(v) ? 0 : v;
}

static double
total_at(const struct stack *s, int column)
{
	double total = 0;

	for (size_t i = 0; i < s->plot->n_bands; i++)
		total += height_at(s, i, column);
	return total;
}

/* The band that lies at HEIGHT (events/s) of COLUMN; the topmost where the stack is lower. */
static int
band_at(const struct stack *s, int column, double height)
{
	double sum = 0;
	size_t top = 0;

	for (size_t i = 0; i < s->plot->n_bands; i++) {
		double v = height_at(s, i, column);

		if (v == 0)
			continue;
		top = i;
		sum += v;
		if (sum > height)
			break;
	}
	return s->plot->bands[top].number;
}

static void
draw_column(struct canvas *c, struct rect plot, const struct stack *s, int column, int x)
{
	double filled = total_at(s, column) * plot.h / s->most; /* cells */

	for (int row = 0; row < plot.h && filled > row; row++) {
		int band = band_at(s, column, (row + 0.5) * s->most / plot.h);
		int level = (int)ceil((filled - row) * 8 - 1e-9);

		canvas_text(c, plot.y + plot.h - 1 - row, x, 1, STYLE_BAND + band,
			    level >= 8 ? theme_fill(band, s->plot->mono) : theme_bar(level));
	}
}

/* The row of a line at COLUMN, from below; -1: it is not there. */
static int
line_row(struct rect plot, const struct stack *s, const double *points, int column)
{
	double v = points ? value_at(s, points, column) : NAN;
	int row = isnan(v) ? -1 : (int)ceil(v * plot.h / s->most - 1e-9) - 1;

	return isnan(v) ? -1 : row < 0 ? 0 : row >= plot.h ? plot.h - 1 : row;
}

/* Where both lines are at one place they take turns. */
static void
draw_lines(struct canvas *c, struct rect plot, const struct stack *s, int column, int x)
{
	int made = line_row(plot, s, s->plot->made, column), planned = line_row(plot, s, s->plot->planned, column);

	if (made >= 0)
		canvas_text(c, plot.y + plot.h - 1 - made, x, 1, STYLE_STRONG, theme_mark(MARK_PRODUCED));
	if (planned >= 0 && (planned != made || (x - plot.x) % 2 == 0))
		canvas_text(c, plot.y + plot.h - 1 - planned, x, 1, STYLE_STRONG, theme_mark(MARK_PLANNED));
}

static const char *
print_rate(char *out, double per_s)
{
	if (per_s >= 1000)
		return units_rate(out, per_s);
	snprintf(out, UNITS_TEXT, "%g", per_s);
	return out;
}

/* Labels at the left: events/s at the upper edge of their row. */
static void
draw_rates(struct canvas *c, struct rect plot, double most, double step)
{
	int last = plot.h;

	for (int i = 0; i * step <= most * 1.000001; i++) {
		int row = (int)lround(i * step / most * plot.h);
		char text[UNITS_TEXT];

		if (row == last)
			continue;
		last = row;
		canvas_right(c, plot.y + plot.h - row, plot.x - LABEL_W, LABEL_W - 1, STYLE_DIM,
			     print_rate(text, i * step));
	}
}

/* The line under PLOT, and how long ago its points were. */
static void
draw_minutes(struct canvas *c, struct rect plot, const struct stack *s)
{
	int y = plot.y + plot.h, end = plot.x + s->columns * s->wide, column_s = s->plot->step_s * s->fold;
	int minute = 60 * s->wide / column_s;

	for (int x = plot.x; x < end; x++)
		canvas_text(c, y, x, 1, STYLE_DIM, theme_mark(MARK_LINE));
	canvas_right(c, y + 1, end - 3, 3, STYLE_DIM, "now");
	for (int i = 1; minute > 8 && end - i * 60 * s->wide / column_s >= plot.x; i++)
		canvas_printf(c, y + 1, end - i * 60 * s->wide / column_s, minute - 3, STYLE_DIM, "-%d min", i);
}

/* The highest that is drawn, 1 at least. */
static double
highest(const struct stack *s)
{
	double most = 1;

	for (int i = 0; i < s->columns; i++) {
		most = fmax(most, total_at(s, i));
		if (s->plot->made)
			most = fmax(most, value_at(s, s->plot->made, i));
		if (s->plot->planned)
			most = fmax(most, value_at(s, s->plot->planned, i));
	}
	return most;
}

void
graph_plot(struct canvas *c, struct rect area, const struct graph_plot *p)
{
	struct rect plot = {area.y, area.x + LABEL_W, area.h - 2, area.w - LABEL_W};
	struct stack s = {.plot = p, .fold = 1, .wide = 1};
	struct scale scale;

	if (plot.h < LEAST_H || plot.w < LEAST_W)
		return;
	if (p->folds)
		s.fold = (p->points + plot.w - 1) / plot.w;
	s.columns = p->points / s.fold < plot.w ? p->points / s.fold : plot.w;
	s.wide = plot.w / s.columns;
	scale = scale_over(0, highest(&s), plot.h);
	s.most = scale.axis.hi;
	draw_rates(c, plot, scale.axis.hi, scale.axis.step);
	for (int i = 0; i < s.columns; i++)
		for (int k = 0; k < s.wide; k++) {
			draw_column(c, plot, &s, i, plot.x + i * s.wide + k);
			draw_lines(c, plot, &s, i, plot.x + i * s.wide + k);
		}
	draw_minutes(c, plot, &s);
}

void
graph_rates(struct canvas *c, struct rect area, const struct rate_band *bands, size_t n, const double *made,
	    const double *planned, bool mono)
{
	double points[RATE_BANDS + 1][RATE_POINTS];
	struct graph_plot plot = {
		.n_bands = n,
		.points = RATE_POINTS,
		.step_s = RATE_STEP_S,
		.made = made,
		.planned = planned,
		.mono = mono,
	};

	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < RATE_POINTS; k++)
			points[i][k] = (double)bands[i].points[k] / RATE_STEP_S;
		plot.bands[i] = (struct graph_layer){points[i], graph_band(bands, i)};
	}
	graph_plot(c, area, &plot);
}
