/* SPDX-License-Identifier: MIT */
/* The groups of a cluster, through the model and its views. */
#include "base/alloc.h"
#include "model/groups.h"
#include "model/model.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { S = 1000, NOW = 1000 * S };

static const struct news_topic topics[] = {{"lab", 3, NULL}, {"old", 1, NULL}};

static void
list(struct model *m, const struct news_group *groups, size_t n)
{
	const struct news news = {.kind = NEWS_GROUPS, .ok = true, .groups = groups, .n_groups = n};

	model_learn(m, &news, NOW);
}

/* What "lab-7" committed on lab[0] and lab[1], which end at 100; lab[2] is owned, and never committed on. */
static void
learn(struct model *m, int64_t first, int64_t second, int64_t now)
{
	static const struct news_member members[] = {
		{"m-1", "rdkafka", "/10.0.0.1", 2}, {"m-2", "python", "/10.0.0.2", 1},
	};
	const struct news_place places[] = {
		{0, 0, 0, 100, first, 0}, {0, 1, 0, 100, second, 0}, {0, 2, 0, 100, -1, 1}, {1, 0, 0, 100, -1, -1},
	};
	const struct news news = {.kind = NEWS_GROUP, .ok = true, .committed = true, .topics = topics, .n_topics = 2,
				  .places = places, .n_places = 4, .group = "lab-7", .members = members,
				  .n_members = 2};

	model_learn(m, &news, now);
}

static const struct news_group three[] = {
	{.name = "notifier", .state = "Empty", .members = 0, .watched = true},
	{.name = "lab-7", .state = "Stable", .protocol = "range", .members = 2, .ours = true},
	{.name = "secret", .members = -1, .problem = "not allowed to describe it"},
};

static struct view *
look(struct model *m, enum view_kind kind, const char *selected)
{
	struct view *view = xcalloc(1, sizeof(*view));

	view->query.kind = kind;
	view->query.height = 10;
	view->query.sort = kind == VIEW_GROUPS ? SORT_ID : SORT_NONE;
	snprintf(view->query.selected, sizeof(view->query.selected), "%s", selected);
	model_view(m, view, NOW);
	return view;
}

static void
a_list_is_by_name_and_says_what_is_unknown(void **state)
{
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view = look(m, VIEW_GROUPS, "");

	(void)state;
	assert_false(view->surveyed);
	view_free(view);
	list(m, three, 3);
	view = look(m, VIEW_GROUPS, "");
	assert_true(view->surveyed);
	assert_int_equal(view->n, 3);
	assert_true(slice_is(view->groups[0].name, "lab-7"));
	assert_true(view->groups[0].ours);
	assert_int_equal(view->groups[0].members, 2);
	assert_int_equal(view->groups[0].lag, -1);
	assert_int_equal(view->groups[0].at, -1);
	assert_true(isnan(view->groups[0].consumption));
	assert_true(view->groups[1].watched);
	assert_int_equal(view->groups[2].members, -1);
	assert_null(view->groups[2].state.p);
	assert_true(slice_is(view->groups[2].problem, "not allowed to describe it"));
	view_free(view);
	model_free(m);
}

static void
those_not_listed_any_more_are_forgotten(void **state)
{
	const struct news failed = {.kind = NEWS_GROUPS, .problem = "no broker answered"};
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view;

	(void)state;
	list(m, three, 3);
	learn(m, 90, 80, NOW);
	model_learn(m, &failed, NOW);
	view = look(m, VIEW_GROUPS, "");
	assert_int_equal(view->n, 3);
	assert_true(slice_is(view->survey_problem, "no broker answered"));
	view_free(view);
	list(m, three + 2, 1);
	learn(m, 90, 80, NOW); /* an answer that comes late */
	view = look(m, VIEW_GROUPS, "lab-7");
	assert_int_equal(view->n, 1);
	assert_true(slice_is(view->groups[0].name, "secret"));
	view_free(view);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_null(view->group);
	view_free(view);
	model_free(m);
}

static void
the_lag_is_that_of_what_was_committed(void **state)
{
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view;

	(void)state;
	list(m, three, 3);
	learn(m, 90, 95, NOW);
	view = look(m, VIEW_GROUPS, "");
	assert_int_equal(view->groups[0].lag, 15);
	assert_int_equal(view->groups[0].partitions, 2);
	assert_int_equal(view->groups[0].at, NOW);
	view_free(view);
	learn(m, -1, -1, NOW + S);
	view = look(m, VIEW_GROUPS, "");
	assert_int_equal(view->groups[0].lag, -1); /* it committed nothing: unknown, not 0 */
	assert_int_equal(view->groups[0].partitions, 0);
	view_free(view);
	model_free(m);
}

static void
the_opened_one_has_its_members_and_partitions(void **state)
{
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view;

	(void)state;
	list(m, three, 3);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_non_null(view->group);
	assert_false(view->group->asked);
	view_free(view);
	learn(m, 90, 80, NOW);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_true(view->group->asked);
	assert_int_equal(view->group->n_members, 2);
	assert_true(slice_is(view->group->members[1].client, "python"));
	assert_int_equal(view->group->members[0].lag, 30);
	assert_int_equal(view->group->members[1].lag, -1); /* its partition was never committed on */
	assert_int_equal(view->group->n_places, 3);        /* old[0] is nothing of it */
	assert_true(slice_is(view->group->places[2].topic, "lab"));
	assert_int_equal(view->group->places[2].member, 1);
	assert_int_equal(view->group->places[2].lag, -1);
	assert_int_equal(view->group->n_lags, 1);
	assert_int_equal(view->group->lags[0], 30);
	view_free(view);
	view = look(m, VIEW_GROUP, "secret");
	assert_int_equal(view->group->n_members, 0);
	view_free(view);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_false(view->group->asked); /* only one is kept */
	view_free(view);
	model_free(m);
}

/* Two partitions of lab are ours: committed to FIRST and SECOND meanwhile, the topic grown to 150. */
static void
own(struct model *m, int64_t first, int64_t second)
{
	struct partition_status rows[] = {
		{.topic = "lab", .partition = 0, .assigned = true, .position = 150, .committed = first, .low = 0,
		 .end = 150, .watch_committed = -1},
		{.topic = "lab", .partition = 1, .assigned = true, .position = 150, .committed = second, .low = 0,
		 .end = 150, .watch_committed = -1},
	};
	const struct source_status status = {.partitions = rows, .n_partitions = 2, .group_state = GROUP_MEMBER,
					     .now = -1};

	model_status(m, &status);
}

/* The head, the partitions, the list of groups and the detail at one moment. */
static void
one_group_has_one_lag_wherever_it_stands(void **state)
{
	static const int64_t commits[][2] = {{90, 80}, {100, 120}, {150, 150}};
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view;

	(void)state;
	list(m, three, 3);
	learn(m, 90, 80, NOW);
	view_free(look(m, VIEW_GROUP, "lab-7"));
	for (int again = 0; again < 2; again++)
		for (size_t i = 0; i < sizeof(commits) / sizeof(*commits); i++) {
			int64_t lag = 300 - commits[i][0] - commits[i][1];

			own(m, commits[i][0], commits[i][1]);
			view = look(m, VIEW_GROUPS, "");
			assert_int_equal(view->head.lag, lag);
			assert_int_equal(view->groups[0].lag, lag);
			view_free(view);
			view = look(m, VIEW_PARTITIONS, "");
			assert_int_equal(view->head.lag, lag);
			assert_int_equal(view->partitions[0].lag + view->partitions[1].lag, lag);
			view_free(view);
			learn(m, 90, 80, NOW); /* an older answer changes nothing of what we own */
			view = look(m, VIEW_GROUP, "lab-7");
			assert_int_equal(view->group->row.lag, lag);
			assert_int_equal(view->group->members[0].lag, lag);
			assert_int_equal(view->group->places[0].committed, commits[i][0]);
			assert_int_equal(view->group->places[0].lag, 150 - commits[i][0]);
			view_free(view);
		}
	model_free(m);
}

static void
what_is_committed_beyond_the_end_is_said(void **state)
{
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view;

	(void)state;
	list(m, three, 3);
	view_free(look(m, VIEW_GROUP, "lab-7"));
	learn(m, 90, 130, NOW);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_int_equal(view->group->row.lag, -1);
	assert_true(slice_is(view->group->row.problem,
			     "committed beyond the end of 1 partition, so its lag is not known"));
	assert_false(view->group->places[0].beyond);
	assert_true(view->group->places[1].beyond);
	assert_int_equal(view->group->places[1].lag, -1);
	view_free(view);
	learn(m, 90, 100, NOW);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_int_equal(view->group->row.lag, 10);
	assert_null(view->group->row.problem.p);
	view_free(view);
	model_free(m);
}

static void
why_it_was_not_told_stands_until_it_is(void **state)
{
	const struct news denied = {.kind = NEWS_GROUP, .group = "lab-7", .problem = "not allowed to read it"};
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view;

	(void)state;
	list(m, three, 3);
	model_learn(m, &denied, NOW);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_true(slice_is(view->group->row.problem, "not allowed to read it"));
	assert_int_equal(view->group->row.lag, -1);
	assert_int_equal(view->group->row.at, NOW);
	view_free(view);
	learn(m, 90, 80, NOW + S);
	view = look(m, VIEW_GROUP, "lab-7");
	assert_null(view->group->row.problem.p);
	assert_int_equal(view->group->row.lag, 30);
	view_free(view);
	model_free(m);
}

static void
rows_are_found_filtered_and_sorted(void **state)
{
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view = xcalloc(1, sizeof(*view));

	(void)state;
	list(m, three, 3);
	learn(m, 90, 80, NOW);
	view->query = (struct view_query){.kind = VIEW_GROUPS, .sort = SORT_MEMBERS, .reverse = true, .height = 10};
	model_view(m, view, NOW);
	assert_true(slice_is(view->groups[0].name, "lab-7"));
	assert_true(slice_is(view->groups[2].name, "secret")); /* unknown comes last */
	view->query = (struct view_query){.kind = VIEW_GROUPS, .filter = "empty", .height = 10};
	model_view(m, view, NOW);
	assert_int_equal(view->matched, 1);
	assert_true(slice_is(view->groups[0].name, "notifier"));
	for (enum sort_key sort = SORT_NONE; sort <= SORT_ETA; sort++) {
		view->query = (struct view_query){.kind = VIEW_GROUPS, .sort = sort, .height = 10};
		model_view(m, view, NOW);
		assert_int_equal(view->n, 3);
	}
	view_free(view);
	model_free(m);
}

/* A name longer than a row's identity stands for itself all the same. */
static void
long_names_stay_apart(void **state)
{
	char a[600], b[600];
	const struct news_group two[] = {{.name = a}, {.name = b}};
	struct model *m = model_new(&(struct model_limits){0});
	struct view *view, *detail;
	char selected[ROW_TEXT];

	(void)state;
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	a[599] = b[599] = '\0';
	b[598] = 'y';
	list(m, two, 2);
	list(m, two, 2);
	view = look(m, VIEW_GROUPS, "");
	assert_int_equal(view->n, 2);
	assert_true(view->groups[0].cut);
	snprintf(selected, sizeof(selected), "%.*s", (int)view->groups[1].name.n, view->groups[1].name.p);
	detail = look(m, VIEW_GROUP, selected);
	assert_non_null(detail->group);
	assert_true(slice_eq(detail->group->row.name, view->groups[1].name));
	view_free(detail);
	view_free(view);
	model_free(m);
}

static void
memory_is_bounded(void **state)
{
	enum { MANY = GROUPS_KEPT + 5 };
	struct news_group *many = xcalloc(MANY, sizeof(*many));
	char (*names)[16] = xcalloc(MANY, sizeof(*names));
	const struct news news = {.kind = NEWS_GROUPS, .ok = true, .groups = many, .n_groups = MANY};
	const struct news_place place = {0, 0, 0, 100, 90, -1};
	struct groups g = {0};

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "group-%zu", i);
		many[i].name = names[i];
	}
	groups_list(&g, &news);
	assert_int_equal(g.n, GROUPS_KEPT);
	assert_int_equal(g.beyond, 5);
	for (size_t i = 0; i < GROUPS_PACED + 7; i++)
		groups_learn(&g, &(struct news){.kind = NEWS_GROUP, .ok = true, .committed = true, .topics = topics,
						.n_topics = 2, .places = &place, .n_places = 1, .group = names[i]},
			     NOW + (int64_t)i);
	assert_int_equal(g.paced, GROUPS_PACED);
	assert_null(groups_named(&g, "group-3")->pace); /* it was asked longest ago */
	assert_non_null(groups_named(&g, "group-7")->pace);
	assert_int_equal(groups_named(&g, "group-3")->lag, 10);
	groups_fini(&g);
	free(names);
	free(many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_by_name_and_says_what_is_unknown),
		cmocka_unit_test(those_not_listed_any_more_are_forgotten),
		cmocka_unit_test(the_lag_is_that_of_what_was_committed),
		cmocka_unit_test(the_opened_one_has_its_members_and_partitions),
		cmocka_unit_test(one_group_has_one_lag_wherever_it_stands),
		cmocka_unit_test(what_is_committed_beyond_the_end_is_said),
		cmocka_unit_test(why_it_was_not_told_stands_until_it_is),
		cmocka_unit_test(rows_are_found_filtered_and_sorted),
		cmocka_unit_test(long_names_stay_apart),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
