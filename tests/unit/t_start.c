/* SPDX-License-Identifier: MIT */
#include "kafka/start.h"
#include "unit.h"

#include <librdkafka/rdkafka.h>

/* A partition of the offsets 100 to 200, read in a group. */
static struct start_facts
facts(enum policy policy)
{
	return (struct start_facts){
		.policy = policy, .in_group = true, .committed_known = true, .committed = -1, .stale = -1, .next = -1,
		.low = 100, .end = 200, .at = -1, .times = true,
	};
}

static void
starts(const struct start_facts *f, int64_t offset, int64_t out_of_range)
{
	struct start start = start_offset(f);

	assert_int_equal(start.offset, offset);
	assert_int_equal(start.out_of_range, out_of_range);
}

static void
what_is_committed_comes_before_the_policy(void **state)
{
	struct start_facts f = facts(POLICY_LATEST);

	(void)state;
	starts(&f, 200, -1);
	f.policy = POLICY_EARLIEST;
	starts(&f, 100, -1);
	f.committed = 150;
	starts(&f, 150, -1);
	f.next = 170;
	starts(&f, 170, -1); /* applied by us, and not yet committed */
	f.committed = 180;
	starts(&f, 180, -1); /* another member went on */
	f.committed_known = false;
	starts(&f, RD_KAFKA_OFFSET_STORED, -1);
	f.in_group = false;
	starts(&f, 170, -1);
}

static void
what_is_not_there_is_out_of_range(void **state)
{
	struct start_facts f = facts(POLICY_LATEST);

	(void)state;
	f.committed = 200;
	starts(&f, 200, -1);
	f.committed = 201;
	starts(&f, 200, 201);
	f.committed = 99;
	starts(&f, 200, 99);
	f.policy = POLICY_EARLIEST;
	starts(&f, 100, 99);
	f.committed = 1000;
	starts(&f, 100, 1000);
	f.end = -1; /* the broker will say it */
	starts(&f, 1000, -1);
}

static void
what_is_young_is_read_from_its_beginning(void **state)
{
	struct start_facts f = facts(POLICY_LATEST);

	(void)state;
	f.young = true;
	starts(&f, 100, -1);
	f.committed = 120; /* another member read it first */
	starts(&f, 120, -1);
	f.stale = 120; /* of the topic before */
	starts(&f, 100, -1);
	f.committed = 500;
	starts(&f, 100, 500);
	f.low = f.end = f.committed = -1;
	starts(&f, RD_KAFKA_OFFSET_BEGINNING, -1);
}

static void
a_seek_comes_first(void **state)
{
	struct start_facts f = facts(POLICY_LATEST);
	struct seek seek = {SEEK_OFFSET, 130};

	(void)state;
	f.committed = 150;
	f.young = true;
	f.seek = &seek;
	starts(&f, 130, -1);
	seek.number = 20;
	starts(&f, 100, -1);
	seek.number = 200;
	starts(&f, 200, -1);
	seek.number = 201;
	starts(&f, 100, 201);
	f.young = false;
	starts(&f, 200, 201);
	seek = (struct seek){SEEK_TIME, 5};
	f.at = 160;
	starts(&f, 160, -1);
	f.times = false;
	starts(&f, 150, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_committed_comes_before_the_policy),
		cmocka_unit_test(what_is_not_there_is_out_of_range),
		cmocka_unit_test(what_is_young_is_read_from_its_beginning),
		cmocka_unit_test(a_seek_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
