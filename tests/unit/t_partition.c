/* SPDX-License-Identifier: MIT */
#include "base/rng.h"
#include "events.h"
#include "model/partition.h"
#include "unit.h"

#include <limits.h>

/* A partition assigned to us, read to 10 of 100, committed to 4; the watched group's at 90. */
static struct partition_status
standing(int32_t number)
{
	return (struct partition_status){
		.topic = "lab", .partition = number, .assigned = true, .position = 10, .stored = 10, .committed = 4,
		.low = 2, .end = 100, .committed_end = 96, .watch_committed = 90, .watch_end = 100,
		.watch_member = "consumer-7",
	};
}

static void
tell(struct partitions *set, struct partition_status *rows, size_t n)
{
	const struct source_status status = {.partitions = rows, .n_partitions = n};

	partitions_status(set, &status);
}

static struct partition *
count(struct partitions *set, struct record r, int64_t now)
{
	struct partition *p = partitions_of(set, r.topic_no, r.topic, r.partition);

	partition_count(p, &r, r.timestamp, now);
	return p;
}

static void
offsets_are_counted_once(void **state)
{
	struct partitions set = {0};
	struct record r = record_at(3, 0, T0);
	struct partition *p = partitions_of(&set, 0, "lab", 3);

	(void)state;
	assert_true(partition_count(p, &r, T0, T0));
	assert_false(partition_count(p, &r, T0, T0));
	r.offset = 5;
	assert_true(partition_count(p, &r, T0, T0));
	r.offset = 4; /* left out so far: a rebalance may bring it late */
	assert_true(partition_count(p, &r, T0, T0));
	assert_false(partition_count(p, &r, T0, T0));
	r.offset = 5;
	assert_false(partition_count(p, &r, T0, T0));
	assert_int_equal(p->records, 3);
	partitions_restart(&set);
	assert_int_equal(p->records, 0);
	r.offset = -3;
	assert_true(partition_count(p, &r, T0, T0));
	partitions_fini(&set);
}

/* Holes are kept as long as they are among the largest; what is counted is never counted twice. */
static void
whatever_the_order_nothing_counts_twice(void **state)
{
	struct partitions set = {0};
	struct record r = record_at(3, 0, T0);
	struct partition *p = partitions_of(&set, 0, "lab", 3);
	struct rng rng = {.state = 7};
	bool counted[500] = {false};
	int64_t n = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		bool fresh;

		r.offset = (int64_t)(rng_next(&rng) % 500);
		fresh = partition_count(p, &r, T0, T0);
		assert_false(fresh && counted[r.offset]);
		counted[r.offset] |= fresh;
		n += fresh;
	}
	assert_int_equal(p->records, n);
	assert_in_range(p->n_holes, 0, HOLES_KEPT);
	partitions_fini(&set);
}

static void
rows_say_where_it_stands(void **state)
{
	struct partitions set = {0};
	struct partition_status rows[] = {standing(0), standing(1)};
	struct partition_row row;

	(void)state;
	rows[1].assigned = false;
	rows[1].position = rows[1].committed = -1;
	tell(&set, rows, 2);
	partition_row(partitions_of(&set, 0, "lab", 0), true, 0, T0, &row);
	assert_int_equal(row.lag, 96);
	assert_int_equal(row.watch_lag, 10);
	assert_true(slice_is(row.owner, "this exptop"));
	assert_true(isnan(row.rate) && isnan(row.share));
	partition_row(partitions_of(&set, 0, "lab", 0), false, 4, T0, &row);
	assert_int_equal(row.lag, 90);
	assert_close(row.share, 0, 0);
	partition_row(partitions_of(&set, 0, "lab", 1), true, 4, T0, &row);
	assert_int_equal(row.lag, -1);
	assert_true(slice_is(row.owner, "consumer-7"));
	partitions_fini(&set);
}

static void
sums_know_what_they_do_not_know(void **state)
{
	struct partitions set = {0};
	struct partition_status rows[] = {standing(0), standing(1), standing(2)};
	struct partition_sums sums;

	(void)state;
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.ours.lag, -1);
	assert_int_equal(sums.there, -1);
	tell(&set, rows, 2);
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.assigned, 2);
	assert_int_equal(sums.ours.lag, 192);
	assert_int_equal(sums.watched.lag, 20);
	assert_int_equal(sums.there, 196);
	rows[2].low = rows[2].end = 7; /* empty, and nothing was ever committed there */
	rows[2].committed = rows[2].watch_committed = -1;
	tell(&set, rows, 3);
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.ours.lag, 192);
	assert_int_equal(sums.watched.lag, 20);
	rows[1].committed = rows[1].end = rows[1].watch_end = -1;
	tell(&set, rows, 3);
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.ours.lag, 96); /* of what is committed on, as the list of groups counts */
	assert_int_equal(sums.ours.without, 1);
	assert_int_equal(sums.watched.lag, -1); /* an end is not known */
	assert_int_equal(sums.there, -1);
	rows[0].committed = -1;
	tell(&set, rows, 3);
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.ours.lag, -1); /* nothing is committed */
	partitions_sum(&set, false, &sums);
	assert_int_equal(sums.ours.lag, -1); /* without a group all must be known */
	partitions_fini(&set);
}

static void
a_commit_beyond_the_end_is_a_fact_of_its_own(void **state)
{
	struct partitions set = {0};
	struct partition_status rows[] = {standing(0), standing(1)};
	struct partition_sums sums;
	struct partition_row row;

	(void)state;
	rows[0].committed = 120;
	rows[1].watch_committed = 101;
	tell(&set, rows, 2);
	partition_row(partitions_of(&set, 0, "lab", 0), true, 0, T0, &row);
	assert_int_equal(row.lag, -1);
	assert_string_equal(row.status.problem, "committed 120 is beyond the end 100");
	partition_row(partitions_of(&set, 0, "lab", 1), true, 0, T0, &row);
	assert_int_equal(row.lag, 96);
	assert_int_equal(row.watch_lag, -1);
	assert_string_equal(row.status.problem, "the watched group's commit 101 is beyond the end 100");
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.ours.lag, -1);
	assert_int_equal(sums.watched.lag, -1);
	partitions_fini(&set);
}

/* The ends that we read meanwhile are newer than what others had committed when it was asked. */
static void
a_lag_is_of_one_moment(void **state)
{
	struct partitions set = {0};
	struct partition_status row = standing(0);
	struct partition_sums sums;

	(void)state;
	row.end = 5000;
	tell(&set, &row, 1);
	assert_int_equal(partition_lag(partitions_of(&set, 0, "lab", 0), true), 4996);
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.ours.lag, 4996);
	assert_int_equal(sums.watched.lag, 10);
	assert_int_equal(sums.watched.committed, 90);
	row.assigned = false; /* another member's */
	tell(&set, &row, 1);
	assert_int_equal(partition_lag(partitions_of(&set, 0, "lab", 0), true), 92);
	row.low = row.end = row.watch_end = 100; /* retention took all: what was not read is still not read */
	tell(&set, &row, 1);
	partitions_sum(&set, true, &sums);
	assert_int_equal(sums.watched.lag, 10);
	partitions_fini(&set);
}

static void
what_was_ours_is_revoked(void **state)
{
	struct partitions set = {0};
	struct partition_status row = standing(0);
	struct partition *p = count(&set, record_at(0, 1, T0), T0);

	(void)state;
	assert_false(partition_revoked(p)); /* nobody said so */
	tell(&set, &row, 1);
	assert_false(partition_revoked(p));
	row.assigned = false;
	tell(&set, &row, 1);
	assert_true(partition_revoked(p));
	row.partition = 1;
	tell(&set, &row, 1);
	assert_false(partition_revoked(partitions_of(&set, 0, "lab", 1))); /* it never was ours */
	tell(&set, NULL, 0);
	assert_int_equal(p->status.end, -1);
	assert_string_equal(p->status.topic, "lab");
	partitions_fini(&set);
}

static void
a_backlog_ends_at_its_newest_record(void **state)
{
	struct partitions set = {0};
	struct partition_status row = standing(0);
	const int64_t now = T0 + 3600000;
	struct partition *p = count(&set, record_at(0, 1, T0), now);

	(void)state;
	assert_int_equal(partition_now(p, now), now);
	tell(&set, &row, 1);
	assert_int_equal(partition_now(p, now), T0);
	assert_int_equal(partition_now(p, now + 10000), now + 10000); /* it no longer moves */
	row.position = row.end;
	tell(&set, &row, 1);
	assert_int_equal(partition_now(p, now), now);
	partitions_fini(&set);
}

static void
any_number_is_a_partition_up_to_the_bound(void **state)
{
	struct partitions set = {0};

	(void)state;
	assert_non_null(partitions_of(&set, 0, "lab", INT32_MAX));
	assert_non_null(partitions_of(&set, 0, "lab", INT32_MIN));
	assert_non_null(partitions_of(&set, INT_MAX, "other", -1));
	for (int i = 0; i < PARTITIONS_KEPT + 10; i++)
		partitions_of(&set, 1, "third", i);
	assert_int_equal(set.n, PARTITIONS_KEPT);
	assert_null(partitions_of(&set, 1, "third", PARTITIONS_KEPT + 20));
	assert_null(partitions_known(&set, 1, PARTITIONS_KEPT + 20));
	assert_int_equal(partitions_of(&set, 0, "lab", INT32_MIN)->key.number, INT32_MIN);
	assert_int_equal(partitions_named(&set, slice_str("other"), -1)->key.topic_no, INT_MAX);
	assert_null(partitions_named(&set, slice_str("lab"), 1));
	partitions_fini(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_are_counted_once),
		cmocka_unit_test(whatever_the_order_nothing_counts_twice),
		cmocka_unit_test(rows_say_where_it_stands),
		cmocka_unit_test(sums_know_what_they_do_not_know),
		cmocka_unit_test(a_commit_beyond_the_end_is_a_fact_of_its_own),
		cmocka_unit_test(a_lag_is_of_one_moment),
		cmocka_unit_test(what_was_ours_is_revoked),
		cmocka_unit_test(a_backlog_ends_at_its_newest_record),
		cmocka_unit_test(any_number_is_a_partition_up_to_the_bound),
	};

	return cmocka_run_group_tests_name("partition", tests, NULL, NULL);
}
