/* SPDX-License-Identifier: MIT */
#include "model/history.h"

#include "base/rng.h"
#include "unit.h"

static uint64_t
sum(const struct history *h)
{
	uint64_t all = 0;

	for (size_t i = 0; i < h->n; i++)
		all += h->counts[i];
	return all;
}

static void
seconds_are_counted_in_their_steps(void **state)
{
	struct history h = {0};

	(void)state;
	history_add(&h, 10500);
	history_add(&h, 10999);
	history_add(&h, 12000);
	history_add(&h, -1);
	assert_int_equal(h.start, 10000);
	assert_int_equal(h.step, 1000);
	assert_int_equal(h.n, 3);
	assert_int_equal(h.counts[0], 2);
	assert_int_equal(h.counts[1], 0);
	assert_int_equal(h.counts[2], 1);
	assert_int_equal(history_peak(&h), 2);
}

static void
what_comes_from_before_makes_room(void **state)
{
	struct history h = {0};

	(void)state;
	history_add(&h, 100000);
	history_add(&h, 97000);
	assert_int_equal(h.start, 97000);
	assert_int_equal(h.n, 4);
	assert_int_equal(h.counts[0], 1);
	assert_int_equal(h.counts[3], 1);
}

static void
the_step_doubles_when_the_run_outgrows_it(void **state)
{
	struct history h = {0};

	(void)state;
	for (int64_t i = 0; i < 1000; i++)
		history_add(&h, 1000000 + i * 1000);
	assert_int_equal(h.step, 8000);
	assert_int_equal(h.counts[1], 8);
	assert_int_equal(sum(&h), 1000);
}

static void
no_time_is_lost_whatever_the_order(void **state)
{
	struct rng rng = {.state = 3};

	(void)state;
	for (int round = 0; round < 200; round++) {
		int64_t span = (int64_t)(rng_next(&rng) >> (20 + round % 40));
		struct history h = {0};
		int64_t first = INT64_MAX, last = -1;

		for (int i = 0; i < 300; i++) {
			int64_t time = (int64_t)(rng_next(&rng) % (uint64_t)(span + 1));

			first = time < first ? time : first;
			last = time > last ? time : last;
			history_add(&h, time);
		}
		assert_int_equal(sum(&h), 300);
		assert_true(h.n <= HISTORY_STEPS);
		assert_true(h.start <= first && last < h.start + (int64_t)h.n * h.step);
		assert_int_equal(h.start % h.step, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seconds_are_counted_in_their_steps),
		cmocka_unit_test(what_comes_from_before_makes_room),
		cmocka_unit_test(the_step_doubles_when_the_run_outgrows_it),
		cmocka_unit_test(no_time_is_lost_whatever_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
