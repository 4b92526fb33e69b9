/* SPDX-License-Identifier: MIT */
#include "store/samples.h"

#include "base/alloc.h"
#include "model/ident.h"
#include "store/bulk.h"

#include <stdlib.h>

enum { PENDING = 4096, AT_ONCE = 16 };

/* What a row of samples_ says once the measurement is settled. Texts: NULL is NULL. */
struct settled {
	double time, average;
	int64_t first_offset, last_offset, timestamp, sensors, readings;
	const char *state, *stage, *place, *event;
	bool disordered, overdue;
};

/* A measurement without a row. */
struct pending {
	struct recents *recents;
	int64_t experiment, number, topic;
	int32_t partition;
	char id[MEASURE_ID];
	size_t n;
	struct settled what; /* its state is NULL until it is settled: its time and first offset are there */
};

struct samples {
	struct sql *sql;
	const struct places *places;
	struct bulk settled;
	sqlite3_stmt *add, *settle, *find;
	struct pending pending[PENDING];
	int n;
};

/* The values that an update has, too. */
static void
bind_settled(struct values *v, int64_t experiment, int64_t number, const struct settled *s)
{
	values_int(v, experiment);
	values_int(v, number);
	values_real(v, s->time);
	values_int(v, s->first_offset);
	values_int(v, s->last_offset);
	values_count(v, s->timestamp);
	values_text(v, slice_str(s->state));
	values_int(v, s->sensors);
	values_int(v, s->readings);
	values_real(v, s->average);
	values_text(v, slice_str(s->stage));
	values_text(v, slice_str(s->place));
	values_text(v, slice_str(s->event));
	values_int(v, s->disordered);
	values_int(v, s->overdue);
}

static void
bind_pending(struct values *v, const void *row)
{
	const struct pending *p = row;

	bind_settled(v, p->experiment, p->number, &p->what);
	values_text(v, (struct slice){p->id, p->n});
	values_int(v, p->topic);
	values_int(v, p->partition);
}

static const struct bulk_table settled_table = {
	.insert = "INSERT INTO samples_ (experiment, number, time, first_offset, last_offset, timestamp, state,"
		  " sensors, readings, average, stage, place, event, disordered, overdue, measurement, topic,"
		  " partition) VALUES ",
	.columns = 18,
	.at_once = AT_ONCE,
	.size = sizeof(struct pending),
	.bind = bind_pending,
};

struct samples *
samples_new(struct sql *sql, const struct places *places)
{
	struct samples *s = xcalloc(1, sizeof(*s));

	s->sql = sql;
	s->places = places;
	bulk_init(&s->settled, sql, &settled_table);
	s->add = sql_prepare(sql, "INSERT INTO samples_ (experiment, number, measurement, time, topic, partition,"
			     " first_offset) VALUES (?, ?, ?, ?, ?, ?, ?)");
	s->settle = sql_prepare(sql,
		"UPDATE samples_ SET time = ?3, first_offset = ?4, last_offset = ?5, timestamp = ?6, state = ?7,"
		" sensors = ?8, readings = ?9, average = ?10, stage = ?11, place = ?12, event = ?13,"
		" disordered = ?14, overdue = ?15 WHERE experiment = ?1 AND number = ?2");
	s->find = sql_prepare(sql, "SELECT max(number) FROM samples_ WHERE experiment = ? AND measurement = ?");
	return s;
}

void
samples_free(struct samples *s)
{
	if (!s)
		return;
	bulk_fini(&s->settled);
	sqlite3_finalize(s->add);
	sqlite3_finalize(s->settle);
	sqlite3_finalize(s->find);
	free(s);
}

/* It will be settled some time later. */
static bool
write_unsettled(struct samples *s, const struct pending *p)
{
	struct values v = {.t = s->add};

	values_int(&v, p->experiment);
	values_int(&v, p->number);
	values_text(&v, (struct slice){p->id, p->n});
	values_real(&v, p->what.time);
	values_int(&v, p->topic);
	values_int(&v, p->partition);
	values_int(&v, p->what.first_offset);
	recent_written(p->recents, p->number);
	return sql_run(s->sql, s->add);
}

bool
samples_write(struct samples *s)
{
	size_t settled = 0;

	for (int i = 0; i < s->n; i++) {
		if (s->pending[i].what.state)
			s->pending[settled++] = s->pending[i];
		else if (!write_unsettled(s, &s->pending[i]))
			return false;
	}
	s->n = 0;
	return bulk_write(&s->settled, s->pending, settled);
}

int64_t
samples_number(struct samples *s, int64_t experiment, struct recents *recents, const struct event *e)
{
	char room[MEASURE_ID];
	struct slice id = ident(e->measurement, room, sizeof(room));
	struct recent *r = id.n > 0 ? recent_find(recents, id) : NULL;
	struct pending *p;

	if (r || id.n == 0)
		return r ? r->number : -1;
	if (s->n == PENDING && !samples_write(s))
		return -1;
	p = &s->pending[s->n];
	*p = (struct pending){
		.recents = recents, .experiment = experiment, .number = ++recents->last,
		.topic = places_topic(s->places, e->topic_no)->number, .partition = e->partition,
		.n = id.n, .what = {.time = e->time, .first_offset = e->offset},
	};
	memcpy(p->id, id.p, id.n);
	recent_add(recents, id, p->number)->pending = s->n++;
	return p->number;
}

static struct settled
settled_as(const struct measurement *m)
{
	static const char *const places[] = {NULL, "below", "in", "above"};

	return (struct settled){
		.time = m->time,
		.average = (double)m->average,
		.first_offset = m->first_offset,
		.last_offset = m->last_offset,
		.timestamp = m->record_time,
		.sensors = (int64_t)m->sensors,
		.readings = (int64_t)m->readings,
		.state = m->readings == m->sensors ? "complete" : "incomplete",
		.stage = m->stage != STAGE_UNKNOWN ? stage_name(m->stage) : NULL,
		.place = places[m->place],
		.event = m->event != RANGE_NONE ? range_event_name(m->event) : NULL,
		.disordered = m->disordered,
		.overdue = m->overdue,
	};
}

void
samples_settle(struct samples *s, int64_t experiment, struct recents *recents, const struct measurement *m, bool again)
{
	struct recent *r = recent_find(recents, m->id);
	struct settled what = settled_as(m);
	struct values v = {.t = s->settle};

	if (again && (!r || r->settled))
		return;
	if (!r) { /* so many others have begun since */
		samples_write(s);
		sql_int(s->find, 1, experiment);
		sql_text(s->find, 2, m->id);
		r = recent_add(recents, m->id, sql_only(s->sql, s->find));
	}
	r->settled = true;
	if (r->pending >= 0) {
		s->pending[r->pending].what = what;
	} else {
		bind_settled(&v, experiment, r->number, &what);
		sql_run(s->sql, s->settle);
	}
	r->pending = -1;
}
