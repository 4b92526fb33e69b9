/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include "base/alloc.h"
#include "model/answer.h"
#include "model/ident.h"
#include "model/inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_EXPERIMENTS = 200000, CURVES = 1000, MEASURED = 20000, TAIL_BYTES = 16 << 20 };

/* --- What the measurements come to ------------------------------------------ */

/* The key of the record counted last, if it is EXPERIMENT's. */
static struct order_key *
key_of(const struct model *m, struct slice experiment)
{
	bool is = m->key && m->key->trial && slice_eq(m->key->trial->id, experiment);

	return is ? m->key : NULL;
}

static void
note(struct model *m, struct order_key *key, enum check check, int32_t partition, int64_t offset)
{
	order_note(&m->order, key, check,
		   (struct finding){.partition = partition, .offset = offset, .after_partition = -1, .after = -1,
				    .time = m->now});
}

static void
on_settled(void *ctx, const struct measurement *at)
{
	struct model *m = ctx;

	if (at->readings < at->sensors)
		note(m, key_of(m, at->experiment), CHECK_INCOMPLETE, at->partition, at->first_offset);
	if (at->overdue)
		note(m, key_of(m, at->experiment), CHECK_OVERDUE, at->partition, at->last_offset);
}

static void
on_odd(void *ctx, const struct event *e, enum reading_state state)
{
	static const enum check checks[READING_STATES] = {
		[READING_TAKEN] = CHECKS,          [READING_DUPLICATE] = CHECK_DUPLICATE,
		[READING_LATE] = CHECK_LATE,       [READING_FOREIGN] = CHECK_FOREIGN,
		[READING_UNKNOWN] = CHECKS,        [READING_UNUSABLE] = CHECK_FOREIGN,
	};
	struct model *m = ctx;

	if (checks[state] != CHECKS)
		note(m, m->key, checks[state], e->partition, e->offset);
}

void
model_tampered(struct model *m, const struct event *e)
{
	note(m, m->key, CHECK_TAMPERED, e->partition, e->offset);
}

static struct trial *
known_trial(const struct model *m, struct slice foreign)
{
	char room[TRIAL_ID];

	return foreign.n ? trials_find(&m->trials, ident(foreign, room, sizeof(room))) : NULL;
}

void
model_not_true(struct model *m, struct slice experiment, int32_t partition, int64_t offset)
{
	struct trial *t = known_trial(m, experiment);

	note(m, t ? t->key : NULL, CHECK_TRUTH, partition, offset);
}

struct slice
model_researcher(const struct model *m, struct slice experiment)
{
	struct trial *t = known_trial(m, experiment);

	return t ? t->researcher : (struct slice){0};
}

/* --- The whole -------------------------------------------------------------- */

struct model *
model_new(const struct model_limits *limits)
{
	struct model *m = xcalloc(1, sizeof(*m));
	const struct measure_listener listener = {.settled = on_settled, .odd = on_odd, .ctx = m};
	struct measure_limits measured = {MEASURED};

	m->trials.most = limits->max_experiments ? limits->max_experiments : MAX_EXPERIMENTS;
	m->order.most = m->trials.most;
	m->trials.seats = limits->curves ? limits->curves : CURVES;
	if (m->trials.most < MEASURED)
		measured.experiments = m->trials.most;
	m->measure = measure_new(&measured, &listener);
	m->tail = tail_new(limits->tail_bytes ? limits->tail_bytes : TAIL_BYTES);
	m->status = (struct source_status){.generation = -1, .now = -1};
	rates_init(&m->rates);
	series_init(&m->arrival, m->arrival_room, RATE_ROOM, RATE_GRID_MS);
	series_init(&m->spark, m->spark_room, SPARK_POINTS + 1, SPARK_STEP_S * 1000);
	return m;
}

void
model_free(struct model *m)
{
	if (!m)
		return;
	trials_clear(&m->trials);
	order_clear(&m->order);
	measure_free(m->measure);
	partitions_fini(&m->partitions);
	topics_fini(&m->topics);
	groups_fini(&m->groups);
	tail_free(m->tail);
	free(m);
}

/* What arrived stays: it is about the line, not about the topic. But a recording's time goes back. */
void
model_restart(struct model *m)
{
	if (m->status.link == LINK_OFFLINE) {
		series_clear(&m->arrival);
		series_clear(&m->spark);
	}
	trials_clear(&m->trials);
	order_clear(&m->order);
	measure_clear(m->measure);
	m->key = NULL;
	partitions_restart(&m->partitions);
	rates_clear(&m->rates);
	tail_clear(m->tail);
	m->records = m->repeated = m->undecodable = m->names_checked = m->not_kept = 0;
	m->last_undecodable[0] = '\0';
}

void
model_renewed(struct model *m, int topic_no)
{
	partitions_renewed(&m->partitions, topic_no);
	order_renewed(&m->order, topic_no);
}

/* A record timestamp as it counts: one from the future is taken as now. */
static int64_t
sane(const struct model *m, int64_t timestamp)
{
	int64_t latest = m->status.now >= 0 ? LAST_MS : m->now;

	return timestamp < 0 ? -1 : timestamp > latest ? latest : timestamp;
}

/* The wall clock, which may be set to anything. */
static void
set_now(struct model *m, int64_t now)
{
	m->now = now < 0 ? 0 : now > LAST_MS ? LAST_MS : now;
}

static void
count_arrival(struct model *m, uint32_t n)
{
	series_add(&m->arrival, m->now, n);
	series_add(&m->spark, m->now, n);
}

bool
model_record(struct model *m, const struct record *r, int64_t now)
{
	struct partition *p = partitions_of(&m->partitions, r->topic_no, r->topic, r->partition);

	set_now(m, now);
	count_arrival(m, 1);
	m->key = order_of(&m->order, r);
	if (p && !partition_count(p, r, sane(m, r->timestamp), model_time(m))) {
		order_repeat(&m->order, m->key, r, m->now);
		m->repeated++;
		return false;
	}
	order_count(&m->order, m->key, r, m->now);
	m->records++;
	return true;
}

/* T was seen in P last. */
static void
move_home(struct trial *t, struct partition *p)
{
	if (t->home)
		t->home->experiments--;
	if (p)
		p->experiments++;
	t->home = p;
	t->newest = NAN;
}

static struct trial *
trial_of(struct model *m, struct partition *p, struct slice id)
{
	struct trial *t = m->key ? m->key->trial : NULL;

	if (t && slice_eq(t->id, id)) {
		trials_touch(&m->trials, t, m->now);
	} else {
		t = trials_of(&m->trials, id, m->now);
		if (m->key)
			order_tie(m->key, t);
	}
	if (t->home != p)
		move_home(t, p);
	return t;
}

/* A record that itself came out of order tells nothing about its producer. */
static void
check_time(struct model *m, struct trial *t, const struct event *e)
{
	double back = t->home && e->offset < t->home->highest ? 0 : trial_time_back(t, e);

	if (back > 0)
		order_time_back(&m->order, m->key, e, back, m->now);
}

void
model_apply(struct model *m, const struct event *e)
{
	struct partition *p = partitions_known(&m->partitions, e->topic_no, e->partition);
	int64_t time = sane(m, e->record_time);

	rates_count(&m->rates, time);
	if (e->experiment.n > 0) {
		struct trial *t = trial_of(m, p, e->experiment);

		check_time(m, t, e);
		trials_apply(&m->trials, t, e, time);
	}
	measure_apply(m->measure, e);
}

void
model_undecodable(struct model *m, const struct record *r, const char *reason)
{
	m->undecodable++;
	snprintf(m->last_undecodable, sizeof(m->last_undecodable), "%s[%d]@%lld: %s", r->topic, (int)r->partition,
		 (long long)r->offset, reason);
}

void
model_keep(struct model *m, const struct record *r, struct slice name, bool undecodable,
	   struct slice text)
{
	if (!tail_add(m->tail, r, name, undecodable, text))
		m->not_kept++;
}

void
model_not_kept(struct model *m, int64_t records)
{
	m->not_kept += records;
}

void
model_name_checked(struct model *m)
{
	m->names_checked++;
}

void
model_assignment(struct model *m, const struct assignment *a)
{
	timeline_add(&m->timeline, a);
}

void
model_learn(struct model *m, const struct news *news, int64_t now)
{
	set_now(m, now);
	switch (news->kind) {
	case NEWS_TOPICS:
		topics_learn(&m->topics, news, m->now);
		break;
	case NEWS_GROUPS:
		groups_list(&m->groups, news);
		break;
	case NEWS_GROUP:
		groups_learn(&m->groups, news, m->now);
		break;
	}
}

void
model_status(struct model *m, const struct source_status *status)
{
	partitions_status(&m->partitions, status);
	m->status = *status;
	if (m->status.now > LAST_MS)
		m->status.now = LAST_MS;
	m->status.partitions = NULL;
	m->status.n_partitions = 0;
}

void
model_tick(struct model *m, int64_t now)
{
	set_now(m, now);
	count_arrival(m, 0);
}

void
model_view(struct model *m, struct view *view, int64_t now)
{
	set_now(m, now);
	answer_fill(m, view);
}
