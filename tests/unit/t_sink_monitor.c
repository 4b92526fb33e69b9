/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sink_monitor.h"

enum { T0 = 1000000, FLOOD = MONITOR_KEEP + 2000 };

static struct record flood[FLOOD];

/* Records that are no containers, from offset FROM on. */
static const struct record *
records(int64_t from)
{
	for (int64_t i = 0; i < FLOOD; i++)
		flood[i] = (struct record){
			.topic = "t", .offset = from + i, .timestamp = T0, .value = slice_str("plain"),
		};
	return flood;
}

static int64_t
not_kept(struct sink *s)
{
	struct view *v = xcalloc(1, sizeof(*v));
	int64_t n;

	s->ops->view(s, v, clock_wall_ms());
	n = v->head.not_kept;
	view_free(v);
	return n;
}

/* A burst is kept whole, a flood by the clock; every record counts all the same. */
static void
test_flood_is_kept_in_part(void **state)
{
	const struct sink_monitor_config config = {.cluster = "c", .topics = "t"};
	struct sink *s = sink_monitor_new(&config, NULL);
	struct view *v = xcalloc(1, sizeof(*v));
	struct err err;

	(void)state;
	clock_fix(T0);
	assert_int_equal(s->ops->records(s, records(0), MONITOR_KEEP, &err), MONITOR_KEEP);
	assert_int_equal(not_kept(s), 0);
	assert_int_equal(s->ops->records(s, records(MONITOR_KEEP), 1000, &err), 1000);
	assert_int_equal(not_kept(s), 1000);
	clock_advance(10);
	assert_int_equal(s->ops->records(s, records(MONITOR_KEEP + 1000), 1000, &err), 1000);
	assert_int_equal(not_kept(s), 2000 - 10 * MONITOR_KEEP_PER_MS);
	clock_advance(3600000);
	assert_int_equal(s->ops->records(s, records(MONITOR_KEEP + 2000), FLOOD, &err), FLOOD);
	assert_int_equal(not_kept(s), 4000 - 10 * MONITOR_KEEP_PER_MS);
	s->ops->view(s, v, clock_wall_ms());
	assert_int_equal(v->head.records, MONITOR_KEEP + 2000 + FLOOD);
	view_free(v);
	sink_monitor_free(s);
	clock_fix(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flood_is_kept_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
