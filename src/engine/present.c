/* SPDX-License-Identifier: MIT */
#include "engine/present.h"

#include "codec/decode.h"
#include "codec/print.h"

#include <stdlib.h>

static struct slice
take_text(struct arena *arena, struct buf *text)
{
	struct slice copy = arena_copy(arena, (struct slice){text->n ? text->p : "", text->n});

	buf_free(text);
	return copy;
}

/* VALUE as consume would print it, cut; for an undecodable one the reason. */
static struct slice
row_text(struct arena *arena, struct slice value, struct container_cache *cache)
{
	struct buf text = {0};
	struct container c;
	struct slice record;
	struct err err;

	if (!value.p) {
		buf_str(&text, "None");
	} else if (!container_is(value)) {
		print_bytes_repr(&text, (struct slice){value.p, value.n < PRESENT_TEXT ? value.n : PRESENT_TEXT});
	} else if (!container_open(cache, value, &c, &err)) {
		buf_str(&text, err.text);
	} else {
		while (text.n < PRESENT_TEXT && container_next(&c, &record)) {
			if (text.n)
				buf_str(&text, " | ");
			print_python(&text, c.schema->root, record, PRESENT_TEXT);
		}
	}
	return take_text(arena, &text);
}

static void
present_rows(struct view *view, struct container_cache *cache)
{
	for (size_t i = 0; i < view->n; i++) {
		view->records[i].text = row_text(&view->arena, view->records[i].value, cache);
		view->records[i].value = (struct slice){0};
	}
}

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
	if (node->name.p)
		return arena_print(arena, "%s %.*s", schema_type_name(node->type), (int)node->name.n, node->name.p);
	return slice_str(schema_type_name(node->type));
}

static bool
add_field(void *arg, const struct decode_item *item)
{
	struct fields *f = arg;
	struct record_field *field = &f->item[f->n++];
	struct buf text = {0};

	field->depth = item->depth;
	field->type = field_type(f->arena, item->node);
	field->name = item->name.p ? arena_copy(f->arena, item->name)
		      : item->depth > 0 ? arena_print(f->arena, "[%zu]", item->index)
					: (struct slice){0};
	if (!is_nested(item->node)) {
		print_python(&text, item->node, item->bytes, PRESENT_TEXT * 4);
		field->value = take_text(f->arena, &text);
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

static void
present_container(struct record_detail *d, struct arena *arena, struct container_cache *cache)
{
	struct slice header = name_header(d);
	struct container c;
	struct err err;

	if (!container_open(cache, d->bytes, &c, &err)) {
		d->problem = arena_copy(arena, slice_str(err.text));
		return;
	}
	d->schema = arena_copy(arena, c.schema->text);
	d->schema_name = arena_copy(arena, schema_name(c.schema));
	d->codec = arena_copy(arena, c.codec);
	d->by_header = header.p != NULL;
	d->disagree = header.p && !decode_agrees(header, c.schema);
	present_fields(d, arena, &c);
}

void
present(struct view *view, struct container_cache *cache)
{
	struct record_detail *d = view->record;

	if (view->query.kind == VIEW_RECORDS)
		present_rows(view, cache);
	if (view->query.kind != VIEW_RECORD || !d)
		return;
	d->row.text = row_text(&view->arena, d->bytes, cache);
	d->row.value = (struct slice){0};
	if (container_is(d->bytes))
		present_container(d, &view->arena, cache);
}

bool
present_event(struct slice value, struct container_cache *cache, struct buf *room, struct event *e)
{
	struct container c;
	struct slice record;
	struct err err;

	if (!container_is(value) || !container_open(cache, value, &c, &err))
		return false;
	while (container_next(&c, &record))
		if (decode_event(c.schema, record, room, e) && e->hash.p)
			return true;
	return false;
}
