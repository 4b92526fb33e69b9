/* SPDX-License-Identifier: MIT */
/* The feed that the engine sees of a cluster, on the embedded broker. */
#include "base/clock.h"
#include "engine/feed_kafka.h"
#include "engine/feed_topics.h"
#include "engine/survey.h"
#include "probe.h"
#include "unit.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EACH = 20, ALL = EACH * PROBE_PARTITIONS };

static struct broker *broker;

/* A feed that waited for a broker could not be freed: only _exit is left, as for the program. */
static bool left_behind;

static const char *const lab = "lab";

/* What a feed told, and how far it was read. */
struct run {
	struct feed_kafka_config config;
	struct feed *feed;
	size_t records, assigned, restarted, failed, asked, learned[NEWS_GROUP + 1];
	size_t told_itself;             /* of NEWS_GROUP, those about our own and the watched group */
	size_t groups, ours, watched;   /* of the last list */
	int64_t committed, there;       /* sums of the last group, of all topics */
	char said[2048], failure[ERR_TEXT];
};

static int
start_broker(void **state)
{
	static const char *const topics[] = {"lab:16"};
	struct err err = {0};

	(void)state;
	broker = broker_start(1, topics, 1, &err);
	if (!broker)
		return -1;
	probe_produce(broker_bootstrap(broker), lab, PROBE_PARTITIONS, EACH);
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	broker_stop(broker);
	return 0;
}

static void
on_assignment(void *ctx, const struct assignment *a)
{
	((struct run *)ctx)->assigned += a->count;
}

static void
on_said(void *ctx, enum notice_level level, const char *sentence)
{
	struct run *r = ctx;
	size_t n = strlen(r->said);

	(void)level;
	snprintf(r->said + n, sizeof(r->said) - n, "%s\n", sentence);
}

static void
on_restarted(void *ctx)
{
	((struct run *)ctx)->restarted++;
}

static void
on_failed(void *ctx, const char *sentence)
{
	struct run *r = ctx;

	r->failed++;
	snprintf(r->failure, sizeof(r->failure), "%s", sentence);
}

static void
on_asked(void *ctx, const char *question)
{
	(void)question;
	((struct run *)ctx)->asked++;
}

/* Our own group, and the watched one. */
static bool
is_asked_by_feed(const struct run *r, const char *group)
{
	const char *const asked[] = {r->config.consumer.group, r->config.watch};

	return (asked[0] && strcmp(group, asked[0]) == 0) || (asked[1] && strcmp(group, asked[1]) == 0);
}

static void
on_learned(void *ctx, const struct news *news)
{
	struct run *r = ctx;

	if (news->kind == NEWS_GROUP && is_asked_by_feed(r, news->group))
		r->told_itself++;
	else
		r->learned[news->kind]++;
	if (news->kind == NEWS_GROUPS)
		r->groups = r->ours = r->watched = 0;
	for (size_t i = 0; i < news->n_groups; i++, r->groups++) {
		r->ours += news->groups[i].ours;
		r->watched += news->groups[i].watched;
	}
	if (news->kind == NEWS_GROUPS)
		return;
	*(news->kind == NEWS_GROUP ? &r->committed : &r->there) = 0;
	for (size_t i = 0; i < news->n_places; i++) {
		if (news->kind == NEWS_TOPICS)
			r->there += news->places[i].end - news->places[i].low;
		else if (news->places[i].committed > 0)
			r->committed += news->places[i].committed;
	}
}

/* A feed of the topic lab; what R's config leaves open is filled in. */
static void
run_start(struct run *r)
{
	const struct feed_listener listener = {on_assignment, on_said, on_restarted, on_failed, on_asked, on_learned,
					       NULL, NULL, r};
	struct err err = {0};

	if (!r->config.consumer.kafka.brokers)
		r->config.consumer.kafka.brokers = broker_bootstrap(broker);
	if (!r->config.consumer.topics)
		r->config.consumer.topics = &lab;
	r->config.consumer.n_topics = 1;
	r->config.interval_ms = 100;
	r->feed = feed_kafka_new(&r->config);
	if (!r->feed->ops->start(r->feed, &listener, &err))
		fail_msg("%s", err.text);
}

static void
run_stop(struct run *r)
{
	r->feed->ops->stop(r->feed);
	left_behind = !r->feed->ops->free(r->feed) || left_behind;
}

static void
run_round(struct run *r)
{
	struct pollfd fd = {.fd = r->feed->ops->fd(r->feed), .events = POLLIN};
	struct record records[100];
	size_t n = r->feed->ops->take(r->feed, records, 100);

	r->records += n;
	if (n) {
		r->feed->ops->applied(r->feed, records, n);
		r->feed->ops->release(r->feed);
	}
	r->feed->ops->tick(r->feed, clock_mono_ms());
	if (n == 0)
		poll(&fd, 1, 20);
}

static bool
run_until(struct run *r, bool (*state)(const struct run *))
{
	int64_t deadline = clock_mono_ms() + PROBE_WAIT_MS;

	while (!state(r)) {
		if (clock_mono_ms() > deadline)
			return false;
		run_round(r);
	}
	return true;
}

static bool
has_all(const struct run *r)
{
	return r->records >= ALL;
}

static bool
has_all_twice(const struct run *r)
{
	return r->records >= 2 * ALL;
}

static bool
has_failed(const struct run *r)
{
	return r->failed > 0;
}

static bool
has_ended(const struct run *r)
{
	return r->feed->ops->ended(r->feed);
}

static struct source_status
status_of(const struct run *r)
{
	struct source_status status;

	r->feed->ops->status(r->feed, &status);
	return status;
}

static bool
knows_the_watched(const struct run *r)
{
	struct source_status status = status_of(r);

	for (size_t i = 0; i < status.n_partitions; i++)
		if (status.partitions[i].watch_committed != EACH)
			return false;
	return status.n_partitions == PROBE_PARTITIONS;
}

static void
obey(struct run *r, struct command c)
{
	r->said[0] = '\0';
	r->feed->ops->command(r->feed, &c);
}

/* The embedded broker lists no members: it joins without asking, also where it would refuse. */
static void
joins_the_embedded_brokers_group(void **state)
{
	static const enum join joins[] = {JOIN_ASK, JOIN_REFUSE, JOIN_ALWAYS};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct run r = {.config.join = joins[i]};

		r.config.consumer.group = (const char *[]){"ask", "refuse", "always"}[i];
		r.config.consumer.policy = POLICY_EARLIEST;
		r.config.consumer.commit = COMMIT_AUTO;
		run_start(&r);
		assert_int_equal(status_of(&r).group_state, joins[i] == JOIN_ALWAYS ? GROUP_JOINING : GROUP_LOOKING);
		assert_true(run_until(&r, has_all));
		assert_int_equal(status_of(&r).group_state, GROUP_MEMBER);
		assert_int_equal(r.asked + r.failed, 0);
		run_stop(&r);
		assert_int_equal(probe_committed(broker_bootstrap(broker), lab, r.config.consumer.group), ALL);
	}
}

static void
watches_a_group_and_never_joins_it(void **state)
{
	struct run member = {.config.consumer = {.group = "watched", .commit = COMMIT_AUTO}};
	struct run r = {.config.watch = "watched"};

	(void)state;
	member.config.consumer.policy = POLICY_EARLIEST;
	member.config.join = JOIN_ALWAYS;
	run_start(&member);
	assert_true(run_until(&member, has_all));
	run_stop(&member);
	run_start(&r);
	assert_true(run_until(&r, knows_the_watched));
	assert_int_equal(status_of(&r).group_state, GROUP_NONE);
	assert_int_equal(status_of(&r).partitions[0].committed, -1);
	run_stop(&r);
}

static void
gives_up_where_nobody_answers(void **state)
{
	struct run r = {.config = {.timeout_ms = 3000, .consumer.kafka.brokers = "127.0.0.1:1"}};

	(void)state;
	run_start(&r);
	assert_true(run_until(&r, has_failed));
	assert_non_null(strstr(r.failure, "gave up after"));
	assert_non_null(strstr(r.failure, "127.0.0.1:1"));
	assert_null(strstr(r.failure, "Trying on"));
	run_stop(&r);
}

static void
gives_up_on_a_topic_that_is_not_there(void **state)
{
	static const char *const nearly = "lav";
	struct run r = {.config = {.timeout_ms = 1000, .consumer.topics = &nearly}};

	(void)state;
	run_start(&r);
	assert_true(run_until(&r, has_failed));
	assert_non_null(strstr(r.failure, "did you mean lab?"));
	assert_int_equal(r.failed, 1);
	run_stop(&r);
}

static void
does_not_give_up_what_was_assigned(void **state)
{
	struct run r = {.config = {.timeout_ms = 1, .consumer = {.policy = POLICY_EARLIEST, .exit_at_end = true}}};

	(void)state;
	run_start(&r);
	assert_true(run_until(&r, has_ended));
	assert_int_equal(r.records, ALL);
	assert_int_equal(r.assigned, PROBE_PARTITIONS);
	run_stop(&r);
}

/* Every key is obeyed, or refused in a sentence, before the first partition came. */
static void
commands_before_the_first_assignment(void **state)
{
	struct run r = {0};

	(void)state;
	run_start(&r);
	obey(&r, (struct command){.kind = COMMAND_SEEK_BEGINNING});
	assert_string_equal(r.said, "no partition is assigned just now\n");
	assert_int_equal(r.restarted, 0);
	obey(&r, (struct command){.kind = COMMAND_COMMIT_NOW});
	assert_non_null(strstr(r.said, "no group was joined"));
	obey(&r, (struct command){.kind = COMMAND_COMMIT_MODE, .commit = COMMIT_AUTO});
	assert_non_null(strstr(r.said, "no group was joined"));
	obey(&r, (struct command){.kind = COMMAND_ANSWER, .yes = true});
	assert_string_equal(r.said, "");
	obey(&r, (struct command){.kind = COMMAND_POLICY, .policy = POLICY_EARLIEST});
	assert_non_null(strstr(r.said, "0 partitions went to the beginning"));
	assert_true(run_until(&r, has_all)); /* as the policy says now */
	obey(&r, (struct command){.kind = COMMAND_SEEK_BEGINNING});
	assert_int_equal(r.restarted, 1);
	assert_true(run_until(&r, has_all_twice));
	run_stop(&r);
}

static bool
has_said(const struct run *r)
{
	return r->said[0];
}

/* The embedded broker lists no members, so nobody can say that we are alone. */
static void
resets_nothing_where_members_cannot_be_listed(void **state)
{
	struct run r = {.config = {.join = JOIN_ALWAYS, .consumer = {.group = "reset", .policy = POLICY_EARLIEST}}};
	const struct command reset = {.kind = COMMAND_RESET, .to = "beginning"};

	(void)state;
	run_start(&r);
	obey(&r, reset);
	assert_non_null(strstr(r.said, "no partition is assigned just now"));
	assert_true(run_until(&r, has_all));
	obey(&r, (struct command){.kind = COMMAND_RESET, .to = "soon"});
	assert_non_null(strstr(r.said, "nothing was reset: expected beginning, end, an offset N"));
	obey(&r, reset);
	assert_string_equal(r.said, "");
	assert_true(run_until(&r, has_said));
	assert_non_null(strstr(r.said, "nothing was reset: the members of group reset cannot be listed"));
	assert_int_equal(r.asked, 0);
	obey(&r, (struct command){.kind = COMMAND_ANSWER, .yes = true});
	assert_int_equal(r.restarted, 0);
	run_stop(&r);
}

static void
read_only_commits_nothing(void **state)
{
	struct run r = {.config = {.read_only = true, .join = JOIN_ALWAYS, .consumer.group = "look"}};

	(void)state;
	run_start(&r);
	obey(&r, (struct command){.kind = COMMAND_COMMIT_NOW});
	assert_non_null(strstr(r.said, "--read-only"));
	obey(&r, (struct command){.kind = COMMAND_COMMIT_MODE, .commit = COMMIT_EACH});
	assert_non_null(strstr(r.said, "--read-only"));
	assert_int_equal(status_of(&r).commit, COMMIT_NONE);
	run_stop(&r);
}

/* ---- the whole cluster, while somebody looks ---- */

static void
look(struct run *r, enum view_kind kind, struct group_row *rows, size_t n)
{
	struct view view = {.query = {.kind = kind}, .groups = rows, .n = n};

	r->feed->ops->looked_at(r->feed, &view, clock_mono_ms());
}

static bool
knows_the_lists(const struct run *r)
{
	return r->learned[NEWS_TOPICS] > 0 && r->learned[NEWS_GROUPS] > 0;
}

static bool
knows_a_group(const struct run *r)
{
	return r->learned[NEWS_GROUP] > 0;
}

static bool
knows_four_groups(const struct run *r)
{
	return r->learned[NEWS_GROUP] >= SURVEY_AT_A_TIME;
}

static bool
knows_what_was_committed(const struct run *r)
{
	return r->told_itself > 0 && r->committed == ALL;
}

static void
asks_only_for_what_is_looked_at(void **state)
{
	struct run r = {.config.watch = "watched", .config.consumer = {.policy = POLICY_EARLIEST}};
	struct group_row rows[] = {{.name = {"watched", 7}, .at = -1, .watched = true},
				   {.name = {"bystander", 9}, .at = -1}};

	(void)state;
	r.config.consumer.group = "looking";
	r.config.join = JOIN_ALWAYS;
	run_start(&r);
	look(&r, VIEW_EXPERIMENTS, NULL, 0);
	assert_true(run_until(&r, has_all));
	assert_int_equal(r.learned[NEWS_TOPICS] + r.learned[NEWS_GROUPS] + r.learned[NEWS_GROUP], 0);
	look(&r, VIEW_GROUPS, NULL, 0);
	look(&r, VIEW_GROUPS, NULL, 0); /* at once again: that is under way */
	assert_true(run_until(&r, knows_the_lists));
	assert_int_equal(r.there, ALL);
	assert_int_equal(r.groups, 2); /* this broker lists none: ours and the watched are there all the same */
	assert_int_equal(r.ours, 1);
	assert_int_equal(r.watched, 1);
	look(&r, VIEW_GROUPS, rows, 2);
	assert_true(run_until(&r, knows_a_group));
	assert_true(run_until(&r, knows_what_was_committed)); /* of the watched: it is asked anyhow, and once */
	obey(&r, (struct command){.kind = COMMAND_SEEK_BEGINNING}); /* much time passes, and nobody looks */
	assert_true(run_until(&r, has_all_twice));
	assert_int_equal(r.learned[NEWS_TOPICS], 1);
	assert_int_equal(r.learned[NEWS_GROUPS], 1);
	assert_int_equal(r.learned[NEWS_GROUP], 1);
	run_stop(&r);
}

static void
asks_for_a_few_groups_at_a_time(void **state)
{
	enum { MANY = 40 };
	struct run r = {0};
	struct group_row rows[MANY];
	char names[MANY][16];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "many-%d", i);
		rows[i] = (struct group_row){.name = {names[i], strlen(names[i])}, .at = -1};
	}
	rows[0].cut = true; /* is never asked by what stands for its name */
	run_start(&r);
	look(&r, VIEW_GROUPS, rows, MANY);
	assert_true(run_until(&r, knows_the_lists));
	assert_int_equal(r.learned[NEWS_GROUP], 0); /* where they are was not known yet */
	look(&r, VIEW_GROUPS, rows, MANY);
	look(&r, VIEW_GROUPS, rows, MANY);
	assert_true(run_until(&r, knows_four_groups));
	obey(&r, (struct command){.kind = COMMAND_POLICY, .policy = POLICY_EARLIEST});
	assert_true(run_until(&r, has_all));
	assert_int_equal(r.learned[NEWS_GROUP], SURVEY_AT_A_TIME);
	run_stop(&r);
}

static bool
knows_the_topics(const struct run *r)
{
	return r->learned[NEWS_TOPICS] > 0;
}

static void
topics_alone_are_listed(void **state)
{
	struct kafka_config kafka = {.brokers = broker_bootstrap(broker)};
	struct run r = {.feed = feed_topics_new(&kafka, "server name not checked")};
	const struct feed_listener l = {on_assignment, on_said, on_restarted, on_failed, on_asked, on_learned,
					  NULL, NULL, &r};
	struct err err = {0};

	(void)state;
	assert_true(r.feed->ops->start(r.feed, &l, &err));
	assert_int_equal(status_of(&r).link, LINK_CONNECTING);
	look(&r, VIEW_TOPICS, NULL, 0);
	assert_true(run_until(&r, knows_the_topics));
	assert_int_equal(r.there, ALL);
	assert_int_equal(status_of(&r).link, LINK_UP);
	assert_string_equal(status_of(&r).note, "server name not checked");
	obey(&r, (struct command){.kind = COMMAND_SEEK_BEGINNING});
	assert_non_null(strstr(r.said, "choose one first"));
	run_stop(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_the_embedded_brokers_group),
		cmocka_unit_test(watches_a_group_and_never_joins_it),
		cmocka_unit_test(gives_up_where_nobody_answers),
		cmocka_unit_test(gives_up_on_a_topic_that_is_not_there),
		cmocka_unit_test(does_not_give_up_what_was_assigned),
		cmocka_unit_test(commands_before_the_first_assignment),
		cmocka_unit_test(asks_only_for_what_is_looked_at),
		cmocka_unit_test(asks_for_a_few_groups_at_a_time),
		cmocka_unit_test(topics_alone_are_listed),
		cmocka_unit_test(resets_nothing_where_members_cannot_be_listed),
		cmocka_unit_test(read_only_commits_nothing),
	};
	int failed;

	failed = cmocka_run_group_tests(tests, start_broker, stop_broker);
	if (left_behind) {
		fflush(NULL);
		_exit(failed);
	}
	return failed;
}
