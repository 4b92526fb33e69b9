/* SPDX-License-Identifier: MIT */
#include "kafka/consumer_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SILENCE_MS = 5000 };

void
link_say(struct consumer *c, enum log_level level, const char *fmt, ...)
{
	char text[ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	c->listener->said(c->ctx, level, text, false);
}

void
link_alive(struct consumer *c)
{
	c->alive = c->now;
	if (c->link != LINK_UP)
		link_whole(c);
}

void
link_whole(struct consumer *c)
{
	bool was_down = c->link == LINK_DOWN && c->link_problem.text[0];

	c->alive = c->now;
	c->link = LINK_UP;
	c->was_up = true;
	c->link_problem.text[0] = '\0';
	if (!was_down)
		return;
	c->troubles = (struct troubles){0}; /* the next outage is another one */
	link_say(c, LOG_INFO, "the brokers answer");
}

/* It is said where it is NEWS and STORE did not say it before; what stops us always is. */
static void
keep_problem(struct consumer *c, struct err *store, const struct err *what, bool stop, bool news)
{
	bool same = strcmp(store->text, what->text) == 0;

	*store = *what;
	if (stop || (news && !same))
		c->listener->said(c->ctx, LOG_ERROR, what->text, stop);
}

void
link_remember(struct consumer *c, struct err *store, const struct err *what, bool stop)
{
	if (strcmp(store->text, what->text) != 0)
		keep_problem(c, store, what, stop, trouble_broker(what->text) == 0 ||
			     troubles_news(&c->troubles, what->text, c->now));
}

static struct fault_context
context_of(const struct consumer *c, enum fault_doing doing, const char *topic)
{
	return (struct fault_context){
		.doing = doing, .brokers = c->brokers, .group = c->group, .was_up = c->was_up,
		.topic = topic || c->table.n_topics != 1 ? topic : c->table.topics[0],
	};
}

/* CODE, in a sentence. A fatal error is only announced; the library is asked which. */
static enum fault_verdict
explain(const struct consumer *c, enum fault_doing doing, int code, const char *text, const char *topic,
	struct err *said)
{
	const struct fault_context context = context_of(c, doing, topic);
	char fatal[ERR_TEXT];

	if (code == RD_KAFKA_RESP_ERR__FATAL) {
		code = rd_kafka_fatal_error(c->rk, fatal, sizeof(fatal));
		text = fatal;
		fault_explain(code, text, &context, said);
		return FAULT_STOP;
	}
	return fault_explain(code, text, &context, said);
}

void
link_once(struct consumer *c, struct err *store, enum fault_doing doing, int code, const char *topic)
{
	struct err said = {0};
	enum fault_verdict verdict = explain(c, doing, code, NULL, topic, &said);

	if (verdict != FAULT_IGNORE)
		link_remember(c, store, &said, verdict == FAULT_STOP);
}

void
link_problem(struct consumer *c, struct err *store, int code, const char *text)
{
	struct err said = {0};
	enum fault_verdict verdict = explain(c, FAULT_ELSE, code, text, NULL, &said);

	if (verdict == FAULT_NOTE)
		c->listener->said(c->ctx, LOG_WARN, said.text, false);
	else if (verdict != FAULT_IGNORE)
		link_remember(c, store, &said, verdict == FAULT_STOP);
}

/* A broker's trouble is said, and stands in the status, once; that no broker answers stands above all others. */
static void
tell_trouble(struct consumer *c, enum fault_verdict verdict, bool all_down, bool news, const struct err *said)
{
	bool empty = !c->link_problem.text[0], worst = c->link == LINK_DOWN && c->was_up && !empty;

	if (all_down || (verdict != FAULT_NOTE && !worst && (news || (empty && c->link != LINK_UP))))
		keep_problem(c, &c->link_problem, said, verdict == FAULT_STOP, news || all_down);
	else if (news)
		c->listener->said(c->ctx, verdict == FAULT_NOTE ? LOG_WARN : LOG_ERROR, said->text, false);
}

void
link_error(rd_kafka_t *rk, int code, const char *text, void *opaque)
{
	struct consumer *c = opaque;
	bool all_down = code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, news;
	struct err said = {0};
	enum fault_verdict verdict = explain(c, FAULT_ELSE, code, text, NULL, &said);

	(void)rk;
	if (all_down && c->link_problem.text[0] && !c->was_up) { /* the reason known says more */
		c->link = LINK_DOWN;
		return;
	}
	if (verdict == FAULT_IGNORE)
		return;
	news = troubles_news(&c->troubles, said.text, c->now);
	tell_trouble(c, verdict, all_down, news, &said);
	if (c->link_problem.text[0] && (all_down || c->link == LINK_CONNECTING))
		c->link = LINK_DOWN;
}

void
link_silent(struct consumer *c, const struct err *err)
{
	if (c->link == LINK_UP && c->now - c->alive < SILENCE_MS)
		return;
	c->link = LINK_DOWN;
	if (!c->link_problem.text[0])
		link_remember(c, &c->link_problem, err, false);
}
