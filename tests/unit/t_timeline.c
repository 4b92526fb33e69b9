/* SPDX-License-Identifier: MIT */
#include "model/timeline.h"
#include "unit.h"

static void
the_newest_stay_in_order(void **state)
{
	struct timeline t = {0};

	(void)state;
	assert_int_equal(timeline_count(&t), 0);
	for (int i = 0; i < 3 * TIMELINE_KEPT + 5; i++) {
		timeline_add(&t, &(struct assignment){.time = i});
		assert_int_equal(timeline_at(&t, 0)->time, i);
	}
	assert_int_equal(timeline_count(&t), TIMELINE_KEPT);
	assert_int_equal(timeline_at(&t, TIMELINE_KEPT - 1)->time, 2 * TIMELINE_KEPT + 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_newest_stay_in_order)};

	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
