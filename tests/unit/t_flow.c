/* SPDX-License-Identifier: MIT */
#include "model/flow.h"

#include "base/alloc.h"
#include "unit.h"

#include <stdlib.h>

static const int64_t t0 = 1795437330000;

static struct flow *
flow(void)
{
	return xcalloc(1, sizeof(struct flow));
}

static void
amounts_are_spread_over_their_time(void **state)
{
	struct flow *f = flow();

	(void)state;
	flow_add(f, t0 + 500, t0 + 2500, 20);
	assert_close(flow_rate(f, t0, t0 + 1000), 10, 1e-9);
	assert_close(flow_rate(f, t0 + 1000, t0 + 2000), 10, 1e-9);
	flow_add(f, t0 + 2500, t0 + 3000, 15);
	assert_close(flow_rate(f, t0 + 2000, t0 + 3000), 20, 1e-9);
	assert_close(flow_rate(f, t0 + 1000, t0 + 3000), 15, 1e-9);
	free(f);
}

static void
what_nothing_is_known_of_is_unknown(void **state)
{
	struct flow *f = flow();

	(void)state;
	assert_true(isnan(flow_rate(f, t0, t0 + 1000)));
	flow_add(f, t0, t0 + 1000, 0);
	assert_close(flow_rate(f, t0, t0 + 1000), 0, 0);
	assert_true(isnan(flow_rate(f, t0 - 1000, t0)));
	flow_add(f, t0 + 4600, t0 + 5000, 4);
	assert_true(isnan(flow_rate(f, t0 + 2000, t0 + 3000))); /* between them */
	assert_true(isnan(flow_rate(f, t0 + 4000, t0 + 5000))); /* less than half of it */
	flow_add(f, t0 + 5000, t0 + 5000, 4);                   /* took no time */
	flow_add(f, t0 + 6000, t0 + 5000, 4);
	assert_true(isnan(flow_rate(f, t0 + 5000, t0 + 6000)));
	assert_true(isnan(flow_rate(f, -5000, 0)));
	free(f);
}

static void
the_oldest_go(void **state)
{
	struct flow *f = flow();

	(void)state;
	for (int i = 0; i < 2 * FLOW_STEPS; i++)
		flow_add(f, t0 + i * 1000, t0 + (i + 1) * 1000, i);
	for (int i = 0; i < 2 * FLOW_STEPS; i++) {
		double rate = flow_rate(f, t0 + i * 1000, t0 + (i + 1) * 1000);

		assert_true(i < FLOW_STEPS ? isnan(rate) : rate == i);
	}
	flow_add(f, t0, t0 + (int64_t)86400 * 1000, 86400); /* a day at once costs no more than there is room */
	assert_close(flow_rate(f, t0 + 86300 * 1000, t0 + 86400 * 1000), 1, 1e-9);
	free(f);
}

static void
a_clock_that_is_set_is_survived(void **state)
{
	struct flow *f = flow();

	(void)state;
	flow_add(f, t0, t0 + 2000, 20);
	flow_add(f, t0 - 1000, t0 + 1000, 30); /* by a little: means of both */
	assert_close(flow_rate(f, t0, t0 + 1000), (10 + 15) / 2.0, 1e-9);
	flow_add(f, t0 - 86400000, t0 - 86399000, 7);
	assert_close(flow_rate(f, t0 - 86400000, t0 - 86399000), 7, 1e-9);
	assert_true(isnan(flow_rate(f, t0, t0 + 1000)));
	for (int i = 0; i < 100; i++)
		flow_add(f, t0, t0 + 1000, 5);
	assert_close(flow_rate(f, t0, t0 + 1000) > 0, 1, 0);
	free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_spread_over_their_time),
		cmocka_unit_test(what_nothing_is_known_of_is_unknown),
		cmocka_unit_test(the_oldest_go),
		cmocka_unit_test(a_clock_that_is_set_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
