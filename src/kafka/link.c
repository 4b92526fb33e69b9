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
	c->link_problem.text[0] = '\0';
	if (was_down)
		link_say(c, LOG_INFO, "the brokers answer");
}

void
link_remember(struct consumer *c, struct err *store, const struct err *what, bool stop)
{
	if (strcmp(store->text, what->text) == 0)
		return;
	*store = *what;
	c->listener->said(c->ctx, LOG_ERROR, what->text, stop);
}

/* CODE, in a sentence. A fatal error is only announced; the library is asked which. */
static enum fault_verdict
explain(const struct consumer *c, enum fault_doing doing, int code, const char *text, const char *topic,
	struct err *said)
{
	const struct fault_context context = {
		.doing = doing, .brokers = c->brokers, .group = c->group, .was_up = c->link == LINK_UP,
		.topic = topic || c->table.n_topics != 1 ? topic : c->table.topics[0],
	};
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

void
link_error(rd_kafka_t *rk, int code, const char *text, void *opaque)
{
	struct consumer *c = opaque;
	bool all_down = code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
	struct err before = c->link_problem;

	(void)rk;
	if (all_down && before.text[0]) { /* the reason known says more */
		c->link = LINK_DOWN;
		return;
	}
	link_problem(c, &c->link_problem, code, text);
	if (c->link_problem.text[0] && (all_down || c->link == LINK_CONNECTING))
		c->link = LINK_DOWN;
}

void
link_silent(struct consumer *c, const struct err *err)
{
	if (c->now - c->alive < SILENCE_MS)
		return;
	c->link = LINK_DOWN;
	if (!c->link_problem.text[0])
		link_remember(c, &c->link_problem, err, false);
}
