/* SPDX-License-Identifier: MIT */
#include "engine/sink_verify.h"

#include "base/alloc.h"
#include "codec/container.h"
#include "codec/decode.h"

#include <stdlib.h>

struct sink_verify {
	struct sink sink;
	struct verify *verify;
	struct container_cache *cache;
	struct buf sensors;
	int64_t others;
};

static struct sink_verify *
verifier(struct sink *s)
{
	return (struct sink_verify *)s;
}

static void
compare_event(struct sink_verify *s, const struct record *r, const struct container *c, struct slice record,
	      struct slice header)
{
	struct event e;

	decode_event(c->schema, record, &s->sensors, &e);
	e.kind = decode_kind(header, c->schema);
	event_place(&e, r);
	if (e.experiment.n == 0 || (e.kind != EVENT_MEASURED && event_stage(e.kind) == STAGE_UNKNOWN))
		s->others++;
	else
		verify_event(s->verify, &e, r->topic);
}

static void
compare_record(struct sink_verify *s, const struct record *r)
{
	struct slice header, record;
	struct container c;
	struct err err;

	if (!container_is(r->value)) {
		s->others++;
		return;
	}
	if (!container_open(s->cache, r->value, &c, &err)) {
		verify_undecodable(s->verify, r->topic, r->partition, r->offset, err.text);
		return;
	}
	header = record_header_last(r, "record_name");
	while (container_next(&c, &record))
		compare_event(s, r, &c, record, header);
	if (!container_whole(&c, &err))
		verify_undecodable(s->verify, r->topic, r->partition, r->offset, err.text);
}

static size_t
verify_records(struct sink *sink, const struct record *r, size_t n, struct err *err)
{
	struct sink_verify *s = verifier(sink);

	for (size_t i = 0; i < n; i++)
		compare_record(s, &r[i]);
	return verify_read_logs(s->verify, false, err) ? n : 0;
}

static const struct sink_ops verify_ops = {
	.records = verify_records,
};

struct sink *
sink_verify_new(struct verify *v)
{
	struct sink_verify *s = xcalloc(1, sizeof(*s));

	s->sink.ops = &verify_ops;
	s->verify = v;
	s->cache = container_cache_new(0, 0);
	return &s->sink;
}

void
sink_verify_free(struct sink *sink)
{
	struct sink_verify *s = verifier(sink);

	if (!s)
		return;
	container_cache_free(s->cache);
	buf_free(&s->sensors);
	free(s);
}

int64_t
sink_verify_others(const struct sink *s)
{
	return ((const struct sink_verify *)s)->others;
}
