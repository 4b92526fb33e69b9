/* SPDX-License-Identifier: MIT */
#include "kafka/broker.h"

#include "base/alloc.h"
#include "kafka/handle.h"
#include "kafka/topic.h"

#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct broker {
	rd_kafka_t *rk; /* the mock cluster lives inside a client */
	rd_kafka_mock_cluster_t *cluster;
};

/* Split NAME:PARTITIONS; NAME is cut in place. */
static bool
parse_topic(char *spec, int *partitions, struct err *err)
{
	char *colon = strchr(spec, ':'), *end;
	long n = BROKER_TOPIC_PARTITIONS;

	if (colon) {
		*colon = '\0';
		n = strtol(colon + 1, &end, 10);
		if (end == colon + 1 || *end || n < 1 || n > BROKER_PARTITIONS_MAX)
			return err_set(err, "topic %s:%s: the number of partitions is 1 to %d", spec, colon + 1,
				       BROKER_PARTITIONS_MAX);
	}
	*partitions = (int)n;
	return topic_valid(spec, err);
}

bool
broker_create_topic(struct broker *b, const char *topic, struct err *err)
{
	char *name = xstrdup(topic);
	rd_kafka_resp_err_t code;
	int partitions = 0;
	bool good = parse_topic(name, &partitions, err);

	if (good) {
		code = rd_kafka_mock_topic_create(b->cluster, name, partitions, 1);
		good = !code ||
		       err_set(err, "the embedded broker cannot create topic %s: %s", name, rd_kafka_err2str(code));
	}
	free(name);
	return good;
}

struct broker *
broker_start(int brokers, const char *const *topics, size_t n_topics, struct err *err)
{
	const struct kafka_property name = {"client.id", "exptop-broker"};
	const struct kafka_config config = {.properties = &name, .n_properties = 1};
	struct broker *b = xcalloc(1, sizeof(*b));
	rd_kafka_conf_t *conf = handle_conf(&config, HANDLE_QUIET, err);

	b->rk = conf ? handle_new(RD_KAFKA_PRODUCER, conf, err) : NULL;
	if (!b->rk)
		goto fail;
	b->cluster = rd_kafka_mock_cluster_new(b->rk, brokers);
	if (!b->cluster) {
		err_set(err, "the embedded broker cannot start: no loopback port could be opened");
		goto fail;
	}
	for (size_t i = 0; i < n_topics; i++)
		if (!broker_create_topic(b, topics[i], err))
			goto fail;
	return b;
fail:
	broker_stop(b);
	return NULL;
}

void
broker_stop(struct broker *b)
{
	if (!b)
		return;
	if (b->cluster)
		rd_kafka_mock_cluster_destroy(b->cluster);
	if (b->rk)
		rd_kafka_destroy(b->rk);
	free(b);
}

const char *
broker_bootstrap(const struct broker *b)
{
	return rd_kafka_mock_cluster_bootstraps(b->cluster);
}

void
broker_push_errors(struct broker *b, int16_t api_key, int code, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rd_kafka_mock_push_request_errors(b->cluster, api_key, 1, (rd_kafka_resp_err_t)code);
}

void
broker_clear_errors(struct broker *b, int16_t api_key)
{
	rd_kafka_mock_clear_request_errors(b->cluster, api_key);
}

void
broker_set_up(struct broker *b, int32_t id, bool up)
{
	if (up)
		rd_kafka_mock_broker_set_up(b->cluster, id);
	else
		rd_kafka_mock_broker_set_down(b->cluster, id);
}

void
broker_set_rtt(struct broker *b, int32_t id, int ms)
{
	rd_kafka_mock_broker_set_rtt(b->cluster, id, ms);
}
