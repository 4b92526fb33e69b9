/* SPDX-License-Identifier: MIT */
/* The reference run through the measurement model, beside the log of its producer. */
#include "codec/container.h"
#include "codec/decode.h"
#include "model/measure.h"
#include "reference.h"
#include "unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 24 };

static struct sampled {
	char id[40];
	float average, values[3];
	enum range_event event;
} logged[SAMPLES], derived[SAMPLES];

static size_t n_derived, n_odd;
static struct interval last_interval;

static void
settled(void *ctx, const struct measurement *m)
{
	struct sampled *s = &derived[n_derived++];

	(void)ctx;
	assert_true(n_derived <= SAMPLES);
	assert_int_equal(m->sensors, 3);
	snprintf(s->id, sizeof(s->id), "%.*s", (int)m->id.n, m->id.p);
	s->average = m->average;
	s->event = m->event;
	memcpy(s->values, m->values, sizeof(s->values));
}

static void
interval(void *ctx, const struct interval *i)
{
	(void)ctx;
	last_interval = *i;
}

static void
odd(void *ctx, const struct event *e, enum reading_state state)
{
	(void)ctx;
	(void)e;
	(void)state;
	n_odd++;
}

static void
apply_message(struct measure *m, struct container_cache *cache, const struct reference_message *message, int64_t offset)
{
	struct container c;
	struct slice record;
	struct buf room = {0};
	struct event e;
	struct err err;

	assert_true(container_open(cache, (struct slice){message->value.p, message->value.n}, &c, &err));
	assert_true(container_next(&c, &record));
	assert_true(decode_event(c.schema, record, &room, &e));
	e.kind = decode_kind(slice_str(message->name), c.schema);
	e.offset = offset;
	e.partition = 6;
	e.topic_no = 0;
	e.record_time = -1;
	assert_int_equal(measure_apply(m, &e), READING_TAKEN);
	buf_free(&room);
}

static void
read_line(const char *line, size_t n, size_t *samples, size_t *readings)
{
	json_t *json = json_loadb(line, n, 0, NULL), *fields = json_object_get(json, "fields");
	const char *id = NULL, *event;
	json_t *number;

	json_unpack(json, "{s:{s:s}}", "span", "measurement_id", &id);
	if ((number = json_object_get(fields, "avg_temperature"))) {
		logged[*samples].average = (float)json_number_value(number);
		snprintf(logged[(*samples)++].id, sizeof(logged[0].id), "%s", id);
		*readings = 0;
	}
	if ((number = json_object_get(fields, "temperature")))
		logged[*samples - 1].values[(*readings)++] = (float)json_number_value(number);
	if ((event = json_string_value(json_object_get(fields, "range_event"))))
		logged[*samples - 1].event = strcmp(event, "OutOfRange") == 0 ? RANGE_OUT : RANGE_STABILIZED;
	json_decref(json);
}

static void
read_log(void)
{
	struct buf file = reference_file("tests/data/reference-run/producer.json.log");
	size_t samples = 0, readings = 0;

	for (const char *line = buf_cstr(&file), *end; (end = strchr(line, '\n')); line = end + 1)
		read_line(line, (size_t)(end - line), &samples, &readings);
	assert_int_equal(samples, SAMPLES);
	buf_free(&file);
}

static int
derive(void **state)
{
	const struct measure_listener listener = {.settled = settled, .interval = interval, .odd = odd};
	struct reference_message *messages = reference_load();
	struct container_cache *cache = container_cache_new(0, 0);
	struct measure *m = measure_new(&(struct measure_limits){0}, &listener);

	(void)state;
	for (int i = 0; i < REFERENCE_MESSAGES; i++)
		apply_message(m, cache, &messages[i], i);
	assert_int_equal(measure_sums(m)->complete, SAMPLES);
	measure_free(m);
	container_cache_free(cache);
	reference_free(messages);
	read_log();
	return 0;
}

static void
every_measurement_is_there_in_the_order_of_the_log(void **state)
{
	(void)state;
	assert_int_equal(n_derived, SAMPLES);
	assert_int_equal(n_odd, 0);
	for (size_t i = 0; i < SAMPLES; i++)
		assert_string_equal(derived[i].id, logged[i].id);
}

/* The topic has the sensors of 8 of them in another order than the log. */
static void
readings_are_those_of_the_log_to_the_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		assert_memory_equal(derived[i].values, logged[i].values, sizeof(logged[i].values));
}

static void
averages_are_the_logs_as_far_as_the_readings_tell(void **state)
{
	size_t same = 0;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		float up = nextafterf(logged[i].average, 99), down = nextafterf(logged[i].average, 0);

		same += derived[i].average == logged[i].average;
		assert_true(derived[i].average <= up && derived[i].average >= down);
		assert_true(rule_average_fits(derived[i].values, 3, logged[i].average));
	}
	assert_int_equal(same, 19);
}

static void
range_events_are_those_of_the_log(void **state)
{
	size_t events = 0;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		assert_int_equal(derived[i].event, logged[i].event);
		events += derived[i].event != RANGE_NONE;
	}
	assert_int_equal(events, 3);
	assert_true(last_interval.closed);
	assert_int_equal(last_interval.samples, 15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_measurement_is_there_in_the_order_of_the_log),
		cmocka_unit_test(readings_are_those_of_the_log_to_the_bit),
		cmocka_unit_test(averages_are_the_logs_as_far_as_the_readings_tell),
		cmocka_unit_test(range_events_are_those_of_the_log),
	};

	return cmocka_run_group_tests(tests, derive, NULL);
}
