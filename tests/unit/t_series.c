/* SPDX-License-Identifier: MIT */
#include "base/rng.h"
#include "events.h"
#include "model/series.h"
#include "unit.h"

enum { CAP = 5, STEP = 1000 };

static uint32_t room[CAP];

static struct series
fresh(void)
{
	struct series s;

	series_init(&s, room, CAP, STEP);
	return s;
}

static void
counts_fall_on_the_grid(void **state)
{
	struct series s = fresh();
	uint32_t out[4];

	(void)state;
	series_add(&s, T0 + 999, 1);
	series_add(&s, T0 + 1000, 2);
	series_add(&s, T0 + 3500, 3);
	series_add(&s, T0 + 1999, 4);
	series_read(&s, T0 + 4000, out, 4);
	assert_int_equal(out[0], 1);
	assert_int_equal(out[1], 6);
	assert_int_equal(out[2], 0);
	assert_int_equal(out[3], 3);
	assert_int_equal(series_sum(&s, T0 + 4000, 4), 10);
	assert_int_equal(series_sum(&s, T0 + 4000, 2), 3);
}

static void
the_step_under_way_is_not_read(void **state)
{
	struct series s = fresh();
	uint32_t out[2];

	(void)state;
	series_add(&s, T0, 7);
	series_read(&s, T0 + 999, out, 2);
	assert_int_equal(out[1], 0);
	series_read(&s, T0 + 1000, out, 2);
	assert_int_equal(out[1], 7);
	series_read(&s, T0 + 2999, out, 2);
	assert_int_equal(out[0], 7);
	assert_int_equal(out[1], 0);
	series_read(&s, T0 + 3000, out, 2);
	assert_int_equal(out[0], 0);
}

static void
rates_need_data(void **state)
{
	struct series s = fresh();

	(void)state;
	assert_true(isnan(series_rate(&s, T0, 4)));
	series_add(&s, T0 + 500, 3);
	assert_true(isnan(series_rate(&s, T0 + 999, 4)));
	assert_true(isnan(series_rate(&s, T0 + 1000, 4)));
	assert_close(series_rate(&s, T0 + 2000, 4), 2, 1e-9);
	assert_close(series_rate(&s, T0 + 4000, 4), 3 / 3.5, 1e-9);
	assert_close(series_rate(&s, T0 + 9000, 4), 0, 1e-9);
	series_add(&s, T0 - 500, 4); /* late: there was data before */
	assert_close(series_rate(&s, T0 + 3000, 4), 7 / 3.5, 1e-9);
	series_clear(&s);
	assert_true(isnan(series_rate(&s, T0 + 9000, 4)));
}

static void
times_far_off_cost_nothing(void **state)
{
	struct series s = fresh();
	uint32_t out[CAP];

	(void)state;
	series_add(&s, T0, 1);
	series_add(&s, -1, 1);
	series_add(&s, INT64_MIN, 1);
	series_add(&s, 1, 1);
	assert_int_equal(series_sum(&s, T0 + STEP, 4), 1);
	series_add(&s, INT64_MAX / 2, 5);
	series_read(&s, INT64_MAX / 2 + STEP, out, CAP);
	assert_int_equal(out[CAP - 1], 5);
	series_read(&s, T0 + STEP, out, CAP);
	assert_int_equal(out[CAP - 1], 0);
	assert_int_equal(series_sum(&s, -5, CAP), 0);
	assert_int_equal(series_sum(&s, 0, CAP), 0);
}

/* Whatever comes in whatever order: a model that remembers everything agrees. */
static void
random_times_agree_with_a_plain_count(void **state)
{
	struct rng rng = {7};

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct series s = fresh();
		uint32_t all[40] = {0}, out[CAP];
		int newest = 0;

		for (int i = 0; i < 60; i++) {
			int step = (int)(rng_next(&rng) % 40);

			if (step > newest)
				newest = step;
			if (newest - step < CAP)
				all[step]++;
			series_add(&s, T0 + step * STEP + (int64_t)(rng_next(&rng) % STEP), 1);
		}
		series_read(&s, T0 + (newest + 1) * STEP, out, CAP);
		for (int i = 0; i < CAP; i++) {
			int step = newest - (CAP - 1) + i;

			assert_int_equal(out[i], step < 0 ? 0 : all[step]);
		}
		series_read(&s, T0 + newest * STEP, out, CAP);
		assert_int_equal(out[0], 0); /* before the grid */
		assert_int_equal(out[1], newest < CAP - 1 ? 0 : all[newest - (CAP - 1)]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_fall_on_the_grid),
		cmocka_unit_test(the_step_under_way_is_not_read),
		cmocka_unit_test(rates_need_data),
		cmocka_unit_test(times_far_off_cost_nothing),
		cmocka_unit_test(random_times_agree_with_a_plain_count),
	};

	return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
