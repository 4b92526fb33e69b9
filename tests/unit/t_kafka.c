/* SPDX-License-Identifier: MIT */
/* Sentences from librdkafka's own words, topic names, seeks. */
#include "kafka/fault.h"
#include "kafka/seek.h"
#include "kafka/table.h"
#include "kafka/topic.h"
#include "kafka/trouble.h"
#include "unit.h"

#include <librdkafka/rdkafka.h>
#include <string.h>

struct example {
	int code;
	const char *text;
	bool was_up;
	enum fault_verdict verdict;
	const char *start;
};

static const struct example examples[] = {
	{RD_KAFKA_RESP_ERR__TRANSPORT,
	 "localhost:19093/bootstrap: Connect to ipv4#127.0.0.1:19093 failed: Connection refused (after 0ms in state "
	 "CONNECT)",
	 false, FAULT_TRY_ON, "localhost:19093 does not answer: connection refused."},
	{RD_KAFKA_RESP_ERR__RESOLVE,
	 "nowhere:9092/bootstrap: Failed to resolve 'nowhere:9092': Name or service not known (after 1ms in state "
	 "CONNECT)",
	 false, FAULT_TRY_ON, "nowhere:9092 is no host we can find"},
	{RD_KAFKA_RESP_ERR__SSL,
	 "ssl://localhost:19093/bootstrap: SSL handshake failed: error:0A000086:SSL routines::certificate verify "
	 "failed: broker certificate could not be verified",
	 false, FAULT_TRY_ON, "localhost:19093 shows a certificate that our CA did not sign"},
	{RD_KAFKA_RESP_ERR__SSL,
	 "ssl://localhost:9092/1: SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading",
	 false, FAULT_TRY_ON, "localhost:9092 does not speak SSL"},
	{RD_KAFKA_RESP_ERR__TRANSPORT,
	 "ssl://localhost:9092/bootstrap: error:0A000126:SSL routines::unexpected eof while reading (after 1ms in "
	 "state SSL_HANDSHAKE)",
	 false, FAULT_TRY_ON, "localhost:9092 does not speak SSL"},
	{RD_KAFKA_RESP_ERR__TRANSPORT,
	 "localhost:19093/bootstrap: Disconnected while requesting ApiVersion: might be caused by incorrect "
	 "security.protocol configuration (connecting to a SSL listener?)",
	 false, FAULT_TRY_ON, "localhost:19093 closed the connection at our first word: it may be an SSL port"},
	{RD_KAFKA_RESP_ERR__TRANSPORT,
	 "localhost:19093/1: Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol "
	 "configuration",
	 true, FAULT_NOTE, "localhost:19093 closed the connection; connecting again"},
	{RD_KAFKA_RESP_ERR__TRANSPORT,
	 "ssl://localhost:19093/1: Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert "
	 "number 42",
	 false, FAULT_TRY_ON, "localhost:19093 wants a client certificate"},
	{RD_KAFKA_RESP_ERR__SSL,
	 "GroupCoordinator: localhost:39093: Receive failed: error:0A000126:SSL routines::unexpected eof while reading "
	 "(after 214ms in state UP)",
	 true, FAULT_NOTE, "localhost:39093 closed the connection; connecting again"},
	{RD_KAFKA_RESP_ERR__SSL,
	 "ssl://localhost:39093/3: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener? "
	 "(after 3ms in state SSL_HANDSHAKE)",
	 true, FAULT_NOTE, "localhost:39093 closed the connection; connecting again"},
	{RD_KAFKA_RESP_ERR__TRANSPORT,
	 "GroupCoordinator: localhost:39093: Connect to ipv4#127.0.0.1:39093 failed: Connection refused (after 0ms in "
	 "state CONNECT, 1 identical error(s) suppressed)",
	 true, FAULT_TRY_ON, "localhost:39093 does not answer: connection refused."},
	{RD_KAFKA_RESP_ERR__TRANSPORT, "GroupCoordinator: Disconnected (after 5 ms in state UP)", true, FAULT_NOTE,
	 "one:1,two:2 closed the connection"},
	{RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "2/2 brokers are down", false, FAULT_TRY_ON,
	 "no broker answers (one:1,two:2)"},
	{RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down", false, FAULT_IGNORE, ""},
	{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, NULL, true, FAULT_TRY_ON,
	 "there is no topic lab (did you mean lab2?); waiting"},
	{RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, NULL, true, FAULT_TRY_ON, "no permission to read topic lab"},
	{RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, NULL, true, FAULT_IGNORE, ""},
	{RD_KAFKA_RESP_ERR__BAD_MSG,
	 "localhost:8080/bootstrap: Receive failed: Invalid response size 1213486160 (0..100000000): increase "
	 "receive.message.max.bytes (after 4ms in state APIVERSION_QUERY)",
	 false, FAULT_TRY_ON, "localhost:8080 is an HTTP server, not a Kafka broker"},
	{RD_KAFKA_RESP_ERR__BAD_MSG,
	 "ssl://localhost:8443/bootstrap: Receive failed: Invalid response size 1213486160 (0..100000000): increase",
	 false, FAULT_TRY_ON, "localhost:8443 is an HTTP server, not a Kafka broker"},
	{RD_KAFKA_RESP_ERR__BAD_MSG,
	 "localhost:22/bootstrap: Receive failed: Invalid response size 1397966893 (0..100000000): increase",
	 false, FAULT_TRY_ON, "localhost:22 is an SSH server, not a Kafka broker"},
	{RD_KAFKA_RESP_ERR__BAD_MSG, "MessageSet at offset 7 (99 bytes) failed CRC32C check", true, FAULT_NOTE,
	 "records are damaged and were not taken (MessageSet at offset 7"},
	{RD_KAFKA_RESP_ERR__FATAL, "it broke", true, FAULT_STOP, "the Kafka client gave up: it broke"},
	{RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, "something new", true, FAULT_NOTE, "something new"},
};

static void
each_error_has_its_sentence(void **state)
{
	struct fault_context context = {.brokers = "one:1,two:2", .topic = "lab", .nearest = "lab2"};
	struct err said;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct example *e = &examples[i];

		said.text[0] = '\0';
		context.was_up = e->was_up;
		assert_int_equal(fault_explain(e->code, e->text, &context, &said), e->verdict);
		if (strncmp(said.text, e->start, strlen(e->start)) != 0)
			fail_msg("\"%s\" does not start \"%s\"", said.text, e->start);
	}
	context.doing = FAULT_READING;
	assert_int_equal(fault_explain(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, "new", &context, &said), FAULT_TRY_ON);
	assert_string_equal(said.text, "topic lab cannot be read just now (new). Trying on.");
	context.doing = FAULT_COMMITTING;
	context.group = "g";
	assert_int_equal(fault_explain(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, "new", &context, &said), FAULT_TRY_ON);
	assert_string_equal(said.text, "group g took no commit (new): those records may be read again.");
	assert_false(fault_of_creation("Failed to parse ssl.keystore.location: F: mac verify failure", &said));
	assert_non_null(strstr(said.text, "password of the keystore is wrong"));
	fault_of_creation("anything else", &said);
	assert_non_null(strstr(said.text, "anything else"));
}

static void
an_outage_is_said_once(void **state)
{
	struct troubles t = {0};
	char sentence[32];

	(void)state;
	assert_true(troubles_news(&t, "a:1 is gone", 1000));
	assert_false(troubles_news(&t, "b:1 is gone", 1200)); /* the same outage */
	assert_true(troubles_news(&t, "a:1 refuses", 1300));
	assert_false(troubles_news(&t, "a:1 refuses", 2000));
	assert_false(troubles_news(&t, "a:1 refuses", 40000)); /* the library repeats itself */
	assert_false(troubles_news(&t, "a:1 refuses", 90000));
	assert_true(troubles_news(&t, "b:1 refuses", 90500)); /* another outage */
	assert_true(troubles_news(&t, "a:1 refuses", 150001));
	for (int i = 0; i < 100; i++) {
		snprintf(sentence, sizeof(sentence), "%d:1 is gone", i);
		troubles_news(&t, sentence, 160000 + i);
	}
	assert_false(troubles_news(&t, "99:1 is gone", 160200));
	assert_true(troubles_news(&t, "a:1 refuses", 161000)); /* forgotten: there is no room for all */
}

static void
a_sentence_begins_with_its_broker(void **state)
{
	(void)state;
	assert_int_equal(trouble_broker("localhost:1 is gone"), 11);
	assert_int_equal(trouble_broker("a:1,b:2 did not answer"), 7);
	assert_int_equal(trouble_broker("no broker answers (a:1)"), 0);
	assert_int_equal(trouble_broker("group: is gone"), 0);
	assert_int_equal(trouble_broker(""), 0);
}

static void
who_gives_up_promises_nothing(void **state)
{
	const struct fault_context context = {.brokers = "one:1", .topic = "lab"};
	struct err said;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		fault_explain(examples[i].code, examples[i].text, &context, &said);
		fault_unpromise(said.text);
		assert_null(strstr(said.text, "rying on"));
		assert_null(strstr(said.text, "waiting for it"));
	}
	snprintf(said.text, sizeof(said.text), "no permission.");
	fault_unpromise(said.text);
	assert_string_equal(said.text, "no permission.");
}

static void
topics_are_checked_and_compared(void **state)
{
	static const char *const names[] = {"client5", "client58", "lab"};
	char long_name[TOPIC_NAME_MAX + 2];
	struct err err;

	(void)state;
	memset(long_name, 'a', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	assert_true(topic_valid("client58", &err));
	assert_true(topic_valid("a.b_c-D9", &err));
	assert_false(topic_valid("", &err));
	assert_false(topic_valid("^all.*", &err));
	assert_false(topic_valid("..", &err));
	assert_false(topic_valid(long_name, &err));
	assert_string_equal(topic_nearest("clinet58", names, 3), "client58");
	assert_string_equal(topic_nearest("Client5", names, 3), "client5");
	assert_null(topic_nearest("something", names, 3));
}

static void
partitions_are_told_in_runs(void **state)
{
	const struct topic_partition list[] = {{"a", 0}, {"a", 1}, {"a", 2}, {"a", 5}, {"b", 3}};
	char out[64];

	(void)state;
	topic_ranges(list, 5, out, sizeof(out));
	assert_string_equal(out, "a[0..2,5] b[3]");
	topic_ranges(list, 5, out, 10);
	assert_string_equal(out, "a[0..2,..");
	topic_ranges(list, 0, out, sizeof(out));
	assert_string_equal(out, "");
}

static void
check_seek(const char *text, int64_t low, int64_t end, int64_t at, int64_t expected)
{
	struct seek s;
	struct err err;

	assert_true(seek_parse(text, &s, &err));
	assert_int_equal(seek_offset(&s, low, end, at), expected);
}

static void
seeks_mean_an_offset_inside_the_marks(void **state)
{
	struct seek s;
	struct err err;

	(void)state;
	check_seek("beginning", 5, 9, -1, 5);
	check_seek("beginning", -1, -1, -1, RD_KAFKA_OFFSET_BEGINNING);
	check_seek("end", 5, 9, -1, 9);
	check_seek("end", -1, -1, -1, RD_KAFKA_OFFSET_END);
	check_seek("-3", 5, 9, -1, 6);
	check_seek("-30", 5, 9, -1, 5);
	check_seek("-3", -1, -1, -1, RD_KAFKA_OFFSET_TAIL(3));
	check_seek("7", 5, 9, -1, 7);
	check_seek("2", 5, 9, -1, 5);
	check_seek("20", 5, 9, -1, 9);
	check_seek("@1700000000", 5, 9, 8, 8);
	check_seek("@1700000000", 5, 9, -1, 9);
	assert_false(seek_parse("sometime", &s, &err));
	assert_false(seek_parse("@nonsense", &s, &err));
	assert_false(seek_parse("-9223372036854775808", &s, &err));
	assert_false(seek_parse("99999999999999999999", &s, &err));
	assert_false(seek_parse("", &s, &err));
}

static void
rows_stay_with_their_partition_when_a_topic_grows(void **state)
{
	static const char *const names[] = {"a", "b", "c"};
	struct table t;

	(void)state;
	table_init(&t, names, 3);
	table_grow(&t, 0, 2, false);
	table_grow(&t, 2, 1, false);
	t.status[table_at(&t, 2, 0)].position = 42;
	t.status[table_at(&t, 0, 1)].position = 7;
	table_grow(&t, 1, 3, false);
	table_grow(&t, 0, 4, false);
	assert_int_equal(t.n, 8);
	assert_int_equal(t.status[table_at(&t, 2, 0)].position, 42);
	assert_int_equal(t.status[table_at(&t, 0, 1)].position, 7);
	assert_int_equal(t.status[table_at(&t, 1, 2)].position, -1);
	assert_string_equal(t.status[table_at(&t, 1, 2)].topic, "b");
	assert_int_equal(table_at(&t, 1, 3), -1);
	assert_int_equal(table_at(&t, -1, 0), -1);
	table_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_has_its_sentence),
		cmocka_unit_test(an_outage_is_said_once),
		cmocka_unit_test(a_sentence_begins_with_its_broker),
		cmocka_unit_test(who_gives_up_promises_nothing),
		cmocka_unit_test(topics_are_checked_and_compared),
		cmocka_unit_test(partitions_are_told_in_runs),
		cmocka_unit_test(seeks_mean_an_offset_inside_the_marks),
		cmocka_unit_test(rows_stay_with_their_partition_when_a_topic_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
