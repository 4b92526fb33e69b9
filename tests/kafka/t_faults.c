/* SPDX-License-Identifier: MIT */
/*
 * Every error that the brokers can answer a member of a group, by the kind of
 * request: while it lasts it is said once, or got over in silence; when it goes
 * the member goes on by itself, each record read once. A broker a fault, a dozen
 * side by side.
 */
#include "apart.h"
#include "base/clock.h"
#include "probe.h"
#include "unit.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

#define E(name) RD_KAFKA_RESP_ERR_##name
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum { /* the protocol's numbers */
	FETCH = 1, OFFSET_COMMIT = 8, OFFSET_FETCH = 9, FIND_COORDINATOR = 10, JOIN_GROUP = 11, HEARTBEAT = 12,
	LEAVE_GROUP = 13, SYNC_GROUP = 14
};

enum { PARTITIONS = 4, EACH = 10, AT_ONCE = 16, FEW = 3, LASTING = 20000, WAIT_MS = 60000 };

struct fault {
	int code;
	const char *sentence; /* said while it lasts; NULL: got over in silence */
	enum { GOES_ON, STOPS, REREADS } then;
};

struct trial {
	const struct fault *fault;
	struct broker *broker;
	struct probe *probe;
	size_t expected; /* records */
};

static const char *
name_of(const struct trial *t)
{
	return rd_kafka_err2name((rd_kafka_resp_err_t)t->fault->code);
}

static struct trial
begin(const struct fault *fault, int16_t api)
{
	static const char *const topics[] = {"lab:4"};
	const struct kafka_property quick[] = {{"fetch.wait.max.ms", "50"}, {"heartbeat.interval.ms", "200"}};
	struct trial t = {.fault = fault, .expected = PARTITIONS * EACH};
	struct err err = {0};
	struct probe_options o = {
		.topic = "lab", .group = "test", .policy = POLICY_EARLIEST, .properties = quick,
		.n_properties = COUNT(quick),
	};

	t.broker = broker_start(1, topics, COUNT(topics), &err);
	assert_non_null(t.broker);
	o.brokers = broker_bootstrap(t.broker);
	probe_produce(o.brokers, "lab", PARTITIONS, EACH);
	if (api)
		broker_push_errors(t.broker, api, fault->code, fault->sentence ? LASTING : FEW);
	t.probe = probe_new(&o);
	return t;
}

static void
end(struct trial *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (probe_leave(t[i].probe) >= 3000)
			fail_msg("%s: leaving took 3 s", name_of(&t[i]));
		broker_stop(t[i].broker);
	}
}

typedef bool (*trial_fn)(struct trial *t);

/* Rounds of all N until STATE holds for each at once. */
static void
until(struct trial *t, size_t n, trial_fn state, const char *what)
{
	int64_t deadline = clock_mono_ms() + WAIT_MS;
	size_t missing;

	do {
		missing = n;
		for (size_t i = 0; i < n; i++) {
			probe_round(t[i].probe, 1);
			if (state(&t[i]))
				missing--;
			else if (clock_mono_ms() > deadline)
				fail_msg("%s: not %s: %zu of %zu records, status \"%s\", said \"%s\"", name_of(&t[i]),
					 what, t[i].probe->records, t[i].expected, probe_status(t[i].probe).sentence,
					 t[i].probe->said);
		}
	} while (missing);
}

static int
times_said(const struct trial *t)
{
	int n = 0;

	for (const char *p = t->probe->said; (p = strstr(p, t->fault->sentence)); p++)
		n++;
	return n;
}

static bool
has_said(struct trial *t)
{
	return !t->fault->sentence || times_said(t) > 0;
}

static bool
has_read_all(struct trial *t)
{
	return t->fault->then == STOPS || t->probe->records >= t->expected;
}

static bool
is_member(struct trial *t)
{
	return t->fault->then == STOPS || probe_status(t->probe).group_state == GROUP_MEMBER;
}

static bool
commits_all(struct trial *t)
{
	struct source_status s = probe_status(t->probe);

	consumer_commit_now(t->probe->consumer);
	for (size_t i = 0; i < s.n_partitions; i++)
		if (s.partitions[i].committed != s.partitions[i].end)
			return false;
	return s.sentence[0] == '\0';
}

/* The error is over: everything is read, each record once, and can be committed. */
static void
recovers(struct trial *t, size_t n, int16_t api)
{
	for (size_t i = 0; i < n; i++)
		broker_clear_errors(t[i].broker, api);
	until(t, n, has_read_all, "all read after it");
	until(t, n, is_member, "a member after it");
	for (size_t i = 0; i < n; i++) {
		if ((t[i].probe->stops > 0) != (t[i].fault->then == STOPS))
			fail_msg("%s: told to stop %zu times", name_of(&t[i]), t[i].probe->stops);
		if (t[i].fault->then != GOES_ON)
			continue;
		for (int p = 0; p < PARTITIONS; p++)
			if (!probe_saw(t[i].probe, p, 0, (int64_t)t[i].expected / PARTITIONS, 1))
				fail_msg("%s: a record was lost or read twice", name_of(&t[i]));
		until(&t[i], 1, commits_all, "committed after it");
	}
}

/* The broker answers API so from the start. */
static void
met_on_joining(int16_t api, const struct fault *faults, size_t count)
{
	struct trial t[AT_ONCE];

	assert_true(count <= AT_ONCE);
	for (size_t i = 0; i < count; i++)
		t[i] = begin(&faults[i], api);
	until(t, count, has_said, "said");
	for (size_t i = 0; i < count; i++)
		if (faults[i].sentence && t[i].probe->records > 0)
			fail_msg("%s: records were read", name_of(&t[i]));
	recovers(t, count, api);
	end(t, count);
}

/* The broker begins to answer API so when everything has been read; more records come then. */
static void
met_while_reading(int16_t api, const struct fault *faults, size_t count, trial_fn lasts)
{
	struct trial t[AT_ONCE];

	assert_true(count <= AT_ONCE);
	for (size_t i = 0; i < count; i++)
		t[i] = begin(&faults[i], 0);
	until(t, count, has_read_all, "all read before it");
	until(t, count, is_member, "a member before it");
	for (size_t i = 0; i < count; i++) {
		broker_push_errors(t[i].broker, api, faults[i].code, faults[i].sentence ? LASTING : FEW);
		if (api == OFFSET_COMMIT)
			assert_int_equal(consumer_commit_now(t[i].probe->consumer), PARTITIONS);
		probe_produce(broker_bootstrap(t[i].broker), "lab", PARTITIONS, EACH);
		t[i].expected *= 2;
	}
	until(t, count, has_said, "said");
	until(t, count, lasts, "seen to last");
	for (size_t i = 0; i < count; i++)
		if (faults[i].sentence && faults[i].then == GOES_ON && times_said(&t[i]) != 1)
			fail_msg("%s: not said once: %s", name_of(&t[i]), t[i].probe->said);
	recovers(t, count, api);
	end(t, count);
}

static void
answers_to_find_coordinator(void **state)
{
	static const struct fault faults[] = {
		{E(COORDINATOR_NOT_AVAILABLE), NULL, GOES_ON},
		{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, GOES_ON},
		{E(GROUP_AUTHORIZATION_FAILED), "no permission to use group test", GOES_ON},
		{E(INVALID_GROUP_ID), "the brokers do not take test as a group's name", GOES_ON},
		{E(UNKNOWN), "Unknown broker error", GOES_ON},
	};

	(void)state;
	met_on_joining(FIND_COORDINATOR, faults, COUNT(faults));
}

static void
answers_to_join(void **state)
{
	static const struct fault faults[] = {
		{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, GOES_ON},
		{E(COORDINATOR_NOT_AVAILABLE), NULL, GOES_ON},
		{E(NOT_COORDINATOR), NULL, GOES_ON},
		{E(ILLEGAL_GENERATION), NULL, GOES_ON},
		{E(UNKNOWN_MEMBER_ID), NULL, GOES_ON},
		{E(MEMBER_ID_REQUIRED), NULL, GOES_ON},
		{E(REBALANCE_IN_PROGRESS), "group test is being reassigned; joining again", GOES_ON},
		{E(INCONSISTENT_GROUP_PROTOCOL), "the members of group test assign partitions another way", GOES_ON},
		{E(INVALID_SESSION_TIMEOUT), "the brokers do not allow our session.timeout.ms", GOES_ON},
		{E(GROUP_AUTHORIZATION_FAILED), "no permission to use group test", GOES_ON},
		{E(GROUP_MAX_SIZE_REACHED), "group test is full", GOES_ON},
		{E(INVALID_GROUP_ID), "the brokers do not take test as a group's name", GOES_ON},
		{E(FENCED_INSTANCE_ID), "another program took our place in group test", STOPS},
		{E(UNKNOWN), "Unknown broker error", GOES_ON},
	};

	(void)state;
	met_on_joining(JOIN_GROUP, faults, COUNT(faults));
}

static void
answers_to_sync(void **state)
{
	static const struct fault faults[] = {
		{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, GOES_ON},
		{E(COORDINATOR_NOT_AVAILABLE), NULL, GOES_ON},
		{E(NOT_COORDINATOR), NULL, GOES_ON},
		{E(ILLEGAL_GENERATION), NULL, GOES_ON},
		{E(UNKNOWN_MEMBER_ID), NULL, GOES_ON},
		{E(REBALANCE_IN_PROGRESS), NULL, GOES_ON},
		{E(INCONSISTENT_GROUP_PROTOCOL), NULL, GOES_ON},
		{E(GROUP_AUTHORIZATION_FAILED), NULL, GOES_ON},
		{E(INVALID_GROUP_ID), NULL, GOES_ON},
		{E(FENCED_INSTANCE_ID), "another program took our place in group test", STOPS},
		{E(UNKNOWN), NULL, GOES_ON},
	};

	(void)state;
	met_on_joining(SYNC_GROUP, faults, COUNT(faults));
}

static void
answers_to_offset_fetch(void **state)
{
	static const struct fault faults[] = {
		{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, GOES_ON},
		{E(UNSTABLE_OFFSET_COMMIT), NULL, GOES_ON},
		{E(COORDINATOR_NOT_AVAILABLE), "no broker looks after group test just now", GOES_ON},
		{E(NOT_COORDINATOR), "another broker looks after group test", GOES_ON},
		{E(ILLEGAL_GENERATION), "group test was reassigned meanwhile", GOES_ON},
		{E(UNKNOWN_MEMBER_ID), "group test does not count us as a member", GOES_ON},
		{E(REBALANCE_IN_PROGRESS), "group test is being reassigned", GOES_ON},
		{E(GROUP_AUTHORIZATION_FAILED), "no permission to use group test", GOES_ON},
		{E(TOPIC_AUTHORIZATION_FAILED), "no permission to read topic lab", GOES_ON},
		{E(INVALID_GROUP_ID), "the brokers do not take test as a group's name", GOES_ON},
		{E(FENCED_INSTANCE_ID), "another program took our place in group test", GOES_ON},
		{E(UNKNOWN), "Unknown broker error", GOES_ON},
	};

	(void)state;
	met_on_joining(OFFSET_FETCH, faults, COUNT(faults));
}

static bool
not_committed(struct trial *t)
{
	struct source_status s = probe_status(t->probe);

	for (size_t i = 0; i < s.n_partitions; i++)
		if (s.partitions[i].committed >= 0)
			return false;
	return t->probe->commits == 1 && t->probe->committed == 0 && strstr(s.sentence, t->fault->sentence);
}

static const struct fault commit_faults[] = {
	{E(COORDINATOR_LOAD_IN_PROGRESS), "the broker that looks after group test is still loading", GOES_ON},
	{E(COORDINATOR_NOT_AVAILABLE), "no broker looks after group test just now", GOES_ON},
	{E(NOT_COORDINATOR), "another broker looks after group test", GOES_ON},
	{E(GROUP_AUTHORIZATION_FAILED), "no permission to use group test", GOES_ON},
	{E(TOPIC_AUTHORIZATION_FAILED), "no permission to read topic lab", GOES_ON},
	{E(UNKNOWN_TOPIC_OR_PART), "there is no topic lab", GOES_ON},
	{E(INVALID_COMMIT_OFFSET_SIZE), "group test took no commit (Broker: Commit offset data size", GOES_ON},
	{E(OFFSET_METADATA_TOO_LARGE), "group test took no commit (Broker: Offset metadata string too large", GOES_ON},
	{E(INVALID_GROUP_ID), "the brokers do not take test as a group's name", GOES_ON},
	{E(REBALANCE_IN_PROGRESS), "group test is being reassigned and took no commit", GOES_ON},
	{E(UNKNOWN), "group test took no commit (Unknown broker error)", GOES_ON},
	{E(ILLEGAL_GENERATION), "group test was reassigned before our commit arrived", GOES_ON},
	{E(UNKNOWN_MEMBER_ID), "group test does not count us as a member any more", GOES_ON},
	{E(FENCED_INSTANCE_ID), "another program took our place in group test", STOPS},
};

static void
answers_to_commit(void **state)
{
	(void)state;
	met_while_reading(OFFSET_COMMIT, commit_faults, COUNT(commit_faults), not_committed);
}

static bool
is_assigned(struct trial *t)
{
	return t->probe->held > 0;
}

/* Heartbeats tell nobody but the library, which joins anew. */
static void
answers_to_heartbeat(void **state)
{
	static const struct fault faults[] = {
		{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, GOES_ON},
		{E(COORDINATOR_NOT_AVAILABLE), NULL, GOES_ON},
		{E(NOT_COORDINATOR), NULL, GOES_ON},
		{E(ILLEGAL_GENERATION), NULL, GOES_ON},
		{E(UNKNOWN_MEMBER_ID), NULL, GOES_ON},
		{E(REBALANCE_IN_PROGRESS), NULL, GOES_ON},
		{E(GROUP_AUTHORIZATION_FAILED), NULL, GOES_ON},
		{E(INVALID_GROUP_ID), NULL, GOES_ON},
		{E(FENCED_INSTANCE_ID), "another program took our place in group test", STOPS},
		{E(UNKNOWN), NULL, GOES_ON},
	};

	(void)state;
	met_while_reading(HEARTBEAT, faults, COUNT(faults), has_said);
}

/* Each partition says what is wrong with it. */
static bool
all_partitions_fail(struct trial *t)
{
	struct source_status s = probe_status(t->probe);

	for (size_t i = 0; t->fault->sentence && t->fault->then == GOES_ON && i < s.n_partitions; i++)
		if (!s.partitions[i].problem[0])
			return false;
	return true;
}

static void
answers_to_fetch(void **state)
{
	static const struct fault faults[] = {
		{E(NOT_LEADER_FOR_PARTITION), NULL, GOES_ON},
		{E(LEADER_NOT_AVAILABLE), NULL, GOES_ON},
		{E(REPLICA_NOT_AVAILABLE), NULL, GOES_ON},
		{E(UNKNOWN_TOPIC_OR_PART), NULL, GOES_ON},
		{E(FENCED_LEADER_EPOCH), NULL, GOES_ON},
		{E(KAFKA_STORAGE_ERROR), NULL, GOES_ON},
		{E(OFFSET_NOT_AVAILABLE), NULL, GOES_ON},
		{E(UNKNOWN_LEADER_EPOCH), "topic lab cannot be read just now (Broker: Leader epoch is newer", GOES_ON},
		{E(INVALID_MSG), "topic lab cannot be read just now (Broker: Invalid message)", GOES_ON},
		{E(TOPIC_AUTHORIZATION_FAILED), "no permission to read topic lab", GOES_ON},
		{E(REQUEST_TIMED_OUT), "did not answer in time", GOES_ON},
		{E(UNKNOWN), "topic lab cannot be read just now (Unknown broker error)", GOES_ON},
		{E(OFFSET_OUT_OF_RANGE), "is out of range: going on at the beginning", REREADS},
	};

	(void)state;
	met_while_reading(FETCH, faults, COUNT(faults), all_partitions_fail);
}

static void
answers_to_leave(void **state)
{
	static const struct fault faults[] = {
		{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, GOES_ON},
		{E(COORDINATOR_NOT_AVAILABLE), NULL, GOES_ON},
		{E(NOT_COORDINATOR), NULL, GOES_ON},
		{E(UNKNOWN_MEMBER_ID), NULL, GOES_ON},
		{E(GROUP_AUTHORIZATION_FAILED), NULL, GOES_ON},
		{E(INVALID_GROUP_ID), NULL, GOES_ON},
		{E(FENCED_INSTANCE_ID), NULL, GOES_ON},
		{E(UNKNOWN), NULL, GOES_ON},
	};
	struct trial t[COUNT(faults)];

	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++)
		t[i] = begin(&faults[i], 0);
	until(t, COUNT(faults), is_assigned, "a member");
	for (size_t i = 0; i < COUNT(faults); i++)
		broker_push_errors(t[i].broker, LEAVE_GROUP, faults[i].code, LASTING);
	end(t, COUNT(faults));
}

/* Mode each claims no commit that was refused, and the next record's is made. The
 * first two are left out: the library tries those again for seconds. */
static void
mode_each_claims_no_refused_commit(void **state)
{
	static const char *const topics[] = {"lab:16"};
	const struct fault *refused = commit_faults + 2;
	struct err err = {0};
	struct broker *broker = broker_start(1, topics, 1, &err);
	struct probe_options o = {
		.topic = "lab", .group = "test", .policy = POLICY_EARLIEST, .commit = COMMIT_EACH,
	};
	struct probe *p;

	(void)state;
	assert_non_null(broker);
	o.brokers = broker_bootstrap(broker);
	probe_produce(o.brokers, "lab", 1, 2 * (int)COUNT(commit_faults));
	p = probe_new(&o);
	for (size_t i = 0; refused[i].code != E(ILLEGAL_GENERATION); i++) {
		broker_push_errors(broker, OFFSET_COMMIT, refused[i].code, LASTING);
		p->limit = 2 * i + 1;
		assert_true(probe_read_all(p, p->limit));
		assert_non_null(strstr(probe_status(p).sentence, refused[i].sentence));
		assert_int_equal(probe_status(p).partitions[0].committed, i ? (int64_t)(2 * i) : -1);
		broker_clear_errors(broker, OFFSET_COMMIT);
		p->limit = 2 * i + 2;
		assert_true(probe_read_all(p, p->limit));
		assert_string_equal(probe_status(p).sentence, "");
		assert_int_equal(probe_status(p).partitions[0].committed, p->limit);
		assert_int_equal(probe_committed(o.brokers, "lab", "test"), p->limit);
	}
	probe_leave(p);
	broker_stop(broker);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_to_find_coordinator),
		cmocka_unit_test(answers_to_join),
		cmocka_unit_test(answers_to_sync),
		cmocka_unit_test(answers_to_offset_fetch),
		cmocka_unit_test(answers_to_commit),
		cmocka_unit_test(answers_to_heartbeat),
		cmocka_unit_test(answers_to_fetch),
		cmocka_unit_test(answers_to_leave),
		cmocka_unit_test(mode_each_claims_no_refused_commit),
	};

	return apart_run(tests, COUNT(tests), NULL, NULL);
}
