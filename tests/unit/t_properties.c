/* SPDX-License-Identifier: MIT */
#include "conf/properties.h"
#include "unit.h"

#include <string.h>

static void
assert_value_n(const char *text, size_t n, const char *name, const char *expected)
{
	struct properties p = {0};
	struct err err = {0};

	if (!properties_parse(&p, (struct slice){text, n}, "f", &err))
		fail_msg("%s", err.text);
	assert_non_null(properties_value(&p, name));
	assert_string_equal(properties_value(&p, name), expected);
	properties_fini(&p);
}

static void
assert_value(const char *text, const char *name, const char *expected)
{
	assert_value_n(text, strlen(text), name, expected);
}

static void
assert_refused(const char *text, const char *why)
{
	struct properties p = {0};
	struct err err = {0};

	assert_false(properties_parse(&p, slice_str(text), "f", &err));
	assert_string_equal(err.text, why);
	properties_fini(&p);
}

static void
separators_are_three(void **state)
{
	(void)state;
	assert_value("a=b", "a", "b");
	assert_value("a:b", "a", "b");
	assert_value("a b", "a", "b");
	assert_value("  a \t = \t b c ", "a", "b c ");
	assert_value("a = = b", "a", "= b");
	assert_value("a:=b", "a", "=b");
	assert_value("a", "a", "");
	assert_value("a=", "a", "");
	assert_value("=b", "", "b");
}

static void
escapes_are_javas(void **state)
{
	(void)state;
	assert_value("a\\ b\\:\\=c=d", "a b:=c", "d");
	assert_value("a=\\t\\n\\f\\r\\\\\\q\\\"", "a", "\t\n\f\r\\q\"");
	assert_value("a=\\u00e9\\u20AC", "a", "\xc3\xa9\xe2\x82\xac");
	assert_value("a=\\uD83D\\uDE00", "a", "\xf0\x9f\x98\x80");
	assert_value("a=\\ b", "a", " b");
	assert_value("a=b\\", "a", "b");
	assert_refused("x=1\na=\\u12", "f:2: expected \\u and the four hexadecimal digits of a character");
	assert_refused("a=\\u12g4", "f:1: expected \\u and the four hexadecimal digits of a character");
	assert_refused("a=\\uD83Dx", "f:1: expected \\u and the four hexadecimal digits of a character");
	assert_refused("a=\\uDE00", "f:1: expected \\u and the four hexadecimal digits of a character");
	assert_refused("a=\\u0000", "f:1: expected \\u and the four hexadecimal digits of a character");
}

static void
lines_end_and_go_on(void **state)
{
	(void)state;
	assert_value("a=b\\\n   c\nd=e", "a", "bc");
	assert_value("a=b\\\r\n\tc\r\nd=e\r\n", "d", "e");
	assert_value("a=b\\\\\nc=d", "a", "b\\");
	assert_value("a=b\rc=d", "c", "d");
	assert_value("# x=1\\\n! y=2\n\n  # z\na=#b", "a", "#b");
	assert_value("\xef\xbb\xbf"
		     "a=b",
		     "a", "b");
	assert_value("a\\\n =b", "a", "b");
}

static void
lines_are_counted(void **state)
{
	static const char text[] = "a=1\r\n# c\r\rb=2\\\n  3\nc=4\n";
	struct properties p = {0};
	struct err err;

	(void)state;
	assert_true(properties_parse(&p, slice_str(text), "f", &err));
	assert_int_equal(p.n, 3);
	assert_int_equal(p.item[0].line, 1);
	assert_int_equal(p.item[1].line, 4);
	assert_int_equal(p.item[2].line, 6);
	properties_fini(&p);
}

static void
the_last_of_a_name_counts(void **state)
{
	(void)state;
	assert_value("a=1\nb=2\na=3\n", "a", "3");
}

static void
foreign_bytes_do_no_harm(void **state)
{
	struct properties p = {0};
	struct err err = {0};

	(void)state;
	assert_false(properties_parse(&p, (struct slice){"a=\0b", 4}, "f", &err));
	assert_string_equal(err.text, "f holds a NUL byte: that is no properties file");
	assert_value_n("a=\xff\xfe", 4, "a", "\xff\xfe");
	assert_true(properties_parse(&p, (struct slice){NULL, 0}, "f", &err));
	assert_int_equal(p.n, 0);
	assert_null(properties_find(&p, "a"));
	properties_fini(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators_are_three),
		cmocka_unit_test(escapes_are_javas),
		cmocka_unit_test(lines_end_and_go_on),
		cmocka_unit_test(lines_are_counted),
		cmocka_unit_test(the_last_of_a_name_counts),
		cmocka_unit_test(foreign_bytes_do_no_harm),
	};

	return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
