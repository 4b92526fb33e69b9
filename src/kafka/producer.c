/* SPDX-License-Identifier: MIT */
#include "kafka/producer.h"

#include "base/alloc.h"
#include "kafka/fault.h"
#include "kafka/handle.h"
#include "kafka/topic.h"

#include <stdlib.h>
#include <string.h>

enum { DROP_MS = 1000 }; /* for librdkafka's threads to hand back what was dropped */

struct producer {
	rd_kafka_t *rk;
	rd_kafka_topic_t *topic; /* of the last record: looking it up costs more than sending */
	int64_t sent, failed;
	struct err problem;
	bool gave_up;
	char *brokers;
	long message_max; /* bytes */
	producer_delivered_fn delivered;
	void *ctx;
};

/* What is neither under way nor failed: not all that was delivered need be reported. */
static int64_t
arrived(const struct producer *p)
{
	return p->sent - p->failed - rd_kafka_outq_len(p->rk);
}

/* What was dropped: that is no reason. */
static bool
was_purged(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR__PURGE_QUEUE || code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

static void
on_delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct producer *p = opaque;
	const struct fault_context context = {
		.brokers = p->brokers, .topic = rd_kafka_topic_name(m->rkt), .was_up = arrived(p) > 0,
		.doing = FAULT_WRITING, .message_max = p->message_max,
	};

	(void)rk;
	if (m->err) {
		p->failed++;
		if (!p->gave_up && !was_purged(m->err))
			fault_explain(m->err, rd_kafka_err2str(m->err), &context, &p->problem);
	}
	if (p->delivered)
		p->delivered(p->ctx, m->_private, m->partition, m->err ? -1 : m->offset);
}

/* The reason is the error behind the fatal one. */
static void
give_up(struct producer *p, rd_kafka_t *rk)
{
	const struct fault_context context = {.brokers = p->brokers, .doing = FAULT_WRITING};
	char why[512];
	rd_kafka_resp_err_t code = rd_kafka_fatal_error(rk, why, sizeof(why));

	if (!p->gave_up)
		fault_explain(code, why, &context, &p->problem);
	p->gave_up = true;
}

static void
on_error(rd_kafka_t *rk, int code, const char *text, void *opaque)
{
	struct producer *p = opaque;
	const struct fault_context context = {.brokers = p->brokers, .was_up = arrived(p) > 0};
	struct err said;

	if (code == RD_KAFKA_RESP_ERR__FATAL) {
		give_up(p, rk);
		return;
	}
	if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && p->problem.text[0])
		return; /* the reason known says more */
	if (fault_explain(code, text, &context, &said) >= FAULT_TRY_ON)
		p->problem = said;
}

struct producer *
producer_new(const struct kafka_config *config, producer_delivered_fn delivered, void *ctx, struct err *err)
{
	rd_kafka_conf_t *conf = handle_conf(config, HANDLE_LOG, err);
	const char *brokers = kafka_property(config, "bootstrap.servers");
	struct producer *p;

	if (!conf)
		return NULL;
	p = xcalloc(1, sizeof(*p));
	p->brokers = xstrdup(brokers ? brokers : config->brokers);
	p->delivered = delivered;
	p->ctx = ctx;
	p->message_max = handle_conf_number(conf, "message.max.bytes");
	rd_kafka_conf_set_opaque(conf, p);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
	rd_kafka_conf_set_error_cb(conf, on_error);
	p->rk = handle_new(RD_KAFKA_PRODUCER, conf, err);
	if (!p->rk) {
		free(p->brokers);
		free(p);
		return NULL;
	}
	return p;
}

/* TOPIC among those that MD lists; else the sentence. */
static bool
lists_topic(const rd_kafka_metadata_t *md, const char *topic, struct err *err)
{
	const char **names = xcalloc((size_t)md->topic_cnt + 1, sizeof(*names));
	struct fault_context context = {.topic = topic, .doing = FAULT_WRITING};
	bool found = false;

	for (int i = 0; i < md->topic_cnt; i++) {
		names[i] = md->topics[i].topic;
		found = found || strcmp(names[i], topic) == 0;
	}
	if (!found) {
		context.nearest = topic_nearest(topic, names, (size_t)md->topic_cnt);
		fault_explain(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, NULL, &context, err);
	}
	free(names);
	return found;
}

enum producer_found
producer_find(struct producer *p, const char *topic, int timeout_ms, struct err *err)
{
	const struct rd_kafka_metadata *md;
	/* All topics: asking for one by name may create it. */
	rd_kafka_resp_err_t code = rd_kafka_metadata(p->rk, 1, NULL, &md, timeout_ms);
	bool found;

	rd_kafka_poll(p->rk, 0);
	if (p->gave_up) {
		if (!code)
			rd_kafka_metadata_destroy(md);
		*err = p->problem;
		return TOPIC_UNKNOWN;
	}
	if (code) {
		const struct fault_context context = {.brokers = p->brokers};

		if (p->problem.text[0])
			*err = p->problem;
		else
			fault_explain(code, NULL, &context, err);
		fault_unpromise(err->text);
		return TOPIC_UNKNOWN;
	}
	p->problem.text[0] = '\0'; /* somebody answered */
	found = lists_topic(md, topic, err);
	rd_kafka_metadata_destroy(md);
	return found ? TOPIC_FOUND : TOPIC_MISSING;
}

/* They are librdkafka's, under a name of ours. */
struct producer_headers *
producer_headers_new(const struct record_header *list, size_t n)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(n);

	for (size_t i = 0; i < n; i++)
		rd_kafka_header_add(headers, list[i].name.p, (ssize_t)list[i].name.n, list[i].value.p,
				    (ssize_t)list[i].value.n);
	return (struct producer_headers *)headers;
}

void
producer_headers_free(struct producer_headers *h)
{
	if (h)
		rd_kafka_headers_destroy((rd_kafka_headers_t *)h);
}

static rd_kafka_topic_t *
topic_of(struct producer *p, const char *name)
{
	if (p->topic && strcmp(rd_kafka_topic_name(p->topic), name) == 0)
		return p->topic;
	if (p->topic)
		rd_kafka_topic_destroy(p->topic);
	p->topic = rd_kafka_topic_new(p->rk, name, NULL);
	return p->topic;
}

static rd_kafka_resp_err_t
send_with_headers(struct producer *p, rd_kafka_topic_t *topic, const struct outgoing *o)
{
	struct producer_headers *own = o->n_headers ? producer_headers_new(o->headers, o->n_headers) : NULL;
	rd_kafka_headers_t *headers = (rd_kafka_headers_t *)(o->ready ? *o->ready : own);
	rd_kafka_resp_err_t code = rd_kafka_producev(
		p->rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(o->partition),
		RD_KAFKA_V_KEY(o->key.p, o->key.n), RD_KAFKA_V_VALUE((void *)o->value.p, o->value.n),
		RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_TIMESTAMP(o->timestamp),
		RD_KAFKA_V_OPAQUE(o->opaque), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);

	if (code)
		producer_headers_free(own);
	else if (o->ready)
		*o->ready = NULL;
	return code;
}

/* The shorter way in, for what has neither headers nor a time of its own. */
static rd_kafka_resp_err_t
send_plain(rd_kafka_topic_t *topic, const struct outgoing *o)
{
	if (rd_kafka_produce(topic, o->partition, RD_KAFKA_MSG_F_COPY, (void *)o->value.p, o->value.n, o->key.p,
			     o->key.n, o->opaque))
		return rd_kafka_last_error();
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

enum produced
producer_send(struct producer *p, const struct outgoing *o, struct err *err)
{
	const struct fault_context context = {.brokers = p->brokers, .topic = o->topic, .doing = FAULT_WRITING,
					      .message_max = p->message_max};
	rd_kafka_topic_t *topic = topic_of(p, o->topic);
	rd_kafka_resp_err_t code;

	if (!topic)
		code = rd_kafka_last_error();
	else if (!o->ready && o->n_headers == 0 && o->timestamp == 0)
		code = send_plain(topic, o);
	else
		code = send_with_headers(p, topic, o);
	if (!code) {
		p->sent++;
		return PRODUCED;
	}
	if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
		return PRODUCE_FULL;
	if (code == RD_KAFKA_RESP_ERR__FATAL)
		give_up(p, p->rk);
	if (p->gave_up)
		*err = p->problem;
	else
		fault_explain(code, rd_kafka_err2str(code), &context, err);
	return PRODUCE_FAILED;
}

void
producer_poll(struct producer *p, int timeout_ms)
{
	rd_kafka_poll(p->rk, timeout_ms);
}

bool
producer_flush(struct producer *p, int timeout_ms)
{
	return !rd_kafka_flush(p->rk, timeout_ms);
}

void
producer_drop(struct producer *p)
{
	rd_kafka_purge(p->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
	rd_kafka_flush(p->rk, DROP_MS);
}

struct producer_counts
producer_counts(const struct producer *p)
{
	return (struct producer_counts){p->sent, arrived(p), p->failed};
}

bool
producer_gave_up(const struct producer *p)
{
	return p->gave_up;
}

const char *
producer_problem(const struct producer *p)
{
	return p->problem.text;
}

void
producer_free(struct producer *p)
{
	if (!p)
		return;
	if (p->topic)
		rd_kafka_topic_destroy(p->topic);
	rd_kafka_purge(p->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_poll(p->rk, 0);
	rd_kafka_destroy(p->rk);
	free(p->brokers);
	free(p);
}
