/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "load/forecast.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A load may have thousands of experiments: --json has them all. */
enum { ROWS_MOST = 40, PLOT_W = 60, PLOT_H = 8, AXIS_W = 9 };

/* ---- text ---- */

/* "30 s", "1.5 s" */
static const char *
seconds(char *out, double s)
{
	snprintf(out, UNITS_TEXT, "%.10g s", s);
	return out;
}

static const char *
rate(char *out, double per_s)
{
	snprintf(out, UNITS_TEXT, "%.6g", per_s);
	return out;
}

static void
print_left_out(size_t n, const char *what)
{
	if (n > ROWS_MOST)
		printf(".. and %zu more %s: --json lists them all\n", n - ROWS_MOST, what);
}

static void
print_experiments(const struct plan *plan)
{
	char start[UNITS_TEXT], end[UNITS_TEXT], duration[UNITS_TEXT], per_s[UNITS_TEXT], n[UNITS_TEXT];
	struct buf name = {0};

	printf("%4s  %7s %10s %10s %10s %10s %12s  %s\n", "", "sensors", "from", "to", "duration", "events/s",
	       "measurements", "researcher");
	for (size_t i = 0; i < plan->n && i < ROWS_MOST; i++) {
		const struct plan_entry *e = &plan->entries[i];
		double took = plan_entry_duration(e);

		buf_clear(&name);
		text_clean(&name, slice_str(e->researcher));
		printf("%4zu  %7" PRId64 " %10s %10s %10s %10s %12s  %s\n", i + 1, e->sensors,
		       seconds(start, e->start_time), seconds(end, e->start_time + took), seconds(duration, took),
		       rate(per_s, plan_entry_rate(e)), units_count(n, forecast_measurements(e)), buf_cstr(&name));
	}
	print_left_out(plan->n, "experiments");
	buf_free(&name);
}

static void
print_intervals(const struct forecast *f)
{
	char from[UNITS_TEXT], to[UNITS_TEXT], per_s[UNITS_TEXT];

	printf("\n%10s %10s %10s %12s\n", "from", "to", "running", "events/s");
	for (size_t i = 0; i < f->n && i < ROWS_MOST; i++)
		printf("%10s %10s %10zu %12s%s\n", seconds(from, f->intervals[i].from),
		       seconds(to, f->intervals[i].to), f->intervals[i].running, rate(per_s, f->intervals[i].rate),
		       i == f->peak ? "  peak" : "");
	print_left_out(f->n, "intervals");
}

/* One line of the plot: a cell is full where the mean rate reaches its middle. */
static void
print_plot_line(const struct forecast *f, int line, double top)
{
	double step = f->duration / PLOT_W, threshold = top * (PLOT_H - line - 0.5) / PLOT_H;
	struct planned planned = forecast_planned(f);
	char label[UNITS_TEXT];

	printf("%*s |", AXIS_W, line == 0 ? rate(label, top) : "");
	for (int x = 0; x < PLOT_W; x++) {
		bool full = planned_rate(&planned, step * x, step * (x + 1)) >= threshold;

		fputs(!full ? " " : text_utf8() ? "█" : "#", stdout);
	}
	putchar('\n');
}

static void
print_plot(const struct forecast *f)
{
	double top = f->n ? f->intervals[f->peak].rate : 0;
	char end[UNITS_TEXT];

	if (top <= 0)
		return;
	puts("\n events/s");
	for (int line = 0; line < PLOT_H; line++)
		print_plot_line(f, line, top);
	printf("%*s +", AXIS_W, "0");
	for (int x = 0; x < PLOT_W; x++)
		putchar('-');
	printf("\n%*s  0 s%*s\n", AXIS_W, "", PLOT_W - 3, seconds(end, f->duration));
}

static void
print_text(const char *file, const struct plan *plan, const struct forecast *f)
{
	char count[UNITS_TEXT], events[UNITS_TEXT], took[UNITS_TEXT], peak[UNITS_TEXT];
	struct buf name = {0};

	text_clean(&name, slice_str(file));
	printf("%s: %s experiment%s, %s, peak %s events/s, %s events, about %.1f MB\n\n", buf_cstr(&name),
	       units_count(count, (int64_t)plan->n), plan->n == 1 ? "" : "s", seconds(took, f->duration),
	       rate(peak, f->n ? f->intervals[f->peak].rate : 0), units_count(events, f->events), f->bytes / 1e6);
	buf_free(&name);
	print_experiments(plan);
	print_intervals(f);
	print_plot(f);
}

/* ---- JSON ---- */

static json_t *
experiment_json(const struct plan_entry *e)
{
	return json_pack("{s:s s:f s:f s:f s:I s:I s:f s:I}", "researcher", e->researcher, "from", e->start_time, "to",
			 e->start_time + plan_entry_duration(e), "duration_s", plan_entry_duration(e), "sensors",
			 (json_int_t)e->sensors, "sample_ms", (json_int_t)e->sample_ms, "rate", plan_entry_rate(e),
			 "measurements", (json_int_t)forecast_measurements(e));
}

static json_t *
interval_json(const struct planned_interval *i)
{
	return json_pack("{s:f s:f s:I s:f}", "from", i->from, "to", i->to, "running", (json_int_t)i->running, "rate",
			 i->rate);
}

static void
print_json(const struct plan *plan, const struct forecast *f)
{
	json_t *experiments = json_array(), *intervals = json_array(), *root;

	for (size_t i = 0; i < plan->n; i++)
		json_array_append_new(experiments, experiment_json(&plan->entries[i]));
	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(intervals, interval_json(&f->intervals[i]));
	root = json_pack("{s:o s:o s:f s:f s:I s:I s:I}", "experiments", experiments, "intervals", intervals,
			 "duration_s", f->duration, "peak_rate", f->n ? f->intervals[f->peak].rate : 0.0,
			 "measurements", (json_int_t)f->measurements, "events", (json_int_t)f->events, "bytes",
			 (json_int_t)llround(f->bytes));
	json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(root);
}

/* ---- */

int
cmd_plan(const struct options *o)
{
	const struct strings *words = options_words(o);
	const char *file = words->n ? words->item[0] : NULL;
	struct plan plan = {0};
	struct forecast forecast = {0};
	struct buf notes = {0};
	struct err err = {0};
	bool good;

	if (words->n != 1) {
		cmd_complain("plan takes one loads file, as in exptop plan loads/2.json");
		return EXIT_USAGE;
	}
	good = plan_read(&plan, file, &notes, &err);
	if (notes.n)
		program_complain_lines(&notes);
	else if (!good)
		cmd_complain(err.text);
	if (good) {
		forecast_make(&forecast, &plan);
		if (options_flag(o, OPT_JSON))
			print_json(&plan, &forecast);
		else
			print_text(file, &plan, &forecast);
		forecast_fini(&forecast);
	}
	plan_fini(&plan);
	buf_free(&notes);
	return good ? EXIT_DONE : EXIT_USAGE;
}
