/* SPDX-License-Identifier: MIT */
/* What is done in time: topics, commits and places asked for, a sign of life. */
#include "kafka/consumer_inside.h"

static int64_t
rest_due(const struct consumer *c)
{
	return c->subscribed > 0 && !c->left ? c->polled + c->max_poll_ms * 4 / 5 : INT64_MAX;
}

/* Nobody has taken a record for so long that the group would count us out: show
 * that we live, with the partitions paused until somebody takes again. */
static void
rest(struct consumer *c)
{
	bool paused = c->paused;
	struct record unused;

	if (!consumer_is_still(c))
		assign_pause(c, true);
	c->resting = c->paused = true;
	consumer_poll(c, &unused, 1);
	c->paused = paused;
	c->resting = true;
}

static void
commit_in_time(struct consumer *c)
{
	if (requests_rejoining(c->requests)) {
		c->commit_due = c->now + COMMIT_RETRY_MS;
		return;
	}
	c->commit_due = c->now + COMMIT_MS;
	if (c->commit_later)
		consumer_commit_now(c);
	else if (c->commit == COMMIT_AUTO || c->commit_ends)
		commit_stored(c, NULL);
	c->commit_ends = false;
}

void
consumer_tick(struct consumer *c, int64_t now_ms)
{
	if (c->now == 0) {
		c->polled = c->alive = c->joining_since = now_ms;
		c->commit_due = now_ms + COMMIT_MS;
	}
	c->now = now_ms;
	if (c->leaving)
		return;
	if (!c->topics_asked && now_ms >= c->topics_due)
		join_ask(c);
	topics_look(c);
	if (now_ms >= c->commit_due)
		commit_in_time(c);
	if (now_ms >= c->lookup_due)
		assign_ask(c);
	join_say_long(c);
	if (now_ms >= rest_due(c) && c->n_batch == 0)
		rest(c);
}

int64_t
consumer_due(const struct consumer *c)
{
	int64_t due = rest_due(c), compare = topics_compare_due(c);

	if (c->leaving)
		return INT64_MAX;
	if (!c->topics_asked && c->topics_due < due)
		due = c->topics_due;
	if (compare < due)
		due = compare;
	if (c->lookup_due < due)
		due = c->lookup_due;
	if ((c->commit == COMMIT_AUTO || c->commit_ends || c->commit_later) && c->commit_due < due)
		due = c->commit_due;
	return due;
}
