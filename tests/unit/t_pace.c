/* SPDX-License-Identifier: MIT */
#include "model/pace.h"
#include "unit.h"

enum { S = 1000 };

/* A group that commits every 5 s what it read at CONSUMED/s, looked at each second for SECONDS;
 * its partitions grow by PRODUCED/s from an end of END on. */
static void
run(struct pace *p, int from, int seconds, int consumed, int produced, int end)
{
	for (int s = from; s < from + seconds; s++)
		pace_add(p, s * S, s / 5 * 5 * consumed, end + s * produced, 16);
}

static void
one_look_tells_nothing(void **state)
{
	struct pace p = {0};

	(void)state;
	assert_true(isnan(pace_eta(&p, 10)));
	pace_add(&p, S, 100, 110, 4);
	assert_true(isnan(p.consumption));
	assert_true(isnan(p.production));
	assert_int_equal(p.trend, TREND_UNKNOWN);
	assert_true(isnan(pace_eta(&p, 10)));
	pace_add(&p, 2 * S, 100, 130, 4);
	assert_close(p.production, 20, 0.01);
	assert_true(isnan(p.consumption)); /* a commit may come yet */
}

static void
nothing_left_is_known_at_once(void **state)
{
	struct pace p = {0};

	(void)state;
	pace_add(&p, S, 100, 100, 4);
	assert_int_equal(p.trend, TREND_KEEPS_UP);
	pace_add(&p, 2 * S, 100, 100, 4);
	assert_close(p.consumption, 0, 0);
	assert_close(p.production, 0, 0);
	assert_close(pace_eta(&p, 0), 0, 0);
}

/* At whatever second it is looked at: what jumps every 5 s is no growing and no draining. */
static void
commits_that_jump_do_not_flap(void **state)
{
	struct pace p = {0};

	(void)state;
	run(&p, 0, 16, 50, 50, 100);
	for (int s = 16; s < 120; s++) {
		run(&p, s, 1, 50, 50, 100);
		assert_close(p.consumption, 50, 0.01);
		assert_close(p.production, 50, 0.01);
		assert_int_equal(p.trend, TREND_KEEPS_UP);
	}
}

static void
who_is_slower_grows(void **state)
{
	struct pace p = {0};

	(void)state;
	run(&p, 0, 60, 50, 80, 1000);
	assert_close(p.consumption, 50, 0.01);
	assert_close(p.production, 80, 0.01);
	assert_int_equal(p.trend, TREND_GROWING);
	assert_true(isinf(pace_eta(&p, 5000)));
}

static void
who_is_faster_drains(void **state)
{
	struct pace p = {0};

	(void)state;
	run(&p, 0, 60, 150, 50, 100000);
	assert_int_equal(p.trend, TREND_DRAINING);
	assert_close(pace_eta(&p, 5000), 50, 0.01);
}

/* A far end that both move away from alike. */
static void
who_keeps_its_distance_is_steady(void **state)
{
	struct pace p = {0};

	(void)state;
	run(&p, 0, 60, 50, 50, 100000);
	assert_int_equal(p.trend, TREND_STEADY);
	assert_true(isinf(pace_eta(&p, 100000)));
}

static void
who_stopped_is_seen_within_the_window(void **state)
{
	struct pace p = {0};

	(void)state;
	run(&p, 0, 60, 50, 50, 100);
	for (int s = 60; s < 60 + 45; s++)
		pace_add(&p, s * S, 55 * 50, 100 + s * 50, 16);
	assert_close(p.consumption, 0, 0);
	assert_close(p.production, 50, 0.01);
	assert_int_equal(p.trend, TREND_GROWING);
}

/* Some groups are asked only now and then. */
static void
rare_looks_are_enough(void **state)
{
	struct pace p = {0};

	(void)state;
	for (int s = 0; s < 60; s += 13)
		pace_add(&p, s * S, s * 30, 10000 + s * 10, 16);
	assert_close(p.consumption, 30, 0.01);
	assert_close(p.production, 10, 0.01);
	assert_int_equal(p.trend, TREND_DRAINING);
}

/* A pair of looks in a minute tells something, one an hour ago nothing of now. */
static void
the_look_before_counts_unless_it_is_long_ago(void **state)
{
	struct pace p = {0};

	(void)state;
	pace_add(&p, 0, 0, 1000, 4);
	pace_add(&p, 60 * S, 600, 1600, 4);
	assert_close(p.consumption, 10, 0.01);
	pace_add(&p, 3600 * S, 3600, 4600, 4);
	assert_true(isnan(p.consumption));
	pace_add(&p, 3613 * S, 3600 + 130, 4600 + 260, 4);
	assert_close(p.consumption, 10, 0.01);
	assert_close(p.production, 20, 0.01);
}

static void
begins_anew_where_the_sums_are_others(void **state)
{
	struct pace p = {0};

	(void)state;
	run(&p, 0, 60, 50, 80, 1000);
	pace_add(&p, 60 * S, 0, 6000, 16); /* a reset to the beginning */
	assert_true(isnan(p.consumption));
	assert_int_equal(p.added, 1);
	pace_add(&p, 61 * S, 0, 7000, 17); /* a partition more */
	assert_int_equal(p.added, 1);
	pace_add(&p, 62 * S, 0, 10, 17);   /* a topic made anew */
	assert_int_equal(p.added, 1);
}

static void
lags_are_read_oldest_first(void **state)
{
	struct pace p = {0};
	uint32_t lags[4];
	int64_t span;

	(void)state;
	assert_int_equal(pace_lags(&p, lags, 4, &span), 0);
	for (int s = 0; s < 200; s++)
		pace_add(&p, s * S, 0, s, 16);
	assert_int_equal(pace_lags(&p, lags, 4, &span), 4);
	assert_int_equal(lags[0], 196);
	assert_int_equal(lags[3], 199);
	assert_int_equal(span, 3 * S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_look_tells_nothing),
		cmocka_unit_test(nothing_left_is_known_at_once),
		cmocka_unit_test(commits_that_jump_do_not_flap),
		cmocka_unit_test(who_is_slower_grows),
		cmocka_unit_test(who_is_faster_drains),
		cmocka_unit_test(who_keeps_its_distance_is_steady),
		cmocka_unit_test(who_stopped_is_seen_within_the_window),
		cmocka_unit_test(rare_looks_are_enough),
		cmocka_unit_test(the_look_before_counts_unless_it_is_long_ago),
		cmocka_unit_test(begins_anew_where_the_sums_are_others),
		cmocka_unit_test(lags_are_read_oldest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
