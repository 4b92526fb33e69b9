/* SPDX-License-Identifier: MIT */
#include "ui/pretty.h"

#include "unit.h"

static void
check(const char *json, int width, const char *expected)
{
	struct buf out = {0};

	pretty_json(&out, slice_str(json), width);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
}

static void
what_fits_stays_on_a_line(void **state)
{
	(void)state;
	check("{\"a\":1,\"b\":[1,2]}", 40, "{\"a\": 1, \"b\": [1, 2]}\n");
	check("{ \"a\" : 1 ,\n \"b\":\t[ 1 , 2 ] }", 40, "{\"a\": 1, \"b\": [1, 2]}\n");
	check("\"string\"", 40, "\"string\"\n");
	check("{}", 2, "{}\n");
}

static void
what_does_not_is_indented(void **state)
{
	(void)state;
	check("{\"type\":\"record\",\"fields\":[{\"name\":\"x\"},{\"name\":\"y\"}]}", 24,
	      "{\n  \"type\": \"record\",\n  \"fields\": [\n    {\"name\": \"x\"},\n    {\"name\": \"y\"}\n  ]\n}\n");
}

static void
strings_are_left_alone(void **state)
{
	(void)state;
	check("{\"a\":\"{[,: \\\" ]}\"}", 40, "{\"a\": \"{[,: \\\" ]}\"}\n");
	check("[\"a, b\",\"c: d\"]", 8, "[\n  \"a, b\",\n  \"c: d\"\n]\n");
}

static void
what_is_no_json_ends_all_the_same(void **state)
{
	(void)state;
	check("", 10, "\n");
	check("}}]]", 10, "}}]]\n");
	check("\"open \\", 10, "\"open \\\n");
	check("{{{", 10, "{\n  {\n    {\n\n");
	check("\x1b[2J", 10, "\x1b[\n  2J\n");
}

static void
depth_does_not_run_away(void **state)
{
	struct buf deep = {0}, out = {0};

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_char(&deep, '[');
	pretty_json(&out, (struct slice){deep.p, deep.n}, 40);
	assert_true(out.n < 10000 * 140);
	buf_free(&deep);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_stays_on_a_line),
		cmocka_unit_test(what_does_not_is_indented),
		cmocka_unit_test(strings_are_left_alone),
		cmocka_unit_test(what_is_no_json_ends_all_the_same),
		cmocka_unit_test(depth_does_not_run_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
