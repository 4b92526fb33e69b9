/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "events.h"
#include "model/curve.h"
#include "unit.h"

#include <stdlib.h>

static struct curve_point *
points_of(const struct curve *c)
{
	struct curve_point *out = xcalloc(curve_count(c) + 1, sizeof(*out));

	curve_read(c, out);
	return out;
}

static void
few_points_stay_as_they_came(void **state)
{
	struct curve c = {0};
	struct curve_point *p;

	(void)state;
	assert_int_equal(curve_count(&c), 0);
	for (int i = 0; i < CURVE_POINTS; i++)
		curve_add(&c, T0 + i * 1000, (float)i);
	assert_int_equal(curve_count(&c), CURVE_POINTS);
	p = points_of(&c);
	for (int i = 0; i < CURVE_POINTS; i++) {
		assert_int_equal(p[i].time, T0 + i * 1000);
		assert_close(p[i].average, i, 0);
		assert_close(p[i].low, p[i].high, 0);
	}
	free(p);
	curve_fini(&c);
}

static void
older_points_fold_to_minutes(void **state)
{
	const int64_t start = T0 / CURVE_STEP_MS * CURVE_STEP_MS;
	struct curve c = {0};
	struct curve_point *p;

	(void)state;
	for (int i = 0; i <= CURVE_POINTS; i++)
		curve_add(&c, start + i * 1000, (float)i);
	p = points_of(&c);
	assert_int_equal(p[0].time, start);
	assert_close(p[0].low, 0, 0);
	assert_close(p[0].high, 59, 0);
	assert_close(p[0].average, 29.5, 0.001);
	assert_int_equal(p[1].time, start + CURVE_STEP_MS);
	assert_close(p[curve_count(&c) - 1].average, CURVE_POINTS, 0);
	free(p);
	curve_fini(&c);
}

/* A week of seconds, and of days: bounded, ordered, from the first to the last. */
static void
check_long_run(int64_t step, bool lean)
{
	enum { RUN = 200000 };
	size_t most = lean ? CURVE_LEAN : CURVE_POINTS + CURVE_FOLDED;
	struct curve c = {.lean = lean};
	struct curve_point *p;
	float low = 1000, high = -1000;

	for (int i = 0; i < RUN; i++) {
		curve_add(&c, T0 + i * step, (float)(i % 1000) / 10);
		assert_in_range(curve_count(&c), 1, most);
	}
	p = points_of(&c);
	assert_int_equal(p[0].time, T0);
	for (size_t i = 0; i < curve_count(&c); i++) {
		assert_true(i == 0 || p[i].time > p[i - 1].time);
		assert_true(p[i].low <= p[i].average && p[i].average <= p[i].high);
		low = p[i].low < low ? p[i].low : low;
		high = p[i].high > high ? p[i].high : high;
	}
	assert_close(low, 0, 0);
	assert_close(high, 99.9, 0.001);
	free(p);
	curve_fini(&c);
}

static void
long_runs_stay_bounded_and_whole(void **state)
{
	(void)state;
	check_long_run(1000, false);
	check_long_run(1000, true);
	check_long_run(86400000, false);
	check_long_run(86400000, true);
}

static void
what_is_folded_in_pairs_goes_on_in_pairs(void **state)
{
	struct curve c = {.lean = true};
	struct curve_point *p;
	int64_t widest = 0, narrowest = INT64_MAX;

	(void)state;
	for (int i = 0; i < 200000; i++)
		curve_add(&c, T0 + i * 1000, 20);
	p = points_of(&c);
	for (size_t i = 1; i + 1 < curve_count(&c); i++) {
		int64_t gap = p[i + 1].time - p[i].time;

		widest = gap > widest ? gap : widest;
		narrowest = gap < narrowest ? gap : narrowest;
	}
	assert_true(widest <= 2 * narrowest);
	free(p);
	curve_fini(&c);
}

static void
a_lean_curve_gives_back_and_grows_again(void **state)
{
	struct curve c = {0};

	(void)state;
	for (int i = 0; i < 10000; i++)
		curve_add(&c, T0 + i * 10000, 20);
	curve_set_lean(&c, true);
	assert_in_range(curve_count(&c), 1, CURVE_LEAN);
	curve_add(&c, T0 + 200000000, 21);
	assert_in_range(curve_count(&c), 1, CURVE_LEAN);
	curve_set_lean(&c, false);
	for (int i = 0; i < 100; i++)
		curve_add(&c, T0 + 300000000 + i, 22);
	assert_in_range(curve_count(&c), 101, CURVE_LEAN + 100);
	curve_fini(&c);
	assert_int_equal(curve_count(&c), 0);
}

static void
times_that_leap_back_stay_bounded(void **state)
{
	static const int64_t times[] = {T0, 0, 253402300799999, 5, T0 + 1, 253402300799998, 60000};
	struct curve c = {.lean = true};

	(void)state;
	for (int i = 0; i < 5000; i++)
		curve_add(&c, times[i % 7], i % 2 ? 3e38f : -3e38f);
	assert_in_range(curve_count(&c), 1, CURVE_LEAN);
	curve_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_points_stay_as_they_came),
		cmocka_unit_test(older_points_fold_to_minutes),
		cmocka_unit_test(long_runs_stay_bounded_and_whole),
		cmocka_unit_test(what_is_folded_in_pairs_goes_on_in_pairs),
		cmocka_unit_test(a_lean_curve_gives_back_and_grows_again),
		cmocka_unit_test(times_that_leap_back_stay_bounded),
	};

	return cmocka_run_group_tests_name("curve", tests, NULL, NULL);
}
