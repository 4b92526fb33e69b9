/* SPDX-License-Identifier: MIT */
/* The engine with a feed and a sink made here: no Kafka, so that it also runs under a thread checker. */
#include "base/alloc.h"
#include "base/mailbox.h"
#include "engine/engine.h"
#include "model/producers.h"
#include "unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 10000 };

/* Hands out `there` records of one partition, then waits. */
struct fake_feed {
	struct feed feed;
	struct feed_listener listener;
	int64_t there, taken, applied;
	bool fails, ends, stopped;
	int64_t place; /* the last offset that was applied */
	bool one_by_one;
	int commands;
	bool holds, in_hand; /* a record at a time is kept in hand for hold_ms */
	int64_t hold_ms, stored;
	enum commit_result result;
};

struct fake_sink {
	struct sink sink;
	int64_t records, refuse_at; /* refuse_at -1: never */
	int restarted, idles;
	char steps[32], said[ERR_TEXT]; /* of storing, a letter each; the last sentence */
	int pace_ms; /* a record takes that long; 0: no time */
};

/* Keeps records, and tells of it when it is waited for; with a `room`, as soon as that is used up. */
struct fake_keep {
	struct sink sink;
	int64_t given, kept, most; /* most: records that were given and not kept */
	int64_t room;              /* 0: no bound */
	int64_t fails_at;          /* the offset that cannot be kept; 0: none */
};

static struct fake_feed *
fake(struct feed *f)
{
	return (struct fake_feed *)f;
}

static bool
feed_start(struct feed *f, const struct feed_listener *l, struct err *err)
{
	fake(f)->listener = *l;
	return !fake(f)->fails || err_set(err, "no such broker");
}

static int
feed_fd(struct feed *f)
{
	(void)f;
	return -1;
}

static size_t
feed_take(struct feed *f, struct record *out, size_t cap)
{
	size_t n = 0;

	if (fake(f)->in_hand)
		return 0;
	if (fake(f)->holds && cap > 1)
		cap = 1;
	for (; n < cap && fake(f)->taken < fake(f)->there; n++)
		out[n] = (struct record){.topic = "t", .offset = fake(f)->taken++};
	return n;
}

static void
feed_applied(struct feed *f, const struct record *r, size_t n)
{
	fake(f)->applied += (int64_t)n;
	if (n > 0)
		fake(f)->place = r[n - 1].offset;
}

static void
feed_release(struct feed *f)
{
	fake(f)->in_hand = false;
}

static int64_t
feed_hold(struct feed *f)
{
	fake(f)->in_hand = fake(f)->holds;
	return fake(f)->holds ? fake(f)->hold_ms : -1;
}

static enum commit_result
feed_stored(struct feed *f, const struct record *r, size_t n, struct err *why)
{
	assert_int_equal(r->offset, fake(f)->stored);
	fake(f)->stored += (int64_t)n;
	err_set(why, "no permission");
	return fake(f)->result;
}

static bool
feed_one_by_one(struct feed *f)
{
	return fake(f)->one_by_one;
}

static int64_t
feed_due(struct feed *f)
{
	(void)f;
	return INT64_MAX;
}

static void
feed_tick(struct feed *f, int64_t now)
{
	(void)f;
	(void)now;
}

static void
feed_command(struct feed *f, const struct command *c)
{
	fake(f)->commands++;
	if (c->kind != COMMAND_SEEK_BEGINNING)
		return;
	fake(f)->taken = 0;
	fake(f)->listener.restarted(fake(f)->listener.ctx);
	fake(f)->listener.said(fake(f)->listener.ctx, NOTICE_INFO, "from the beginning");
}

static void
feed_status(struct feed *f, struct source_status *out)
{
	*out = (struct source_status){.link = LINK_UP, .now = -1, .at_end = fake(f)->taken == fake(f)->there};
}

static bool
feed_ended(struct feed *f)
{
	return fake(f)->ends && fake(f)->taken == fake(f)->there;
}

static void
feed_stop(struct feed *f)
{
	fake(f)->stopped = true;
}

static bool
feed_free(struct feed *f)
{
	(void)f;
	return true;
}

static const struct feed_ops fake_feed_ops = {
	.start = feed_start, .fd = feed_fd, .take = feed_take, .applied = feed_applied, .release = feed_release,
	.hold = feed_hold, .stored = feed_stored, .one_by_one = feed_one_by_one,
	.due = feed_due, .tick = feed_tick, .command = feed_command, .status = feed_status, .ended = feed_ended,
	.stop = feed_stop, .free = feed_free,
};

static size_t
sink_records(struct sink *s, const struct record *r, size_t n, struct err *err)
{
	struct fake_sink *f = (struct fake_sink *)s;

	for (size_t i = 0; i < n; i++) {
		if (r[i].offset == f->refuse_at) {
			err_set(err, "disk full");
			return i;
		}
		poll(NULL, 0, f->pace_ms);
		f->records++;
	}
	return n;
}

static void
sink_restarted(struct sink *s)
{
	((struct fake_sink *)s)->restarted++;
	((struct fake_sink *)s)->records = 0;
}

static void
sink_storing(struct sink *s, enum storing what)
{
	struct fake_sink *f = (struct fake_sink *)s;

	f->steps[strlen(f->steps)] = "bec"[what];
}

static void
sink_said(struct sink *s, enum notice_level level, const char *sentence)
{
	(void)level;
	snprintf(((struct fake_sink *)s)->said, ERR_TEXT, "%s", sentence);
}

static bool
sink_scraped(struct sink *s, const struct scrape *scrape, struct err *said)
{
	(void)s;
	err_set(said, "%lld events", (long long)scrape->events);
	return scrape->events > 5;
}

static void
sink_idle(struct sink *s, int64_t now)
{
	(void)now;
	((struct fake_sink *)s)->idles++;
}

static void
sink_view(struct sink *s, struct view *view, int64_t now)
{
	view_clear(view);
	view->now = now;
	view->head.records = ((struct fake_sink *)s)->records;
}

static const struct sink_ops fake_sink_ops = {
	.records = sink_records, .storing = sink_storing, .said = sink_said, .restarted = sink_restarted,
	.idle = sink_idle, .view = sink_view, .scraped = sink_scraped,
};

static size_t
keep_records(struct sink *s, const struct record *r, size_t n, struct err *err)
{
	struct fake_keep *k = (struct fake_keep *)s;

	(void)r;
	(void)err;
	k->given += (int64_t)n;
	if (k->given - k->kept > k->most)
		k->most = k->given - k->kept;
	return n;
}

static bool
keep_full(struct sink *s)
{
	const struct fake_keep *k = (const struct fake_keep *)s;

	return k->room && k->given - k->kept >= k->room;
}

static size_t
keep_kept(struct sink *s, bool wait, struct record *out, size_t cap, struct err *err)
{
	struct fake_keep *k = (struct fake_keep *)s;

	assert_true(cap > 0);
	if (k->kept == k->given || !(wait || keep_full(s)))
		return 0;
	if (k->fails_at && k->given > k->fails_at) {
		err_set(err, "disk full");
		return 0;
	}
	k->kept = k->given;
	out[0] = (struct record){.topic = "t", .offset = k->kept - 1};
	return 1;
}

static int
keep_fd(struct sink *s)
{
	(void)s;
	return -1;
}

static void
keep_view(struct sink *s, struct view *view, int64_t now)
{
	(void)now;
	view->head.store.records = ((struct fake_keep *)s)->kept;
}

static const struct sink_ops fake_keep_ops = {
	.records = keep_records, .kept = keep_kept, .kept_fd = keep_fd, .full = keep_full, .view = keep_view,
};

struct rig {
	struct fake_feed feed;
	struct fake_sink sink;
	struct mailbox *scrapes;
	struct fake_keep keep;
	bool keeps;
	struct engine *engine;
};

static void
rig_start(struct rig *rig, int64_t count, int64_t run_ms)
{
	struct engine_config config = {.feed = &rig->feed.feed, .sink = &rig->sink.sink, .count = count,
				       .run_ms = run_ms, .scrapes = rig->scrapes, .batch = rig->sink.pace_ms ? 0 : 7};

	rig->feed.feed.ops = &fake_feed_ops;
	rig->sink.sink.ops = &fake_sink_ops;
	rig->keep.sink.ops = &fake_keep_ops;
	if (rig->keeps)
		config.keep = &rig->keep.sink;
	rig->engine = engine_new(&config);
	engine_start(rig->engine);
}

static struct engine_letter *
next_letter(struct rig *rig)
{
	struct pollfd fd = {.fd = engine_fd(rig->engine), .events = POLLIN};

	assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	return engine_take(rig->engine);
}

static void
expect_end(struct rig *rig, bool failed, const char *text)
{
	struct engine_letter *letter = next_letter(rig);

	assert_int_equal(letter->kind, ENGINE_ENDED);
	assert_int_equal(letter->failed, failed);
	assert_string_equal(letter->text, text);
	free(letter);
}

static void
rig_stop(struct rig *rig)
{
	engine_stop(rig->engine);
	assert_true(engine_wait(rig->engine, WAIT_MS));
	assert_true(rig->feed.stopped);
	engine_free(rig->engine);
}

static int64_t
records_seen(struct rig *rig)
{
	struct view *view = xcalloc(1, sizeof(*view));
	struct engine_letter *letter;
	int64_t records;

	engine_ask(rig->engine, view);
	while ((letter = next_letter(rig))->kind != ENGINE_VIEW)
		free(letter);
	assert_ptr_equal(letter->view, view);
	records = view->head.records;
	free(letter);
	view_free(view);
	return records;
}

static void
reads_to_the_end(void **state)
{
	struct rig rig = {.feed = {.there = 100, .ends = true}, .sink = {.refuse_at = -1}};

	(void)state;
	rig_start(&rig, -1, -1);
	expect_end(&rig, false, "");
	assert_int_equal(records_seen(&rig), 100);
	rig_stop(&rig);
	assert_int_equal(rig.feed.applied, 100);
}

static void
count_takes_exactly_that_many(void **state)
{
	struct rig rig = {.feed = {.there = 100}, .sink = {.refuse_at = -1}};

	(void)state;
	rig_start(&rig, 5, -1);
	expect_end(&rig, false, "");
	rig_stop(&rig);
	assert_int_equal(rig.feed.taken, 5);
	assert_int_equal(rig.feed.applied, 5);
}

static void
what_is_stored_is_committed_record_by_record(void **state)
{
	struct rig rig = {.feed = {.there = 100, .holds = true, .result = COMMIT_DONE}, .sink = {.refuse_at = -1}};

	(void)state;
	rig_start(&rig, 3, -1);
	expect_end(&rig, false, "");
	rig_stop(&rig);
	assert_string_equal(rig.sink.steps, "becbecbec");
	assert_int_equal(rig.feed.stored, 3);
	assert_int_equal(rig.feed.applied, 0);
	assert_string_equal(rig.sink.said, "");
}

static void
what_is_stored_and_not_committed_is_said(void **state)
{
	struct rig rig = {.feed = {.there = 100, .holds = true, .result = COMMIT_FAILED}, .sink = {.refuse_at = -1}};
	struct engine_letter *letter;

	(void)state;
	rig_start(&rig, 1, -1);
	letter = next_letter(&rig);
	assert_int_equal(letter->kind, ENGINE_NOTICE);
	assert_int_equal(letter->level, NOTICE_WARN);
	assert_string_equal(letter->text, "t[0]@0 was not committed: no permission");
	free(letter);
	rig_stop(&rig);
	assert_string_equal(rig.sink.steps, "be");
}

/* For as long as a record is being stored views are answered and commands obeyed; who stops
 * then has stored nothing. */
static void
storing_takes_time_and_holds_nobody_up(void **state)
{
	struct rig rig = {.feed = {.there = 100, .holds = true, .hold_ms = 3600000}, .sink = {.refuse_at = -1}};

	(void)state;
	rig_start(&rig, -1, -1);
	while (records_seen(&rig) == 0)
		;
	engine_command(rig.engine, &(struct command){.kind = COMMAND_COMMIT_NOW});
	assert_int_equal(records_seen(&rig), 1);
	rig_stop(&rig);
	assert_int_equal(rig.feed.commands, 1);
	assert_string_equal(rig.sink.steps, "b");
	assert_int_equal(rig.feed.stored + rig.feed.applied, 0);
}

static void
time_ends_a_quiet_run(void **state)
{
	struct rig rig = {.feed = {.there = 3}, .sink = {.refuse_at = -1}};

	(void)state;
	rig_start(&rig, -1, 0);
	expect_end(&rig, false, "");
	rig_stop(&rig);
}

static void
a_failed_start_says_why(void **state)
{
	struct rig rig = {.feed = {.fails = true}, .sink = {.refuse_at = -1}};

	(void)state;
	rig_start(&rig, -1, -1);
	expect_end(&rig, true, "no such broker");
	assert_int_equal(records_seen(&rig), 0);
	rig_stop(&rig);
}

static void
what_the_sink_refuses_is_not_applied(void **state)
{
	struct rig rig = {.feed = {.there = 100}, .sink = {.refuse_at = 10}};

	(void)state;
	rig_start(&rig, -1, -1);
	expect_end(&rig, true, "disk full");
	rig_stop(&rig);
	assert_int_equal(rig.feed.applied, 10);
}

static void
a_seek_back_after_the_end_reads_again(void **state)
{
	struct rig rig = {.feed = {.there = 20, .ends = true}, .sink = {.refuse_at = -1}};
	struct engine_letter *letter;

	(void)state;
	rig_start(&rig, -1, -1);
	expect_end(&rig, false, "");
	engine_command(rig.engine, &(struct command){.kind = COMMAND_SEEK_BEGINNING});
	letter = next_letter(&rig);
	assert_int_equal(letter->kind, ENGINE_NOTICE);
	assert_string_equal(letter->text, "from the beginning");
	free(letter);
	expect_end(&rig, false, "");
	assert_int_equal(records_seen(&rig), 20);
	rig_stop(&rig);
	assert_int_equal(rig.sink.restarted, 1);
}

/* Who reads our output slowly does not keep us from obeying: the rounds get small. */
static void
a_slow_sink_is_left_soon(void **state)
{
	struct rig rig = {.feed = {.there = 1000000}, .sink = {.refuse_at = -1, .pace_ms = 20}};

	(void)state;
	rig_start(&rig, -1, -1);
	for (int i = 0; i < 3; i++)
		records_seen(&rig);
	engine_stop(rig.engine);
	assert_true(engine_wait(rig.engine, 2000));
	assert_in_range(rig.sink.records, 1, 200);
	assert_int_equal(rig.feed.applied, rig.sink.records);
	engine_free(rig.engine);
}

/* What was seen of producers goes to the sink, and what has changed is said. */
static void
scrapes_are_read_beside_the_feed(void **state)
{
	struct rig rig = {.sink.refuse_at = -1, .scrapes = mailbox_new()};
	struct engine_letter *letter;

	(void)state;
	rig_start(&rig, -1, -1);
	for (int64_t events = 5; events <= 7; events += 2) {
		const struct scrape scrape = {.events = events};

		mailbox_post(rig.scrapes, xmemdup(&scrape, sizeof(scrape)));
	}
	letter = next_letter(&rig);
	assert_int_equal(letter->kind, ENGINE_NOTICE);
	assert_string_equal(letter->text, "7 events");
	assert_string_equal(rig.sink.said, "7 events");
	free(letter);
	rig_stop(&rig);
	mailbox_free(rig.scrapes, free);
}

/* What a store has is applied, and at the end all of it is waited for. */
static void
what_is_kept_is_applied(void **state)
{
	struct rig rig = {.feed = {.there = 100}, .sink = {.refuse_at = -1}, .keeps = true};

	(void)state;
	rig_start(&rig, 50, -1);
	expect_end(&rig, false, "");
	rig_stop(&rig);
	assert_int_equal(rig.keep.given, 50);
	assert_int_equal(rig.feed.applied, 1);
	assert_int_equal(rig.feed.place, 49);
}

static void
what_is_not_kept_is_not_applied(void **state)
{
	struct rig rig = {.feed = {.there = 100}, .sink = {.refuse_at = -1}, .keep = {.fails_at = 20}, .keeps = true};

	(void)state;
	rig_start(&rig, 50, -1);
	expect_end(&rig, true, "disk full");
	rig_stop(&rig);
	assert_int_equal(rig.feed.applied, 0);
}

static void
a_full_store_is_waited_for(void **state)
{
	struct rig rig = {.feed = {.there = 100, .ends = true}, .sink = {.refuse_at = -1}, .keep = {.room = 10},
			  .keeps = true};

	(void)state;
	rig_start(&rig, -1, -1);
	expect_end(&rig, false, "");
	rig_stop(&rig);
	assert_in_range(rig.keep.most, 10, 10 + 7);
	assert_int_equal(rig.keep.kept, 100);
	assert_int_equal(rig.feed.place, 99);
}

/* In commit mode each a record is on the disk before the next is taken, before partitions go away everything is. */
static void
a_store_is_settled_in_time(void **state)
{
	struct rig rig = {.feed = {.there = 20, .ends = true, .one_by_one = true}, .sink = {.refuse_at = -1},
			  .keeps = true};
	struct rig leaving = {.feed = {.there = 20}, .sink = {.refuse_at = -1}, .keeps = true};
	const struct command back = {.kind = COMMAND_SEEK_BEGINNING};

	(void)state;
	rig_start(&rig, -1, -1);
	expect_end(&rig, false, "");
	rig_stop(&rig);
	assert_in_range(rig.keep.most, 1, 7); /* a batch */
	assert_true(rig.feed.applied >= 20 / 7);
	rig_start(&leaving, -1, -1);
	while (records_seen(&leaving) < 20)
		continue;
	engine_command(leaving.engine, &back);
	free(next_letter(&leaving)); /* said, by which the command was obeyed */
	engine_stop(leaving.engine);
	assert_true(engine_wait(leaving.engine, WAIT_MS));
	assert_in_range(leaving.keep.most, 1, 20); /* what was before the seek was kept before it */
	leaving.feed.listener.leaving(leaving.feed.listener.ctx);
	assert_int_equal(leaving.keep.kept, leaving.keep.given);
	engine_free(leaving.engine);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scrapes_are_read_beside_the_feed),
		cmocka_unit_test(reads_to_the_end),
		cmocka_unit_test(count_takes_exactly_that_many),
		cmocka_unit_test(what_is_stored_is_committed_record_by_record),
		cmocka_unit_test(what_is_stored_and_not_committed_is_said),
		cmocka_unit_test(storing_takes_time_and_holds_nobody_up),
		cmocka_unit_test(time_ends_a_quiet_run),
		cmocka_unit_test(a_failed_start_says_why),
		cmocka_unit_test(what_the_sink_refuses_is_not_applied),
		cmocka_unit_test(a_seek_back_after_the_end_reads_again),
		cmocka_unit_test(a_slow_sink_is_left_soon),
		cmocka_unit_test(what_is_kept_is_applied),
		cmocka_unit_test(what_is_not_kept_is_not_applied),
		cmocka_unit_test(a_full_store_is_waited_for),
		cmocka_unit_test(a_store_is_settled_in_time),
	};

	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
