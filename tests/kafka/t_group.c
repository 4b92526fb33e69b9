/* SPDX-License-Identifier: MIT */
/* Consumers in a group: commits, rebalances, the policy, leaving in a hurry. */
#include "apart.h"
#include "base/clock.h"
#include "probe.h"
#include "unit.h"

#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <string.h>

enum { EACH = 30, ALL = EACH * PROBE_PARTITIONS, COMMIT_KEY = 8 };

static struct broker *broker;
static const char *brokers;

static int
start_broker(void **state)
{
	static const char *const topics[] = {"lab:16", "quiet:4"};
	struct err err = {0};

	(void)state;
	broker = broker_start(1, topics, 2, &err);
	if (!broker)
		return -1;
	brokers = broker_bootstrap(broker);
	probe_produce(brokers, "lab", PROBE_PARTITIONS, EACH);
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	broker_stop(broker);
	return 0;
}

static struct probe *
member(const char *group, enum policy policy, enum commit_mode commit)
{
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .group = group, .policy = policy, .commit = commit,
	};

	return probe_new(&o);
}

static bool
at_end(struct probe *p, const void *arg)
{
	(void)arg;
	return probe_status(p).at_end;
}

static bool
all_read(struct probe *p, const void *arg)
{
	(void)arg;
	return consumer_at_end(p->consumer);
}

static bool
has_no_lag(struct probe *p, const void *arg)
{
	struct source_status s = probe_status(p);
	size_t n = 0;

	(void)arg;
	for (size_t i = 0; i < s.n_partitions; i++)
		n += s.partitions[i].committed == s.partitions[i].end;
	return n == PROBE_PARTITIONS;
}

static bool
holds(struct probe *p, const void *arg)
{
	return p->held == *(const size_t *)arg;
}

static bool
is_committed(struct probe *p, const void *arg)
{
	(void)arg;
	return p->commits > 0;
}

static void
joins_commits_and_goes_on_where_it_was(void **state)
{
	struct probe *p = member("resume", POLICY_EARLIEST, COMMIT_AUTO);
	struct source_status s;

	(void)state;
	assert_int_equal(probe_status(p).group_state, GROUP_JOINING);
	p->limit = 100;
	assert_true(probe_read_all(p, 100));
	s = probe_status(p);
	assert_int_equal(s.group_state, GROUP_MEMBER);
	assert_true(s.generation > 0);
	assert_true(s.member[0] != '\0');
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "resume"), 100);

	p = member("resume", POLICY_EARLIEST, COMMIT_AUTO);
	assert_true(probe_read_all(p, ALL - 100));
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, ALL - 100);
	assert_true(consumer_commit_now(p->consumer) > 0);
	assert_true(probe_until(p, NULL, is_committed, NULL));
	assert_true(p->committed > 0);
	assert_int_equal(consumer_commit_now(p->consumer), 0);
	s = probe_status(p);
	for (size_t i = 0; i < s.n_partitions; i++)
		assert_int_equal(s.partitions[i].committed, EACH);
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "resume"), ALL);
}

static void
five_records_commit_exactly_five(void **state)
{
	static const enum commit_mode modes[] = {COMMIT_AUTO, COMMIT_EACH};
	static const char *const groups[] = {"five-auto", "five-each"};
	struct probe *p;

	(void)state;
	for (int i = 0; i < 2; i++) {
		p = member(groups[i], POLICY_EARLIEST, modes[i]);
		p->limit = modes[i] == COMMIT_EACH ? 0 : 5;
		assert_true(probe_read_all(p, 5));
		assert_int_equal(p->records, 5); /* mode each hands out one at a time */
		if (modes[i] == COMMIT_EACH)
			assert_int_equal(probe_committed(brokers, "lab", groups[i]), 5);
		probe_leave(p);
		assert_int_equal(probe_committed(brokers, "lab", groups[i]), 5);
	}
}

static void
mode_none_commits_nothing(void **state)
{
	struct probe *p = member("none", POLICY_EARLIEST, COMMIT_NONE);

	(void)state;
	assert_true(probe_read_all(p, ALL));
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "none"), -1);
}

static void
policy_moves_only_what_has_no_commit(void **state)
{
	struct probe *p = member("policy", POLICY_EARLIEST, COMMIT_AUTO);
	struct source_status s;
	struct policy_change change;
	size_t kept = 0;
	int64_t from;

	(void)state;
	p->limit = 10;
	assert_true(probe_read_all(p, 10));
	probe_leave(p);

	p = member("policy", POLICY_LATEST, COMMIT_NONE);
	assert_true(probe_until(p, NULL, at_end, NULL));
	s = probe_status(p);
	for (size_t i = 0; i < s.n_partitions; i++)
		kept += s.partitions[i].committed >= 0;
	assert_true(kept > 0 && kept < PROBE_PARTITIONS);
	assert_int_equal(p->records, kept * EACH - 10);
	change = consumer_set_policy(p->consumer, POLICY_EARLIEST);
	assert_int_equal(change.kept, kept);
	assert_int_equal(change.moved, PROBE_PARTITIONS - kept);
	assert_true(probe_read_all(p, ALL - 10));
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, ALL - 10);
	s = probe_status(p);
	for (size_t i = 0; i < PROBE_PARTITIONS; i++) {
		from = s.partitions[i].committed > 0 ? s.partitions[i].committed : 0;
		assert_true(probe_saw(p, (int)i, from, EACH, 1));
	}
	probe_leave(p);
}

static void
policy_is_latest_when_nothing_is_committed(void **state)
{
	struct probe *p = member("latest", POLICY_LATEST, COMMIT_NONE);

	(void)state;
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, 0);
	consumer_seek_all(p->consumer, false);
	assert_true(probe_read_all(p, ALL));
	probe_leave(p);
}

/* Two members: 8 and 8, no record lost or read twice, then all 16 again for who
 * stays. The embedded broker takes no commit while it rebalances (Kafka does), so
 * the first commits before the second comes. */
static void
share(const char *group, const struct kafka_property *strategy, size_t n)
{
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .group = group, .policy = POLICY_EARLIEST, .commit = COMMIT_AUTO,
		.properties = strategy, .n_properties = n,
	};
	struct probe *a = probe_new(&o), *b;
	const size_t half = PROBE_PARTITIONS / 2, whole = PROBE_PARTITIONS;

	a->batch = 3;
	assert_true(probe_read_all(a, 60));
	consumer_pause(a->consumer, true);
	assert_true(consumer_commit_now(a->consumer) > 0);
	assert_true(probe_until(a, NULL, is_committed, NULL));
	b = probe_new(&o);
	b->batch = 3;
	consumer_pause(b->consumer, true);
	assert_true(probe_until(a, b, holds, &half));
	assert_true(probe_until(b, a, holds, &half));
	consumer_pause(a->consumer, false);
	consumer_pause(b->consumer, false);
	assert_true(probe_until(a, b, at_end, NULL));
	assert_true(probe_until(b, a, at_end, NULL));
	assert_int_equal(a->records + b->records, ALL);
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		for (int j = 0; j < EACH; j++)
			assert_int_equal(a->seen[i][j] + b->seen[i][j], 1);
	assert_true(a->revoked >= 1);
	if (n == 0) /* the embedded broker waits 5 s, as Kafka does for a member that has gone */
		assert_non_null(strstr(a->said, ": a member that has gone may still hold its place"));
	probe_leave(b);
	assert_true(probe_until(a, NULL, holds, &whole));
	assert_true(probe_until(a, NULL, at_end, NULL));
	probe_leave(a);
	assert_int_equal(probe_committed(brokers, "lab", group), ALL);
}

static void
two_members_share_eagerly(void **state)
{
	(void)state;
	share("eager", NULL, 0);
}

static void
two_members_share_cooperatively(void **state)
{
	const struct kafka_property strategy[] = {
		{"partition.assignment.strategy", "cooperative-sticky"}, {"session.timeout.ms", "4000"},
	};

	(void)state;
	share("cooperative", strategy, 2);
}

/* Under an eager assignor a seek and a policy change go by a whole assignment. */
static void
seek_back_in_a_group_loses_nothing(void **state)
{
	struct probe *p = member("back", POLICY_EARLIEST, COMMIT_AUTO);

	(void)state;
	p->batch = 11;
	assert_true(probe_read_all(p, 200));
	memset(p->seen, 0, sizeof(p->seen));
	p->records = 0;
	consumer_seek_all(p->consumer, false);
	assert_true(probe_read_all(p, ALL));
	assert_true(probe_until(p, NULL, at_end, NULL));
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		assert_true(probe_saw(p, i, 0, EACH, 1));
	consumer_seek_all(p->consumer, false);
	consumer_seek_all(p->consumer, true);
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, ALL);
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "back"), ALL);
}

/* Commit OFFSET for partitions 0..N-1 of lab, which nobody reads. */
static void
commit_from_outside(const char *group, int n, int64_t offset)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(n);
	char text[200];
	rd_kafka_t *rk;

	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof(text));
	rd_kafka_conf_set(conf, "group.id", group, text, sizeof(text));
	rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
	assert_non_null(rk);
	for (int i = 0; i < n; i++)
		rd_kafka_topic_partition_list_add(list, "lab", i)->offset = offset;
	assert_int_equal(rd_kafka_commit(rk, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(rk);
}

/* Offsets that are gone go to the policy's end; the other partitions neither lose nor repeat. */
static void
go_on_where_offsets_are_gone(const char *group, const struct kafka_property *strategy, size_t n)
{
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .group = group, .policy = POLICY_EARLIEST, .commit = COMMIT_NONE,
		.properties = strategy, .n_properties = n,
	};
	struct probe *p;

	commit_from_outside(group, 5, 1000);
	p = probe_new(&o);
	p->batch = 9;
	assert_true(probe_read_all(p, ALL));
	assert_true(probe_until(p, NULL, at_end, NULL));
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		assert_true(probe_saw(p, i, 0, EACH, 1));
	assert_non_null(strstr(p->said, "lab[4]: offset 1000 is out of range: going on at the beginning"));
	probe_leave(p);
}

static void
gone_offsets_follow_the_policy(void **state)
{
	const struct kafka_property strategy = {"partition.assignment.strategy", "cooperative-sticky"};

	(void)state;
	go_on_where_offsets_are_gone("gone-eager", NULL, 0);
	go_on_where_offsets_are_gone("gone-cooperative", &strategy, 1);
}

/* The group committed beyond the end: the policy says where to start, then the end is taken. */
static void
reads_to_the_end_what_the_policy_says(void **state)
{
	const enum policy policies[] = {POLICY_EARLIEST, POLICY_LATEST};
	const char *const groups[] = {"beyond-earliest", "beyond-latest"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct probe_options o = {
			.brokers = brokers, .topic = "lab", .group = groups[i], .policy = policies[i],
			.commit = COMMIT_AUTO, .exit_at_end = true,
		};
		struct probe *p;

		commit_from_outside(groups[i], PROBE_PARTITIONS, 100);
		p = probe_new(&o);
		assert_true(probe_until(p, NULL, all_read, NULL));
		assert_int_equal(p->records, policies[i] == POLICY_EARLIEST ? ALL : 0);
		assert_non_null(strstr(p->said, "lab[4]: offset 100 is out of range: going on at the "));
		probe_leave(p);
		assert_int_equal(probe_committed(brokers, "lab", groups[i]), ALL); /* the end, not 100 */
	}
}

/* At the end the end is committed, whether a record was before it or not. */
static void
the_end_is_committed(void **state)
{
	static const enum commit_mode modes[] = {COMMIT_AUTO, COMMIT_EACH};
	static const char *const groups[] = {"end-auto", "end-each"};
	struct probe *p;

	(void)state;
	for (int i = 0; i < 2; i++) {
		p = member(groups[i], POLICY_LATEST, modes[i]);
		assert_true(probe_until(p, NULL, at_end, NULL));
		if (modes[i] == COMMIT_EACH)
			assert_true(probe_until(p, NULL, has_no_lag, NULL));
		probe_leave(p);
		assert_int_equal(probe_committed(brokers, "lab", groups[i]), ALL);
	}
}

static void
failed_commit_is_said_and_made_again(void **state)
{
	struct probe *p = member("again", POLICY_EARLIEST, COMMIT_NONE);
	struct source_status s;

	(void)state;
	assert_true(probe_read_all(p, ALL));
	broker_push_errors(broker, COMMIT_KEY, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1);
	assert_int_equal(consumer_commit_now(p->consumer), PROBE_PARTITIONS);
	assert_true(probe_until(p, NULL, is_committed, NULL));
	assert_int_equal(p->committed, 0);
	s = probe_status(p);
	for (size_t i = 0; i < s.n_partitions; i++) {
		assert_int_equal(s.partitions[i].stored, EACH);
		assert_int_equal(s.partitions[i].committed, -1);
	}
	assert_non_null(strstr(s.sentence, "no permission to read topic lab"));
	assert_int_equal(consumer_commit_now(p->consumer), PROBE_PARTITIONS);
	p->commits = 0;
	assert_true(probe_until(p, NULL, is_committed, NULL));
	assert_int_equal(p->committed, PROBE_PARTITIONS);
	s = probe_status(p);
	for (size_t i = 0; i < s.n_partitions; i++)
		assert_int_equal(s.partitions[i].committed, EACH);
	assert_string_equal(s.sentence, "");
	probe_leave(p);
}

/* Only the timers run for MS, as in an engine whose records are not taken. */
static void
rest_for(struct probe *p, int ms)
{
	int64_t now = clock_mono_ms(), end = now + ms, due;

	for (; now < end; now = clock_mono_ms()) {
		due = consumer_due(p->consumer);
		poll(NULL, 0, due <= now ? 0 : due < end ? (int)(due - now) : (int)(end - now));
		consumer_tick(p->consumer, clock_mono_ms());
	}
}

/* Each record's commit fails, and that is said once; the last is made on leaving. */
static void
mode_each_says_once_that_commits_fail(void **state)
{
	struct probe *p = member("each-again", POLICY_EARLIEST, COMMIT_EACH);
	const char *first, *sentence = "no permission to read topic lab";

	(void)state;
	broker_push_errors(broker, COMMIT_KEY, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 7);
	p->limit = 7;
	assert_true(probe_read_all(p, 7));
	first = strstr(p->said, sentence);
	assert_non_null(first);
	assert_null(strstr(first + 1, sentence));
	assert_int_equal(probe_committed(brokers, "lab", "each-again"), -1);
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "each-again"), 7);
}

/* Nobody takes a record for longer than the group waits, as when a pager is read. */
static void
who_rests_stays_a_member(void **state)
{
	const struct kafka_property limits[] = {
		{"session.timeout.ms", "4000"}, {"max.poll.interval.ms", "4000"},
	};
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .group = "rests", .policy = POLICY_EARLIEST, .commit = COMMIT_AUTO,
		.properties = limits, .n_properties = 2,
	};
	struct probe *p = probe_new(&o);

	(void)state;
	p->batch = 7;
	assert_true(probe_read_all(p, 70));
	for (int round = 0; round < 2; round++) {
		consumer_pause(p->consumer, round == 1);
		rest_for(p, 5000);
	}
	for (int64_t end = clock_mono_ms() + 1000; clock_mono_ms() < end;)
		assert_int_equal(probe_round(p, 50), 0); /* still paused */
	consumer_pause(p->consumer, false);
	assert_true(probe_read_all(p, ALL));
	assert_true(probe_until(p, NULL, at_end, NULL));
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		assert_true(probe_saw(p, i, 0, EACH, 1));
	assert_int_equal(p->got, 1);
	assert_int_equal(p->revoked + p->lost, 0);
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "rests"), ALL);
}

/* A record of P is in hand, being stored for MS. */
static struct record
take_in_hand(struct probe *p, int64_t ms)
{
	int64_t deadline = clock_mono_ms() + PROBE_WAIT_MS;
	struct record r;

	while (consumer_poll(p->consumer, &r, 1) == 0) {
		assert_true(clock_mono_ms() < deadline);
		consumer_tick(p->consumer, clock_mono_ms());
	}
	assert_true(consumer_hold(p->consumer, ms));
	return r;
}

static struct in_hand
in_hand(struct probe *p)
{
	return probe_status(p).in_hand;
}

static bool
in_hand_for(struct probe *p, const void *arg)
{
	return in_hand(p).since_ms >= *(const int64_t *)arg;
}

static struct probe *
slow_member(const char *group)
{
	static const struct kafka_property limits[] = {
		{"session.timeout.ms", "4000"}, {"max.poll.interval.ms", "4000"},
	};
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .group = group, .policy = POLICY_EARLIEST, .commit = COMMIT_EACH,
		.properties = limits, .n_properties = 2,
	};

	return probe_new(&o);
}

/* Storing takes longer than max.poll.interval.ms: nobody is counted out, nothing is read meanwhile. */
static void
who_stores_slowly_stays_a_member(void **state)
{
	const int64_t long_ms = 6000;
	struct probe *p = slow_member("stores");
	struct record r = take_in_hand(p, long_ms);
	struct in_hand hand = in_hand(p);
	struct err why = {0};

	(void)state;
	assert_string_equal(hand.topic, "lab");
	assert_int_equal(hand.partition, r.partition);
	assert_int_equal(hand.offset, 0);
	assert_int_equal(hand.whole_ms, long_ms);
	assert_non_null(strstr(p->said, "longer than max.poll.interval.ms (4 s)"));
	assert_true(probe_until(p, NULL, in_hand_for, &long_ms));
	assert_int_equal(p->records, 0);
	assert_int_equal(p->got, 1);
	assert_int_equal(p->revoked + p->lost, 0);
	assert_int_equal(probe_status(p).partitions[r.partition].again, 1);
	assert_int_equal(probe_committed(brokers, "lab", "stores"), -1);
	assert_int_equal(consumer_stored(p->consumer, &r, &why), COMMIT_DONE);
	consumer_release(p->consumer);
	assert_string_equal(in_hand(p).topic, "");
	assert_int_equal(probe_status(p).partitions[r.partition].again, 0);
	assert_int_equal(probe_committed(brokers, "lab", "stores"), 1);
	assert_true(probe_read_all(p, ALL - 1));
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		assert_true(probe_saw(p, i, i == r.partition, EACH, 1));
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "stores"), ALL);
}

/* A short time is neither paused nor polled through, and nothing of the queue is lost. */
static void
a_short_time_in_hand_loses_nothing(void **state)
{
	struct probe *p = slow_member("stores-quickly");
	struct err why = {0};

	(void)state;
	for (int n = 0; n < 50; n++) {
		struct record r = take_in_hand(p, 0), none;

		p->seen[r.partition][r.offset]++;
		assert_int_equal(consumer_poll(p->consumer, &none, 1), 0);
		assert_int_equal(consumer_stored(p->consumer, &r, &why), COMMIT_DONE);
		consumer_release(p->consumer);
	}
	assert_true(probe_read_all(p, ALL - 50));
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		assert_true(probe_saw(p, i, 0, EACH, 1));
	probe_leave(p);
}

static void
what_is_in_hand_on_leaving_is_not_committed(void **state)
{
	struct probe *p = slow_member("leaves-storing");

	(void)state;
	take_in_hand(p, 60000);
	assert_true(probe_leave(p) < 3000);
	assert_int_equal(probe_committed(brokers, "lab", "leaves-storing"), -1);
}

static bool
was_revoked(struct probe *p, const void *arg)
{
	(void)arg;
	return p->revoked + p->lost > 0;
}

/* Another member comes while a record is in hand: it is not committed, and is read again. */
static void
a_partition_taken_away_takes_its_record_along(void **state)
{
	struct probe *a = slow_member("taken"), *b;
	struct record r = take_in_hand(a, 60000);
	struct err why = {0};

	(void)state;
	b = slow_member("taken");
	assert_true(probe_until(a, b, was_revoked, NULL));
	assert_int_equal(consumer_stored(a->consumer, &r, &why), COMMIT_FAILED);
	assert_string_equal(why.text, "its partition was taken away while it was being stored");
	consumer_release(a->consumer);
	assert_true(probe_until(a, b, at_end, NULL));
	assert_true(probe_until(b, a, at_end, NULL));
	assert_int_equal(a->records + b->records, ALL); /* the one in hand among them */
	probe_leave(b);
	probe_leave(a);
}

static void
a_partition_moved_leaves_its_record_behind(void **state)
{
	struct probe *p = slow_member("moved");
	struct record r = take_in_hand(p, 60000);
	struct err why = {0};

	(void)state;
	assert_int_equal(consumer_seek_all(p->consumer, false), PROBE_PARTITIONS);
	probe_round(p, 0);
	assert_int_equal(consumer_stored(p->consumer, &r, &why), COMMIT_FAILED);
	assert_non_null(strstr(why.text, "moved elsewhere"));
	consumer_release(p->consumer);
	assert_true(probe_read_all(p, ALL));
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		assert_true(probe_saw(p, i, 0, EACH, 1));
	probe_leave(p);
}

static void
a_commit_that_fails_in_the_end_is_told(void **state)
{
	struct probe *p = slow_member("stores-in-vain");
	struct record r = take_in_hand(p, 0);
	struct err why = {0};

	(void)state;
	broker_push_errors(broker, COMMIT_KEY, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1);
	assert_int_equal(consumer_stored(p->consumer, &r, &why), COMMIT_FAILED);
	assert_non_null(strstr(why.text, "no permission to read topic lab"));
	consumer_release(p->consumer);
	assert_int_equal(probe_status(p).partitions[r.partition].committed, -1);
	probe_leave(p);
}

/* Who takes no record and lets no timer run is counted out; that is said, and it comes back. */
static void
who_stands_still_is_counted_out_and_comes_back(void **state)
{
	const size_t whole = PROBE_PARTITIONS;
	struct probe *p = slow_member("blocked"), *other;

	(void)state;
	p->limit = 5;
	assert_true(probe_read_all(p, 5));
	other = slow_member("blocked"); /* has all, once p is counted out */
	other->limit = 1;
	assert_true(probe_until(other, NULL, holds, &whole));
	p->limit = 0;
	assert_true(probe_until(p, other, was_revoked, NULL));
	assert_non_null(strstr(p->said, "no record was taken for max.poll.interval.ms"));
	probe_leave(other);
	assert_true(probe_until(p, NULL, holds, &whole));
	assert_true(probe_until(p, NULL, at_end, NULL));
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "blocked"), ALL);
}

/* Leave at any moment of joining and reading: no abort, no hang. */
static void
leaves_at_any_moment(void **state)
{
	static const int rounds[] = {0, 1, 2, 5, 20, 200};
	char group[] = "hurry-0";
	struct probe *p;

	(void)state;
	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		group[sizeof(group) - 2]++; /* one each: a member that left while joining is missed for 6 s */
		p = member(group, POLICY_EARLIEST, COMMIT_AUTO);
		for (int j = 0; j < rounds[i]; j++)
			probe_round(p, 20);
		assert_true(probe_leave(p) < 3000);
	}
}

static void
commits_and_leaves_while_busy(void **state)
{
	struct probe *p = member("busy", POLICY_EARLIEST, COMMIT_AUTO);
	size_t records;

	(void)state;
	p->batch = 50;
	assert_true(probe_read_all(p, 150));
	records = p->records;
	probe_leave(p);
	assert_int_equal(probe_committed(brokers, "lab", "busy"), records);
}

static bool
asked(struct probe *p, const void *arg)
{
	(void)arg;
	return probe_status(p).partitions != NULL;
}

static void
properties_choose_the_starting_modes(void **state)
{
	const struct kafka_property properties[] = {
		{"group.id", "by-property"}, {"enable.auto.commit", "true"}, {"auto.offset.reset", "earliest"},
	};
	const struct probe_options o = {
		.brokers = brokers, .topic = "quiet", .properties = properties, .n_properties = 3,
	};
	struct probe *p = probe_new(&o);
	struct source_status s;

	(void)state;
	assert_true(probe_until(p, NULL, asked, NULL));
	s = probe_status(p);
	assert_int_equal(s.commit, COMMIT_AUTO);
	assert_int_equal(s.policy, POLICY_EARLIEST);
	assert_int_equal(s.group_state, GROUP_JOINING);
	probe_leave(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_commits_and_goes_on_where_it_was),
		cmocka_unit_test(five_records_commit_exactly_five),
		cmocka_unit_test(mode_none_commits_nothing),
		cmocka_unit_test(policy_moves_only_what_has_no_commit),
		cmocka_unit_test(policy_is_latest_when_nothing_is_committed),
		cmocka_unit_test(two_members_share_eagerly),
		cmocka_unit_test(two_members_share_cooperatively),
		cmocka_unit_test(seek_back_in_a_group_loses_nothing),
		cmocka_unit_test(gone_offsets_follow_the_policy),
		cmocka_unit_test(reads_to_the_end_what_the_policy_says),
		cmocka_unit_test(the_end_is_committed),
		cmocka_unit_test(failed_commit_is_said_and_made_again),
		cmocka_unit_test(mode_each_says_once_that_commits_fail),
		cmocka_unit_test(who_rests_stays_a_member),
		cmocka_unit_test(who_stores_slowly_stays_a_member),
		cmocka_unit_test(a_short_time_in_hand_loses_nothing),
		cmocka_unit_test(what_is_in_hand_on_leaving_is_not_committed),
		cmocka_unit_test(a_partition_taken_away_takes_its_record_along),
		cmocka_unit_test(a_partition_moved_leaves_its_record_behind),
		cmocka_unit_test(a_commit_that_fails_in_the_end_is_told),
		cmocka_unit_test(who_stands_still_is_counted_out_and_comes_back),
		cmocka_unit_test(leaves_at_any_moment),
		cmocka_unit_test(commits_and_leaves_while_busy),
		cmocka_unit_test(properties_choose_the_starting_modes),
	};

	return apart_run(tests, sizeof(tests) / sizeof(tests[0]), start_broker, stop_broker);
}
