/* SPDX-License-Identifier: MIT */
#include "verify/match.h"

#include "model/ident.h"
#include "verify/subject.h"

#include <inttypes.h>
#include <math.h>
#include <utlist.h>

enum {
	WRITING_S = 2, /* that a producer may write its log later than it sends */
	SENDING_S = 5  /* that a record may be under way after it was logged */
};

struct match {
	struct match_config config;
	struct match_totals totals;
	struct subject *by_id;
	struct subject *silent; /* a list, the longest silent first */
	struct subject *done;   /* likewise, of those that are: they are in no other */
	size_t n_done;
	struct subject *last_logged, *last_received; /* whose turn it is mostly again */
	size_t bytes;
	int64_t waiting;
	bool averages; /* the log has some */
	bool topic_over;
	bool ended;    /* both sides */
};

/* --- Differences ----------------------------------------------------------- */

void
match_differs(struct match *m, const struct difference *d)
{
	m->totals.differences[d->kind]++;
	if (m->config.differs)
		m->config.differs(m->config.ctx, d);
}

static struct difference
about(const struct subject *s, enum difference_kind kind)
{
	return (struct difference){.kind = kind, .experiment = subject_id(s), .partition = -1, .offset = -1};
}

/* About a record that is none of the log's units, or before it was placed. */
static struct difference
about_arrival(const struct subject *s, enum difference_kind kind, const struct arrival *a)
{
	struct difference d = about(s, kind);

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

static struct difference
about_unit(const struct subject *s, enum difference_kind kind, const struct unit *u)
{
	struct difference d = about(s, kind);

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

/* --- A unit that is done with ---------------------------------------------- */

static void
report_lost(struct match *m, const struct subject *s, const struct unit *u)
{
	struct difference d = about_unit(s, DIFFERENCE_LOST, u);

	d.topic = NULL;
	if (u->seen == 0) {
		if (u->n > 0)
			err_set(&d.detail, "all %" PRIu32 " readings", u->n);
		match_differs(m, &d);
		return;
	}
	for (uint32_t i = 0; i < u->n; i++) {
		if (u->readings[i].seen)
			continue;
		d.sensor = subject_sensor_id(s, u->readings[i].sensor);
		d.line = u->line + u->readings[i].line;
		match_differs(m, &d);
	}
}

/* By the sensors' numbers: in the order of the configuration, where the log does not tell any. */
static int
compare_readings(const void *a, const void *b)
{
	return ((const struct unit_reading *)a)->sensor - ((const struct unit_reading *)b)->sensor;
}

/* The readings as the log says them, or as the topic has them, in the log's order. */
static size_t
values_of(const struct unit *u, bool logged, float *out)
{
	size_t n = 0;

	for (uint32_t i = 0; i < u->n; i++)
		if (logged ? u->readings[i].logged : u->readings[i].seen)
			out[n++] = logged ? u->readings[i].said : u->readings[i].got;
	return n;
}

/* What is altered in one place is found there: an average fits when either side's readings make it. */
static bool
check_average(struct match *m, const struct subject *s, const struct unit *u, const float *values, size_t n)
{
	struct difference d = about_unit(s, DIFFERENCE_AVERAGE, u);
	float ours = rule_average(values, n), *said = xreallocarray(NULL, u->n + 1, sizeof(float));
	bool fits = rule_average_fits(values, n, u->average) ||
		    rule_average_fits(said, values_of(u, true, said), u->average);

	free(said);
	m->totals.averages_equal += ours == u->average;
	if (fits)
		return true;
	err_set(&d.detail, "the log says %.9g, its readings make %.9g", (double)u->average, (double)ours);
	match_differs(m, &d);
	return false;
}

/* A stage that only the topic tells of begins behind the unit that its order had come to. */
static void
begin_unlogged(struct subject *s, const struct unit *u)
{
	for (int started = 0; started < 2; started++) {
		if (s->begins[started] < -1 || u->index <= s->begins[started])
			continue;
		rule_begin(&s->rule, started, false);
		s->ruled = true;
		s->begins[started] = -2;
	}
}

static void
check_range(struct match *m, struct subject *s, const struct unit *u, float average)
{
	struct difference d = about_unit(s, DIFFERENCE_RANGE_MISSED, u);
	enum range_event event = RANGE_PERHAPS;

	begin_unlogged(s, u);
	m->totals.events += u->logged != RANGE_NONE;
	if (s->ruled && !isnan(s->lower) && !isnan(s->upper))
		event = rule_sample(&s->rule, rule_place(average, s->lower, s->upper));
	if (event == RANGE_PERHAPS)
		return;
	if (event != u->logged) {
		if (event == RANGE_NONE)
			d.kind = DIFFERENCE_RANGE_INVENTED;
		if (u->range_line > 0)
			d.line = u->range_line;
		err_set(&d.detail, "%s by the log, %s by the measurements%s%s", range_event_name(u->logged),
			range_event_name(event), u->has_claim ? ", by measurement_hash " : "",
			u->has_claim ? range_event_name(u->claimed) : "");
		match_differs(m, &d);
	} else if (u->has_claim && u->claimed != event) {
		d.kind = DIFFERENCE_HASH_TAMPERED;
		err_set(&d.detail, "it claims the range event %s, which is %s", range_event_name(u->claimed),
			range_event_name(event));
		match_differs(m, &d);
	}
}

static void
report_no_average(struct match *m, const struct subject *s, const struct unit *u)
{
	struct difference d = about_unit(s, DIFFERENCE_AVERAGE, u);

	err_set(&d.detail, "the log has none");
	match_differs(m, &d);
}

static void
check_values(struct match *m, struct subject *s, const struct unit *u)
{
	float *values = xreallocarray(NULL, u->n + 1, sizeof(float));
	size_t n = values_of(u, u->seen < u->n, values);
	bool whole = n > 0 && (s->configured < 0 || (int64_t)n == s->configured);
	bool fits = u->has_average;

	m->totals.averages += u->has_average;
	if (!u->has_average && m->averages)
		report_no_average(m, s, u);
	if (u->has_average && whole)
		fits = check_average(m, s, u, values, n);
	check_range(m, s, u, fits ? u->average : whole ? rule_average(values, n) : NAN);
	free(values);
}

static void
check_measurement(struct match *m, struct subject *s, struct unit *u)
{
	if (u->n_logged == 0 && u->n > 0)
		qsort(u->readings, u->n, sizeof(*u->readings), compare_readings);
	check_values(m, s, u);
}

static bool
unit_is_whole(const struct unit *u)
{
	return u->kind == EVENT_MEASURED ? u->seen == u->n : u->seen > 0;
}

static void
release(struct match *m, struct subject *s, struct unit *u)
{
	if (!unit_is_whole(u))
		report_lost(m, s, u);
	if (u->kind == EVENT_MEASURED) {
		check_measurement(m, s, u);
	} else if (u->kind == EVENT_STABILIZATION || u->kind == EVENT_STARTED) {
		rule_begin(&s->rule, u->kind == EVENT_STARTED, false);
		s->ruled = true;
	}
	subject_drop_unit(s, u, &m->bytes);
}

static void
release_all(struct match *m, struct subject *s)
{
	while (s->units)
		release(m, s, s->units);
}

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
	struct difference d = about_arrival(s, DIFFERENCE_REORDERED, a);

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
	struct difference d = about_arrival(s, DIFFERENCE_DUPLICATED, a);

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
	struct difference d = about_arrival(s, DIFFERENCE_UNLOGGED, a);

	match_differs(m, &d);
}

/* A record whose unit is not there: placed if nothing more can come for it. */
static bool
place_without(struct match *m, struct subject *s, const struct arrival *a)
{
	bool complete, was = a->kind == EVENT_MEASURED && subject_was(s, a->measurement, &complete);

	if (was && !complete) {
		struct difference d = about_arrival(s, DIFFERENCE_REORDERED, a);

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
	struct difference d = about_arrival(s, DIFFERENCE_VALUE, a);

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

/* Compare A with its unit; false: it is not in the log yet. */
static bool
place(struct match *m, struct subject *s, const struct arrival *a)
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
		release(m, s, s->units);
	return true;
}

static void
set_done(struct match *m, struct subject *s, bool done)
{
	if (s->done == done)
		return;
	s->done = done;
	if (done) {
		DL_DELETE2(m->silent, s, older, newer);
		DL_APPEND2(m->done, s, older, newer);
		m->n_done++;
	} else {
		DL_DELETE2(m->done, s, older, newer);
		DL_APPEND2(m->silent, s, older, newer);
		m->n_done--;
	}
}

/* When both sides have ended, and nothing is missing, there is nothing to wait for. */
static void
end_if_done(struct match *m, struct subject *s)
{
	struct unit *u;

	if (!s->log_ended || !s->topic_ended || s->waiting)
		return;
	DL_FOREACH (s->units, u)
		if (!unit_is_whole(u) && !m->config.live)
			return;
	release_all(m, s);
	subject_forget_sensors(s, &m->bytes);
	set_done(m, s, true);
}

static void
place_waiting(struct match *m, struct subject *s)
{
	while (s->waiting && place(m, s, &s->waiting->is)) {
		free(subject_next_waiting(s, &m->bytes));
		m->waiting--;
	}
	end_if_done(m, s);
}

/* --- The experiments ------------------------------------------------------- */

static void
forget_waiting(struct match *m, struct subject *s)
{
	while (s->waiting) {
		free(subject_next_waiting(s, &m->bytes));
		m->waiting--;
	}
}

/* What was given up while it was on one side only is no difference unless the other comes, too. */
static void
tell_given_up(struct match *m, struct subject *s)
{
	struct difference d = about(s, DIFFERENCE_UNCOMPARED);

	if (s->told || !s->in_log || !s->in_topic)
		return;
	s->told = true;
	err_set(&d.detail, "topic and log are too far apart for %zu MiB of memory: it is not compared any further",
		m->config.max_bytes >> 20);
	match_differs(m, &d);
}

/* No more of S is compared. */
static void
give_up(struct match *m, struct subject *s)
{
	s->given_up = true;
	m->totals.uncompared += (int64_t)s->n_waiting;
	forget_waiting(m, s);
	for (; s->units; subject_drop_unit(s, s->units, &m->bytes))
		m->totals.uncompared++;
	subject_forget_sensors(s, &m->bytes);
	tell_given_up(m, s);
}

/* Whether what was logged at TIME may be under way to the topic, whose end was TAKEN then. */
static bool
may_come(const struct subject *s, double time, double taken)
{
	return !s->topic_ended && time > taken - (s->log_ended ? 0 : SENDING_S);
}

/* All of an experiment that is on one side only: a difference, unless it began when the other side ended. */
static bool
report_one_sided(struct match *m, const struct subject *s, double taken, double read)
{
	struct difference d = about(s, s->in_log ? DIFFERENCE_NOT_IN_TOPIC : DIFFERENCE_NOT_IN_LOG);

	if (s->in_log && s->in_topic)
		return false;
	if (s->in_log ? may_come(s, s->log_time, taken) : s->topic_time > read - WRITING_S) {
		*(s->in_log ? &m->totals.coming : &m->totals.unwritten) += s->in_log ? s->items : s->records;
		m->totals.running++;
		return true;
	}
	d.file = s->file;
	d.line = s->line;
	d.topic = s->topic;
	d.partition = s->in_topic ? s->partition : -1;
	d.offset = s->in_topic ? s->first_offset : -1;
	err_set(&d.detail, "%" PRId64 " %s", s->in_log ? s->items : s->records, s->in_log ? "lines" : "records");
	match_differs(m, &d);
	return true;
}

static void
forget_subject(struct match *m, struct subject *s)
{
	if (!s->done && !report_one_sided(m, s, INFINITY, INFINITY) && !s->given_up)
		give_up(m, s);
	forget_waiting(m, s);
	for (; s->units; subject_drop_unit(s, s->units, &m->bytes))
		continue;
	subject_forget_sensors(s, &m->bytes);
	if (m->last_logged == s)
		m->last_logged = NULL;
	if (m->last_received == s)
		m->last_received = NULL;
	HASH_DEL(m->by_id, s);
	set_done(m, s, false); /* so that it is in that list */
	DL_DELETE2(m->silent, s, older, newer);
	subject_free(s);
}

/* Give up those silent longest, until what is kept fits; not S, whose turn it is, unless it is alone. */
static void
keep_bounds(struct match *m)
{
	for (struct subject *s = m->silent; s && m->bytes > m->config.max_bytes; s = s->newer)
		if (!s->given_up && (s->units || s->waiting || s->n_sensors))
			give_up(m, s);
}

static bool
is_full(const struct match *m)
{
	return HASH_COUNT(m->by_id) >= m->config.max_experiments;
}

static struct subject *
subject_of(struct match *m, struct slice foreign, struct subject **last)
{
	char room[SUBJECT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct subject *s = *last;

	if (!s || !slice_eq(subject_id(s), id))
		HASH_FIND(hh, m->by_id, id.p, id.n, s);
	if (!s) {
		if (m->n_done > MATCH_DONE || (m->n_done > 0 && is_full(m)))
			forget_subject(m, m->done);
		else if (is_full(m))
			forget_subject(m, m->silent);
		s = subject_new(id);
		HASH_ADD_KEYPTR(hh, m->by_id, s->id, s->n_id, s);
		DL_APPEND2(m->silent, s, older, newer);
	} else if (!s->done && s->newer) {
		DL_DELETE2(m->silent, s, older, newer);
		DL_APPEND2(m->silent, s, older, newer);
	}
	return *last = s;
}

static void
count_side(struct match *m, struct subject *s, bool *side, int64_t *count)
{
	if (*side)
		return;
	*side = true;
	(*count)++;
	m->totals.experiments += s->in_log && s->in_topic;
}

/* --- The log --------------------------------------------------------------- */

static struct unit *
unit_for(struct match *m, struct subject *s, const struct truthlog_item *item, const char *file)
{
	enum event_kind kind = item->kind == TRUTHLOG_STAGE ? item->stage : EVENT_MEASURED;
	struct unit *u = NULL;

	if (kind == EVENT_MEASURED && s->units && s->units->prev->kind == EVENT_MEASURED)
		u = s->units->prev;
	if (u && slice_eq(unit_id(u), item->measurement))
		return u;
	u = kind == EVENT_MEASURED ? subject_find_unit(s, kind, item->measurement) : NULL;
	if (u)
		return u;
	u = subject_add_unit(s, kind, item->measurement, &m->bytes);
	u->file = file;
	u->line = item->line;
	u->time = item->time;
	return u;
}

static void
report_line(struct match *m, const struct subject *s, const struct truthlog_item *item, const char *file)
{
	struct difference d = about(s, DIFFERENCE_LOG_LINE);

	if (item->kind == TRUTHLOG_STAGE)
		d.record = event_kind_name(item->stage);
	else
		d.measurement = item->measurement;
	d.sensor = item->sensor;
	d.file = file;
	d.line = item->line;
	err_set(&d.detail, "the log says it twice");
	match_differs(m, &d);
}

static void
log_reading(struct match *m, struct subject *s, struct unit *u, const struct truthlog_item *item)
{
	uint16_t sensor = subject_sensor(s, item->sensor, &m->bytes);
	struct unit_reading *r;

	if (sensor == UINT16_MAX)
		return;
	if (s->sensors[sensor].logged_in == u->index) {
		report_line(m, s, item, u->file);
		return;
	}
	s->sensors[sensor].logged_in = u->index;
	r = unit_add_reading(u, sensor, &m->bytes);
	r->logged = true;
	r->said = item->value;
	r->line = (uint32_t)(item->line - u->line);
	u->n_logged++;
}

static void
log_measurement(struct match *m, struct subject *s, struct unit *u, const struct truthlog_item *item)
{
	bool again = (item->kind == TRUTHLOG_AVERAGE && u->has_average) ||
		     (item->kind == TRUTHLOG_RANGE && u->logged != RANGE_NONE);

	if (again) {
		report_line(m, s, item, u->file);
	} else if (item->kind == TRUTHLOG_AVERAGE) {
		m->averages = u->has_average = true;
		u->average = item->value;
	} else if (item->kind == TRUTHLOG_RANGE) {
		u->logged = item->event;
		u->range_line = item->line;
	} else {
		m->totals.readings++;
		log_reading(m, s, u, item);
	}
}

static void
log_stage(struct match *m, struct subject *s, const struct truthlog_item *item, const char *file)
{
	struct unit *u;

	if (s->stages_logged & 1u << item->stage) {
		report_line(m, s, item, file);
		return;
	}
	s->stages_logged |= 1u << item->stage;
	m->totals.stages++;
	u = unit_for(m, s, item, file);
	if (item->stage == EVENT_TERMINATED)
		u->closed = s->log_ended = true;
}

void
match_log(struct match *m, const struct truthlog_item *item, const char *file)
{
	struct subject *s = subject_of(m, item->experiment, &m->last_logged);

	count_side(m, s, &s->in_log, &m->totals.logged);
	if (s->items++ == 0) {
		s->file = file;
		s->line = item->line;
		s->log_time = item->time;
	}
	if (s->given_up) {
		m->totals.uncompared++;
		tell_given_up(m, s);
		return;
	}
	if (m->topic_over && !s->in_topic)
		return;
	set_done(m, s, false);
	if (item->kind == TRUTHLOG_STAGE)
		log_stage(m, s, item, file);
	else
		log_measurement(m, s, unit_for(m, s, item, file), item);
	if (s->waiting || s->log_ended)
		place_waiting(m, s);
	if (m->bytes > m->config.max_bytes)
		keep_bounds(m);
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
	for (size_t i = 0; i < e->n_sensors && i < SUBJECT_SENSORS && !s->given_up; i++)
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
	count_side(m, s, &s->in_topic, &m->totals.received);
	m->totals.records++;
	if (s->records++ == 0) {
		s->given_up = s->told = s->given_up || (m->config.live && e->kind != EVENT_CONFIGURED);
		s->topic = topic;
		s->first_offset = e->offset;
		s->topic_time = time_of(e);
		s->partition = e->partition;
	}
	if (s->partition != e->partition && !s->moved) {
		struct difference d = about(s, DIFFERENCE_MOVED);

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
	struct difference d = about_arrival(s, DIFFERENCE_HASH_TAMPERED, a);

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
	s = subject_of(m, e->experiment, &m->last_received);
	note_record(m, s, e, topic);
	if (claim && (claim->answer == CLAIM_TAMPERED || claim->answer == CLAIM_MALFORMED))
		report_claim(m, s, &a, claim);
	if (e->kind == EVENT_TERMINATED)
		s->topic_ended = true;
	if (s->given_up) {
		m->totals.uncompared++;
		tell_given_up(m, s);
		return;
	}
	if (s->waiting || !place(m, s, &a)) {
		subject_wait(s, &a, &m->bytes);
		m->waiting++;
	}
	end_if_done(m, s);
	if (m->bytes > m->config.max_bytes)
		keep_bounds(m);
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
	d = about_arrival(s, DIFFERENCE_UNLOGGED, &s->waiting->is);
	if (s->n_waiting > 1)
		err_set(&d.detail, "this record and the %zu after it: the log ends before", s->n_waiting - 1);
	match_differs(m, &d);
}

/* The newest units of an experiment that has not ended in the topic may still be under way. */
static void
leave_coming(struct match *m, struct subject *s, double taken)
{
	struct unit *u;

	while (s->units && (u = s->units->prev)->index >= s->reached && may_come(s, u->time, taken)) {
		m->totals.coming += u->kind == EVENT_MEASURED ? (int64_t)(u->n - u->seen) : u->seen == 0;
		if (unit_is_whole(u))
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

		place(m, s, &w->is);
		m->waiting--;
		free(w);
	}
	if (s->ahead) /* nothing came that shows it to be early */
		s->reached = s->ahead->index;
	m->totals.running += !s->topic_ended && !s->log_ended;
	report_tail(m, s, read);
	leave_coming(m, s, taken);
	release_all(m, s);
}

void
match_finish(struct match *m, double taken, double read)
{
	m->ended = true;
	for (struct subject *s = m->silent; s; s = s->newer) {
		if (!report_one_sided(m, s, taken, read) && !s->given_up)
			compare_rest(m, s, taken, read);
		s->given_up = true;
	}
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
	if (!m)
		return;
	while (m->done)
		set_done(m, m->done, false);
	while (m->silent) {
		struct subject *s = m->silent;

		HASH_DEL(m->by_id, s);
		DL_DELETE2(m->silent, s, older, newer);
		subject_free(s);
	}
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
