/* SPDX-License-Identifier: MIT */
#include "engine/present.h"

#include "base/alloc.h"
#include "codec/decode.h"
#include "codec/print.h"

#include <stdlib.h>

enum {
	ROWS = 256, /* more than any terminal has */
	HASH_MOST = 4096,
	SCHEMAS = 16, SCHEMAS_BYTES = 1024 * 1024,
};

/* What was made of a record of the tail, by its number there; 0: nothing yet. */
struct row {
	uint64_t number;
	struct buf text;
};

struct presenter {
	struct container_cache *cache;
	struct row rows[ROWS];       /* by the last digits of their number */
	uint64_t number;             /* the detail's */
	struct arena memory;         /* what the detail points to */
	struct record_detail detail; /* what was found out: the rest is empty */
	struct event hashed;
	bool has_hash;
};

struct presenter *
presenter_new(void)
{
	struct presenter *p = xcalloc(1, sizeof(*p));

	p->cache = container_cache_new(SCHEMAS, SCHEMAS_BYTES);
	return p;
}

void
presenter_free(struct presenter *p)
{
	if (!p)
		return;
	for (int i = 0; i < ROWS; i++)
		buf_free(&p->rows[i].text);
	arena_free(&p->memory);
	container_cache_free(p->cache);
	free(p);
}

/* -- Texts -- */

/* A text that was cut: how much of the bytes it stands for is not in it. */
static void
add_left_out(struct buf *out, size_t left)
{
	buf_str(out, "..");
	if (left)
		buf_addf(out, " %zu more bytes", left);
}

static void
add_value(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit)
{
	struct print to = {.out = out, .limit = limit};

	if (!print_to(&to, PRINT_SCREEN, node, bytes))
		add_left_out(out, to.left);
}

void
present_plain(struct buf *out, struct slice value)
{
	struct print to = {.out = out, .limit = PRESENT_TEXT};

	if (!value.p)
		buf_str(out, "None");
	else if (!print_slice_to(&to, PRINT_SCREEN, value, false))
		add_left_out(out, to.left);
}

void
present_records(struct buf *out, const struct container *c)
{
	struct container records = *c;
	size_t start = out->n, shown = 0;
	struct slice record;
	struct err err;

	while (out->n - start < PRESENT_TEXT && container_next(&records, &record)) {
		if (shown++ > 0)
			buf_str(out, " | ");
		add_value(out, c->schema->root, record, PRESENT_TEXT - (out->n - start));
	}
	if (shown < c->records)
		buf_addf(out, " | %zu more records", c->records - shown);
	if (!container_whole(c, &err))
		buf_addf(out, " | %s", err.text);
}

/* VALUE as consume would print it, cut; for an undecodable one the reason. */
static void
add_row_text(struct presenter *p, struct buf *out, const struct record_row *row)
{
	struct container c;
	struct err err;

	if (!container_is(row->value))
		present_plain(out, row->value);
	else if (container_open(p->cache, row->value, &c, &err))
		present_records(out, &c);
	else
		buf_str(out, err.text);
}

static struct slice
row_text(struct presenter *p, struct arena *arena, const struct record_row *row)
{
	struct row *made = &p->rows[row->number % ROWS];

	if (row->text.p)
		return row->text;
	if (made->number != row->number) {
		buf_clear(&made->text);
		add_row_text(p, &made->text, row);
		made->number = row->number;
	}
	return arena_copy(arena, (struct slice){buf_cstr(&made->text), made->text.n});
}

static void
present_rows(struct presenter *p, struct view *view)
{
	for (size_t i = 0; i < view->n; i++) {
		view->records[i].text = row_text(p, &view->arena, &view->records[i]);
		view->records[i].value = (struct slice){0};
	}
}

/* -- Details -- */

struct fields {
	struct arena *arena;
	struct record_field *item;
	size_t n;
};

static bool
is_nested(const struct schema_node *node)
{
	return node->type == SCHEMA_RECORD || node->type == SCHEMA_ARRAY || node->type == SCHEMA_MAP;
}

static struct slice
field_type(struct arena *arena, const struct schema_node *node)
{
	const char *type = schema_type_name(node->type), *logical = schema_logical_name(node->logical);

	if (node->name.p)
		return arena_print(arena, "%s %.*s%s%s", type, (int)node->name.n, node->name.p, logical ? " " : "",
				   logical ? logical : "");
	return logical ? arena_print(arena, "%s %s", type, logical) : slice_str(type);
}

/* A name that a field has in the schema, or a key in a map: of that any length. */
static struct slice
field_name(struct arena *arena, const struct decode_item *item)
{
	if (item->name.p)
		return arena_copy(arena, (struct slice){item->name.p, item->name.n < PRESENT_TEXT ? item->name.n
												 : PRESENT_TEXT});
	return item->depth > 0 ? arena_print(arena, "[%zu]", item->index) : (struct slice){0};
}

static bool
add_field(void *arg, const struct decode_item *item)
{
	struct fields *f = arg;
	struct record_field *field = &f->item[f->n++];
	struct buf text = {0};

	field->depth = item->depth;
	field->type = field_type(f->arena, item->node);
	field->name = field_name(f->arena, item);
	if (!is_nested(item->node)) {
		add_value(&text, item->node, item->bytes, PRESENT_TEXT * 4);
		field->value = arena_copy(f->arena, (struct slice){buf_cstr(&text), text.n});
		buf_free(&text);
	}
	return f->n < PRESENT_FIELDS;
}

static void
present_fields(struct record_detail *d, struct arena *arena, struct container *c)
{
	struct fields f = {.arena = arena};
	struct slice record;

	f.item = arena_alloc(arena, PRESENT_FIELDS * sizeof(*f.item));
	while (f.n < PRESENT_FIELDS && container_next(c, &record))
		decode_items(c->schema->root, record, add_field, &f);
	d->fields = f.item;
	d->n_fields = f.n;
}

static struct slice
name_header(const struct record_detail *d)
{
	for (size_t i = d->n_headers; i > 0; i--)
		if (slice_is(d->headers[i - 1].name, "record_name"))
			return d->headers[i - 1].value;
	return (struct slice){0};
}

/* The first event of C that has a hash, of its own memory. */
static bool
find_hash(struct presenter *p, struct container c)
{
	struct event *e = &p->hashed;
	struct buf sensors = {0};
	struct slice record;
	bool found = false;

	while (!found && container_next(&c, &record))
		found = decode_event(c.schema, record, &sensors, e) && e->hash.p;
	buf_free(&sensors);
	if (!found || e->hash.n > HASH_MOST)
		return false;
	e->sensors = NULL;
	e->n_sensors = 0;
	e->experiment = arena_copy(&p->memory, e->experiment);
	e->researcher = arena_copy(&p->memory, e->researcher);
	e->sensor = arena_copy(&p->memory, e->sensor);
	e->measurement = arena_copy(&p->memory, e->measurement);
	e->hash = arena_copy(&p->memory, e->hash);
	return true;
}

/* Find out about the container in D what a detail says. */
static void
open_detail(struct presenter *p, const struct record_detail *d)
{
	struct slice header = name_header(d);
	struct record_detail *found = &p->detail;
	struct container c;
	struct err err;

	if (!container_open(p->cache, d->bytes, &c, &err)) {
		found->problem = arena_copy(&p->memory, slice_str(err.text));
		return;
	}
	if (!container_whole(&c, &err))
		found->problem = arena_copy(&p->memory, slice_str(err.text));
	found->schema = arena_copy(&p->memory, c.schema->text);
	found->schema_name = arena_copy(&p->memory, schema_name(c.schema));
	found->codec = arena_copy(&p->memory, c.codec);
	found->by_header = header.p != NULL;
	found->disagree = header.p && !decode_agrees(header, c.schema);
	p->has_hash = find_hash(p, c);
	present_fields(found, &p->memory, &c);
}

/* What was found out, for VIEW: the view goes to another thread, and stays. */
static void
copy_detail(struct record_detail *d, struct arena *arena, const struct record_detail *found)
{
	struct record_field *fields = arena_alloc(arena, found->n_fields * sizeof(*fields));

	for (size_t i = 0; i < found->n_fields; i++)
		fields[i] = (struct record_field){
			.depth = found->fields[i].depth,
			.name = arena_copy(arena, found->fields[i].name),
			.type = arena_copy(arena, found->fields[i].type),
			.value = arena_copy(arena, found->fields[i].value),
		};
	d->fields = fields;
	d->n_fields = found->n_fields;
	d->problem = arena_copy(arena, found->problem);
	d->schema = arena_copy(arena, found->schema);
	d->schema_name = arena_copy(arena, found->schema_name);
	d->codec = arena_copy(arena, found->codec);
	d->by_header = found->by_header;
	d->disagree = found->disagree;
}

static void
present_detail(struct presenter *p, struct view *view)
{
	struct record_detail *d = view->record;
	bool whole = d->bytes.n == d->row.value_size;

	d->row.text = row_text(p, &view->arena, &d->row);
	d->row.value = (struct slice){0};
	if (p->number != d->row.number) {
		arena_reset(&p->memory);
		p->detail = (struct record_detail){0};
		p->has_hash = false;
		p->number = d->row.number;
		if (whole && container_is(d->bytes))
			open_detail(p, d);
	}
	copy_detail(d, &view->arena, &p->detail);
}

void
present(struct presenter *p, struct view *view)
{
	if (view->query.kind == VIEW_RECORDS)
		present_rows(p, view);
	else if (view->query.kind == VIEW_RECORD && view->record)
		present_detail(p, view);
}

const struct event *
present_hashed(const struct presenter *p, const struct view *view)
{
	const struct record_detail *d = view->record;

	if (view->query.kind != VIEW_RECORD || !d || p->number != d->row.number || !p->has_hash)
		return NULL;
	return &p->hashed;
}
