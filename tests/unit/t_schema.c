/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "codec/encode.h"
#include "codec/schema.h"
#include "unit.h"

static struct schema *
compile(const char *text)
{
	struct err err = {{0}};
	struct schema *s = schema_new(slice_str(text), &err);

	if (!s)
		fail_msg("%s: %s", text, err.text);
	return s;
}

static void
check_refused(const char *text, const char *reason)
{
	struct err err = {{0}};

	if (schema_new(slice_str(text), &err))
		fail_msg("let pass: %s", text);
	if (!strstr(err.text, reason))
		fail_msg("%s: said \"%s\", not \"%s\"", text, err.text, reason);
}

static void
check_root(const char *text, enum schema_type type, const char *name)
{
	struct schema *s = compile(text);

	assert_int_equal(s->root->type, type);
	assert_true(slice_is(schema_name(s), name));
	assert_true(slice_is(s->text, text));
	schema_free(s);
}

#define ENUM_E "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}"
#define PRIMITIVES \
	"\"null\",\"int\",\"long\",\"string\",\"bytes\",\"float\",\"double\",\"boolean\""
#define NODE "{\"type\":\"record\",\"name\":\"Node\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Node\"]}]}"

static void
every_type_may_be_at_the_top(void **state)
{
	(void)state;
	for (int type = SCHEMA_NULL; type <= SCHEMA_STRING; type++) {
		struct buf text = {0};
		const char *name = schema_type_name((enum schema_type)type);

		buf_addf(&text, "\"%s\"", name);
		check_root(buf_cstr(&text), (enum schema_type)type, name);
		buf_clear(&text);
		buf_addf(&text, "{\"type\":\"%s\",\"logicalType\":\"date\"}", name);
		check_root(buf_cstr(&text), (enum schema_type)type, name);
		buf_free(&text);
	}
	check_root("{\"type\":\"fixed\",\"name\":\"F\",\"size\":16}", SCHEMA_FIXED, "F");
	check_root(ENUM_E, SCHEMA_ENUM, "E");
	check_root("{\"type\":\"array\",\"items\":\"int\"}", SCHEMA_ARRAY, "array");
	check_root("{\"type\":\"map\",\"values\":\"int\"}", SCHEMA_MAP, "map");
	check_root("[\"null\",\"int\"]", SCHEMA_UNION, "union");
	check_root("{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"a.b\",\"fields\":[]}", SCHEMA_RECORD, "a.b.R");
	check_root("{\"type\":\"error\",\"name\":\"R\",\"fields\":[]}", SCHEMA_RECORD, "R");
	check_root("{\"type\":{\"type\":\"string\"}}", SCHEMA_STRING, "string");
	check_root("{\"type\":[\"null\",\"string\"]}", SCHEMA_UNION, "union");
}

static void
what_is_no_schema_is_refused(void **state)
{
	static const char *const refused[][2] = {
		{"", "no JSON"},
		{"{", "no JSON"},
		{"\"\xff\"", "does not define"},
		{"5", "no type"},
		{"null", "no type"},
		{"{}", "without \"type\""},
		{"\"strin\"", "\"strin\" that it does not define"},
		{"{\"type\":\"Other\"}", "\"Other\" that it does not define"},
		{"{\"type\":\"record\",\"fields\":[]}", "without a name"},
		{"{\"type\":\"record\",\"name\":\"\",\"fields\":[]}", "without a name"},
		{"{\"type\":\"record\",\"name\":7,\"fields\":[]}", "without a name"},
		{"{\"type\":\"record\",\"name\":\"int\",\"fields\":[]}", "Avro's own"},
		{"{\"type\":\"record\",\"name\":\"R\"}", "no list of fields"},
		{"{\"type\":\"record\",\"name\":\"R\",\"fields\":{}}", "no list of fields"},
		{"{\"type\":\"record\",\"name\":\"R\",\"fields\":[5]}", "a field without a name"},
		{"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\"}]}", "without a name or a type"},
		{"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
		 "{\"name\":\"b\",\"type\":\"int\"},{\"name\":\"a\",\"type\":\"int\"}]}",
		 "the field \"a\" twice"},
		{"[{\"type\":\"fixed\",\"name\":\"F\",\"size\":1},{\"type\":\"fixed\",\"name\":\"F\",\"size\":1}]",
		 "defines \"F\" twice"},
		{"[\"int\",\"string\",\"int\"]", "\"int\" twice"},
		{"[{\"type\":\"array\",\"items\":\"int\"},{\"type\":\"array\",\"items\":\"bytes\"}]",
		 "\"array\" twice"},
		{"[" ENUM_E ",\"E\"]", "\"E\" twice"},
		{"[\"null\",{\"type\":[\"int\"]}]", "union directly in a union"},
		{"[]", "union of nothing"},
		{"{\"type\":\"array\"}", "without \"items\""},
		{"{\"type\":\"map\"}", "without \"values\""},
		{"{\"type\":\"enum\",\"name\":\"E\"}", "not a list of texts"},
		{"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",1]}", "not a list of texts"},
		{"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"A\"]}", "\"A\" twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		check_refused(refused[i][0], refused[i][1]);
}

#define WITH_DEFAULT(word) \
	"{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"n\",\"type\":\"double\",\"default\":" word "}]}"
#define WITH_DOC(text) "{\"type\":\"record\",\"name\":\"r\",\"doc\":\"" text "\",\"fields\":[]}"

/* What Python's json and others write that is none. */
static void
what_writers_take_for_json_loads(void **state)
{
	static const char *const texts[] = {
		WITH_DEFAULT("NaN"), WITH_DEFAULT("Infinity"), WITH_DEFAULT("-Infinity"), WITH_DEFAULT("1e999"),
		WITH_DEFAULT("-1e999"), WITH_DEFAULT(" NaN\n"), WITH_DEFAULT("[NaN,Infinity,{\"NaN\":-Infinity}]"),
		WITH_DEFAULT("\"NaN \\\" NaN\",\"order\":NaN"), WITH_DOC("caf\xe9"), WITH_DOC("\xff\xc3"),
		WITH_DOC("\\ud800"), WITH_DOC("\\udc00\\ud800\\ud800\\udc00"), WITH_DOC("\\ud83d\\ude00 \\ud83d"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		check_root(texts[i], SCHEMA_RECORD, "r");
	check_refused(WITH_DEFAULT("nan"), "no JSON");
	check_refused(WITH_DEFAULT("1NaN"), "no JSON");
	check_refused(WITH_DEFAULT("Nan"), "no JSON");
	check_refused(WITH_DEFAULT("inf"), "no JSON");
	check_refused(WITH_DEFAULT("0x1p9999"), "no JSON");
	check_refused(WITH_DEFAULT("+Infinity"), "no JSON");
	check_refused(WITH_DEFAULT("NaN,"), "no JSON");
	check_refused(WITH_DOC("\\ud80"), "no JSON");
	check_refused("{\"type\":\"fixed\",\"name\":\"f\",\"size\":NaN}", "size of fixed");
	check_refused("{\"type\":\"fixed\",\"name\":\"f\",\"size\":Infinity}", "size of fixed");
	check_refused("{\"type\":\"fixed\",\"name\":\"f\",\"size\":1e999}", "size of fixed");
}

static void
a_fixed_has_0_to_16_mib(void **state)
{
	static const char *const sizes[] = {"-1",    "1.5",    "16777217", "4611686018427387904",
					    "1e300", "\"5\"", "null",     "[]"};
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		buf_clear(&text);
		buf_addf(&text, "{\"type\":\"fixed\",\"name\":\"F\",\"size\":%s}", sizes[i]);
		check_refused(buf_cstr(&text), "size of fixed \"F\"");
	}
	check_refused("{\"type\":\"fixed\",\"name\":\"F\"}", "size of fixed \"F\"");
	check_root("{\"type\":\"fixed\",\"name\":\"F\",\"size\":0}", SCHEMA_FIXED, "F");
	check_root("{\"type\":\"fixed\",\"name\":\"F\",\"size\":16777216}", SCHEMA_FIXED, "F");
	buf_free(&text);
}

static void
a_type_may_hold_itself_only_with_a_way_out(void **state)
{
	struct schema *list = compile(NODE);

	(void)state;
	assert_ptr_equal(list->root->fields[0].node->branches[1], list->root);
	schema_free(list);
	schema_free(compile("{\"type\":\"record\",\"name\":\"T\",\"fields\":["
			    "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"T\"}},"
			    "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":\"T\"}}]}"));
	/* A ends only because the type around it does. */
	schema_free(compile("{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"u\",\"type\":[\"null\","
			    "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"t\",\"type\":\"T\"}]}]}]}"));
	check_refused("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}",
		      "\"R\" always contains itself");
	check_refused("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"r\",\"type\":[\"R\"]}]}",
		      "always contains itself");
	check_refused("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"q\",\"type\":{\"type\":\"record\","
		      "\"name\":\"Q\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}}]}",
		      "always contains itself");
}

static void
names_are_found_through_namespaces(void **state)
{
	struct schema *s = compile("{\"type\":\"record\",\"name\":\"a.b.R\",\"namespace\":\"not.used\",\"fields\":["
				   "{\"name\":\"e\",\"type\":" ENUM_E "},"
				   "{\"name\":\"same\",\"type\":\"E\"},"
				   "{\"name\":\"full\",\"type\":\"a.b.E\"},"
				   "{\"name\":\"other\",\"type\":"
				   "{\"type\":\"fixed\",\"name\":\"E\",\"namespace\":\"c\",\"size\":1}},"
				   "{\"name\":\"far\",\"type\":\"c.E\"},"
				   "{\"name\":\"bare\",\"type\":{\"type\":\"fixed\",\"name\":\"X\",\"namespace\":\"\","
				   "\"size\":2}},"
				   "{\"name\":\"fallback\",\"type\":\"X\"}]}");
	const struct schema_field *fields = s->root->fields;

	(void)state;
	assert_true(slice_is(s->root->name, "a.b.R"));
	assert_true(slice_is(fields[0].node->name, "a.b.E"));
	assert_ptr_equal(fields[1].node, fields[0].node);
	assert_ptr_equal(fields[2].node, fields[0].node);
	assert_true(slice_is(fields[3].node->name, "c.E"));
	assert_ptr_equal(fields[4].node, fields[3].node);
	assert_ptr_equal(fields[6].node, fields[5].node);
	schema_free(s);
}

/* An array in an array .., LEVELS types in all. */
static void
nest(struct buf *text, int levels)
{
	buf_clear(text);
	for (int i = 1; i < levels; i++)
		buf_str(text, "{\"type\":\"array\",\"items\":");
	buf_str(text, "\"int\"");
	for (int i = 1; i < levels; i++)
		buf_char(text, '}');
}

static void
sizes_are_bounded(void **state)
{
	struct buf text = {0};

	(void)state;
	nest(&text, SCHEMA_DEPTH_MAX);
	check_root(buf_cstr(&text), SCHEMA_ARRAY, "array");
	nest(&text, SCHEMA_DEPTH_MAX + 1);
	check_refused(buf_cstr(&text), "nests deeper than 64");
	nest(&text, 10000);
	check_refused(buf_cstr(&text), "");

	buf_clear(&text);
	buf_str(&text, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[");
	for (int i = 0; i < 2000; i++)
		buf_addf(&text,
			 "%s{\"name\":\"f%d\",\"type\":[" PRIMITIVES ",{\"type\":\"array\",\"items\":[" PRIMITIVES
			 "]},{\"type\":\"map\",\"values\":[" PRIMITIVES "]}]}",
			 i ? "," : "", i);
	buf_str(&text, "]}");
	check_root(buf_cstr(&text), SCHEMA_RECORD, "R");
	text.n -= 2;
	buf_str(&text, ",{\"name\":\"e\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[");
	for (int i = 0; i < 10000; i++)
		buf_addf(&text, "%s\"S%d\"", i ? "," : "", i);
	buf_str(&text, "]}}]}");
	check_refused(buf_cstr(&text), "more than 65536 types");

	buf_clear(&text);
	memset(buf_reserve(&text, SCHEMA_TEXT_MAX + 1), ' ', SCHEMA_TEXT_MAX + 1);
	text.n = SCHEMA_TEXT_MAX + 1;
	check_refused(buf_cstr(&text), "longer than 1048576");

	buf_clear(&text);
	buf_addf(&text, "{\"type\":\"fixed\",\"name\":\"%01024d\",\"size\":1}", 0);
	schema_free(compile(buf_cstr(&text)));
	buf_clear(&text);
	buf_addf(&text, "{\"type\":\"fixed\",\"name\":\"%01025d\",\"size\":1}", 0);
	check_refused(buf_cstr(&text), "name longer than 1024");
	buf_free(&text);
}

/* Each record holds the one before: a long way to find out that all of them end,
 * or, through the record around them, that none does. */
static void
long_chains_of_records_are_settled(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_str(&text, "{\"type\":\"record\",\"name\":\"Top\",\"fields\":["
		       "{\"name\":\"f0\",\"type\":{\"type\":\"record\",\"name\":\"R0\",\"fields\":["
		       "{\"name\":\"x\",\"type\":[\"Top\",\"null\"]}]}}");
	for (int i = 1; i < 10000; i++)
		buf_addf(&text, ",{\"name\":\"f%d\",\"type\":{\"type\":\"record\",\"name\":\"R%d\",\"fields\":["
				"{\"name\":\"x\",\"type\":\"R%d\"}]}}", i, i, i - 1);
	buf_str(&text, "]}");
	check_root(buf_cstr(&text), SCHEMA_RECORD, "Top");
	memcpy(strstr(buf_cstr(&text), "\"Top\",\"null\""), "\"Top\"       ", 12);
	check_refused(buf_cstr(&text), "always contains itself");
	buf_free(&text);
}

static void
names_may_hold_any_byte(void **state)
{
	struct schema *s = compile("{\"type\":\"record\",\"name\":\"a\\u0000b\",\"fields\":["
				   "{\"name\":\"x\",\"type\":[\"null\",\"a\\u0000b\"]},"
				   "{\"name\":\"y\",\"type\":"
				   "{\"type\":\"fixed\",\"name\":\"a\\u0000c\",\"size\":1}}]}");

	(void)state;
	assert_int_equal(s->root->name.n, 3);
	assert_ptr_equal(s->root->fields[0].node->branches[1], s->root);
	schema_free(s);
}

static void
check_kind(const char *text, enum event_kind kind, bool is_measurement)
{
	struct schema *s = compile(text);

	assert_int_equal(s->kind, kind);
	assert_int_equal(s->is_measurement, is_measurement);
	schema_free(s);
}

static void
a_schemas_name_says_the_kind_of_event(void **state)
{
	(void)state;
	check_kind(encode_schema(EVENT_CONFIGURED).p, EVENT_CONFIGURED, false);
	check_kind(encode_schema(EVENT_STABILIZATION).p, EVENT_STABILIZATION, false);
	check_kind(encode_schema(EVENT_STARTED).p, EVENT_STARTED, false);
	check_kind(encode_schema(EVENT_MEASURED).p, EVENT_MEASURED, true);
	check_kind(encode_schema(EVENT_TERMINATED).p, EVENT_STARTED, false);
	check_kind(encode_schema(EVENT_DOCUMENT).p, EVENT_DOCUMENT, false);
	check_kind("{\"type\":\"record\",\"name\":\"x.experiment_started\",\"fields\":[]}", EVENT_STARTED, false);
	check_kind("{\"type\":\"fixed\",\"name\":\"experiment_started\",\"size\":1}", EVENT_OTHER, false);
	check_kind("\"string\"", EVENT_OTHER, false);
}

/* The measurement schema with FROM replaced by TO. */
static void
check_measurement(const char *from, const char *to, bool is_measurement)
{
	const char *text = encode_schema(EVENT_MEASURED).p, *at = strstr(text, from);
	struct buf changed = {0};
	struct schema *s;

	assert_non_null(at);
	buf_addf(&changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	s = compile(buf_cstr(&changed));
	assert_int_equal(s->is_measurement, is_measurement);
	schema_free(s);
	buf_free(&changed);
}

static void
the_measurement_schema_is_known_field_for_field(void **state)
{
	(void)state;
	check_measurement("\"type\":\"string\"", "\"doc\":\"its id\",\"type\":{\"type\":\"string\"}", true);
	check_measurement("\"double\"", "\"float\"", false);
	check_measurement("\"sensor\"", "\"sensor_id\"", false);
	check_measurement("sensor_temperature_measured", "measured", false);
	check_measurement("\"fields\":[", "\"fields\":[{\"name\":\"more\",\"type\":\"null\"},", false);
	check_measurement(",{\"name\":\"measurement_hash\",\"type\":\"string\"}", "", false);
}

static void
fields_mean_something_by_name_and_type(void **state)
{
	struct schema *s = compile("{\"type\":\"record\",\"name\":\"R\",\"fields\":["
				   "{\"name\":\"experiment\",\"type\":\"string\"},"
				   "{\"name\":\"researcher\",\"type\":\"bytes\"},"
				   "{\"name\":\"timestamp\",\"type\":\"float\"},"
				   "{\"name\":\"temperature\",\"type\":\"long\"},"
				   "{\"name\":\"sensors\",\"type\":{\"type\":\"array\",\"items\":\"int\"}},"
				   "{\"name\":\"temperature_range\",\"type\":\"string\"}]}");
	static const enum schema_slot expected[] = {SLOT_EXPERIMENT, SLOT_NONE, SLOT_TIME,
						    SLOT_NONE,       SLOT_NONE, SLOT_NONE};

	(void)state;
	for (uint32_t i = 0; i < s->root->n; i++)
		assert_int_equal(s->root->fields[i].slot, expected[i]);
	schema_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_may_be_at_the_top),
		cmocka_unit_test(what_is_no_schema_is_refused),
		cmocka_unit_test(what_writers_take_for_json_loads),
		cmocka_unit_test(a_fixed_has_0_to_16_mib),
		cmocka_unit_test(a_type_may_hold_itself_only_with_a_way_out),
		cmocka_unit_test(names_are_found_through_namespaces),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(long_chains_of_records_are_settled),
		cmocka_unit_test(names_may_hold_any_byte),
		cmocka_unit_test(a_schemas_name_says_the_kind_of_event),
		cmocka_unit_test(the_measurement_schema_is_known_field_for_field),
		cmocka_unit_test(fields_mean_something_by_name_and_type),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
