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
	model_keep(m, &r, slice_str(event_kind_name(e.kind)), false);
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
	assert_float_equal(v->experiments[0].average, 26, 0);
	assert_int_equal(v->experiments[0].place, RANGE_IN);
	assert_float_equal(v->experiments[0].rate, 2, 1e-9);
	assert_float_equal(v->experiments[0].expected_rate, 2, 1e-9);
	assert_int_equal(v->experiments[0].events, 43);
	assert_int_equal(v->experiments[0].spark[SPARK_POINTS - 1], 10);
	assert_int_equal(v->experiments[0].partition, 3);
	assert_int_equal(v->head.records, 43);
	assert_float_equal(v->head.reading, 2, 1e-9);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(experiments_are_told_whole),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
