/* SPDX-License-Identifier: MIT */
/*
 * The embedded broker: librdkafka's mock cluster on loopback ports of the
 * system's choice, reachable by any Kafka client while it lives. It keeps about
 * 5 MB a partition, knows no timestamps, no group members and no admin calls.
 * The last five functions make trouble on purpose, for tests. Any thread may
 * call, one at a time.
 */
#ifndef KAFKA_BROKER_H
#define KAFKA_BROKER_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { BROKER_TOPIC_PARTITIONS = 16, BROKER_PARTITIONS_MAX = 10000 };

struct broker;

/* TOPICS are NAME or NAME:PARTITIONS. */
struct broker *broker_start(int brokers, const char *const *topics, size_t n_topics, struct err *err);
void broker_stop(struct broker *b);
bool broker_create_topic(struct broker *b, const char *topic, struct err *err);

/* HOST:PORT of each broker, comma separated; the broker's own. */
const char *broker_bootstrap(const struct broker *b);

/* The next COUNT requests of kind API_KEY (1 Fetch, 8 OffsetCommit ..) fail with CODE. */
void broker_push_errors(struct broker *b, int16_t api_key, int code, size_t count);
void broker_clear_errors(struct broker *b, int16_t api_key); /* those that are still to come */
void broker_set_up(struct broker *b, int32_t id, bool up); /* ids count from 1 */
void broker_set_rtt(struct broker *b, int32_t id, int ms);

#endif
