/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "unit.h"

#include <locale.h>

static void
check(struct slice in, const char *expected)
{
	struct buf out = {0};

	text_clean(&out, in);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
}

static void
printable_text_stays(void **state)
{
	(void)state;
	check(slice_str("d.landau@uu.nl"), "d.landau@uu.nl");
	check(slice_str("\xc3\xa9t\xc3\xa9 \xe6\xb8\xa9"), "\xc3\xa9t\xc3\xa9 \xe6\xb8\xa9");
	assert_int_equal(text_width(slice_str("\xe6\xb8\xa9")), 2);
}

static void
control_bytes_are_escaped(void **state)
{
	(void)state;
	check(slice_str("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
	check(slice_str("a\nb\tc\rd"), "a\\nb\\tc\\rd");
	check((struct slice){"a\0b", 3}, "a\\x00b");
	check(slice_str("\xc2\x9b" "1m"), "\\u009b1m");
	check(slice_str("\x7f"), "\\x7f");
}

static void
invalid_utf8_is_escaped_byte_by_byte(void **state)
{
	(void)state;
	check(slice_str("\xff"), "\\xff");
	check(slice_str("\xc3"), "\\xc3");
	check(slice_str("\xc0\xaf"), "\\xc0\\xaf");
	check(slice_str("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	check(slice_str("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");
	check(slice_str("\xe2\x82"), "\\xe2\\x82");
	assert_false(text_valid(slice_str("ok\xe2\x82")));
	assert_true(text_valid(slice_str("ok\xe2\x82\xac")));
}

static void
deceptive_characters_are_named(void **state)
{
	(void)state;
	check(slice_str("\xe2\x80\xae" "abc"), "\\u202eabc");
	check(slice_str("e\xcc\x81"), "e\\u0301");
	check(slice_str("\xe2\x80\x8b"), "\\u200b");
	check(slice_str("\xf3\xa0\x80\x81"), "\\U000e0001");
}

static void
without_utf8_everything_is_ascii(void **state)
{
	(void)state;
	text_set_utf8(false);
	check(slice_str("\xc3\xa9"), "\\u00e9");
	assert_int_equal(text_width(slice_str("\xc3\xa9")), 6);
	text_set_utf8(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_text_stays),
		cmocka_unit_test(control_bytes_are_escaped),
		cmocka_unit_test(invalid_utf8_is_escaped_byte_by_byte),
		cmocka_unit_test(deceptive_characters_are_named),
		cmocka_unit_test(without_utf8_everything_is_ascii),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
