/* SPDX-License-Identifier: MIT */
#include "engine/sink_monitor.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "codec/claim.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "engine/present.h"
#include "verify/verify.h"

#include <math.h>
#include <stdlib.h>

struct sink_monitor {
	struct sink sink;
	struct sink_monitor_config config;
	struct model *model;
	struct container_cache *cache;   /* of the records as they come */
	struct presenter *presenter;     /* of those that a view shows */
	struct buf text;                 /* of a large record on its way to the tail */
	struct buf sensors;
	bool recording;                  /* time is that of the records */
	int64_t now;                     /* of the recording, ms */
	struct source_status status;     /* the last, without its partitions */
	struct allowance {
		int64_t left, counted; /* as of this wall clock */
	} keep, open;                    /* records for the tail, hashes to be opened */
	struct claims *claims;           /* NULL: hashes are not looked at */
	struct verify *verify;           /* NULL: there is no ground truth */
	struct err truth_failed;
	struct buf difference;           /* the last one's text */
	int64_t logged;                  /* differences that went to the log */
};

enum { LOGGED_MOST = 1000, LOG_BURST = 50000 };

static struct sink_monitor *
monitor_of(struct sink *s)
{
	return (struct sink_monitor *)s;
}

/* What is known of a record when it goes to the tail. */
struct verdict {
	struct slice name; /* its header's, or its schema's; null none */
	struct slice text; /* of a large one, which is not decoded again; null otherwise */
	bool undecodable;
};

static struct slice
read_name(struct sink_monitor *m, const struct record *r)
{
	model_name_checked(m->model);
	return record_header_last(r, "record_name");
}

/* --- Hashes and ground truth ------------------------------------------------ */

static void
open_hash(struct sink_monitor *m, const struct event *e)
{
	struct claim claim;

	if (!m->claims || e->kind != EVENT_MEASURED || !e->hash.p || m->open.left == 0)
		return;
	m->open.left--;
	claims_check(m->claims, e, model_researcher(m->model, e->experiment), &claim);
	if (claim.answer == CLAIM_TAMPERED || claim.answer == CLAIM_MALFORMED)
		model_tampered(m->model, e);
}

static void
on_difference(void *ctx, const struct difference *d)
{
	struct sink_monitor *m = ctx;

	model_not_true(m->model, d->experiment, d->partition, d->offset);
	buf_clear(&m->difference);
	difference_text(&m->difference, d);
	if (m->logged++ < LOGGED_MOST)
		log_write(LOG_WARN, "verify", "%s", buf_cstr(&m->difference));
}

static bool
open_truth(struct sink_monitor *m, struct err *err)
{
	struct verify_config config = {
		.logs = m->config.logs, .burst = LOG_BURST,
		.match = {.live = true, .differs = on_difference, .ctx = m},
	};

	if (!m->config.logs || m->config.logs->n == 0)
		return true;
	m->verify = verify_new(&config, err);
	return m->verify;
}

/* As far as the topic has come. */
static void
read_truth(struct sink_monitor *m)
{
	if (m->verify && !m->truth_failed.text[0])
		verify_read_logs(m->verify, false, &m->truth_failed);
}

static void
view_truth(struct sink_monitor *m, struct view *view)
{
	struct truth_state *t = &view->head.truth;

	if (!m->verify)
		return;
	*t = (struct truth_state){
		.given = true,
		.failure = m->truth_failed.text[0] ? arena_copy(&view->arena, slice_str(m->truth_failed.text))
						   : (struct slice){0},
		.differences = match_differences(verify_totals(m->verify)),
		.lines = verify_lines(m->verify),
		.waiting = verify_waiting(m->verify),
		.behind = verify_topic_time(m->verify) - verify_log_time(m->verify),
	};
	if (m->difference.n > 0)
		t->last = arena_copy(&view->arena, (struct slice){m->difference.p, m->difference.n});
}

/* --- Records ---------------------------------------------------------------- */

static void
apply_event(struct sink_monitor *m, const struct record *r, const struct container *c, struct slice record,
	    struct slice header)
{
	struct event e;

	decode_event(c->schema, record, &m->sensors, &e);
	e.kind = decode_kind(header, c->schema);
	event_place(&e, r);
	model_apply(m->model, &e);
	open_hash(m, &e);
	if (m->verify && e.experiment.n > 0)
		verify_event(m->verify, &e, r->topic);
}

/* The text of a record that is too large to be decoded again when it is shown: of C, the
 * REASON why it is none, or as bytes. */
static struct slice
large_text(struct sink_monitor *m, const struct record *r, const struct container *c, const char *reason)
{
	if (r->value.n < PRESENT_LARGE && (!c || c->plain < PRESENT_LARGE))
		return (struct slice){0};
	buf_clear(&m->text);
	if (c)
		present_records(&m->text, c);
	else if (reason)
		buf_str(&m->text, reason);
	else
		present_plain(&m->text, r->value);
	return (struct slice){buf_cstr(&m->text), m->text.n};
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
		verdict.text = large_text(m, r, NULL, NULL);
		return verdict;
	}
	if (!container_open(m->cache, r->value, &c, &err)) {
		if (fresh)
			model_undecodable(m->model, r, err.text);
		verdict.undecodable = true;
		verdict.text = large_text(m, r, NULL, err.text);
		return verdict;
	}
	if (want_name || !c.schema->is_measurement)
		verdict.name = read_name(m, r);
	verdict.text = large_text(m, r, &c, NULL);
	while (fresh && container_next(&c, &record))
		apply_event(m, r, &c, record, verdict.name);
	if (fresh && !container_whole(&c, &err))
		model_undecodable(m->model, r, err.text);
	if (!verdict.name.p)
		verdict.name = schema_name(c.schema);
	return verdict;
}

/* How many of N may be done at WALL, where so many may a millisecond, and MOST at once. */
static size_t
allow(struct allowance *a, size_t n, int64_t wall, int64_t per_ms, int64_t most)
{
	int64_t passed = wall - a->counted;

	if (passed > 0)
		a->left += passed * per_ms;
	if (a->left > most)
		a->left = most;
	a->counted = wall;
	if (n > (size_t)a->left)
		n = (size_t)a->left;
	a->left -= (int64_t)n;
	return n;
}

static size_t
monitor_records(struct sink *s, const struct record *r, size_t n, struct err *err)
{
	struct sink_monitor *m = monitor_of(s);
	int64_t wall = clock_wall_ms();
	size_t keep_from = n - allow(&m->keep, n, wall, MONITOR_KEEP_PER_MS, MONITOR_KEEP);

	(void)err;
	allow(&m->open, 0, wall, MONITOR_OPEN_PER_MS, MONITOR_OPEN);
	for (size_t i = 0; i < n; i++) {
		bool keep = i >= keep_from, fresh;
		struct verdict verdict;

		if (m->recording && r[i].timestamp > m->now)
			m->now = r[i].timestamp;
		fresh = model_record(m->model, &r[i], m->recording ? m->now : wall);
		verdict = apply(m, &r[i], fresh, keep || m->config.check_names);
		if (keep)
			model_keep(m->model, &r[i], verdict.name, verdict.undecodable, verdict.text);
	}
	if (keep_from)
		model_not_kept(m->model, (int64_t)keep_from);
	read_truth(m);
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
	if (m->claims)
		claims_forget(m->claims);
	buf_clear(&m->difference);
	verify_free(m->verify);
	m->verify = NULL;
	m->truth_failed = (struct err){0};
	open_truth(m, &m->truth_failed);
}

static void
monitor_renewed(struct sink *s, int topic_no)
{
	model_renewed(monitor_of(s)->model, topic_no);
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

static bool
monitor_scraped(struct sink *s, const struct scrape *scrape, struct err *said)
{
	struct sink_monitor *m = monitor_of(s);

	return m->config.producers && producers_take(m->config.producers, scrape, said);
}

/* What producers make, beside what is read. */
static void
view_producers(struct sink_monitor *m, struct view *view, int64_t wall_ms)
{
	int64_t begun = m->config.plan_begun ? m->config.plan_begun(m->config.plan_ctx) : -1;

	if (!m->config.producers)
		return;
	if (begun >= 0)
		producers_schedule(m->config.producers, begun, wall_ms);
	producers_view(m->config.producers, view);
	if (m->config.only_producers)
		view->head.status.link = view->head.producers.answering > 0 ? LINK_UP
				       : view->head.producers.ended ? LINK_ENDED
				       : producers_asked(m->config.producers) ? LINK_DOWN
									: LINK_CONNECTING;
}

static struct slice
text_or_null(const char *s)
{
	return s ? slice_str(s) : (struct slice){0};
}

/* The hash of the record that is opened; whether others open tells what one is that does not. */
static void
view_hash(struct sink_monitor *m, struct view *view)
{
	const struct event *e = m->claims ? present_hashed(m->presenter, view) : NULL;
	struct record_detail *d = view->record;
	int64_t counts[CLAIM_ANSWERS];
	struct claims *once;
	struct claim claim;

	if (!e)
		return;
	once = claims_new(m->config.secret_key, NULL);
	claims_check(once, e, model_researcher(m->model, e->experiment), &claim);
	claims_counts(m->claims, counts);
	if (claim.answer == CLAIM_WRONG_KEY && counts[CLAIM_OK] > 0)
		claim.answer = CLAIM_TAMPERED;
	d->hash_answer = slice_str(claim_answer_name(claim.answer));
	if (claim.why.text[0])
		d->hash_why = arena_copy(&view->arena, slice_str(claim.why.text));
	d->hash_text = arena_copy(&view->arena, claim.text);
	claims_free(once);
}

static void
monitor_view(struct sink *s, struct view *view, int64_t wall_ms)
{
	struct sink_monitor *m = monitor_of(s);
	int64_t now = m->recording ? m->now : wall_ms;

	read_truth(m);
	if (now > 0) /* a recording's time begins with its first record */
		model_tick(m->model, now);
	model_view(m->model, view, now);
	view->head.cluster = text_or_null(m->config.cluster);
	view->head.topics = text_or_null(m->config.topics);
	view->head.group = text_or_null(m->config.group);
	view->head.watch = text_or_null(m->config.watch);
	view->head.status = m->status;
	view_truth(m, view);
	if (m->claims)
		claims_counts(m->claims, view->head.checks.hashes);
	view_producers(m, view, wall_ms);
	present(m->presenter, view);
	view_hash(m, view);
}

static const struct sink_ops monitor_ops = {
	.records = monitor_records,
	.assignment = monitor_assignment,
	.restarted = monitor_restarted,
	.renewed = monitor_renewed,
	.status = monitor_status,
	.learned = monitor_learned,
	.scraped = monitor_scraped,
	.view = monitor_view,
};

struct sink *
sink_monitor_new(const struct sink_monitor_config *config, struct err *err)
{
	struct sink_monitor *m = xcalloc(1, sizeof(*m));

	m->sink.ops = &monitor_ops;
	m->config = *config;
	m->model = model_new(&config->limits);
	m->cache = container_cache_new(0, 0);
	m->presenter = presenter_new();
	if (config->secret_key)
		m->claims = claims_new(config->secret_key, err);
	if ((m->claims || !config->secret_key) && open_truth(m, err))
		return &m->sink;
	sink_monitor_free(&m->sink);
	return NULL;
}

void
sink_monitor_free(struct sink *s)
{
	struct sink_monitor *m = monitor_of(s);

	if (!m)
		return;
	verify_free(m->verify);
	claims_free(m->claims);
	model_free(m->model);
	container_cache_free(m->cache);
	presenter_free(m->presenter);
	buf_free(&m->text);
	buf_free(&m->sensors);
	buf_free(&m->difference);
	free(m);
}
