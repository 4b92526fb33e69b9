/* SPDX-License-Identifier: MIT */
#include "load/metrics.h"
#include "unit.h"

#include <string.h>

static void
the_page_is_exact(void **state)
{
	struct metrics *m = metrics_new(2, "a\"b\\c");
	struct buf page = {0};

	(void)state;
	metrics_begin(m, 0, "11111111-1111-4111-8111-111111111111");
	metrics_begin(m, 1, "22222222-2222-4222-8222-222222222222");
	metrics_count(m, 1);
	metrics_count(m, 1);
	metrics_end(m);
	metrics_page(m, &page);
	assert_string_equal(
		buf_cstr(&page),
		"# HELP experiment_producer_event_count Messages that the brokers have confirmed, by experiment.\n"
		"# TYPE experiment_producer_event_count counter\n"
		"experiment_producer_event_count_total{key=\"11111111-1111-4111-8111-111111111111\","
		"topic=\"a\\\"b\\\\c\"} 0\n"
		"experiment_producer_event_count_total{key=\"22222222-2222-4222-8222-222222222222\","
		"topic=\"a\\\"b\\\\c\"} 2\n"
		"# HELP experiment_producer_num_experiments Experiments that are running.\n"
		"# TYPE experiment_producer_num_experiments gauge\n"
		"experiment_producer_num_experiments 1\n"
		"# EOF\n");
	buf_free(&page);
	metrics_free(m);
}

static void
only_so_many_have_a_line(void **state)
{
	struct metrics *m = metrics_new(METRICS_EXPERIMENTS + 5, "t");
	struct buf page = {0};
	int lines = 0;

	(void)state;
	for (size_t i = 0; i < METRICS_EXPERIMENTS + 5; i++) {
		metrics_begin(m, i, "x");
		metrics_count(m, i);
	}
	metrics_page(m, &page);
	for (const char *p = buf_cstr(&page); *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, METRICS_EXPERIMENTS + 1 + 6);
	assert_non_null(strstr(buf_cstr(&page), "{key=\"others\",topic=\"t\"} 5\n"));
	buf_free(&page);
	metrics_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_is_exact),
		cmocka_unit_test(only_so_many_have_a_line),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
