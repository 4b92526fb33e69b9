/* SPDX-License-Identifier: MIT */
#include "codec/schema.h"

#include "base/alloc.h"
#include "codec/schema_json.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>

/* A name of foreign length within a sentence, for "%.*s". */
#define NAME(s) (int)((s).n < 80 ? (s).n : 80), (s).p

static const char *const type_names[SCHEMA_TYPES] = {
	[SCHEMA_NULL] = "null",     [SCHEMA_BOOLEAN] = "boolean", [SCHEMA_INT] = "int",
	[SCHEMA_LONG] = "long",     [SCHEMA_FLOAT] = "float",     [SCHEMA_DOUBLE] = "double",
	[SCHEMA_BYTES] = "bytes",   [SCHEMA_STRING] = "string",   [SCHEMA_FIXED] = "fixed",
	[SCHEMA_ENUM] = "enum",     [SCHEMA_ARRAY] = "array",     [SCHEMA_MAP] = "map",
	[SCHEMA_UNION] = "union",   [SCHEMA_RECORD] = "record",
};

/* Of which type each is; a decimal may be a fixed, too. */
static const struct {
	const char *name;
	enum schema_type type;
} logicals[LOGICAL_TYPES] = {
	[LOGICAL_DECIMAL] = {"decimal", SCHEMA_BYTES},
	[LOGICAL_UUID] = {"uuid", SCHEMA_STRING},
	[LOGICAL_DATE] = {"date", SCHEMA_INT},
	[LOGICAL_TIME_MILLIS] = {"time-millis", SCHEMA_INT},
	[LOGICAL_TIME_MICROS] = {"time-micros", SCHEMA_LONG},
	[LOGICAL_TIMESTAMP_MILLIS] = {"timestamp-millis", SCHEMA_LONG},
	[LOGICAL_TIMESTAMP_MICROS] = {"timestamp-micros", SCHEMA_LONG},
	[LOGICAL_TIMESTAMP_NANOS] = {"timestamp-nanos", SCHEMA_LONG},
	[LOGICAL_LOCAL_MILLIS] = {"local-timestamp-millis", SCHEMA_LONG},
	[LOGICAL_LOCAL_MICROS] = {"local-timestamp-micros", SCHEMA_LONG},
	[LOGICAL_LOCAL_NANOS] = {"local-timestamp-nanos", SCHEMA_LONG},
};

static const struct schema_node primitives[] = {
	{.type = SCHEMA_NULL, .ends = true},   {.type = SCHEMA_BOOLEAN, .ends = true},
	{.type = SCHEMA_INT, .ends = true},    {.type = SCHEMA_LONG, .ends = true},
	{.type = SCHEMA_FLOAT, .ends = true},  {.type = SCHEMA_DOUBLE, .ends = true},
	{.type = SCHEMA_BYTES, .ends = true},  {.type = SCHEMA_STRING, .ends = true},
};

enum { PRIMITIVES = sizeof(primitives) / sizeof(primitives[0]) };

struct compiler {
	struct schema *schema;
	void *names;                /* tree of the named types met so far */
	struct schema_node **open;  /* records and unions: parts before the whole, the referred to before who refers */
	size_t n_open, cap_open;
	size_t left;                /* of SCHEMA_NODES_MAX */
	struct err *err;
};

static const struct schema_node *compile(struct compiler *c, const json_t *json, struct slice space, int depth);

static int
slice_compare(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* The first of two equal names, null when all differ. */
static struct slice
find_twice(const struct slice *names, size_t n)
{
	struct slice *sorted, twice = {0};

	if (n < 2)
		return twice;
	sorted = xmemdup(names, n * sizeof(*names));
	qsort(sorted, n, sizeof(*sorted), slice_compare);
	for (size_t i = 1; i < n && !twice.p; i++)
		if (slice_eq(sorted[i - 1], sorted[i]))
			twice = sorted[i];
	free(sorted);
	return twice;
}

static struct slice
json_slice(const json_t *json)
{
	return json_is_string(json) ? (struct slice){json_string_value(json), json_string_length(json)}
				    : (struct slice){0};
}

static bool
spend(struct compiler *c, size_t nodes)
{
	if (nodes > c->left)
		return err_set(c->err, "the schema has more than %d types, fields and symbols", SCHEMA_NODES_MAX);
	c->left -= nodes;
	return true;
}

static struct schema_node *
node_new(struct compiler *c, enum schema_type type)
{
	struct schema_node *node;

	if (!spend(c, 1))
		return NULL;
	node = arena_alloc(&c->schema->memory, sizeof(*node));
	*node = (struct schema_node){.type = type, .ends = type != SCHEMA_RECORD && type != SCHEMA_UNION};
	return node;
}

/* NODE's parts are all there: whether it ends can be asked. */
static const struct schema_node *
node_close(struct compiler *c, struct schema_node *node)
{
	if (c->n_open == c->cap_open) {
		c->cap_open = c->cap_open ? c->cap_open * 2 : 16;
		c->open = xreallocarray(c->open, c->cap_open, sizeof(struct schema_node *));
	}
	c->open[c->n_open++] = node;
	return node;
}

static const struct schema_node *
find_primitive(struct slice name)
{
	for (int i = 0; i < PRIMITIVES; i++)
		if (slice_is(name, type_names[primitives[i].type]))
			return &primitives[i];
	return NULL;
}

/* -- Names -- */

/* In the tree of names: the name first, so that a bare slice finds it. */
struct named {
	struct slice name;
	const struct schema_node *node;
};

static const struct schema_node *
find_named(const struct compiler *c, struct slice full)
{
	void *found = tfind(&full, &c->names, slice_compare);

	return found ? (*(struct named **)found)->node : NULL;
}

/* NAME with its namespace, in ROOM; null when it is longer than that. */
static struct slice
qualify(struct slice space, struct slice name, char room[SCHEMA_NAME_MAX])
{
	bool bare = space.n == 0 || memchr(name.p, '.', name.n);
	struct slice full = {room, bare ? name.n : space.n + 1 + name.n};

	if (full.n > SCHEMA_NAME_MAX)
		return (struct slice){0};
	if (!bare) {
		memcpy(room, space.p, space.n);
		room[space.n] = '.';
	}
	memcpy(room + full.n - name.n, name.p, name.n);
	return full;
}

static struct slice
space_of(struct slice full)
{
	const char *dot = memrchr(full.p, '.', full.n);

	return (struct slice){full.p, dot ? (size_t)(dot - full.p) : 0};
}

/* Some writers name a type of no namespace from within one: that is tried last. */
static const struct schema_node *
resolve(struct compiler *c, struct slice name, struct slice space)
{
	const struct schema_node *node = find_primitive(name);
	char room[SCHEMA_NAME_MAX];
	struct slice full = qualify(space, name, room);

	if (!node && full.p)
		node = find_named(c, full);
	if (!node)
		node = find_named(c, name);
	if (!node)
		err_set(c->err, "the schema names a type \"%.*s\" that it does not define", NAME(name));
	return node;
}

/* Give NODE the name that JSON and the namespace around it say, and make it known. */
static bool
node_name(struct compiler *c, struct schema_node *node, const json_t *json, struct slice space)
{
	struct slice name = json_slice(json_object_get(json, "name"));
	struct slice own = json_slice(json_object_get(json, "namespace"));
	char room[SCHEMA_NAME_MAX];
	struct named *entry;

	if (name.n == 0)
		return err_set(c->err, "the schema has a type %s without a name", type_names[node->type]);
	node->name = arena_copy(&c->schema->memory, qualify(own.p ? own : space, name, room));
	if (!node->name.p)
		return err_set(c->err, "the schema has a name longer than %d bytes", SCHEMA_NAME_MAX);
	if (find_primitive(node->name))
		return err_set(c->err, "the schema defines \"%.*s\", which is Avro's own", NAME(name));
	if (find_named(c, node->name))
		return err_set(c->err, "the schema defines \"%.*s\" twice", NAME(node->name));
	entry = arena_alloc(&c->schema->memory, sizeof(*entry));
	*entry = (struct named){node->name, node};
	if (!tsearch(entry, &c->names, slice_compare))
		return err_set(c->err, "no memory for the schema's names");
	return true;
}

/* -- Logical types -- */

static enum schema_logical
find_logical(struct slice name, enum schema_type type)
{
	for (int i = LOGICAL_NONE + 1; name.p && i < LOGICAL_TYPES; i++)
		if (slice_is(name, logicals[i].name) &&
		    (logicals[i].type == type || (i == LOGICAL_DECIMAL && type == SCHEMA_FIXED)))
			return (enum schema_logical)i;
	return LOGICAL_NONE;
}

/* A whole number up to MOST; 0 where the member is not there; false: something else. */
static bool
read_digits(const json_t *json, const char *member, uint32_t most, uint32_t *out)
{
	const json_t *number = json_object_get(json, member);
	double value = json_number_value(number);

	*out = 0;
	if (!number)
		return true;
	if (!json_is_number(number) || !(value >= 0 && value <= most) || value != (double)(uint32_t)value)
		return false;
	*out = (uint32_t)value;
	return true;
}

/* Precision and scale as they may be; a fixed must have room for the precision. */
static bool
read_decimal(struct schema_node *node, const json_t *json)
{
	if (!read_digits(json, "precision", SCHEMA_PRECISION_MAX, &node->precision) ||
	    !read_digits(json, "scale", SCHEMA_PRECISION_MAX, &node->scale))
		return false;
	if (node->precision == 0 || node->scale > node->precision)
		return false;
	return node->type != SCHEMA_FIXED || (node->n > 0 && node->precision <= log10(2) * (8.0 * node->n - 1));
}

static void
node_logical(struct schema_node *node, const json_t *json)
{
	node->logical = find_logical(json_slice(json_object_get(json, "logicalType")), node->type);
	if (node->logical == LOGICAL_DECIMAL && !read_decimal(node, json))
		node->logical = LOGICAL_NONE;
}

/* A primitive type, of its own where it has a logical one. */
static const struct schema_node *
compile_primitive(struct compiler *c, const struct schema_node *primitive, const json_t *json)
{
	struct schema_node logical = *primitive, *node;

	node_logical(&logical, json);
	if (logical.logical == LOGICAL_NONE)
		return primitive;
	node = node_new(c, primitive->type);
	if (node)
		*node = logical;
	return node;
}

/* -- Types -- */

static const struct schema_node *
compile_fixed(struct compiler *c, const json_t *json, struct slice space)
{
	struct schema_node *node = node_new(c, SCHEMA_FIXED);
	const json_t *size = json_object_get(json, "size");
	double bytes = json_number_value(size);

	if (!node || !node_name(c, node, json, space))
		return NULL;
	if (!json_is_number(size) || !(bytes >= 0 && bytes <= SCHEMA_FIXED_MAX) || bytes != (double)(uint32_t)bytes) {
		err_set(c->err, "the size of fixed \"%.*s\" is not a whole number from 0 to %d", NAME(node->name),
			SCHEMA_FIXED_MAX);
		return NULL;
	}
	node->n = (uint32_t)bytes;
	node_logical(node, json);
	return node;
}

/* The texts of a JSON list; NULL when it is none or holds something else. */
static const struct slice *
copy_texts(struct compiler *c, const json_t *list)
{
	size_t n = json_array_size(list);
	struct slice *texts = arena_alloc(&c->schema->memory, n * sizeof(*texts));

	for (size_t i = 0; i < n; i++) {
		texts[i] = arena_copy(&c->schema->memory, json_slice(json_array_get(list, i)));
		if (!texts[i].p)
			return NULL;
	}
	return json_is_array(list) ? texts : NULL;
}

static const struct schema_node *
compile_enum(struct compiler *c, const json_t *json, struct slice space)
{
	struct schema_node *node = node_new(c, SCHEMA_ENUM);
	const json_t *list = json_object_get(json, "symbols");
	struct slice twice;

	if (!node || !node_name(c, node, json, space) || !spend(c, json_array_size(list)))
		return NULL;
	node->n = (uint32_t)json_array_size(list);
	node->symbols = copy_texts(c, list);
	if (!node->symbols) {
		err_set(c->err, "the symbols of enum \"%.*s\" are not a list of texts", NAME(node->name));
		return NULL;
	}
	twice = find_twice(node->symbols, node->n);
	if (twice.p) {
		err_set(c->err, "enum \"%.*s\" has the symbol \"%.*s\" twice", NAME(node->name), NAME(twice));
		return NULL;
	}
	return node;
}

static const struct schema_node *
compile_items(struct compiler *c, const json_t *json, struct slice space, int depth, enum schema_type type)
{
	struct schema_node *node = node_new(c, type);
	const char *member = type == SCHEMA_ARRAY ? "items" : "values";
	const json_t *items = json_object_get(json, member);

	if (node && !items)
		err_set(c->err, "the schema has a type %s without \"%s\"", type_names[type], member);
	if (!node || !items)
		return NULL;
	node->items = compile(c, items, space, depth + 1);
	return node->items ? node : NULL;
}

/* What no other branch of a union may be: its name, or the kind of type. */
static struct slice
branch_name(const struct schema_node *branch)
{
	return branch->name.p ? branch->name : slice_str(type_names[branch->type]);
}

static bool
branches_differ(struct compiler *c, const struct schema_node *node)
{
	struct slice *names = xcalloc(node->n, sizeof(*names)), twice;

	for (uint32_t i = 0; i < node->n; i++)
		names[i] = branch_name(node->branches[i]);
	twice = find_twice(names, node->n);
	free(names);
	return !twice.p || err_set(c->err, "a union in the schema has \"%.*s\" twice", NAME(twice));
}

static const struct schema_node *
compile_union(struct compiler *c, const json_t *json, struct slice space, int depth)
{
	struct schema_node *node = node_new(c, SCHEMA_UNION);
	size_t n = json_array_size(json);

	if (!node || !spend(c, n))
		return NULL;
	if (n == 0) {
		err_set(c->err, "the schema has a union of nothing");
		return NULL;
	}
	node->branches = arena_alloc(&c->schema->memory, n * sizeof(struct schema_node *));
	for (; node->n < n; node->n++) {
		const struct schema_node *branch = compile(c, json_array_get(json, node->n), space, depth + 1);

		if (branch && branch->type == SCHEMA_UNION)
			err_set(c->err, "the schema has a union directly in a union");
		if (!branch || branch->type == SCHEMA_UNION)
			return NULL;
		node->branches[node->n] = branch;
	}
	return branches_differ(c, node) ? node_close(c, node) : NULL;
}

/* -- Records -- */

static bool
is_number(const struct schema_node *node)
{
	return node->type == SCHEMA_FLOAT || node->type == SCHEMA_DOUBLE;
}

static bool
is_text(const struct schema_node *node)
{
	return node->type == SCHEMA_STRING;
}

static bool
is_texts(const struct schema_node *node)
{
	return node->type == SCHEMA_ARRAY && is_text(node->items);
}

static bool
is_record(const struct schema_node *node)
{
	return node->type == SCHEMA_RECORD;
}

static const struct {
	const char *name;
	bool (*fits)(const struct schema_node *node);
	enum schema_slot slot;
} slots[] = {
	{"experiment", is_text, SLOT_EXPERIMENT},
	{"researcher", is_text, SLOT_RESEARCHER},
	{"sensor", is_text, SLOT_SENSOR},
	{"measurement_id", is_text, SLOT_MEASUREMENT},
	{"measurement_hash", is_text, SLOT_HASH},
	{"timestamp", is_number, SLOT_TIME},
	{"temperature", is_number, SLOT_TEMPERATURE},
	{"lower_threshold", is_number, SLOT_LOWER},
	{"upper_threshold", is_number, SLOT_UPPER},
	{"sensors", is_texts, SLOT_SENSORS},
	{"temperature_range", is_record, SLOT_RANGE},
};

static enum schema_slot
slot_of(struct slice name, const struct schema_node *node)
{
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (slice_is(name, slots[i].name) && slots[i].fits(node))
			return slots[i].slot;
	return SLOT_NONE;
}

static bool
compile_field(struct compiler *c, struct schema_field *field, const struct schema_node *record, const json_t *json,
	      int depth)
{
	struct slice name = json_slice(json_object_get(json, "name"));
	const json_t *type = json_object_get(json, "type");

	if (name.n == 0 || !type)
		return err_set(c->err, "record \"%.*s\" has a field without a name or a type", NAME(record->name));
	field->name = arena_copy(&c->schema->memory, name);
	field->node = compile(c, type, space_of(record->name), depth + 1);
	if (!field->node)
		return false;
	field->slot = slot_of(field->name, field->node);
	return true;
}

static bool
fields_differ(struct compiler *c, const struct schema_node *node)
{
	struct slice *names = xcalloc(node->n ? node->n : 1, sizeof(*names)), twice;

	for (uint32_t i = 0; i < node->n; i++)
		names[i] = node->fields[i].name;
	twice = find_twice(names, node->n);
	free(names);
	return !twice.p ||
	       err_set(c->err, "record \"%.*s\" has the field \"%.*s\" twice", NAME(node->name), NAME(twice));
}

static const struct schema_node *
compile_record(struct compiler *c, const json_t *json, struct slice space, int depth)
{
	struct schema_node *node = node_new(c, SCHEMA_RECORD);
	const json_t *list = json_object_get(json, "fields");
	size_t n = json_array_size(list);
	struct schema_field *fields;

	if (!node || !node_name(c, node, json, space) || !spend(c, n))
		return NULL;
	if (!json_is_array(list)) {
		err_set(c->err, "record \"%.*s\" has no list of fields", NAME(node->name));
		return NULL;
	}
	fields = arena_alloc(&c->schema->memory, n * sizeof(*fields));
	for (size_t i = 0; i < n; i++)
		if (!compile_field(c, &fields[i], node, json_array_get(list, i), depth))
			return NULL;
	node->fields = fields;
	node->n = (uint32_t)n;
	return fields_differ(c, node) ? node_close(c, node) : NULL;
}

static const struct schema_node *
compile_object(struct compiler *c, const json_t *json, struct slice space, int depth)
{
	const json_t *type = json_object_get(json, "type");
	struct slice name = json_slice(type);

	if (!type) {
		err_set(c->err, "the schema has an object without \"type\"");
		return NULL;
	}
	if (!name.p)
		return compile(c, type, space, depth + 1);
	if (slice_is(name, "record") || slice_is(name, "error"))
		return compile_record(c, json, space, depth);
	if (slice_is(name, "enum"))
		return compile_enum(c, json, space);
	if (slice_is(name, "fixed"))
		return compile_fixed(c, json, space);
	if (slice_is(name, "array"))
		return compile_items(c, json, space, depth, SCHEMA_ARRAY);
	if (slice_is(name, "map"))
		return compile_items(c, json, space, depth, SCHEMA_MAP);
	if (find_primitive(name))
		return compile_primitive(c, find_primitive(name), json);
	return resolve(c, name, space);
}

static const struct schema_node *
compile(struct compiler *c, const json_t *json, struct slice space, int depth)
{
	if (depth > SCHEMA_DEPTH_MAX) {
		err_set(c->err, "the schema nests deeper than %d", SCHEMA_DEPTH_MAX);
		return NULL;
	}
	if (json_is_string(json))
		return resolve(c, json_slice(json), space);
	if (json_is_array(json))
		return compile_union(c, json, space, depth);
	if (json_is_object(json))
		return compile_object(c, json, space, depth);
	err_set(c->err, "the schema has something that is no type: neither a text, a list nor an object");
	return NULL;
}

/* -- The whole -- */

static bool
node_ends(const struct schema_node *node)
{
	if (node->type == SCHEMA_UNION) {
		for (uint32_t i = 0; i < node->n; i++)
			if (node->branches[i]->ends)
				return true;
		return false;
	}
	for (uint32_t i = 0; i < node->n; i++)
		if (!node->fields[i].node->ends)
			return false;
	return true;
}

/* A record that holds itself on every way has no finite value. In the order they
 * were closed only a reference to a type around can be unsettled, so that each
 * round settles a level of those at least. */
static bool
all_end(struct compiler *c)
{
	const struct schema_node *endless;
	bool settled;

	do {
		settled = true;
		endless = NULL;
		for (size_t i = 0; i < c->n_open; i++) {
			struct schema_node *node = c->open[i];

			if (node->ends)
				continue;
			node->ends = node_ends(node);
			settled = settled && !node->ends;
			if (!node->ends && node->type == SCHEMA_RECORD)
				endless = node;
		}
	} while (!settled);
	return !endless || err_set(c->err, "record \"%.*s\" always contains itself", NAME(endless->name));
}

static bool
is_measurement(const struct schema_node *root)
{
	static const struct {
		const char *name;
		enum schema_type type;
	} fields[] = {
		{"experiment", SCHEMA_STRING}, {"sensor", SCHEMA_STRING},     {"measurement_id", SCHEMA_STRING},
		{"timestamp", SCHEMA_DOUBLE},  {"temperature", SCHEMA_FLOAT}, {"measurement_hash", SCHEMA_STRING},
	};
	const uint32_t n = sizeof(fields) / sizeof(fields[0]);

	if (root->type != SCHEMA_RECORD || root->n != n || !slice_is(root->name, event_kind_name(EVENT_MEASURED)))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (!slice_is(root->fields[i].name, fields[i].name) || root->fields[i].node->type != fields[i].type)
			return false;
	return true;
}

/* The reference names the record of experiment_configured ExperimentConfig. */
static enum event_kind
kind_of(const struct schema_node *root)
{
	struct slice name = root->name;
	const char *dot;

	if (root->type != SCHEMA_RECORD)
		return EVENT_OTHER;
	dot = memrchr(name.p, '.', name.n);
	if (dot)
		name = (struct slice){dot + 1, (size_t)(name.p + name.n - dot) - 1};
	return slice_is(name, "ExperimentConfig") ? EVENT_CONFIGURED : event_kind_from(name);
}

static bool
compile_text(struct compiler *c)
{
	json_t *json = schema_json(c->schema->text, c->err);

	if (!json)
		return false;
	c->schema->root = compile(c, json, (struct slice){0}, 1);
	json_decref(json);
	return c->schema->root && all_end(c);
}

static void
keep_entry(void *entry)
{
	(void)entry; /* the arena's */
}

struct schema *
schema_new(struct slice text, struct err *err)
{
	struct compiler c = {.left = SCHEMA_NODES_MAX, .err = err};
	bool ok;

	if (text.n > SCHEMA_TEXT_MAX) {
		err_set(err, "the schema is longer than %d bytes", SCHEMA_TEXT_MAX);
		return NULL;
	}
	c.schema = xcalloc(1, sizeof(*c.schema));
	c.schema->text = arena_copy(&c.schema->memory, text.p ? text : slice_str(""));
	ok = compile_text(&c);
	tdestroy(c.names, keep_entry);
	free(c.open);
	if (!ok) {
		schema_free(c.schema);
		return NULL;
	}
	c.schema->kind = kind_of(c.schema->root);
	c.schema->is_measurement = is_measurement(c.schema->root);
	return c.schema;
}

void
schema_free(struct schema *s)
{
	if (!s)
		return;
	arena_free(&s->memory);
	free(s);
}

const char *
schema_type_name(enum schema_type type)
{
	return type_names[type];
}

const char *
schema_logical_name(enum schema_logical logical)
{
	return logicals[logical].name;
}

struct slice
schema_name(const struct schema *s)
{
	return branch_name(s->root);
}
