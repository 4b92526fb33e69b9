/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/thread.h"
#include "model/producers.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* What fits in a core's cache: what a record allocates is freed while it is warm. The
 * first rounds are small, and none of a slow sink is long: nothing is obeyed meanwhile. */
enum { BATCH = 1000, FIRST_ROUND = 16, ROUND_MS = 100, PLACES = 64 };

/* What the owner asks of the thread. */
struct order {
	enum { ORDER_VIEW, ORDER_COMMAND, ORDER_STOP } kind;
	struct view *view;
	struct command command;
};

struct engine {
	struct engine_config config;
	struct mailbox *inbox, *outbox;
	struct thread *thread;
	struct record *batch;
	size_t round;     /* records to be taken at once */
	size_t held;      /* records of the batch that are being stored, 0: none */
	int64_t stored_at; /* mono ms at which they are */
	int64_t left;     /* records still to be taken, -1: no limit */
	int64_t deadline; /* mono ms at which the time is over */
	bool stopping, ended;
};

static void
post(struct engine *e, struct engine_letter letter, const char *text)
{
	struct engine_letter *copy = xmemdup(&letter, sizeof(letter));

	snprintf(copy->text, sizeof(copy->text), "%s", text);
	mailbox_post(e->outbox, copy);
}

static void
end(struct engine *e, bool failed, const char *why)
{
	if (e->ended)
		return;
	e->ended = true;
	post(e, (struct engine_letter){.kind = ENGINE_ENDED, .failed = failed}, why);
}

/* What is kept meanwhile is applied; with WAIT, all that was given. */
static void
apply_kept(struct engine *e, bool wait)
{
	struct sink *keep = e->config.keep;
	struct record places[PLACES];
	struct err err = {0};
	size_t n;

	if (!keep)
		return;
	while ((n = keep->ops->kept(keep, wait, places, PLACES, &err)) > 0)
		e->config.feed->ops->applied(e->config.feed, places, n);
	if (err.text[0])
		end(e, true, err.text);
}

static bool
is_full(const struct engine *e)
{
	return e->config.keep && e->config.keep->ops->full(e->config.keep);
}

static void
on_assignment(void *ctx, const struct assignment *a)
{
	struct engine *e = ctx;

	if (e->config.sink->ops->assignment)
		e->config.sink->ops->assignment(e->config.sink, a);
}

static void
on_said(void *ctx, enum notice_level level, const char *sentence)
{
	static const enum log_level levels[] = {LOG_INFO, LOG_WARN, LOG_ERROR};
	struct engine *e = ctx;

	log_write(levels[level], "exptop", "%s", sentence);
	if (e->config.sink->ops->said)
		e->config.sink->ops->said(e->config.sink, level, sentence);
	post(e, (struct engine_letter){.kind = ENGINE_NOTICE, .level = level}, sentence);
}

static void
on_restarted(void *ctx)
{
	struct engine *e = ctx;

	e->ended = false; /* a seek back after the end: there is something to read again */
	if (e->config.sink->ops->restarted)
		e->config.sink->ops->restarted(e->config.sink);
}

static void
on_renewed(void *ctx, int topic_no)
{
	struct engine *e = ctx;

	if (e->config.sink->ops->renewed)
		e->config.sink->ops->renewed(e->config.sink, topic_no);
}

static void
on_failed(void *ctx, const char *sentence)
{
	log_write(LOG_ERROR, "exptop", "%s", sentence);
	end(ctx, true, sentence);
}

static void
on_asked(void *ctx, const char *question)
{
	post(ctx, (struct engine_letter){.kind = ENGINE_QUESTION}, question);
}

static void
on_learned(void *ctx, const struct news *news)
{
	struct engine *e = ctx;

	if (e->config.sink->ops->learned)
		e->config.sink->ops->learned(e->config.sink, news, clock_wall_ms());
	if (!news->more)
		post(e, (struct engine_letter){.kind = ENGINE_FRESH}, "");
}

static void
on_leaving(void *ctx)
{
	apply_kept(ctx, true);
}

/* Let the sink know what the feed says of itself. */
static void
report(struct engine *e)
{
	struct feed *feed = e->config.feed;
	struct source_status status = {0};

	if (!e->config.sink->ops->status)
		return;
	feed->ops->status(feed, &status);
	e->config.sink->ops->status(e->config.sink, &status);
}

static void
answer(struct engine *e, struct view *view)
{
	struct sink *sink = e->config.sink;
	struct feed *feed = e->config.feed;

	report(e);
	if (sink->ops->view)
		sink->ops->view(sink, view, clock_wall_ms());
	if (e->config.keep)
		e->config.keep->ops->view(e->config.keep, view, clock_wall_ms());
	if (feed->ops->looked_at)
		feed->ops->looked_at(feed, view, clock_mono_ms());
	post(e, (struct engine_letter){.kind = ENGINE_VIEW, .view = view}, "");
}

static void
obey(struct engine *e)
{
	struct order *order;

	while ((order = mailbox_take(e->inbox))) {
		switch (order->kind) {
		case ORDER_VIEW:
			answer(e, order->view);
			break;
		case ORDER_COMMAND:
			apply_kept(e, true); /* a seek: what was read before it is applied before it */
			e->config.feed->ops->command(e->config.feed, &order->command);
			break;
		case ORDER_STOP:
			e->stopping = true;
			break;
		}
		free(order);
	}
}

/* What was seen of producers, for the sink; what has changed there is said. */
static void
take_scrapes(struct engine *e)
{
	struct scrape *scrape;
	struct err said;

	while (e->config.scrapes && (scrape = mailbox_take(e->config.scrapes))) {
		if (e->config.sink->ops->scraped && e->config.sink->ops->scraped(e->config.sink, scrape, &said))
			on_said(e, NOTICE_INFO, said.text);
		free(scrape);
	}
}

/* N records took TOOK ms: so many fit into the next round. */
static void
fit_round(struct engine *e, size_t n, int64_t took)
{
	if (took > ROUND_MS)
		e->round = n * ROUND_MS / (size_t)took + 1;
	else
		e->round *= 2;
	if (e->round > e->config.batch)
		e->round = e->config.batch;
}

static void
storing(struct engine *e, enum storing what)
{
	if (e->config.sink->ops->storing)
		e->config.sink->ops->storing(e->config.sink, what);
}

static void
say_not_committed(struct engine *e, const struct record *r, const char *why)
{
	struct err text;

	err_set(&text, "%s[%d]@%lld was not committed: %s", r->topic, (int)r->partition, (long long)r->offset, why);
	on_said(e, NOTICE_WARN, text.text);
}

/* The batch of N went through the sink: true when it is being stored from now on. */
static bool
hold(struct engine *e, size_t n)
{
	struct feed *feed = e->config.feed;
	int64_t ms = feed->ops->hold ? feed->ops->hold(feed) : -1;

	if (ms < 0)
		return false;
	e->held = n;
	e->stored_at = clock_mono_ms() + ms;
	storing(e, STORING_BEGINS);
	return true;
}

/* What is in hand is stored. */
static void
end_hold(struct engine *e)
{
	struct feed *feed = e->config.feed;
	enum commit_result result;
	struct err why = {0};

	storing(e, STORING_ENDS);
	result = feed->ops->stored(feed, e->batch, e->held, &why);
	if (result == COMMIT_DONE)
		storing(e, STORING_COMMITTED);
	else if (result == COMMIT_FAILED)
		say_not_committed(e, &e->batch[0], why.text);
	feed->ops->release(feed);
	if (e->left >= 0)
		e->left -= (int64_t)e->held;
	e->held = 0;
}

/* While a record is being stored the feed is looked after; false: nothing to do but wait. */
static bool
go_on_holding(struct engine *e)
{
	struct record none;

	if (clock_mono_ms() >= e->stored_at) {
		end_hold(e);
		return true;
	}
	e->config.feed->ops->take(e->config.feed, &none, 1);
	return false;
}

/* The first N of the batch went through the sink. */
static void
apply(struct engine *e, size_t n)
{
	struct feed *feed = e->config.feed;
	struct sink *keep = e->config.keep;
	struct err unused;

	if (!keep) {
		feed->ops->applied(feed, e->batch, n);
		return;
	}
	keep->ops->records(keep, e->batch, n, &unused);
	if (feed->ops->one_by_one && feed->ops->one_by_one(feed))
		apply_kept(e, true);
}

/* One batch from the feed through the sink; false when there was none. */
static bool
work(struct engine *e)
{
	struct feed *feed = e->config.feed;
	struct sink *sink = e->config.sink;
	size_t cap = e->left >= 0 && (size_t)e->left < e->round ? (size_t)e->left : e->round;
	size_t n = feed->ops->take(feed, e->batch, cap), applied;
	int64_t began = clock_mono_ms();
	struct err err = {0};

	if (n == 0)
		return false;
	applied = sink->ops->records(sink, e->batch, n, &err);
	if (applied == n && hold(e, n))
		return true;
	apply(e, applied);
	feed->ops->release(feed);
	fit_round(e, n, clock_mono_ms() - began);
	if (e->left >= 0)
		e->left -= (int64_t)(sink->ops->wanted ? sink->ops->wanted(sink) : applied);
	if (applied < n)
		end(e, true, err.text);
	return true;
}

static void
check_limits(struct engine *e)
{
	if (e->left != 0 && clock_mono_ms() < e->deadline && !e->config.feed->ops->ended(e->config.feed))
		return;
	apply_kept(e, true); /* that it is not kept would be another end */
	end(e, false, "");
}

static void
wait_for_work(struct engine *e)
{
	struct feed *feed = e->config.feed;
	int64_t due = feed->ops->due(feed), now = clock_mono_ms(), left;
	struct sink *keep = e->config.keep;
	struct pollfd fds[] = {
		{.fd = mailbox_fd(e->inbox), .events = POLLIN},
		{.fd = e->ended || is_full(e) ? -1 : feed->ops->fd(feed), .events = POLLIN},
		{.fd = keep ? keep->ops->kept_fd(keep) : -1, .events = POLLIN},
		{.fd = e->config.scrapes ? mailbox_fd(e->config.scrapes) : -1, .events = POLLIN},
	};

	if (!e->ended && e->deadline < due)
		due = e->deadline;
	if (e->held && e->stored_at < due)
		due = e->stored_at;
	left = due == INT64_MAX ? -1 : due > now ? due - now : 0;
	if (left > 60000)
		left = 60000;
	poll(fds, sizeof(fds) / sizeof(fds[0]), (int)left);
}

static void
rest(struct sink *sink)
{
	if (sink->ops->idle)
		sink->ops->idle(sink, clock_wall_ms());
}

static void *
run(void *arg)
{
	struct engine *e = arg;
	struct feed *feed = e->config.feed;
	struct sink *sink = e->config.sink;
	const struct feed_listener listener = {on_assignment, on_said, on_restarted, on_failed, on_asked, on_learned,
						on_leaving, on_renewed, e};
	struct err err = {0};

	if (!feed->ops->start(feed, &listener, &err))
		end(e, true, err.text);
	report(e);
	while (!e->stopping) {
		bool full, busy;

		apply_kept(e, false);
		full = is_full(e);
		busy = e->held ? go_on_holding(e) : !e->ended && !full && work(e);
		feed->ops->tick(feed, clock_mono_ms());
		if (!busy)
			rest(sink);
		if (!e->ended)
			check_limits(e);
		if (!busy && full == is_full(e)) /* else there may be records that its fd does not tell of again */
			wait_for_work(e);
		take_scrapes(e);
		obey(e);
	}
	apply_kept(e, true);
	feed->ops->stop(feed);
	rest(sink);
	return NULL;
}

struct engine *
engine_new(const struct engine_config *config)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->config = *config;
	if (e->config.batch == 0)
		e->config.batch = BATCH;
	e->round = FIRST_ROUND < e->config.batch ? FIRST_ROUND : e->config.batch;
	e->batch = xcalloc(e->config.batch, sizeof(*e->batch));
	e->inbox = mailbox_new();
	e->outbox = mailbox_new();
	e->left = config->count;
	return e;
}

void
engine_start(struct engine *e)
{
	e->deadline = e->config.run_ms >= 0 ? clock_mono_ms() + e->config.run_ms : INT64_MAX;
	e->thread = thread_start(run, e);
}

int
engine_fd(const struct engine *e)
{
	return mailbox_fd(e->outbox);
}

struct engine_letter *
engine_take(struct engine *e)
{
	return mailbox_take(e->outbox);
}

static void
order(struct engine *e, struct order o)
{
	mailbox_post(e->inbox, xmemdup(&o, sizeof(o)));
}

void
engine_ask(struct engine *e, struct view *view)
{
	order(e, (struct order){.kind = ORDER_VIEW, .view = view});
}

void
engine_command(struct engine *e, const struct command *c)
{
	order(e, (struct order){.kind = ORDER_COMMAND, .command = *c});
}

void
engine_stop(struct engine *e)
{
	order(e, (struct order){.kind = ORDER_STOP});
}

bool
engine_wait(struct engine *e, int timeout_ms)
{
	return thread_join(e->thread, timeout_ms);
}

bool
engine_free(struct engine *e)
{
	bool whole;

	if (!e)
		return true;
	whole = e->config.feed->ops->free(e->config.feed);
	mailbox_free(e->inbox, free);
	mailbox_free(e->outbox, free);
	free(e->batch);
	free(e);
	return whole;
}
