/* SPDX-License-Identifier: MIT */
#include "kafka/members.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* Version 1; topic "lab" with partitions 0 and 2, topic "x" with 7; no user data. */
static const char assignment[] = "\0\1\0\0\0\2"
				 "\0\3lab\0\0\0\2\0\0\0\0\0\0\0\2"
				 "\0\1x\0\0\0\1\0\0\0\7"
				 "\377\377\377\377";

static struct inquiry *
take(const char *bytes, size_t n)
{
	struct inquiry *q = inquiry_new(INQUIRY_GROUP, NULL, "g");
	int lab = inquiry_add_topic(q, "lab");
	char *copy = malloc(n ? n : 1); /* of just that size, so that a read past it is seen */
	struct rd_kafka_group_member_info member = {
		.member_id = (char *)"m-1", .client_id = (char *)"c", .client_host = (char *)"/127.0.0.1",
		.member_assignment = copy, .member_assignment_size = (int)n,
	};
	const struct rd_kafka_group_info group = {.members = &member, .member_cnt = 1};

	for (int32_t p = 0; p < 3; p++)
		inquiry_add_spot(q, lab, p);
	inquiry_sort(q);
	memcpy(copy, bytes, n);
	members_take(q, &group);
	free(copy);
	return q;
}

static void
members_own_what_they_were_assigned(void **state)
{
	struct inquiry *q = take(assignment, sizeof(assignment) - 1);

	(void)state;
	assert_int_equal(q->n_members, 1);
	assert_string_equal(q->members[0].id, "m-1");
	assert_string_equal(q->members[0].client, "c");
	assert_string_equal(q->members[0].host, "/127.0.0.1");
	assert_int_equal(q->members[0].owns, 3);
	assert_int_equal(q->spots[0].member, 0);
	assert_int_equal(q->spots[1].member, -1);
	assert_int_equal(q->spots[2].member, 0);
	inquiry_free(q);
}

static void
a_short_assignment_is_read_as_far_as_it_goes(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(assignment) - 5; n++) {
		struct inquiry *q = take(assignment, n);

		assert_int_equal(q->n_members, 1);
		assert_true(q->members[0].owns < 3);
		inquiry_free(q);
	}
}

static void
lying_counts_and_lengths_own_nothing(void **state)
{
	static const char *const lies[] = {
		"\0\1\177\377\377\377\0\3lab\177\377\377\377", "\0\1\377\377\377\377\0\3lab\0\0\0\1",
		"\0\1\0\0\0\1\377\377lab\0\0\0\1\0\0\0\0",     "\0\1\0\0\0\1\0\3lab\377\377\377\377\0\0\0\0",
	};
	static const size_t sizes[] = {15, 15, 19, 19};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct inquiry *q = take(lies[i], sizes[i]);

		assert_int_equal(q->members[0].owns, 0);
		assert_int_equal(q->spots[0].member, -1);
		inquiry_free(q);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_own_what_they_were_assigned),
		cmocka_unit_test(a_short_assignment_is_read_as_far_as_it_goes),
		cmocka_unit_test(lying_counts_and_lengths_own_nothing),
	};

	return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}
