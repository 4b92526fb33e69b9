/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "events.h"
#include "model/trial.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct slice three[] = {{"s1", 2}, {"s2", 2}, {"s3", 2}};

static struct trial *
fresh(void)
{
	struct trial *t = trial_new(slice_str("e1"), 0);

	trial_seat(t, true);
	return t;
}

static struct trial *
configured(void)
{
	struct trial *t = fresh();
	struct event e = configured_of("e1", three, 3, T0);

	trial_apply(t, &e, T0);
	return t;
}

static void
measure(struct trial *t, const char *measurement, const char *sensor, float temperature, int64_t time)
{
	struct event e = measured_of("e1", measurement, sensor, temperature, time);

	trial_apply(t, &e, time);
}

static struct experiment_row
row_of(const struct trial *t, int64_t now)
{
	struct experiment_row row;

	trial_row(t, now, &row);
	return row;
}

static void
stages_follow_the_events(void **state)
{
	static const enum event_kind kinds[] = {EVENT_STABILIZATION, EVENT_STARTED, EVENT_TERMINATED};
	static const enum stage stages[] = {STAGE_STABILIZING, STAGE_RUNNING, STAGE_TERMINATED};
	struct trial *t = configured();
	struct stage_change changes[STAGES_KEPT];

	(void)state;
	assert_int_equal(t->stage, STAGE_CONFIGURED);
	for (int i = 0; i < 3; i++) {
		struct event e = event_of(kinds[i], "e1", T0 + (i + 1) * 1000);

		trial_apply(t, &e, T0 + 99000);
		assert_int_equal(t->stage, stages[i]);
	}
	assert_int_equal(t->n_stages, 4);
	trial_stages(t, changes);
	assert_int_equal(changes[0].time, T0); /* it has no time of its own: the record's */
	assert_int_equal(changes[3].stage, STAGE_TERMINATED);
	assert_int_equal(changes[3].time, T0 + 3000);
	trial_free(t);
}

static void
stages_that_never_end_keep_the_newest(void **state)
{
	struct trial *t = fresh();
	struct stage_change changes[STAGES_KEPT];

	(void)state;
	for (int i = 0; i < 101; i++) {
		struct event e = event_of(i % 2 ? EVENT_STARTED : EVENT_STABILIZATION, "e1", T0 + i * 1000);

		trial_apply(t, &e, T0);
	}
	assert_int_equal(t->n_stages, STAGES_KEPT);
	trial_stages(t, changes);
	assert_int_equal(changes[STAGES_KEPT - 1].time, T0 + 100000);
	assert_int_equal(changes[0].time, T0 + 93000);
	trial_free(t);
}

static void
met_in_its_middle_the_stage_is_unknown(void **state)
{
	struct trial *t = fresh();

	(void)state;
	measure(t, "m1", "s1", 20, T0);
	assert_int_equal(row_of(t, T0).stage, STAGE_UNKNOWN);
	assert_int_equal(row_of(t, T0).sensors_configured, -1);
	assert_int_equal(row_of(t, T0).place, RANGE_UNKNOWN);
	assert_null(row_of(t, T0).researcher.p);
	trial_free(t);
}

static void
the_average_is_of_the_last_complete_measurement(void **state)
{
	struct trial *t = configured();

	(void)state;
	measure(t, "m1", "s1", 25, T0);
	measure(t, "m1", "s2", 26, T0);
	assert_true(isnan(row_of(t, T0).average));
	measure(t, "m1", "s3", 28.5f, T0);
	assert_close(row_of(t, T0).average, 26.5, 0);
	assert_int_equal(row_of(t, T0).place, RANGE_IN);
	measure(t, "m2", "s1", 99, T0 + 1000);
	assert_close(row_of(t, T0).average, 26.5, 0);
	measure(t, "m3", "s1", 27, T0 + 2000);
	measure(t, "m3", "s2", 27, T0 + 2000);
	measure(t, "m3", "s3", 27, T0 + 2000);
	assert_int_equal(row_of(t, T0).place, RANGE_ABOVE);
	assert_int_equal(t->complete, 2);
	assert_int_equal(t->incomplete, 1);
	assert_int_equal(curve_count(&t->curve), 2);
	trial_free(t);
}

static void
one_sensor_read_twice_completes_nothing(void **state)
{
	struct trial *t = configured();

	(void)state;
	for (int i = 0; i < 5; i++)
		measure(t, "m1", "s1", 25, T0);
	assert_int_equal(t->complete, 0);
	assert_int_equal(row_of(t, T0).sensors_seen, 1);
	measure(t, "m1", "s2", 26, T0);
	measure(t, "m1", "s3", 27, T0);
	assert_int_equal(t->complete, 1);
	assert_close(row_of(t, T0).average, 26, 0);
	trial_free(t);
}

static void
without_configuration_the_next_measurement_tells(void **state)
{
	struct trial *t = fresh();

	(void)state;
	measure(t, "m1", "s2", 10, T0);
	measure(t, "m2", "s1", 20, T0 + 1000);
	assert_int_equal(t->complete + t->incomplete, 0); /* the first one may have begun before us */
	measure(t, "m2", "s2", 22, T0 + 1000);
	measure(t, "m3", "s1", 30, T0 + 2000);
	assert_int_equal(t->complete, 1);
	assert_close(t->average, 21, 0);
	trial_free(t);
}

static void
what_is_no_number_is_no_reading(void **state)
{
	struct trial *t = configured();

	(void)state;
	measure(t, "m1", "s1", 25, T0);
	measure(t, "m1", "s2", NAN, T0);
	measure(t, "m1", "s3", INFINITY, T0);
	measure(t, "m2", "s1", 25, T0);
	assert_int_equal(t->complete, 0);
	assert_int_equal(t->incomplete, 1);
	assert_int_equal(row_of(t, T0).sensors_seen, 3);
	assert_true(isnan(t->average));
	measure(t, "m3", "s1", 3e38f, T0);
	measure(t, "m3", "s2", 3e38f, T0);
	measure(t, "m3", "s3", 3e38f, T0);
	assert_close(t->average, (double)3e38f, 1e30);
	trial_free(t);
}

static void
readings_without_measurement_belong_to_none(void **state)
{
	struct trial *t = configured();

	(void)state;
	for (int i = 0; i < 9; i++)
		measure(t, "", i % 2 ? "s1" : "", 25, T0);
	assert_int_equal(t->complete + t->incomplete, 0);
	assert_int_equal(row_of(t, T0).events, 10);
	trial_free(t);
}

static void
the_expected_rate_is_sensors_by_interval(void **state)
{
	struct trial *t = configured();
	char id[16];

	(void)state;
	assert_true(isnan(row_of(t, T0).expected_rate));
	for (int i = 0; i < 10; i++) {
		snprintf(id, sizeof(id), "m%d", i);
		measure(t, id, "s1", 25, T0 + i * 500);
	}
	assert_close(row_of(t, T0).expected_rate, 6, 1e-9);
	measure(t, "back", "s1", 25, T0);
	assert_true(isnan(row_of(t, T0).expected_rate)); /* a clock set back: begin anew */
	measure(t, "on", "s1", 25, T0 + 1000);
	assert_close(row_of(t, T0).expected_rate, 3, 1e-9);
	trial_apply(t, &(struct event){.kind = EVENT_TERMINATED, .time = NAN}, T0 + 5000);
	assert_true(isnan(row_of(t, T0).expected_rate));
	trial_free(t);
}

static void
thousands_of_sensors_are_counted_not_kept(void **state)
{
	struct trial *t = fresh();
	struct slice *ids = xcalloc(1000, sizeof(*ids));
	struct event e;
	char names[1000][8];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "s%d", i);
		ids[i] = slice_str(names[i]);
	}
	e = configured_of("e1", ids, 1000, T0);
	trial_apply(t, &e, T0);
	for (int i = 0; i < 1000; i++)
		measure(t, "m1", names[i], (float)i, T0);
	assert_int_equal(trial_sensor_count(t), SENSORS_KEPT);
	assert_int_equal(row_of(t, T0).sensors_seen, 1000);
	assert_int_equal(t->complete, 1);
	assert_close(t->average, 499.5, 0);
	free(ids);
	trial_free(t);
}

static void
sensors_have_rows(void **state)
{
	struct trial *t = configured();
	struct sensor_row rows[3];

	(void)state;
	measure(t, "m1", "s2", 25, T0);
	measure(t, "m2", "s2", 26, T0 + 1000);
	assert_int_equal(trial_sensor_count(t), 3);
	trial_sensors(t, rows);
	assert_true(isnan(rows[0].temperature) && rows[0].events == 0 && rows[0].last == -1);
	assert_true(slice_is(rows[1].id, "s2"));
	assert_close(rows[1].temperature, 26, 0);
	assert_int_equal(rows[1].events, 2);
	assert_int_equal(rows[1].last, T0 + 1000);
	trial_free(t);
}

static void
without_a_seat_readings_are_only_counted(void **state)
{
	struct trial *t = trial_new(slice_str("e1"), 0);
	struct event e = configured_of("e1", three, 3, T0);

	(void)state;
	trial_apply(t, &e, T0);
	for (int i = 0; i < 3; i++)
		measure(t, "m1", three[i].p, 25, T0);
	assert_int_equal(t->complete, 1);
	assert_int_equal(t->sensors_seen, 3);
	assert_int_equal(trial_sensor_count(t), 0);
	trial_seat(t, true);
	measure(t, "m2", "s1", 25, T0);
	assert_int_equal(trial_sensor_count(t), 1);
	assert_int_equal(t->sensors_seen, 3);
	trial_free(t);
}

static void
hostile_times_and_ids_do_no_harm(void **state)
{
	static const double times[] = {-1, 1e300, -1e300, INFINITY, 253402300800.0, 0};
	struct trial *t = fresh();
	char *large = xmalloc(1 << 20);
	struct slice ids[] = {{large, 1 << 20}, {NULL, 0}};
	struct event e = configured_of("e1", ids, 2, T0);

	(void)state;
	memset(large, 'x', 1 << 20);
	e.researcher = ids[0];
	trial_apply(t, &e, T0);
	assert_in_range(t->researcher.n, 1, TRIAL_RESEARCHER);
	for (int i = 0; i < 60; i++) {
		e = measured_of("e1", "", "", 25, T0);
		e.time = times[i % 6];
		e.measurement = e.sensor = (struct slice){large, (1 << 20) - (size_t)i};
		trial_apply(t, &e, i % 2 ? -1 : T0);
	}
	e.time = NAN;
	trial_apply(t, &e, -1);
	assert_int_equal(row_of(t, T0).events, 62);
	assert_int_equal(row_of(t, T0).last, T0);
	free(large);
	trial_free(t);
}

static void
the_place_in_the_range_is_told(void **state)
{
	struct trial *t = configured();

	(void)state;
	t->average = 25.5;
	assert_int_equal(row_of(t, T0).place, RANGE_IN);
	t->average = 26.51;
	assert_int_equal(row_of(t, T0).place, RANGE_ABOVE);
	t->average = 25.49;
	assert_int_equal(row_of(t, T0).place, RANGE_BELOW);
	t->lower = NAN;
	assert_int_equal(row_of(t, T0).place, RANGE_UNKNOWN);
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_follow_the_events),
		cmocka_unit_test(stages_that_never_end_keep_the_newest),
		cmocka_unit_test(met_in_its_middle_the_stage_is_unknown),
		cmocka_unit_test(the_average_is_of_the_last_complete_measurement),
		cmocka_unit_test(one_sensor_read_twice_completes_nothing),
		cmocka_unit_test(without_configuration_the_next_measurement_tells),
		cmocka_unit_test(what_is_no_number_is_no_reading),
		cmocka_unit_test(readings_without_measurement_belong_to_none),
		cmocka_unit_test(the_expected_rate_is_sensors_by_interval),
		cmocka_unit_test(thousands_of_sensors_are_counted_not_kept),
		cmocka_unit_test(sensors_have_rows),
		cmocka_unit_test(without_a_seat_readings_are_only_counted),
		cmocka_unit_test(hostile_times_and_ids_do_no_harm),
		cmocka_unit_test(the_place_in_the_range_is_told),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
