/* SPDX-License-Identifier: MIT */
/* What the asker answers, and what a producer counts, against the embedded broker. */
#include "probe.h"
#include "unit.h"

#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static struct broker *broker;
static struct kafka_config config;
static struct mailbox *reply;

static int
start_broker(void **state)
{
	static const char *const topics[] = {"lab:16", "client58:3", "full:1"};
	struct err err = {0};

	(void)state;
	broker = broker_start(3, topics, 3, &err);
	if (!broker)
		return -1;
	config.brokers = broker_bootstrap(broker);
	reply = mailbox_new();
	probe_produce(config.brokers, "lab", 16, 10);
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	mailbox_free(reply, NULL);
	broker_stop(broker);
	return 0;
}

static struct inquiry *
answer(struct asker *asker, struct inquiry *q)
{
	struct pollfd fd = {.fd = mailbox_fd(reply), .events = POLLIN};

	asker_ask(asker, q);
	assert_int_equal(poll(&fd, 1, PROBE_WAIT_MS), 1);
	return mailbox_take(reply);
}

static struct inquiry *
about_lab(enum inquiry_kind kind, const char *group)
{
	struct inquiry *q = inquiry_new(kind, reply, group);

	inquiry_add_topic(q, "lab");
	for (int32_t i = 15; i >= 0; i--)
		inquiry_add_spot(q, 0, i);
	inquiry_sort(q);
	return q;
}

static void
knows_topics_and_the_nearest_name(void **state)
{
	struct asker *asker = asker_new(&config, NULL);
	struct inquiry *q = inquiry_new(INQUIRY_TOPICS, reply, NULL);

	(void)state;
	inquiry_add_topic(q, "lab");
	inquiry_add_topic(q, "client85");
	inquiry_add_topic(q, "entirely-else");
	q = answer(asker, q);
	assert_true(q->ok);
	assert_true(q->embedded);
	assert_int_equal(q->topics[0].partitions, 16);
	assert_string_equal(q->topics[0].problem.text, "");
	assert_int_equal(q->topics[1].partitions, -1);
	assert_non_null(strstr(q->topics[1].problem.text, "did you mean client58?"));
	assert_null(strstr(q->topics[2].problem.text, "did you mean"));
	inquiry_free(q);
	q = inquiry_new(INQUIRY_TOPICS, reply, NULL);
	inquiry_add_topic(q, "client85");
	q = answer(asker, q);
	assert_int_equal(q->topics[0].partitions, -1); /* asking made no topic */
	inquiry_free(q);
	assert_true(asker_free(asker, 10000));
}

static void
lists_every_topic_with_its_marks(void **state)
{
	struct asker *asker = asker_new(&config, NULL);
	struct inquiry *q = answer(asker, inquiry_new(INQUIRY_CATALOG, reply, NULL));

	(void)state;
	assert_true(q->ok);
	assert_true(q->embedded);
	assert_int_equal(q->n_topics, 3);
	assert_string_equal(q->topics[0].name, "client58");
	assert_int_equal(q->topics[0].partitions, 3);
	assert_string_equal(q->topics[2].name, "lab");
	assert_int_equal(q->n_spots, 3 + 1 + 16);
	assert_int_equal(inquiry_spot(q, 0, 2)->end, 0);
	assert_int_equal(inquiry_spot(q, 2, 15)->end, 10);
	inquiry_free(q);
	assert_true(asker_free(asker, 10000));
}

static void
knows_marks_and_commits(void **state)
{
	struct asker *asker = asker_new(&config, NULL);
	struct inquiry *q = answer(asker, about_lab(INQUIRY_MARKS, NULL));

	(void)state;
	assert_true(q->ok);
	for (int32_t i = 0; i < 16; i++) {
		assert_int_equal(inquiry_spot(q, 0, i)->low, 0);
		assert_int_equal(inquiry_spot(q, 0, i)->end, 10);
		assert_int_equal(inquiry_spot(q, 0, i)->committed, -1);
	}
	assert_null(inquiry_spot(q, 0, 16));
	inquiry_free(q);
	q = answer(asker, about_lab(INQUIRY_GROUP, "nobody"));
	assert_true(q->ok);
	assert_true(q->committed);
	assert_true(q->embedded);
	assert_int_equal(q->known, MEMBERS_UNSUPPORTED);
	assert_int_equal(q->n_members, 0);
	assert_int_equal(inquiry_spot(q, 0, 3)->committed, -1);
	inquiry_free(q);
	assert_true(asker_free(asker, 10000));
}

static void
says_that_the_embedded_broker_lists_no_groups(void **state)
{
	struct asker *asker = asker_new(&config, NULL);
	struct inquiry *q = answer(asker, inquiry_new(INQUIRY_GROUPS, reply, NULL));

	(void)state;
	assert_false(q->ok);
	assert_true(q->embedded);
	assert_int_equal(q->n_groups, 0);
	assert_non_null(strstr(q->err.text, "cannot list groups"));
	inquiry_free(q);
	assert_true(asker_free(asker, 10000));
}

/* Commit OFFSET + partition of each partition of lab for GROUP. */
static void
reset(struct asker *asker, const char *group, int64_t offset)
{
	struct inquiry *q = about_lab(INQUIRY_RESET, group);

	for (size_t i = 0; i < q->n_spots; i++)
		q->spots[i].at = offset + q->spots[i].partition;
	q = answer(asker, q);
	assert_string_equal(q->err.text, "");
	assert_true(q->ok);
	for (size_t i = 0; i < q->n_spots; i++)
		assert_null(q->spots[i].refused);
	inquiry_free(q);
}

static void
resets_a_group(void **state)
{
	struct asker *asker = asker_new(&config, NULL);
	struct inquiry *q;

	(void)state;
	reset(asker, "put-back", 5);
	reset(asker, "put-back", 2);
	q = answer(asker, about_lab(INQUIRY_GROUP, "put-back"));
	assert_true(q->committed);
	for (size_t i = 0; i < q->n_spots; i++)
		assert_int_equal(q->spots[i].committed, 2 + q->spots[i].partition);
	for (size_t i = 0; i < q->n_spots; i++)
		assert_int_equal(q->spots[i].end, 10); /* of the same answer */
	inquiry_free(q);
	assert_true(asker_free(asker, 10000));
}

/* More groups than the asker keeps clients, twice round, each with an answer of its own. */
static void
asks_many_groups_in_turn(void **state)
{
	enum { MANY = 30 };
	struct asker *asker = asker_new(&config, NULL);
	char name[32];

	(void)state;
	for (int i = 0; i < 2 * MANY; i++) {
		struct inquiry *q;

		snprintf(name, sizeof(name), "one-of-many-%d", i % MANY);
		if (i < MANY)
			reset(asker, name, i);
		q = answer(asker, about_lab(INQUIRY_GROUP, name));
		assert_true(q->committed);
		assert_int_equal(inquiry_spot(q, 0, 0)->committed, i % MANY);
		inquiry_free(q);
	}
	assert_true(asker_free(asker, 10000));
}

static void
says_why_nobody_answers(void **state)
{
	const struct kafka_config nowhere = {.brokers = "localhost:1"};
	struct asker *asker = asker_new(&nowhere, NULL);
	struct inquiry *q = answer(asker, about_lab(INQUIRY_TOPICS, NULL));

	(void)state;
	assert_false(q->ok);
	assert_non_null(strstr(q->err.text, "localhost:1 does not answer: connection refused"));
	inquiry_free(q);
	asker_ask(asker, about_lab(INQUIRY_TOPICS, NULL));
	assert_true(asker_free(asker, 10000));
}

static void
producer_counts_what_failed_and_why(void **state)
{
	const struct kafka_property quick = {"message.timeout.ms", "3000"};
	struct kafka_config slow = config;
	struct producer *p;
	struct outgoing o = {.topic = "full", .partition = 0, .value = slice_str("x")};
	struct err err;

	(void)state;
	slow.properties = &quick;
	slow.n_properties = 1;
	p = producer_new(&slow, NULL, NULL, &err);
	assert_int_equal(producer_send(p, &o, &err), PRODUCED);
	assert_true(producer_flush(p, PROBE_WAIT_MS));
	assert_int_equal(producer_counts(p).delivered, 1);
	broker_push_errors(broker, 0, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1);
	assert_int_equal(producer_send(p, &o, &err), PRODUCED);
	assert_true(producer_flush(p, PROBE_WAIT_MS));
	assert_int_equal(producer_counts(p).failed, 1);
	assert_non_null(strstr(producer_problem(p), "no permission"));
	o.partition = 77;
	assert_int_equal(producer_send(p, &o, &err), PRODUCE_FAILED);
	producer_free(p);
}

static void
broker_refuses_bad_topics(void **state)
{
	static const char *const bad[] = {"lab:0", "lab:x", "la b", "lab:999999", ":3"};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(broker_start(1, &bad[i], 1, &err));
	assert_false(broker_create_topic(broker, "lab:3", &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_topics_and_the_nearest_name),
		cmocka_unit_test(lists_every_topic_with_its_marks),
		cmocka_unit_test(knows_marks_and_commits),
		cmocka_unit_test(says_that_the_embedded_broker_lists_no_groups),
		cmocka_unit_test(resets_a_group),
		cmocka_unit_test(asks_many_groups_in_turn),
		cmocka_unit_test(says_why_nobody_answers),
		cmocka_unit_test(producer_counts_what_failed_and_why),
		cmocka_unit_test(broker_refuses_bad_topics),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
