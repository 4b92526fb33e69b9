/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/quit.h"
#include "kafka/fault.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { CALL_MS = 5000, PAUSE_MS = 200, END_MS = 200 };

struct ask {
	struct asker *asker;
	struct mailbox *answers;
	int64_t timeout_ms, deadline; /* mono ms */
	bool ended;                   /* by a signal */
};

struct ask *
ask_new(const struct kafka_config *config, int64_t timeout_ms, struct err *err)
{
	struct asker *asker = asker_new(config, err);
	struct ask *a;

	if (!asker)
		return NULL;
	a = xcalloc(1, sizeof(*a));
	a->asker = asker;
	a->answers = mailbox_new();
	a->timeout_ms = timeout_ms;
	a->deadline = clock_mono_ms() + timeout_ms;
	return a;
}

struct inquiry *
ask_about(struct ask *a, enum inquiry_kind kind, const char *group)
{
	return inquiry_new(kind, a->answers, group);
}

static int64_t
time_left(const struct ask *a)
{
	return a->deadline - clock_mono_ms();
}

/* Wait MS for an answer or a signal. */
static void
wait_for(struct ask *a, int64_t ms)
{
	struct pollfd fds[2] = {
		{.fd = mailbox_fd(a->answers), .events = POLLIN},
		{.fd = quit_open(), .events = POLLIN},
	};

	poll(fds, 2, ms > 0 ? (int)ms : 0);
	a->ended = a->ended || quit_take();
}

/* Q with its answer, NULL when it did not come. */
static struct inquiry *
ask_once(struct ask *a, struct inquiry *q)
{
	int64_t left = time_left(a);

	q->patience_ms = left > CALL_MS ? CALL_MS : left > 1 ? (int)left : 1;
	q->err.text[0] = '\0';
	asker_ask(a->asker, q);
	wait_for(a, left + END_MS);
	return mailbox_take(a->answers);
}

static void
explain(const struct ask *a, const struct inquiry *q, struct err *err)
{
	char reason[ERR_TEXT];

	snprintf(reason, sizeof(reason), "%s", q && q->err.text[0] ? q->err.text : "no broker answered");
	fault_unpromise(reason);
	if (a->ended)
		err_set(err, "ended by a signal before the brokers answered");
	else if (!q || q->unanswered)
		err_set(err, "gave up after %g s: %s", (double)a->timeout_ms / 1000, reason);
	else
		err_set(err, "%s", reason);
}

struct inquiry *
ask(struct ask *a, struct inquiry *q, struct err *err)
{
	q = ask_once(a, q);
	while (q && q->unanswered && !a->ended && time_left(a) > PAUSE_MS) {
		wait_for(a, PAUSE_MS);
		q = ask_once(a, q);
	}
	if (q && q->ok)
		return q;
	explain(a, q, err);
	inquiry_free(q);
	return NULL;
}

static void
free_answer(void *q)
{
	inquiry_free(q);
}

bool
ask_free(struct ask *a)
{
	if (!a)
		return true;
	if (!asker_free(a->asker, END_MS))
		return false;
	mailbox_free(a->answers, free_answer);
	free(a);
	return true;
}
