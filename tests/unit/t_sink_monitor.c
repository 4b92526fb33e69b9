/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "codec/encode.h"
#include "engine/sink_monitor.h"

#include <stdio.h>

enum { T0 = 1000000, FLOOD = MONITOR_KEEP + 2000 };

static struct record flood[FLOOD];

/* Records that are no containers, from offset FROM on. */
static const struct record *
records(int64_t from)
{
	for (int64_t i = 0; i < FLOOD; i++)
		flood[i] = (struct record){
			.topic = "t", .offset = from + i, .timestamp = T0, .value = slice_str("plain"),
		};
	return flood;
}

static int64_t
not_kept(struct sink *s)
{
	struct view *v = xcalloc(1, sizeof(*v));
	int64_t n;

	s->ops->view(s, v, clock_wall_ms());
	n = v->head.not_kept;
	view_free(v);
	return n;
}

/* A burst is kept whole, a flood by the clock; every record counts all the same. */
static void
test_flood_is_kept_in_part(void **state)
{
	const struct sink_monitor_config config = {.cluster = "c", .topics = "t"};
	struct sink *s = sink_monitor_new(&config, NULL);
	struct view *v = xcalloc(1, sizeof(*v));
	struct err err;

	(void)state;
	clock_fix(T0);
	assert_int_equal(s->ops->records(s, records(0), MONITOR_KEEP, &err), MONITOR_KEEP);
	assert_int_equal(not_kept(s), 0);
	assert_int_equal(s->ops->records(s, records(MONITOR_KEEP), 1000, &err), 1000);
	assert_int_equal(not_kept(s), 1000);
	clock_advance(10);
	assert_int_equal(s->ops->records(s, records(MONITOR_KEEP + 1000), 1000, &err), 1000);
	assert_int_equal(not_kept(s), 2000 - 10 * MONITOR_KEEP_PER_MS);
	clock_advance(3600000);
	assert_int_equal(s->ops->records(s, records(MONITOR_KEEP + 2000), FLOOD, &err), FLOOD);
	assert_int_equal(not_kept(s), 4000 - 10 * MONITOR_KEEP_PER_MS);
	s->ops->view(s, v, clock_wall_ms());
	assert_int_equal(v->head.records, MONITOR_KEEP + 2000 + FLOOD);
	view_free(v);
	sink_monitor_free(s);
	clock_fix(0);
}

static struct view *
view_of(struct sink *s, enum view_kind kind)
{
	struct view *v = xcalloc(1, sizeof(*v));

	v->query.kind = kind;
	s->ops->view(s, v, clock_wall_ms());
	return v;
}

static void
look(struct sink *s, int64_t time, int64_t events, bool told)
{
	const struct scrape scrape = {.time = time, .events = events, .running = 1};
	struct err said;

	assert_int_equal(s->ops->scraped(s, &scrape, &said), told);
}

/* What producers make stands in the head of each view and on the two graphs. */
static void
test_producers_are_shown(void **state)
{
	static const char *const names[] = {"lab:3001"};
	struct producers *producers = producers_new(names, 1, true, "lab:3001", NULL);
	const struct sink_monitor_config config = {
		.cluster = "lab:3001", .producers = producers, .only_producers = true,
	};
	struct sink *s = sink_monitor_new(&config, NULL);
	struct view *v = view_of(s, VIEW_HEAD);

	(void)state;
	clock_fix(1000 * T0 + 20000);
	assert_int_equal(v->head.status.link, LINK_CONNECTING);
	view_free(v);
	look(s, 1000 * T0, 0, true);
	look(s, 1000 * T0 + 20000, 200, false);
	v = view_of(s, VIEW_RATES);
	assert_int_equal(v->head.status.link, LINK_UP);
	assert_close(v->head.producers.produced, 10, 1e-9);
	assert_true(isnan(v->head.producers.planned));
	assert_close(v->made[RATE_POINTS - 1], 10, 1e-9);
	view_free(v);
	v = view_of(s, VIEW_PRODUCERS);
	assert_int_equal(v->n, 1);
	assert_close(v->producers[0].rate, 10, 1e-9);
	view_free(v);
	sink_monitor_free(s);
	producers_free(producers);
	clock_fix(0);
}

static int64_t
begun(void *ctx)
{
	return *(int64_t *)ctx;
}

/* The demo has no page, but a plan that runs. */
static void
test_a_plan_runs_by_the_clock(void **state)
{
	static const struct planned_interval interval = {0, 100, 25, 1};
	const struct planned plan = {&interval, 1};
	struct producers *producers = producers_new(NULL, 0, false, "", &plan);
	int64_t since = -1;
	const struct sink_monitor_config config = {
		.cluster = "c", .topics = "t", .producers = producers, .plan_begun = begun, .plan_ctx = &since,
	};
	struct sink *s = sink_monitor_new(&config, NULL);
	struct view *v;

	(void)state;
	clock_fix(1000 * T0);
	v = view_of(s, VIEW_RATES);
	assert_true(isnan(v->head.producers.planned));
	view_free(v);
	since = 1000 * T0;
	clock_advance(60000);
	v = view_of(s, VIEW_RATES);
	assert_close(v->head.producers.planned, 25, 1e-9);
	assert_true(isnan(v->head.producers.produced));
	assert_null(v->head.producers.nobody.p);
	assert_close(v->planned[RATE_POINTS - 12], 25, 1e-9);
	assert_true(isnan(v->planned[RATE_POINTS - 13]));
	view_free(v);
	sink_monitor_free(s);
	producers_free(producers);
	clock_fix(0);
}

/* A container of one text of N bytes, deflated into few. */
static struct buf
large_message(size_t n)
{
	struct encode_frame frame = {
		.schema = slice_str("{\"type\":\"record\",\"name\":\"r\",\"fields\":"
				    "[{\"name\":\"s\",\"type\":\"string\"}]}"),
		.codec = "deflate", .sync = "sync marker 16b",
	};
	struct buf record = {0}, out = {0};

	encode_long(&record, (int64_t)n);
	memset(buf_reserve(&record, n), 'z', n);
	record.n += n;
	encode_header(&out, &frame);
	encode_block(&out, &frame, 1, (struct slice){record.p, record.n});
	buf_free(&record);
	return out;
}

static bool
has(struct slice text, const char *part)
{
	return text.n > 0 && memmem(text.p, text.n, part, strlen(part));
}

/* What rows and details show of large records is cut while it is made, not afterwards: a
 * view takes little memory. */
static void
test_large_records_are_cut(void **state)
{
	enum { LENGTH = 20000000, ROWS = 20, VIEW_MOST = 512 * 1024 };
	const struct sink_monitor_config config = {.cluster = "c", .topics = "t"};
	struct sink *s = sink_monitor_new(&config, NULL);
	struct buf value = large_message(LENGTH), raw = {0};
	struct view *v = xcalloc(1, sizeof(*v));
	struct record r = {.topic = "t", .timestamp = T0, .value = {value.p, value.n}};
	struct err err;

	(void)state;
	for (r.offset = 0; r.offset < ROWS; r.offset++)
		s->ops->records(s, &r, 1, &err);
	memset(buf_reserve(&raw, LENGTH), 'y', LENGTH);
	r.value = (struct slice){raw.p, LENGTH};
	s->ops->records(s, &r, 1, &err);
	v->query = (struct view_query){.kind = VIEW_RECORDS, .height = 100};
	s->ops->view(s, v, clock_wall_ms());
	assert_in_range(arena_size(&v->arena), 1, VIEW_MOST);
	assert_int_equal(v->n, ROWS + 1);
	assert_true(has(v->records[0].text, "{'s': 'zzz"));
	assert_true(has(v->records[0].text, "zzz.. 199994"));
	assert_true(has(v->records[0].text, " more bytes"));
	assert_true(has(v->records[ROWS].text, "b'yyy"));
	assert_true(has(v->records[ROWS].text, "yyy.. 199994"));
	assert_int_equal(v->records[ROWS].value_size, LENGTH);
	view_free(v);
	v = xcalloc(1, sizeof(*v));
	v->query = (struct view_query){.kind = VIEW_RECORD};
	snprintf(v->query.selected, sizeof(v->query.selected), "%d", 1);
	for (int i = 0; i < 2; i++) {
		s->ops->view(s, v, clock_wall_ms());
		assert_in_range(arena_size(&v->arena), 1, VIEW_MOST);
		assert_int_equal(v->record->n_fields, 2);
		assert_true(has(v->record->fields[1].value, "zzz.. 199976"));
	}
	view_free(v);
	sink_monitor_free(s);
	buf_free(&value);
	buf_free(&raw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flood_is_kept_in_part),
		cmocka_unit_test(test_large_records_are_cut),
		cmocka_unit_test(test_producers_are_shown),
		cmocka_unit_test(test_a_plan_runs_by_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
