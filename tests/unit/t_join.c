/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "engine/join.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* Group "lab" as the brokers list it: N members with these client.ids. */
static struct inquiry *
group_of(const char *const *clients, size_t n)
{
	struct inquiry *q = inquiry_new(INQUIRY_GROUP, NULL, "lab");

	q->ok = true;
	q->members = xcalloc(n + 1, sizeof(*q->members));
	q->n_members = n;
	for (size_t i = 0; i < n; i++) {
		snprintf(q->members[i].client, sizeof(q->members[i].client), "%s", clients[i]);
		snprintf(q->members[i].host, sizeof(q->members[i].host), "%s10.0.0.%zu", i ? "/" : "", i);
	}
	return q;
}

static bool
needs_a_yes(const char *const *clients, size_t n, const char *client_id, struct err *why)
{
	struct inquiry *q = group_of(clients, n);
	bool needs = join_needs_a_yes(q, client_id, why);

	inquiry_free(q);
	return needs;
}

static void
nobody_and_our_own_need_no_yes(void **state)
{
	static const char *const ours[] = {"exptop", "exptop"}, *const named[] = {"night-watch", "exptop"};
	struct err why = {0};

	(void)state;
	assert_false(needs_a_yes(NULL, 0, NULL, &why));
	assert_false(needs_a_yes(ours, 2, NULL, &why));
	assert_false(needs_a_yes(ours, 2, "night-watch", &why));
	assert_false(needs_a_yes(named, 2, "night-watch", &why));
	assert_string_equal(why.text, "");
}

static void
members_of_others_are_named(void **state)
{
	static const char *const one[] = {"exptop", "rdkafka"}, *const two[] = {"rdkafka", "exptop2"};
	struct err why = {0};

	(void)state;
	assert_true(needs_a_yes(one, 2, NULL, &why));
	assert_string_equal(why.text, "group lab has 1 member of other programs (rdkafka on 10.0.0.1): joining takes "
				      "partitions away from it");
	assert_true(needs_a_yes(two, 2, NULL, &why));
	assert_string_equal(why.text, "group lab has 2 members of other programs (rdkafka on 10.0.0.0, exptop2 on "
				      "10.0.0.1): joining takes partitions away from them");
	assert_true(needs_a_yes(two, 2, "rdkafka", &why));
	assert_non_null(strstr(why.text, "1 member of other programs (exptop2 on"));
}

static void
of_many_the_first_four_are_named(void **state)
{
	static const char *const many[] = {"a", "b", "exptop", "c", "d", "e", "f"};
	struct err why = {0};

	(void)state;
	assert_true(needs_a_yes(many, 7, NULL, &why));
	assert_non_null(strstr(why.text, "6 members"));
	assert_non_null(strstr(why.text, "d on 10.0.0.4, ..): joining"));
}

static void
who_cannot_be_listed_needs_a_yes(void **state)
{
	struct inquiry *q = group_of(NULL, 0);
	struct err why = {0};

	(void)state;
	q->known = MEMBERS_HIDDEN;
	assert_true(join_needs_a_yes(q, NULL, &why));
	assert_non_null(strstr(why.text, "group lab cannot be listed (its protocol is the new one)"));
	q->known = MEMBERS_UNSUPPORTED;
	assert_true(join_needs_a_yes(q, NULL, &why));
	assert_non_null(strstr(why.text, "cannot be listed (no such call here)"));
	q->embedded = true;
	assert_false(join_needs_a_yes(q, NULL, &why));
	inquiry_free(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_and_our_own_need_no_yes),
		cmocka_unit_test(members_of_others_are_named),
		cmocka_unit_test(of_many_the_first_four_are_named),
		cmocka_unit_test(who_cannot_be_listed_needs_a_yes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
