/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "load/forecast.h"

static void
forecast_of(const char *text, struct plan *plan, struct forecast *f)
{
	struct buf notes = {0};

	*plan = (struct plan){0};
	assert_true(plan_parse(plan, slice_str(text), "f", &notes, NULL));
	forecast_make(f, plan);
	buf_free(&notes);
}

static void
is_interval(const struct forecast *f, size_t i, double from, double to, double rate, size_t running)
{
	assert_true(i < f->n);
	assert_float_equal(f->intervals[i].from, from, 1e-9);
	assert_float_equal(f->intervals[i].to, to, 1e-9);
	assert_float_equal(f->intervals[i].rate, rate, 1e-6);
	assert_int_equal(f->intervals[i].running, running);
}

/* The tutorial's own: 10 and 40 events/s, 60 s and 18 s, 50 events/s from 30 to 48 s. */
static void
test_the_tutorials_example(void **state)
{
	struct buf notes = {0};
	struct plan plan = {0};
	struct forecast f;

	(void)state;
	assert_true(plan_read(&plan, TESTLOADS "/2.json", &notes, NULL));
	forecast_make(&f, &plan);
	assert_float_equal(plan_entry_rate(&plan.entries[0]), 10, 1e-9);
	assert_float_equal(plan_entry_rate(&plan.entries[1]), 40, 1e-9);
	assert_float_equal(plan_entry_duration(&plan.entries[0]), 60, 1e-9);
	assert_float_equal(plan_entry_duration(&plan.entries[1]), 18, 1e-9);
	assert_int_equal(f.n, 3);
	is_interval(&f, 0, 0, 30, 10, 1);
	is_interval(&f, 1, 30, 48, 50, 2);
	is_interval(&f, 2, 48, 60, 10, 1);
	assert_int_equal(f.peak, 1);
	assert_int_equal(f.measurements, 600 + 720);
	assert_int_equal(f.events, 600 + 720 + 8);
	forecast_fini(&f);
	plan_fini(&plan);
	buf_free(&notes);
}

static void
test_gaps_and_equals(void **state)
{
	struct plan plan;
	struct forecast f;

	(void)state;
	forecast_of("[{\"start_time\": 5, \"researcher\": \"a\", \"carry_out_samples\": 3},"
		    " {\"start_time\": 10, \"researcher\": \"b\", \"carry_out_samples\": 3},"
		    " {\"start_time\": 100, \"researcher\": \"c\", \"sample_rate\": 100, \"carry_out_samples\": 8}]",
		    &plan, &f);
	assert_int_equal(f.n, 4);
	is_interval(&f, 0, 0, 5, 0, 0);
	is_interval(&f, 1, 5, 15, 2, 1); /* one ends as the other begins: nothing changes */
	is_interval(&f, 2, 15, 100, 0, 0);
	is_interval(&f, 3, 100, 101, 20, 1);
	assert_int_equal(f.peak, 3);
	forecast_fini(&f);
	plan_fini(&plan);
}

/* No samples: configured and over at once. */
static void
test_nothing_measured(void **state)
{
	struct plan plan;
	struct forecast f;

	(void)state;
	forecast_of("[{\"start_time\": 0, \"researcher\": \"a\", \"stabilization_samples\": 0,"
		    " \"carry_out_samples\": 0}]",
		    &plan, &f);
	assert_int_equal(f.n, 0);
	assert_int_equal(f.measurements, 0);
	assert_int_equal(f.events, 4);
	assert_true(f.bytes > 4 * 100);
	forecast_fini(&f);
	plan_fini(&plan);
}

/* A measurement is about 840 bytes with a researcher of the usual length. */
static void
test_bytes(void **state)
{
	struct plan plan;
	struct forecast f;

	(void)state;
	forecast_of("[{\"start_time\": 0, \"researcher\": \"d.landau@lab.example\", \"num_sensors\": 10,"
		    " \"carry_out_samples\": 998}]",
		    &plan, &f);
	assert_int_equal(f.measurements, 10000);
	assert_true(f.bytes / 10000 > 780 && f.bytes / 10000 < 900);
	forecast_fini(&f);
	plan_fini(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_tutorials_example),
		cmocka_unit_test(test_gaps_and_equals),
		cmocka_unit_test(test_nothing_measured),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
