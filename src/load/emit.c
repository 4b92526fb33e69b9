/* SPDX-License-Identifier: MIT */
#include "load/emit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "load/agenda.h"
#include "load/lateness.h"
#include "load/message.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	SECOND_US = 1000000,
	LATE_US = SECOND_US,
	SERVE_US = 20000,    /* while there is enough to send: it can wait so long */
	SERVE_IDLE_US = 100000, /* .. and while something is under way it has to, at most so long */
	QUEUE_FULL_MS = 100,
	FLUSH_STEP_MS = 100,
	FIND_STEP_MS = 500, /* the first question's patience; each of the next has twice that */
	FIND_STEP_MAX_MS = 2000,
	APPEAR_MS = 3000,   /* a topic that was made just now may not have come round to every broker */
	BURST_US = 100000,  /* what a bounded rate may catch up at once */
	NAP_US = 1000,      /* .. and is not worth sleeping for */
	CLOCK_SET_US = SECOND_US
};

struct emit {
	struct emit_config config;
	struct producer *producer;
	struct messages *messages;
	struct rng rng;
	double scale;
	int64_t wall_at_zero; /* the wall clock when the monotonic one was 0, us: the load keeps that for its life */
	int64_t mono, instant; /* the load's time was INSTANT, us since 1970, when the monotonic clock was MONO */
	int64_t zero;         /* when the plan was begun, in the load's time */
	double free_at;       /* the next message may go then, monotonic us, where the rate is bounded */
	struct agenda agenda;
	int64_t served;       /* monotonic us: reports were taken and counts told then */
	struct emit_counts counts; /* the thread's own; the others see TOLD */
	int64_t refused;           /* messages that no queue took */
	struct lateness lateness;
	int64_t clock_checked;     /* monotonic us */
	struct err problem;
	int64_t problem_told; /* monotonic us; 0: never */
	bool late;
	struct thread *thread;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	bool stop;
	int64_t leave_at; /* monotonic ms, once stopped */
	struct emit_counts told;
	struct err never; /* why it did not begin */
};

/* --- Time ------------------------------------------------------------------ */

/* The load's time: the wall clock, us, but steady (a clock that is set does not
 * move the schedule) and scaled. */
static int64_t
emit_now(const struct emit *e)
{
	return e->instant + (int64_t)((double)(clock_mono_us() - e->mono) * e->scale);
}

/* A scaled run ends now, whenever it began: brokers refuse timestamps from the future. But it begins after 1970. */
static void
begin_clock(struct emit *e)
{
	double ahead = plan_duration(e->config.plan) * (1 - 1 / e->scale) * SECOND_US;

	e->mono = clock_mono_us();
	e->instant = e->wall_at_zero + e->mono;
	if (ahead > 0)
		e->instant = ahead < (double)e->instant ? e->instant - (int64_t)ahead : 0;
}

/* How late INSTANT is, in real time. */
static int64_t
late_us(const struct emit *e, int64_t instant)
{
	return (int64_t)((double)(emit_now(e) - instant) / e->scale);
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

/* Sleep until the monotonic clock is UNTIL, us, or we are told to stop. */
static void
nap(struct emit *e, int64_t until)
{
	struct timespec ts = {until / SECOND_US, until % SECOND_US * 1000};

	pthread_mutex_lock(&e->lock);
	if (!e->stop)
		pthread_cond_timedwait(&e->wake, &e->lock, &ts);
	pthread_mutex_unlock(&e->lock);
}

static void
rest(struct emit *e)
{
	const struct emit_watch *w = e->config.watch;

	if (w && w->rest)
		w->rest(w->ctx);
}

/* Sleep until the instant UNTIL, or until it is time to look at what has arrived. */
static void
sleep_until(struct emit *e, int64_t until)
{
	bool waits = e->counts.delivered + e->counts.failed < e->counts.asked;
	int64_t most = waits ? SERVE_IDLE_US : SECOND_US, ahead = -late_us(e, until);

	rest(e);
	nap(e, clock_mono_us() + (ahead < most ? ahead : most));
}

/* --- Sending --------------------------------------------------------------- */

/* The reason, once, when it is another one; of those that take turns one a second. */
static void
tell_problem(struct emit *e, const char *text)
{
	int64_t now = clock_mono_us();

	if (!*text || strcmp(e->problem.text, text) == 0 || (e->problem_told && now - e->problem_told < SECOND_US))
		return;
	e->problem_told = now;
	err_set(&e->problem, "%s", text);
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

/* Somebody set the clock: the load keeps the one that it began with. */
static void
check_clock(struct emit *e)
{
	int64_t mono = clock_mono_us(), step;

	if (mono - e->clock_checked < SECOND_US)
		return;
	e->clock_checked = mono;
	step = clock_wall_ms() * 1000 - mono - e->wall_at_zero;
	if (llabs(step) < CLOCK_SET_US)
		return;
	log_write(LOG_WARN, "load", "the clock was set by %+.1f s; schedule and timestamps go on as before",
		  (double)step / SECOND_US);
	e->wall_at_zero += step;
}

static void
tell_counts(struct emit *e)
{
	struct producer_counts sent = producer_counts(e->producer);

	e->counts.sent = sent.sent;
	e->counts.delivered = sent.delivered;
	e->counts.failed = sent.failed + e->refused;
	e->counts.unsent = e->counts.asked - sent.sent - e->refused;
	pthread_mutex_lock(&e->lock);
	e->told = e->counts;
	pthread_mutex_unlock(&e->lock);
}

/* Take the delivery reports, tell how it stands. */
static void
serve(struct emit *e)
{
	e->served = clock_mono_us();
	producer_poll(e->producer, 0);
	tell_problem(e, producer_problem(e->producer));
	check_clock(e);
	tell_counts(e);
}

/* Wait until a bounded rate has room for one more; false when told to stop meanwhile. */
static bool
await_rate(struct emit *e)
{
	double now = (double)clock_mono_us();

	if (e->config.max_rate <= 0)
		return true;
	if (e->free_at < now - BURST_US)
		e->free_at = now - BURST_US;
	while (e->free_at > (double)clock_mono_us() + NAP_US) {
		if (is_stopping(e))
			return false;
		nap(e, (int64_t)fmin(e->free_at, (double)clock_mono_us() + SECOND_US));
		serve(e);
	}
	e->free_at += SECOND_US / e->config.max_rate;
	return true;
}

/* A full queue is waited for, so that nothing is lost; false when told to stop meanwhile. */
static bool
send_one(struct emit *e, const struct outgoing *out)
{
	struct err err = {""};
	enum produced produced;

	e->counts.asked++;
	if (!await_rate(e))
		return false;
	while ((produced = producer_send(e->producer, out, &err)) == PRODUCE_FULL) {
		if (is_stopping(e))
			return false;
		producer_poll(e->producer, QUEUE_FULL_MS);
		serve(e);
	}
	if (produced == PRODUCE_FAILED) {
		tell_problem(e, err.text);
		e->refused++;
	}
	return !producer_gave_up(e->producer);
}

/* Which entry of the plan X is, and as what its messages' reports come back. */
static size_t
entry_index(const struct emit *e, const struct experiment *x)
{
	return (size_t)(experiment_entry(x) - e->config.plan->entries);
}

static void
on_delivered(void *ctx, void *opaque, int32_t partition, int64_t offset)
{
	struct emit *e = ctx;
	const struct plan_entry *entry = opaque;
	const struct emit_watch *w = e->config.watch;

	(void)partition;
	if (entry && offset != -1 && w && w->delivered)
		w->delivered(w->ctx, (size_t)(entry - e->config.plan->entries));
}

/* Its next moment's messages; they may wait then. */
static void
write_turn(struct emit *e, struct turn *t)
{
	const struct moment *at = experiment_next(t->experiment);
	size_t n = messages_write(e->messages, &t->values, t->experiment, at, &t->rng);
	struct outgoing out;

	messages_address(e->messages, &out, t->experiment, at);
	agenda_written(&e->agenda, t, at, n, out.headers, out.n_headers);
}

static bool
send_document(struct emit *e, struct turn *t, struct outgoing *out)
{
	buf_clear(&t->values);
	if (!messages_document(e->messages, &t->values, t->experiment, &t->rng))
		return true;
	out->topic = e->config.document_topic;
	out->ready = NULL;
	out->opaque = NULL;
	out->value = (struct slice){t->values.p, t->values.n};
	return send_one(e, out);
}

/* All messages of its moment; of the last one the document, too. */
static bool
send_messages(struct emit *e, struct turn *t)
{
	struct outgoing out = {
		.topic = e->config.topic, .partition = -1,
		.opaque = (void *)(uintptr_t)experiment_entry(t->experiment),
	};
	size_t length = t->values.n / t->messages;

	messages_address(e->messages, &out, t->experiment, t->at);
	out.n_headers = 0; /* they are ready */
	for (size_t i = 0; i < t->messages; i++) {
		out.value = (struct slice){t->values.p + i * length, length};
		out.ready = &t->headers[i];
		if (!send_one(e, &out)) {
			e->counts.asked += (int64_t)(t->messages - i - 1); /* the rest of the moment is missing, too */
			return false;
		}
	}
	return t->at->kind != EVENT_TERMINATED || !e->config.document_topic || send_document(e, t, &out);
}

static void
count_stage(struct emit *e, struct turn *t)
{
	double rate = plan_entry_rate(experiment_entry(t->experiment)) * e->scale;
	enum event_kind kind = t->at->kind;

	if (kind == EVENT_MEASURED)
		return;
	e->counts.stages[kind]++;
	e->counts.rate += kind == EVENT_STABILIZATION ? rate : kind == EVENT_TERMINATED ? -rate : 0;
	e->counts.running += (kind == EVENT_CONFIGURED) - (kind == EVENT_TERMINATED);
	t->runs = kind != EVENT_TERMINATED;
}

static void
count_lateness(struct emit *e, int64_t late, int64_t messages)
{
	tell_lateness(e, late);
	lateness_add(&e->lateness, late, messages);
	e->counts.late_us = late;
	e->counts.late_max_us = e->lateness.max_us;
}

/* What is due of T; false when not all of it could be sent. */
static bool
send_turn(struct emit *e, struct turn *t)
{
	const struct emit_watch *w = e->config.watch;
	int64_t asked = e->counts.asked;

	if (!t->at)
		write_turn(e, t);
	if (w && w->moment)
		w->moment(w->ctx, entry_index(e, t->experiment), t->experiment, t->at);
	if (!send_messages(e, t))
		return false;
	count_lateness(e, late_us(e, t->at->time), e->counts.asked - asked);
	count_stage(e, t);
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

		struct experiment *x =
			experiment_new(entry, configure > zero ? configure : zero, start, rng_next(&e->rng));

		if (e->config.document_topic)
			experiment_keep(x);
		agenda_add(&e->agenda, x, rng_next(&e->rng));
	}
	e->counts.rounds++;
	e->counts.round_began = zero / 1000;
}

/* Nothing is due: look at what has arrived, write in advance, sleep; the first of these that there is to do. */
static void
idle(struct emit *e, int64_t until)
{
	struct turn *t = agenda_unwritten(&e->agenda);

	if (clock_mono_us() - e->served >= SERVE_US)
		serve(e);
	else if (t)
		write_turn(e, t);
	else
		sleep_until(e, until);
}

/* Until the plan has ended; false when told to stop before. */
static bool
run_round(struct emit *e)
{
	struct turn *t;

	begin_round(e);
	while ((t = agenda_first(&e->agenda))) {
		if (is_stopping(e) || producer_gave_up(e->producer))
			return false;
		if (late_us(e, t->due) < 0) {
			idle(e, t->due);
			continue;
		}
		if (!send_turn(e, t))
			return false;
		agenda_advance(&e->agenda);
		if (clock_mono_us() - e->served >= SERVE_US)
			serve(e);
	}
	return true;
}

/* Those that run end now, without waiting for room: false where there is none. */
static bool
terminate_running(struct emit *e)
{
	int64_t now = emit_now(e);
	struct turn *t;

	for (; (t = agenda_first(&e->agenda)); agenda_drop_first(&e->agenda)) {
		if (!t->runs)
			continue;
		agenda_cut(&e->agenda, now);
		if (!send_turn(e, t))
			return false;
	}
	return true;
}

static bool
is_leaving(struct emit *e)
{
	bool leaving;

	pthread_mutex_lock(&e->lock);
	leaving = e->stop && clock_mono_ms() >= e->leave_at;
	pthread_mutex_unlock(&e->lock);
	return leaving;
}

/* What is under way may arrive: all of it at the plan's end, for a while when stopped. */
static void
finish(struct emit *e, bool ended)
{
	if (!ended && e->config.terminate)
		terminate_running(e);
	while (!producer_flush(e->producer, FLUSH_STEP_MS) && !is_leaving(e))
		serve(e);
	e->clock_checked = 0; /* whoever set it in the last second is told of, too */
	serve(e);
	e->counts.over = ended;
	e->counts.late_p50_us = lateness_quantile(&e->lateness, 0.5);
	e->counts.late_p99_us = lateness_quantile(&e->lateness, 0.99);
}

/* Ask for the topics until they are found, or it has taken too long, or we are stopped. */
static bool
find_topics(struct emit *e, struct err *err)
{
	const char *topics[] = {e->config.topic, e->config.document_topic};
	int64_t deadline = clock_mono_ms() + e->config.find_ms, appear = INT64_MAX;
	enum producer_found found = TOPIC_FOUND;
	int step = FIND_STEP_MS;

	for (size_t i = 0; i < 2 && topics[i]; i += found == TOPIC_FOUND) {
		found = producer_find(e->producer, topics[i], step, err);
		if (found == TOPIC_MISSING && appear == INT64_MAX)
			appear = clock_mono_ms() + APPEAR_MS;
		if (found != TOPIC_FOUND && (producer_gave_up(e->producer) ||
					     clock_mono_ms() >= (found == TOPIC_MISSING ? appear : deadline)))
			return false;
		step = step < FIND_STEP_MAX_MS ? 2 * step : step;
		if (found == TOPIC_MISSING)
			nap(e, clock_mono_us() + FIND_STEP_MS * 1000);
		if (is_stopping(e))
			return false;
	}
	return true;
}

static void
run(struct emit *e)
{
	bool ended;

	begin_clock(e);
	e->counts.begun = true;
	tell_counts(e);
	do
		ended = run_round(e);
	while (ended && e->config.repeat);
	finish(e, ended);
}

static void *
emit_main(void *arg)
{
	struct emit *e = arg;
	struct err err = {""};

	if (e->config.find_ms > 0 && !find_topics(e, &err)) {
		pthread_mutex_lock(&e->lock);
		e->never = err;
		pthread_mutex_unlock(&e->lock);
	} else {
		run(e);
	}
	rest(e);
	e->counts.ended = true;
	tell_counts(e);
	return NULL;
}

static void
emit_free(struct emit *e)
{
	agenda_fini(&e->agenda);
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
	e->scale = config->time_scale > 0 ? config->time_scale : 1;
	e->counts.late_p50_us = e->counts.late_p99_us = e->counts.round_began = -1;
	e->told = e->counts;
	e->rng.state = config->seed;
	e->wall_at_zero = clock_wall_ms() * 1000 - clock_mono_us();
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&e->wake, &attr);
	pthread_condattr_destroy(&attr);
	e->messages = messages_new(config->secret_key, err);
	e->producer = e->messages ? producer_new(config->kafka, on_delivered, e, err) : NULL;
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
emit_end(struct emit *e, int flush_ms)
{
	pthread_mutex_lock(&e->lock);
	e->stop = true;
	e->leave_at = clock_mono_ms() + flush_ms;
	pthread_cond_signal(&e->wake);
	pthread_mutex_unlock(&e->lock);
}

bool
emit_problem(struct emit *e, struct err *out)
{
	pthread_mutex_lock(&e->lock);
	*out = e->never;
	pthread_mutex_unlock(&e->lock);
	return out->text[0] != '\0';
}

void
emit_stop(struct emit *e, int flush_ms)
{
	if (!e)
		return;
	emit_end(e, flush_ms);
	thread_join(e->thread, -1);
	emit_free(e);
}
