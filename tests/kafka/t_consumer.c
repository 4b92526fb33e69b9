/* SPDX-License-Identifier: MIT */
/* One consumer, without a group: places, seeks, policy, ends, brokers in trouble. */
#include "base/clock.h"
#include "probe.h"
#include "unit.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

static struct broker *broker;
static const char *brokers;

static int
start_broker(void **state)
{
	static const char *const topics[] = {"lab:16", "lab.two:16"};
	struct err err = {0};

	(void)state;
	broker = broker_start(1, topics, 2, &err);
	if (!broker)
		return -1;
	brokers = broker_bootstrap(broker);
	probe_produce(brokers, "lab", 16, 20);
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	broker_stop(broker);
	return 0;
}

static bool
at_end(struct probe *p, const void *arg)
{
	(void)arg;
	return consumer_at_end(p->consumer);
}

static bool
is_assigned(struct probe *p, const void *arg)
{
	(void)arg;
	return p->got > 0;
}

static bool
read_to_end(struct probe *p, const void *arg)
{
	(void)arg;
	return probe_status(p).at_end;
}

static bool
says(struct probe *p, const void *arg)
{
	return strstr(probe_status(p).sentence, arg) != NULL;
}

static void
reads_from_the_beginning_to_the_end(void **state)
{
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .seek = {SEEK_BEGINNING, 0}, .exit_at_end = true,
	};
	struct probe *p = probe_new(&o);
	struct source_status s;

	(void)state;
	assert_false(consumer_at_end(p->consumer));
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, 320);
	for (int i = 0; i < 16; i++)
		assert_true(probe_saw(p, i, 0, 20, 1));
	assert_string_equal(p->first_held, "lab[0..15]");
	s = probe_status(p);
	assert_int_equal(s.link, LINK_UP);
	assert_int_equal(s.group_state, GROUP_NONE);
	assert_int_equal(s.generation, -1);
	assert_true(s.at_end);
	assert_int_equal(s.n_partitions, 16);
	assert_int_equal(s.partitions[7].position, 20);
	assert_int_equal(s.partitions[7].stored, 20);
	assert_int_equal(s.partitions[7].committed, -1);
	assert_int_equal(s.partitions[7].low, 0);
	assert_int_equal(s.partitions[7].end, 20);
	assert_string_equal(p->said, "");
	probe_leave(p);
}

static size_t
count_with(struct seek seek, enum policy policy, size_t n_properties, const struct kafka_property *properties)
{
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .seek = seek, .policy = policy, .exit_at_end = true,
		.properties = properties, .n_properties = n_properties,
	};
	struct probe *p = probe_new(&o);
	size_t n;

	assert_true(probe_until(p, NULL, at_end, NULL));
	n = p->records;
	probe_leave(p);
	return n;
}

static void
starts_where_told(void **state)
{
	const struct kafka_property reset = {"auto.offset.reset", "earliest"};

	(void)state;
	assert_int_equal(count_with((struct seek){0}, POLICY_LATEST, 0, NULL), 0);
	assert_int_equal(count_with((struct seek){0}, POLICY_EARLIEST, 0, NULL), 320);
	assert_int_equal(count_with((struct seek){0}, POLICY_LATEST, 1, &reset), 320);
	assert_int_equal(count_with((struct seek){SEEK_TAIL, 0}, POLICY_EARLIEST, 0, NULL), 0);
	assert_int_equal(count_with((struct seek){SEEK_TAIL, 3}, POLICY_LATEST, 0, NULL), 48);
	assert_int_equal(count_with((struct seek){SEEK_TAIL, 300}, POLICY_LATEST, 0, NULL), 320);
	assert_int_equal(count_with((struct seek){SEEK_OFFSET, 15}, POLICY_LATEST, 0, NULL), 80);
	/* beyond the end is out of range, never "at the end": the policy says where */
	assert_int_equal(count_with((struct seek){SEEK_OFFSET, 1500}, POLICY_EARLIEST, 0, NULL), 320);
	assert_int_equal(count_with((struct seek){SEEK_OFFSET, 1500}, POLICY_LATEST, 0, NULL), 0);
}

static void
says_that_times_are_not_known_here(void **state)
{
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .seek = {SEEK_TIME, 1}, .policy = POLICY_EARLIEST,
		.exit_at_end = true,
	};
	struct probe *p = probe_new(&o);

	(void)state;
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, 320);
	assert_non_null(strstr(p->said, "this broker does not know times"));
	probe_leave(p);
}

/* b twice, from the end and from the middle: each record once more, in order. */
static void
seeks_back_and_forth(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab"};
	struct probe *p = probe_new(&o);

	(void)state;
	assert_true(probe_until(p, NULL, read_to_end, NULL));
	assert_int_equal(p->records, 0);
	consumer_seek_all(p->consumer, false);
	assert_true(probe_read_all(p, 320));
	consumer_seek_all(p->consumer, false);
	p->batch = 7;
	assert_true(probe_read_all(p, 400));
	p->records = 0;
	memset(p->seen, 0, sizeof(p->seen));
	consumer_seek_all(p->consumer, false);
	assert_true(probe_read_all(p, 320));
	assert_true(probe_until(p, NULL, read_to_end, NULL));
	for (int i = 0; i < 16; i++)
		assert_true(probe_saw(p, i, 0, 20, 1));
	assert_int_equal(p->records, 320);
	consumer_seek_all(p->consumer, false);
	consumer_seek_all(p->consumer, true);
	assert_true(probe_until(p, NULL, read_to_end, NULL));
	assert_int_equal(p->records, 320);
	probe_leave(p);
}

/* The policy is latest, but what appears while we watch is younger than we are. */
static void
what_appears_is_read_from_its_beginning(void **state)
{
	static const char *const groups[] = {NULL, "late"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *const name = i ? "late.two" : "late.one";
		const struct probe_options o = {.brokers = brokers, .topic = name, .group = groups[i]};
		struct probe *p = probe_new(&o);
		struct err err;

		assert_true(probe_until(p, NULL, says, "waiting for it to appear"));
		assert_true(broker_create_topic(broker, i ? "late.two:2" : "late.one:2", &err));
		probe_produce(brokers, name, 2, 20);
		assert_true(probe_read_all(p, 40));
		assert_true(probe_saw(p, 1, 0, 20, 1));
		probe_leave(p);
	}
}

static void
policy_without_a_group_moves_everything(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab"};
	struct probe *p = probe_new(&o);
	struct policy_change change;
	struct err err = {0};

	(void)state;
	assert_true(probe_until(p, NULL, read_to_end, NULL));
	change = consumer_set_policy(p->consumer, POLICY_EARLIEST);
	assert_int_equal(change.kept, 0);
	assert_int_equal(change.moved, 16);
	assert_true(probe_read_all(p, 320));
	assert_int_equal(probe_status(p).policy, POLICY_EARLIEST);
	assert_false(consumer_set_commit(p->consumer, COMMIT_AUTO, &err));
	assert_non_null(strstr(err.text, "-G GROUP"));
	assert_int_equal(consumer_commit_now(p->consumer), 0);
	probe_leave(p);
}

static void
headers_are_read_when_asked_for(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab", .seek = {SEEK_BEGINNING, 0}};
	struct probe *p = probe_new(&o);
	struct record r;
	struct record_header h;
	int64_t deadline = clock_mono_ms() + PROBE_WAIT_MS;

	(void)state;
	while (consumer_poll(p->consumer, &r, 1) == 0) {
		assert_true(clock_mono_ms() < deadline);
		consumer_tick(p->consumer, clock_mono_ms());
	}
	assert_string_equal(r.topic, "lab");
	assert_true(slice_is(r.key, "key"));
	assert_true(slice_is(record_header_last(&r, "record_name"), "probe"));
	assert_null(record_header_last(&r, "other").p);
	assert_false(record_header(&r, 1, &h));
	assert_true(r.timestamp > 0);
	probe_leave(p);
}

static void
paused_it_takes_nothing_and_loses_nothing(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab", .seek = {SEEK_BEGINNING, 0}};
	struct probe *p = probe_new(&o);
	size_t before;

	(void)state;
	p->batch = 10;
	assert_true(probe_read_all(p, 50));
	consumer_pause(p->consumer, true);
	before = p->records;
	for (int i = 0; i < 20; i++)
		probe_round(p, 10);
	assert_int_equal(p->records, before);
	consumer_pause(p->consumer, false);
	assert_true(probe_read_all(p, 320));
	for (int i = 0; i < 16; i++)
		assert_true(probe_saw(p, i, 0, 20, 1));
	probe_leave(p);
}

static bool
says_nothing(struct probe *p, const void *arg)
{
	(void)arg;
	return probe_status(p).sentence[0] == '\0';
}

static void
names_the_topic_that_was_meant(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab.too", .seek = {SEEK_BEGINNING, 0}};
	struct probe *p = probe_new(&o);
	struct err err;

	(void)state;
	assert_true(probe_until(p, NULL, says, "there is no topic lab.too (did you mean lab.two?)"));
	assert_true(broker_create_topic(broker, "lab.too:3", &err));
	assert_true(probe_until(p, NULL, is_assigned, NULL));
	assert_string_equal(p->first_held, "lab.too[0..2]");
	assert_true(says_nothing(p, NULL));
	probe_leave(p);
}

static void
tells_that_nobody_answers(void **state)
{
	const struct probe_options o = {.brokers = "localhost:1", .topic = "lab"};
	struct probe *p = probe_new(&o);

	(void)state;
	assert_true(probe_until(p, NULL, says, "localhost:1 does not answer: connection refused"));
	assert_int_equal(probe_status(p).link, LINK_DOWN);
	assert_int_equal(p->stops, 0);
	probe_leave(p);
}

static bool
link_is(struct probe *p, const void *arg)
{
	return probe_status(p).link == *(const enum link_state *)arg;
}

static void
brokers_go_and_come_back(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab", .seek = {SEEK_BEGINNING, 0}};
	struct probe *p = probe_new(&o);
	enum link_state down = LINK_DOWN, up = LINK_UP;

	(void)state;
	assert_true(probe_read_all(p, 320));
	broker_set_up(broker, 1, false);
	assert_true(probe_until(p, NULL, link_is, &down));
	assert_true(probe_status(p).sentence[0] != '\0');
	broker_set_up(broker, 1, true);
	probe_produce(brokers, "lab", 16, 5);
	assert_true(probe_read_all(p, 400));
	assert_true(probe_until(p, NULL, link_is, &up));
	for (int i = 0; i < 16; i++)
		assert_true(probe_saw(p, i, 0, 25, 1));
	probe_leave(p);
}

static void
fetch_errors_lose_nothing(void **state)
{
	const struct probe_options o = {.brokers = brokers, .topic = "lab", .seek = {SEEK_OFFSET, 5}};
	struct probe *p;

	(void)state;
	broker_push_errors(broker, 1, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, 3);
	p = probe_new(&o);
	assert_true(probe_read_all(p, 320));
	for (int i = 0; i < 16; i++)
		assert_true(probe_saw(p, i, 5, 25, 1));
	probe_leave(p);
}

static void
refuses_what_cannot_be(void **state)
{
	const char *bad = "la b", *good = "lab";
	struct consumer_config config = {.kafka = {.brokers = brokers}, .topics = &bad, .n_topics = 1};
	const struct kafka_property unknown = {"no.such", "1"}, value = {"session.timeout.ms", "x"};
	const struct kafka_property reset = {"auto.offset.reset", "error"};
	struct err err;

	(void)state;
	assert_null(consumer_new(&config, NULL, NULL, NULL, &err));
	assert_non_null(strstr(err.text, "letters, digits"));
	config.topics = &good;
	config.group = "";
	assert_null(consumer_new(&config, NULL, NULL, NULL, &err));
	config.group = NULL;
	config.kafka.n_properties = 1;
	config.kafka.properties = &unknown;
	assert_null(consumer_new(&config, NULL, NULL, NULL, &err));
	assert_non_null(strstr(err.text, "no property no.such"));
	config.kafka.properties = &value;
	assert_null(consumer_new(&config, NULL, NULL, NULL, &err));
	assert_non_null(strstr(err.text, "session.timeout.ms"));
	config.kafka.properties = &reset;
	assert_null(consumer_new(&config, NULL, NULL, NULL, &err));
	assert_non_null(strstr(err.text, "earliest or latest"));
}

/* Keeps what comes from a cluster, up to `next` in each partition. */
struct shelf {
	char cluster[128];
	bool refuses;
	int64_t next;
	int64_t timestamp; /* of the record before that; 0: it cannot tell */
	int64_t starts; /* the sum of where partitions started */
};

static bool
claim(void *ctx, const char *cluster, struct err *err)
{
	struct shelf *shelf = ctx;

	snprintf(shelf->cluster, sizeof(shelf->cluster), "%s", cluster);
	return !shelf->refuses || err_set(err, "the store of another cluster");
}

static int64_t
next_of(void *ctx, int topic_no, int32_t partition)
{
	assert_int_equal(topic_no, 0);
	assert_in_range(partition, 0, 15);
	return ((struct shelf *)ctx)->next;
}

static bool
last_of(void *ctx, int topic_no, int32_t partition, struct fingerprint *out)
{
	const struct shelf *shelf = ctx;

	(void)topic_no;
	(void)partition;
	*out = (struct fingerprint){.offset = shelf->next - 1, .timestamp = shelf->timestamp};
	return shelf->timestamp > 0;
}

static void
starts_at(void *ctx, int topic_no, int32_t partition, int64_t offset)
{
	(void)topic_no;
	(void)partition;
	((struct shelf *)ctx)->starts += offset;
}

static bool
is_stopped(struct probe *p, const void *arg)
{
	(void)arg;
	return p->stops > 0;
}

/* What is kept is not read again; a place that is not there, and another's cluster, end it. */
static void
goes_on_where_what_is_kept_ends(void **state)
{
	struct shelf shelf = {.next = 7};
	const struct keeper keeper = {claim, next_of, last_of, starts_at, &shelf};
	const struct probe_options o = {
		.brokers = brokers, .topic = "lab", .policy = POLICY_EARLIEST, .exit_at_end = true, .keeper = &keeper,
	};
	struct probe *p = probe_new(&o);

	(void)state;
	assert_true(probe_until(p, NULL, at_end, NULL));
	assert_int_equal(p->records, 16 * 13);
	for (int i = 0; i < 16; i++)
		assert_true(probe_saw(p, i, 7, 20, 1));
	assert_int_equal(shelf.starts, 16 * 7);
	assert_memory_equal(shelf.cluster, "mockCluster", 11);
	probe_leave(p);
	shelf.next = 21;
	p = probe_new(&o);
	assert_true(probe_until(p, NULL, is_stopped, NULL));
	assert_non_null(strstr(p->said, "] ends at offset 20, and is stored up to 21: the topic was deleted and made "
					"anew"));
	probe_leave(p);
	shelf = (struct shelf){.next = 7, .timestamp = 1}; /* no record there is as old */
	p = probe_new(&o);
	assert_true(probe_until(p, NULL, is_stopped, NULL));
	assert_non_null(strstr(p->said, "topic lab was deleted and created again, and what is stored is of the old "
					"one"));
	assert_int_equal(p->records, 0);
	probe_leave(p);
	shelf = (struct shelf){.next = 7, .refuses = true};
	p = probe_new(&o);
	assert_true(probe_until(p, NULL, is_stopped, NULL));
	assert_non_null(strstr(p->said, "the store of another cluster"));
	assert_int_equal(p->records, 0);
	probe_leave(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_on_where_what_is_kept_ends),
		cmocka_unit_test(refuses_what_cannot_be),
		cmocka_unit_test(reads_from_the_beginning_to_the_end),
		cmocka_unit_test(starts_where_told),
		cmocka_unit_test(says_that_times_are_not_known_here),
		cmocka_unit_test(seeks_back_and_forth),
		cmocka_unit_test(what_appears_is_read_from_its_beginning),
		cmocka_unit_test(policy_without_a_group_moves_everything),
		cmocka_unit_test(headers_are_read_when_asked_for),
		cmocka_unit_test(paused_it_takes_nothing_and_loses_nothing),
		cmocka_unit_test(names_the_topic_that_was_meant),
		cmocka_unit_test(tells_that_nobody_answers),
		cmocka_unit_test(brokers_go_and_come_back),
		cmocka_unit_test(fetch_errors_lose_nothing),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
