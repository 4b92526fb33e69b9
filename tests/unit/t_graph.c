/* SPDX-License-Identifier: MIT */
#include "ui/graph.h"

#include "base/text.h"
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

static void
check(struct canvas *c, const char *expected)
{
	struct buf out = {0};

	canvas_dump(c, &out);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
	canvas_free(c);
}

static void
sparklines_show_the_newest_against_their_largest(void **state)
{
	static const uint32_t points[] = {100, 0, 1, 4, 8, 2};
	struct canvas *c = canvas_new(3, 8);

	(void)state;
	graph_spark(c, 0, 0, 8, STYLE_GRAPH, points, 6);
	graph_spark(c, 1, 2, 5, STYLE_GRAPH, points, 6);
	graph_spark(c, 2, 0, 0, STYLE_GRAPH, points, 6);
	check(c, "  █ ▁▁▁▁\n   ▁▄█▂\n\n");
}

static void
sparklines_have_ascii_steps(void **state)
{
	static const uint32_t points[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
	struct canvas *c = canvas_new(1, 9);

	(void)state;
	text_set_utf8(false);
	graph_spark(c, 0, 0, 9, STYLE_GRAPH, points, 9);
	text_set_utf8(true);
	check(c, " _.:-=+*#\n");
}

static void
silence_is_blank_and_large_numbers_fit(void **state)
{
	static const uint32_t silent[4], large[] = {UINT32_MAX, UINT32_MAX / 2};
	struct canvas *c = canvas_new(2, 4);

	(void)state;
	graph_spark(c, 0, 0, 4, STYLE_GRAPH, silent, 4);
	graph_spark(c, 1, 0, 2, STYLE_GRAPH, large, 2);
	check(c, "\n█▄\n");
}

/* 12:00:00 and I seconds. */
static int64_t
at(int seconds)
{
	return 1767268800000 + seconds * 1000;
}

static void
a_curve_has_round_axes_and_its_range(void **state)
{
	const struct curve_point points[] = {{at(1), 16, NAN, NAN}, {at(4), 19, NAN, NAN}, {at(8), 26, NAN, NAN}};
	struct canvas *c = canvas_new(9, 40);

	(void)state;
	graph_curve(c, canvas_rect(c), points, 3, 25.5, 26.5);
	check(c, "       ────────────────────────── 26.5\n"
		 "       ──────────────────··•───── 25.5\n"
		 "                      ···\n"
		 "                    ··\n"
		 "    20           •··\n"
		 "            ·····\n"
		 "         •··\n"
		 "       ──────────────────────────\n"
		 "       12:00:00     12:00:05\n");
}

static void
a_curve_without_a_range_and_of_one_value(void **state)
{
	const struct curve_point points[] = {{at(0), 20, 20, 20}, {at(1), NAN, NAN, NAN}, {at(2), 20, 20, 20}};
	struct canvas *c = canvas_new(7, 40);

	(void)state;
	graph_curve(c, canvas_rect(c), points, 3, NAN, NAN);
	check(c, "  20.5\n"
		 "\n"
		 "  20.0 •            •\n"
		 "\n"
		 "  19.5\n"
		 "       ──────────────────────────\n"
		 "       12:00:00     12:00:02\n");
}

static void
styles_tell_in_from_out(void **state)
{
	const struct curve_point points[] = {{at(0), 10, NAN, NAN}, {at(1), 20, NAN, NAN}};
	struct canvas *c = canvas_new(8, 40);
	int in = 0, out = 0;

	(void)state;
	graph_curve(c, canvas_rect(c), points, 2, 18, 22);
	for (int y = 0; y < 8; y++)
		for (int x = 0; x < 40; x++) {
			in += canvas_cell(c, y, x)->style == STYLE_GOOD;
			out += canvas_cell(c, y, x)->style == STYLE_WARN;
		}
	assert_true(in > 0 && out > 0);
	canvas_free(c);
}

/* No number that a topic can hold makes it draw elsewhere, or not end. */
static void
odd_curves_are_survived(void **state)
{
	static const float odd[] = {0, -1, 1e-30f, -1e-30f, 3e38f, -3e38f, INFINITY, -INFINITY, NAN, 26};
	static const int64_t times[] = {0, -1, INT64_MAX / 2, 1767268800000, -1767268800000};
	enum { ODD = sizeof(odd) / sizeof(*odd), TIMES = sizeof(times) / sizeof(*times) };
	struct canvas *c = canvas_new(20, 90);

	(void)state;
	for (size_t a = 0; a < ODD; a++)
		for (size_t b = 0; b < ODD; b++)
			for (size_t t = 0; t < TIMES; t++) {
				const struct curve_point points[] = {{times[t], odd[a], odd[b], odd[a]},
								     {times[(t + 1) % TIMES], odd[b], odd[a], odd[b]}};

				graph_curve(c, (struct rect){2, 2, 12, 60}, points, 2, odd[b], odd[a]);
			}
	for (int x = 0; x < 90; x++) {
		assert_string_equal(canvas_cell(c, 1, x)->bytes, " ");
		assert_string_equal(canvas_cell(c, 15, x)->bytes, " ");
	}
	canvas_free(c);
}

static struct rate_band
band(const char *id, uint32_t events)
{
	struct rate_band b = {.id = slice_str(id)};

	for (int i = 30; i < RATE_POINTS; i++)
		b.points[i] = events;
	return b;
}

static void
rates_are_stacked_with_letters(void **state)
{
	const struct rate_band bands[] = {band("x", 100), band("y", 50), band(NULL, 25)};
	struct canvas *c = canvas_new(10, 68);

	(void)state;
	graph_rates(c, canvas_rect(c), bands, 3, NULL, NULL, true);
	check(c, "                                     ..............................\n"
		 "    30                               bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
		 "                                     bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
		 "    20                               aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		 "                                     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		 "                                     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		 "    10                               aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		 "                                     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		 "     0 ────────────────────────────────────────────────────────────\n"
		 "       -5 min      -4 min      -3 min      -2 min      -1 min   now\n");
}

static void
points_are_wide_where_there_is_room(void **state)
{
	struct rate_band one = band("x", 5);
	struct canvas *wide = canvas_new(8, 7 + 3 * RATE_POINTS + 20), *narrow = canvas_new(8, 7 + 30);
	int filled = 0;

	(void)state;
	graph_rates(wide, canvas_rect(wide), &one, 1, NULL, NULL, false);
	for (int x = 0; x < canvas_columns(wide); x++)
		filled += canvas_cell(wide, 5, x)->style == STYLE_BAND;
	assert_int_equal(filled, 90);
	graph_rates(narrow, canvas_rect(narrow), &one, 1, NULL, NULL, false);
	filled = 0;
	for (int x = 0; x < canvas_columns(narrow); x++)
		filled += canvas_cell(narrow, 5, x)->style == STYLE_BAND;
	assert_int_equal(filled, 30);
	canvas_free(wide);
	canvas_free(narrow);
}

static void
few_events_are_seen(void **state)
{
	struct rate_band bands[] = {band("x", 100000), band("y", 0)};
	struct canvas *c = canvas_new(8, 80);

	(void)state;
	bands[1].points[3] = 1;
	graph_rates(c, canvas_rect(c), bands, 2, NULL, NULL, true);
	assert_string_equal(canvas_cell(c, 5, 7 + 3)->bytes, "▁");
	assert_int_equal(canvas_cell(c, 5, 7 + 3)->style, STYLE_BAND + 1);
	canvas_free(c);
}

/* 30 points of a second in 24 columns: means of two each, on a grid of even seconds. */
static void
points_are_folded_where_there_is_no_room(void **state)
{
	double points[30], planned[30];
	struct graph_plot plot = {
		.bands = {{points, 0}}, .n_bands = 1, .planned = planned, .points = 30, .step_s = 1, .end = 1001,
		.folds = true, .mono = true,
	};
	struct canvas *c = canvas_new(7, 7 + 24);

	(void)state;
	for (int i = 0; i < 30; i++) {
		points[i] = i < 20 ? NAN : i % 2 ? 0 : 10; /* the last is of second 1000 */
		planned[i] = i < 10 ? NAN : 2;
	}
	graph_plot(c, canvas_rect(c), &plot);
	check(c, "    10          a\n"
		 "                a\n"
		 "     5          a▄▄▄▄\n"
		 "                aaaaa\n"
		 "           ───────────\n"
		 "     0 ───────────────\n"
		 "                   now\n");
}

static void
lines_lie_over_the_bands_and_take_turns(void **state)
{
	const struct rate_band one = band("x", 50);
	double made[RATE_POINTS], planned[RATE_POINTS];
	struct canvas *c = canvas_new(7, 68);

	(void)state;
	for (int i = 0; i < RATE_POINTS; i++) {
		made[i] = i < 50 ? NAN : i < 55 ? 0 : 20;
		planned[i] = i < 40 ? NAN : 20;
	}
	graph_rates(c, canvas_rect(c), &one, 1, made, planned, true);
	check(c, "    20                                         ───────────────•─•─•\n"
		 "\n"
		 "    10                               ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
		 "                                     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		 "                                     aaaaaaaaaaaaaaaaaaaa•••••aaaaa\n"
		 "     0 ────────────────────────────────────────────────────────────\n"
		 "       -5 min      -4 min      -3 min      -2 min      -1 min   now\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sparklines_show_the_newest_against_their_largest),
		cmocka_unit_test(sparklines_have_ascii_steps),
		cmocka_unit_test(silence_is_blank_and_large_numbers_fit),
		cmocka_unit_test(a_curve_has_round_axes_and_its_range),
		cmocka_unit_test(a_curve_without_a_range_and_of_one_value),
		cmocka_unit_test(styles_tell_in_from_out),
		cmocka_unit_test(odd_curves_are_survived),
		cmocka_unit_test(rates_are_stacked_with_letters),
		cmocka_unit_test(points_are_wide_where_there_is_room),
		cmocka_unit_test(few_events_are_seen),
		cmocka_unit_test(points_are_folded_where_there_is_no_room),
		cmocka_unit_test(lines_lie_over_the_bands_and_take_turns),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
