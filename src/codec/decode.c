/* SPDX-License-Identifier: MIT */
#include "codec/decode.h"

#include "codec/read.h"

#include <math.h>

struct walk {
	int64_t values; /* how many there may still be */
	int depth;
	struct err *err;
};

static bool skip(struct walk *w, const struct schema_node *node, struct slice *in);

static bool
spend(struct walk *w, size_t values)
{
	if (values > (uint64_t)w->values) {
		w->values = -1;
		return err_set(w->err, "more values than a message of its size may have");
	}
	w->values -= (int64_t)values;
	return true;
}

/* The bytes at IN are no value of TYPE. */
static bool
broken(struct walk *w, const char *type, const struct slice *in)
{
	return err_set(w->err, "it has no valid %s where %zu bytes are left", type, in->n);
}

/* An enum's symbol or a union's branch. */
static bool
read_index(const struct schema_node *node, struct slice *in, size_t *index)
{
	return read_size(in, index) && *index < node->n;
}

static bool
skip_boolean(struct slice *in)
{
	struct slice raw;

	return read_bytes(in, 1, &raw) && (raw.p[0] & ~1) == 0;
}

static bool
skip_int(struct slice *in)
{
	int64_t n;

	return read_long(in, &n) && n >= INT32_MIN && n <= INT32_MAX;
}

/* A value with none inside it. */
static inline bool
skip_leaf(const struct schema_node *node, struct slice *in)
{
	struct slice raw;
	int64_t n;
	size_t i;

	switch (node->type) {
	case SCHEMA_STRING:
	case SCHEMA_BYTES:
		return read_string(in, &raw);
	case SCHEMA_DOUBLE:
		return read_bytes(in, 8, &raw);
	case SCHEMA_FLOAT:
		return read_bytes(in, 4, &raw);
	case SCHEMA_LONG:
		return read_long(in, &n);
	case SCHEMA_INT:
		return skip_int(in);
	case SCHEMA_BOOLEAN:
		return skip_boolean(in);
	case SCHEMA_FIXED:
		return read_bytes(in, node->n, &raw);
	case SCHEMA_ENUM:
		return read_index(node, in, &i);
	default:
		return node->type == SCHEMA_NULL;
	}
}

static bool
skip_block(struct walk *w, const struct schema_node *node, struct slice *in, const struct read_block *block)
{
	struct slice key;

	if (!spend(w, block->count))
		return false;
	for (size_t i = 0; i < block->count; i++) {
		if (node->type == SCHEMA_MAP && !read_string(in, &key))
			return broken(w, "map key", in);
		if (!skip(w, node->items, in))
			return false;
	}
	return read_block_end(in, block) ||
	       err_set(w->err, "a block of its %s is not as long as it says", schema_type_name(node->type));
}

static bool
skip_items(struct walk *w, const struct schema_node *node, struct slice *in)
{
	struct read_block block;

	do {
		if (!read_block(in, &block))
			return broken(w, schema_type_name(node->type), in);
		if (!skip_block(w, node, in, &block))
			return false;
	} while (block.count > 0);
	return true;
}

/* Most records are flat: their fields are gone over here, the position held at hand. */
static bool
skip_fields(struct walk *w, const struct schema_node *node, struct slice *in)
{
	const struct schema_field *field = node->fields, *end = field + node->n;
	struct slice at = *in;

	if (!spend(w, node->n))
		return false;
	for (; field < end && field->node->type < SCHEMA_ARRAY; field++)
		if (!skip_leaf(field->node, &at))
			return broken(w, schema_type_name(field->node->type), &at);
	*in = at;
	for (; field < end; field++)
		if (!skip(w, field->node, in))
			return false;
	return true;
}

static bool
skip_nested(struct walk *w, const struct schema_node *node, struct slice *in)
{
	bool ok;

	if (w->depth == DECODE_DEPTH_MAX)
		return err_set(w->err, "its values nest deeper than %d", DECODE_DEPTH_MAX);
	w->depth++;
	ok = node->type == SCHEMA_RECORD ? skip_fields(w, node, in) : skip_items(w, node, in);
	w->depth--;
	return ok;
}

static bool
skip_union(struct walk *w, const struct schema_node *node, struct slice *in)
{
	size_t i;

	if (!read_index(node, in, &i))
		return broken(w, "union", in);
	return spend(w, 1) && skip(w, node->branches[i], in);
}

static bool
skip(struct walk *w, const struct schema_node *node, struct slice *in)
{
	if (node->type == SCHEMA_UNION)
		return skip_union(w, node, in);
	if (node->type > SCHEMA_UNION || node->type == SCHEMA_ARRAY || node->type == SCHEMA_MAP)
		return skip_nested(w, node, in);
	return skip_leaf(node, in) || broken(w, schema_type_name(node->type), in);
}

bool
decode_skip(const struct schema_node *node, struct slice *in, int64_t *values, struct err *err)
{
	struct walk w = {.values = *values, .err = err};
	bool ok = skip(&w, node, in);

	*values = w.values;
	return ok;
}

/* For bytes that were checked before. */
static bool
skip_again(const struct schema_node *node, struct slice *in)
{
	struct walk w = {.values = INT64_MAX};

	return skip(&w, node, in);
}

/* -- Events -- */

static bool
read_number(const struct schema_node *node, struct slice *in, double *out)
{
	float f;

	if (node->type == SCHEMA_DOUBLE)
		return read_double(in, out);
	if (!read_float(in, &f))
		return false;
	*out = f;
	return true;
}

static bool
read_temperature(const struct schema_node *node, struct slice *in, float *out)
{
	double d;

	if (!read_number(node, in, &d))
		return false;
	*out = (float)d;
	return true;
}

static bool
read_sensors(struct slice *in, struct buf *room, struct event *e)
{
	struct read_block block;
	struct slice sensor;

	buf_clear(room);
	do {
		if (!read_block(in, &block))
			return false;
		for (size_t i = 0; i < block.count; i++) {
			if (!read_string(in, &sensor))
				return false;
			buf_add(room, &sensor, sizeof(sensor));
		}
	} while (block.count > 0);
	e->sensors = (const struct slice *)(const void *)room->p;
	e->n_sensors = room->n / sizeof(sensor);
	return true;
}

static bool
read_range(const struct schema_node *node, struct slice *in, struct event *e)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < node->n; i++) {
		const struct schema_field *field = &node->fields[i];

		if (field->slot == SLOT_LOWER)
			ok = read_temperature(field->node, in, &e->lower);
		else if (field->slot == SLOT_UPPER)
			ok = read_temperature(field->node, in, &e->upper);
		else
			ok = skip_again(field->node, in);
	}
	return ok;
}

static bool
read_field(const struct schema_field *field, struct slice *in, struct buf *room, struct event *e)
{
	switch (field->slot) {
	case SLOT_EXPERIMENT:
		return read_string(in, &e->experiment);
	case SLOT_RESEARCHER:
		return read_string(in, &e->researcher);
	case SLOT_SENSOR:
		return read_string(in, &e->sensor);
	case SLOT_MEASUREMENT:
		return read_string(in, &e->measurement);
	case SLOT_HASH:
		return read_string(in, &e->hash);
	case SLOT_TIME:
		return read_number(field->node, in, &e->time);
	case SLOT_TEMPERATURE:
		return read_temperature(field->node, in, &e->temperature);
	case SLOT_SENSORS:
		return read_sensors(in, room, e);
	case SLOT_RANGE:
		return read_range(field->node, in, e);
	case SLOT_LOWER:
	case SLOT_UPPER:
	case SLOT_NONE:
		break;
	}
	return skip_again(field->node, in);
}

static void
forget_content(struct event *e)
{
	*e = (struct event){
		.topic_no = e->topic_no,
		.partition = e->partition,
		.offset = e->offset,
		.record_time = e->record_time,
		.time = NAN,
		.lower = NAN,
		.upper = NAN,
		.temperature = NAN,
	};
}

bool
decode_event(const struct schema *s, struct slice record, struct buf *room, struct event *e)
{
	const struct schema_node *root = s->root;

	forget_content(e);
	e->kind = s->kind;
	if (root->type != SCHEMA_RECORD)
		return true;
	for (uint32_t i = 0; i < root->n; i++)
		if (!read_field(&root->fields[i], &record, room, e))
			return false;
	return true;
}

enum event_kind
decode_kind(struct slice header, const struct schema *s)
{
	return header.p ? event_kind_from(header) : s->kind;
}

bool
decode_agrees(struct slice header, const struct schema *s)
{
	enum event_kind kind = decode_kind(header, s);

	return kind == s->kind || (kind == EVENT_TERMINATED && s->kind == EVENT_STARTED);
}

/* -- Value by value -- */

struct visit {
	decode_item_fn fn;
	void *arg;
};

static bool visit_value(const struct visit *v, struct decode_item item, struct slice *in);

static bool
visit_items(const struct visit *v, const struct decode_item *whole, struct slice *in)
{
	struct decode_item item = {.depth = whole->depth + 1, .node = whole->node->items};
	struct read_block block;

	do {
		if (!read_block(in, &block))
			return false;
		for (size_t i = 0; i < block.count; i++, item.index++) {
			if (whole->node->type == SCHEMA_MAP && !read_string(in, &item.name))
				return false;
			if (!visit_value(v, item, in))
				return false;
		}
	} while (block.count > 0);
	return true;
}

static bool
visit_fields(const struct visit *v, const struct decode_item *whole, struct slice *in)
{
	for (uint32_t i = 0; i < whole->node->n; i++) {
		const struct schema_field *field = &whole->node->fields[i];

		if (!visit_value(v, (struct decode_item){whole->depth + 1, field->name, i, field->node, {0}}, in))
			return false;
	}
	return true;
}

static bool
visit_value(const struct visit *v, struct decode_item item, struct slice *in)
{
	struct slice rest;
	size_t branch;

	if (item.node->type == SCHEMA_UNION) {
		if (!read_index(item.node, in, &branch))
			return false;
		item.node = item.node->branches[branch];
	}
	rest = *in;
	if (!skip_again(item.node, &rest))
		return false;
	item.bytes = (struct slice){in->p, in->n - rest.n};
	if (!v->fn(v->arg, &item))
		return false;
	if (item.node->type == SCHEMA_RECORD)
		return visit_fields(v, &item, in);
	if (item.node->type == SCHEMA_ARRAY || item.node->type == SCHEMA_MAP)
		return visit_items(v, &item, in);
	*in = rest;
	return true;
}

bool
decode_items(const struct schema_node *node, struct slice bytes, decode_item_fn fn, void *arg)
{
	const struct visit v = {fn, arg};

	return visit_value(&v, (struct decode_item){.node = node}, &bytes);
}
