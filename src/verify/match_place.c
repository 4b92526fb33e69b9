/* SPDX-License-Identifier: MIT */
#include "verify/match_inside.h"

#include "model/ident.h"

#include <inttypes.h>

/* --- The order of an experiment's records ---------------------------------- */

/* The line of the log that says A, a record of U. */
static int64_t
line_of(struct match *m, struct subject *s, struct unit *u, const struct arrival *a)
{
	const struct unit_reading *r = NULL;

	if (u->kind == EVENT_MEASURED)
		r = unit_find_reading(u, subject_sensor(s, a->sensor, &m->bytes));
	return u->line + (r ? r->line : 0);
}

static void
report_order(struct match *m, struct subject *s, const struct arrival *a, struct unit *u, bool early)
{
	struct difference d = match_about_arrival(s, DIFFERENCE_REORDERED, a);

	d.file = u->file;
	d.line = line_of(m, s, u, a);
	err_set(&d.detail, "it came %s its place", early ? "before" : "after");
	match_differs(m, &d);
}

/* Whether no record of a unit between REACHED and U has come. */
static bool
leaps(const struct subject *s, const struct unit *u)
{
	for (const struct unit *v = u->prev; v != s->units->prev && v->index > s->reached; v = v->prev)
		if (v->seen == 0)
			return true;
	return false;
}

static void
keep_ahead(struct subject *s, struct unit *u, const struct arrival *a)
{
	struct slice sensor = ident(a->sensor, s->ahead_room, sizeof(s->ahead_room));

	if (sensor.p != s->ahead_room && sensor.n > 0)
		memcpy(s->ahead_room, sensor.p, sensor.n);
	s->ahead = u;
	s->ahead_of = *a;
	s->ahead_of.sensor = (struct slice){s->ahead_room, sensor.n};
	s->ahead_of.measurement = unit_id(u);
}

/* A record that skips units is early if the next one goes back; else what it skipped is missing. */
static bool
follow_units(struct match *m, struct subject *s, struct unit *u, const struct arrival *a)
{
	struct unit *ahead = s->ahead;
	bool early = ahead && u->index < ahead->index, late;

	s->ahead = NULL;
	if (early)
		report_order(m, s, &s->ahead_of, ahead, true);
	else if (ahead)
		s->reached = ahead->index;
	late = u->index < s->reached;
	if (late)
		report_order(m, s, a, u, false);
	else if (leaps(s, u))
		keep_ahead(s, u, a);
	else
		s->reached = u->index;
	return !early && !late;
}

/* A recording may have records out of the order of their offsets even within a sample. */
static void
follow_order(struct match *m, struct subject *s, struct unit *u, const struct arrival *a)
{
	if (s->moved)
		return;
	if (follow_units(m, s, u, a) && a->offset < s->last_offset)
		report_order(m, s, a, u, false);
	if (a->offset > s->last_offset)
		s->last_offset = a->offset;
}

/* --- Records --------------------------------------------------------------- */

static bool
log_may_come(const struct match *m, const struct subject *s)
{
	return !m->ended && !s->log_ended;
}

static void
report_again(struct match *m, struct subject *s, const struct arrival *a, struct unit *u, int64_t first)
{
	struct difference d = match_about_arrival(s, DIFFERENCE_DUPLICATED, a);

	if (u) {
		d.file = u->file;
		d.line = line_of(m, s, u, a);
	}
	if (first >= 0)
		err_set(&d.detail, "first at offset %" PRId64, first);
	match_differs(m, &d);
}

static void
report_unlogged(struct match *m, const struct subject *s, const struct arrival *a)
{
	struct difference d = match_about_arrival(s, DIFFERENCE_UNLOGGED, a);

	match_differs(m, &d);
}

/* A record whose unit is not there: placed if nothing more can come for it. */
static bool
place_without(struct match *m, struct subject *s, const struct arrival *a)
{
	bool complete, was = a->kind == EVENT_MEASURED && subject_was(s, a->measurement, &complete);

	if (was && !complete) {
		struct difference d = match_about_arrival(s, DIFFERENCE_REORDERED, a);

		err_set(&d.detail, "it came long after its place");
		match_differs(m, &d);
		return true;
	}
	if (was || (a->kind != EVENT_MEASURED && s->stages_seen & 1u << a->kind)) {
		report_again(m, s, a, NULL, -1);
		return true;
	}
	if (log_may_come(m, s))
		return false;
	if (a->kind == EVENT_STABILIZATION || a->kind == EVENT_STARTED)
		s->begins[a->kind == EVENT_STARTED] = s->reached;
	report_unlogged(m, s, a);
	return true;
}

static void
note_place(struct unit *u, const struct arrival *a)
{
	if (!u->topic) {
		u->topic = a->topic;
		u->partition = a->partition;
		u->offset = a->offset;
	}
	if (a->claimed) {
		u->has_claim = true;
		u->claimed = a->claimed_event;
	}
}

static void
place_stage(struct match *m, struct subject *s, struct unit *u, const struct arrival *a)
{
	if (u->seen > 0) {
		report_again(m, s, a, u, u->offset);
		return;
	}
	follow_order(m, s, u, a);
	note_place(u, a);
	u->seen = 1;
	s->stages_seen |= 1u << u->kind;
	m->totals.matched++;
}

static void
compare_value(struct match *m, const struct subject *s, const struct unit *u, const struct unit_reading *r,
	      const struct arrival *a)
{
	struct difference d = match_about_arrival(s, DIFFERENCE_VALUE, a);

	m->totals.matched++;
	if (!r->logged || memcmp(&r->said, &r->got, sizeof(r->said)) == 0)
		return;
	d.file = u->file;
	d.line = u->line + r->line;
	err_set(&d.detail, "%.9g in the topic, %.9g in the log", (double)r->got, (double)r->said);
	match_differs(m, &d);
}

/* U's reading that A is; NULL: there is none, and *WAIT: yet. */
static struct unit_reading *
reading_of(struct match *m, struct subject *s, struct unit *u, const struct arrival *a, bool *wait)
{
	uint16_t sensor = subject_sensor(s, a->sensor, &m->bytes);
	struct unit_reading *r = unit_find_reading(u, sensor);

	*wait = false;
	if (r)
		return r;
	if (u->n_logged == 0 && u->closed && u->n < s->configured && sensor != UINT16_MAX)
		return unit_add_reading(u, sensor, &m->bytes);
	*wait = !u->closed && log_may_come(m, s);
	if (!*wait)
		report_unlogged(m, s, a);
	return NULL;
}

static bool
place_reading(struct match *m, struct subject *s, struct unit *u, const struct arrival *a)
{
	bool wait;
	struct unit_reading *r = reading_of(m, s, u, a, &wait);

	if (!r)
		return !wait;
	if (r->seen) {
		report_again(m, s, a, u, r->offset);
		return true;
	}
	follow_order(m, s, u, a);
	note_place(u, a);
	r->seen = true;
	r->got = a->temperature;
	r->offset = a->offset;
	u->seen++;
	compare_value(m, s, u, r, a);
	return true;
}

bool
match_place(struct match *m, struct subject *s, const struct arrival *a)
{
	struct unit *u = subject_find_unit(s, a->kind, a->measurement);

	if (!u)
		return place_without(m, s, a);
	if (a->kind == EVENT_MEASURED && !place_reading(m, s, u, a))
		return false;
	if (a->kind != EVENT_MEASURED)
		place_stage(m, s, u, a);
	s->cursor = u;
	while (s->units->index + MATCH_WINDOW < s->reached && s->units != s->ahead)
		match_release(m, s, s->units);
	return true;
}

void
match_place_waiting(struct match *m, struct subject *s)
{
	while (s->waiting && match_place(m, s, &s->waiting->is)) {
		free(subject_next_waiting(s, &m->bytes));
		m->waiting--;
	}
	match_end_if_done(m, s);
}
