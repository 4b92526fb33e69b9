/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "events.h"
#include "model/model.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct model_limits small = {.max_experiments = 4, .curves = 2, .tail_bytes = 2048};

/* One record that holds E, from its partition's next offset on. */
static bool
feed(struct model *m, struct event e, int32_t partition, int64_t offset, int64_t now)
{
	struct record r = record_at(partition, offset, e.record_time);

	e.partition = partition;
	e.offset = offset;
	if (!model_record(m, &r, now))
		return false;
	model_apply(m, &e);
	model_keep(m, &r, slice_str(event_kind_name(e.kind)), false, (struct slice){0});
	return true;
}

static struct view *
ask(struct model *m, enum view_kind kind, const char *selected, int64_t now)
{
	struct view *view = xcalloc(1, sizeof(*view));

	view->query = (struct view_query){.kind = kind, .height = 20};
	snprintf(view->query.selected, sizeof(view->query.selected), "%s", selected);
	model_view(m, view, now);
	return view;
}

/* Two sensors, a sample a second, SAMPLES of them; the next free offset. */
static int64_t
run_experiment(struct model *m, const char *id, int32_t partition, int samples)
{
	const struct slice sensors[] = {{"s1", 2}, {"s2", 2}};
	int64_t offset = 0, time = T0;
	char measurement[16];

	feed(m, configured_of(id, sensors, 2, time), partition, offset++, time);
	feed(m, event_of(EVENT_STABILIZATION, id, time), partition, offset++, time);
	for (int i = 0; i < samples; i++, time += 1000) {
		snprintf(measurement, sizeof(measurement), "m%d", i);
		feed(m, measured_of(id, measurement, "s1", 25, time), partition, offset++, time);
		feed(m, measured_of(id, measurement, "s2", 27, time), partition, offset++, time);
	}
	feed(m, event_of(EVENT_STARTED, id, time), partition, offset++, time);
	return offset;
}

static void
experiments_are_told_whole(void **state)
{
	struct model *m = model_new(&small);
	struct view *v;

	(void)state;
	run_experiment(m, "e1", 3, 20);
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + 20000);
	assert_int_equal(v->n, 1);
	assert_true(slice_is(v->experiments[0].id, "e1"));
	assert_true(slice_is(v->experiments[0].researcher, "d.landau"));
	assert_int_equal(v->experiments[0].stage, STAGE_RUNNING);
	assert_int_equal(v->experiments[0].sensors_seen, 2);
	assert_int_equal(v->experiments[0].sensors_configured, 2);
	assert_close(v->experiments[0].average, 26, 0);
	assert_int_equal(v->experiments[0].place, RANGE_IN);
	assert_close(v->experiments[0].rate, 2, 1e-9);
	assert_close(v->experiments[0].expected_rate, 2, 1e-9);
	assert_int_equal(v->experiments[0].events, 43);
	assert_int_equal(v->experiments[0].spark[SPARK_POINTS - 1], 10);
	assert_int_equal(v->experiments[0].partition, 3);
	assert_int_equal(v->head.records, 43);
	assert_close(v->head.reading, 2, 1e-9);
	view_free(v);
	v = ask(m, VIEW_EXPERIMENT, "e1", T0 + 20000);
	assert_non_null(v->experiment);
	assert_int_equal(v->experiment->n_curve, 20);
	assert_int_equal(v->experiment->n_sensors, 2);
	assert_int_equal(v->experiment->n_stages, 3);
	assert_int_equal(v->experiment->complete, 20);
	assert_int_equal(v->experiment->kinds[EVENT_MEASURED], 40);
	assert_int_equal(v->experiment->last_offset, 42);
	view_free(v);
	model_free(m);
}

static void
a_record_counts_once_a_view(void **state)
{
	struct model *m = model_new(&small);
	struct event e = measured_of("e1", "m1", "s1", 25, T0);
	struct view *v;

	(void)state;
	assert_true(feed(m, e, 0, 7, T0));
	assert_false(feed(m, e, 0, 7, T0));
	assert_true(feed(m, e, 1, 7, T0));
	v = ask(m, VIEW_HEAD, "", T0);
	assert_int_equal(v->head.records, 2);
	assert_int_equal(v->head.repeated, 1);
	view_free(v);
	model_restart(m);
	assert_true(feed(m, e, 0, 7, T0));
	v = ask(m, VIEW_HEAD, "", T0);
	assert_int_equal(v->head.records, 1);
	assert_int_equal(v->head.repeated, 0);
	view_free(v);
	model_free(m);
}

static void
a_restart_gives_the_same_again(void **state)
{
	struct model *m = model_new(&small);
	struct view *first, *again;

	(void)state;
	run_experiment(m, "e1", 0, 30);
	first = ask(m, VIEW_EXPERIMENTS, "", T0 + 30000);
	model_restart(m);
	again = ask(m, VIEW_RATES, "", T0 + 30000);
	assert_true(isnan(again->total_rate.rate));
	assert_int_equal(again->total_rate.points[RATE_POINTS - 1], 0);
	view_free(again);
	again = ask(m, VIEW_RECORDS, "", T0 + 30000);
	assert_int_equal(again->total, 0);
	assert_int_equal(again->head.experiments, 0);
	view_free(again);
	run_experiment(m, "e1", 0, 30);
	again = ask(m, VIEW_EXPERIMENTS, "", T0 + 30000);
	assert_int_equal(again->n, 1);
	assert_int_equal(again->experiments[0].events, first->experiments[0].events);
	assert_close(again->experiments[0].rate, first->experiments[0].rate, 0);
	assert_memory_equal(again->experiments[0].spark, first->experiments[0].spark, sizeof(uint32_t[SPARK_POINTS]));
	assert_int_equal(again->head.records, first->head.records);
	view_free(first);
	view_free(again);
	model_free(m);
}

static void
nothing_is_known_at_first(void **state)
{
	static const enum view_kind kinds[] = {VIEW_HEAD, VIEW_EXPERIMENTS, VIEW_EXPERIMENT, VIEW_PARTITIONS,
					       VIEW_PARTITION, VIEW_RECORDS, VIEW_RECORD, VIEW_RATES};
	struct model *m = model_new(&small);

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct view *v = ask(m, kinds[i], i % 2 ? "" : "7", T0);

		assert_int_equal(v->n, 0);
		assert_true(!v->experiment && !v->partition && !v->record);
		assert_true(isnan(v->head.reading));
		assert_int_equal(v->head.lag, -1);
		assert_int_equal(v->head.watch_lag, -1);
		assert_int_equal(v->head.there, -1);
		assert_null(v->head.last_undecodable.p);
		assert_true(kinds[i] != VIEW_RATES || isnan(v->total_rate.rate));
		view_free(v);
	}
	model_free(m);
}

static void
reading_is_by_arrival_rates_by_timestamp(void **state)
{
	struct model *m = model_new(&small);
	const int64_t now = T0 + 3600000; /* an hour later we read what was produced in 40 s */
	struct partition_status row = {.topic = "lab", .assigned = true, .position = 10, .end = 500, .low = 0};
	struct source_status status = {.partitions = &row, .n_partitions = 1, .now = -1};
	struct view *v;

	(void)state;
	model_status(m, &status);
	for (int i = 0; i < 120; i++) {
		char id[8];

		snprintf(id, sizeof(id), "m%d", i);
		feed(m, measured_of("e1", id, "s1", 20, T0 + i * 250), 0, i, now + i * 20);
	}
	v = ask(m, VIEW_EXPERIMENTS, "", now + 3000);
	assert_close(v->head.reading, 120 / 3.0, 1e-9);
	assert_close(v->experiments[0].rate, 4, 1e-9);
	assert_close(v->experiments[0].expected_rate, 4, 1e-9);
	view_free(v);
	v = ask(m, VIEW_RATES, "", T0 + 30000);
	assert_int_equal(v->n_bands, 2);
	assert_true(slice_is(v->bands[0].id, "e1"));
	assert_int_equal(v->bands[0].points[RATE_POINTS - 1], 20);
	view_free(v);
	model_free(m);
}

static void
records_from_the_future_count_as_now(void **state)
{
	struct model *m = model_new(&small);
	struct view *v;

	(void)state;
	for (int i = 0; i < 20; i++)
		feed(m, measured_of("e1", "m", "s", 20, i ? T0 + i * 1000 : INT64_MAX), 0, i, T0 + i * 1000);
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + 20000);
	assert_close(v->experiments[0].rate, 1, 1e-9);
	view_free(v);
	model_free(m);
}

static void
silence_empties_the_sparklines(void **state)
{
	struct model *m = model_new(&small);
	struct view *v;

	(void)state;
	run_experiment(m, "e1", 0, 10);
	model_tick(m, T0 + 600000);
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + 600000);
	assert_close(v->head.reading, 0, 0);
	assert_close(v->experiments[0].rate, 0, 0);
	for (int i = 0; i < SPARK_POINTS; i++) {
		assert_int_equal(v->head.spark[i], 0);
		assert_int_equal(v->experiments[0].spark[i], 0);
	}
	view_free(v);
	model_free(m);
}

static void
a_recording_has_its_own_time(void **state)
{
	struct model *m = model_new(&small);
	struct source_status status = {.link = LINK_OFFLINE, .now = T0 + 20000};
	struct view *v;

	(void)state;
	model_status(m, &status);
	run_experiment(m, "e1", 0, 20);
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + 99000000);
	assert_int_equal(v->now, T0 + 20000);
	assert_close(v->experiments[0].rate, 2, 1e-9);
	view_free(v);
	model_free(m);
}

static void
many_experiments_fold_into_others(void **state)
{
	struct model *m = model_new(&small);
	struct view *v;
	char id[8];

	(void)state;
	for (int i = 0; i < 10; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		feed(m, measured_of(id, "m", "s", 20, T0 + i * 1000), i % 2, i, T0 + i * 1000);
	}
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + 15000);
	assert_int_equal(v->total, 4);
	assert_true(slice_is(v->experiments[0].id, "e6"));
	assert_int_equal(v->head.others, 6);
	assert_int_equal(v->head.records, 10);
	view_free(v);
	v = ask(m, VIEW_PARTITIONS, "", T0 + 15000);
	assert_int_equal(v->partitions[0].experiments, 2);
	assert_int_equal(v->partitions[1].experiments, 2);
	assert_close(v->partitions[1].share, 0.5, 0);
	view_free(v);
	model_free(m);
}

/* As in a topic of 100,000 experiments: a view shows a few, the counts are of all. */
static void
stages_are_counted_of_all_experiments(void **state)
{
	enum { ALL = 120000, MOST = 100000, STEPS = STAGES };
	static const enum event_kind kinds[] = {EVENT_MEASURED, EVENT_CONFIGURED, EVENT_STABILIZATION, EVENT_STARTED,
						EVENT_TERMINATED};
	const struct model_limits limits = {.max_experiments = MOST};
	struct model *m = model_new(&limits);
	int64_t offset = 0;
	struct view *v;
	char id[32];

	(void)state;
	for (int i = 0; i < ALL; i++)
		for (int step = 1; step <= i % STEPS || step == 1; step++) {
			struct event e;

			snprintf(id, sizeof(id), "e%d", i);
			e = event_of(i % STEPS ? kinds[step] : EVENT_MEASURED, id, T0 + i / 100);
			feed(m, e, 0, offset++, T0 + i / 100);
		}
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + ALL);
	assert_int_equal(v->n, 20);
	assert_int_equal(v->head.experiments, MOST);
	assert_int_equal(v->head.others, ALL - MOST);
	for (int stage = 0; stage < STAGES; stage++)
		assert_int_equal(v->head.stages[stage], MOST / STEPS);
	view_free(v);
	model_restart(m);
	v = ask(m, VIEW_EXPERIMENTS, "", T0 + ALL);
	for (int stage = 0; stage < STAGES; stage++)
		assert_int_equal(v->head.stages[stage], 0);
	view_free(v);
	model_free(m);
}

static void
partitions_are_sorted_found_and_told(void **state)
{
	struct model *m = model_new(&small);
	struct partition_status rows[12];
	struct source_status status = {
		.partitions = rows, .n_partitions = 12, .group_state = GROUP_MEMBER, .now = -1,
	};
	struct view *v;

	(void)state;
	for (int i = 0; i < 12; i++)
		rows[i] = (struct partition_status){
			.topic = i < 6 ? "lab" : "lib", .topic_no = i / 6, .partition = i % 6, .assigned = i % 2,
			.position = i, .stored = i, .committed = i, .end = 100, .watch_committed = 50, .watch_end = 100,
		};
	model_status(m, &status);
	model_assignment(m, &(struct assignment){.time = T0, .held = 6});
	v = ask(m, VIEW_PARTITIONS, "lib/3", T0);
	assert_int_equal(v->n, 12);
	assert_int_equal(v->query.cursor, 9);
	assert_true(slice_is(v->partitions[9].topic, "lib"));
	assert_int_equal(v->partitions[9].lag, 91);
	assert_int_equal(v->n_timeline, 1);
	assert_int_equal(v->timeline[0].held, 6);
	assert_int_equal(v->head.assigned, 6);
	assert_int_equal(v->head.partitions, 12);
	assert_int_equal(v->head.lag, 6 * 100 - (1 + 3 + 5 + 7 + 9 + 11));
	assert_int_equal(v->head.watch_lag, 600);
	assert_int_equal(v->head.there, 1200);
	assert_null(v->head.status.partitions);
	snprintf(v->query.filter, sizeof(v->query.filter), "!lab/");
	v->query.sort = SORT_LAG;
	model_view(m, v, T0);
	assert_int_equal(v->matched, 6);
	assert_int_equal(v->partitions[0].lag, 89);
	view_free(v);
	v = ask(m, VIEW_PARTITION, "lib/3", T0);
	assert_int_equal(v->partition->status.position, 9);
	view_free(v);
	v = ask(m, VIEW_PARTITION, "lib/99", T0);
	assert_null(v->partition);
	view_free(v);
	model_free(m);
}

static void
what_is_no_longer_ours_is_greyed(void **state)
{
	struct model *m = model_new(&small);
	struct partition_status row = {.topic = "lab", .assigned = true};
	struct source_status status = {.partitions = &row, .n_partitions = 1, .now = -1};
	struct view *v;

	(void)state;
	model_status(m, &status);
	run_experiment(m, "e1", 0, 2);
	row.assigned = false;
	model_status(m, &status);
	v = ask(m, VIEW_EXPERIMENTS, "", T0);
	assert_true(v->experiments[0].revoked);
	view_free(v);
	model_free(m);
}

static void
the_tail_is_read_and_followed(void **state)
{
	struct model *m = model_new(&small);
	struct view *v;

	(void)state;
	run_experiment(m, "e1", 0, 100);
	v = ask(m, VIEW_RECORDS, "", T0);
	assert_in_range(v->total, 10, 40);
	assert_int_equal(v->newer, v->total - 20 > 0 ? v->total - 20 : 0);
	v->query.follow = true;
	v->query.height = 3;
	model_view(m, v, T0);
	assert_int_equal(v->n, 3);
	assert_int_equal(v->newer, 0);
	assert_int_equal(v->records[2].offset, 202);
	assert_true(slice_is(v->records[2].name, "experiment_started"));
	v->query = (struct view_query){.kind = VIEW_RECORDS, .height = 3, .selected = "1"};
	model_view(m, v, T0); /* pushed out: the oldest there is */
	assert_int_equal(v->query.cursor, 0);
	assert_int_equal(v->records[0].number, 203 - v->total + 1);
	v->query = (struct view_query){.kind = VIEW_RECORDS, .height = 3, .filter = "lab[0]@202"};
	model_view(m, v, T0);
	assert_int_equal(v->matched, 1);
	view_free(v);
	v = ask(m, VIEW_RECORD, "203", T0);
	assert_int_equal(v->record->row.offset, 202);
	view_free(v);
	v = ask(m, VIEW_RECORD, "1", T0);
	assert_null(v->record);
	view_free(v);
	model_free(m);
}

static void
what_cannot_be_read_is_counted(void **state)
{
	struct model *m = model_new(&small);
	struct record r = record_at(3, 17, T0), large = record_at(3, 18, T0);
	char bytes[4096] = {0};
	struct view *v;

	(void)state;
	large.key = (struct slice){bytes, sizeof(bytes)};
	assert_true(model_record(m, &r, T0));
	model_undecodable(m, &r, "no container");
	model_keep(m, &r, (struct slice){0}, true, (struct slice){0});
	model_keep(m, &large, (struct slice){0}, true, (struct slice){0});
	model_not_kept(m, 5);
	model_name_checked(m);
	v = ask(m, VIEW_RECORDS, "", T0);
	assert_int_equal(v->head.undecodable, 1);
	assert_true(slice_is(v->head.last_undecodable, "lab[3]@17: no container"));
	assert_int_equal(v->head.not_kept, 6);
	assert_int_equal(v->head.names_checked, 1);
	assert_true(v->records[0].undecodable);
	view_free(v);
	model_free(m);
}

/* Every hostile number and id at once; what comes out is whatever it is, but bounded. */
static void
nonsense_does_no_harm(void **state)
{
	static const int64_t times[] = {INT64_MIN, -1, 0, T0, INT64_MAX, T0 + 1};
	struct model *m = model_new(&small);
	char *large = xcalloc(1, 1 << 20);
	struct view *v;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct event e = measured_of("", "", "", i % 3 ? NAN : -INFINITY, times[i % 6]);

		e.kind = (enum event_kind)(i % EVENT_KINDS);
		e.experiment = (struct slice){large, (size_t)(i % 5) * 100000 + (size_t)(i % 2)};
		e.measurement = e.sensor = e.researcher = (struct slice){large, (size_t)i};
		feed(m, e, i % 7 ? i % 11 : INT32_MIN + i, times[i % 5] ^ i, i % 13 ? T0 : times[i % 6]);
	}
	for (int kind = VIEW_HEAD; kind <= VIEW_RATES; kind++) {
		v = ask(m, (enum view_kind)kind, "", T0);
		assert_in_range(v->n, 0, 20);
		v->query.height = INT32_MAX;
		v->query.first = INT64_MAX;
		v->query.cursor = INT64_MAX;
		model_view(m, v, INT64_MAX);
		v->query.first = v->query.cursor = INT64_MIN;
		v->query.height = -1;
		model_view(m, v, INT64_MIN);
		view_free(v);
	}
	v = ask(m, VIEW_EXPERIMENTS, "", T0);
	assert_in_range(v->n, 1, 4);
	for (size_t i = 0; i < v->n; i++)
		assert_in_range(v->experiments[i].id.n, 1, QUERY_TEXT - 1);
	view_free(v);
	free(large);
	model_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(experiments_are_told_whole),
		cmocka_unit_test(a_record_counts_once_a_view),
		cmocka_unit_test(a_restart_gives_the_same_again),
		cmocka_unit_test(nothing_is_known_at_first),
		cmocka_unit_test(reading_is_by_arrival_rates_by_timestamp),
		cmocka_unit_test(records_from_the_future_count_as_now),
		cmocka_unit_test(silence_empties_the_sparklines),
		cmocka_unit_test(a_recording_has_its_own_time),
		cmocka_unit_test(many_experiments_fold_into_others),
		cmocka_unit_test(stages_are_counted_of_all_experiments),
		cmocka_unit_test(partitions_are_sorted_found_and_told),
		cmocka_unit_test(what_is_no_longer_ours_is_greyed),
		cmocka_unit_test(the_tail_is_read_and_followed),
		cmocka_unit_test(what_cannot_be_read_is_counted),
		cmocka_unit_test(nonsense_does_no_harm),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
