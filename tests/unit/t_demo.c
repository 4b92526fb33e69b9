/* SPDX-License-Identifier: MIT */
/* What is to be seen while loads/demo.json runs, second by second. */
#include "unit.h"

#include "load/experiment.h"

enum { SECONDS = 180, SECOND_US = 1000000, AHEAD_S = 3, SEEDS = 50 };

/* How many experiments are so. Those that have ended count as such only. */
struct second {
	int configured, stabilizing, running, ended;
	int in, out;                 /* of their range, by the last sample */
	int running_in, running_out; /* of these the running ones */
};

static struct plan plan;

static int
read_demo(void **state)
{
	struct buf notes = {0};
	struct err err = {""};
	bool ok = plan_read(&plan, TESTLOADS "/demo.json", &notes, &err);

	(void)state;
	assert_int_equal(notes.n, 0);
	buf_free(&notes);
	return ok ? 0 : -1;
}

static int
forget_demo(void **state)
{
	(void)state;
	plan_fini(&plan);
	return 0;
}

/* An experiment whose last moment was LAST; IN: whether its last sample was in range, NULL before any. */
static void
count(struct second *s, enum event_kind last, bool running, const bool *in)
{
	s->configured += last == EVENT_CONFIGURED;
	s->ended += last == EVENT_TERMINATED;
	if (last == EVENT_CONFIGURED || last == EVENT_TERMINATED)
		return;
	s->running += running;
	s->stabilizing += !running;
	if (!in)
		return;
	s->in += *in;
	s->out += !*in;
	s->running_in += running && *in;
	s->running_out += running && !*in;
}

static void
watch_one(const struct plan_entry *entry, uint64_t seed, struct second seconds[SECONDS])
{
	int64_t start = (int64_t)(entry->start_time * SECOND_US), configure = start - AHEAD_S * SECOND_US;
	struct experiment *e = experiment_new(entry, configure, start, seed);
	const struct moment *m;
	bool running = false, sampled = false, in = false;

	while ((m = experiment_next(e))) {
		enum event_kind kind = m->kind;
		int64_t from = m->time, to = experiment_due(e);

		running = running || kind == EVENT_STARTED;
		if (kind == EVENT_MEASURED) {
			sampled = true;
			in = m->average >= (float)entry->lower && m->average <= (float)entry->upper;
		}
		for (int64_t s = (from + SECOND_US - 1) / SECOND_US; s < SECONDS && s * SECOND_US < to; s++)
			count(&seconds[s], kind, running, sampled ? &in : NULL);
	}
	experiment_free(e);
}

static void
watch(uint64_t seed, struct second seconds[SECONDS])
{
	struct rng rng = {seed};

	memset(seconds, 0, SECONDS * sizeof(*seconds));
	for (size_t i = 0; i < plan.n; i++)
		watch_one(&plan.entries[i], rng_next(&rng), seconds);
}

/* Within a minute, whatever chance does: all stages, and for half of it an experiment inside its range beside one
 * outside of it; for a while these are running ones. */
static void
test_first_minute(void **state)
{
	struct second s[SECONDS];

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		int configured = 0, stabilizing = 0, running = 0, ended = 0, both = 0, both_running = 0;

		watch(seed, s);
		for (int i = 0; i < 60; i++) {
			configured += s[i].configured > 0;
			stabilizing += s[i].stabilizing > 0;
			running += s[i].running > 0;
			ended += s[i].ended > 0;
			both += s[i].in > 0 && s[i].out > 0;
			both_running += s[i].running_in > 0 && s[i].running_out > 0;
		}
		assert_true(configured >= 15 && stabilizing >= 30 && running >= 30 && ended >= 30);
		assert_true(both >= 30);
		assert_true(both_running >= 10);
	}
}

/* Until the last ones end it stays so: never longer than ten seconds without both, always several alive. */
static void
test_stays_alive(void **state)
{
	int duration = (int)plan_duration(&plan);
	struct second s[SECONDS];

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		int without = 0;

		watch(seed, s);
		for (int i = 20; i < duration - 10; i++) {
			without = s[i].in > 0 && s[i].out > 0 ? 0 : without + 1;
			assert_true(without <= 10);
			assert_true(s[i].stabilizing + s[i].running >= 3);
		}
	}
}

/* No more events/s than a terminal over SSH shows calmly; over in about two minutes; all of it fits 24 lines. */
static void
test_calm(void **state)
{
	int duration = (int)plan_duration(&plan);

	(void)state;
	assert_true(duration >= 100 && duration <= 150);
	assert_true(plan.n <= 17);
	for (int at = 10; at < duration - 20; at++) {
		double rate = 0;

		for (size_t i = 0; i < plan.n; i++) {
			const struct plan_entry *e = &plan.entries[i];

			if (at >= e->start_time && at < e->start_time + plan_entry_duration(e))
				rate += plan_entry_rate(e);
		}
		assert_true(rate >= 30 && rate <= 120);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_minute),
		cmocka_unit_test(test_stays_alive),
		cmocka_unit_test(test_calm),
	};

	return cmocka_run_group_tests(tests, read_demo, forget_demo);
}
