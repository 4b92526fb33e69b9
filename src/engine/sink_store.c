/* SPDX-License-Identifier: MIT */
#include "engine/sink_store.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "codec/container.h"
#include "codec/decode.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 64 };

struct sink_store {
	struct sink sink;
	struct store *store;
	struct container_cache *cache;
	struct buf sensors, problem;
};

static struct sink_store *
store_of(struct sink *s)
{
	return (struct sink_store *)s;
}

/* TEXT, and behind it what is foreign. */
static void
set_problem(struct sink_store *s, struct entry *x, const char *text, struct slice foreign)
{
	buf_clear(&s->problem);
	buf_str(&s->problem, text);
	buf_add(&s->problem, foreign.p, foreign.n < NAME_TEXT ? foreign.n : NAME_TEXT);
	x->problem = (struct slice){s->problem.p, s->problem.n};
}

/* What the one record of a container says; more than one is nothing that the course writes. */
static void
decode(struct sink_store *s, const struct record *r, struct container *c, struct entry *x)
{
	struct slice name = record_header_last(r, "record_name"), record;
	char text[64];

	if (c->records != 1 || !container_next(c, &record)) {
		snprintf(text, sizeof(text), "a container of %zu records", c->records);
		set_problem(s, x, text, (struct slice){0});
		return;
	}
	decode_event(c->schema, record, &s->sensors, &x->event);
	x->event.kind = decode_kind(name, c->schema);
	if (x->event.kind != EVENT_OTHER)
		return;
	set_problem(s, x, "a record called ", name.p ? name : schema_name(c->schema));
}

static void
keep(struct sink_store *s, const struct record *r)
{
	struct entry x = {.event.kind = EVENT_OTHER};
	struct container c;
	struct err err;

	if (!r->value.p)
		set_problem(s, &x, "no value", (struct slice){0});
	else if (!container_is(r->value))
		set_problem(s, &x, "no Avro container", (struct slice){0});
	else if (container_open(s->cache, r->value, &c, &err) && container_whole(&c, &err))
		decode(s, r, &c, &x);
	else {
		x.undecodable = true;
		set_problem(s, &x, err.text, (struct slice){0});
	}
	event_place(&x.event, r);
	store_add(s->store, &x);
}

static size_t
store_records(struct sink *sink, const struct record *r, size_t n, struct err *err)
{
	struct sink_store *s = store_of(sink);

	(void)err; /* what goes wrong shows later */
	for (size_t i = 0; i < n; i++)
		keep(s, &r[i]);
	store_push(s->store);
	return n;
}

static size_t
store_give_kept(struct sink *sink, bool wait, struct record *out, size_t cap, struct err *err)
{
	struct store_place places[PLACES];
	size_t n = store_kept(store_of(sink)->store, wait, places, cap < PLACES ? cap : PLACES, err);

	for (size_t i = 0; i < n; i++)
		out[i] = (struct record){
			.topic_no = places[i].topic_no, .partition = places[i].partition, .offset = places[i].next - 1,
		};
	return n;
}

static int
store_kept_fd(struct sink *sink)
{
	return store_fd(store_of(sink)->store);
}

static bool
store_is_full(struct sink *sink)
{
	return store_full(store_of(sink)->store);
}

static void
store_view(struct sink *sink, struct view *view, int64_t wall_ms)
{
	struct store_status status;

	(void)wall_ms;
	store_status(store_of(sink)->store, clock_mono_ms(), &status);
	view->head.store = (struct view_store){
		.file = slice_str(status.file), .records = status.records, .waiting = status.waiting,
		.waiting_ms = status.waiting_ms,
	};
}

static const struct sink_ops store_ops = {
	.records = store_records,
	.kept = store_give_kept,
	.kept_fd = store_kept_fd,
	.full = store_is_full,
	.view = store_view,
};

struct sink *
sink_store_new(struct store *store)
{
	struct sink_store *s = xcalloc(1, sizeof(*s));

	s->sink.ops = &store_ops;
	s->store = store;
	s->cache = container_cache_new(0, 0);
	return &s->sink;
}

void
sink_store_free(struct sink *sink)
{
	struct sink_store *s = store_of(sink);

	if (!s)
		return;
	container_cache_free(s->cache);
	buf_free(&s->sensors);
	buf_free(&s->problem);
	free(s);
}

/* ---- the keeper ---- */

static bool
keeper_claim(void *ctx, const char *cluster, struct err *err)
{
	return store_claim(ctx, cluster, err);
}

static int64_t
keeper_next(void *ctx, int topic_no, int32_t partition)
{
	return store_next(ctx, topic_no, partition);
}

static bool
keeper_last(void *ctx, int topic_no, int32_t partition, struct fingerprint *out)
{
	*out = (struct fingerprint){0};
	return store_last(ctx, topic_no, partition, &out->offset, &out->timestamp);
}

static void
keeper_starts(void *ctx, int topic_no, int32_t partition, int64_t offset)
{
	store_starts(ctx, topic_no, partition, offset);
}

struct keeper
sink_store_keeper(struct store *store)
{
	return (struct keeper){keeper_claim, keeper_next, keeper_last, keeper_starts, store};
}
