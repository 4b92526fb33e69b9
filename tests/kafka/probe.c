/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
on_assigned(void *ctx, struct assignment *a)
{
	struct probe *p = ctx;

	p->got += a->change == ASSIGNMENT_GOT;
	p->revoked += a->change == ASSIGNMENT_REVOKED;
	p->lost += a->change == ASSIGNMENT_LOST;
	p->held = a->held;
	p->generation = a->generation;
	if (!p->first_held[0])
		snprintf(p->first_held, sizeof(p->first_held), "%s", a->text);
}

static void
on_said(void *ctx, enum log_level level, const char *sentence, bool stop)
{
	struct probe *p = ctx;
	size_t n = strlen(p->said);

	(void)level;
	p->stops += stop;
	snprintf(p->said + n, sizeof(p->said) - n, "%s\n", sentence);
}

static void
on_committed(void *ctx, size_t partitions, const char *problem)
{
	struct probe *p = ctx;

	p->commits++;
	p->committed = problem ? 0 : partitions;
}

static const struct consumer_listener listener = {on_assigned, on_said, on_committed, NULL, NULL};

struct probe *
probe_new(const struct probe_options *o)
{
	struct consumer_config config = {
		.kafka = {.brokers = o->brokers, .properties = o->properties, .n_properties = o->n_properties},
		.topics = &o->topic, .n_topics = 1, .group = o->group, .policy = o->policy, .commit = o->commit,
		.seek = o->seek, .exit_at_end = o->exit_at_end, .keeper = o->keeper,
	};
	struct probe *p = xcalloc(1, sizeof(*p));
	struct err err = {0};

	p->batch = 500;
	p->asker = asker_new(&config.kafka, &err);
	if (p->asker)
		p->consumer = consumer_new(&config, p->asker, &listener, p, &err);
	if (!p->consumer)
		fail_msg("%s", err.text);
	consumer_tick(p->consumer, clock_mono_ms());
	consumer_start(p->consumer);
	return p;
}

size_t
probe_round(struct probe *p, int wait_ms)
{
	static struct record records[CONSUMER_BATCH];
	struct pollfd fd = {.fd = consumer_fd(p->consumer), .events = POLLIN};
	size_t cap = p->batch, n;

	if (p->limit && p->limit - p->records < cap)
		cap = p->limit - p->records;
	consumer_tick(p->consumer, clock_mono_ms());
	n = consumer_poll(p->consumer, records, cap);
	for (size_t i = 0; i < n; i++) {
		if (records[i].partition < PROBE_PARTITIONS && records[i].offset < PROBE_SEEN)
			p->seen[records[i].partition][records[i].offset]++;
		if (p->model)
			model_record(p->model, &records[i], clock_mono_ms());
	}
	consumer_applied(p->consumer, records, n);
	if (n) /* else what is in hand stays there */
		consumer_release(p->consumer);
	p->records += n;
	if (n == 0)
		poll(&fd, 1, wait_ms);
	return n;
}

bool
probe_until(struct probe *p, struct probe *other, probe_state_fn state, const void *arg)
{
	int64_t deadline = clock_mono_ms() + PROBE_WAIT_MS;

	while (!state(p, arg)) {
		if (clock_mono_ms() > deadline)
			return false;
		probe_round(p, 20);
		if (other)
			probe_round(other, 0);
	}
	return true;
}

static bool
has_records(struct probe *p, const void *arg)
{
	return p->records >= *(const size_t *)arg;
}

bool
probe_read_all(struct probe *p, size_t records)
{
	return probe_until(p, NULL, has_records, &records);
}

static bool
has_left(struct probe *p, const void *arg)
{
	(void)arg;
	return consumer_left(p->consumer);
}

int64_t
probe_leave(struct probe *p)
{
	int64_t start = clock_mono_ms(), took;

	consumer_leave(p->consumer);
	assert_true(probe_until(p, NULL, has_left, NULL));
	took = clock_mono_ms() - start;
	assert_true(asker_free(p->asker, 10000));
	consumer_free(p->consumer);
	free(p);
	return took;
}

bool
probe_saw(const struct probe *p, int partition, int64_t from, int64_t to, int times)
{
	for (int64_t i = from; i < to; i++)
		if (p->seen[partition][i] != times)
			return false;
	return true;
}

struct source_status
probe_status(struct probe *p)
{
	struct source_status status = {0};

	consumer_status(p->consumer, &status);
	return status;
}

void
probe_produce(const char *brokers, const char *topic, int partitions, int n)
{
	const struct kafka_config config = {.brokers = brokers};
	struct err err = {0};
	struct producer *producer = producer_new(&config, NULL, NULL, &err);
	const struct record_header name = {slice_str("record_name"), slice_str("probe")};
	struct outgoing o = {.topic = topic, .key = slice_str("key"), .headers = &name, .n_headers = 1};
	char value[32];

	assert_non_null(producer);
	for (int i = 0; i < n; i++)
		for (o.partition = 0; o.partition < partitions; o.partition++) {
			snprintf(value, sizeof(value), "%d/%d", o.partition, i);
			o.value = slice_str(value);
			assert_int_equal(producer_send(producer, &o, &err), PRODUCED);
		}
	assert_true(producer_flush(producer, PROBE_WAIT_MS));
	assert_int_equal(producer_counts(producer).delivered, (int64_t)n * partitions);
	assert_int_equal(producer_counts(producer).failed, 0);
	producer_free(producer);
}

int64_t
probe_committed(const char *brokers, const char *topic, const char *group)
{
	const struct kafka_config config = {.brokers = brokers};
	struct mailbox *reply = mailbox_new();
	struct asker *asker = asker_new(&config, NULL);
	struct inquiry *q = inquiry_new(INQUIRY_PLACES, reply, group);
	struct pollfd fd = {.fd = mailbox_fd(reply), .events = POLLIN};
	int64_t sum = -1;

	inquiry_add_topic(q, topic);
	for (int32_t i = 0; i < PROBE_PARTITIONS; i++)
		inquiry_add_spot(q, 0, i);
	asker_ask(asker, q);
	assert_int_equal(poll(&fd, 1, PROBE_WAIT_MS), 1);
	q = mailbox_take(reply);
	assert_true(q->ok);
	for (size_t i = 0; i < q->n_spots; i++)
		if (q->spots[i].committed >= 0)
			sum = (sum < 0 ? 0 : sum) + q->spots[i].committed;
	inquiry_free(q);
	assert_true(asker_free(asker, 10000));
	mailbox_free(reply, NULL);
	return sum;
}
