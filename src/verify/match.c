/* SPDX-License-Identifier: MIT */
#include "verify/match_inside.h"

#include "model/ident.h"

#include <inttypes.h>
#include <utlist.h>

/* --- Differences ----------------------------------------------------------- */

void
match_differs(struct match *m, const struct difference *d)
{
	m->totals.differences[d->kind]++;
	if (m->config.differs)
		m->config.differs(m->config.ctx, d);
}

struct difference
match_about(const struct subject *s, enum difference_kind kind)
{
	return (struct difference){.kind = kind, .experiment = subject_id(s), .partition = -1, .offset = -1};
}

struct difference
match_about_arrival(const struct subject *s, enum difference_kind kind, const struct arrival *a)
{
	struct difference d = match_about(s, kind);

	if (a->kind == EVENT_MEASURED) {
		d.measurement = a->measurement;
		d.sensor = a->sensor;
	} else {
		d.record = event_kind_name(a->kind);
	}
	d.topic = a->topic;
	d.partition = a->partition;
	d.offset = a->offset;
	return d;
}

struct difference
match_about_unit(const struct subject *s, enum difference_kind kind, const struct unit *u)
{
	struct difference d = match_about(s, kind);

	if (u->kind == EVENT_MEASURED)
		d.measurement = unit_id(u);
	else
		d.record = event_kind_name(u->kind);
	d.file = u->file;
	d.line = u->line;
	d.topic = u->topic;
	d.partition = u->partition;
	d.offset = u->offset;
	return d;
}

/* --- The topic ------------------------------------------------------------- */

static void
configure(struct match *m, struct subject *s, const struct event *e)
{
	char room[SUBJECT_RESEARCHER];
	struct slice researcher = ident(e->researcher, room, sizeof(room));

	free((char *)s->researcher.p);
	s->researcher = (struct slice){researcher.p ? xstrndup(researcher.p, researcher.n) : NULL, researcher.n};
	s->lower = e->lower;
	s->upper = e->upper;
	s->configured = (int64_t)e->n_sensors;
	for (size_t i = 0; i < e->n_sensors && i < SUBJECT_SENSORS && s->standing == SUBJECT_OPEN; i++)
		subject_sensor(s, e->sensors[i], &m->bytes);
}

static double
time_of(const struct event *e)
{
	return e->record_time >= 0 ? (double)e->record_time / 1000 : e->time;
}

static void
note_record(struct match *m, struct subject *s, const struct event *e, const char *topic)
{
	match_count_side(m, s, &s->in_topic, &m->totals.received);
	m->totals.records++;
	if (s->records++ == 0) {
		if (m->config.live && e->kind != EVENT_CONFIGURED && s->standing == SUBJECT_OPEN) {
			match_move(m, s, SUBJECT_GIVEN_UP); /* met in its middle: that is no difference */
			s->told = true;
		}
		s->topic = topic;
		s->first_offset = e->offset;
		s->topic_time = time_of(e);
		s->partition = e->partition;
	}
	if (s->partition != e->partition && !s->moved) {
		struct difference d = match_about(s, DIFFERENCE_MOVED);

		s->moved = true;
		d.topic = topic;
		d.partition = e->partition;
		d.offset = e->offset;
		err_set(&d.detail, "the records before were in partition %" PRId32, s->partition);
		match_differs(m, &d);
	}
	if (e->kind == EVENT_CONFIGURED)
		configure(m, s, e);
}

static void
report_claim(struct match *m, const struct subject *s, const struct arrival *a, const struct claim *claim)
{
	struct difference d = match_about_arrival(s, DIFFERENCE_HASH_TAMPERED, a);

	if (claim->answer == CLAIM_MALFORMED)
		d.kind = DIFFERENCE_HASH_MALFORMED;
	d.detail = claim->why;
	match_differs(m, &d);
}

void
match_event(struct match *m, const struct event *e, const char *topic, const struct claim *claim)
{
	struct arrival a = {
		.kind = e->kind, .measurement = e->measurement, .sensor = e->sensor, .temperature = e->temperature,
		.time = time_of(e), .topic = topic, .partition = e->partition, .offset = e->offset,
		.claimed = claim && claim->opened && claim->answer == CLAIM_OK,
		.claimed_event = claim ? claim->event : RANGE_NONE,
	};
	struct subject *s;

	if (e->kind != EVENT_MEASURED && event_stage(e->kind) == STAGE_UNKNOWN)
		return;
	s = match_subject(m, e->experiment, &m->last_received);
	note_record(m, s, e, topic);
	if (claim && (claim->answer == CLAIM_TAMPERED || claim->answer == CLAIM_MALFORMED))
		report_claim(m, s, &a, claim);
	if (e->kind == EVENT_TERMINATED)
		s->topic_ended = true;
	if (s->standing == SUBJECT_GIVEN_UP) {
		m->totals.uncompared++;
		match_tell_given_up(m, s);
		return;
	}
	if (s->waiting || !match_place(m, s, &a)) {
		subject_wait(s, &a, &m->bytes);
		m->waiting++;
	}
	match_end_if_done(m, s);
	if (m->bytes > m->config.max_bytes)
		match_keep_bounds(m);
}

/* --- The end --------------------------------------------------------------- */

/* How many of those waiting come before the last one that has a unit: these have none for good. */
static size_t
count_passed(struct subject *s)
{
	size_t n = 0, passed = 0;

	for (struct waiting *w = s->waiting; w; w = w->next) {
		n++;
		if (subject_find_unit(s, w->is.kind, w->is.measurement))
			passed = n;
	}
	return passed;
}

/* What the log has no more of, as one: it ends before the topic does, or is not written yet. */
static void
report_tail(struct match *m, struct subject *s, double read)
{
	struct difference d;

	if (!s->waiting)
		return;
	if (s->waiting->is.time > read - WRITING_S) {
		m->totals.unwritten += (int64_t)s->n_waiting;
		return;
	}
	d = match_about_arrival(s, DIFFERENCE_UNLOGGED, &s->waiting->is);
	if (s->n_waiting > 1)
		err_set(&d.detail, "this record and the %zu after it: the log ends before", s->n_waiting - 1);
	match_differs(m, &d);
}

/* The newest units of an experiment that has not ended in the topic may still be under way. */
static void
leave_coming(struct match *m, struct subject *s, double taken)
{
	struct unit *u;

	while (s->units && (u = s->units->prev)->index >= s->reached && match_may_come(s, u->time, taken)) {
		m->totals.coming += u->kind == EVENT_MEASURED ? (int64_t)(u->n - u->seen) : u->seen == 0;
		if (match_is_whole(u))
			break;
		subject_drop_unit(s, u, &m->bytes);
	}
}

static void
compare_rest(struct match *m, struct subject *s, double taken, double read)
{
	if (s->units)
		s->units->prev->closed = true;
	for (size_t n = count_passed(s); n > 0; n--) {
		struct waiting *w = subject_next_waiting(s, &m->bytes);

		match_place(m, s, &w->is);
		m->waiting--;
		free(w);
	}
	if (s->ahead) /* nothing came that shows it to be early */
		s->reached = s->ahead->index;
	m->totals.running += !s->topic_ended && !s->log_ended;
	report_tail(m, s, read);
	leave_coming(m, s, taken);
	match_release_all(m, s);
}

void
match_finish(struct match *m, double taken, double read)
{
	struct subject *s;

	m->ended = true;
	for (s = m->lists[SUBJECT_GIVEN_UP]; s; s = s->newer)
		match_report_one_sided(m, s, taken, read);
	for (; (s = m->lists[SUBJECT_OPEN]); match_move(m, s, SUBJECT_GIVEN_UP))
		if (!match_report_one_sided(m, s, taken, read))
			compare_rest(m, s, taken, read);
}

void
match_topic_over(struct match *m)
{
	m->topic_over = true;
}

struct match *
match_new(const struct match_config *config)
{
	struct match *m = xcalloc(1, sizeof(*m));

	m->config = *config;
	if (m->config.max_experiments == 0)
		m->config.max_experiments = MATCH_EXPERIMENTS;
	if (m->config.max_bytes == 0)
		m->config.max_bytes = (size_t)MATCH_MIB << 20;
	return m;
}

void
match_free(struct match *m)
{
	struct subject *s, *next;

	if (!m)
		return;
	HASH_CLEAR(hh, m->by_id);
	for (size_t i = 0; i < STANDINGS; i++)
		DL_FOREACH_SAFE2 (m->lists[i], s, next, newer)
			subject_free(s);
	free(m);
}

struct slice
match_researcher(const struct match *m, struct slice foreign)
{
	char room[SUBJECT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct subject *s = m->last_received;

	if (!s || !slice_eq(subject_id(s), id))
		HASH_FIND(hh, m->by_id, id.p, id.n, s);
	return s ? s->researcher : (struct slice){0};
}

const struct match_totals *
match_totals(const struct match *m)
{
	return &m->totals;
}

int64_t
match_waiting(const struct match *m)
{
	return m->waiting;
}

size_t
match_bytes(const struct match *m)
{
	return m->bytes;
}

int64_t
match_differences(const struct match_totals *t)
{
	int64_t sum = 0;

	for (int kind = 0; kind < DIFFERENCES; kind++)
		sum += t->differences[kind];
	return sum;
}
