/* SPDX-License-Identifier: MIT */
#include "load/emit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "load/message.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { SECOND_US = 1000000, LATE_US = SECOND_US, QUEUE_FULL_MS = 100, FLUSH_STEP_MS = 100 };

struct emit {
	struct emit_config config;
	struct producer *producer;
	struct messages *messages;
	struct rng rng;
	int64_t wall_at_zero; /* the wall clock when the monotonic one was 0, us: the load keeps that for its life */
	int64_t zero;         /* when the plan was begun, us */
	struct experiment **queue; /* a heap, the next due at its root */
	size_t queued;
	struct emit_counts counts; /* the thread's own; the others see TOLD */
	int64_t refused;           /* messages that no queue took */
	struct err problem;
	bool late;
	struct thread *thread;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	bool stop;
	int flush_ms;
	struct emit_counts told;
};

/* --- The experiments, by when they are due --------------------------------- */

static bool
is_before(const struct emit *e, size_t a, size_t b)
{
	return experiment_due(e->queue[a]) < experiment_due(e->queue[b]);
}

static void
swap(struct emit *e, size_t a, size_t b)
{
	struct experiment *x = e->queue[a];

	e->queue[a] = e->queue[b];
	e->queue[b] = x;
}

static void
queue_add(struct emit *e, struct experiment *x)
{
	size_t i = e->queued++;

	e->queue[i] = x;
	for (; i > 0 && is_before(e, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(e, i, (i - 1) / 2);
}

/* The root has become later: down to its place. */
static void
queue_settle(struct emit *e)
{
	for (size_t i = 0, child; (child = 2 * i + 1) < e->queued; i = child) {
		if (child + 1 < e->queued && is_before(e, child + 1, child))
			child++;
		if (!is_before(e, child, i))
			return;
		swap(e, i, child);
	}
}

static void
queue_drop_first(struct emit *e)
{
	experiment_free(e->queue[0]);
	e->queue[0] = e->queue[--e->queued];
	queue_settle(e);
}

/* --- Time ------------------------------------------------------------------ */

/* Wall clock, us, but steady: a clock that is set does not move the schedule. */
static int64_t
emit_now(const struct emit *e)
{
	return e->wall_at_zero + clock_mono_us();
}

static bool
is_stopping(struct emit *e)
{
	bool stop;

	pthread_mutex_lock(&e->lock);
	stop = e->stop;
	pthread_mutex_unlock(&e->lock);
	return stop;
}

/* Sleep until the instant UNTIL; true when it has come, false to look again. */
static bool
sleep_until(struct emit *e, int64_t until)
{
	int64_t now = emit_now(e);
	int64_t mono = (until < now + SECOND_US ? until : now + SECOND_US) - e->wall_at_zero;
	struct timespec ts = {mono / SECOND_US, mono % SECOND_US * 1000};

	if (now >= until)
		return true;
	pthread_mutex_lock(&e->lock);
	if (!e->stop)
		pthread_cond_timedwait(&e->wake, &e->lock, &ts);
	pthread_mutex_unlock(&e->lock);
	return false;
}

/* --- Sending --------------------------------------------------------------- */

/* The reason, once, when it is another one. */
static void
tell_problem(struct emit *e, const char *text)
{
	if (strcmp(e->problem.text, text) == 0)
		return;
	err_set(&e->problem, "%s", text);
	if (*text)
		log_write(LOG_WARN, "load", "%s", text);
}

static void
tell_lateness(struct emit *e, int64_t late)
{
	if (!e->late && late > LATE_US)
		log_write(LOG_WARN, "load", "%.1f s behind the schedule, sending what is overdue",
			  (double)late / SECOND_US);
	else if (e->late && late < LATE_US / 10)
		log_write(LOG_INFO, "load", "back on schedule");
	e->late = late > LATE_US || (e->late && late >= LATE_US / 10);
}

/* A full queue is waited for, so that nothing is lost; false when told to stop meanwhile. */
static bool
send_one(struct emit *e, const struct outgoing *out)
{
	struct err err = {""};
	enum produced produced;

	while ((produced = producer_send(e->producer, out, &err)) == PRODUCE_FULL) {
		if (is_stopping(e))
			return false;
		producer_poll(e->producer, QUEUE_FULL_MS);
	}
	if (produced == PRODUCE_FAILED) {
		tell_problem(e, err.text);
		e->refused++;
	}
	return true;
}

static void
tell_counts(struct emit *e)
{
	struct producer_counts sent = producer_counts(e->producer);

	e->counts.sent = sent.sent;
	e->counts.delivered = sent.delivered;
	e->counts.failed = sent.failed + e->refused;
	pthread_mutex_lock(&e->lock);
	e->told = e->counts;
	pthread_mutex_unlock(&e->lock);
}

/* All messages of the moment that is due. */
static bool
send_moment(struct emit *e)
{
	struct outgoing out = {.topic = e->config.topic, .partition = -1};
	const struct moment *at = experiment_next(e->queue[0]);
	int64_t late = emit_now(e) - at->time;

	messages_begin(e->messages, e->queue[0], at);
	while (messages_next(e->messages, &out))
		if (!send_one(e, &out))
			return false;
	tell_lateness(e, late);
	e->counts.running += (at->kind == EVENT_CONFIGURED) - (at->kind == EVENT_TERMINATED);
	e->counts.late_us = late;
	if (late > e->counts.late_max_us)
		e->counts.late_max_us = late;
	if (experiment_due(e->queue[0]) == INT64_MAX)
		queue_drop_first(e);
	else
		queue_settle(e);
	return true;
}

/* --- The thread ------------------------------------------------------------ */

/* Rounds begin a second apart at least, however short the plan is. */
static void
begin_round(struct emit *e)
{
	int64_t now = emit_now(e), zero = now > e->zero + SECOND_US ? now : e->zero + SECOND_US;

	e->zero = zero;
	for (size_t i = 0; i < e->config.plan->n; i++) {
		const struct plan_entry *entry = &e->config.plan->entries[i];
		int64_t start = zero + (int64_t)(entry->start_time * SECOND_US);
		int64_t configure = start - (int64_t)e->config.configure_ahead_s * SECOND_US;

		queue_add(e, experiment_new(entry, configure > zero ? configure : zero, start, rng_next(&e->rng)));
	}
	e->counts.rounds++;
}

/* Delivery reports are served whenever the thread is awake, a second apart at most. */
static void
serve(struct emit *e)
{
	producer_poll(e->producer, 0);
	tell_problem(e, producer_problem(e->producer));
	tell_counts(e);
}

/* Until the plan has ended; false when told to stop before. */
static bool
run_round(struct emit *e)
{
	begin_round(e);
	while (e->queued > 0) {
		if (is_stopping(e))
			return false;
		if (sleep_until(e, experiment_due(e->queue[0])) && !send_moment(e))
			return false;
		serve(e);
	}
	return true;
}

/* What is under way may arrive: all of it at the plan's end, for a while when stopped. */
static void
finish(struct emit *e, bool ended)
{
	int ms;

	while (ended && !is_stopping(e) && !producer_flush(e->producer, FLUSH_STEP_MS))
		serve(e);
	pthread_mutex_lock(&e->lock);
	ms = e->flush_ms;
	pthread_mutex_unlock(&e->lock);
	producer_flush(e->producer, ms);
	e->counts.over = ended;
	serve(e);
}

static void *
emit_main(void *arg)
{
	struct emit *e = arg;
	bool ended;

	do
		ended = run_round(e);
	while (ended && e->config.repeat);
	finish(e, ended);
	return NULL;
}

static void
emit_free(struct emit *e)
{
	for (size_t i = 0; i < e->queued; i++)
		experiment_free(e->queue[i]);
	free(e->queue);
	messages_free(e->messages);
	producer_free(e->producer);
	pthread_cond_destroy(&e->wake);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

struct emit *
emit_start(const struct emit_config *config, struct err *err)
{
	struct emit *e = xcalloc(1, sizeof(*e));
	pthread_condattr_t attr;

	e->config = *config;
	e->rng.state = config->seed;
	e->wall_at_zero = clock_wall_ms() * 1000 - clock_mono_us();
	e->queue = xcalloc(config->plan->n, sizeof(*e->queue));
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&e->wake, &attr);
	pthread_condattr_destroy(&attr);
	e->messages = messages_new(config->secret_key, rng_next(&e->rng), err);
	e->producer = e->messages ? producer_new(config->kafka, NULL, NULL, err) : NULL;
	if (!e->producer) {
		emit_free(e);
		return NULL;
	}
	e->thread = thread_start(emit_main, e);
	return e;
}

void
emit_counts(struct emit *e, struct emit_counts *out)
{
	pthread_mutex_lock(&e->lock);
	*out = e->told;
	pthread_mutex_unlock(&e->lock);
}

void
emit_stop(struct emit *e, int flush_ms)
{
	if (!e)
		return;
	pthread_mutex_lock(&e->lock);
	e->stop = true;
	e->flush_ms = flush_ms;
	pthread_cond_signal(&e->wake);
	pthread_mutex_unlock(&e->lock);
	thread_join(e->thread, -1);
	emit_free(e);
}
