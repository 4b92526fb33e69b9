/* SPDX-License-Identifier: MIT */
#include "model/topics.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { S = 1000, NOW = 1000 * S };

static const struct news_topic names[] = {
	{"alpha", 2, NULL}, {"beta", -1, "not allowed to read it"}, {"gamma", 0, NULL},
};

/* Topic alpha's two partitions end at END; LOW is the second's. */
static void
learn(struct topics *t, int64_t low, int64_t end, int64_t now)
{
	const struct news_place places[] = {{0, 0, 10, end, -1, -1}, {0, 1, low, end, -1, -1}};
	const struct news news = {.kind = NEWS_TOPICS, .ok = true, .topics = names, .n_topics = 3, .places = places,
				  .n_places = 2};

	topics_learn(t, &news, now);
}

static void
offsets_are_what_is_between_low_and_end(void **state)
{
	struct topics t = {0};

	(void)state;
	learn(&t, 20, 100, NOW);
	assert_int_equal(t.n, 3);
	assert_int_equal(topics_named(&t, "alpha")->offsets, 170);
	assert_int_equal(topics_named(&t, "gamma")->offsets, 0);
	assert_int_equal(topics_named(&t, "beta")->offsets, -1);
	assert_string_equal(topics_named(&t, "beta")->problem, "not allowed to read it");
	assert_null(topics_named(&t, "delta"));
	learn(&t, -1, 100, NOW + S);
	assert_int_equal(topics_named(&t, "alpha")->offsets, -1);
	assert_close(topics_named(&t, "alpha")->rate, 0, 0); /* the end is known */
	topics_fini(&t);
}

static void
two_looks_make_a_rate(void **state)
{
	struct topics t = {0};

	(void)state;
	learn(&t, 0, 100, NOW);
	assert_true(isnan(topics_named(&t, "alpha")->rate));
	for (int s = 1; s < 60; s++) {
		learn(&t, 0, 100 + s * 5, NOW + s * S);
		assert_close(topics_named(&t, "alpha")->rate, 10, 0.01);
	}
	for (int s = 60; s < 72; s++)
		learn(&t, 0, 395, NOW + s * S);
	assert_close(topics_named(&t, "alpha")->rate, 0, 0.01); /* what is older than 10 s does not count */
	topics_fini(&t);
}

static void
a_topic_made_anew_has_no_rate_yet(void **state)
{
	struct topics t = {0};

	(void)state;
	learn(&t, 0, 100, NOW);
	learn(&t, 0, 50, NOW + S);
	assert_true(isnan(topics_named(&t, "alpha")->rate));
	topics_fini(&t);
}

static void
no_answer_leaves_what_was_known(void **state)
{
	const struct news failed = {.kind = NEWS_TOPICS, .problem = "no broker answered"};
	struct topics t = {0};

	(void)state;
	learn(&t, 0, 100, NOW);
	topics_learn(&t, &failed, NOW + S);
	assert_int_equal(t.n, 3);
	assert_string_equal(t.problem, "no broker answered");
	learn(&t, 0, 100, NOW + 2 * S);
	assert_string_equal(t.problem, "");
	topics_fini(&t);
}

static void
more_than_are_kept_are_counted(void **state)
{
	struct news_topic *many = calloc(TOPICS_KEPT + 3, sizeof(*many));
	struct news news = {.kind = NEWS_TOPICS, .ok = true, .topics = many, .n_topics = TOPICS_KEPT + 3};
	char *texts = calloc(TOPICS_KEPT + 3, 8);
	struct topics t = {0};

	(void)state;
	assert_non_null(many);
	assert_non_null(texts);
	for (int i = 0; i < TOPICS_KEPT + 3; i++) {
		snprintf(texts + i * 8, 8, "t%05d", i);
		many[i].name = texts + i * 8;
	}
	topics_learn(&t, &news, NOW);
	assert_int_equal(t.n, TOPICS_KEPT);
	assert_int_equal(t.beyond, 3);
	topics_fini(&t);
	free(texts);
	free(many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_are_what_is_between_low_and_end),
		cmocka_unit_test(two_looks_make_a_rate),
		cmocka_unit_test(a_topic_made_anew_has_no_rate_yet),
		cmocka_unit_test(no_answer_leaves_what_was_known),
		cmocka_unit_test(more_than_are_kept_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
