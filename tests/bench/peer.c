/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 10000, TIMEOUT_MS = 20000 };

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "peer: %s: %s\n", what, why);
	exit(1);
}

static void
set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[512];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)))
		fail(name, why);
}

static rd_kafka_t *
consumer_new(const char *brokers, char **properties)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *rk;
	char why[512];

	set(conf, "bootstrap.servers", brokers);
	set(conf, "group.id", "bench");
	set(conf, "enable.auto.commit", "false");
	set(conf, "enable.auto.offset.store", "false");
	set(conf, "check.crcs", "false");
	for (; *properties; properties++) {
		char *value = strchr(*properties, '=');

		if (!value)
			fail(*properties, "no PROPERTY=VALUE");
		*value++ = '\0';
		set(conf, *properties, value);
	}
	rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	if (!rk)
		fail("rd_kafka_new", why);
	return rk;
}

/* Assign all of TOPIC from its beginning; how many records that is. */
static int64_t
assign(rd_kafka_t *rk, const char *topic)
{
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(rk, topic, NULL);
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(16);
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t code = rd_kafka_metadata(rk, 0, rkt, &md, TIMEOUT_MS);
	int64_t low, high, total = 0;

	if (code)
		fail(topic, rd_kafka_err2str(code));
	for (int p = 0; p < md->topics[0].partition_cnt; p++) {
		code = rd_kafka_query_watermark_offsets(rk, topic, p, &low, &high, TIMEOUT_MS);
		if (code)
			fail(topic, rd_kafka_err2str(code));
		total += high - low;
		rd_kafka_topic_partition_list_add(all, topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
	}
	rd_kafka_assign(rk, all);
	rd_kafka_metadata_destroy(md);
	rd_kafka_topic_partition_list_destroy(all);
	rd_kafka_topic_destroy(rkt);
	return total;
}

int
peer_main(int argc, char **argv, peer_look look)
{
	static rd_kafka_message_t *batch[BATCH];
	rd_kafka_queue_t *queue;
	rd_kafka_t *rk;
	int64_t total, seen = 0;
	double first = 0;

	if (argc < 3)
		fail("usage", "PROGRAM BROKERS TOPIC [PROPERTY=VALUE..]");
	rk = consumer_new(argv[1], argv + 3);
	rd_kafka_poll_set_consumer(rk);
	total = assign(rk, argv[2]);
	queue = rd_kafka_queue_get_consumer(rk);
	while (seen < total) {
		ssize_t n = rd_kafka_consume_batch_queue(queue, 100, batch, BATCH);

		if (n > 0 && first == 0)
			first = now();
		for (ssize_t i = 0; i < n; i++) {
			if (batch[i]->err)
				fail(argv[2], rd_kafka_message_errstr(batch[i]));
			if (look)
				look(batch[i]);
			rd_kafka_message_destroy(batch[i]);
		}
		seen += n > 0 ? n : 0;
	}
	printf("records_per_s %.0f\n", (double)seen / (now() - first));
	rd_kafka_queue_destroy(queue);
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
	return 0;
}
