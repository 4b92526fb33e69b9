/* SPDX-License-Identifier: MIT */
#include "ui/canvas.h"

#include "base/text.h"
#include "unit.h"

#include <locale.h>

static void
check_dump(struct canvas *c, const char *expected)
{
	struct buf out = {0};

	canvas_dump(c, &out);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
	canvas_free(c);
}

static void
text_is_drawn_and_clipped(void **state)
{
	struct canvas *c = canvas_new(3, 10);

	(void)state;
	assert_int_equal(canvas_text(c, 0, 2, 8, STYLE_NORMAL, "abc"), 3);
	assert_int_equal(canvas_text(c, 1, 0, 5, STYLE_NORMAL, "abcdefgh"), 5);
	assert_int_equal(canvas_printf(c, 2, 8, 8, STYLE_NORMAL, "%d", 12345), 5);
	check_dump(c, "  abc\nabcd…\n        12\n");
}

static void
drawing_outside_does_nothing(void **state)
{
	struct canvas *c = canvas_new(1, 3);

	(void)state;
	canvas_text(c, -1, 0, 3, STYLE_NORMAL, "xxx");
	canvas_text(c, 1, 0, 3, STYLE_NORMAL, "xxx");
	canvas_text(c, 0, -2, 9, STYLE_NORMAL, "abc");
	canvas_text(c, 0, 0, 0, STYLE_NORMAL, "xxx");
	canvas_text(c, 0, 0, -5, STYLE_NORMAL, "xxx");
	canvas_paint(c, (struct rect){-2, -2, 9, 9}, STYLE_BAD);
	canvas_blank(c, (struct rect){0, 2, 5, 5});
	assert_null(canvas_cell(c, 0, 3));
	check_dump(c, "c\n");
}

static void
no_size_is_a_size(void **state)
{
	struct canvas *c = canvas_new(0, -3);

	(void)state;
	canvas_text(c, 0, 0, 10, STYLE_NORMAL, "abc");
	canvas_wrap(c, canvas_rect(c), STYLE_NORMAL, slice_str("abc"));
	assert_int_equal(canvas_rows(c) + canvas_columns(c), 0);
	check_dump(c, "");
}

static void
right_alignment_keeps_the_edge(void **state)
{
	struct canvas *c = canvas_new(2, 8);

	(void)state;
	canvas_right(c, 0, 1, 6, STYLE_NORMAL, "温度");
	canvas_right(c, 1, 1, 6, STYLE_NORMAL, "123456789");
	check_dump(c, "   温度\n 12345…\n");
}

static void
wide_characters_never_split(void **state)
{
	struct canvas *c = canvas_new(4, 6);

	(void)state;
	canvas_text(c, 0, 0, 6, STYLE_NORMAL, "温度温");
	canvas_text(c, 0, 1, 1, STYLE_NORMAL, "x"); /* over a right half */
	canvas_text(c, 0, 4, 1, STYLE_NORMAL, "y"); /* over a left half */
	canvas_text(c, 1, 5, 4, STYLE_NORMAL, "温"); /* over the edge */
	canvas_text(c, 2, -1, 4, STYLE_NORMAL, "温a");
	canvas_text(c, 3, 0, 4, STYLE_NORMAL, "a温度温"); /* the cut leaves half a place */
	check_dump(c, " x度y\n\n a\na温…\n");
}

static void
hostile_text_stays_in_its_cells(void **state)
{
	struct canvas *c = canvas_new(2, 20);

	(void)state;
	canvas_text(c, 0, 0, 20, STYLE_NORMAL, "\x1b[2J\n\xff\xe2\x80\xae" "e\xcc\x81");
	canvas_text(c, 1, 0, 6, STYLE_NORMAL, "ab\x1b" "cd");
	check_dump(c, "\\x1b[2J\\n\\xff\\u202e…\nab…\n");
}

static void
wrapping_breaks_at_spaces(void **state)
{
	struct canvas *c = canvas_new(5, 9);

	(void)state;
	assert_int_equal(canvas_wrap(c, (struct rect){0, 0, 4, 9}, STYLE_NORMAL,
				     slice_str("the quick brownfoxes jump over the dog")), 4);
	assert_int_equal(canvas_wrap(c, (struct rect){4, 0, 1, 9}, STYLE_NORMAL, slice_str("last")), 1);
	check_dump(c, "the quick\nbrownfoxe\ns jump\nover the…\nlast\n");
}

static void
a_clip_holds_everything_back(void **state)
{
	struct canvas *c = canvas_new(3, 6);

	(void)state;
	canvas_text(c, 0, 0, 6, STYLE_NORMAL, "head");
	canvas_clip(c, (struct rect){1, 1, 1, 3});
	for (int y = -1; y < 4; y++)
		canvas_text(c, y, 0, 6, STYLE_BAD, "温xyz温");
	canvas_blank(c, (struct rect){0, 0, 1, 6});
	canvas_paint(c, (struct rect){0, 0, 3, 1}, STYLE_BAD);
	assert_int_equal(canvas_cell(c, 0, 0)->style, STYLE_NORMAL);
	canvas_unclip(c);
	canvas_text(c, 2, 0, 6, STYLE_NORMAL, "foot");
	check_dump(c, "head\n  xy\nfoot\n");
}

static void
styles_have_their_own_dump(void **state)
{
	struct canvas *c = canvas_new(2, 5);
	struct buf out = {0};

	(void)state;
	canvas_text(c, 0, 1, 2, STYLE_BAD, "ab");
	canvas_paint(c, (struct rect){1, 0, 1, 5}, STYLE_SELECTED);
	canvas_dump_styles(c, &out);
	assert_string_equal(buf_cstr(&out), ".bb\nSSSSS\n");
	buf_free(&out);
	canvas_free(c);
}

static bool
same_look(struct look a, struct look b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attributes == b.attributes;
}

static void
styles_are_told_apart(void **state)
{
	static const enum style loud[] = {STYLE_WARN, STYLE_BAD, STYLE_SELECTED, STYLE_MATCH, STYLE_SORTED, STYLE_HEAD};
	static const int colours[] = {0, 8, 256};

	(void)state;
	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++)
		for (size_t j = 0; j < sizeof(loud) / sizeof(*loud); j++)
			assert_false(same_look(theme_look(loud[j], colours[i]), theme_look(STYLE_NORMAL, colours[i])));
	for (int a = 0; a < STYLE_COUNT; a++) {
		assert_true(theme_look(a, 0).fg == -1 && theme_look(a, 0).bg == -1);
		assert_true(theme_look(a, 16).fg < 8 && theme_look(a, 16).bg < 8);
		for (int b = 0; b < a; b++)
			assert_int_not_equal(theme_letter(a), theme_letter(b));
	}
}

static void
ascii_marks_are_ascii(void **state)
{
	(void)state;
	text_set_utf8(false);
	for (int m = 0; m < MARK_COUNT; m++)
		assert_true(strlen(theme_mark(m)) == 1 && (unsigned char)theme_mark(m)[0] < 0x80);
	for (int level = -1; level < 10; level++)
		assert_int_equal(strlen(theme_bar(level)), 1);
	text_set_utf8(true);
	for (int m = 0; m < MARK_COUNT; m++)
		assert_int_equal(text_width(slice_str(theme_mark(m))), 1);
	for (int level = 0; level < 9; level++)
		assert_int_equal(text_width(slice_str(theme_bar(level))), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_drawn_and_clipped),
		cmocka_unit_test(drawing_outside_does_nothing),
		cmocka_unit_test(no_size_is_a_size),
		cmocka_unit_test(right_alignment_keeps_the_edge),
		cmocka_unit_test(wide_characters_never_split),
		cmocka_unit_test(hostile_text_stays_in_its_cells),
		cmocka_unit_test(wrapping_breaks_at_spaces),
		cmocka_unit_test(a_clip_holds_everything_back),
		cmocka_unit_test(styles_have_their_own_dump),
		cmocka_unit_test(styles_are_told_apart),
		cmocka_unit_test(ascii_marks_are_ascii),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
