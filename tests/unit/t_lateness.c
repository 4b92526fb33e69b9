/* SPDX-License-Identifier: MIT */
#include "load/lateness.h"
#include "unit.h"

static void
nothing_is_unknown(void **state)
{
	const struct lateness l = {0};

	(void)state;
	assert_int_equal(lateness_quantile(&l, 0.5), -1);
	assert_int_equal(l.max_us, 0);
}

/* Of every size that an int64_t has. */
static void
quantiles_are_right_to_a_sixteenth(void **state)
{
	(void)state;
	for (int64_t us = 1; us > 0 && us < INT64_MAX / 4; us += us / 7 + 1) {
		struct lateness l = {0};
		int64_t said;

		lateness_add(&l, us, 1);
		lateness_add(&l, us < INT64_MAX / 64 ? 32 * us : us, 1);
		said = lateness_quantile(&l, 0.5);
		if (us < (int64_t)1 << 48)
			assert_true(said >= us && said - us <= us / 16);
		assert_true(lateness_quantile(&l, 1) <= l.max_us);
	}
}

static void
shares_weigh_by_number(void **state)
{
	struct lateness l = {0};

	(void)state;
	lateness_add(&l, -5, 989);
	lateness_add(&l, 1000, 10);
	lateness_add(&l, 70000, 1);
	assert_int_equal(lateness_quantile(&l, 0.5), 0);
	assert_int_equal(lateness_quantile(&l, 0.989), 0);
	assert_in_range(lateness_quantile(&l, 0.99), 1000, 1063);
	assert_in_range(lateness_quantile(&l, 0.999), 1000, 1063);
	assert_int_equal(lateness_quantile(&l, 1), 70000);
	assert_int_equal(l.max_us, 70000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_unknown),
		cmocka_unit_test(quantiles_are_right_to_a_sixteenth),
		cmocka_unit_test(shares_weigh_by_number),
	};

	return cmocka_run_group_tests_name("lateness", tests, NULL, NULL);
}
