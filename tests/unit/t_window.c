/* SPDX-License-Identifier: MIT */
#include "base/rng.h"
#include "model/window.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A list of names and numbers. */
struct item {
	const char *name;
	double number;
};

static const struct item few[] = {
	{"delta", 3}, {"Alpha", 1}, {"charlie", NAN}, {"bravo", 2}, {"echo", NAN}, {"bravissimo", 2},
};

static bool
item_holds(void *ctx, size_t i, const char *text)
{
	const struct item *items = ctx;

	return window_text_holds(slice_str(items[i].name), text);
}

static struct window_key
item_key(void *ctx, size_t i, enum sort_key sort)
{
	const struct item *items = ctx;

	if (sort == SORT_ID)
		return window_text_key(slice_str(items[i].name));
	return (struct window_key){.number = sort == SORT_RATE ? items[i].number : (double)i};
}

static int64_t
item_locate(void *ctx, const char *selected)
{
	const struct item *items = ctx;

	for (size_t i = 0; i < sizeof(few) / sizeof(*few); i++)
		if (strcmp(items[i].name, selected) == 0)
			return (int64_t)i;
	return -1;
}

static struct window_list
list_of(const struct item *items, size_t n)
{
	return (struct window_list){(void *)items, n, item_holds, item_key, item_locate};
}

/* The rows of Q as "name name .." in OUT; whether its text was found. */
static bool
place(struct view_query *q, char out[200])
{
	struct window_list list = list_of(few, sizeof(few) / sizeof(*few));
	struct window w;
	bool found;

	window_place(&list, q, &w);
	out[0] = '\0';
	for (size_t i = 0; i < w.n; i++) {
		strcat(out, few[w.rows[i]].name);
		strcat(out, " ");
	}
	found = w.found;
	window_fini(&w);
	return found;
}

static void
check_rows(struct view_query q, const char *rows)
{
	char out[200];

	q.height = q.height ? q.height : 10;
	place(&q, out);
	assert_string_equal(out, rows);
}

static void
rows_are_filtered_and_sorted(void **state)
{
	(void)state;
	check_rows((struct view_query){0}, "delta Alpha charlie bravo echo bravissimo ");
	check_rows((struct view_query){.reverse = true}, "bravissimo echo bravo charlie Alpha delta ");
	check_rows((struct view_query){.sort = SORT_ID}, "Alpha bravissimo bravo charlie delta echo ");
	check_rows((struct view_query){.filter = "LPH"}, "Alpha ");
	check_rows((struct view_query){.filter = "!a"}, "echo ");
	check_rows((struct view_query){.filter = "!"}, "delta Alpha charlie bravo echo bravissimo ");
	check_rows((struct view_query){.filter = "nothing"}, "");
	check_rows((struct view_query){.height = 2, .cursor = 3, .first = 0}, "charlie bravo ");
}

static void
unknown_sorts_last_both_ways(void **state)
{
	(void)state;
	check_rows((struct view_query){.sort = SORT_RATE}, "Alpha bravo bravissimo delta charlie echo ");
	check_rows((struct view_query){.sort = SORT_RATE, .reverse = true},
		   "delta bravo bravissimo Alpha charlie echo ");
}

static void
the_cursor_follows_what_is_selected(void **state)
{
	struct view_query q = {.sort = SORT_ID, .height = 2, .selected = "delta", .cursor = 0, .first = 0};
	char out[200];

	(void)state;
	place(&q, out);
	assert_int_equal(q.cursor, 4);
	assert_int_equal(q.first, 3);
	assert_string_equal(out, "charlie delta ");
	q.reverse = true;
	place(&q, out);
	assert_int_equal(q.cursor, 1);
	assert_int_equal(q.first, 1);
	snprintf(q.selected, sizeof(q.selected), "gone");
	q.cursor = 99;
	place(&q, out);
	assert_int_equal(q.cursor, 5);
	assert_int_equal(q.first, 4);
	snprintf(q.selected, sizeof(q.selected), "delta");
	snprintf(q.filter, sizeof(q.filter), "bra");
	place(&q, out);
	assert_int_equal(q.cursor, 1);
	assert_int_equal(q.first, 0);
}

static void
following_stays_at_the_last(void **state)
{
	struct view_query q = {.height = 2, .selected = "delta", .follow = true};
	char out[200];

	(void)state;
	place(&q, out);
	assert_string_equal(out, "echo bravissimo ");
	assert_int_equal(q.cursor, 5);
}

/* From CURSOR a step of find leads to AT. */
static void
check_find(const char *text, int step, int64_t cursor, int64_t at)
{
	struct view_query q = {.height = 2, .cursor = cursor, .find_step = step};
	char out[200];

	snprintf(q.find, sizeof(q.find), "%s", text);
	assert_int_equal(place(&q, out), at >= 0);
	assert_int_equal(q.cursor, at < 0 ? cursor : at);
}

static void
find_goes_on_and_around(void **state)
{
	(void)state;
	check_find("bra", 0, 3, 3);
	check_find("bra", 1, 3, 5);
	check_find("bra", 1, 5, 3);
	check_find("bra", -1, 5, 3);
	check_find("bra", -1, 3, 5);
	check_find("BRA", 0, 0, 3);
	check_find("delta", 1, 0, 0);
	check_find("zulu", 1, 2, -1);
}

static void
texts_are_found(void **state)
{
	(void)state;
	assert_true(window_text_holds(slice_str("abcabd"), "ABD"));
	assert_false(window_text_holds(slice_str("abc"), "abcd"));
	assert_true(window_text_holds(slice_str("x"), ""));
	assert_false(window_text_holds((struct slice){0}, "x"));
	assert_true(window_text_holds((struct slice){"\0\xffq", 3}, "Q"));
}

static int
compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	bool x_unknown = isnan(x->number), y_unknown = isnan(y->number);

	if (x_unknown || y_unknown)
		return x_unknown == y_unknown ? (x->name > y->name) - (x->name < y->name) : x_unknown - y_unknown;
	if (x->number != y->number)
		return x->number > y->number ? 1 : -1;
	return (x->name > y->name) - (x->name < y->name);
}

/* Any list, any query: the window is that part of the whole list in order, holds
 * the cursor and never leaves the list. */
static void
random_windows_are_cut_from_the_sorted_list(void **state)
{
	enum { MOST = 300 };
	static struct item items[MOST], sorted[MOST];
	static const char names[MOST + 1];
	struct rng rng = {11};

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t n = rng_next(&rng) % MOST;
		struct window_list list = list_of(items, n);
		struct view_query q = {
			.sort = SORT_RATE, .height = (int)(rng_next(&rng) % 40) - 2,
			.cursor = (int64_t)(rng_next(&rng) % 400) - 50, .first = (int64_t)(rng_next(&rng) % 400) - 50,
		};
		struct window w;

		for (size_t i = 0; i < n; i++)
			items[i] = (struct item){&names[i], rng_next(&rng) % 9 ? (double)(rng_next(&rng) % 50) : NAN};
		memcpy(sorted, items, sizeof(items));
		qsort(sorted, n, sizeof(*sorted), compare_items);
		window_place(&list, &q, &w);
		assert_int_equal(w.matched, n);
		assert_true(q.first >= 0 && (n == 0 || q.first < (int64_t)n));
		assert_true(q.cursor >= 0 && (n == 0 || q.cursor < (int64_t)n));
		assert_true(w.n == 0 || (q.first <= q.cursor && q.cursor < q.first + (int64_t)w.n));
		assert_true(q.first + (int64_t)w.n <= (int64_t)n);
		assert_int_equal(w.n, q.height <= 0 ? 0 : (size_t)q.height < n ? (size_t)q.height : n);
		for (size_t i = 0; i < w.n; i++)
			assert_ptr_equal(items[w.rows[i]].name, sorted[q.first + (int64_t)i].name);
		window_fini(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_filtered_and_sorted),
		cmocka_unit_test(unknown_sorts_last_both_ways),
		cmocka_unit_test(the_cursor_follows_what_is_selected),
		cmocka_unit_test(following_stays_at_the_last),
		cmocka_unit_test(find_goes_on_and_around),
		cmocka_unit_test(texts_are_found),
		cmocka_unit_test(random_windows_are_cut_from_the_sorted_list),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
