/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "base/alloc.h"
#include "base/units.h"
#include "report/chart.h"
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const struct page_colour page_colours[] = {
	{"paper", "#ffffff", "#16181c", false}, {"ink", "#1a1a1a", "#e6e6e6", true},
	{"dim", "#595959", "#a8adb5", true},    {"grid", "#dddddd", "#33373d", false},
	{"curve", "#1f5fa8", "#7db4f0", true},  {"spread", "#c8dcf2", "#24405f", false},
	{"range", "#d9efdc", "#1e3a26", false}, {"good", "#256b2f", "#7fcf8d", true},
	{"warn", "#8f4700", "#f0a860", true},   {"bad", "#b3261e", "#ff8a80", true},
	{0},
};

static const char style[] =
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--paper);color:var(--ink);"
	"font:16px/1.5 system-ui,sans-serif}\n"
	"h1,h2,h3{line-height:1.2;overflow-wrap:anywhere}\n"
	"h2{margin-top:2rem;border-bottom:1px solid var(--grid)}\n"
	"a{color:var(--curve)}\n"
	".dim,figcaption,.label,.axis{color:var(--dim)}\n"
	".good{color:var(--good)}\n.bad{color:var(--bad)}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}\n"
	"dt{color:var(--dim)}\ndd{margin:0;overflow-wrap:anywhere}\n"
	".wide{overflow-x:auto}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
	"caption{text-align:left;color:var(--dim)}\n"
	"th,td{padding:.1rem .6rem;text-align:right;border-bottom:1px solid var(--grid);vertical-align:top}\n"
	"th:first-child,td:first-child,.left{text-align:left}\n"
	"figure{margin:1rem 0}\nsvg{width:100%;height:auto;font:12px system-ui,sans-serif}\n"
	"svg text{fill:var(--ink)}\nsvg .label,svg .axis{fill:var(--dim)}\n"
	"svg .grid{stroke:var(--grid)}\n"
	"svg .produced{fill:var(--spread);stroke:var(--curve)}\n"
	"svg .consumed{fill:var(--range);stroke:var(--good)}\n"
	"svg .range{fill:var(--range)}\nsvg .limit{stroke:var(--good)}\nsvg .limits{fill:var(--good)}\n"
	"svg .stage{stroke:var(--dim);stroke-dasharray:3 3}\nsvg .stages{fill:var(--dim)}\n"
	"svg .spread{fill:var(--spread)}\nsvg .curve{fill:none;stroke:var(--curve);stroke-width:1.5;"
	"stroke-linejoin:round}\n"
	"svg .out{fill:var(--warn)}\nsvg .left{fill:var(--warn)}\nsvg .stable{fill:var(--good)}\n"
	"svg .dot{fill:var(--curve)}\n"
	"@media print{body{max-width:none;padding:0;font-size:10pt}section.experiment,figure,tr{break-inside:avoid}"
	".wide{overflow:visible}table{font-size:8pt}nav{display:none}}\n";

/* What a page is made from. */
struct page {
	struct buf *out;
	struct run *run;
	const struct page_config *config;
	struct view *head;        /* the model's head and partitions */
	struct view *experiments; /* the rows, those with the most events first */
	int charts;               /* drawn so far */
};

/* ---- words ---- */

static void
text(struct page *p, const char *words)
{
	html_text(p->out, slice_str(words));
}

static void print(struct page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Our own words, with numbers: nothing foreign. */
static void
print(struct page *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(p->out, fmt, ap);
	va_end(ap);
}

static void
term(struct page *p, const char *name, struct slice value)
{
	print(p, "<dt>%s</dt>", name);
	html_element(p->out, "dd", value);
	print(p, "\n");
}

static void
term_count(struct page *p, const char *name, int64_t n)
{
	char number[UNITS_TEXT];

	term(p, name, slice_str(units_count(number, n)));
}

static void
cell(struct page *p, struct slice value)
{
	html_element(p->out, "td", value);
}

static void
cell_left(struct page *p, struct slice value)
{
	print(p, "<td class=\"left\">");
	html_text(p->out, value);
	print(p, "</td>");
}

static void
cell_count(struct page *p, int64_t n)
{
	char number[UNITS_TEXT];

	cell(p, slice_str(units_count(number, n)));
}

static void
cell_time(struct page *p, int64_t ms)
{
	char time[UNITS_TEXT];

	cell(p, slice_str(units_timestamp(time, ms)));
}

static void
cell_degrees(struct page *p, double v)
{
	char number[UNITS_TEXT];

	snprintf(number, sizeof(number), !isfinite(v) ? "-" : fabs(v) < 1e6 ? "%.2f" : "%.3g", v);
	cell(p, slice_str(number));
}

/* A title that begins with < is that of a column of words. */
static void
begin_table(struct page *p, const char *caption, const char *const *titles)
{
	print(p, "<div class=\"wide\" tabindex=\"0\"><table><caption>%s</caption>\n<thead><tr>", caption);
	for (; *titles; titles++)
		if (**titles == '<')
			print(p, "<th scope=\"col\" class=\"left\">%s</th>", *titles + 1);
		else
			print(p, "<th scope=\"col\">%s</th>", *titles);
	print(p, "</tr></thead>\n<tbody>\n");
}

static void
end_table(struct page *p)
{
	print(p, "</tbody></table></div>\n");
}

/* How many rows there are beside the SHOWN ones. */
static void
say_more(struct page *p, int64_t all, int64_t shown, const char *what)
{
	char number[UNITS_TEXT];

	if (all > shown)
		print(p, "<p class=\"dim\">%s more %s are not listed.</p>\n", units_count(number, all - shown), what);
}

/* ---- the head of the page ---- */

static void
write_style(struct page *p)
{
	print(p, "<style>\n:root{color-scheme:light dark;");
	for (const struct page_colour *c = page_colours; c->name; c++)
		print(p, "--%s:%s;", c->name, c->light);
	print(p, "}\n@media (prefers-color-scheme:dark){:root{");
	for (const struct page_colour *c = page_colours; c->name; c++)
		print(p, "--%s:%s;", c->name, c->dark);
	/* Paper is light. */
	print(p, "}}\n@media print{:root{");
	for (const struct page_colour *c = page_colours; c->name; c++)
		print(p, "--%s:%s;", c->name, c->light);
	print(p, "}}\n%s</style>\n", style);
}

static void
write_head(struct page *p)
{
	print(p, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
		 "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>");
	text(p, p->config->source);
	print(p, " - exptop report</title>\n");
	write_style(p);
	print(p, "</head>\n<body>\n<header>\n<h1>");
	text(p, p->config->source);
	print(p, "</h1>\n<nav aria-label=\"Sections\"><a href=\"#summary\">Summary</a> <a href=\"#rate\">Rate</a> "
		 "<a href=\"#experiments\">Experiments</a> <a href=\"#consistency\">Consistency</a> "
		 "<a href=\"#partitions\">Partitions</a></nav>\n</header>\n<main>\n");
}

/* ---- what is wrong ---- */

/* A count of something that should not be, and what it means. */
struct fault {
	const char *name, *meaning;
	int64_t count;
	bool grave; /* it is a fault; else it may be or not */
};

enum { FAULTS = 22 };

static int64_t
missing_offsets(const struct run *run)
{
	int64_t missing = 0;

	for (const struct run_partition *q = run->partitions; q; q = q->hh.next)
		if (__builtin_add_overflow(missing, run_missing(q), &missing))
			return INT64_MAX;
	return missing;
}

static void
find_faults(const struct page *p, struct fault faults[FAULTS])
{
	const struct run *run = p->run;
	const struct measure_counts *m = measure_sums(run->measure);
	const struct check_sums *c = &p->head->head.checks;
	const struct fault all[FAULTS] = {
		{"bad lines", "lines of the file that are no records", run->bad_lines, true},
		{"undecodable records", "their value says it is an Avro container, and is none",
		 run->undecodable, true},
		{"repeated records", "the same partition and offset again; counted once", run->repeated, true},
		{"records out of order", "a lower offset than one of the same key before",
		 c->counts[CHECK_ORDER], true},
		{"times out of order", "a measurement before an earlier one of its experiment",
		 c->counts[CHECK_TIME], true},
		{"keys that moved", "records of a key in another partition than before", c->counts[CHECK_MOVED], true},
		{"missing offsets", "between the first and the last of a partition: compacted, transactions, or lost",
		 missing_offsets(run), false},
		{"incomplete measurements", "not every configured sensor was read",
		 m->incomplete - run->under_way, true},
		{"measurements under way", "not complete when the run ended", run->under_way, false},
		{"duplicate readings", "a sensor read twice in one measurement", m->readings[READING_DUPLICATE], true},
		{"late readings", "of a measurement that was given up before", m->readings[READING_LATE], true},
		{"foreign readings", "of a sensor that is not configured", m->readings[READING_FOREIGN], true},
		{"readings of unknown experiments", "the configuration is not in the run",
		 m->readings[READING_UNKNOWN], false},
		{"unusable readings", "without an experiment, sensor, measurement or number",
		 m->readings[READING_UNUSABLE], true},
		{"overdue range events", "known later than 10 s after the measurement", m->overdue, true},
		{"uncertain range events", "the sample before is not known", m->events[RANGE_PERHAPS], false},
		{"disordered measurements", "settled after a later one", m->disordered, true},
		{"range events not kept", "more than a report keeps", (int64_t)run->more_events, false},
		{"intervals not kept", "out of range, more than a report keeps", (int64_t)run->more_intervals, false},
		{"records of other partitions", "of more than a report lists", run->other_partitions.records, false},
		{"experiments folded away", "more than --max-experiments", p->head->head.others, false},
		{"other values", "no containers: somebody's own bytes, or tombstones", run->plain, false},
	};

	memcpy(faults, all, sizeof(all));
}

static int64_t
count_grave(const struct fault faults[FAULTS])
{
	int64_t grave = 0;

	for (int i = 0; i < FAULTS; i++)
		grave += faults[i].grave ? faults[i].count : 0;
	return grave;
}

static void
write_verdict(struct page *p, const struct fault faults[FAULTS])
{
	int64_t grave = count_grave(faults);
	char number[UNITS_TEXT];

	if (grave == 0)
		print(p, "<p class=\"good\"><strong>✓ Consistent:</strong> nothing was found to be wrong with the "
			 "order, the completeness and the times of the records.</p>\n");
	else
		print(p, "<p class=\"bad\"><strong>✗ Not consistent:</strong> %s finding%s, see "
			 "<a href=\"#consistency\">below</a>.</p>\n", units_count(number, grave),
		      grave == 1 ? "" : "s");
}

static void
write_faults(struct page *p, const struct fault faults[FAULTS])
{
	static const char *const titles[] = {"what", "how many", "<which is", NULL};

	begin_table(p, "What was looked for", titles);
	for (int i = 0; i < FAULTS; i++) {
		print(p, "<tr><td class=\"%s\">%s</td>", !faults[i].count ? "" : faults[i].grave ? "bad" : "dim",
		      faults[i].name);
		cell_count(p, faults[i].count);
		cell_left(p, slice_str(faults[i].meaning));
		print(p, "</tr>\n");
	}
	end_table(p);
}

static struct view *
ask(struct page *p, const struct view_query *query)
{
	struct view *view = xcalloc(1, sizeof(*view));

	view->query = *query;
	model_view(p->run->model, view, p->run->last_time);
	return view;
}

/* The keys that something was found out about, the worst first. */
static void
write_keys(struct page *p)
{
	static const char *const titles[] = {"key", "records", "out of order", "time back", "moved", "repeated", NULL};
	struct view *view;
	int64_t n = 0;

	if (p->head->head.checks.faulty == 0 && p->run->repeated == 0)
		return;
	view = ask(p, &(struct view_query){.kind = VIEW_CHECKS, .sort = SORT_VERDICT, .height = PAGE_ROWS});
	begin_table(p, "Keys with findings", titles);
	for (size_t i = 0; i < view->n; i++) {
		const struct check_row *row = &view->checks[i];
		int64_t found = 0;

		for (int c = 0; c < CHECKS; c++)
			found += row->counts[c];
		if (found == 0)
			continue;
		n++;
		print(p, "<tr>");
		cell(p, row->key);
		cell_count(p, row->records);
		for (int c = 0; c < CHECKS; c++)
			cell_count(p, row->counts[c]);
		print(p, "</tr>\n");
	}
	end_table(p);
	say_more(p, p->head->head.checks.faulty, n, "keys");
	view_free(view);
}

static void
write_consistency(struct page *p, const struct fault faults[FAULTS])
{
	print(p, "<section id=\"consistency\" aria-labelledby=\"h-consistency\">\n"
		 "<h2 id=\"h-consistency\">Consistency</h2>\n");
	write_verdict(p, faults);
	write_faults(p, faults);
	write_keys(p);
	if (p->head->head.last_undecodable.p) {
		print(p, "<p>The last record that could not be decoded: <code>");
		html_text(p->out, p->head->head.last_undecodable);
		print(p, "</code></p>\n");
	}
	print(p, "</section>\n");
}

/* ---- summary and rate ---- */

static void
term_span(struct page *p, int64_t first, int64_t last)
{
	char from[UNITS_TEXT], to[UNITS_TEXT], both[3 * UNITS_TEXT];

	snprintf(both, sizeof(both), "%s to %s (%.1f s)", units_timestamp(from, first), units_timestamp(to, last),
		 (double)(last - first) / 1000);
	term(p, "time", slice_str(first >= 0 ? both : "-"));
}

static void
write_summary(struct page *p, const struct fault faults[FAULTS])
{
	const struct run *run = p->run;
	const struct measure_counts *m = measure_sums(run->measure);

	print(p, "<section id=\"summary\" aria-labelledby=\"h-summary\">\n<h2 id=\"h-summary\">Summary</h2>\n");
	write_verdict(p, faults);
	print(p, "<dl>\n");
	term_span(p, run->first_time, run->last_time);
	term_count(p, "records", run->records);
	term_count(p, "bytes", run->no_bytes ? -1 : run->bytes);
	term_count(p, "partitions", (int64_t)HASH_COUNT(run->partitions));
	term_count(p, "experiments", p->head->head.experiments + p->head->head.others);
	term_count(p, "measurements", m->complete);
	term_count(p, "incomplete", m->incomplete - run->under_way);
	term_count(p, "Stabilized", m->events[RANGE_STABILIZED]);
	term_count(p, "OutOfRange", m->events[RANGE_OUT]);
	term_count(p, "intervals out of range", m->intervals);
	term_count(p, "undecodable", run->undecodable);
	print(p, "</dl>\n</section>\n");
}

static void
write_rate_table(struct page *p, const struct history *h)
{
	static const char *const titles[] = {"from", "records/s", NULL};
	char number[UNITS_TEXT];

	print(p, "<details><summary>As a table</summary>\n");
	begin_table(p, "Records a second", titles);
	for (size_t i = 0; i < h->n; i++) {
		print(p, "<tr>");
		cell_time(p, h->start + (int64_t)i * h->step);
		cell(p, slice_str(units_rate(number, h->counts[i] * 1000.0 / (double)h->step)));
		print(p, "</tr>\n");
	}
	end_table(p);
	print(p, "</details>\n");
}

/* What records were (VERB), or why nobody knows that. */
static void
write_history(struct page *p, const char *verb, const char *by, const char *unknown, const struct history *h)
{
	if (h->n == 0) {
		print(p, "<p class=\"dim\">%s</p>\n", unknown);
		return;
	}
	print(p, "<figure>\n");
	chart_rate(p->out, ++p->charts, verb, h);
	print(p, "<figcaption>Records %s, by %s.</figcaption>\n</figure>\n", verb, by);
	write_rate_table(p, h);
}

static void
write_rate(struct page *p)
{
	print(p, "<section id=\"rate\" aria-labelledby=\"h-rate\">\n<h2 id=\"h-rate\">Rate</h2>\n");
	write_history(p, "produced", "their timestamps", "No record has a timestamp.", &p->run->produced);
	write_history(p, "consumed", "when they came", "When they were consumed is not in this file: "
		      "exptop record --arrival keeps it.", &p->run->consumed);
	print(p, "</section>\n");
}

/* ---- experiments ---- */

static void
write_experiment_row(struct page *p, const struct experiment_row *row, size_t i)
{
	const struct measured *m = measure_find(p->run->measure, row->id);
	char range[2 * UNITS_TEXT] = "-";

	print(p, "<tr><td>");
	if (i < p->config->charts)
		print(p, "<a href=\"#e%zu\">", i + 1);
	html_text(p->out, row->id);
	print(p, i < p->config->charts ? "</a></td>" : "</td>");
	cell_left(p, row->researcher);
	cell_left(p, slice_str(stage_name(row->stage)));
	cell_count(p, row->events);
	cell_count(p, m ? m->counts.complete : -1);
	cell_count(p, m ? m->counts.incomplete : -1);
	cell_degrees(p, row->average);
	if (isfinite(row->lower) && isfinite(row->upper))
		snprintf(range, sizeof(range), "%.6g to %.6g", row->lower, row->upper);
	cell(p, slice_str(range));
	cell_count(p, m ? m->counts.events[RANGE_STABILIZED] : -1);
	cell_count(p, m ? m->counts.events[RANGE_OUT] : -1);
	print(p, "</tr>\n");
}

static void
write_experiments_table(struct page *p)
{
	static const char *const titles[] = {"experiment", "<researcher", "<stage", "events", "measurements",
					     "incomplete", "last °C", "range", "Stabilized", "OutOfRange", NULL};

	begin_table(p, "Those with the most events first", titles);
	for (size_t i = 0; i < p->experiments->n; i++)
		write_experiment_row(p, &p->experiments->experiments[i], i);
	end_table(p);
	say_more(p, p->experiments->total, (int64_t)p->experiments->n, "experiments");
}

static void
write_stages(struct page *p, const struct experiment_detail *x)
{
	char time[UNITS_TEXT];

	for (size_t i = 0; i < x->n_stages; i++)
		term(p, stage_name(x->stages[i].stage), slice_str(units_timestamp(time, x->stages[i].time)));
}

static void
write_story(struct page *p, const struct run_story *story)
{
	static const char *const events[] = {"time", "<event", "°C", "notified in time", NULL};
	static const char *const intervals[] = {"from", "to", "lowest °C", "highest °C", NULL};

	begin_table(p, "Range events", events);
	for (size_t i = 0; i < story->n_events && i < PAGE_ROWS; i++) {
		print(p, "<tr>");
		cell_time(p, story->events[i].time);
		cell_left(p, slice_str(range_event_name(story->events[i].event)));
		cell_degrees(p, story->events[i].average);
		cell(p, slice_str(story->events[i].overdue ? "no" : "yes"));
		print(p, "</tr>\n");
	}
	end_table(p);
	say_more(p, (int64_t)story->n_events, PAGE_ROWS, "range events");
	begin_table(p, "Out of range", intervals);
	for (size_t i = 0; i < story->n_intervals && i < PAGE_ROWS; i++) {
		print(p, "<tr>");
		cell_time(p, story->intervals[i].start);
		cell_time(p, story->intervals[i].closed ? story->intervals[i].end : -1);
		cell_degrees(p, story->intervals[i].lowest);
		cell_degrees(p, story->intervals[i].highest);
		print(p, "</tr>\n");
	}
	end_table(p);
	say_more(p, (int64_t)story->n_intervals, PAGE_ROWS, "intervals");
}

static void
write_points(struct page *p, const struct experiment_detail *x)
{
	static const char *const titles[] = {"time", "°C", "lowest", "highest", NULL};

	begin_table(p, "Temperature; a minute or more where lowest and highest are given", titles);
	for (size_t i = 0; i < x->n_curve; i++) {
		print(p, "<tr>");
		cell_time(p, x->curve[i].time);
		cell_degrees(p, x->curve[i].average);
		cell_degrees(p, x->curve[i].low);
		cell_degrees(p, x->curve[i].high);
		print(p, "</tr>\n");
	}
	end_table(p);
}

static void
write_chart(struct page *p, const struct experiment_detail *x, const struct run_story *story)
{
	print(p, "<figure>\n");
	if (chart_temperature(p->out, p->charts + 1, x, story)) {
		p->charts++;
		print(p, "<figcaption>The average of each complete measurement; the band is the configured range, "
			 "a round sign a Stabilized, a triangle an OutOfRange, a strip at the foot the time out of "
			 "it.%s</figcaption>\n",
		      story && (story->n_events > CHART_EVENTS || story->n_intervals > CHART_EVENTS) ?
		      " Only the first 200 of these are drawn." : "");
	} else {
		print(p, "<figcaption>No measurement is complete: there is no temperature to be drawn.</figcaption>\n");
	}
	print(p, "</figure>\n");
}

static void
write_experiment(struct page *p, const struct experiment_row *row, size_t i)
{
	struct view_query query = {.kind = VIEW_EXPERIMENT};
	const struct experiment_detail *x;
	const struct run_story *story = run_story(p->run, row->id);
	struct view *view;

	snprintf(query.selected, sizeof(query.selected), "%.*s", (int)row->id.n, row->id.p);
	view = ask(p, &query);
	x = view->experiment;
	print(p, "<section class=\"experiment\" id=\"e%zu\">\n", i + 1);
	html_element(p->out, "h3", row->id);
	print(p, "\n");
	if (x) {
		print(p, "<dl>\n");
		term(p, "researcher", x->row.researcher.p ? x->row.researcher : slice_str("-"));
		write_stages(p, x);
		print(p, "</dl>\n");
		write_chart(p, x, story);
		print(p, "<details><summary>As tables</summary>\n");
		if (story)
			write_story(p, story);
		write_points(p, x);
		print(p, "</details>\n");
	}
	print(p, "</section>\n");
	view_free(view);
}

static void
write_experiments(struct page *p)
{
	size_t drawn = p->experiments->n < p->config->charts ? p->experiments->n : p->config->charts;

	print(p, "<section id=\"experiments\" aria-labelledby=\"h-experiments\">\n"
		 "<h2 id=\"h-experiments\">Experiments</h2>\n");
	if (p->experiments->n == 0)
		print(p, "<p class=\"dim\">There is none.</p>\n");
	else
		write_experiments_table(p);
	if (drawn < (size_t)p->experiments->total)
		print(p, "<p class=\"dim\">Drawn are the %zu with the most events; --charts says how many.</p>\n",
		      drawn);
	for (size_t i = 0; i < drawn; i++)
		write_experiment(p, &p->experiments->experiments[i], i);
	print(p, "</section>\n");
}

/* ---- partitions ---- */

static void
write_partition(struct page *p, const struct run_partition *q)
{
	print(p, "<tr>");
	cell(p, slice_str(q->topic));
	cell_count(p, q->number);
	cell_count(p, q->records);
	cell_count(p, p->run->no_bytes ? -1 : q->bytes);
	cell_count(p, q->first_offset);
	cell_count(p, q->last_offset);
	cell_count(p, run_missing(q));
	cell_count(p, q->undecodable);
	cell_time(p, q->first_time);
	cell_time(p, q->last_time);
	print(p, "</tr>\n");
}

static void
write_partitions(struct page *p)
{
	static const char *const titles[] = {"topic", "partition", "records", "bytes", "first offset", "last offset",
					     "missing", "undecodable", "first", "last", NULL};
	int64_t n = 0;

	print(p, "<section id=\"partitions\" aria-labelledby=\"h-partitions\">\n"
		 "<h2 id=\"h-partitions\">Partitions</h2>\n");
	run_sort_partitions(p->run);
	begin_table(p, "Records by partition", titles);
	for (const struct run_partition *q = p->run->partitions; q && n < PAGE_ROWS; q = q->hh.next, n++)
		write_partition(p, q);
	end_table(p);
	say_more(p, (int64_t)HASH_COUNT(p->run->partitions), n, "partitions");
	print(p, "</section>\n");
}

void
page_write(struct buf *out, struct run *run, const struct page_config *config)
{
	struct page p = {.out = out, .run = run, .config = config};
	struct fault faults[FAULTS];

	p.head = ask(&p, &(struct view_query){.kind = VIEW_HEAD});
	p.experiments = ask(&p, &(struct view_query){
		.kind = VIEW_EXPERIMENTS, .sort = SORT_EVENTS, .reverse = true, .height = PAGE_ROWS});
	find_faults(&p, faults);
	write_head(&p);
	write_summary(&p, faults);
	write_rate(&p);
	write_experiments(&p);
	write_consistency(&p, faults);
	write_partitions(&p);
	print(&p, "</main>\n<footer class=\"dim\"><p>Made by exptop report.</p></footer>\n</body>\n</html>\n");
	view_free(p.head);
	view_free(p.experiments);
}
