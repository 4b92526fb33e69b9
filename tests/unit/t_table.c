/* SPDX-License-Identifier: MIT */
#include "ui/table.h"

#include "base/text.h"
#include "unit.h"

#include <locale.h>

/* The cells a column was given, as its letter. */
static void
fill(struct canvas *c, int y, int x, int w, char letter)
{
	for (int i = 0; i < w; i++)
		canvas_text(c, y, x + i, 1, STYLE_NORMAL, (char[2]){letter, '\0'});
}

static void
draw_a(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	(void)view;
	fill(c, y, x, w, (char)('0' + i % 10));
}

static void
draw_b(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	(void)view;
	(void)i;
	fill(c, y, x, w, 'b');
}

static void
draw_c(struct canvas *c, int y, int x, int w, const struct view *view, size_t i)
{
	(void)view;
	(void)i;
	fill(c, y, x, w, 'c');
}

static bool
is_watched(const struct view *view)
{
	return view->head.watch.p;
}

static const struct column columns[] = {
	{.title = "first", .sort = SORT_ID, .least = 4, .wished = 6, .rank = 0, .draw = draw_a},
	{.title = "two", .sort = SORT_LAG, .least = 3, .wished = 5, .rank = 2, .right = true, .draw = draw_b},
	{.title = "three", .least = 5, .wished = 5, .rank = 1, .draw = draw_c},
	{.title = "watched", .least = 7, .wished = 7, .rank = 0, .shown = is_watched, .draw = draw_c},
};

static const struct column growing[] = {
	{.title = "first", .sort = SORT_ID, .least = 4, .wished = 6, .draw = draw_a},
	{.title = "grows", .least = 3, .wished = 5, .rank = 1, .grows = true, .draw = draw_b},
};

static struct view
view_of(size_t rows, int64_t cursor)
{
	return (struct view){.n = rows, .query = {.cursor = cursor}};
}

static void
check(const struct view *view, int h, int w, const struct column *of, size_t n, const char *expected)
{
	struct canvas *c = canvas_new(h, w);
	struct buf out = {0};

	table_draw(c, canvas_rect(c), of, n, view, NULL);
	canvas_dump(c, &out);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
	canvas_free(c);
}

static void
columns_get_what_they_wish_for(void **state)
{
	struct view view = view_of(2, 1);

	(void)state;
	check(&view, 4, 19, columns, 4, " first    two three\n 000000 bbbbb ccccc\n>111111 bbbbb ccccc\n\n");
}

static void
what_is_left_over_goes_between_columns(void **state)
{
	struct view view = view_of(1, -1);

	(void)state;
	check(&view, 2, 25, columns, 4, " first       two    three\n 000000    bbbbb    ccccc\n");
}

static void
the_least_important_go_first(void **state)
{
	struct view view = view_of(1, -1);

	(void)state;
	check(&view, 2, 15, columns, 4, " firs two three\n 0000 bbb ccccc\n");
	check(&view, 2, 14, columns, 4, " first   three\n 000000  ccccc\n");
	check(&view, 2, 10, columns, 4, " first\n 000000\n");
	check(&view, 2, 3, columns, 4, " fi\n 00\n");
}

static void
the_sort_column_stays_and_is_marked(void **state)
{
	struct view view = view_of(1, -1);

	(void)state;
	view.query.sort = SORT_LAG;
	check(&view, 2, 11, columns, 4, " first  tw^\n 000000 bbb\n");
}

static void
a_column_may_have_nothing_to_show(void **state)
{
	struct view view = view_of(1, -1);

	(void)state;
	view.head.watch = slice_str("g");
	check(&view, 2, 15, columns, 4, " first  watched\n 000000 ccccccc\n");
}

static void
a_growing_column_takes_the_rest(void **state)
{
	struct view view = view_of(1, -1);

	(void)state;
	check(&view, 2, 30, growing, 2, " first   grows\n 000000  bbbbbbbbbbbbbbbbbbbbb\n");
}

static void
rows_around_the_cursor_are_drawn(void **state)
{
	struct view view = view_of(9, 6);

	(void)state;
	check(&view, 4, 5, columns, 1, " firs\n 4444\n 5555\n>6666\n");
	view.query.cursor = 106;
	view.query.first = 100;
	check(&view, 4, 5, columns, 1, " firs\n 4444\n 5555\n>6666\n");
	view.query.cursor = 999; /* whatever it claims */
	check(&view, 3, 5, columns, 1, " firs\n 7777\n 8888\n");
	check(&view, 1, 5, columns, 1, " firs\n");
}

static bool
second_is_dim(const struct view *view, size_t i)
{
	(void)view;
	return i == 1;
}

static void
rows_are_told_apart_without_colour(void **state)
{
	struct canvas *c = canvas_new(4, 5);
	struct view view = view_of(3, 2);
	struct buf out = {0};

	(void)state;
	table_draw(c, canvas_rect(c), columns, 1, &view, second_is_dim);
	canvas_dump(c, &out);
	canvas_dump_styles(c, &out);
	assert_string_equal(buf_cstr(&out), " firs\n 0000\n-1111\n>2222\nttttt\n\nddddd\nSSSSS\n");
	buf_free(&out);
	canvas_free(c);
}

static void
sorting_goes_round_the_columns_that_sort(void **state)
{
	(void)state;
	assert_int_equal(table_sort_step(columns, 4, SORT_NONE, 1), SORT_ID);
	assert_int_equal(table_sort_step(columns, 4, SORT_NONE, -1), SORT_LAG);
	assert_int_equal(table_sort_step(columns, 4, SORT_ID, 1), SORT_LAG);
	assert_int_equal(table_sort_step(columns, 4, SORT_LAG, 1), SORT_ID);
	assert_int_equal(table_sort_step(columns, 4, SORT_ID, -1), SORT_LAG);
	assert_int_equal(table_sort_step(columns + 2, 1, SORT_NONE, 1), SORT_NONE);
	assert_int_equal(table_sort_step(NULL, 0, SORT_NONE, 1), SORT_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_get_what_they_wish_for),
		cmocka_unit_test(what_is_left_over_goes_between_columns),
		cmocka_unit_test(the_least_important_go_first),
		cmocka_unit_test(the_sort_column_stays_and_is_marked),
		cmocka_unit_test(a_column_may_have_nothing_to_show),
		cmocka_unit_test(a_growing_column_takes_the_rest),
		cmocka_unit_test(rows_around_the_cursor_are_drawn),
		cmocka_unit_test(rows_are_told_apart_without_colour),
		cmocka_unit_test(sorting_goes_round_the_columns_that_sort),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
