/* SPDX-License-Identifier: MIT */
#include "verify/match_inside.h"

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
	struct difference d = match_about(s, DIFFERENCE_LOG_LINE);

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
	if (s->sensors[sensor]->logged_in == u->index) {
		report_line(m, s, item, u->file);
		return;
	}
	s->sensors[sensor]->logged_in = u->index;
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
	struct subject *s = match_subject(m, item->experiment, &m->last_logged);

	match_count_side(m, s, &s->in_log, &m->totals.logged);
	if (s->items++ == 0) {
		s->file = file;
		s->line = item->line;
		s->log_time = item->time;
	}
	if (s->standing == SUBJECT_GIVEN_UP) {
		m->totals.uncompared++;
		match_tell_given_up(m, s);
		return;
	}
	if (m->topic_over && !s->in_topic)
		return;
	if (s->standing == SUBJECT_DONE)
		match_move(m, s, SUBJECT_OPEN);
	if (item->kind == TRUTHLOG_STAGE)
		log_stage(m, s, item, file);
	else
		log_measurement(m, s, unit_for(m, s, item, file), item);
	if (s->waiting || s->log_ended)
		match_place_waiting(m, s);
	if (m->bytes > m->config.max_bytes)
		match_keep_bounds(m);
}
