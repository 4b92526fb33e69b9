/* SPDX-License-Identifier: MIT */
/* Making a topic: one call to the controller. */
#include "kafka/asker_inside.h"
#include "kafka/fault.h"
#include "kafka/topic.h"

#include <stdlib.h>

/* What the brokers said of the one topic asked for. */
static bool
take_result(struct asker *a, struct inquiry *q, rd_kafka_event_t *event)
{
	const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
	const rd_kafka_topic_result_t **topics;
	const char *name = q->topics[0].name;
	size_t n = 0;
	int code;

	if (rd_kafka_event_error(event) || !result)
		return asker_end(a, q, rd_kafka_event_error(event), rd_kafka_event_error_string(event));
	topics = rd_kafka_CreateTopics_result_topics(result, &n);
	code = n ? (int)rd_kafka_topic_result_error(topics[0]) : RD_KAFKA_RESP_ERR_UNKNOWN;
	switch (code) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return true;
	case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
		return err_set(&q->err, "there is a topic %s already", name);
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		return err_set(&q->err, "no permission to create topic %s: ask whoever runs the cluster for it", name);
	case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
		return err_set(&q->err, "topic %s: the cluster has not enough brokers for %d replicas; give fewer "
			       "with --replication", name, q->replication);
	default:
		return err_set(&q->err, "topic %s was not created: %s", name,
			       n ? rd_kafka_topic_result_error_string(topics[0]) : "the brokers gave no reason");
	}
}

static rd_kafka_event_t *
call(struct asker *a, rd_kafka_NewTopic_t *topic)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(a->rk, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	rd_kafka_event_t *event;

	rd_kafka_AdminOptions_set_request_timeout(options, a->patience_ms, NULL, 0);
	rd_kafka_AdminOptions_set_operation_timeout(options, a->patience_ms, NULL, 0);
	rd_kafka_CreateTopics(a->rk, &topic, 1, options, queue);
	event = rd_kafka_queue_poll(queue, a->patience_ms + a->patience_ms / 2);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_queue_destroy(queue);
	return event;
}

/* The metadata first: it tells the embedded broker, which has no such call, and why nobody answers. */
static bool
may_ask(struct asker *a, struct inquiry *q)
{
	const struct rd_kafka_metadata *md;

	asker_begin(a);
	if (!asker_end(a, q, rd_kafka_metadata(a->rk, 0, NULL, &md, a->patience_ms), NULL))
		return false;
	rd_kafka_metadata_destroy(md);
	q->embedded = asker_embedded(a);
	return !q->embedded || err_set(&q->err, "the embedded broker creates no topic when asked: start it with exptop "
				       "broker --topic %s:%d", q->topics[0].name, (int)q->topics[0].partitions);
}

bool
asker_create(struct asker *a, struct inquiry *q)
{
	const struct inquiry_topic *wanted = &q->topics[0];
	char why[ERR_TEXT];
	rd_kafka_NewTopic_t *topic;
	rd_kafka_event_t *event;
	bool good;

	if (!topic_valid(wanted->name, &q->err) || !may_ask(a, q))
		return false;
	topic = rd_kafka_NewTopic_new(wanted->name, wanted->partitions, q->replication, why, sizeof(why));
	if (!topic)
		return err_set(&q->err, "topic %s: %s", wanted->name, why);
	event = call(a, topic);
	good = event ? take_result(a, q, event)
		     : err_set(&q->err, "the brokers did not answer in time: whether topic %s was created is not known",
			       wanted->name);
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_NewTopic_destroy(topic);
	return good;
}
