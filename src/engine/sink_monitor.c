/* SPDX-License-Identifier: MIT */
#include "engine/sink_monitor.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "engine/present.h"

#include <stdlib.h>

struct sink_monitor {
	struct sink sink;
	struct sink_monitor_config config;
	struct model *model;
	struct container_cache *cache;   /* of the records as they come */
	struct container_cache *shown;   /* of the records a view shows again */
	struct buf sensors;
	bool recording;                  /* time is that of the records */
	int64_t now;                     /* of the recording, ms */
	struct source_status status;     /* the last, without its partitions */
	int64_t may_keep, keep_counted;  /* records for the tail, as of this wall clock */
};

static struct sink_monitor *
monitor_of(struct sink *s)
{
	return (struct sink_monitor *)s;
}

/* What is known of a record when it goes to the tail. */
struct verdict {
	struct slice name; /* its header's, or its schema's; null none */
	bool undecodable;
};

static struct slice
read_name(struct sink_monitor *m, const struct record *r)
{
	model_name_checked(m->model);
	return record_header_last(r, "record_name");
}

static void
apply_event(struct sink_monitor *m, const struct record *r, const struct container *c, struct slice record,
	    struct slice header)
{
	struct event e;

	decode_event(c->schema, record, &m->sensors, &e);
	e.kind = decode_kind(header, c->schema);
	e.topic_no = r->topic_no;
	e.partition = r->partition;
	e.offset = r->offset;
	e.record_time = r->timestamp;
	model_apply(m->model, &e);
}

/* Decode R and apply what it holds; a record counted before (`fresh` false) changes nothing. */
static struct verdict
apply(struct sink_monitor *m, const struct record *r, bool fresh, bool want_name)
{
	struct verdict verdict = {0};
	struct container c;
	struct slice record;
	struct err err;

	if (!container_is(r->value)) {
		if (want_name)
			verdict.name = read_name(m, r);
		return verdict;
	}
	if (!container_open(m->cache, r->value, &c, &err)) {
		if (fresh)
			model_undecodable(m->model, r, err.text);
		verdict.undecodable = true;
		return verdict;
	}
	if (want_name || !c.schema->is_measurement)
		verdict.name = read_name(m, r);
	while (fresh && container_next(&c, &record))
		apply_event(m, r, &c, record, verdict.name);
	if (!verdict.name.p)
		verdict.name = schema_name(c.schema);
	return verdict;
}

/* How many of N records that come at WALL go to the tail. */
static size_t
may_keep(struct sink_monitor *m, size_t n, int64_t wall)
{
	int64_t passed = wall - m->keep_counted;

	if (passed > 0)
		m->may_keep += passed * MONITOR_KEEP_PER_MS;
	if (m->may_keep > MONITOR_KEEP)
		m->may_keep = MONITOR_KEEP;
	m->keep_counted = wall;
	if (n > (size_t)m->may_keep)
		n = (size_t)m->may_keep;
	m->may_keep -= (int64_t)n;
	return n;
}

static size_t
monitor_records(struct sink *s, const struct record *r, size_t n, struct err *err)
{
	struct sink_monitor *m = monitor_of(s);
	int64_t wall = clock_wall_ms();
	size_t keep_from = n - may_keep(m, n, wall);

	(void)err;
	for (size_t i = 0; i < n; i++) {
		bool keep = i >= keep_from, fresh;
		struct verdict verdict;

		if (m->recording && r[i].timestamp > m->now)
			m->now = r[i].timestamp;
		fresh = model_record(m->model, &r[i], m->recording ? m->now : wall);
		verdict = apply(m, &r[i], fresh, keep || m->config.check_names);
		if (keep)
			model_keep(m->model, &r[i], verdict.name, verdict.undecodable);
	}
	if (keep_from)
		model_not_kept(m->model, (int64_t)keep_from);
	return n;
}

static void
monitor_assignment(struct sink *s, const struct assignment *a)
{
	model_assignment(monitor_of(s)->model, a);
}

static void
monitor_restarted(struct sink *s)
{
	struct sink_monitor *m = monitor_of(s);

	m->now = 0;
	model_restart(m->model);
}

static void
monitor_learned(struct sink *s, const struct news *news, int64_t wall_ms)
{
	model_learn(monitor_of(s)->model, news, wall_ms);
}

static void
monitor_status(struct sink *s, const struct source_status *status)
{
	struct sink_monitor *m = monitor_of(s);

	m->recording = status->link == LINK_OFFLINE;
	if (m->recording && status->now > m->now)
		m->now = status->now;
	model_status(m->model, status);
	m->status = *status;
	m->status.partitions = NULL;
	m->status.n_partitions = 0;
}

static struct slice
text_or_null(const char *s)
{
	return s ? slice_str(s) : (struct slice){0};
}

static void
monitor_view(struct sink *s, struct view *view, int64_t wall_ms)
{
	struct sink_monitor *m = monitor_of(s);
	int64_t now = m->recording ? m->now : wall_ms;

	if (now > 0) /* a recording's time begins with its first record */
		model_tick(m->model, now);
	model_view(m->model, view, now);
	view->head.cluster = text_or_null(m->config.cluster);
	view->head.topics = text_or_null(m->config.topics);
	view->head.group = text_or_null(m->config.group);
	view->head.watch = text_or_null(m->config.watch);
	view->head.status = m->status;
	present(view, m->shown);
}

static const struct sink_ops monitor_ops = {
	.records = monitor_records,
	.assignment = monitor_assignment,
	.restarted = monitor_restarted,
	.status = monitor_status,
	.learned = monitor_learned,
	.view = monitor_view,
};

struct sink *
sink_monitor_new(const struct sink_monitor_config *config)
{
	struct sink_monitor *m = xcalloc(1, sizeof(*m));

	m->sink.ops = &monitor_ops;
	m->config = *config;
	m->model = model_new(&config->limits);
	m->cache = container_cache_new(0, 0);
	m->shown = container_cache_new(16, 1 << 20);
	return &m->sink;
}

void
sink_monitor_free(struct sink *s)
{
	struct sink_monitor *m = monitor_of(s);

	if (!m)
		return;
	model_free(m->model);
	container_cache_free(m->cache);
	container_cache_free(m->shown);
	buf_free(&m->sensors);
	free(m);
}
