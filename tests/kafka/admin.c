/* SPDX-License-Identifier: MIT */
/*
 * What a cluster's owner does, for the tests against a real Kafka: admin BROKERS
 * VERB ARGUMENT... It shares no code with the program's way to Kafka, so that it
 * can be the witness of what that did.
 */
#include "base/base64.h"

#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 20000 };

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("admin: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

static void
delivery_check(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
	(void)rk;
	(void)opaque;
	if (message->err)
		die("%s", rd_kafka_message_errstr(message));
}

/* TRANSACTIONAL: its id, or NULL. */
static rd_kafka_t *
client_of(const char *brokers, const char *transactional)
{
	static const char *const props[][2] = {{"linger.ms", "5"}, {"log_level", "0"}};
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *rk;

	if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof why) != RD_KAFKA_CONF_OK)
		die("%s", why);
	for (size_t i = 0; i < sizeof props / sizeof *props; i++)
		if (rd_kafka_conf_set(conf, props[i][0], props[i][1], why, sizeof why) != RD_KAFKA_CONF_OK)
			die("%s", why);
	if (transactional && rd_kafka_conf_set(conf, "transactional.id", transactional, why, sizeof why))
		die("%s", why);
	else if (!transactional)
		rd_kafka_conf_set_dr_msg_cb(conf, delivery_check);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
	if (!rk)
		die("%s", why);
	return rk;
}

/* The answer to the one request that is on its way. */
static rd_kafka_event_t *
answer(rd_kafka_queue_t *queue)
{
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TIMEOUT_MS);

	if (!event)
		die("no answer");
	if (rd_kafka_event_error(event))
		die("%s", rd_kafka_event_error_string(event));
	return event;
}

/* brokers: how many the cluster says it has. */
static void
brokers_print(rd_kafka_t *rk, char **args)
{
	const struct rd_kafka_metadata *meta;
	rd_kafka_resp_err_t err = rd_kafka_metadata(rk, 0, NULL, &meta, TIMEOUT_MS);

	(void)args;
	if (err)
		die("%s", rd_kafka_err2str(err));
	printf("%d\n", meta->broker_cnt);
	rd_kafka_metadata_destroy(meta);
}

/* create TOPIC PARTITIONS: replicated as the brokers' default says. */
static void
topic_create(rd_kafka_t *rk, char **args)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(args[0], atoi(args[1]), -1, NULL, 0);
	rd_kafka_event_t *event;
	const rd_kafka_topic_result_t **results;
	size_t count;

	rd_kafka_CreateTopics(rk, &topic, 1, NULL, queue);
	event = answer(queue);
	results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
	for (size_t i = 0; i < count; i++)
		if (rd_kafka_topic_result_error(results[i]))
			die("%s", rd_kafka_topic_result_error_string(results[i]));
	rd_kafka_event_destroy(event);
	rd_kafka_NewTopic_destroy(topic);
	rd_kafka_queue_destroy(queue);
}

/* delete TOPIC */
static void
topic_delete(rd_kafka_t *rk, char **args)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(args[0]);

	rd_kafka_DeleteTopics(rk, &topic, 1, NULL, queue);
	rd_kafka_event_destroy(answer(queue));
	rd_kafka_DeleteTopic_destroy(topic);
	rd_kafka_queue_destroy(queue);
}

/* renew TOPIC PARTITIONS: deleted, and created again at once. */
static void
topic_renew(rd_kafka_t *rk, char **args)
{
	topic_delete(rk, args);
	topic_create(rk, args);
}

/* partitions TOPIC COUNT: it has so many from now on. */
static void
partitions_add(rd_kafka_t *rk, char **args)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	char why[256];
	rd_kafka_NewPartitions_t *more = rd_kafka_NewPartitions_new(args[0], (size_t)atoi(args[1]), why, sizeof why);

	if (!more)
		die("%s", why);
	rd_kafka_CreatePartitions(rk, &more, 1, NULL, queue);
	rd_kafka_event_destroy(answer(queue));
	rd_kafka_NewPartitions_destroy(more);
	rd_kafka_queue_destroy(queue);
}

static void
check_transaction(rd_kafka_error_t *error)
{
	if (error)
		die("%s", rd_kafka_error_string(error));
}

/* transactions TOPIC GOOD BAD: so many records in one that is committed, then so many in one that is aborted. */
static void
transactions_run(rd_kafka_t *unused, char **args)
{
	rd_kafka_t *rk = client_of(args[-2], args[0]);
	int n[] = {atoi(args[1]), atoi(args[2])};
	char good[] = "good", aborted[] = "bad";

	(void)unused;
	check_transaction(rd_kafka_init_transactions(rk, TIMEOUT_MS));
	for (int bad = 0; bad < 2; bad++) {
		check_transaction(rd_kafka_begin_transaction(rk));
		for (int i = 0; i < n[bad]; i++)
			rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(args[0]), RD_KAFKA_V_PARTITION(0),
					  RD_KAFKA_V_VALUE(bad ? aborted : good, bad ? 3 : 4), RD_KAFKA_V_END);
		rd_kafka_flush(rk, TIMEOUT_MS);
		check_transaction(bad ? rd_kafka_abort_transaction(rk, TIMEOUT_MS)
				      : rd_kafka_commit_transaction(rk, TIMEOUT_MS));
	}
	rd_kafka_destroy(rk);
}

static rd_kafka_headers_t *
headers_from(json_t *names)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
	const char *name;
	json_t *value;

	json_object_foreach (names, name, value)
		rd_kafka_header_add(headers, name, -1, json_string_value(value), -1);
	return headers;
}

static void
line_produce(rd_kafka_t *rk, const char *topic, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);
	const char *key = json_string_value(json_object_get(record, "k"));
	const char *coded = json_string_value(json_object_get(record, "v"));
	struct buf value = {0};
	rd_kafka_resp_err_t err;

	if (!coded || !base64_decode(&value, slice_str(coded)))
		die("no record: %.60s", line);
	err = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic),
	    RD_KAFKA_V_PARTITION((int32_t)json_integer_value(json_object_get(record, "p"))),
	    RD_KAFKA_V_TIMESTAMP(json_integer_value(json_object_get(record, "ts"))),
	    RD_KAFKA_V_KEY(key, key ? strlen(key) : 0), RD_KAFKA_V_VALUE(value.p, value.n),
	    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers_from(json_object_get(record, "h"))),
	    RD_KAFKA_V_END);
	if (err)
		die("%s: %s", topic, rd_kafka_err2str(err));
	buf_free(&value);
	json_decref(record);
}

/* produce TOPIC: the lines of standard input, as in the reference run, each to its partition. */
static void
run_produce(rd_kafka_t *rk, char **args)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0)
		line_produce(rk, args[0], line);
	free(line);
	if (rd_kafka_flush(rk, TIMEOUT_MS))
		die("%s: not every record was taken", args[0]);
}

/* groups: every group's name and state. */
static void
groups_print(rd_kafka_t *rk, char **args)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	const rd_kafka_ConsumerGroupListing_t **groups;
	rd_kafka_event_t *event;
	size_t count;

	(void)args;
	rd_kafka_ListConsumerGroups(rk, NULL, queue);
	event = answer(queue);
	groups = rd_kafka_ListConsumerGroups_result_valid(rd_kafka_event_ListConsumerGroups_result(event), &count);
	for (size_t i = 0; i < count; i++)
		printf("%s %s\n", rd_kafka_ConsumerGroupListing_group_id(groups[i]),
		    rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupListing_state(groups[i])));
	rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
}

static void
member_print(const rd_kafka_MemberDescription_t *member)
{
	const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(member);
	const rd_kafka_topic_partition_list_t *parts = rd_kafka_MemberAssignment_partitions(assignment);

	printf("%s %s %d\n", rd_kafka_MemberDescription_client_id(member),
	    rd_kafka_MemberDescription_consumer_id(member), parts ? parts->cnt : 0);
}

/* GROUP as the brokers describe it, good until *EVENT is destroyed. */
static const rd_kafka_ConsumerGroupDescription_t *
described(rd_kafka_t *rk, const char *group, rd_kafka_event_t **event)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	size_t count;

	rd_kafka_DescribeConsumerGroups(rk, &group, 1, NULL, queue);
	*event = answer(queue);
	rd_kafka_queue_destroy(queue);
	return rd_kafka_DescribeConsumerGroups_result_groups(
	    rd_kafka_event_DescribeConsumerGroups_result(*event), &count)[0];
}

/* members GROUP: each member's client id, own id and number of partitions. */
static void
members_print(rd_kafka_t *rk, char **args)
{
	rd_kafka_event_t *event;
	const rd_kafka_ConsumerGroupDescription_t *group = described(rk, args[0], &event);

	for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(group); i++)
		member_print(rd_kafka_ConsumerGroupDescription_member(group, i));
	rd_kafka_event_destroy(event);
}

/* coordinator GROUP: the id of the broker that looks after it. */
static void
coordinator_print(rd_kafka_t *rk, char **args)
{
	rd_kafka_event_t *event;
	const rd_kafka_Node_t *node = rd_kafka_ConsumerGroupDescription_coordinator(described(rk, args[0], &event));

	if (!node)
		die("%s: no broker looks after it", args[0]);
	printf("%d\n", rd_kafka_Node_id(node));
	rd_kafka_event_destroy(event);
}

/* committed GROUP: what it has committed, a partition a line. */
static void
committed_print(rd_kafka_t *rk, char **args)
{
	rd_kafka_ListConsumerGroupOffsets_t *ask = rd_kafka_ListConsumerGroupOffsets_new(args[0], NULL);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	const rd_kafka_topic_partition_list_t *parts;
	const rd_kafka_group_result_t **groups;
	rd_kafka_event_t *event;
	size_t count;

	rd_kafka_ListConsumerGroupOffsets(rk, &ask, 1, NULL, queue);
	event = answer(queue);
	groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
	    rd_kafka_event_ListConsumerGroupOffsets_result(event), &count);
	parts = rd_kafka_group_result_partitions(groups[0]);
	for (int i = 0; i < parts->cnt; i++)
		printf("%s[%d] %lld\n", parts->elems[i].topic, parts->elems[i].partition,
		    (long long)parts->elems[i].offset);
	rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_ListConsumerGroupOffsets_destroy(ask);
}

static void
allow(rd_kafka_t *rk, const char *principal, rd_kafka_ResourceType_t type, const char *name,
      rd_kafka_AclOperation_t operation)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	const rd_kafka_acl_result_t **results;
	rd_kafka_AclBinding_t *rule;
	rd_kafka_event_t *event;
	char why[256];
	size_t count;

	rule = rd_kafka_AclBinding_new(type, name, RD_KAFKA_RESOURCE_PATTERN_LITERAL, principal, "*", operation,
	    RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, why, sizeof why);
	if (!rule)
		die("%s", why);
	rd_kafka_CreateAcls(rk, &rule, 1, NULL, queue);
	event = answer(queue);
	results = rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event), &count);
	for (size_t i = 0; i < count; i++)
		if (rd_kafka_acl_result_error(results[i]))
			die("%s", rd_kafka_error_string(rd_kafka_acl_result_error(results[i])));
	rd_kafka_event_destroy(event);
	rd_kafka_AclBinding_destroy(rule);
	rd_kafka_queue_destroy(queue);
}

/* allow-read PRINCIPAL TOPIC: what PRINCIPAL may do. */
static void
read_allow(rd_kafka_t *rk, char **args)
{
	allow(rk, args[0], RD_KAFKA_RESOURCE_TOPIC, args[1], RD_KAFKA_ACL_OPERATION_READ);
}

/* allow-list PRINCIPAL: it may see which groups there are, and no more of them. */
static void
list_allow(rd_kafka_t *rk, char **args)
{
	allow(rk, args[0], RD_KAFKA_RESOURCE_BROKER, "kafka-cluster", RD_KAFKA_ACL_OPERATION_DESCRIBE);
}

/* commit-many PREFIX COUNT TOPIC: groups PREFIX0 .. that committed 1 on the topic's first partition. */
static void
many_commit(rd_kafka_t *rk, char **args)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	int count = atoi(args[1]);

	for (int i = 0; i < count; i++) {
		rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
		rd_kafka_AlterConsumerGroupOffsets_t *ask;
		char group[128];

		snprintf(group, sizeof group, "%s%d", args[0], i);
		rd_kafka_topic_partition_list_add(list, args[2], 0)->offset = 1;
		ask = rd_kafka_AlterConsumerGroupOffsets_new(group, list);
		rd_kafka_AlterConsumerGroupOffsets(rk, &ask, 1, NULL, queue);
		rd_kafka_AlterConsumerGroupOffsets_destroy(ask);
		rd_kafka_topic_partition_list_destroy(list);
	}
	for (int i = 0; i < count; i++)
		rd_kafka_event_destroy(answer(queue));
	rd_kafka_queue_destroy(queue);
}

static const struct verb {
	const char *name;
	int args;
	void (*run)(rd_kafka_t *rk, char **args);
} verbs[] = {
    {"brokers", 0, brokers_print},
    {"create", 2, topic_create},
    {"delete", 1, topic_delete},
    {"renew", 2, topic_renew},
    {"partitions", 2, partitions_add},
    {"transactions", 3, transactions_run},
    {"produce", 1, run_produce},
    {"groups", 0, groups_print},
    {"members", 1, members_print},
    {"coordinator", 1, coordinator_print},
    {"committed", 1, committed_print},
    {"allow-read", 2, read_allow},
    {"allow-list", 1, list_allow},
    {"commit-many", 3, many_commit},
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof verbs / sizeof *verbs; i++) {
		rd_kafka_t *rk;

		if (strcmp(argv[2], verbs[i].name) != 0 || argc != 3 + verbs[i].args)
			continue;
		rk = client_of(argv[1], NULL);
		verbs[i].run(rk, argv + 3);
		rd_kafka_destroy(rk);
		return 0;
	}
	die("usage: admin BROKERS brokers | create TOPIC PARTITIONS | delete TOPIC | renew TOPIC PARTITIONS | "
	    "partitions TOPIC COUNT | transactions TOPIC GOOD BAD | produce TOPIC < FILE | groups | members GROUP | "
	    "coordinator GROUP | committed GROUP | allow-read PRINCIPAL TOPIC | allow-list PRINCIPAL | "
	    "commit-many PREFIX COUNT TOPIC");
}
