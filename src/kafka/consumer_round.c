/* SPDX-License-Identifier: MIT */
/* The round: a batch is polled, applied and released; or a record of it is kept in hand. */
#include "kafka/consumer_inside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	FLOOD = 10000,      /* records in a row: the queue may have been full */
	NUDGE_MS = 10,
	HOLD_SHORT_MS = 500 /* about what a pause costs, which throws away what was fetched ahead */
};

static void
take_answers(struct consumer *c)
{
	struct inquiry *q;

	while ((q = mailbox_take(c->answers))) {
		if (q->kind == INQUIRY_TOPICS)
			join_answer(c, q);
		else if (q->kind == INQUIRY_COMPARE)
			topics_compared(c, q);
		else
			assign_answer(c, q);
		inquiry_free(q);
	}
}

static void
drain_event(struct consumer *c)
{
	uint64_t count;

	if (read(c->event, &count, sizeof(count)) < 0 && errno != EAGAIN)
		link_say(c, LOG_ERROR, "the event descriptor cannot be read: %s", strerror(errno));
}

/*
 * When the queue is full the library's threads sleep until their round of every
 * second, even when it was emptied long before: who reads slower than it fetches
 * would stand still most of the time. Giving it the credentials that it has is
 * the one call that wakes them all and waits for nothing.
 */
static void
nudge(struct consumer *c, size_t kept)
{
	bool flood = c->in_a_row >= FLOOD;

	c->in_a_row = kept ? c->in_a_row + kept : 0;
	if (!flood || (kept && c->now - c->nudged < NUDGE_MS))
		return;
	c->nudged = c->now;
	rd_kafka_error_destroy(rd_kafka_sasl_set_credentials(c->rk, c->user, c->password));
}

size_t
consumer_poll(struct consumer *c, struct record *out, size_t cap)
{
	ssize_t n;
	size_t kept;

	batch_release(c);
	drain_event(c);
	take_answers(c);
	if (!c->leaving)
		topics_look(c);
	if ((c->refused || topics_hold(c)) && !c->leaving)
		return 0;
	if (c->held.message && !c->held.paused && !c->paused)
		return 0; /* a short while: what comes stays in the queue */
	c->polled = c->now;
	if (c->leaving)
		cap = CONSUMER_BATCH; /* nothing of it is handed out */
	else if (c->commit == COMMIT_EACH && cap > 1)
		cap = 1; /* a record is committed before the next is used */
	if (c->left || cap == 0)
		return 0;
	if (c->resting) {
		c->resting = false;
		if (!consumer_is_still(c))
			assign_pause(c, false);
	}
	do {
		assign_work(c);
		n = rd_kafka_consume_batch_queue(c->queue, 0, c->batch, cap < CONSUMER_BATCH ? cap : CONSUMER_BATCH);
		kept = n > 0 ? batch_sort_out(c, (size_t)n, out) : 0;
	} while (kept == 0 && (n > 0 || assign_has_work(c)));
	nudge(c, kept);
	return kept;
}

static enum commit_result
store(struct consumer *c, const struct record *r, struct err *why)
{
	int64_t at = table_at(&c->table, r->topic_no, r->partition);

	if (at < 0)
		return COMMIT_LATER;
	commit_applied(c, (size_t)at, r->offset + 1);
	if (c->commit != COMMIT_EACH)
		return COMMIT_LATER;
	return commit_record(c, (size_t)at, r->offset + 1, why) ? COMMIT_DONE : COMMIT_FAILED;
}

void
consumer_applied(struct consumer *c, const struct record *r, size_t n)
{
	struct err unused; /* a commit that fails is said by itself */

	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || r[i].partition != r[i + 1].partition ||
		    r[i].topic_no != r[i + 1].topic_no)
			store(c, &r[i], &unused);
}

/* The record in hand is done with. */
static void
let_go(struct consumer *c)
{
	bool paused = c->held.paused;

	if (!c->held.message)
		return;
	rd_kafka_message_destroy(c->held.message);
	c->held = (struct held){0};
	if (paused && !consumer_is_still(c))
		assign_pause(c, false);
}

void
consumer_release(struct consumer *c)
{
	batch_release(c);
	let_go(c);
}

static void
say_slow(struct consumer *c, int64_t ms)
{
	if (c->slow_said || ms < c->max_poll_ms)
		return;
	c->slow_said = true;
	link_say(c, LOG_INFO, "storing a record takes %g s, longer than max.poll.interval.ms (%g s): the partitions "
		 "are paused meanwhile, so that the group keeps us", (double)ms / 1000, (double)c->max_poll_ms / 1000);
}

bool
consumer_one_by_one(const struct consumer *c)
{
	return c->commit == COMMIT_EACH;
}

bool
consumer_hold(struct consumer *c, int64_t ms)
{
	rd_kafka_message_t *m = c->n_batch == 1 ? c->batch[0] : NULL;

	if (!m || c->commit != COMMIT_EACH)
		return false;
	c->held = (struct held){
		.message = m, .topic_no = batch_topic(c, m->rkt), .partition = m->partition,
		.since = c->now, .ms = ms, .paused = ms >= HOLD_SHORT_MS,
	};
	c->n_batch = 0;
	if (c->held.paused && !c->paused)
		assign_pause(c, true);
	say_slow(c, ms);
	return true;
}

enum commit_result
consumer_stored(struct consumer *c, const struct record *r, struct err *why)
{
	if (!c->held.gone)
		return store(c, r, why);
	err_set(why, "%s", c->held.gone);
	return COMMIT_FAILED;
}
