/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/rng.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "codec/encode.h"
#include "codec/print.h"
#include "codec/read.h"
#include "reference.h"
#include "unit.h"

#include <avro.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct schema *
compile(const char *text)
{
	struct err err = {{0}};
	struct schema *s = schema_new(slice_str(text), &err);

	if (!s)
		fail_msg("%s: %s", text, err.text);
	return s;
}

/* -- Events -- */

static void
a_measurement_is_read_from_its_bytes(void **state)
{
	struct reference_message *messages = reference_load();
	struct container_cache *cache = container_cache_new(0, 0);
	struct slice value = {messages[2].value.p, messages[2].value.n}, record;
	struct event e = {.topic_no = 1, .partition = 6, .offset = 2, .record_time = 1795437310438};
	struct buf room = {0};
	struct container c;

	(void)state;
	assert_true(container_open(cache, value, &c, NULL));
	assert_true(container_next(&c, &record));
	assert_true(decode_event(c.schema, record, &room, &e));
	assert_int_equal(e.kind, EVENT_MEASURED);
	assert_true(slice_is(e.experiment, "b58fd3ba-6abf-43fc-ba4d-93134d702a17"));
	assert_true(slice_is(e.sensor, "be81e278-d81e-4b57-9c97-f977903ff7e5"));
	assert_true(slice_is(e.measurement, "55f2268c-f859-471d-b380-0942f2c08208"));
	assert_true(e.time == 1795437310.438618);
	assert_true(e.temperature == 18.187868118286133f);
	assert_int_equal(strncmp(e.hash.p, "zAF0tmllLJ1FxuKK.", 17), 0);
	assert_in_range((size_t)(e.hash.p - value.p), 0, value.n - e.hash.n);
	assert_null(e.researcher.p);
	assert_int_equal(e.n_sensors, 0);
	assert_true(isnan(e.lower) && isnan(e.upper));
	assert_int_equal(e.topic_no, 1);
	assert_int_equal(e.partition, 6);
	assert_int_equal(e.offset, 2);
	assert_int_equal(e.record_time, 1795437310438);
	buf_free(&room);
	container_cache_free(cache);
	reference_free(messages);
}

static void
a_configuration_has_its_sensors_and_range(void **state)
{
	struct reference_message *messages = reference_load();
	struct container_cache *cache = container_cache_new(0, 0);
	struct event e = {0};
	struct buf room = {0};
	struct slice record;
	struct container c;

	(void)state;
	assert_true(container_open(cache, (struct slice){messages[0].value.p, messages[0].value.n}, &c, NULL));
	assert_true(container_next(&c, &record));
	assert_true(decode_event(c.schema, record, &room, &e));
	assert_int_equal(e.kind, EVENT_CONFIGURED);
	assert_true(slice_is(e.researcher, "d.landau@uu.nl"));
	assert_int_equal(e.n_sensors, 3);
	assert_true(slice_is(e.sensors[2], "84620c93-85ba-4bcf-a312-96571399b45a"));
	assert_true(e.lower == 25.5f && e.upper == 26.5f);
	assert_true(isnan(e.time) && isnan(e.temperature));
	buf_free(&room);
	container_cache_free(cache);
	reference_free(messages);
}

/* Other types, an order of fields of its own, fields we do not know, blocks that say their length. */
static void
fields_are_found_wherever_they_are(void **state)
{
	struct schema *s = compile("{\"type\":\"record\",\"name\":\"Mine\",\"fields\":["
				   "{\"name\":\"more\",\"type\":{\"type\":\"map\",\"values\":[\"null\",\"long\"]}},"
				   "{\"name\":\"sensors\",\"type\":{\"type\":\"array\",\"items\":\"string\"}},"
				   "{\"name\":\"temperature_range\",\"type\":"
				   "{\"type\":\"record\",\"name\":\"X\",\"fields\":["
				   "{\"name\":\"unit\",\"type\":\"string\"},"
				   "{\"name\":\"lower_threshold\",\"type\":\"double\"},"
				   "{\"name\":\"experiment\",\"type\":\"string\"}]}},"
				   "{\"name\":\"temperature\",\"type\":\"double\"},"
				   "{\"name\":\"experiment\",\"type\":\"string\"},"
				   "{\"name\":\"researcher\",\"type\":\"bytes\"},"
				   "{\"name\":\"timestamp\",\"type\":\"float\"}]}");
	static const char record[] = "\2\2k\2\6\0"                      /* more: {"k": 3} */
				     "\1\4\2a\2\2b\0"                   /* sensors: a, b, in two blocks */
				     "\2C\0\0\0\0\0\0\xe0\x3f\6not"     /* unit C, 0.5 */
				     "\0\0\0\0\0\0\x34\x40\4id\2r\0\0\x80\x3f"; /* 20.0, id, r, 1.0 */
	struct slice bytes = {record, sizeof(record) - 1}, rest = bytes;
	struct event e = {0};
	struct buf room = {0};
	int64_t values = 1000;

	(void)state;
	assert_true(decode_skip(s->root, &rest, &values, NULL));
	assert_int_equal(rest.n, 0);
	assert_true(decode_event(s, bytes, &room, &e));
	assert_int_equal(e.kind, EVENT_OTHER);
	assert_int_equal(e.n_sensors, 2);
	assert_true(slice_is(e.sensors[0], "a") && slice_is(e.sensors[1], "b"));
	assert_true(e.lower == 0.5f && isnan(e.upper));
	assert_true(e.temperature == 20 && e.time == 1);
	assert_true(slice_is(e.experiment, "id"));
	assert_null(e.researcher.p);
	for (size_t n = 0; n < bytes.n; n++) {
		char *exact = xmemdup(record, n);

		assert_false(decode_event(s, (struct slice){exact, n}, &room, &e));
		free(exact);
	}
	buf_free(&room);
	schema_free(s);
}

static void
a_value_that_is_no_record_is_an_event_of_no_content(void **state)
{
	struct schema *s = compile("\"string\"");
	struct event e = {.experiment = slice_str("old")};
	struct buf room = {0};

	(void)state;
	assert_true(decode_event(s, (struct slice){"\2a", 2}, &room, &e));
	assert_int_equal(e.kind, EVENT_OTHER);
	assert_null(e.experiment.p);
	schema_free(s);
}

static void
the_header_decides_what_an_event_is(void **state)
{
	struct schema *started = compile(encode_schema(EVENT_STARTED).p), *other = compile("\"int\"");
	struct slice none = {0};

	(void)state;
	assert_int_equal(decode_kind(none, started), EVENT_STARTED);
	assert_int_equal(decode_kind(slice_str("experiment_terminated"), started), EVENT_TERMINATED);
	assert_int_equal(decode_kind(slice_str(""), started), EVENT_OTHER);
	assert_int_equal(decode_kind(slice_str("experiment_started"), other), EVENT_STARTED);
	assert_true(decode_agrees(none, started));
	assert_true(decode_agrees(slice_str("experiment_started"), started));
	assert_true(decode_agrees(slice_str("experiment_terminated"), started));
	assert_false(decode_agrees(slice_str("stabilization_started"), started));
	assert_false(decode_agrees(slice_str("anything"), started));
	assert_false(decode_agrees(slice_str("experiment_started"), other));
	assert_true(decode_agrees(slice_str("anything"), other));
	schema_free(started);
	schema_free(other);
}

/* -- Value by value -- */

static bool
add_item(void *out, const struct decode_item *item)
{
	struct slice name = item->name.p ? item->name : slice_str("-");

	buf_addf(out, "%d %zu %.*s %s ", item->depth, item->index, (int)name.n, name.p,
		 schema_type_name(item->node->type));
	assert_true(print_python(out, item->node, item->bytes, PRINT_LIMIT));
	buf_char(out, '\n');
	return true;
}

static bool
stop_at_three(void *count, const struct decode_item *item)
{
	(void)item;
	return ++*(int *)count < 3;
}

static void
a_record_is_shown_field_by_field(void **state)
{
	struct schema *s = compile("{\"type\":\"record\",\"name\":\"R\",\"fields\":["
				   "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"items\":[\"null\",\"string\"]}},"
				   "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":\"int\"}},"
				   "{\"name\":\"z\",\"type\":\"boolean\"}]}");
	struct slice bytes = {"\4\2\2a\0\0\2\2k\6\0\1", 12};
	struct buf out = {0};
	int count = 0;

	(void)state;
	assert_true(decode_items(s->root, bytes, add_item, &out));
	assert_string_equal(buf_cstr(&out), "0 0 - record {'l': ['a', None], 'm': {'k': 3}, 'z': True}\n"
					    "1 0 l array ['a', None]\n"
					    "2 0 - string 'a'\n"
					    "2 1 - null None\n"
					    "1 1 m map {'k': 3}\n"
					    "2 0 k int 3\n"
					    "1 2 z boolean True\n");
	assert_false(decode_items(s->root, bytes, stop_at_three, &count));
	assert_int_equal(count, 3);
	buf_free(&out);
	schema_free(s);
}

/* -- avro-c as the oracle -- */

static struct rng chance = {20261123};

static int
pick(int n)
{
	return (int)(rng_next(&chance) % (unsigned)n);
}

static void fill(avro_value_t *v, int depth);

static void
fill_many(avro_value_t *v, int depth, bool map)
{
	avro_value_t item;
	char key[16];

	for (int i = depth > 5 ? 0 : pick(4); i > 0; i--) {
		snprintf(key, sizeof(key), "key %d", i);
		if (map)
			assert_int_equal(avro_value_add(v, key, &item, NULL, NULL), 0);
		else
			assert_int_equal(avro_value_append(v, &item, NULL), 0);
		fill(&item, depth + 1);
	}
}

static void
fill_record(avro_value_t *v, int depth)
{
	avro_value_t field;
	size_t n = 0;

	avro_value_get_size(v, &n);
	for (size_t i = 0; i < n; i++) {
		avro_value_get_by_index(v, i, &field, NULL);
		fill(&field, depth + 1);
	}
}

/* The first branch is the way out. */
static void
fill_union(avro_value_t *v, int depth)
{
	size_t n = avro_schema_union_size(avro_value_get_schema(v));
	avro_value_t branch;

	assert_int_equal(avro_value_set_branch(v, depth > 5 ? 0 : pick((int)n), &branch), 0);
	fill(&branch, depth);
}

static void
fill(avro_value_t *v, int depth)
{
	avro_schema_t schema = avro_value_get_schema(v);
	uint64_t raw[4] = {rng_next(&chance), rng_next(&chance)};

	switch (avro_value_get_type(v)) {
	case AVRO_NULL:
		avro_value_set_null(v);
		break;
	case AVRO_BOOLEAN:
		avro_value_set_boolean(v, pick(2));
		break;
	case AVRO_INT32:
		avro_value_set_int(v, (int32_t)(raw[0] >> pick(32)));
		break;
	case AVRO_INT64:
		avro_value_set_long(v, (int64_t)(raw[0] >> pick(64)));
		break;
	case AVRO_FLOAT:
		avro_value_set_float(v, (float)rng_uniform(&chance, -50, 50));
		break;
	case AVRO_DOUBLE:
		avro_value_set_double(v, rng_uniform(&chance, -1e9, 1e9));
		break;
	case AVRO_BYTES:
		avro_value_set_bytes(v, raw, (size_t)pick(17));
		break;
	case AVRO_STRING:
		avro_value_set_string(v, pick(2) ? "a text" : "");
		break;
	case AVRO_FIXED:
		avro_value_set_fixed(v, raw, (size_t)avro_schema_fixed_size(schema));
		break;
	case AVRO_ENUM:
		avro_value_set_enum(v, pick(2));
		break;
	case AVRO_ARRAY:
	case AVRO_MAP:
		fill_many(v, depth, avro_value_get_type(v) == AVRO_MAP);
		break;
	case AVRO_UNION:
		fill_union(v, depth);
		break;
	default:
		fill_record(v, depth);
	}
}

/* What our walk says of each value, in its order, is looked up in avro-c's. */
struct items {
	struct decode_item *list;
	size_t n, at;
};

static bool
keep_item(void *arg, const struct decode_item *item)
{
	struct items *items = arg;

	items->list = xreallocarray(items->list, items->n + 1, sizeof(*item));
	items->list[items->n++] = *item;
	return true;
}

static void
compare_leaf(const avro_value_t *v, const struct decode_item *item)
{
	struct slice in = item->bytes, s;
	const void *p = NULL;
	const char *text = NULL;
	int32_t i32 = 0;
	int64_t i64 = 0, ours;
	size_t n = 0;
	double d = 0, our_d;
	float f = 0, our_f;
	int flag = 0;

	switch (avro_value_get_type(v)) {
	case AVRO_BOOLEAN:
		avro_value_get_boolean(v, &flag);
		assert_int_equal(in.p[0], flag);
		break;
	case AVRO_INT32:
	case AVRO_ENUM:
		if (avro_value_get_type(v) == AVRO_ENUM)
			avro_value_get_enum(v, &i32);
		else
			avro_value_get_int(v, &i32);
		assert_true(read_long(&in, &ours));
		assert_int_equal(ours, i32);
		break;
	case AVRO_INT64:
		avro_value_get_long(v, &i64);
		assert_true(read_long(&in, &ours));
		assert_int_equal(ours, i64);
		break;
	case AVRO_FLOAT:
		avro_value_get_float(v, &f);
		assert_true(read_float(&in, &our_f) && our_f == f);
		break;
	case AVRO_DOUBLE:
		avro_value_get_double(v, &d);
		assert_true(read_double(&in, &our_d) && our_d == d);
		break;
	case AVRO_STRING:
		avro_value_get_string(v, &text, &n);
		assert_true(read_string(&in, &s) && slice_is(s, text));
		break;
	case AVRO_BYTES:
		avro_value_get_bytes(v, &p, &n);
		assert_true(read_string(&in, &s) && slice_eq(s, (struct slice){p, n}));
		break;
	case AVRO_FIXED:
		avro_value_get_fixed(v, &p, &n);
		assert_true(slice_eq(in, (struct slice){p, n}));
		break;
	default:
		assert_int_equal(avro_value_get_type(v), AVRO_NULL);
		assert_int_equal(in.n, 0);
	}
}

static void
compare(const avro_value_t *v, struct items *items)
{
	const struct decode_item *item;
	avro_value_t part;
	const char *name;
	size_t n = 0;

	if (avro_value_get_type(v) == AVRO_UNION) {
		avro_value_get_current_branch(v, &part);
		compare(&part, items);
		return;
	}
	assert_in_range(items->at, 0, items->n - 1);
	item = &items->list[items->at++];
	if (item->node->type < SCHEMA_ARRAY) {
		compare_leaf(v, item);
		return;
	}
	avro_value_get_size(v, &n);
	for (size_t i = 0; i < n; i++) {
		avro_value_get_by_index(v, i, &part, &name);
		assert_int_equal(items->list[items->at].index, i);
		if (item->node->type != SCHEMA_ARRAY)
			assert_true(slice_is(items->list[items->at].name, name));
		compare(&part, items);
	}
}

static void
check_value(const struct schema *s, avro_value_t *value)
{
	struct items items = {0};
	int64_t values = 1000000;
	struct slice bytes, rest;
	avro_writer_t to;
	char *room;
	size_t n = 0;

	avro_value_sizeof(value, &n);
	room = xmalloc(n ? n : 1);
	to = avro_writer_memory(room, (int64_t)n);
	assert_int_equal(avro_value_write(to, value), 0);
	bytes = rest = (struct slice){room, n};
	assert_true(decode_skip(s->root, &rest, &values, NULL));
	assert_int_equal(rest.n, 0);
	assert_true(decode_items(s->root, bytes, keep_item, &items));
	compare(value, &items);
	assert_int_equal(items.at, items.n);
	free(items.list);
	avro_writer_free(to);
	free(room);
}

static void
check_schema(const char *text)
{
	struct schema *s = compile(text);
	avro_value_iface_t *iface;
	avro_schema_t theirs;
	avro_value_t value;

	assert_int_equal(avro_schema_from_json_length(text, strlen(text), &theirs), 0);
	iface = avro_generic_class_from_schema(theirs);
	avro_generic_value_new(iface, &value);
	for (int i = 0; i < 200; i++) {
		avro_value_reset(&value);
		fill(&value, 0);
		check_value(s, &value);
	}
	avro_value_decref(&value);
	avro_value_iface_decref(iface);
	avro_schema_decref(theirs);
	schema_free(s);
}

static void
what_avro_c_writes_is_what_we_read(void **state)
{
	(void)state;
	check_schema("\"null\"");
	check_schema("\"long\"");
	check_schema("{\"type\":\"map\",\"values\":{\"type\":\"array\",\"items\":\"double\"}}");
	check_schema("{\"type\":\"record\",\"name\":\"All\",\"namespace\":\"a.b\",\"fields\":["
		     "{\"name\":\"n\",\"type\":\"null\"},{\"name\":\"b\",\"type\":\"boolean\"},"
		     "{\"name\":\"i\",\"type\":\"int\"},{\"name\":\"l\",\"type\":\"long\"},"
		     "{\"name\":\"f\",\"type\":\"float\"},{\"name\":\"d\",\"type\":\"double\"},"
		     "{\"name\":\"y\",\"type\":\"bytes\"},{\"name\":\"s\",\"type\":\"string\"},"
		     "{\"name\":\"x\",\"type\":{\"type\":\"fixed\",\"name\":\"F\",\"size\":16}},"
		     "{\"name\":\"e\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}},"
		     "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"F\"}},"
		     "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":[\"null\",\"E\",\"a.b.F\",\"string\"]}}]}");
	check_schema("{\"type\":\"record\",\"name\":\"Node\",\"fields\":[{\"name\":\"v\",\"type\":\"long\"},"
		     "{\"name\":\"next\",\"type\":[\"null\",\"Node\"]}]}");
	check_schema("{\"type\":\"record\",\"name\":\"Tree\",\"fields\":["
		     "{\"name\":\"kids\",\"type\":{\"type\":\"array\",\"items\":\"Tree\"}},"
		     "{\"name\":\"by\",\"type\":{\"type\":\"map\",\"values\":\"Tree\"}}]}");
	for (int kind = 0; kind < EVENT_OTHER; kind++)
		check_schema(encode_schema((enum event_kind)kind).p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measurement_is_read_from_its_bytes),
		cmocka_unit_test(a_configuration_has_its_sensors_and_range),
		cmocka_unit_test(fields_are_found_wherever_they_are),
		cmocka_unit_test(a_value_that_is_no_record_is_an_event_of_no_content),
		cmocka_unit_test(the_header_decides_what_an_event_is),
		cmocka_unit_test(a_record_is_shown_field_by_field),
		cmocka_unit_test(what_avro_c_writes_is_what_we_read),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
