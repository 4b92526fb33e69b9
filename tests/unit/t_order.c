/* SPDX-License-Identifier: MIT */
/* What is found out about the order of each key's records. */
#include "unit.h"

#include "model/order.h"

#include <stdio.h>

static struct order set;

static int
begin(void **state)
{
	(void)state;
	order_clear(&set);
	set = (struct order){.most = 4};
	return 0;
}

static int
end(void **state)
{
	(void)state;
	order_clear(&set);
	return 0;
}

/* A record of KEY (NULL: none) comes, for the first time unless AGAIN. */
static struct order_key *
come(const char *key, int32_t partition, int64_t offset, bool again)
{
	const struct record r = {
		.topic = "lab", .partition = partition, .offset = offset,
		.key = key ? slice_str(key) : (struct slice){0},
	};
	struct order_key *k = order_of(&set, &r);

	if (again)
		order_repeat(&set, k, &r, 1000 + offset);
	else
		order_count(&set, k, &r, 1000 + offset);
	return k;
}

static void
what_comes_in_order_is_no_finding(void **state)
{
	struct order_key *k = NULL;

	(void)state;
	for (int64_t i = 0; i < 100; i += 1 + i % 3) /* offsets left out are none, either */
		k = come("a", 3, i, false);
	come("b", 3, 1, false); /* another key's */
	for (int check = 0; check < CHECKS; check++) {
		assert_int_equal(k->counts[check], 0);
		assert_int_equal(set.counts[check], 0);
	}
	assert_false(order_is_faulty(k));
	assert_int_equal(k->last_offset, 99);
	assert_int_equal(set.faulty, 0);
	assert_int_equal(set.n, 2);
}

static void
a_swapped_pair_is_out_of_order_once(void **state)
{
	struct order_key *k;

	(void)state;
	come("a", 0, 1, false);
	come("a", 0, 3, false);
	k = come("a", 0, 2, false);
	come("a", 0, 4, false);
	assert_int_equal(k->counts[CHECK_ORDER], 1);
	assert_int_equal(k->findings[CHECK_ORDER]->first.offset, 2);
	assert_int_equal(k->findings[CHECK_ORDER]->first.after, 3);
	assert_int_equal(k->findings[CHECK_ORDER]->first.time, 1002);
	assert_int_equal(k->last_offset, 4);
	assert_int_equal(set.faulty, 1);
}

static void
the_first_and_the_last_finding_are_kept(void **state)
{
	struct order_key *k = NULL;

	(void)state;
	for (int64_t i = 10; i > 0; i--)
		k = come("a", 0, i, false);
	assert_int_equal(k->counts[CHECK_ORDER], 9);
	assert_int_equal(k->findings[CHECK_ORDER]->first.offset, 9);
	assert_int_equal(k->findings[CHECK_ORDER]->last.offset, 1);
	assert_int_equal(k->findings[CHECK_ORDER]->last.after, 10);
	assert_int_equal(set.faulty, 1);
}

/* In another partition offsets say nothing about the ones before. */
static void
a_key_that_moves_is_moved_not_out_of_order(void **state)
{
	struct order_key *k;

	(void)state;
	come("a", 0, 50, false);
	come("a", 1, 3, false);
	k = come("a", 1, 4, false);
	assert_int_equal(k->counts[CHECK_MOVED], 1);
	assert_int_equal(k->counts[CHECK_ORDER], 0);
	assert_int_equal(k->findings[CHECK_MOVED]->first.partition, 1);
	assert_int_equal(k->findings[CHECK_MOVED]->first.after_partition, 0);
	assert_true(order_is_faulty(k));
}

static void
what_is_delivered_again_is_repeated_and_no_fault(void **state)
{
	struct order_key *k;

	(void)state;
	come("a", 0, 0, false);
	come("a", 0, 1, false);
	come("a", 0, 0, true);
	k = come("a", 0, 1, true);
	come("a", 0, 2, false);
	assert_int_equal(k->counts[CHECK_REPEATED], 2);
	assert_int_equal(k->counts[CHECK_ORDER], 0);
	assert_int_equal(k->records, 3);
	assert_false(order_is_faulty(k));
	assert_int_equal(set.faulty, 0);
}

static void
a_time_that_goes_back_is_a_fault_of_the_key(void **state)
{
	struct order_key *k = come("a", 0, 7, false);
	const struct event e = {.partition = 0, .offset = 7};

	(void)state;
	order_time_back(&set, k, &e, 0.25, 2000);
	assert_int_equal(k->counts[CHECK_TIME], 1);
	assert_float_equal(k->findings[CHECK_TIME]->first.back, 0.25, 1e-9);
	assert_int_equal(set.faulty, 1);
}

/* No key, no promise; an empty key is a key. */
static void
records_without_a_key_are_counted_together(void **state)
{
	(void)state;
	assert_null(come(NULL, 0, 5, false));
	assert_null(come(NULL, 0, 3, false));
	assert_null(come(NULL, 0, 3, true));
	assert_int_equal(set.keyless, 2);
	assert_int_equal(set.counts[CHECK_ORDER], 0);
	assert_int_equal(set.counts[CHECK_REPEATED], 1);
	assert_non_null(come("", 0, 6, false));
	assert_int_equal(set.n, 1);
}

static void
the_same_key_in_two_topics_is_two(void **state)
{
	const struct record other = {.topic = "b", .topic_no = 1, .partition = 9, .offset = 0, .key = slice_str("a")};
	struct order_key *k = come("a", 0, 0, false);

	(void)state;
	assert_ptr_not_equal(order_of(&set, &other), k);
	assert_ptr_equal(order_find(&set, 0, slice_str("a")), k);
	assert_null(order_find(&set, 2, slice_str("a")));
}

/* At most four are known here: one makes room, and its figures stay in the sums. */
static void
more_keys_than_are_kept_fold(void **state)
{
	char name[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "key-%d", i);
		come(name, i % 16, 10, false);
		come(name, i % 16, 5, false);
	}
	assert_int_equal(set.n, 4);
	assert_int_equal(set.folded, 96);
	assert_int_equal(set.counts[CHECK_ORDER], 100);
	assert_int_equal(set.faulty, 100);
	assert_non_null(order_find(&set, 0, slice_str("key-99")));
}

/* One that is in use all the time is not the one to go. */
static void
a_busy_key_stays(void **state)
{
	struct order_key *busy = come("busy", 0, 0, false);
	char name[16];

	(void)state;
	for (int i = 1; i < 50; i++) {
		snprintf(name, sizeof(name), "key-%d", i);
		come(name, 1, i, false);
		assert_ptr_equal(come("busy", 0, i, false), busy);
	}
	assert_int_equal(busy->records, 50);
}

static void
long_and_hostile_keys_are_told_apart(void **state)
{
	char a[300], b[300];

	(void)state;
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	a[299] = b[299] = '\0';
	b[298] = 'y';
	assert_ptr_not_equal(come(a, 0, 0, false), come(b, 0, 1, false));
	assert_non_null(come("\x1b[2J\xff", 0, 2, false));
	assert_int_equal(set.n, 3);
}

/* A new view of the topic begins. */
static void
cleared_it_knows_nothing(void **state)
{
	(void)state;
	come("a", 0, 9, false);
	come("a", 0, 1, false);
	order_clear(&set);
	assert_int_equal(set.n, 0);
	assert_int_equal(set.faulty, 0);
	assert_int_equal(come("a", 0, 1, false)->counts[CHECK_ORDER], 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(what_comes_in_order_is_no_finding),
		T(a_swapped_pair_is_out_of_order_once),
		T(the_first_and_the_last_finding_are_kept),
		T(a_key_that_moves_is_moved_not_out_of_order),
		T(what_is_delivered_again_is_repeated_and_no_fault),
		T(a_time_that_goes_back_is_a_fault_of_the_key),
		T(records_without_a_key_are_counted_together),
		T(the_same_key_in_two_topics_is_two),
		T(more_keys_than_are_kept_fold),
		T(a_busy_key_stays),
		T(long_and_hostile_keys_are_told_apart),
		T(cleared_it_knows_nothing),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
