/* SPDX-License-Identifier: MIT */
/* The order of each key, as the checks count it, while members of a group come and go under load. */
#include "base/alloc.h"
#include "base/clock.h"
#include "probe.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 3, KEYS = 60, LOAD = 40000, AT_ONCE = 3 };

static struct broker *broker;
static const char *brokers;

static int
start_broker(void **state)
{
	static const char *const topics[] = {"load:16", "crash:16"};
	struct err err = {0};

	(void)state;
	broker = broker_start(1, topics, 2, &err);
	if (!broker)
		return -1;
	brokers = broker_bootstrap(broker);
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	broker_stop(broker);
	return 0;
}

/* ---- a group under load ---- */

/* Members of one group, who count together, and who produces what they read. */
struct group {
	struct probe_options options;
	struct probe *members[MEMBERS];
	size_t n, records; /* what those who left have read, too */
	unsigned char seen[PROBE_PARTITIONS][PROBE_SEEN];
	struct model *model;
	struct producer *producer;
	int sent, load;
};

static const struct kafka_property quick[] = { /* the embedded broker rebalances for a second less, at first for 3 s */
	{"session.timeout.ms", "4000"},
	{"heartbeat.interval.ms", "200"},
};

static struct group *
group_new(const char *topic, enum commit_mode commit, int load)
{
	const struct kafka_config config = {.brokers = brokers};
	struct group *g = xcalloc(1, sizeof(*g));
	struct err err = {0};

	g->options = (struct probe_options){
		.brokers = brokers, .topic = topic, .group = topic, .policy = POLICY_EARLIEST, .commit = commit,
		.properties = quick, .n_properties = sizeof(quick) / sizeof(*quick),
	};
	g->load = load;
	g->model = model_new(&(struct model_limits){0});
	g->producer = producer_new(&config, NULL, NULL, &err);
	assert_non_null(g->producer);
	return g;
}

/* Some more records, of all keys in turn. */
static void
produce_some(struct group *g)
{
	struct outgoing o = {.topic = g->options.topic, .partition = -1, .value = slice_str("x")};
	struct err err = {0};
	char key[16];

	for (int i = 0; i < AT_ONCE && g->sent < g->load; i++, g->sent++) {
		snprintf(key, sizeof(key), "key-%d", g->sent % KEYS);
		o.key = slice_str(key);
		assert_int_equal(producer_send(g->producer, &o, &err), PRODUCED);
	}
	producer_poll(g->producer, 0);
}

static void
group_round(struct group *g)
{
	produce_some(g);
	for (size_t i = 0; i < g->n; i++)
		probe_round(g->members[i], i == 0 ? 5 : 0);
}

static void
group_until(struct group *g, bool (*state)(const struct group *g, size_t arg), size_t arg)
{
	int64_t deadline = clock_mono_ms() + 2 * PROBE_WAIT_MS;

	while (!state(g, arg)) {
		assert_true(clock_mono_ms() < deadline);
		group_round(g);
	}
}

static size_t
records_of(const struct group *g)
{
	size_t records = g->records;

	for (size_t i = 0; i < g->n; i++)
		records += g->members[i]->records;
	return records;
}

static bool
has_read(const struct group *g, size_t records)
{
	return records_of(g) >= records;
}

static bool
shares_all(const struct group *g, size_t least)
{
	size_t held = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (g->members[i]->held < least)
			return false;
		held += g->members[i]->held;
	}
	return held == PROBE_PARTITIONS;
}

static bool
all_committed(const struct group *g, size_t commits)
{
	size_t answered = 0;

	for (size_t i = 0; i < g->n; i++)
		answered += g->members[i]->commits;
	return answered >= commits;
}

/* Nobody reads, and what was read is committed: the embedded broker takes no commit while it
 * rebalances. The load goes on. */
static void
group_pause(struct group *g)
{
	size_t commits = 0;

	for (size_t i = 0; i < g->n; i++) {
		consumer_pause(g->members[i]->consumer, true);
		commits += g->members[i]->commits;
	}
	if (g->options.commit == COMMIT_NONE)
		return;
	for (size_t i = 0; i < g->n; i++)
		commits += consumer_commit_now(g->members[i]->consumer) > 0;
	group_until(g, all_committed, commits);
}

/* All partitions are shared out among those there are, who read on. */
static void
group_resume(struct group *g)
{
	group_until(g, shares_all, PROBE_PARTITIONS / g->n);
	for (size_t i = 0; i < g->n; i++)
		consumer_pause(g->members[i]->consumer, false);
}

static void
group_join(struct group *g)
{
	struct probe *p;

	group_pause(g);
	p = probe_new(&g->options);
	p->model = g->model;
	consumer_pause(p->consumer, true);
	g->members[g->n++] = p;
	group_resume(g);
}

static struct check_sums
checks_of(const struct group *g)
{
	struct view *view = xcalloc(1, sizeof(*view));
	struct check_sums sums;

	view->query.kind = VIEW_HEAD;
	model_view(g->model, view, clock_mono_ms());
	sums = view->head.checks;
	view_free(view);
	return sums;
}

/* Every key is, and so many records came again. */
static void
assert_in_order(const struct group *g, size_t repeated)
{
	struct check_sums sums = checks_of(g);

	assert_int_equal(sums.keys, KEYS);
	assert_int_equal(sums.faulty, 0);
	assert_int_equal(sums.counts[CHECK_ORDER], 0);
	assert_int_equal(sums.counts[CHECK_TIME], 0);
	assert_int_equal(sums.counts[CHECK_MOVED], 0);
	assert_int_equal(sums.counts[CHECK_REPEATED], repeated);
}

/* Member NO goes; what it has seen stays. */
static void
drop(struct group *g, size_t no)
{
	struct probe *p = g->members[no];

	g->records += p->records;
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		for (int j = 0; j < PROBE_SEEN; j++)
			g->seen[i][j] = (unsigned char)(g->seen[i][j] + p->seen[i][j]);
	memmove(&g->members[no], &g->members[no + 1], (--g->n - no) * sizeof(p));
	probe_leave(p);
}

static void
group_leave(struct group *g, size_t no)
{
	group_pause(g);
	drop(g, no);
	group_resume(g);
}

static void
group_free(struct group *g)
{
	while (g->n)
		drop(g, 0);
	producer_free(g->producer);
	model_free(g->model);
	free(g);
}

/* ---- the tests ---- */

static void
no_key_is_out_of_order_or_repeated_by_rebalances(void **state)
{
	struct group *g = group_new("load", COMMIT_AUTO, LOAD);
	size_t seen = 0;

	(void)state;
	for (int round = 0; round < MEMBERS; round++) {
		group_join(g);
		group_until(g, has_read, records_of(g) + 200);
	}
	group_leave(g, 0); /* one leaves, another comes */
	group_until(g, has_read, records_of(g) + 200);
	group_join(g);
	group_until(g, has_read, records_of(g) + 200);
	assert_true(g->sent < LOAD); /* it was under load all the time */
	g->load = g->sent;
	group_until(g, has_read, (size_t)g->sent);
	assert_in_order(g, 0);
	while (g->n)
		drop(g, 0);
	for (int i = 0; i < PROBE_PARTITIONS; i++)
		for (int j = 0; j < PROBE_SEEN; j++) {
			assert_true(g->seen[i][j] <= 1);
			seen += g->seen[i][j];
		}
	assert_int_equal(seen, g->sent);
	group_free(g);
}

/* What a member had read and not committed comes again, to another: that is repeated, and no fault of the order. */
static void
what_a_crash_leaves_is_repeated_and_in_order(void **state)
{
	struct group *g = group_new("crash", COMMIT_NONE, 600);

	(void)state;
	group_join(g);
	group_until(g, has_read, 600);
	assert_in_order(g, 0);
	drop(g, 0); /* without a commit, as by a crash */
	group_join(g);
	group_until(g, has_read, 1200);
	assert_in_order(g, 600);
	group_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_is_out_of_order_or_repeated_by_rebalances),
		cmocka_unit_test(what_a_crash_leaves_is_repeated_and_in_order),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
