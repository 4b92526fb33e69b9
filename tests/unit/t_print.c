/* SPDX-License-Identifier: MIT */
#include "base/rng.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "codec/encode.h"
#include "codec/print.h"
#include "codec/shortest.h"
#include "reference.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void
the_reference_run_prints_as_its_own_consumer_does(void **state)
{
	struct reference_message *messages = reference_load();
	struct buf expected = reference_file("tests/data/reference-run/expected.txt"), out = {0};
	struct container_cache *cache = container_cache_new(0, 0);
	struct container c;
	struct slice record;
	struct err err;

	(void)state;
	for (int i = 0; i < REFERENCE_MESSAGES; i++) {
		struct slice value = {messages[i].value.p, messages[i].value.n};

		assert_true(container_open(cache, value, &c, &err));
		while (container_next(&c, &record)) {
			buf_addf(&out, "%s\n", messages[i].name);
			assert_true(print_python(&out, c.schema->root, record, PRINT_LIMIT));
			buf_char(&out, '\n');
		}
	}
	assert_int_equal(container_cache_use(cache).entries, 6);
	assert_string_equal(buf_cstr(&out), buf_cstr(&expected));
	container_cache_free(cache);
	reference_free(messages);
	buf_free(&expected);
	buf_free(&out);
}

/* What Python prints for them. */
static const struct {
	double value;
	const char *text;
} numbers[] = {
	{0, "0.0"},
	{-0.0, "-0.0"},
	{26, "26.0"},
	{-1, "-1.0"},
	{0.1, "0.1"},
	{1795437310.438618, "1795437310.438618"},
	{18.187868118286133, "18.187868118286133"},
	{100, "100.0"},
	{123456789012345680.0, "1.2345678901234568e+17"},
	{1e15, "1000000000000000.0"},
	{9007199254740993.0, "9007199254740992.0"},
	{9999999999999998, "9999999999999998.0"},
	{1e16, "1e+16"},
	{1.5e16, "1.5e+16"},
	{1e22, "1e+22"},
	{1e23, "1e+23"},
	{1e100, "1e+100"},
	{0.0001, "0.0001"},
	{0.00012345, "0.00012345"},
	{0.00001, "1e-05"},
	{1.25e-7, "1.25e-07"},
	{0x1p-44, "5.684341886080802e-14"},
	{2.2250738585072014e-308, "2.2250738585072014e-308"},
	{2.225073858507201e-308, "2.225073858507201e-308"},
	{5e-324, "5e-324"},
	{1.7976931348623157e308, "1.7976931348623157e+308"},
	{9.5367431640625e-07, "9.5367431640625e-07"},
	{4.35, "4.35"},
	{4.35f, "4.349999904632568"},
	{0.3 - 0.2, "0.09999999999999998"},
	{INFINITY, "inf"},
	{-INFINITY, "-inf"},
};

static void
check_number(double value, const char *text)
{
	struct buf out = {0};

	shortest_add(&out, value);
	assert_string_equal(buf_cstr(&out), text);
	buf_free(&out);
}

static void
numbers_have_the_fewest_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		check_number(numbers[i].value, numbers[i].text);
	check_number(NAN, "nan");
	check_number(-NAN, "nan");
}

/* From the first digit that is not 0 to the last. */
static int
significant_digits(const char *text)
{
	int digits = 0, most = 0;

	for (const char *p = text; *p && *p != 'e'; p++) {
		if (*p < '0' || *p > '9' || (*p == '0' && digits == 0))
			continue;
		digits++;
		if (*p != '0')
			most = digits;
	}
	return most;
}

/* VALUE reads back as itself, and would not with a digit less. */
static void
check_shortest(double value)
{
	char shorter[40];
	struct buf out = {0};
	int digits;

	shortest_add(&out, value);
	assert_true(strtod(buf_cstr(&out), NULL) == value);
	digits = significant_digits(out.p);
	if (digits > 1) {
		snprintf(shorter, sizeof(shorter), "%.*e", digits - 2, value);
		if (strtod(shorter, NULL) == value)
			fail_msg("%s is longer than %s", out.p, shorter);
	}
	buf_free(&out);
}

static void
every_double_reads_back(void **state)
{
	struct rng chance = {7};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = rng_next(&chance) >> 1;
		double value;

		memcpy(&value, &bits, sizeof(value));
		if (isfinite(value))
			check_shortest(value);
		check_shortest((float)rng_uniform(&chance, 1, 40));
		check_shortest(1795437310 + floor(rng_uniform(&chance, 0, 1e9)) / 1e6);
	}
	for (int e = -1022; e < 1024; e++) {
		check_shortest(ldexp(1, e));
		check_shortest(nextafter(ldexp(1, e), 0));
	}
}

static void
check_repr(struct slice text, const char *str, const char *json)
{
	struct buf out = {0};

	print_str_repr(&out, text);
	assert_string_equal(buf_cstr(&out), str);
	buf_clear(&out);
	print_json_string(&out, text);
	assert_string_equal(buf_cstr(&out), json);
	buf_free(&out);
}

static void
check_text(const char *text, const char *str, const char *json)
{
	check_repr(slice_str(text), str, json);
}

static void
texts_are_quoted_as_python_and_json_do(void **state)
{
	(void)state;
	check_repr((struct slice){0}, "''", "\"\"");
	check_text("", "''", "\"\"");
	check_text("plain", "'plain'", "\"plain\"");
	check_text("it's", "\"it's\"", "\"it's\"");
	check_text("say \"so\"", "'say \"so\"'", "\"say \\\"so\\\"\"");
	check_text("it's \"so\"", "'it\\'s \"so\"'", "\"it's \\\"so\\\"\"");
	check_text("a\\b", "'a\\\\b'", "\"a\\\\b\"");
	check_text("\t\n\r\x01\x1b\x7f", "'\\t\\n\\r\\x01\\x1b\\x7f'", "\"\\t\\n\\r\\u0001\\u001b\\u007f\"");
	check_repr((struct slice){"a\0b", 3}, "'a\\x00b'", "\"a\\u0000b\"");
	check_text("caf\u00e9 \u20ac \U0001f600", "'caf\u00e9 \u20ac \U0001f600'", "\"caf\u00e9 \u20ac \U0001f600\"");
	check_text("\xc2\x85\u00a0\u00ad\u200b\u202e\ufeff", "'\\x85\\xa0\\xad\\u200b\\u202e\\ufeff'",
		   "\"\\u0085\\u00a0\\u00ad\\u200b\\u202e\\ufeff\"");
	check_text("\ue000\U000e0001\U0010ffff", "'\\ue000\\U000e0001\\U0010ffff'",
		   "\"\\ue000\\udb40\\udc01\\udbff\\udfff\"");
	check_text("a\xff\xc3(\xed\xa0\x80",
		   "'a\\udcff\\udcc3(\\udced\\udca0\\udc80'", "\"a\ufffd\ufffd(\ufffd\ufffd\ufffd\"");
	check_text("cut \xe2\x82", "'cut \\udce2\\udc82'", "\"cut \ufffd\ufffd\"");
}

/* Runs of plain bytes are taken eight at a time: an odd byte is seen at each place. */
static void
escapes_are_seen_at_any_place(void **state)
{
	static const char *const odd[][2] = {
		{"\x1f", "\\x1f"},     {"\x7f", "\\x7f"}, {"\\", "\\\\"},
		{"\xc2\x80", "\\x80"}, {"\n", "\\n"},     {"\xff", "\\udcff"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (int before = 0; before < 20; before++)
			for (int after = 0; after < 20; after++) {
				struct buf text = {0}, expected = {0}, out = {0};

				buf_addf(&text, "%.*s%s%.*s", before, "~ ~ ~ ~ ~ ~ ~ ~ ~ ~ ", odd[i][0], after,
					 "!xyz!xyz!xyz!xyz!xyz!xyz");
				buf_addf(&expected, "'%.*s%s%.*s'", before, "~ ~ ~ ~ ~ ~ ~ ~ ~ ~ ", odd[i][1], after,
					 "!xyz!xyz!xyz!xyz!xyz!xyz");
				print_str_repr(&out, (struct slice){text.p, text.n});
				assert_string_equal(buf_cstr(&out), buf_cstr(&expected));
				buf_free(&text);
				buf_free(&expected);
				buf_free(&out);
			}
}

static void
check_bytes(struct slice bytes, const char *repr)
{
	struct buf out = {0};

	print_bytes_repr(&out, bytes);
	assert_string_equal(buf_cstr(&out), repr);
	buf_free(&out);
}

static void
bytes_are_quoted_as_python_does(void **state)
{
	(void)state;
	check_bytes((struct slice){0}, "b''");
	check_bytes((struct slice){"a\0b\x7f\x80\xff", 6}, "b'a\\x00b\\x7f\\x80\\xff'");
	check_bytes(slice_str("\t\n\r\\"), "b'\\t\\n\\r\\\\'");
	check_bytes(slice_str("it's"), "b\"it's\"");
	check_bytes(slice_str("it's \"so\""), "b'it\\'s \"so\"'");
}

static void
check_value(const char *schema, struct slice bytes, const char *python, const char *json)
{
	struct err err = {{0}};
	struct schema *s = schema_new(slice_str(schema), &err);
	struct slice rest = bytes;
	int64_t values = 10000;
	struct buf out = {0};

	if (!s)
		fail_msg("%s", err.text);
	assert_true(decode_skip(s->root, &rest, &values, NULL));
	assert_int_equal(rest.n, 0);
	assert_true(print_python(&out, s->root, bytes, PRINT_LIMIT));
	assert_string_equal(buf_cstr(&out), python);
	buf_clear(&out);
	assert_true(print_json(&out, s->root, bytes, PRINT_LIMIT));
	assert_string_equal(buf_cstr(&out), json);
	buf_free(&out);
	schema_free(s);
}

#define VALUE(literal) (struct slice){literal, sizeof(literal) - 1}

static void
every_type_has_its_text(void **state)
{
	(void)state;
	check_value("\"null\"", VALUE(""), "None", "null");
	check_value("\"boolean\"", VALUE("\1"), "True", "true");
	check_value("\"boolean\"", VALUE("\0"), "False", "false");
	check_value("\"int\"", VALUE("\1"), "-1", "-1");
	check_value("\"long\"", VALUE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), "-9223372036854775808",
		    "-9223372036854775808");
	check_value("{\"type\":\"long\",\"logicalType\":\"nothing-known\"}", VALUE("\2"), "1", "1");
	check_value("\"float\"", VALUE("\x33\x33\x8b\x40"), "4.349999904632568", "4.349999904632568");
	check_value("\"double\"", VALUE("\0\0\0\0\0\0\xf8\x7f"), "nan", "\"NaN\"");
	check_value("\"double\"", VALUE("\0\0\0\0\0\0\xf0\x7f"), "inf", "\"Infinity\"");
	check_value("\"double\"", VALUE("\0\0\0\0\0\0\xf0\xff"), "-inf", "\"-Infinity\"");
	check_value("\"bytes\"", VALUE("\6\0a'"), "b\"\\x00a'\"", "{\"base64\": \"AGEn\"}");
	check_value("\"string\"", VALUE("\4hi"), "'hi'", "\"hi\"");
	check_value("{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}", VALUE("hi"), "b'hi'", "{\"base64\": \"aGk=\"}");
	check_value("{\"type\":\"fixed\",\"name\":\"F\",\"size\":0}", VALUE(""), "b''", "{\"base64\": \"\"}");
	check_value("{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}", VALUE("\2"), "'B'", "\"B\"");
	check_value("{\"type\":\"array\",\"items\":\"int\"}", VALUE("\0"), "[]", "[]");
	check_value("{\"type\":\"array\",\"items\":\"int\"}", VALUE("\2\2\3\4\4\6\0"), "[1, 2, 3]", "[1, 2, 3]");
	check_value("{\"type\":\"map\",\"values\":\"int\"}", VALUE("\0"), "{}", "{}");
	check_value("[\"null\",\"string\"]", VALUE("\0"), "None", "null");
	check_value("[\"null\",\"string\"]", VALUE("\2\2a"), "'a'", "\"a\"");
	check_value("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}", VALUE(""), "{}", "{}");
	check_value("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"it's\",\"type\":\"int\"},"
		    "{\"name\":\"b\",\"type\":[\"null\",\"R\"]}]}",
		    VALUE("\2\2\4\0"), "{\"it's\": 1, 'b': {\"it's\": 2, 'b': None}}",
		    "{\"it's\": 1, \"b\": {\"it's\": 2, \"b\": null}}");
}

/* As in a dict: the place of the first, the value of the last. */
static void
a_key_that_stands_again_overwrites(void **state)
{
	static const char schema[] = "{\"type\":\"map\",\"values\":\"int\"}";

	(void)state;
	check_value(schema, VALUE("\6\2b\2\2a\4\2b\6\0"), "{'b': 3, 'a': 2}", "{\"b\": 3, \"a\": 2}");
	check_value(schema, VALUE("\2\2b\2\4\2a\4\2c\5\4\2b\6\2b\x08\0"), "{'b': 4, 'a': 2, 'c': -3}",
		    "{\"b\": 4, \"a\": 2, \"c\": -3}");
	check_value(schema, VALUE("\4\0\2\0\4\0"), "{'': 2}", "{\"\": 2}");
	check_value(schema, VALUE("\6\2z\2\4za\4\2a\6\0"), "{'z': 1, 'za': 2, 'a': 3}",
		    "{\"z\": 1, \"za\": 2, \"a\": 3}");
}

/* What fastavro makes of values of logical types as Python prints it (tried on 60,000 of
 * them), and ISO 8601. Where Python has no value, both have the raw one. */
static const struct {
	const char *type, *logical;
	int64_t value;
	const char *python, *json;
} moments[] = {
	{"int", "date", 0, "datetime.date(1970, 1, 1)", "\"1970-01-01\""},
	{"int", "date", 20000, "datetime.date(2024, 10, 4)", "\"2024-10-04\""},
	{"int", "date", -719162, "datetime.date(1, 1, 1)", "\"0001-01-01\""},
	{"int", "date", -719163, "-719163", "-719163"},
	{"int", "date", 2932896, "datetime.date(9999, 12, 31)", "\"9999-12-31\""},
	{"int", "date", 2932897, "2932897", "2932897"},
	{"int", "date", 11016, "datetime.date(2000, 2, 29)", "\"2000-02-29\""},
	{"int", "date", -25509, "datetime.date(1900, 2, 28)", "\"1900-02-28\""},
	{"int", "date", -25508, "datetime.date(1900, 3, 1)", "\"1900-03-01\""},
	{"long", "date", 5, "5", "5"},
	{"int", "time-millis", 0, "datetime.time(0, 0)", "\"00:00:00.000\""},
	{"int", "time-millis", 3661001, "datetime.time(1, 1, 1, 1000)", "\"01:01:01.001\""},
	{"int", "time-millis", 60000, "datetime.time(0, 1)", "\"00:01:00.000\""},
	{"int", "time-millis", 1000, "datetime.time(0, 0, 1)", "\"00:00:01.000\""},
	{"int", "time-millis", 86400000, "86400000", "86400000"},
	{"int", "time-millis", -1, "-1", "-1"},
	{"long", "time-micros", 86399999999, "datetime.time(23, 59, 59, 999999)", "\"23:59:59.999999\""},
	{"long", "timestamp-millis", 1763908510123,
	 "datetime.datetime(2025, 11, 23, 14, 35, 10, 123000, tzinfo=datetime.timezone.utc)",
	 "\"2025-11-23T14:35:10.123Z\""},
	{"long", "timestamp-millis", -1,
	 "datetime.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=datetime.timezone.utc)",
	 "\"1969-12-31T23:59:59.999Z\""},
	{"long", "timestamp-millis", -62135596800000,
	 "datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)",
	 "\"0001-01-01T00:00:00.000Z\""},
	{"long", "timestamp-millis", -62135596800001, "-62135596800001", "-62135596800001"},
	{"long", "timestamp-millis", 253402300800000, "253402300800000", "253402300800000"},
	{"long", "timestamp-millis", INT64_MIN, "-9223372036854775808", "-9223372036854775808"},
	{"long", "timestamp-micros", 1763908510123456,
	 "datetime.datetime(2025, 11, 23, 14, 35, 10, 123456, tzinfo=datetime.timezone.utc)",
	 "\"2025-11-23T14:35:10.123456Z\""},
	{"long", "timestamp-nanos", 1763908510123456789, "1763908510123456789",
	 "\"2025-11-23T14:35:10.123456789Z\""},
	{"long", "local-timestamp-millis", 1763908500000, "datetime.datetime(2025, 11, 23, 14, 35)",
	 "\"2025-11-23T14:35:00.000\""},
	{"long", "local-timestamp-micros", 1763908510000000, "datetime.datetime(2025, 11, 23, 14, 35, 10)",
	 "\"2025-11-23T14:35:10.000000\""},
	{"long", "local-timestamp-nanos", -1, "-1", "\"1969-12-31T23:59:59.999999999\""},
};

static void
moments_print_as_fastavro_has_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
		struct buf schema = {0}, value = {0};

		buf_addf(&schema, "{\"type\":\"%s\",\"logicalType\":\"%s\"}", moments[i].type, moments[i].logical);
		encode_long(&value, moments[i].value);
		check_value(buf_cstr(&schema), (struct slice){value.p, value.n}, moments[i].python, moments[i].json);
		buf_free(&schema);
		buf_free(&value);
	}
}

#define DECIMAL(precision, scale) \
	"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":" #precision ",\"scale\":" #scale "}"
#define FIXED(size, precision) "{\"type\":\"fixed\",\"name\":\"F\",\"size\":" #size "," \
	"\"logicalType\":\"decimal\",\"precision\":" #precision "}"
#define UUID_STRING "{\"type\":\"string\",\"logicalType\":\"uuid\"}"

/* Likewise: rounded to the precision for Python, whose text has an exponent at times; exact in JSON. */
static void
decimals_and_uuids_print_as_fastavro_has_them(void **state)
{
	(void)state;
	check_value(DECIMAL(4, 2), VALUE("\4\x0f\xda"), "Decimal('40.58')", "\"40.58\"");
	check_value(DECIMAL(4, 2), VALUE("\0"), "Decimal('0.00')", "\"0.00\"");
	check_value(DECIMAL(4, 0), VALUE("\2\xff"), "Decimal('-1')", "\"-1\"");
	check_value(DECIMAL(4, 0), VALUE("\2\x80"), "Decimal('-128')", "\"-128\"");
	check_value(DECIMAL(2, 0), VALUE("\2\x7d"), "Decimal('1.2E+2')", "\"125\"");
	check_value(DECIMAL(2, 0), VALUE("\4\3\xe3"), "Decimal('1.0E+3')", "\"995\"");
	check_value(DECIMAL(9, 9), VALUE("\2\1"), "Decimal('1E-9')", "\"0.000000001\"");
	check_value(DECIMAL(9, 6), VALUE("\2\1"), "Decimal('0.000001')", "\"0.000001\"");
	check_value(DECIMAL(40, 2), VALUE("\x16\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"),
		    "Decimal('184467440737095516.15')", "\"184467440737095516.15\"");
	check_value(DECIMAL(2, 3), VALUE("\2\1"), "b'\\x01'", "{\"base64\": \"AQ==\"}");
	check_value(DECIMAL(0, 0), VALUE("\2\1"), "b'\\x01'", "{\"base64\": \"AQ==\"}");
	check_value(DECIMAL(5000, 0), VALUE("\2\1"), "b'\\x01'", "{\"base64\": \"AQ==\"}");
	check_value(DECIMAL(2.5, 0), VALUE("\2\1"), "b'\\x01'", "{\"base64\": \"AQ==\"}");
	check_value(FIXED(2, 4), VALUE("\xff\xfe"), "Decimal('-2')", "\"-2\"");
	check_value(FIXED(2, 5), VALUE("\xff\xfe"), "b'\\xff\\xfe'", "{\"base64\": \"//4=\"}");
	check_value("{\"type\":\"fixed\",\"name\":\"D\",\"size\":12,\"logicalType\":\"duration\"}",
		    VALUE("abcdefghijkl"), "b'abcdefghijkl'", "{\"base64\": \"YWJjZGVmZ2hpamts\"}");
	check_value(UUID_STRING, VALUE("\x48" "b58fd3ba-6abf-43fc-ba4d-93134d702a17"),
		    "UUID('b58fd3ba-6abf-43fc-ba4d-93134d702a17')", "\"b58fd3ba-6abf-43fc-ba4d-93134d702a17\"");
	check_value(UUID_STRING, VALUE("\x40" "B58FD3BA6ABF43FCBA4D93134D702A17"),
		    "UUID('b58fd3ba-6abf-43fc-ba4d-93134d702a17')", "\"B58FD3BA6ABF43FCBA4D93134D702A17\"");
	check_value(UUID_STRING, VALUE("\x08" "none"), "'none'", "\"none\"");
	check_value("{\"type\":\"bytes\",\"logicalType\":\"uuid\"}", VALUE("\2a"), "b'a'", "{\"base64\": \"YQ==\"}");
}

static void
drop(void *ctx, struct buf *out)
{
	*(size_t *)ctx += out->n;
	buf_clear(out);
}

/* A long text is cut within itself, and says how much is left; handed on it is whole, in little memory. */
static void
a_limit_holds_within_a_value(void **state)
{
	enum { LENGTH = 3000000, LIMIT = 1000 };
	static const char *const schemas[] = {
		"\"string\"", "\"bytes\"", "{\"type\":\"map\",\"values\":\"null\"}",
		"{\"type\":\"array\",\"items\":\"string\"}", "{\"type\":\"fixed\",\"name\":\"F\",\"size\":3000000}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(schemas) / sizeof(*schemas); i++)
		for (int notation = PRINT_PYTHON; notation <= PRINT_SCREEN; notation++) {
			struct schema *s = schema_new(slice_str(schemas[i]), NULL);
			struct buf value = {0}, out = {0};
			struct print to = {.out = &out, .limit = LIMIT};
			size_t whole = 0;

			if (i == 2 || i == 3)
				encode_long(&value, 1);
			if (i != 4)
				encode_long(&value, LENGTH);
			memset(buf_reserve(&value, LENGTH), 'x', LENGTH);
			value.n += LENGTH;
			if (i == 2 || i == 3)
				encode_long(&value, 0);
			assert_false(print_to(&to, (enum print_notation)notation, s->root,
					      (struct slice){value.p, value.n}));
			assert_in_range(out.n, LIMIT, LIMIT + 20);
			assert_in_range(to.left, LENGTH - LIMIT - 20, LENGTH - LIMIT / 2);
			assert_in_range(out.cap, LIMIT, 8 * LIMIT);
			buf_clear(&out);
			to = (struct print){.out = &out, .limit = SIZE_MAX, .hand_on = drop, .ctx = &whole};
			assert_true(print_to(&to, (enum print_notation)notation, s->root,
					     (struct slice){value.p, value.n}));
			assert_in_range(out.cap, 1, 4 * PRINT_PIECE);
			assert_in_range(whole + out.n, LENGTH, 2 * LENGTH);
			schema_free(s);
			buf_free(&value);
			buf_free(&out);
		}
}

/* Cut into pieces a text is what it is in one: no character is torn. */
static void
pieces_make_the_same_text(void **state)
{
	struct buf value = {0}, one = {0}, bytes = {0};
	struct schema *s = schema_new(slice_str("\"string\""), NULL);

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_str(&value, i % 7 ? "h\xc3\xa9 \xf0\x9f\x98\x80 \x80\x80\x80\x80\x80" : "'\xe4\xb8\xad\xff");
	encode_string(&bytes, (struct slice){value.p, value.n});
	print_str_repr(&one, (struct slice){value.p, value.n});
	buf_clear(&value);
	assert_true(print_python(&value, s->root, (struct slice){bytes.p, bytes.n}, PRINT_LIMIT));
	assert_int_equal(value.n, one.n);
	assert_memory_equal(value.p, one.p, one.n);
	schema_free(s);
	buf_free(&value);
	buf_free(&one);
	buf_free(&bytes);
}

static void
a_text_ends_at_its_limit(void **state)
{
	struct schema *s = schema_new(slice_str("{\"type\":\"array\",\"items\":\"null\"}"), NULL);
	struct buf out = {0};

	(void)state;
	buf_str(&out, "before ");
	assert_true(print_python(&out, s->root, VALUE("\x0a\0"), 40));
	assert_string_equal(buf_cstr(&out), "before [None, None, None, None, None]");
	assert_false(print_python(&out, s->root, VALUE("\xd0\x0f\0"), 40));
	assert_in_range(out.n, 37 + 40, 37 + 60);
	buf_free(&out);
	schema_free(s);
}

/* More entries than are sorted at once are not printed. */
static void
a_map_of_too_many_entries_is_not_printed(void **state)
{
	enum { MOST = 1024 * 1024 };
	struct schema *s = schema_new(slice_str("{\"type\":\"map\",\"values\":\"null\"}"), NULL);
	struct buf map = {0}, out = {0};

	(void)state;
	for (int n = MOST; n <= MOST + 1; n++) {
		buf_clear(&map);
		encode_long(&map, n);
		memset(buf_reserve(&map, (size_t)n + 1), 0, (size_t)n + 1);
		map.n += (size_t)n + 1;
		buf_clear(&out);
		assert_int_equal(print_python(&out, s->root, (struct slice){map.p, map.n}, PRINT_LIMIT), n == MOST);
	}
	buf_free(&map);
	buf_free(&out);
	schema_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_run_prints_as_its_own_consumer_does),
		cmocka_unit_test(numbers_have_the_fewest_digits),
		cmocka_unit_test(every_double_reads_back),
		cmocka_unit_test(texts_are_quoted_as_python_and_json_do),
		cmocka_unit_test(escapes_are_seen_at_any_place),
		cmocka_unit_test(bytes_are_quoted_as_python_does),
		cmocka_unit_test(every_type_has_its_text),
		cmocka_unit_test(a_key_that_stands_again_overwrites),
		cmocka_unit_test(moments_print_as_fastavro_has_them),
		cmocka_unit_test(decimals_and_uuids_print_as_fastavro_has_them),
		cmocka_unit_test(a_limit_holds_within_a_value),
		cmocka_unit_test(pieces_make_the_same_text),
		cmocka_unit_test(a_text_ends_at_its_limit),
		cmocka_unit_test(a_map_of_too_many_entries_is_not_printed),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
