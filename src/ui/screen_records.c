/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "base/units.h"
#include "ui/figure.h"
#include "ui/page.h"
#include "ui/pretty.h"
#include "ui/screen.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

enum { FACT_W = 38, LONG_FACT_W = 52, SCHEMA_MOST = 64 * 1024, UUID = 36, UUID_KEPT = 8, TEMPERATURE_W = 24 };

#define ROW const struct record_row *row = &view->records[i]

/* ---- columns ---- */

/* A recording does not name its topics before. */
static bool
has_topics(const struct view *view)
{
	for (size_t i = 1; i < view->n; i++)
		if (!slice_eq(view->records[i].topic, view->records[0].topic))
			return true;
	return screen_many_topics(view);
}

static void
draw_topic(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_NORMAL, row->topic);
}

static void
draw_place(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	if (row->partition < 0 || row->offset < 0)
		canvas_text(c, y, x, w, STYLE_DIM, "-");
	else
		canvas_printf(c, y, x, w, STYLE_NORMAL, "%" PRId32 "@%" PRId64, row->partition, row->offset);
}

/* 14:35:10, with milliseconds where there is room. */
static void
draw_time(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	char clock[UNITS_TEXT];

	units_clock(clock, row->timestamp);
	if (w >= 12 && row->timestamp >= 0)
		canvas_printf(c, y, x, w, STYLE_DIM, "%s.%03d", clock, (int)(row->timestamp % 1000));
	else
		canvas_text(c, y, x, w, STYLE_DIM, clock);
}

static void
draw_key(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, STYLE_NORMAL, row->key);
}

static enum style
name_style(struct slice name)
{
	switch (event_kind_from(name)) {
	case EVENT_MEASURED:
	case EVENT_OTHER:
		return STYLE_NORMAL;
	case EVENT_TERMINATED:
		return STYLE_WARN;
	default:
		return STYLE_GOOD;
	}
}

static void
draw_name(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;

	figure_name(c, y, x, w, row->undecodable ? STYLE_BAD : name_style(row->name), row->name);
}

static bool
is_uuid(struct slice s)
{
	if (s.n < UUID)
		return false;
	for (size_t i = 0; i < UUID; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s.p[i] != '-' : !isxdigit((unsigned char)s.p[i]))
			return false;
	return true;
}

/* The bytes of TEXT that only say the key again: {'experiment': 'KEY', */
static size_t
key_said_again(struct slice text, struct slice key)
{
	static const char before[] = "{'experiment': '", after[] = "', ";
	size_t b = sizeof(before) - 1, a = sizeof(after) - 1;

	if (!key.p || text.n < b + key.n + a || memcmp(text.p, before, b) != 0)
		return 0;
	if (memcmp(text.p + b, key.p, key.n) != 0 || memcmp(text.p + b + key.n, after, a) != 0)
		return 0;
	return b + key.n + a;
}

/* What a line has room for: the key is not said again, UUIDs by their first characters. */
static void
shorten(struct buf *out, struct slice text, struct slice key)
{
	size_t again = key_said_again(text, key);

	if (again)
		buf_addf(out, "{%s ", theme_mark(MARK_CUT));
	text.p += again;
	text.n -= again;
	while (text.n > 0) {
		size_t n = is_uuid(text) ? UUID : 1;

		buf_add(out, text.p, n == UUID ? UUID_KEPT : n);
		if (n == UUID)
			buf_str(out, theme_mark(MARK_CUT));
		text.p += n;
		text.n -= n;
	}
}

/* What stands in TEXT before the temperature of a measurement, all of it when there is none. */
static struct slice
before_temperature(struct slice text)
{
	static const char name[] = "'temperature': ";
	const char *at = text.n ? memmem(text.p, text.n, name, sizeof(name) - 1) : NULL;

	return at ? (struct slice){text.p, (size_t)(at - text.p)} : text;
}

/* TEXT in W cells, cut; from its temperature on where the cut would take that. */
static void
draw_cut(struct canvas *c, int y, int x, int w, struct slice text)
{
	struct slice before = before_temperature(text);
	int used;

	if (before.n == text.n || text_width(before) + TEMPERATURE_W <= (size_t)w) {
		canvas_slice(c, y, x, w, STYLE_NORMAL, text);
		return;
	}
	used = canvas_printf(c, y, x, w, STYLE_DIM, "{%s ", theme_mark(MARK_CUT));
	canvas_slice(c, y, x + used, w - used, STYLE_NORMAL,
		     (struct slice){text.p + before.n, text.n - before.n});
}

static void
draw_text(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	ROW;
	struct buf text = {0};
	int used = 0;

	if (row->in_hand)
		used = canvas_printf(c, y, x, w, STYLE_WARN, "%s %s", theme_mark(MARK_BUSY), PROCESSING "  ");
	x += used;
	w -= used;
	if (row->undecodable) {
		canvas_printf(c, y, x, w, STYLE_BAD, "%s %.*s", theme_mark(MARK_BAD), (int)row->text.n, row->text.p);
		return;
	}
	shorten(&text, row->text, row->key);
	draw_cut(c, y, x, w, (struct slice){text.p, text.n});
	buf_free(&text);
}

static const struct column columns[] = {
	{.title = "topic", .least = 8, .wished = 16, .rank = 4, .shown = has_topics, .draw = draw_topic},
	{.title = "offset", .least = 9, .wished = 14, .rank = 1, .draw = draw_place},
	{.title = "time UTC", .least = 8, .wished = 12, .rank = 3, .draw = draw_time},
	{.title = "key", .least = 9, .wished = 9, .rank = 4, .draw = draw_key},
	{.title = "record_name", .least = 18, .wished = 27, .rank = 2, .draw = draw_name},
	{.title = "record", .least = 20, .wished = 30, .rank = 0, .grows = true, .draw = draw_text},
};

/* At the right of the titles: whether the newest is seen. */
static void
draw_newer(struct canvas *c, struct rect area, const struct view *view)
{
	char text[UNITS_TEXT + 32], n[UNITS_TEXT];
	int w = area.w - 32;

	if (view->query.follow || view->newer == 0)
		return;
	snprintf(text, sizeof(text), " %s new, G follows ", units_count(n, view->newer));
	canvas_right(c, area.y, area.x + area.w - w, w, STYLE_WARN, text);
}

static void
draw(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	(void)state;
	canvas_clip(c, area);
	if (screen_has_rows(c, area, view, VIEW_RECORDS)) {
		table_draw(c, area, columns, sizeof(columns) / sizeof(*columns), view, NULL);
		draw_newer(c, area, view);
	}
	canvas_unclip(c);
}

/* ---- detail ---- */

/* The value is larger than what is kept of records: it was cut. */
static bool
is_cut(const struct record_detail *d)
{
	return d->bytes.n < d->row.value_size;
}

static struct slice
print_size(struct arena *texts, const struct record_detail *d)
{
	char size[UNITS_TEXT];

	if (!d->bytes.p)
		return slice_str("none (a tombstone)");
	return arena_print(texts, "%s", units_count(size, (int64_t)d->row.value_size));
}

static struct slice
or_dash(struct slice s)
{
	return s.p ? s : slice_str("-");
}

static void
page_summary(struct page *p, struct arena *texts, const struct record_detail *d)
{
	const struct record_row *row = &d->row;
	char time[UNITS_TEXT];
	const struct fact long_facts[] = {
		{"key", STYLE_NORMAL, or_dash(row->key)},
		{"schema", STYLE_NORMAL, or_dash(d->schema_name)},
		{"time", STYLE_NORMAL, slice_str(units_timestamp(time, row->timestamp))},
	};
	const struct fact facts[] = {
		{"named by", STYLE_NORMAL, d->by_header ? slice_str("its header")
					   : d->schema.p ? slice_str("its schema")
							 : slice_str("-")},
		{"bytes", STYLE_NORMAL, print_size(texts, d)},
		{"codec", STYLE_NORMAL, or_dash(d->codec)},
	};

	page_text(p, 1, STYLE_STRONG,
		  arena_print(texts, "%.*s[%" PRId32 "]@%" PRId64 "  %.*s", (int)row->topic.n, row->topic.p,
			      row->partition, row->offset, (int)or_dash(row->name).n, or_dash(row->name).p));
	page_facts(p, long_facts, sizeof(long_facts) / sizeof(*long_facts), LONG_FACT_W);
	page_facts(p, facts, sizeof(facts) / sizeof(*facts), p->area.w < 2 * LONG_FACT_W ? FACT_W : LONG_FACT_W);
	if (row->in_hand)
		page_text(p, 1, STYLE_WARN, arena_print(texts, "%s " PROCESSING, theme_mark(MARK_BUSY)));
	if (is_cut(d)) {
		page_text(p, 1, STYLE_WARN, slice_str("too large to be kept for display: its beginning is shown, "
						      "exptop consume prints all of it"));
		page_text(p, 1, STYLE_NORMAL, row->text);
	}
	if (d->problem.p)
		page_text(p, 1, STYLE_BAD, arena_print(texts, "%s undecodable: %.*s", theme_mark(MARK_BAD),
						       (int)d->problem.n, d->problem.p));
	if (d->disagree)
		page_text(p, 1, STYLE_WARN,
			  arena_print(texts, "%s header and schema disagree: the record_name is %.*s, the schema is "
					     "named %.*s; the header decides", theme_mark(MARK_BAD), (int)row->name.n,
				      row->name.p, (int)d->schema_name.n, d->schema_name.p));
}

static int
cells(struct slice s)
{
	size_t w = s.n > 200 ? 200 : text_width(s);

	return (int)w;
}

static int
widest(const struct record_detail *d, bool types, int most)
{
	int w = 4;

	for (size_t i = 0; i < d->n_fields; i++) {
		const struct record_field *f = &d->fields[i];
		int cell = types ? cells(f->type) : 2 * f->depth + cells(f->name);

		if ((types || f->name.p) && cell > w)
			w = cell;
	}
	return w < most ? w : most;
}

static void
page_fields(struct page *p, const struct record_detail *d)
{
	int name_w = widest(d, false, p->area.w * 2 / 5), type_w = widest(d, true, p->area.w / 5);

	if (d->n_fields == 0)
		return;
	page_heading(p, "Fields", NULL);
	for (size_t i = 0; i < d->n_fields; i++) {
		const struct record_field *f = &d->fields[i];
		int x = p->area.x + 1, indent = 2 * f->depth < name_w - 4 ? 2 * f->depth : name_w - 4;

		if (!f->name.p) {
			canvas_slice(p->c, p->y++, x, p->area.w - 1, STYLE_STRONG, f->type);
			continue;
		}
		canvas_slice(p->c, p->y, x + indent, name_w - indent, STYLE_NORMAL, f->name);
		canvas_slice(p->c, p->y, x + name_w + 2, f->value.p ? type_w : p->area.w, STYLE_DIM, f->type);
		page_text(p, 1 + name_w + 2 + type_w + 2, STYLE_STRONG, f->value);
	}
}

static void
page_hash(struct page *p, const struct record_detail *d)
{
	bool ok = slice_is(d->hash_answer, "ok");

	if (!d->hash_answer.p)
		return;
	page_heading(p, "What measurement_hash seals", NULL);
	page_text(p, 1, ok ? STYLE_GOOD : STYLE_BAD, d->hash_answer);
	if (d->hash_why.n > 0)
		page_text(p, 1, STYLE_NORMAL, d->hash_why);
	if (d->hash_text.n > 0)
		page_text(p, 1, STYLE_STRONG, d->hash_text);
}

static void
page_headers(struct page *p, const struct record_detail *d)
{
	page_heading(p, "Headers", d->n_headers == 0 ? "none" : NULL);
	for (size_t i = 0; i < d->n_headers; i++) {
		int w = p->area.w / 3;

		canvas_slice(p->c, p->y, p->area.x + 1, w, STYLE_NORMAL, d->headers[i].name);
		page_text(p, w + 2, STYLE_STRONG, or_dash(d->headers[i].value));
	}
}

/* The lines of TEXT as they are. */
static void
page_lines(struct page *p, struct slice text)
{
	while (text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		size_t indent = 0;

		while (indent < n && text.p[indent] == ' ')
			indent++;
		page_text(p, 1 + (int)indent % (p->area.w / 2 + 1), STYLE_NORMAL,
			  (struct slice){text.p + indent, n - indent});
		text.p += n + (end != NULL);
		text.n -= n + (end != NULL);
	}
}

static void
page_schema(struct page *p, const struct record_detail *d)
{
	struct slice schema = d->schema;
	struct buf lines = {0};

	if (!schema.p)
		return;
	page_heading(p, "Writer schema", schema.n > SCHEMA_MOST ? "its first 64 KiB" : NULL);
	if (schema.n > SCHEMA_MOST)
		schema.n = SCHEMA_MOST;
	pretty_json(&lines, schema, p->area.w - 2);
	page_lines(p, (struct slice){lines.p, lines.n});
	buf_free(&lines);
}

/* "00000010  4f 62 6a 01 ..  |Obj.|" of the N bytes at AT. */
static void
draw_hex(struct page *p, struct slice bytes, size_t at, size_t n, size_t per_line)
{
	int x = p->area.x + 1, w = p->area.x + p->area.w, text_x = x + 10 + (int)per_line * 3 + (int)per_line / 8 + 1;

	canvas_printf(p->c, p->y, x, w - x, STYLE_DIM, "%08zx", at);
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)bytes.p[at + i];
		char shown[2] = {byte >= 0x20 && byte < 0x7f ? (char)byte : '.', '\0'};

		canvas_printf(p->c, p->y, x + 10 + (int)(i * 3 + i / 8), 2, STYLE_NORMAL, "%02x", byte);
		canvas_text(p->c, p->y, text_x + (int)i, 1, shown[0] == '.' ? STYLE_DIM : STYLE_GRAPH, shown);
	}
}

static void
page_bytes(struct page *p, const struct record_detail *d)
{
	size_t per_line = p->area.w >= 150 ? 32 : p->area.w >= 79 ? 16 : 8;

	page_heading(p, "Bytes", d->bytes.n == 0 ? "none" : is_cut(d) ? "the first of them" : "as they came");
	for (size_t at = 0; at < d->bytes.n; at += per_line, p->y++)
		if (page_visible(p))
			draw_hex(p, d->bytes, at, d->bytes.n - at < per_line ? d->bytes.n - at : per_line, per_line);
}

static int
draw_detail(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state)
{
	const struct record_detail *d = view->record;
	struct arena texts = {0};
	struct page p;

	page_begin(&p, c, area, state->scroll);
	if (d) {
		page_summary(&p, &texts, d);
		page_fields(&p, d);
		page_hash(&p, d);
		page_headers(&p, d);
		page_schema(&p, d);
		page_bytes(&p, d);
	} else {
		page_gone(&p, "This record is no longer kept: newer ones took its place.");
	}
	arena_free(&texts);
	return page_end(&p);
}

const struct screen screen_records = {
	.name = "Records",
	.key = '3',
	.list = VIEW_RECORDS,
	.detail = VIEW_RECORD,
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(*columns),
	.draw = draw,
	.draw_detail = draw_detail,
};
