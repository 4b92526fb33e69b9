/* SPDX-License-Identifier: MIT */
#include "inquire.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/signals.h"
#include "kafka/fault.h"

#include <poll.h>
#include <stdlib.h>

/* A call that no broker answers is over before the time is, so that it can say why. */
enum { PATIENCE_MS = 5000, PAUSE_MS = 200, GRACE_MS = 500, LEAVING_MS = 1000 };

struct inquirer {
	struct kafka_config kafka;
	struct asker *askers[INQUIRE_AT_ONCE]; /* each answers one question after the other; NULL: not needed yet */
	size_t posted, taken;
	struct mailbox *reply;
	int timeout_ms;
	bool gave_up;
};

struct inquirer *
inquirer_new(const struct kafka_config *kafka, int timeout_ms, struct err *err)
{
	struct inquirer *i = xcalloc(1, sizeof(*i));

	i->kafka = *kafka;
	i->timeout_ms = timeout_ms;
	i->askers[0] = asker_new(kafka, err);
	if (!i->askers[0]) {
		free(i);
		return NULL;
	}
	i->reply = mailbox_new();
	return i;
}

bool
inquirer_gave_up(const struct inquirer *i)
{
	return i->gave_up;
}

/* Until FD is readable, TIMEOUT_MS at most. False when a signal came first. */
static bool
await(int fd, int timeout_ms)
{
	struct pollfd fds[2] = {{.fd = signals_fd(), .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	int64_t left, end = clock_mono_ms() + timeout_ms;

	while ((left = end - clock_mono_ms()) > 0) {
		poll(fds, 2, (int)left);
		if (signals_take())
			return false;
		if (fds[1].revents)
			break;
	}
	return true;
}

/* The first one asks alone as long as it is asked one thing at a time. */
void
inquirer_post(struct inquirer *i, struct inquiry *q)
{
	struct asker **asker = &i->askers[i->posted == i->taken ? 0 : i->posted % INQUIRE_AT_ONCE];

	if (!*asker)
		*asker = asker_new(&i->kafka, NULL);
	if (!*asker) /* no more threads or descriptors */
		asker = &i->askers[0];
	q->reply = i->reply;
	i->posted++;
	asker_ask(*asker, q);
}

struct inquiry *
inquirer_take(struct inquirer *i, struct err *err)
{
	struct inquiry *q;

	if (!await(mailbox_fd(i->reply), i->timeout_ms + GRACE_MS)) {
		i->gave_up = true;
		err_set(err, "ended by a signal before the brokers had answered");
		return NULL;
	}
	q = mailbox_take(i->reply);
	if (!q) {
		i->gave_up = true;
		err_set(err, "the brokers did not answer within %.10g s (--timeout)", i->timeout_ms / 1000.0);
		return NULL;
	}
	i->taken++;
	fault_unpromise(q->err.text);
	return q;
}

struct inquiry *
inquirer_ask(struct inquirer *i, struct inquiry *q, struct err *err)
{
	int64_t end = clock_mono_ms() + i->timeout_ms, left = i->timeout_ms;
	struct err first = {0}; /* which knows the reason; asked again, a client only knows that it waited */

	do {
		q->patience_ms = (int)(left < PATIENCE_MS ? left : PATIENCE_MS);
		inquirer_post(i, q);
		q = inquirer_take(i, err);
		if (q && q->unanswered && !first.text[0])
			first = q->err;
		left = end - clock_mono_ms() - PAUSE_MS;
	} while (q && q->unanswered && left > 0 && inquirer_rest(i, PAUSE_MS));
	if (q && q->unanswered)
		q->err = first;
	return q;
}

struct inquiry *
inquirer_ok(struct inquirer *i, struct inquiry *q, struct err *err)
{
	q = inquirer_ask(i, q, err);
	if (!q || q->ok)
		return q;
	*err = q->err;
	inquiry_free(q);
	return NULL;
}

bool
inquirer_rest(struct inquirer *i, int ms)
{
	i->gave_up = !await(-1, ms);
	return !i->gave_up;
}

static void
free_answer(void *q)
{
	inquiry_free(q);
}

bool
inquirer_free(struct inquirer *i)
{
	if (!i)
		return true;
	for (size_t n = 0; n < INQUIRE_AT_ONCE; n++)
		if (!asker_free(i->askers[n], LEAVING_MS))
			return false;
	mailbox_free(i->reply, free_answer);
	free(i);
	return true;
}
