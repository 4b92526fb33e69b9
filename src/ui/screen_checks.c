/* SPDX-License-Identifier: MIT */
#include "base/units.h"
#include "ui/figure.h"
#include "ui/page.h"
#include "ui/screen.h"

#include <stdio.h>

enum { FACT_W = 38 };

#define ROW const struct check_row *row = &view->checks[i]

/* ---- what was found ---- */

/* The worst check that found anything; CHECKS: none did. */
static enum check
worst(const int64_t counts[CHECKS])
{
	int check = 0;

	while (check < CHECKS && counts[check] <= 0)
		check++;
	return (enum check)check;
}

/* A key that moved may be meant to, and what a crash repeats is no fault of the order. */
static const struct verdict {
	enum mark mark;
	enum style style;
} verdicts[CHECKS + 1] = {
	[CHECK_ORDER] = {MARK_BAD, STYLE_BAD},
	[CHECK_TIME] = {MARK_BAD, STYLE_BAD},
	[CHECK_TRUTH] = {MARK_BAD, STYLE_BAD},
	[CHECK_TAMPERED] = {MARK_BAD, STYLE_BAD},
	[CHECK_INCOMPLETE] = {MARK_BAD, STYLE_BAD},
	[CHECK_LATE] = {MARK_WAIT, STYLE_WARN},
	[CHECK_DUPLICATE] = {MARK_WAIT, STYLE_WARN},
	[CHECK_FOREIGN] = {MARK_WAIT, STYLE_WARN},
	[CHECK_OVERDUE] = {MARK_WAIT, STYLE_WARN},
	[CHECK_MOVED] = {MARK_WAIT, STYLE_WARN},
	[CHECK_REPEATED] = {MARK_WAIT, STYLE_WARN},
	[CHECKS] = {MARK_IN, STYLE_GOOD},
};

static const char *
verdict_word(enum check check)
{
	return check == CHECKS ? "in order" : check_name(check);
}

static void
draw_key_name(struct canvas *c, int y, int x, int w, struct slice key)
{
	if (key.p && key.n == 0)
		canvas_text(c, y, x, w, STYLE_DIM, "(an empty key)");
	else
		figure_name(c, y, x, w, STYLE_STRONG, key);
}

/* ---- columns ---- */

static void
draw_key(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	draw_key_name(c, y, x, w, row->key);
}

static void
draw_topic(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_NORMAL, row->topic);
}

static void
draw_partition(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->partition);
}

static void
draw_verdict(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	enum check check = worst(row->counts);

	canvas_printf(c, y, x, w, verdicts[check].style, "%s %s", theme_mark(verdicts[check].mark),
		      verdict_word(check));
}

static void
draw_records(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->records);
}

static void
draw_offset(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_count(c, y, x, w, STYLE_NORMAL, row->last_offset);
}

static void
draw_count(struct canvas *c, int y, int x, int w, const struct check_row *row, enum check check)
{
	figure_count(c, y, x, w, row->counts[check] > 0 ? verdicts[check].style : STYLE_NORMAL, row->counts[check]);
}

#define CHECK_COLUMN(name, check)                                                                                      \
	static void draw_##name(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)              \
	{                                                                                                              \
		draw_count(c, y, x, w, &view->checks[i], check);                                                       \
	}

CHECK_COLUMN(order, CHECK_ORDER)
CHECK_COLUMN(time, CHECK_TIME)
CHECK_COLUMN(truth, CHECK_TRUTH)
CHECK_COLUMN(tampered, CHECK_TAMPERED)
CHECK_COLUMN(incomplete, CHECK_INCOMPLETE)
CHECK_COLUMN(late, CHECK_LATE)
CHECK_COLUMN(duplicate, CHECK_DUPLICATE)
CHECK_COLUMN(foreign, CHECK_FOREIGN)
CHECK_COLUMN(overdue, CHECK_OVERDUE)
CHECK_COLUMN(moved, CHECK_MOVED)
CHECK_COLUMN(repeated, CHECK_REPEATED)

/* What nobody has is no column. */
#define CHECK_SHOWN(name, check)                                                                                       \
	static bool shows_##name(const struct view *view)                                                              \
	{                                                                                                              \
		return view->head.checks.counts[check] > 0;                                                            \
	}

CHECK_SHOWN(truth, CHECK_TRUTH)
CHECK_SHOWN(tampered, CHECK_TAMPERED)
CHECK_SHOWN(incomplete, CHECK_INCOMPLETE)
CHECK_SHOWN(late, CHECK_LATE)
CHECK_SHOWN(duplicate, CHECK_DUPLICATE)
CHECK_SHOWN(foreign, CHECK_FOREIGN)
CHECK_SHOWN(overdue, CHECK_OVERDUE)

static const struct column columns[] = {
	{.title = "key", .sort = SORT_ID, .least = 18, .wished = 36, .rank = 1, .draw = draw_key},
	{.title = "topic", .least = 8, .wished = 20, .rank = 6, .shown = screen_many_topics, .draw = draw_topic},
	{.title = "part", .sort = SORT_PARTITION, .least = 5, .wished = 5, .rank = 5, .right = true,
	 .draw = draw_partition},
	{.title = "verdict", .sort = SORT_VERDICT, .least = 14, .wished = 14, .rank = 0, .draw = draw_verdict},
	{.title = "records", .sort = SORT_EVENTS, .least = 7, .wished = 11, .rank = 3, .right = true,
	 .draw = draw_records},
	{.title = "unordered", .sort = SORT_ORDER, .least = 9, .wished = 9, .rank = 2, .right = true,
	 .draw = draw_order},
	{.title = "time back", .sort = SORT_TIME, .least = 9, .wished = 9, .rank = 2, .right = true,
	 .draw = draw_time},
	{.title = "unlike log", .sort = SORT_TRUTH, .least = 10, .wished = 10, .rank = 1, .right = true,
	 .shown = shows_truth, .draw = draw_truth},
	{.title = "tampered", .sort = SORT_TAMPERED, .least = 8, .wished = 9, .rank = 1, .right = true,
	 .shown = shows_tampered, .draw = draw_tampered},
	{.title = "incomplete", .sort = SORT_INCOMPLETE, .least = 10, .wished = 10, .rank = 1, .right = true,
	 .shown = shows_incomplete, .draw = draw_incomplete},
	{.title = "late", .sort = SORT_LATE, .least = 6, .wished = 8, .rank = 4, .right = true, .shown = shows_late,
	 .draw = draw_late},
	{.title = "duplicate", .sort = SORT_DUPLICATE, .least = 9, .wished = 9, .rank = 4, .right = true,
	 .shown = shows_duplicate, .draw = draw_duplicate},
	{.title = "foreign", .sort = SORT_FOREIGN, .least = 7, .wished = 8, .rank = 4, .right = true,
	 .shown = shows_foreign, .draw = draw_foreign},
	{.title = "overdue", .sort = SORT_OVERDUE, .least = 7, .wished = 8, .rank = 4, .right = true,
	 .shown = shows_overdue, .draw = draw_overdue},
	{.title = "moved", .sort = SORT_MOVED, .least = 6, .wished = 8, .rank = 2, .right = true, .draw = draw_moved},
	{.title = "repeated", .sort = SORT_REPEATED, .least = 8, .wished = 9, .rank = 2, .right = true,
	 .draw = draw_repeated},
	{.title = "offset", .sort = SORT_POSITION, .least = 8, .wished = 13, .rank = 4, .right = true,
	 .draw = draw_offset},
};

/* ---- the sums ---- */

static void
add_part(struct buf *line, int64_t n, const char *what)
{
	char count[UNITS_TEXT];

	if (n > 0)
		buf_addf(line, "%s%s %s", line->n ? ", " : "", units_count(count, n), what);
}

/* "1 out of order, 2 repeated, 17 without a key" */
static void
list_sums(struct buf *line, const struct check_sums *sums)
{
	for (int check = 0; check < CHECKS; check++)
		add_part(line, sums->counts[check], check_name((enum check)check));
	add_part(line, sums->keyless, "without a key");
	add_part(line, sums->others, sums->others == 1 ? "key folded away" : "keys folded away");
}

static void
print_headline(char *out, size_t size, const struct check_sums *sums)
{
	int64_t keys = sums->keys + sums->others;
	char all[UNITS_TEXT], faulty[UNITS_TEXT];

	units_count(all, keys);
	if (keys == 0)
		snprintf(out, size, "no record has a key: no order is promised");
	else if (sums->faulty > 0)
		snprintf(out, size, "%s of %s key%s not in order", units_count(faulty, sums->faulty), all,
			 keys == 1 ? "" : "s");
	else
		snprintf(out, size, "%s%s key%s in order", keys == 1 ? "" : "all ", all, keys == 1 ? "" : "s");
}

static void
draw_sums(struct canvas *c, struct rect area, const struct check_sums *sums)
{
	bool keys = sums->keys > 0 || sums->others > 0;
	const struct verdict *v = &verdicts[!keys ? CHECK_MOVED : sums->faulty > 0 ? worst(sums->counts) : CHECKS];
	int x = area.x + 1, end = area.x + area.w;
	struct buf line = {0};
	char headline[128];

	print_headline(headline, sizeof(headline), sums);
	x += canvas_printf(c, area.y, x, end - x, v->style, "%s %s", theme_mark(v->mark), headline) + 2;
	list_sums(&line, sums);
	canvas_slice(c, area.y, x, end - x, STYLE_NORMAL, (struct slice){line.p, line.n});
	buf_free(&line);
}

/* NAME and PART behind what LINE has; PART is empty then. */
static void
add_parts(struct buf *line, const char *name, struct buf *part)
{
	if (part->n > 0)
		buf_addf(line, "%s%s: %s", line->n > 0 ? "; " : "", name, buf_cstr(part));
	buf_clear(part);
}

/* "1,234 measurements, 2 incomplete; range events: 3 Stabilized, 1 overdue; hashes: 200 ok" */
static void
draw_measured(struct canvas *c, struct rect area, const struct check_sums *sums)
{
	static const char *const answers[] = {"ok", "tampered", "of another key", "malformed"};
	const struct measure_counts *m = &sums->measured;
	struct buf line = {0}, part = {0};

	add_part(&line, m->complete, "measurements");
	add_part(&line, m->incomplete, "incomplete");
	for (int event = RANGE_STABILIZED; event <= RANGE_OUT; event++)
		add_part(&part, m->events[event], range_event_name((enum range_event)event));
	add_part(&part, m->events[RANGE_PERHAPS], "unknown");
	add_part(&part, m->overdue, "overdue");
	add_parts(&line, "range events", &part);
	for (int answer = 0; answer < 4; answer++)
		add_part(&part, sums->hashes[answer], answers[answer]);
	add_parts(&line, "hashes", &part);
	if (line.n == 0)
		buf_str(&line, "no measurement of an experiment whose configuration was seen");
	canvas_slice(c, area.y, area.x + 3, area.w - 3, STYLE_NORMAL, (struct slice){line.p, line.n});
	buf_free(&line);
	buf_free(&part);
}

static void
print_truth(struct buf *line, const struct truth_state *t)
{
	char lines[UNITS_TEXT], behind[UNITS_TEXT];

	if (t->failure.p) {
		buf_slice(line, t->failure);
		return;
	}
	buf_addf(line, "ground truth: %s lines", units_count(lines, t->lines));
	if (t->behind > 0)
		buf_addf(line, ", %s behind the topic", units_age(behind, units_ms(t->behind)));
	add_part(line, t->waiting, "records not in it yet");
	add_part(line, t->differences, t->differences == 1 ? "difference" : "differences");
	if (t->last.p) {
		buf_str(line, ", the last: ");
		buf_slice(line, t->last);
	} else {
		buf_str(line, ", no difference");
	}
}

static void
draw_truth_line(struct canvas *c, struct rect area, const struct truth_state *t)
{
	bool bad = t->failure.p || t->differences > 0;
	struct buf line = {0};

	if (!t->given) {
		canvas_text(c, area.y, area.x + 3, area.w - 3, STYLE_DIM,
			    "no ground truth to compare with: give the producer's with --log FILE");
		return;
	}
	print_truth(&line, t);
	canvas_text(c, area.y, area.x + 1, 2, bad ? STYLE_BAD : STYLE_GOOD, theme_mark(bad ? MARK_BAD : MARK_IN));
	canvas_slice(c, area.y, area.x + 3, area.w - 3, bad ? STYLE_BAD : STYLE_NORMAL, (struct slice){line.p, line.n});
	buf_free(&line);
}

static int
rows(int h)
{
	return h - 4;
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	const struct check_sums *sums = &view->head.checks;
	struct rect table = {area.y + 3, area.x, area.h - 3, area.w};
	bool ours = view->query.kind == VIEW_CHECKS, any = sums->keys > 0 || sums->keyless > 0;

	(void)state;
	canvas_clip(c, area);
	if (ours && any) {
		draw_sums(c, area, sums);
		draw_measured(c, (struct rect){area.y + 1, area.x, 1, area.w}, sums);
		draw_truth_line(c, (struct rect){area.y + 2, area.x, 1, area.w}, &view->head.truth);
	}
	if ((!any || sums->keys > 0) && screen_has_rows(c, table, view, VIEW_CHECKS))
		table_draw(c, table, columns, sizeof(columns) / sizeof(*columns), view, NULL);
	canvas_unclip(c);
}

/* ---- detail ---- */

static struct slice
print_partition(struct arena *texts, const struct check_row *row)
{
	return row->topic.p ? arena_print(texts, "%.*s[%d]", (int)row->topic.n, row->topic.p, (int)row->partition)
			    : arena_print(texts, "%d", (int)row->partition);
}

static void
page_summary(struct page *p, struct arena *texts, const struct check_row *row)
{
	enum check check = worst(row->counts);
	const struct fact facts[] = {
		{"verdict", verdicts[check].style,
		 arena_print(texts, "%s %s", theme_mark(verdicts[check].mark), verdict_word(check))},
		{"records", STYLE_NORMAL, fact_count(texts, row->records)},
		{"partition", STYLE_NORMAL, print_partition(texts, row)},
		{"last offset", STYLE_NORMAL, fact_count(texts, row->last_offset)},
	};

	if (row->key.n)
		page_text(p, 1, STYLE_STRONG, row->key);
	else
		page_text(p, 1, STYLE_DIM, slice_str("(an empty key)"));
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
}

/* "client58[3]@17 after @25", or what else is to be told. */
static struct slice
print_place(struct arena *texts, const struct check_row *row, enum check check, const struct finding *f)
{
	int n = (int)row->topic.n;
	const char *topic = row->topic.p ? row->topic.p : "";

	if (f->offset < 0)
		return slice_str("no record of it came");
	switch (check) {
	case CHECK_ORDER:
		return arena_print(texts, "%.*s[%d]@%lld after @%lld", n, topic, (int)f->partition,
				   (long long)f->offset, (long long)f->after);
	case CHECK_MOVED:
		return arena_print(texts, "%.*s[%d]@%lld after [%d]@%lld", n, topic, (int)f->partition,
				   (long long)f->offset, (int)f->after_partition, (long long)f->after);
	case CHECK_TIME:
		return arena_print(texts, "%.*s[%d]@%lld by %.3g s", n, topic, (int)f->partition,
				   (long long)f->offset, f->back);
	default:
		return arena_print(texts, "%.*s[%d]@%lld", n, topic, (int)f->partition, (long long)f->offset);
	}
}

static void
page_finding(struct page *p, struct arena *texts, const struct check_row *row, enum check check, const char *which,
	     const struct finding *f)
{
	int x = p->area.x + 1, end = p->area.x + p->area.w - 1;
	char clock[UNITS_TEXT];

	canvas_text(p->c, p->y, x, 5, STYLE_DIM, which);
	canvas_text(p->c, p->y, x + 7, 8, STYLE_DIM, units_clock(clock, f->time));
	canvas_slice(p->c, p->y, x + 17, end - x - 17, STYLE_NORMAL, print_place(texts, row, check, f));
	p->y++;
}

static const char *const meanings[CHECKS] = {
	[CHECK_ORDER] = "after a record of a higher offset",
	[CHECK_TIME] = "a measurement older than one before it",
	[CHECK_TRUTH] = "than the ground truth says; the Log has each",
	[CHECK_TAMPERED] = "a measurement_hash that is altered, or of something else",
	[CHECK_INCOMPLETE] = "a measurement without a reading of each sensor",
	[CHECK_LATE] = "a reading of a measurement that was given up, or after the end",
	[CHECK_DUPLICATE] = "a reading again",
	[CHECK_FOREIGN] = "of a sensor that is not configured, or no reading",
	[CHECK_OVERDUE] = "a range event that came too late to be notified within 10 s",
	[CHECK_MOVED] = "to another partition, where no order is promised",
	[CHECK_REPEATED] = "delivered again, and counted once",
};

static void
page_check(struct page *p, struct arena *texts, const struct check_detail *d, enum check check)
{
	const struct check_row *row = &d->row;
	char count[UNITS_TEXT], title[UNITS_TEXT + 16];

	if (row->counts[check] <= 0)
		return;
	snprintf(title, sizeof(title), "%s %s", units_count(count, row->counts[check]), check_name(check));
	page_heading(p, title, meanings[check]);
	page_finding(p, texts, row, check, "first", &d->first[check]);
	if (row->counts[check] > 1)
		page_finding(p, texts, row, check, "last", &d->last[check]);
}

/* The last range event, and until when somebody has to be told of it. */
static struct slice
print_event(struct arena *texts, const struct measured *m, int64_t now)
{
	int64_t at = units_ms(m->event_time), left = at + NOTIFY_WITHIN_S * 1000 - now;
	char clock[UNITS_TEXT];

	if (m->last_event == RANGE_NONE)
		return slice_str("-");
	units_clock(clock, at);
	if (at < 0 || left < 0)
		return arena_print(texts, "%s at %s", range_event_name(m->last_event), clock);
	return arena_print(texts, "%s at %s, to be notified within %lld s", range_event_name(m->last_event), clock,
			   (long long)((left + 999) / 1000));
}

static struct slice
print_events(struct arena *texts, const struct measure_counts *c)
{
	struct slice unknown = c->events[RANGE_PERHAPS] == 0 ? slice_str("")
							      : arena_print(texts, ", %lld unknown",
									    (long long)c->events[RANGE_PERHAPS]);

	return arena_print(texts, "%lld Stabilized, %lld OutOfRange%s", (long long)c->events[RANGE_STABILIZED],
			   (long long)c->events[RANGE_OUT], unknown.p);
}

static void
page_measured(struct page *p, struct arena *texts, const struct measured *m, int64_t now)
{
	const struct measure_counts *c = &m->counts;
	const struct fact facts[] = {
		{"complete", STYLE_NORMAL, fact_count(texts, m->configured ? c->complete : -1)},
		{"incomplete", STYLE_NORMAL, fact_count(texts, m->configured ? c->incomplete : -1)},
		{"sensors", STYLE_NORMAL, fact_count(texts, m->configured ? (int64_t)m->sensors : -1)},
		{"out of range", STYLE_NORMAL,
		 arena_print(texts, "%lld time%s%s", (long long)c->intervals, c->intervals == 1 ? "" : "s",
			     m->interval.samples > 0 ? ", now" : "")},
	};
	const struct fact events[] = {
		{"range events", STYLE_NORMAL, print_events(texts, c)},
		{"last event", STYLE_NORMAL, print_event(texts, m, now)},
	};

	page_heading(p, "Measurements",
		     m->configured ? NULL : "its configuration was not seen: nothing is known of them");
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), FACT_W);
	page_facts(p, events, sizeof(events) / sizeof(*events), p->area.w);
}

static int
draw_detail(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	const struct check_detail *d = view->check;
	struct arena texts = {0};
	struct page p;

	page_begin(&p, c, area, state->scroll);
	if (d) {
		page_summary(&p, &texts, &d->row);
		if (d->measured)
			page_measured(&p, &texts, d->measured, view->now);
		for (int check = 0; check < CHECKS; check++)
			page_check(&p, &texts, d, (enum check)check);
		if (worst(d->row.counts) == CHECKS)
			page_text(&p, 1, STYLE_NORMAL,
				  slice_str("Each record came once, in the order of its offsets."));
	} else {
		page_gone(&p, "This key is no longer known: what is read was begun anew, or it was silent "
			      "for so long that others took its place.");
	}
	arena_free(&texts);
	return page_end(&p);
}

const struct screen screen_checks = {
	.name = "Checks",
	.key = '6',
	.list = VIEW_CHECKS,
	.detail = VIEW_CHECK,
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(*columns),
	.sort = SORT_VERDICT,
	.rows = rows,
	.draw = draw,
	.draw_detail = draw_detail,
};
