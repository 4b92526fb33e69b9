/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "events.h"
#include "model/measure.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEPT = 256 };

static const struct slice three[] = {{"s1", 2}, {"s2", 2}, {"s3", 2}};

/* What the model told. */
static struct heard {
	struct measurement settled[KEPT];
	char ids[KEPT][MEASURE_ID + 1];
	float values[KEPT][3];
	size_t n_settled;
	struct interval intervals[KEPT];
	size_t n_intervals;
	enum reading_state odd[KEPT];
	size_t n_odd;
} heard;

static void
settled(void *ctx, const struct measurement *m)
{
	(void)ctx;
	memcpy(heard.values[heard.n_settled], m->values, (m->sensors < 3 ? m->sensors : 3) * sizeof(float));
	snprintf(heard.ids[heard.n_settled], sizeof(heard.ids[0]), "%.*s", (int)m->id.n, m->id.p);
	heard.settled[heard.n_settled++] = *m;
}

static void
interval(void *ctx, const struct interval *i)
{
	(void)ctx;
	heard.intervals[heard.n_intervals++] = *i;
}

static void
odd(void *ctx, const struct event *e, enum reading_state state)
{
	(void)ctx;
	(void)e;
	heard.odd[heard.n_odd++] = state;
}

static struct measure *
fresh(size_t experiments)
{
	const struct measure_listener listener = {.settled = settled, .interval = interval, .odd = odd};

	heard = (struct heard){0};
	return measure_new(&(struct measure_limits){.experiments = experiments}, &listener);
}

static int64_t next_offset;

static enum reading_state
apply(struct measure *m, struct event e)
{
	e.offset = next_offset++;
	return measure_apply(m, &e);
}

static void
configure(struct measure *m, const char *experiment)
{
	apply(m, configured_of(experiment, three, 3, T0));
}

/* A carry out that began at T0. */
static struct measure *
running(void)
{
	struct measure *m = fresh(0);

	configure(m, "e1");
	apply(m, event_of(EVENT_STARTED, "e1", T0));
	return m;
}

static enum reading_state
reading(struct measure *m, const char *measurement, const char *sensor, float temperature, int64_t time)
{
	return apply(m, measured_of("e1", measurement, sensor, temperature, time));
}

static void
sample(struct measure *m, const char *measurement, float temperature, int64_t time)
{
	for (int i = 0; i < 3; i++)
		reading(m, measurement, three[i].p, temperature, time);
}

static const struct measure_counts *
counts(const struct measure *m)
{
	return &measure_find(m, slice_str("e1"))->counts;
}

static void
sensors_come_in_any_order(void **state)
{
	static const char *const orders[][3] = {{"s1", "s2", "s3"}, {"s3", "s1", "s2"}, {"s2", "s3", "s1"}};
	struct measure *m = running();

	(void)state;
	for (int i = 0; i < 3; i++) {
		char id[8];

		snprintf(id, sizeof(id), "m%d", i);
		for (int j = 0; j < 3; j++)
			reading(m, id, orders[i][j], (float)(24 + orders[i][j][1] - '0'), T0 + i * 1000);
		assert_int_equal(heard.n_settled, (size_t)i + 1);
		assert_true(heard.settled[i].average == 26);
		assert_string_equal(heard.ids[i], id);
	}
	assert_int_equal(counts(m)->complete, 3);
	assert_int_equal(counts(m)->readings[READING_TAKEN], 9);
	measure_free(m);
}

/* A sum in double of floats this far apart would depend on their order. */
static void
the_average_does_not_depend_on_the_order_of_arrival(void **state)
{
	static const char *const ids[] = {"a", "b", "c"};
	static const float values[] = {1e20f, 1.0f, -1e20f};
	struct measure *m = running();

	(void)state;
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			reading(m, ids[i], three[(i + j) % 3].p, values[(i + j) % 3], T0 + i);
	assert_true(heard.settled[0].average == rule_average(values, 3));
	assert_true(heard.settled[1].average == heard.settled[0].average);
	assert_true(heard.settled[2].average == heard.settled[0].average);
	measure_free(m);
}

static void
measurements_overlap_and_settle_in_the_order_of_their_times(void **state)
{
	struct measure *m = running();

	(void)state;
	reading(m, "m1", "s1", 26, T0);
	sample(m, "m2", 27, T0 + 1000);
	assert_int_equal(heard.n_settled, 0);
	reading(m, "m1", "s2", 26, T0);
	reading(m, "m1", "s3", 26, T0);
	assert_int_equal(heard.n_settled, 2);
	assert_string_equal(heard.ids[0], "m1");
	assert_string_equal(heard.ids[1], "m2");
	assert_int_equal(heard.settled[1].event, RANGE_OUT);
	measure_free(m);
}

static void
what_is_not_complete_is_given_up_when_later_ones_have_begun(void **state)
{
	struct measure *m = running();

	(void)state;
	reading(m, "m0", "s1", 26, T0);
	for (int i = 1; i <= MEASURE_OPEN; i++) {
		char id[8];

		assert_int_equal(heard.n_settled, 0);
		snprintf(id, sizeof(id), "m%d", i);
		sample(m, id, 26, T0 + i * 1000);
	}
	assert_int_equal(heard.n_settled, 1 + MEASURE_OPEN);
	assert_string_equal(heard.ids[0], "m0");
	assert_int_equal(heard.settled[0].readings, 1);
	assert_true(isnan(heard.settled[0].average));
	assert_true(isnan(heard.values[0][1]));
	assert_int_equal(counts(m)->incomplete, 1);
	assert_int_equal(reading(m, "m0", "s2", 26, T0), READING_LATE);
	measure_free(m);
}

static void
what_is_not_complete_in_time_is_given_up(void **state)
{
	struct measure *m = running();

	(void)state;
	reading(m, "m0", "s1", 26, T0);
	sample(m, "m1", 26, T0 + 10000);
	assert_int_equal(heard.n_settled, 0);
	reading(m, "m2", "s1", 26, T0 + 10001);
	assert_int_equal(heard.n_settled, 2);
	assert_int_equal(counts(m)->incomplete, 1);
	measure_free(m);
}

static void
the_end_gives_up_what_is_not_complete(void **state)
{
	struct measure *m = running();

	(void)state;
	reading(m, "m0", "s1", 26, T0);
	apply(m, event_of(EVENT_TERMINATED, "e1", T0 + 2000));
	assert_int_equal(counts(m)->incomplete, 1);
	assert_int_equal(reading(m, "m0", "s2", 26, T0), READING_LATE);
	assert_int_equal(reading(m, "m9", "s2", 26, T0), READING_LATE);
	assert_int_equal(heard.n_odd, 2);
	measure_free(m);
	m = running();
	reading(m, "m0", "s1", 26, T0);
	measure_finish(m);
	assert_int_equal(heard.n_settled, 1);
	assert_int_equal(measure_sums(m)->incomplete, 1);
	measure_free(m);
}

static void
a_reading_again_is_a_duplicate(void **state)
{
	struct measure *m = running();

	(void)state;
	reading(m, "m0", "s1", 26, T0);
	assert_int_equal(reading(m, "m0", "s1", 27, T0), READING_DUPLICATE);
	reading(m, "m0", "s2", 26, T0);
	reading(m, "m0", "s3", 26, T0);
	assert_true(heard.settled[0].average == 26);
	assert_int_equal(reading(m, "m0", "s3", 26, T0), READING_DUPLICATE);
	assert_int_equal(counts(m)->readings[READING_DUPLICATE], 2);
	assert_int_equal(heard.n_settled, 1);
	measure_free(m);
}

static void
what_cannot_be_a_reading_has_a_state(void **state)
{
	struct measure *m = running();

	(void)state;
	assert_int_equal(reading(m, "m0", "s4", 26, T0), READING_FOREIGN);
	assert_int_equal(reading(m, "m0", "", 26, T0), READING_UNUSABLE);
	assert_int_equal(reading(m, "", "s1", 26, T0), READING_UNUSABLE);
	assert_int_equal(reading(m, "m0", "s1", NAN, T0), READING_UNUSABLE);
	assert_int_equal(apply(m, measured_of("", "m0", "s1", 26, T0)), READING_UNUSABLE);
	assert_int_equal(apply(m, measured_of("e2", "m0", "s1", 26, T0)), READING_UNKNOWN);
	assert_int_equal(measure_sums(m)->readings[READING_UNUSABLE], 4);
	assert_int_equal(heard.n_odd, 6);
	assert_int_equal(heard.n_settled, 0);
	measure_free(m);
}

static void
an_experiment_met_in_its_middle_is_not_guessed_at(void **state)
{
	struct measure *m = fresh(0);

	(void)state;
	apply(m, event_of(EVENT_STARTED, "e1", T0));
	sample(m, "m0", 26, T0);
	assert_int_equal(counts(m)->readings[READING_UNKNOWN], 3);
	assert_int_equal(heard.n_settled, 0);
	assert_int_equal(measure_find(m, slice_str("e1"))->stage, STAGE_RUNNING);
	assert_false(measure_find(m, slice_str("e1"))->configured);
	measure_free(m);
}

static void
without_its_stage_a_sample_is_no_event(void **state)
{
	struct measure *m = fresh(0);

	(void)state;
	configure(m, "e1");
	sample(m, "m0", 27, T0);
	assert_int_equal(heard.settled[0].stage, STAGE_UNKNOWN);
	assert_int_equal(heard.settled[0].event, RANGE_PERHAPS);
	assert_int_equal(heard.n_intervals, 0);
	assert_int_equal(counts(m)->events[RANGE_PERHAPS], 1);
	measure_free(m);
}

/* A sample of the stabilization that comes behind the start of the carry out is one of its stage. */
static void
a_sample_belongs_to_the_stage_of_its_time(void **state)
{
	struct measure *m = fresh(0);

	(void)state;
	configure(m, "e1");
	apply(m, event_of(EVENT_STABILIZATION, "e1", T0));
	sample(m, "m0", 20, T0);
	apply(m, event_of(EVENT_STARTED, "e1", T0 + 2000));
	sample(m, "m1", 26, T0 + 1000);
	sample(m, "m2", 27, T0 + 2000);
	assert_int_equal(heard.settled[0].event, RANGE_NONE);
	assert_int_equal(heard.settled[1].stage, STAGE_STABILIZING);
	assert_int_equal(heard.settled[1].event, RANGE_STABILIZED);
	assert_int_equal(heard.settled[2].stage, STAGE_RUNNING);
	assert_int_equal(heard.settled[2].event, RANGE_OUT);
	measure_free(m);
}

static void
an_interval_lasts_until_the_first_in_range(void **state)
{
	struct measure *m = running();

	(void)state;
	sample(m, "m0", 26, T0);
	sample(m, "m1", 27, T0 + 1000);
	sample(m, "m2", 28, T0 + 2000);
	assert_int_equal(measure_find(m, slice_str("e1"))->interval.samples, 2);
	sample(m, "m3", 26, T0 + 3000);
	assert_int_equal(heard.n_intervals, 3);
	assert_false(heard.intervals[1].closed);
	assert_close(heard.intervals[1].end, T0 / 1000.0 + 2, 1e-6);
	assert_true(heard.intervals[2].closed);
	assert_false(heard.intervals[2].met);
	assert_close(heard.intervals[2].start, T0 / 1000.0 + 1, 1e-6);
	assert_close(heard.intervals[2].end, T0 / 1000.0 + 3, 1e-6);
	assert_int_equal(heard.intervals[2].samples, 2);
	assert_true(heard.intervals[2].lowest == 27 && heard.intervals[2].highest == 28);
	assert_int_equal(measure_find(m, slice_str("e1"))->interval.samples, 0);
	measure_free(m);
}

static void
an_interval_ends_with_its_experiment(void **state)
{
	struct measure *m = running();

	(void)state;
	sample(m, "m0", 20, T0);
	reading(m, "m1", "s1", 20, T0 + 1000);
	sample(m, "m2", 20, T0 + 2000);
	apply(m, event_of(EVENT_TERMINATED, "e1", T0 + 4000));
	assert_int_equal(heard.n_intervals, 3);
	assert_true(heard.intervals[2].closed);
	assert_int_equal(heard.intervals[2].samples, 2);
	assert_int_equal(heard.intervals[2].unknown, 1);
	assert_close(heard.intervals[2].end, T0 / 1000.0 + 4, 1e-6);
	assert_int_equal(heard.settled[2].event, RANGE_PERHAPS);
	measure_free(m);
}

static void
an_event_that_comes_too_late_is_overdue(void **state)
{
	struct measure *m = running();
	struct event e;

	(void)state;
	reading(m, "m0", "s1", 27, T0);
	reading(m, "m0", "s2", 27, T0);
	e = measured_of("e1", "m0", "s3", 27, T0);
	e.record_time = T0 + 10001;
	apply(m, e);
	assert_int_equal(heard.settled[0].event, RANGE_OUT);
	assert_true(heard.settled[0].overdue);
	assert_int_equal(counts(m)->overdue, 1);
	measure_free(m);
}

static void
a_sample_from_before_is_disordered_and_changes_nothing(void **state)
{
	struct measure *m = running();

	(void)state;
	sample(m, "m1", 27, T0 + 1000);
	sample(m, "m0", 26, T0);
	sample(m, "m2", 27, T0 + 2000);
	assert_true(heard.settled[1].disordered);
	assert_int_equal(heard.settled[1].event, RANGE_PERHAPS);
	assert_int_equal(heard.settled[2].event, RANGE_NONE);
	assert_int_equal(counts(m)->intervals, 1);
	measure_free(m);
}

static void
a_configuration_again_changes_nothing(void **state)
{
	struct measure *m = running();

	(void)state;
	reading(m, "m0", "s1", 26, T0);
	configure(m, "e1");
	reading(m, "m0", "s2", 26, T0);
	reading(m, "m0", "s3", 26, T0);
	assert_int_equal(counts(m)->complete, 1);
	apply(m, configured_of("e1", three, 2, T0));
	reading(m, "m1", "s1", 26, T0 + 1);
	reading(m, "m1", "s2", 26, T0 + 1);
	assert_int_equal(counts(m)->complete, 2);
	measure_free(m);
}

static void
sensors_configured_twice_or_without_an_id_count_once_or_not(void **state)
{
	static const struct slice sensors[] = {{"b", 1}, {0}, {"a", 1}, {"b", 1}, {"b", 1}};
	struct measure *m = fresh(0);
	const struct measured *x;

	(void)state;
	apply(m, configured_of("e1", sensors, 5, T0));
	x = measure_find(m, slice_str("e1"));
	assert_int_equal(x->sensors, 2);
	assert_true(slice_is(measure_sensor(x, 0), "b"));
	assert_true(slice_is(measure_sensor(x, 1), "a"));
	reading(m, "m0", "a", 26, T0);
	reading(m, "m0", "b", 27, T0);
	assert_int_equal(heard.n_settled, 1);
	assert_true(heard.values[0][0] == 27);
	measure_free(m);
}

static void
many_sensors_in_any_order_are_found(void **state)
{
	enum { N = MEASURE_SENSORS };
	struct slice *sensors = xcalloc(N + 1, sizeof(*sensors));
	struct measure *m = fresh(0);

	(void)state;
	for (size_t i = 0; i <= N; i++)
		sensors[i] = slice_str(xasprintf("sensor-%zu", i * 7919));
	apply(m, configured_of("e1", sensors, N, T0));
	for (size_t i = 0; i < N; i++)
		assert_int_equal(reading(m, "m0", sensors[i * 4999 % N].p, 26, T0), READING_TAKEN);
	assert_int_equal(counts(m)->complete, 1);
	apply(m, configured_of("e2", sensors, N + 1, T0));
	assert_int_equal(apply(m, measured_of("e2", "m0", sensors[0].p, 26, T0)), READING_UNKNOWN);
	for (size_t i = 0; i <= N; i++)
		free((char *)sensors[i].p);
	free(sensors);
	measure_free(m);
}

static void
ids_that_are_too_long_stand_for_themselves(void **state)
{
	char id[5000], other[5000];
	struct measure *m = running();

	(void)state;
	memset(id, 'x', sizeof(id));
	memset(other, 'x', sizeof(other));
	id[sizeof(id) - 1] = other[sizeof(other) - 1] = '\0';
	other[77] = 'y';
	reading(m, id, "s1", 26, T0);
	reading(m, other, "s1", 26, T0);
	reading(m, id, "s2", 26, T0);
	assert_int_equal(reading(m, id, "s3", 26, T0), READING_TAKEN);
	assert_int_equal(counts(m)->complete, 1);
	assert_int_equal(counts(m)->readings[READING_TAKEN], 4);
	measure_free(m);
}

static void
one_that_was_silent_makes_room(void **state)
{
	struct measure *m = fresh(2);
	size_t two;

	(void)state;
	configure(m, "e1");
	apply(m, event_of(EVENT_STARTED, "e1", T0));
	sample(m, "m0", 27, T0);
	configure(m, "e2");
	two = measure_bytes(m);
	assert_true(two > 0);
	configure(m, "e3"); /* all have been used: the hand passes */
	configure(m, "e4");
	assert_int_equal(measure_known(m), 2);
	assert_int_equal(measure_bytes(m), two);
	assert_int_equal(measure_folded(m), 2);
	assert_null(measure_find(m, slice_str("e1")));
	assert_true(heard.intervals[heard.n_intervals - 1].closed);
	assert_int_equal(measure_sums(m)->complete, 1);
	measure_free(m);
}

static void
another_run_goes_on_where_one_ended(void **state)
{
	struct measure *m = running(), *next;
	struct measured before;

	(void)state;
	sample(m, "m0", 27, T0);
	reading(m, "m1", "s1", 27, T0 + 1000);
	before = *measure_find(m, slice_str("e1"));
	next = running();
	measure_resume(next, slice_str("e1"), &before);
	measure_free(m);
	m = next;
	sample(m, "m1", 28, T0 + 1000);
	sample(m, "m2", 26, T0 + 2000);
	assert_int_equal(heard.settled[0].event, RANGE_NONE);
	assert_int_equal(heard.n_intervals, 2);
	assert_close(heard.intervals[1].start, T0 / 1000.0, 1e-6);
	assert_int_equal(heard.intervals[1].samples, 2);
	assert_true(heard.intervals[1].closed);
	measure_free(m);
}

static void
all_can_be_forgotten(void **state)
{
	struct measure *m = running();

	(void)state;
	sample(m, "m0", 27, T0);
	measure_clear(m);
	assert_int_equal(measure_known(m), 0);
	assert_int_equal(measure_bytes(m), 0);
	assert_int_equal(measure_sums(m)->complete, 0);
	configure(m, "e1");
	assert_int_equal(measure_known(m), 1);
	measure_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sensors_come_in_any_order),
		cmocka_unit_test(the_average_does_not_depend_on_the_order_of_arrival),
		cmocka_unit_test(measurements_overlap_and_settle_in_the_order_of_their_times),
		cmocka_unit_test(what_is_not_complete_is_given_up_when_later_ones_have_begun),
		cmocka_unit_test(what_is_not_complete_in_time_is_given_up),
		cmocka_unit_test(the_end_gives_up_what_is_not_complete),
		cmocka_unit_test(a_reading_again_is_a_duplicate),
		cmocka_unit_test(what_cannot_be_a_reading_has_a_state),
		cmocka_unit_test(an_experiment_met_in_its_middle_is_not_guessed_at),
		cmocka_unit_test(without_its_stage_a_sample_is_no_event),
		cmocka_unit_test(a_sample_belongs_to_the_stage_of_its_time),
		cmocka_unit_test(an_interval_lasts_until_the_first_in_range),
		cmocka_unit_test(an_interval_ends_with_its_experiment),
		cmocka_unit_test(an_event_that_comes_too_late_is_overdue),
		cmocka_unit_test(a_sample_from_before_is_disordered_and_changes_nothing),
		cmocka_unit_test(a_configuration_again_changes_nothing),
		cmocka_unit_test(sensors_configured_twice_or_without_an_id_count_once_or_not),
		cmocka_unit_test(many_sensors_in_any_order_are_found),
		cmocka_unit_test(ids_that_are_too_long_stand_for_themselves),
		cmocka_unit_test(one_that_was_silent_makes_room),
		cmocka_unit_test(another_run_goes_on_where_one_ended),
		cmocka_unit_test(all_can_be_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
