/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "events.h"
#include "unit.h"
#include "verify/match.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 4 + 3 * 2 }; /* of run(): stages, and three samples of two sensors */

static const struct slice two[] = {{"s1", 2}, {"s2", 2}};
static const enum event_kind order[] = {EVENT_CONFIGURED, EVENT_STABILIZATION, EVENT_STARTED, EVENT_TERMINATED};

static struct buf told; /* the differences, a line each */

static void
differs(void *ctx, const struct difference *d)
{
	(void)ctx;
	difference_text(&told, d);
	buf_char(&told, '\n');
}

static struct match *
fresh(struct match_config config)
{
	buf_clear(&told);
	config.differs = differs;
	return match_new(&config);
}

static void
log_item(struct match *m, const char *experiment, struct truthlog_item item)
{
	static int64_t line;

	item.experiment = slice_str(experiment);
	item.line = ++line;
	match_log(m, &item, "log");
}

static void
log_stage(struct match *m, const char *experiment, enum event_kind stage, double time)
{
	log_item(m, experiment, (struct truthlog_item){.kind = TRUTHLOG_STAGE, .stage = stage, .time = time});
}

/* A sample with its average, its event if there is one, and with READINGS its readings. */
static void
log_sample(struct match *m, const char *experiment, const char *id, float average, enum range_event event,
	   bool readings)
{
	struct truthlog_item item = {.kind = TRUTHLOG_AVERAGE, .measurement = slice_str(id), .value = average,
				     .time = T0 / 1000.0};

	log_item(m, experiment, item);
	item.kind = TRUTHLOG_RANGE;
	item.event = event;
	if (event != RANGE_NONE)
		log_item(m, experiment, item);
	item.kind = TRUTHLOG_READING;
	for (int i = 0; i < 2 && readings; i++) {
		item.sensor = two[i];
		item.value = average + (i == 0 ? -0.25f : 0.25f);
		log_item(m, experiment, item);
	}
}

static void
log_begin(struct match *m, const char *experiment)
{
	log_stage(m, experiment, EVENT_CONFIGURED, T0 / 1000.0);
	log_stage(m, experiment, EVENT_STABILIZATION, T0 / 1000.0);
	log_sample(m, experiment, "m1", 26, RANGE_STABILIZED, true);
	log_stage(m, experiment, EVENT_STARTED, T0 / 1000.0);
	log_sample(m, experiment, "m2", 26, RANGE_NONE, true);
	log_sample(m, experiment, "m3", 28, RANGE_OUT, true);
}

static void
log_run(struct match *m, const char *experiment)
{
	log_begin(m, experiment);
	log_stage(m, experiment, EVENT_TERMINATED, T0 / 1000.0);
}

static void
come(struct match *m, struct event e, int32_t partition, int64_t offset)
{
	e.partition = partition;
	e.offset = offset;
	match_event(m, &e, "lab", NULL);
}

/* Record I of the run that log_run() tells. */
static void
receive(struct match *m, const char *experiment, int i, int32_t partition, int64_t offset)
{
	static const int stages[STEPS] = {1, 2, 0, 0, 3, 0, 0, 0, 0, 4};
	static const char *const ids[STEPS] = {[2] = "m1", [3] = "m1", [5] = "m2", [6] = "m2", [7] = "m3", [8] = "m3"};
	bool first = i == 2 || i == 5 || i == 7;
	float average = i < 7 ? 26 : 28;

	if (stages[i] == 1)
		come(m, configured_of(experiment, two, 2, T0), partition, offset);
	else if (stages[i])
		come(m, event_of(order[stages[i] - 1], experiment, T0), partition, offset);
	else
		come(m, measured_of(experiment, ids[i], two[!first].p, average + (first ? -0.25f : 0.25f), T0),
		     partition, offset);
}

static void
receive_run(struct match *m, const char *experiment, int n)
{
	for (int i = 0; i < n; i++)
		receive(m, experiment, i, 0, i);
}

static void
expect(struct match *m, double taken, double read, const char *differences)
{
	match_finish(m, taken, read);
	assert_string_equal(buf_cstr(&told), differences);
	assert_int_equal(match_waiting(m), 0);
	match_free(m);
}

static void
either_side_may_come_first(void **state)
{
	struct match *m = fresh((struct match_config){0});

	(void)state;
	log_run(m, "e1");
	receive_run(m, "e1", STEPS);
	assert_int_equal(match_bytes(m), 0); /* nothing of it is kept */
	receive_run(m, "e2", STEPS);
	assert_int_equal(match_waiting(m), STEPS);
	log_run(m, "e2");
	assert_int_equal(match_waiting(m), 0);
	assert_int_equal(match_bytes(m), 0);
	assert_int_equal(match_totals(m)->matched, 2 * STEPS);
	assert_int_equal(match_totals(m)->averages_equal, 6);
	assert_int_equal(match_totals(m)->events, 4);
	expect(m, INFINITY, INFINITY, "");
}

static void
what_is_under_way_is_no_difference(void **state)
{
	struct match *m = fresh((struct match_config){0});

	(void)state;
	log_begin(m, "e1");
	receive_run(m, "e1", STEPS - 3); /* m3 is sent */
	log_stage(m, "e2", EVENT_CONFIGURED, T0 / 1000.0);
	receive_run(m, "e2", 5); /* and of e2 the log is behind */
	receive_run(m, "e3", 2);
	match_finish(m, T0 / 1000.0 + 1, T0 / 1000.0 + 1);
	assert_string_equal(buf_cstr(&told), "");
	assert_int_equal(match_totals(m)->coming, 2);
	assert_int_equal(match_totals(m)->unwritten, 4 + 2);
	assert_int_equal(match_totals(m)->running, 3);
	match_free(m);
}

static void
the_same_long_after_is_one(void **state)
{
	struct match *m = fresh((struct match_config){0});

	(void)state;
	log_begin(m, "e1");
	receive_run(m, "e1", STEPS - 3);
	receive_run(m, "e2", 2);
	match_finish(m, INFINITY, INFINITY);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_LOST], 1);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_NOT_IN_LOG], 1);
	assert_int_equal(match_differences(match_totals(m)), 2);
	match_free(m);
}

static void
records_in_two_partitions_have_no_order(void **state)
{
	struct match *m = fresh((struct match_config){0});

	(void)state;
	log_run(m, "e1");
	for (int i = 0; i < STEPS; i++)
		receive(m, "e1", i == 4 ? 7 : i == 7 ? 4 : i, i % 2, i);
	expect(m, INFINITY, INFINITY, "moved: experiment e1 (lab[1]@1): the records before were in partition 0\n");
}

static void
a_log_that_tells_no_readings_is_compared_by_averages(void **state)
{
	struct match *m = fresh((struct match_config){0});

	(void)state;
	log_stage(m, "e1", EVENT_CONFIGURED, NAN);
	log_stage(m, "e1", EVENT_STABILIZATION, NAN);
	log_sample(m, "e1", "m1", 26, RANGE_STABILIZED, false);
	log_stage(m, "e1", EVENT_STARTED, NAN);
	log_sample(m, "e1", "m2", 26, RANGE_NONE, false);
	log_sample(m, "e1", "m3", 27, RANGE_OUT, false); /* its readings make 28 */
	log_stage(m, "e1", EVENT_TERMINATED, NAN);
	for (int i = 0; i < STEPS; i++) /* the second sensor first */
		receive(m, "e1", i == 7 ? 8 : i == 8 ? 7 : i, 0, i);
	match_finish(m, INFINITY, INFINITY);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_AVERAGE], 1);
	assert_int_equal(match_differences(match_totals(m)), 1);
	assert_non_null(strstr(buf_cstr(&told), "the log says 27, its readings make 28"));
	match_free(m);
}

static void
what_came_after_the_end_again_is_duplicated(void **state)
{
	struct match *m = fresh((struct match_config){0});

	(void)state;
	log_run(m, "e1");
	receive_run(m, "e1", STEPS);
	receive(m, "e1", 8, 0, 50);
	receive(m, "e1", 9, 0, 51);
	expect(m, INFINITY, INFINITY,
	       "duplicated: experiment e1, measurement m3, sensor s2 (lab[0]@50)\n"
	       "duplicated: experiment e1, record experiment_terminated (lab[0]@51)\n");
}

static void
past_the_memory_the_silent_are_given_up(void **state)
{
	enum { MANY = 20000 }; /* whoever was given up is not passed over again and again: this takes no time */
	struct match *m = fresh((struct match_config){.max_bytes = 20000});
	char id[16];

	(void)state;
	log_begin(m, "both");
	receive_run(m, "both", 3);
	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		log_begin(m, id);
		assert_true(match_bytes(m) <= 20000);
	}
	receive(m, "both", 3, 0, 3);
	receive(m, "e0", 0, 0, 4); /* it was in the log only when it was given up */
	match_finish(m, INFINITY, INFINITY);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_UNCOMPARED], 2);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_NOT_IN_TOPIC], MANY - 1);
	assert_int_equal(match_differences(match_totals(m)), MANY + 1);
	assert_true(match_totals(m)->uncompared > 0);
	match_free(m);
}

/* Configurations alone, of many sensors each: what they name is counted, too. */
static void
sensors_are_within_the_memory(void **state)
{
	enum { MANY = 1000 };
	struct match *m = fresh((struct match_config){.max_bytes = 1 << 20});
	char ids[MANY][16], id[16];
	struct slice sensors[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(ids[i], sizeof(ids[i]), "s%d", i);
		sensors[i] = slice_str(ids[i]);
	}
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		log_stage(m, id, EVENT_CONFIGURED, T0 / 1000.0);
		come(m, configured_of(id, sensors, MANY, T0), 0, i);
		assert_true(i > 5 || match_bytes(m) > (size_t)i * MANY * 8);
		assert_true(match_bytes(m) <= 1 << 20);
	}
	come(m, measured_of("e0", "m", "s0", 1, T0), 0, 100);
	assert_non_null(strstr(buf_cstr(&told), "uncompared: experiment e0: topic and log are too far apart"));
	match_free(m);
}

static void
experiments_have_a_bound(void **state)
{
	struct match *m = fresh((struct match_config){.max_experiments = 10});
	char id[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		log_run(m, id);
		receive_run(m, id, STEPS);
	}
	for (int i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "t%d", i);
		receive_run(m, id, 1);
	}
	match_finish(m, INFINITY, INFINITY);
	assert_int_equal(match_totals(m)->experiments, 100);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_NOT_IN_LOG], 20);
	assert_int_equal(match_differences(match_totals(m)), 20);
	match_free(m);
}

static void
live_what_is_met_in_its_middle_is_not_compared(void **state)
{
	struct match *m = fresh((struct match_config){.live = true});

	(void)state;
	log_run(m, "e1");
	for (int i = 4; i < STEPS; i++)
		receive(m, "e1", i, 0, i);
	log_run(m, "e2");
	for (int i = 0; i < STEPS; i++)
		if (i != 5)
			receive(m, "e2", i, 0, i);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_LOST], 1); /* told when it has ended */
	assert_int_equal(match_differences(match_totals(m)), 1);
	match_free(m);
}

/* Sensors and ids that nobody would give. */
static void
foreign_ids_are_bounded_and_compared(void **state)
{
	char *id = xasprintf("%0*d", 3000, 7);
	struct match *m = fresh((struct match_config){0});
	struct truthlog_item item = {.kind = TRUTHLOG_READING, .measurement = slice_str(id), .sensor = slice_str(id)};

	(void)state;
	item.value = 1;
	log_item(m, id, item);
	come(m, measured_of(id, id, id, 1, T0), 0, 0);
	come(m, measured_of(id, id, NULL, 1, T0), 0, 1);
	match_finish(m, INFINITY, INFINITY);
	assert_int_equal(match_totals(m)->matched, 1);
	assert_int_equal(match_totals(m)->differences[DIFFERENCE_UNLOGGED], 1);
	match_free(m);
	free(id);
}

static int
free_told(void **state)
{
	(void)state;
	buf_free(&told);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(either_side_may_come_first),
		cmocka_unit_test(what_is_under_way_is_no_difference),
		cmocka_unit_test(the_same_long_after_is_one),
		cmocka_unit_test(records_in_two_partitions_have_no_order),
		cmocka_unit_test(a_log_that_tells_no_readings_is_compared_by_averages),
		cmocka_unit_test(what_came_after_the_end_again_is_duplicated),
		cmocka_unit_test(past_the_memory_the_silent_are_given_up),
		cmocka_unit_test(sensors_are_within_the_memory),
		cmocka_unit_test(experiments_have_a_bound),
		cmocka_unit_test(live_what_is_met_in_its_middle_is_not_compared),
		cmocka_unit_test(foreign_ids_are_bounded_and_compared),
	};

	return cmocka_run_group_tests(tests, NULL, free_told);
}
