/* SPDX-License-Identifier: MIT */
#include "engine/feed_kafka.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "engine/join.h"
#include "engine/reset.h"
#include "engine/survey.h"
#include "kafka/fault.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERVAL_MS = 1000, ASKER_MS = 200, POLL_MS = 100 };

/* R, which goes through two questions to the cluster and one to the user. */
struct reset {
	enum { RESET_NONE, RESET_INQUIRED, RESET_ASKED } step;
	uint64_t tag;           /* of the inquiry that is under way */
	struct seek to;
	int32_t generation;     /* of the group when R was pressed: another one, and nothing is reset */
	struct inquiry *places; /* the answer the question was made from */
	bool back;              /* something will be read again */
};

struct kafka_feed {
	struct feed feed;
	struct feed_kafka_config config;
	struct feed_listener listener;
	struct asker *asker;
	struct consumer *consumer;
	struct mailbox *answers;
	const char *group, *client_id;
	enum { MEMBERS_ASKED, USER_ASKED, DECLINED, JOINED } joining;
	struct survey survey;    /* of the whole cluster, while somebody looks */
	bool members_unknown;    /* the broker cannot list members: ask for the commits alone */
	bool marks_out, group_out, watch_out; /* inquiries that are under way */
	int64_t watch_at;        /* when the last answer about the watched group came, mono ms; 0: none yet */
	int64_t now, due, deadline;
	bool assigned, failed, abandoned;
	struct reset reset;
};

static struct kafka_feed *
feed_of(struct feed *f)
{
	return (struct kafka_feed *)f;
}

static void
say(struct kafka_feed *f, enum notice_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
say(struct kafka_feed *f, enum notice_level level, const char *fmt, ...)
{
	char text[ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f->listener.said(f->listener.ctx, level, text);
}

static void
fail(struct kafka_feed *f, const char *sentence)
{
	if (!f->failed)
		f->listener.failed(f->listener.ctx, sentence);
	f->failed = true;
}

static void
on_assigned(void *ctx, struct assignment *a)
{
	struct kafka_feed *f = ctx;

	f->assigned = true;
	f->due = f->now;
	a->time = clock_wall_ms();
	f->listener.assignment(f->listener.ctx, a);
}

static void
on_said(void *ctx, enum log_level level, const char *sentence, bool stop)
{
	static const enum notice_level levels[] = {NOTICE_ERROR, NOTICE_WARN, NOTICE_INFO, NOTICE_INFO};
	struct kafka_feed *f = ctx;

	if (stop)
		fail(f, sentence);
	else
		say(f, levels[level], "%s", sentence);
}

static void
on_committed(void *ctx, size_t partitions, const char *problem)
{
	if (problem)
		say(ctx, NOTICE_ERROR, "committed %zu partitions, then: %s", partitions, problem);
	else
		say(ctx, NOTICE_INFO, "committed the place of %zu partition%s", partitions, partitions == 1 ? "" : "s");
}

static void
on_leaving(void *ctx)
{
	struct kafka_feed *f = ctx;

	if (f->listener.leaving)
		f->listener.leaving(f->listener.ctx);
}

static void
on_renewed(void *ctx, int topic_no)
{
	struct kafka_feed *f = ctx;

	if (f->listener.renewed)
		f->listener.renewed(f->listener.ctx, topic_no);
}

static const struct consumer_listener consumer_listener = {on_assigned, on_said, on_committed, on_leaving, on_renewed};

static void
join(struct kafka_feed *f)
{
	f->joining = JOINED;
	consumer_start(f->consumer);
}

static void
ask_for_members(struct kafka_feed *f)
{
	asker_ask(f->asker, inquiry_new(INQUIRY_GROUP, f->answers, f->group));
	f->group_out = true;
}

static bool
kafka_start(struct feed *feed, const struct feed_listener *l, struct err *err)
{
	struct kafka_feed *f = feed_of(feed);
	const struct kafka_config *kafka = &f->config.consumer.kafka;

	f->listener = *l;
	f->now = clock_mono_ms();
	f->deadline = f->config.timeout_ms ? f->now + f->config.timeout_ms : INT64_MAX;
	f->client_id = kafka_property(kafka, "client.id");
	f->group = kafka_property(kafka, "group.id");
	if (!f->group)
		f->group = f->config.consumer.group;
	f->asker = asker_new(kafka, err);
	if (!f->asker)
		return false;
	survey_init(&f->survey, f->asker, f->answers, &f->listener);
	f->survey.group = f->group;
	f->survey.watch = f->config.watch;
	f->consumer = consumer_new(&f->config.consumer, f->asker, &consumer_listener, f, err);
	if (!f->consumer || !consumer_watch(f->consumer, mailbox_fd(f->answers), err))
		return false;
	consumer_tick(f->consumer, f->now);
	if (!f->group || f->config.join == JOIN_ALWAYS)
		join(f);
	else
		ask_for_members(f);
	return true;
}

static int
kafka_fd(struct feed *feed)
{
	const struct kafka_feed *f = feed_of(feed);

	return f->consumer ? consumer_fd(f->consumer) : -1;
}

static void
ask_user(struct kafka_feed *f, const char *why)
{
	struct buf text = {0};

	f->joining = USER_ASKED;
	if (f->config.join == JOIN_REFUSE) {
		buf_addf(&text, "%s. Give --join to join all the same, or --watch %s to only look", why, f->group);
		fail(f, buf_cstr(&text));
	} else {
		buf_addf(&text, "%s. Join it", why);
		f->listener.asked(f->listener.ctx, buf_cstr(&text));
	}
	buf_free(&text);
}

/* The members are listed, or cannot be: join, or ask first. */
static void
decide(struct kafka_feed *f, const struct inquiry *q)
{
	struct err why;

	if (!q->ok)
		consumer_learn(f->consumer, q);
	else if (join_needs_a_yes(q, f->client_id, &why))
		ask_user(f, why.text);
	else
		join(f);
}

static void
take_answer(struct kafka_feed *f, const struct inquiry *q)
{
	bool own = q->kind == INQUIRY_GROUP && f->group && strcmp(q->group, f->group) == 0;

	if (q->kind == INQUIRY_MARKS)
		f->marks_out = false;
	else if (own)
		f->group_out = false;
	else
		f->watch_out = false;
	if (q->kind == INQUIRY_GROUP && q->ok)
		f->members_unknown = q->known == MEMBERS_UNSUPPORTED || (f->members_unknown && q->no_members);
	if (q->kind == INQUIRY_GROUP && !own && q->ok && q->committed)
		f->watch_at = f->now;
	if (own && f->joining == MEMBERS_ASKED) {
		decide(f, q);
		return;
	}
	consumer_learn(f->consumer, q);
	if (q->kind == INQUIRY_GROUP)
		survey_told(&f->survey, q, f->now);
}

/* ---- R ---- */

static void
end_reset(struct kafka_feed *f)
{
	inquiry_free(f->reset.places);
	f->reset.places = NULL;
	f->reset.step = RESET_NONE;
}

static void
refuse_reset(struct kafka_feed *f, const char *why)
{
	end_reset(f);
	say(f, NOTICE_WARN, "%s", why);
}

/* NULL: R was pressed where no partition is known. */
static void
inquire_for_reset(struct kafka_feed *f, struct inquiry *q)
{
	if (!q) {
		refuse_reset(f, "nothing was reset: no partition is assigned just now");
		return;
	}
	q->tag = ++f->reset.tag;
	if (q->kind == INQUIRY_PLACES && f->reset.to.kind == SEEK_TIME)
		q->time = f->reset.to.number;
	f->reset.step = RESET_INQUIRED;
	asker_ask(f->asker, q);
}

static void
begin_reset(struct kafka_feed *f, const char *target)
{
	struct source_status status = {0};
	struct seek to;
	struct err err;

	consumer_status(f->consumer, &status);
	if (!f->group)
		say(f, NOTICE_WARN, "no group was joined, so none can be reset: start with -G GROUP");
	else if (f->config.read_only)
		say(f, NOTICE_WARN, "--read-only: nothing is committed");
	else if (f->joining != JOINED || status.group_state != GROUP_MEMBER)
		say(f, NOTICE_WARN, "nothing was reset: no partition is assigned just now");
	else if (!seek_parse(target, &to, &err))
		say(f, NOTICE_WARN, "nothing was reset: %s", err.text);
	else {
		end_reset(f);
		f->reset.to = to;
		f->reset.generation = status.generation;
		inquire_for_reset(f, inquiry_new(INQUIRY_GROUP, f->answers, f->group));
	}
}

static void
members_for_reset(struct kafka_feed *f, const struct inquiry *q)
{
	struct source_status status = {0};
	struct err why;

	consumer_status(f->consumer, &status);
	if (reset_allowed(q, status.member, &why))
		inquire_for_reset(f, consumer_inquire(f->consumer, INQUIRY_PLACES, f->answers, f->group));
	else
		refuse_reset(f, why.text);
}

/* Q stays for the user's answer. */
static void
places_for_reset(struct kafka_feed *f, struct inquiry *q)
{
	struct reset_sums sums;
	struct source_status status = {0};
	struct err text;

	consumer_status(f->consumer, &status);
	f->reset.places = q;
	if (!reset_sum(q, &f->reset.to, status.policy, &sums, &text)) {
		refuse_reset(f, text.text);
		return;
	}
	f->reset.step = RESET_ASKED;
	f->reset.back = sums.again > 0;
	reset_question(f->group, &f->reset.to, &sums, &text);
	f->listener.asked(f->listener.ctx, text.text);
}

/* True when *Q answers an inquiry of ours; NULL when it was kept. One that R was pressed after is stale. */
static bool
take_reset_answer(struct kafka_feed *f, struct inquiry **q)
{
	struct inquiry *answer = *q;

	if (!answer->tag)
		return false;
	if (f->reset.step != RESET_INQUIRED || answer->tag != f->reset.tag)
		return true;
	if (answer->kind == INQUIRY_PLACES) {
		*q = NULL;
		places_for_reset(f, answer);
	} else {
		members_for_reset(f, answer);
	}
	return true;
}

static void
decide_reset(struct kafka_feed *f, bool yes)
{
	struct source_status status = {0};

	consumer_status(f->consumer, &status);
	if (yes && (status.group_state != GROUP_MEMBER || status.generation != f->reset.generation))
		say(f, NOTICE_WARN, "nothing was reset: the group's members have changed meanwhile; R asks again");
	else if (yes) {
		if (f->reset.back)
			f->listener.restarted(f->listener.ctx);
		consumer_reset(f->consumer, f->reset.places, &f->reset.to);
	}
	end_reset(f);
}

static void
take_answers(struct kafka_feed *f)
{
	struct inquiry *q;

	while ((q = mailbox_take(f->answers))) {
		if (!survey_take(&f->survey, &q, f->now) && !take_reset_answer(f, &q))
			take_answer(f, q);
		inquiry_free(q);
	}
}

static size_t
kafka_take(struct feed *feed, struct record *out, size_t cap)
{
	struct kafka_feed *f = feed_of(feed);

	if (!f->consumer)
		return 0;
	take_answers(f);
	return consumer_poll(f->consumer, out, cap);
}

static void
kafka_applied(struct feed *feed, const struct record *r, size_t n)
{
	consumer_applied(feed_of(feed)->consumer, r, n);
}

static void
kafka_release(struct feed *feed)
{
	consumer_release(feed_of(feed)->consumer);
}

static int64_t
kafka_hold(struct feed *feed)
{
	struct kafka_feed *f = feed_of(feed);

	return f->config.storing && consumer_hold(f->consumer, f->config.store_ms) ? f->config.store_ms : -1;
}

static enum commit_result
kafka_stored(struct feed *feed, const struct record *r, size_t n, struct err *why)
{
	(void)n; /* a record is committed before the next is taken */
	return consumer_stored(feed_of(feed)->consumer, r, why);
}

static bool
kafka_one_by_one(struct feed *feed)
{
	return consumer_one_by_one(feed_of(feed)->consumer);
}

/* Ask about all partitions unless the last answer is still out. True when one is, or will be. */
static bool
ask(struct kafka_feed *f, enum inquiry_kind kind, const char *group, bool *out)
{
	struct inquiry *q = *out ? NULL : consumer_inquire(f->consumer, kind, f->answers, group);

	if (!q)
		return *out;
	q->no_members = f->members_unknown;
	if (kind == INQUIRY_GROUP)
		survey_widen(&f->survey, q, f->now);
	*out = true;
	asker_ask(f->asker, q);
	return true;
}

static void
ask_again(struct kafka_feed *f)
{
	ask(f, INQUIRY_MARKS, NULL, &f->marks_out);
	f->survey.group_asked = f->survey.watch_asked = false;
	if (f->group && f->joining == JOINED)
		f->survey.group_asked = ask(f, INQUIRY_GROUP, f->group, &f->group_out);
	else if (f->group && f->joining == MEMBERS_ASKED && !f->group_out)
		ask_for_members(f);
	if (f->config.watch && !(f->group && strcmp(f->config.watch, f->group) == 0))
		f->survey.watch_asked = ask(f, INQUIRY_GROUP, f->config.watch, &f->watch_out);
}

/* Nothing could be assigned in time: the run that has to end ends here. */
static void
give_up(struct kafka_feed *f)
{
	const char *brokers = f->config.consumer.kafka.brokers;
	struct source_status status = {0};
	char text[ERR_TEXT + 64];

	f->deadline = INT64_MAX;
	consumer_status(f->consumer, &status);
	if (f->assigned || (status.link == LINK_UP && !status.sentence[0]))
		return;
	fault_unpromise(status.sentence);
	if (!status.sentence[0])
		snprintf(status.sentence, sizeof(status.sentence), "%s did not answer in time",
			 brokers ? brokers : "the brokers");
	snprintf(text, sizeof(text), "gave up after %lld s: %s", (long long)(f->config.timeout_ms / 1000),
		 status.sentence);
	fail(f, text);
}

static void
kafka_tick(struct feed *feed, int64_t mono_ms)
{
	struct kafka_feed *f = feed_of(feed);

	f->now = mono_ms;
	if (!f->consumer)
		return;
	take_answers(f);
	consumer_tick(f->consumer, mono_ms);
	if (mono_ms >= f->due) {
		f->due = mono_ms + (f->config.interval_ms ? f->config.interval_ms : INTERVAL_MS);
		ask_again(f);
	}
	if (mono_ms >= f->deadline)
		give_up(f);
}

static int64_t
kafka_due(struct feed *feed)
{
	const struct kafka_feed *f = feed_of(feed);
	int64_t due = f->consumer ? consumer_due(f->consumer) : INT64_MAX;

	if (f->consumer && f->due < due)
		due = f->due;
	return f->consumer && f->deadline < due ? f->deadline : due;
}

static void
seek(struct kafka_feed *f, bool to_end)
{
	if (consumer_seek_all(f->consumer, to_end) == 0) {
		say(f, NOTICE_WARN, "no partition is assigned just now");
		return;
	}
	if (!to_end)
		f->listener.restarted(f->listener.ctx);
	say(f, NOTICE_INFO, to_end ? "went to the end" : "reading from the beginning");
}

static void
set_policy(struct kafka_feed *f, enum policy policy)
{
	struct policy_change change = consumer_set_policy(f->consumer, policy);
	const char *end = policy == POLICY_EARLIEST ? "beginning" : "end";

	if (change.moved && policy == POLICY_EARLIEST)
		f->listener.restarted(f->listener.ctx);
	if (f->group)
		say(f, NOTICE_INFO, "policy %s: %zu partitions keep their committed place, %zu went to the %s",
		    policy_name(policy), change.kept, change.moved, end);
	else
		say(f, NOTICE_INFO, "policy %s: nothing is committed without a group, this is the same as %s: %zu "
		    "partitions went to the %s", policy_name(policy), policy == POLICY_EARLIEST ? "b" : "e",
		    change.moved, end);
}

static void
set_commit(struct kafka_feed *f, enum commit_mode mode)
{
	static const char *const effects[] = {
		[COMMIT_NONE] = "nothing is committed from now on",
		[COMMIT_AUTO] = "what was read is committed every 5 s and on leaving",
		[COMMIT_EACH] = "a round trip for each record, which makes about 150 to 200 records a second",
	};
	struct err err;

	if (f->config.read_only && mode != COMMIT_NONE)
		say(f, NOTICE_WARN, "--read-only: nothing is committed");
	else if (consumer_set_commit(f->consumer, mode, &err))
		say(f, NOTICE_INFO, "commit mode %s: %s", commit_mode_name(mode), effects[mode]);
	else
		say(f, NOTICE_WARN, "%s", err.text);
}

static void
commit_now(struct kafka_feed *f)
{
	if (!f->group)
		say(f, NOTICE_WARN, "no group was joined, so nothing can be committed: start with -G GROUP");
	else if (f->config.read_only)
		say(f, NOTICE_WARN, "--read-only: nothing is committed");
	else if (consumer_commit_now(f->consumer) == 0)
		say(f, NOTICE_INFO, "nothing new to commit");
}

static void
take_decision(struct kafka_feed *f, bool yes)
{
	if (f->joining != USER_ASKED && f->joining != DECLINED)
		return;
	if (yes)
		join(f);
	else
		f->joining = DECLINED;
}

static void
kafka_command(struct feed *feed, const struct command *c)
{
	struct kafka_feed *f = feed_of(feed);

	if (!f->consumer)
		return;
	switch (c->kind) {
	case COMMAND_SEEK_BEGINNING:
	case COMMAND_SEEK_END:
		seek(f, c->kind == COMMAND_SEEK_END);
		break;
	case COMMAND_POLICY:
		set_policy(f, c->policy);
		break;
	case COMMAND_COMMIT_MODE:
		set_commit(f, c->commit);
		break;
	case COMMAND_COMMIT_NOW:
		commit_now(f);
		break;
	case COMMAND_RESET:
		begin_reset(f, c->to);
		break;
	case COMMAND_ANSWER:
		if (f->reset.step == RESET_ASKED)
			decide_reset(f, c->yes);
		else
			take_decision(f, c->yes);
		break;
	case COMMAND_PLAY_BY:
	case COMMAND_PLAY_PAUSE:
	case COMMAND_PLAY_SPEED:
		break; /* a recording's */
	}
}

static void
kafka_status(struct feed *feed, struct source_status *out)
{
	static const enum group_state states[] = {
		[MEMBERS_ASKED] = GROUP_LOOKING,
		[USER_ASKED] = GROUP_ASKING,
		[DECLINED] = GROUP_DECLINED,
	};
	struct kafka_feed *f = feed_of(feed);

	*out = (struct source_status){.now = -1, .generation = -1};
	if (f->consumer)
		consumer_status(f->consumer, out);
	out->watch_age = f->watch_at ? f->now - f->watch_at : -1;
	out->storing = f->config.storing && out->commit == COMMIT_EACH;
	if (f->config.note)
		snprintf(out->note, sizeof(out->note), "%s", f->config.note);
	if (!f->group || f->joining == JOINED)
		return;
	out->group_state = states[f->joining];
}

static void
kafka_looked_at(struct feed *feed, const struct view *view, int64_t mono_ms)
{
	struct kafka_feed *f = feed_of(feed);

	if (f->asker)
		survey_look(&f->survey, view, mono_ms);
}

static bool
kafka_ended(struct feed *feed)
{
	const struct kafka_feed *f = feed_of(feed);

	return f->consumer && consumer_at_end(f->consumer);
}

static void
drop_answers(struct kafka_feed *f)
{
	struct inquiry *q;

	while ((q = mailbox_take(f->answers)))
		inquiry_free(q);
}

static void
leave(struct kafka_feed *f)
{
	struct pollfd fd = {.fd = consumer_fd(f->consumer), .events = POLLIN};
	struct record none;

	consumer_leave(f->consumer);
	while (!consumer_left(f->consumer)) {
		poll(&fd, 1, POLL_MS);
		drop_answers(f); /* which wake us, too */
		consumer_poll(f->consumer, &none, 1);
	}
}

static void
kafka_stop(struct feed *feed)
{
	struct kafka_feed *f = feed_of(feed);

	if (f->consumer)
		leave(f);
	f->abandoned = !asker_free(f->asker, ASKER_MS);
	f->asker = NULL;
}

static void
free_inquiry(void *q)
{
	inquiry_free(q);
}

/* An asker that still waits for a broker has letters for our mailboxes: they stay. */
static bool
kafka_free(struct feed *feed)
{
	struct kafka_feed *f = feed_of(feed);

	if (f->abandoned || !consumer_free(f->consumer))
		return false;
	mailbox_free(f->answers, free_inquiry);
	survey_fini(&f->survey);
	inquiry_free(f->reset.places);
	free(f);
	return true;
}

static const struct feed_ops kafka_ops = {
	.start = kafka_start,
	.fd = kafka_fd,
	.take = kafka_take,
	.applied = kafka_applied,
	.release = kafka_release,
	.hold = kafka_hold,
	.stored = kafka_stored,
	.one_by_one = kafka_one_by_one,
	.due = kafka_due,
	.tick = kafka_tick,
	.command = kafka_command,
	.status = kafka_status,
	.looked_at = kafka_looked_at,
	.ended = kafka_ended,
	.stop = kafka_stop,
	.free = kafka_free,
};

struct feed *
feed_kafka_new(const struct feed_kafka_config *config)
{
	struct kafka_feed *f = xcalloc(1, sizeof(*f));

	f->feed.ops = &kafka_ops;
	f->config = *config;
	f->answers = mailbox_new();
	return &f->feed;
}
