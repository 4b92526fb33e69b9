/* SPDX-License-Identifier: MIT */
/* Who may reset a group, and what it comes to. */
#include "base/alloc.h"
#include "engine/reset.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* Group "lab" as the brokers list it: N members called id-0, id-1 .. */
static struct inquiry *
group_of(size_t n)
{
	struct inquiry *q = inquiry_new(INQUIRY_GROUP, NULL, "lab");

	q->ok = true;
	q->members = xcalloc(n + 1, sizeof(*q->members));
	q->n_members = n;
	for (size_t i = 0; i < n; i++) {
		snprintf(q->members[i].id, sizeof(q->members[i].id), "id-%zu", i);
		snprintf(q->members[i].client, sizeof(q->members[i].client), "%s", i ? "kcat" : "exptop");
		snprintf(q->members[i].host, sizeof(q->members[i].host), "/10.0.0.%zu", i);
	}
	return q;
}

/* Swallows Q. */
static bool
allowed(struct inquiry *q, struct err *why)
{
	bool yes = reset_allowed(q, "id-0", why);

	inquiry_free(q);
	return yes;
}

static void
only_the_only_member_resets(void **state)
{
	struct inquiry *hidden = group_of(0), *unsupported = group_of(0), *failed = group_of(1);
	struct err why = {0};

	(void)state;
	assert_true(allowed(group_of(1), &why));
	assert_false(allowed(group_of(2), &why));
	assert_string_equal(why.text, "nothing was reset: group lab has 1 other member (kcat on 10.0.0.1), which "
				      "would go on from its old place; end it first");
	assert_false(allowed(group_of(3), &why));
	assert_non_null(strstr(why.text, "2 other members (kcat on 10.0.0.1, kcat on 10.0.0.2)"));
	assert_false(allowed(group_of(0), &why));
	assert_string_equal(why.text, "nothing was reset: we are no member of group lab just now");
	hidden->known = MEMBERS_HIDDEN;
	assert_false(allowed(hidden, &why));
	assert_non_null(strstr(why.text, "cannot be listed (its protocol is the new one)"));
	unsupported->known = MEMBERS_UNSUPPORTED;
	assert_false(allowed(unsupported, &why));
	assert_non_null(strstr(why.text, "cannot be listed (no such call here)"));
	failed->ok = false;
	err_set(&failed->err, "no broker answered");
	assert_false(allowed(failed, &why));
	assert_string_equal(why.text, "nothing was reset: no broker answered");
}

/* Three partitions: one never committed, two at 40 and 90; the marks are 10 and 100. */
static struct inquiry *
places(void)
{
	static const int64_t committed[] = {-1, 40, 90};
	struct inquiry *q = inquiry_new(INQUIRY_PLACES, NULL, "lab");

	q->ok = q->committed = q->times = true;
	inquiry_add_topic(q, "client58");
	for (int i = 0; i < 3; i++)
		inquiry_add_spot(q, 0, i);
	inquiry_sort(q);
	for (size_t i = 0; i < q->n_spots; i++) {
		q->spots[i].low = 10;
		q->spots[i].end = 100;
		q->spots[i].at = 70;
		q->spots[i].committed = committed[i];
	}
	return q;
}

static const char *
question(const char *to, enum policy policy)
{
	static struct err text;
	struct inquiry *q = places();
	struct reset_sums sums;
	struct seek seek;

	assert_true(seek_parse(to, &seek, &text));
	assert_true(reset_sum(q, &seek, policy, &sums, &text));
	assert_int_equal(sums.partitions, 3);
	reset_question("lab", &seek, &sums, &text);
	inquiry_free(q);
	return text.text;
}

static void
the_question_counts_what_it_comes_to(void **state)
{
	(void)state;
	assert_string_equal(question("beginning", POLICY_EARLIEST),
			    "R sets group lab to the beginning: 3 partitions, 110 offsets will be read again");
	assert_string_equal(question("beginning", POLICY_LATEST),
			    "R sets group lab to the beginning: 3 partitions, 200 offsets will be read again");
	assert_string_equal(question("end", POLICY_LATEST),
			    "R sets group lab to the end: 3 partitions, 70 offsets will be skipped");
	assert_string_equal(question("50", POLICY_EARLIEST),
			    "R sets group lab to offset 50: 3 partitions, 40 offsets will be read again, 50 skipped");
	assert_string_equal(question("-5", POLICY_LATEST),
			    "R sets group lab to 5 offsets before the end: 3 partitions, 5 offsets will be read again, "
			    "60 skipped");
	assert_string_equal(question("@0", POLICY_LATEST),
			    "R sets group lab to 1970-01-01T00:00:00.000Z: 3 partitions, 50 offsets will be read "
			    "again, 30 skipped");
}

static void
what_is_not_known_is_not_counted(void **state)
{
	struct inquiry *q = places();
	const struct seek time = {SEEK_TIME, 0}, beginning = {SEEK_BEGINNING, 0};
	struct reset_sums sums;
	struct err why = {0};

	(void)state;
	q->times = false;
	assert_false(reset_sum(q, &time, POLICY_LATEST, &sums, &why));
	assert_non_null(strstr(why.text, "does not know times"));
	assert_true(reset_sum(q, &beginning, POLICY_LATEST, &sums, &why));
	q->spots[1].end = -1;
	assert_false(reset_sum(q, &beginning, POLICY_LATEST, &sums, &why));
	assert_non_null(strstr(why.text, "not every partition's place is known"));
	q->ok = false;
	assert_false(reset_sum(q, &beginning, POLICY_LATEST, &sums, &why));
	inquiry_free(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_only_member_resets),
		cmocka_unit_test(the_question_counts_what_it_comes_to),
		cmocka_unit_test(what_is_not_known_is_not_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
