/* SPDX-License-Identifier: MIT */
#include "verify/match_inside.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static void
report_lost(struct match *m, const struct subject *s, const struct unit *u)
{
	struct difference d = match_about_unit(s, DIFFERENCE_LOST, u);

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
	struct difference d = match_about_unit(s, DIFFERENCE_AVERAGE, u);
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
	struct difference d = match_about_unit(s, DIFFERENCE_RANGE_MISSED, u);
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
	struct difference d = match_about_unit(s, DIFFERENCE_AVERAGE, u);

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

bool
match_is_whole(const struct unit *u)
{
	return u->kind == EVENT_MEASURED ? u->seen == u->n : u->seen > 0;
}

void
match_release(struct match *m, struct subject *s, struct unit *u)
{
	if (!match_is_whole(u))
		report_lost(m, s, u);
	if (u->kind == EVENT_MEASURED) {
		check_measurement(m, s, u);
	} else if (u->kind == EVENT_STABILIZATION || u->kind == EVENT_STARTED) {
		rule_begin(&s->rule, u->kind == EVENT_STARTED, false);
		s->ruled = true;
	}
	subject_drop_unit(s, u, &m->bytes);
}

void
match_release_all(struct match *m, struct subject *s)
{
	while (s->units)
		match_release(m, s, s->units);
}
