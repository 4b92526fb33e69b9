/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/clock.h"
#include "base/log.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "kafka/broker.h"
#include "load/demo.h"
#include "codec/hash.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PARTITIONS = 4, WAIT_MS = 30000, RECORDS_MAX = 10000 };

static struct plan_entry small[] = {
	{.researcher = (char *)"a \"b\"", .sensors = 3, .sample_ms = 5, .stabilization_samples = 4,
	 .carry_out_samples = 20, .start_temperature = 16, .lower = 25.5, .upper = 26.5},
	{.researcher = (char *)"c", .sensors = 7, .sample_ms = 10, .stabilization_samples = 2,
	 .carry_out_samples = 8, .start_time = 0.05, .lower = -3, .upper = 3},
	{.researcher = (char *)"d", .sensors = 1, .sample_ms = 2, .stabilization_samples = 1,
	 .carry_out_samples = 30, .lower = 100, .upper = 150},
	{.researcher = (char *)"e", .sensors = 10, .sample_ms = 100, .stabilization_samples = 5,
	 .carry_out_samples = 25, .lower = 1, .upper = 2},
};

/* What arrived, by a consumer that shares no code with the program. */
struct arrived {
	char key[64], name[64];
	int64_t timestamp;
	struct slice value;
};

static struct arrived all[RECORDS_MAX];
static size_t n_all;

static struct broker *
start_broker(void)
{
	const char *topics[] = {"t:4"};
	struct err err = {""};
	struct broker *b = broker_start(1, topics, 1, &err);

	if (!b)
		fail_msg("%s", err.text);
	return b;
}

static struct emit *
start_load(const struct kafka_config *kafka, const struct plan *plan, bool repeat)
{
	const struct emit_config config = {
		.kafka = kafka, .topic = "t", .plan = plan, .secret_key = hash_default_key, .seed = 5, .repeat = repeat,
	};
	struct err err = {""};
	struct emit *e = emit_start(&config, &err);

	if (!e)
		fail_msg("%s", err.text);
	return e;
}

static bool
has_ended(const struct emit_counts *c)
{
	return c->over;
}

static bool
has_repeated(const struct emit_counts *c)
{
	return c->rounds >= 3;
}

static bool
has_delivered(const struct emit_counts *c)
{
	return c->delivered >= 2;
}

/* Look every millisecond, until DONE says so. */
static struct emit_counts
wait_until(struct emit *e, bool (*done)(const struct emit_counts *))
{
	int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct emit_counts c;

	for (emit_counts(e, &c); !done(&c); emit_counts(e, &c)) {
		if (clock_mono_ms() > deadline)
			fail_msg("after %d ms: sent %d, delivered %d, failed %d", WAIT_MS, (int)c.sent,
				 (int)c.delivered, (int)c.failed);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
	return c;
}

static void
keep(const rd_kafka_message_t *m)
{
	struct arrived *a = &all[n_all++];
	rd_kafka_headers_t *headers;
	const void *name;
	size_t n;

	assert_true(n_all < RECORDS_MAX && m->key_len < sizeof(a->key));
	snprintf(a->key, sizeof(a->key), "%.*s", (int)m->key_len, (const char *)m->key);
	assert_int_equal(rd_kafka_message_headers(m, &headers), 0);
	assert_int_equal(rd_kafka_header_cnt(headers), 1);
	assert_int_equal(rd_kafka_header_get_last(headers, "record_name", &name, &n), 0);
	snprintf(a->name, sizeof(a->name), "%.*s", (int)n, (const char *)name);
	a->timestamp = rd_kafka_message_timestamp(m, NULL);
	a->value.n = m->len;
	a->value.p = memcpy(malloc(m->len), m->payload, m->len);
}

/* Read topic t from its beginning to its end, partition after partition, into all[]. */
static void
read_all(const char *brokers)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(PARTITIONS);
	rd_kafka_t *rk;
	char why[256];
	int ends = 0;

	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
	rd_kafka_conf_set(conf, "group.id", "witness", why, sizeof(why));
	rd_kafka_conf_set(conf, "enable.partition.eof", "true", why, sizeof(why));
	rd_kafka_conf_set(conf, "fetch.wait.max.ms", "10", why, sizeof(why));
	rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	assert_non_null(rk);
	for (int p = 0; p < PARTITIONS; p++)
		rd_kafka_topic_partition_list_add(list, "t", p)->offset = RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_assign(rk, list);
	rd_kafka_topic_partition_list_destroy(list);
	n_all = 0;
	while (ends < PARTITIONS) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, WAIT_MS);

		assert_non_null(m);
		if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
			ends++;
		else if (m->err)
			fail_msg("%s", rd_kafka_message_errstr(m));
		else
			keep(m);
		rd_kafka_message_destroy(m);
	}
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
}

static void
forget_all(void)
{
	for (size_t i = 0; i < n_all; i++)
		free((void *)all[i].value.p);
	n_all = 0;
}

/* --- What the bytes say ---------------------------------------------------- */

struct decoded {
	const struct arrived *from;
	struct event event;
	const struct schema *schema;
};

struct reader {
	struct container_cache *cache;
	struct buf room, text;
	struct hash *hash;
	int codec_first, schema_first;
};

static struct event
decode(struct reader *r, const struct arrived *a)
{
	static const char codec_first[] = "Obj\1\4\x14"
					  "avro.codec\x08null";
	struct container c;
	struct slice record;
	struct event e = {0};
	struct err err = {""};

	if (!container_open(r->cache, a->value, &c, &err))
		fail_msg("%s", err.text);
	assert_true(slice_is(c.codec, "null"));
	assert_int_equal(c.records, 1);
	assert_true(container_next(&c, &record));
	assert_true(decode_event(c.schema, record, &r->room, &e));
	assert_true(decode_agrees(slice_str(a->name), c.schema));
	e.kind = decode_kind(slice_str(a->name), c.schema);
	assert_true(slice_is(e.experiment, a->key));
	if (memcmp(a->value.p, codec_first, sizeof(codec_first) - 1) == 0)
		r->codec_first++;
	else
		r->schema_first++;
	return e;
}

/* The hash opens, and what it says is this measurement. */
static void
check_hash(struct reader *r, const struct event *e, const char *researcher)
{
	char expected[512];
	char *end;

	buf_clear(&r->text);
	assert_true(hash_open(r->hash, &r->text, e->hash, NULL));
	snprintf(expected, sizeof(expected),
		 ",\"researcher\":\"%s\",\"experiment_id\":\"%.*s\",\"measurement_id\":\"%.*s\",\"timestamp\":",
		 researcher, (int)e->experiment.n, e->experiment.p, (int)e->measurement.n, e->measurement.p);
	end = strstr(buf_cstr(&r->text), expected);
	assert_non_null(end);
	assert_true(strtod(end + strlen(expected), &end) == e->time);
	assert_string_equal(end, "}");
}

/* The records of one experiment, in order: its whole life, and nothing else. */
static void
check_experiment(struct reader *r, const struct plan_entry *entry, const struct arrived *a, size_t n)
{
	static const char *const researchers[] = {"a \\\"b\\\"", "c", "d", "e"};
	int64_t samples = entry->stabilization_samples + entry->carry_out_samples;
	struct event e = decode(r, a);
	double start;
	size_t i = 2;

	assert_int_equal(n, 4 + samples * entry->sensors);
	assert_int_equal(e.kind, EVENT_CONFIGURED);
	assert_true(slice_is(e.researcher, entry->researcher));
	assert_int_equal(e.n_sensors, entry->sensors);
	assert_true(e.lower == (float)entry->lower && e.upper == (float)entry->upper);
	e = decode(r, a + 1);
	assert_int_equal(e.kind, EVENT_STABILIZATION);
	start = e.time;
	for (int64_t sample = 0; sample < samples; sample++) {
		double due = start + (double)(sample * entry->sample_ms) / 1000, sum = 0;
		char measurement[64] = "";

		if (sample == entry->stabilization_samples) {
			e = decode(r, a + i++);
			assert_int_equal(e.kind, EVENT_STARTED);
			assert_true(e.time > due - 1e-6 && e.time < due + 1e-6);
		}
		for (int64_t k = 0; k < entry->sensors; k++, i++) {
			e = decode(r, a + i);
			assert_int_equal(e.kind, EVENT_MEASURED);
			assert_true(e.time > due - 1e-6 && e.time < due + 1e-6);
			assert_true(a[i].timestamp == (int64_t)(e.time * 1000 + 1e-3));
			if (k == 0)
				snprintf(measurement, sizeof(measurement), "%.*s", (int)e.measurement.n,
					 e.measurement.p);
			assert_true(slice_is(e.measurement, measurement));
			check_hash(r, &e, researchers[entry - small]);
			sum += (double)e.temperature;
		}
		assert_true((double)(float)(sum / (double)entry->sensors) == sum / (double)entry->sensors);
	}
	e = decode(r, a + i);
	assert_int_equal(e.kind, EVENT_TERMINATED);
}

static void
check_all(const struct plan *plan)
{
	struct reader r = {.cache = container_cache_new(0, 0), .hash = hash_new(hash_default_key, NULL)};
	size_t seen = 0;

	for (size_t i = 0; i < n_all; i++) {
		struct arrived mine[RECORDS_MAX / 10];
		size_t n = 0;

		if (strcmp(all[i].name, "experiment_configured") != 0)
			continue;
		for (size_t k = i; k < n_all && n < RECORDS_MAX / 10; k++)
			if (strcmp(all[k].key, all[i].key) == 0)
				mine[n++] = all[k];
		for (size_t k = 0; k < plan->n; k++)
			if (slice_is(decode(&r, mine).researcher, plan->entries[k].researcher)) {
				check_experiment(&r, &plan->entries[k], mine, n);
				seen += n;
			}
	}
	assert_int_equal(seen, n_all);
	assert_true(r.codec_first > 50 && r.schema_first > 50);
	assert_true(container_cache_use(r.cache).entries <= 2 * 4);
	container_cache_free(r.cache);
	hash_free(r.hash);
	buf_free(&r.room);
	buf_free(&r.text);
}

/* --- Tests ----------------------------------------------------------------- */

static void
test_everything_arrives(void **state)
{
	const struct plan plan = {small, 3};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {.brokers = broker_bootstrap(b)};
	struct emit *e = start_load(&kafka, &plan, false);
	struct emit_counts c = wait_until(e, has_ended);

	(void)state;
	assert_int_equal(c.sent, 3 * 4 + 24 * 3 + 10 * 7 + 31);
	assert_int_equal(c.delivered, c.sent);
	assert_int_equal(c.failed, 0);
	assert_int_equal(c.running, 0);
	assert_int_equal(c.rounds, 1);
	emit_stop(e, 0);
	read_all(kafka.brokers);
	assert_int_equal(n_all, c.sent);
	check_all(&plan);
	forget_all();
	broker_stop(b);
}

static void
test_repeats_with_new_ids(void **state)
{
	const struct plan plan = {small + 2, 1};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {.brokers = broker_bootstrap(b)};
	struct emit *e = start_load(&kafka, &plan, true);
	size_t configured = 0;

	(void)state;
	wait_until(e, has_repeated);
	emit_stop(e, 1000);
	read_all(kafka.brokers);
	for (size_t i = 0; i < n_all; i++) {
		if (strcmp(all[i].name, "experiment_configured") != 0)
			continue;
		configured++;
		for (size_t k = i + 1; k < n_all; k++)
			assert_false(strcmp(all[k].name, all[i].name) == 0 && strcmp(all[k].key, all[i].key) == 0);
	}
	assert_true(configured >= 2);
	forget_all();
	broker_stop(b);
}

static void
test_stops_at_once(void **state)
{
	struct plan_entry slow = small[0];
	const struct plan plan = {&slow, 1};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {.brokers = broker_bootstrap(b)};
	struct emit *e;
	int64_t since;

	(void)state;
	slow.sample_ms = 3600000;
	e = start_load(&kafka, &plan, false);
	since = clock_mono_ms();
	emit_stop(e, 500);
	assert_true(clock_mono_ms() - since < 900);
	broker_stop(b);
}

static bool
log_says(const char *text)
{
	static struct log_line lines[LOG_LINES];
	size_t n = log_take(lines, LOG_LINES, 0);

	for (size_t i = 0; i < n; i++)
		if (strstr(lines[i].text, text))
			return true;
	return false;
}

/* A queue of 20 and a broker that takes 200 ms for each batch: the load falls
 * behind and says so, but keeps its instants and loses nothing. */
static void
test_stall_is_caught_up(void **state)
{
	const struct kafka_property properties[] = {{"queue.buffering.max.messages", "20"}, {"acks", "1"}};
	const struct plan plan = {small, 3};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {broker_bootstrap(b), properties, 2, 0};
	struct emit_counts c;
	struct emit *e;

	(void)state;
	log_forget();
	broker_set_rtt(b, 1, 200);
	e = start_load(&kafka, &plan, false);
	c = wait_until(e, has_ended);
	assert_int_equal(c.delivered, 3 * 4 + 24 * 3 + 10 * 7 + 31);
	assert_int_equal(c.failed, 0);
	assert_true(c.late_max_us > 1000000);
	assert_true(log_says("behind the schedule"));
	emit_stop(e, 0);
	broker_set_rtt(b, 1, 0);
	read_all(kafka.brokers);
	check_all(&plan);
	forget_all();
	broker_stop(b);
}

static bool
has_stopped(const struct emit_counts *c)
{
	return c->ended;
}

/* An idempotent producer that is refused its id, before or after the topic is found: not the end of the plan. */
static void
test_no_permission_is_no_end(void **state)
{
	enum { INIT_PRODUCER_ID = 22 };
	const struct kafka_property properties[] = {{"enable.idempotence", "true"}};
	const struct plan plan = {small + 3, 1};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {broker_bootstrap(b), properties, 1, 0};
	const struct emit_config config = {
		.kafka = &kafka, .topic = "t", .plan = &plan, .secret_key = hash_default_key, .find_ms = WAIT_MS,
	};
	struct err err = {""};
	struct emit_counts c;
	struct emit *e;

	(void)state;
	log_forget();
	broker_push_errors(b, INIT_PRODUCER_ID, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, 100);
	e = emit_start(&config, &err);
	assert_non_null(e);
	c = wait_until(e, has_stopped);
	assert_false(c.over);
	assert_int_equal(c.delivered, 0);
	assert_true(emit_problem(e, &err) ? strstr(err.text, "no permission") != NULL : log_says("no permission"));
	emit_stop(e, 0);
	broker_stop(b);
}

/* The linker gives us every call of the wall clock: somebody sets it. */
int64_t __real_clock_wall_ms(void);
int64_t __wrap_clock_wall_ms(void);

static _Atomic int64_t clock_set_ms;

int64_t
__wrap_clock_wall_ms(void)
{
	return __real_clock_wall_ms() + clock_set_ms;
}

/* An hour back, then two ahead, while it runs: schedule and timestamps are those of the start's clock. */
static void
test_clock_that_is_set(void **state)
{
	const struct plan plan = {small + 3, 1};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {.brokers = broker_bootstrap(b)};
	int64_t begun = clock_mono_ms(), wall = clock_wall_ms();
	struct emit_counts c;
	struct emit *e;

	(void)state;
	log_forget();
	e = start_load(&kafka, &plan, false);
	wait_until(e, has_delivered);
	clock_set_ms = -3600000;
	while (!log_says("the clock was set by -3600.0 s") && clock_mono_ms() - begun < WAIT_MS)
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	clock_set_ms = 3600000;
	c = wait_until(e, has_ended);
	assert_true(log_says("the clock was set by -3600.0 s; schedule and timestamps go on as before"));
	assert_true(log_says("the clock was set by +7200.0 s; schedule and timestamps go on as before"));
	assert_in_range(clock_mono_ms() - begun, 3000, WAIT_MS);
	assert_int_equal(c.delivered, 4 + 30 * 10);
	emit_stop(e, 0);
	clock_set_ms = 0;
	read_all(kafka.brokers);
	check_all(&plan);
	for (size_t i = 0; i < n_all; i++)
		assert_in_range(all[i].timestamp, wall - 1000, wall + WAIT_MS);
	forget_all();
	broker_stop(b);
}

static void
test_no_broker_is_said(void **state)
{
	const struct plan plan = {small + 2, 1};
	const struct kafka_config kafka = {.brokers = "127.0.0.1:1"};
	const struct kafka_property properties[] = {{"no.such.property", "1"}};
	const struct kafka_config wrong = {"127.0.0.1:1", properties, 1, 0};
	struct emit_config config = {.kafka = &wrong, .topic = "t", .plan = &plan, .secret_key = hash_default_key};
	struct emit *e = start_load(&kafka, &plan, true);
	int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct err err = {""};

	(void)state;
	log_forget();
	while (!log_says("127.0.0.1:1") && clock_mono_ms() < deadline)
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	assert_true(log_says("127.0.0.1:1"));
	emit_stop(e, 100);
	assert_null(emit_start(&config, &err));
	assert_non_null(strstr(err.text, "no.such.property"));
	config.kafka = &kafka;
	config.secret_key = "short";
	assert_null(emit_start(&config, &err));
	assert_non_null(strstr(err.text, "secret key"));
}

static bool
has_begun(const struct emit_counts *c)
{
	return c->begun;
}

static bool
has_gone(const struct emit_counts *c)
{
	return c->ended;
}

/* A broker whose answer takes longer than one question waits is asked again, and then nothing was wrong. */
static void
test_slow_broker_is_found(void **state)
{
	const struct plan plan = {small + 2, 1};
	struct broker *b = start_broker();
	const struct kafka_config kafka = {.brokers = broker_bootstrap(b)};
	struct emit_config config = {
		.kafka = &kafka, .topic = "t", .plan = &plan, .secret_key = hash_default_key, .find_ms = WAIT_MS,
	};
	struct err err = {""};
	struct emit_counts c;
	struct emit *e;

	(void)state;
	broker_set_rtt(b, 1, 700);
	e = emit_start(&config, &err);
	assert_non_null(e);
	wait_until(e, has_begun);
	broker_set_rtt(b, 1, 0);
	c = wait_until(e, has_gone);
	assert_false(emit_problem(e, &err));
	assert_true(c.over);
	assert_int_equal(c.delivered, c.asked);
	emit_stop(e, 0);
	broker_stop(b);
}

static void
test_demo_runs(void **state)
{
	const struct demo_config config = {.seed = 1};
	const struct demo_config missing = {.load_file = "/nowhere/load.json"};
	struct emit_counts c = {0};
	int64_t deadline = clock_mono_ms() + WAIT_MS;
	struct err err = {""};
	struct demo *d = demo_start(&config, &err);

	(void)state;
	assert_non_null(d);
	assert_true(strlen(demo_brokers(d)) > 0);
	for (demo_counts(d, &c); !has_delivered(&c) && clock_mono_ms() < deadline; demo_counts(d, &c))
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	assert_true(has_delivered(&c));
	demo_stop(d);
	assert_null(demo_start(&missing, &err));
	assert_string_equal(err.text, "cannot read /nowhere/load.json: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_arrives),
		cmocka_unit_test(test_repeats_with_new_ids),
		cmocka_unit_test(test_stops_at_once),
		cmocka_unit_test(test_stall_is_caught_up),
		cmocka_unit_test(test_no_permission_is_no_end),
		cmocka_unit_test(test_clock_that_is_set),
		cmocka_unit_test(test_no_broker_is_said),
		cmocka_unit_test(test_slow_broker_is_found),
		cmocka_unit_test(test_demo_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
