/* SPDX-License-Identifier: MIT */
#include "model/trial.h"

#include "base/alloc.h"
#include "model/ident.h"

#include <math.h>
#include <stdlib.h>

struct sensor {
	char id[SENSOR_ID];
	uint8_t n;
	uint32_t serial; /* the measurement it was last read in */
	float temperature;
	int64_t events, last;
};

struct trial *
trial_new(struct slice id, uint64_t number)
{
	struct trial *t = xcalloc(1, sizeof(*t));

	t->id = (struct slice){xstrndup(id.p, id.n), id.n};
	t->number = number;
	t->first_offset = t->last_offset = t->last = -1;
	t->sensors_configured = -1;
	t->lower = t->upper = NAN;
	t->average = t->newest = NAN;
	t->curve.lean = true;
	series_init(&t->rate, t->rate_room, RATE_ROOM, RATE_GRID_MS);
	series_init(&t->steps, t->steps_room, RATE_POINTS + 1, RATE_STEP_S * 1000);
	return t;
}

void
trial_free(struct trial *t)
{
	if (!t)
		return;
	free((char *)t->id.p);
	free((char *)t->researcher.p);
	curve_fini(&t->curve);
	free(t->sensors);
	free(t);
}

void
trial_seat(struct trial *t, bool seated)
{
	t->seated = seated;
	curve_set_lean(&t->curve, !seated);
	if (seated)
		return;
	free(t->sensors);
	t->sensors = NULL;
	t->n_sensors = t->cap_sensors = t->next_sensor = t->sensors_read = 0;
}

/* The event's own time in ms, else its record's; -1 unknown. */
static int64_t
event_ms(const struct event *e, int64_t time)
{
	return e->time >= 0 && e->time < (double)LAST_MS / 1000 ? (int64_t)(e->time * 1000 + 0.5) : time;
}

static struct sensor *
sensor_add(struct trial *t, struct slice id)
{
	struct sensor *s;

	if (t->n_sensors == SENSORS_KEPT)
		return NULL;
	if (t->n_sensors == t->cap_sensors) {
		t->cap_sensors = t->cap_sensors ? (uint16_t)(2 * t->cap_sensors) : 2;
		t->sensors = xreallocarray(t->sensors, t->cap_sensors, sizeof(*t->sensors));
	}
	s = &t->sensors[t->n_sensors++];
	*s = (struct sensor){.n = (uint8_t)id.n, .temperature = NAN, .last = -1};
	memcpy(s->id, id.p, id.n);
	return s;
}

/* They take turns, so the search begins behind the last one found. */
static struct sensor *
sensor_find(struct trial *t, struct slice id)
{
	for (size_t i = 0; i < t->n_sensors; i++) {
		size_t at = (t->next_sensor + i) % t->n_sensors;
		struct sensor *s = &t->sensors[at];

		if (slice_eq((struct slice){s->id, s->n}, id)) {
			t->next_sensor = (uint16_t)(at + 1);
			return s;
		}
	}
	return NULL;
}

/* The sensor called FOREIGN, made known if need be; NULL without a seat and past the bound. */
static struct sensor *
sensor_of(struct trial *t, struct slice foreign)
{
	char room[SENSOR_ID];
	struct slice id;
	struct sensor *s;

	if (!t->seated || foreign.n == 0)
		return NULL;
	s = sensor_find(t, foreign); /* most ids stand for themselves */
	if (s)
		return s;
	id = ident(foreign, room, sizeof(room));
	if (id.p != foreign.p)
		s = sensor_find(t, id);
	return s ? s : sensor_add(t, id);
}

static void
change_stage(struct trial *t, enum stage stage, int64_t when)
{
	if (stage == t->stage)
		return;
	t->stage = stage;
	if (t->n_stages == STAGES_KEPT) {
		t->n_stages--;
		memmove(t->stages, t->stages + 1, t->n_stages * sizeof(*t->stages));
		memmove(t->stage_times, t->stage_times + 1, t->n_stages * sizeof(*t->stage_times));
	}
	t->stages[t->n_stages] = (uint8_t)stage;
	t->stage_times[t->n_stages++] = when;
}

static void
configure(struct trial *t, const struct event *e)
{
	char room[TRIAL_RESEARCHER];
	struct slice researcher = ident(e->researcher, room, sizeof(room));

	free((char *)t->researcher.p);
	t->researcher = (struct slice){researcher.p ? xstrndup(researcher.p, researcher.n) : NULL, researcher.n};
	t->lower = e->lower;
	t->upper = e->upper;
	t->sensors_configured = (int64_t)e->n_sensors;
	for (size_t i = 0; i < e->n_sensors && i < SENSORS_KEPT; i++)
		sensor_of(t, e->sensors[i]);
}

static void
complete(struct trial *t, int64_t when)
{
	t->done = true;
	t->complete++;
	t->average = (double)(float)(t->sum / t->readings);
	if (when >= 0)
		curve_add(&t->curve, when, (float)t->average);
}

static int64_t
newest_start(const struct trial *t)
{
	return t->n_starts ? t->starts[(t->n_starts - 1) % STARTS_KEPT] : -1;
}

/* Another measurement begins: the one under way is over. */
static void
begin(struct trial *t, struct slice id, int64_t when)
{
	if (t->serial && !t->done && t->whole) {
		if (t->sensors_configured <= 0 && t->readings > 0)
			complete(t, newest_start(t));
		else
			t->incomplete++;
	}
	t->whole = t->serial || t->stage != STAGE_UNKNOWN;
	t->done = false;
	t->serial++;
	t->readings = 0;
	t->sum = 0;
	memcpy(t->measurement, id.p, id.n);
	t->measurement_n = (uint8_t)id.n;
	if (when < newest_start(t))
		t->n_starts = 0;
	if (when >= 0)
		t->starts[t->n_starts++ % STARTS_KEPT] = when;
}

static void
read_sensor(struct trial *t, struct sensor *s, float temperature, int64_t when)
{
	if (s->events++ == 0 && ++t->sensors_read > t->sensors_seen)
		t->sensors_seen = t->sensors_read;
	s->temperature = temperature;
	s->last = when;
}

/* Make the measurement called FOREIGN the one under way; false: there is no such. */
static bool
enter(struct trial *t, struct slice foreign, int64_t when)
{
	struct slice current = {t->measurement, t->measurement_n}, id;
	char room[MEASUREMENT_ID];

	if (foreign.n == 0)
		return false;
	if (slice_eq(foreign, current))
		return true;
	id = ident(foreign, room, sizeof(room));
	if (!slice_eq(id, current))
		begin(t, id, when);
	return true;
}

static void
measure(struct trial *t, const struct event *e, int64_t when)
{
	bool entered = enter(t, e->measurement, when);
	struct sensor *s = sensor_of(t, e->sensor);

	if (s)
		read_sensor(t, s, e->temperature, when);
	if (!entered || !isfinite(e->temperature) || (s && s->serial == t->serial))
		return;
	if (s)
		s->serial = t->serial;
	t->sum += (double)e->temperature;
	if (++t->readings > t->sensors_seen)
		t->sensors_seen = t->readings;
	if (t->readings == t->sensors_configured && !t->done)
		complete(t, when);
}

void
trial_apply(struct trial *t, const struct event *e, int64_t time)
{
	int64_t when = event_ms(e, time);

	t->kinds[e->kind]++;
	t->last_offset = e->offset;
	if (t->first_offset < 0)
		t->first_offset = e->offset;
	if (time >= 0)
		t->last = time;
	series_add(&t->rate, time, 1);
	series_add(&t->steps, time, 1);
	if (e->kind == EVENT_MEASURED)
		measure(t, e, when);
	if (e->kind == EVENT_CONFIGURED)
		configure(t, e);
	if (event_stage(e->kind) != STAGE_UNKNOWN)
		change_stage(t, event_stage(e->kind), when);
}

double
trial_time_back(struct trial *t, const struct event *e)
{
	if (e->kind != EVENT_MEASURED || !isfinite(e->time))
		return 0;
	if (e->time < t->newest)
		return t->newest - e->time;
	t->newest = e->time;
	return 0;
}

/* Sensors over the interval between samples; NaN before there were two, and after the last. */
static double
expected_rate(const struct trial *t)
{
	uint32_t n = t->n_starts < STARTS_KEPT ? t->n_starts : STARTS_KEPT;
	int64_t sensors = t->sensors_configured > 0 ? t->sensors_configured : t->sensors_seen, passed;

	if (n < 2 || t->stage == STAGE_TERMINATED)
		return NAN;
	passed = newest_start(t) - t->starts[(t->n_starts - n) % STARTS_KEPT];
	return passed > 0 ? (double)sensors * 1000.0 * (n - 1) / (double)passed : NAN;
}

int64_t
trial_events(const struct trial *t)
{
	int64_t sum = 0;

	for (int kind = 0; kind < EVENT_KINDS; kind++)
		sum += t->kinds[kind];
	return sum;
}

double
trial_rate(const struct trial *t, int64_t now)
{
	return series_rate(&t->rate, now, RATE_WINDOW);
}

void
trial_row(const struct trial *t, int64_t now, struct experiment_row *row)
{
	*row = (struct experiment_row){
		.id = t->id,
		.researcher = t->researcher,
		.stage = t->stage,
		.sensors_seen = t->sensors_seen,
		.sensors_configured = t->sensors_configured,
		.average = t->average,
		.lower = (double)t->lower,
		.upper = (double)t->upper,
		.place = rule_place((float)t->average, t->lower, t->upper),
		.rate = trial_rate(t, now),
		.expected_rate = expected_rate(t),
		.events = trial_events(t),
		.last = t->last,
		.revoked = t->home && partition_revoked(t->home),
		.topic_no = t->home ? t->home->key.topic_no : -1,
		.partition = t->home ? t->home->key.number : -1,
	};
	series_read(&t->steps, now, row->spark, SPARK_POINTS);
}

void
trial_stages(const struct trial *t, struct stage_change out[STAGES_KEPT])
{
	for (size_t i = 0; i < t->n_stages; i++)
		out[i] = (struct stage_change){(enum stage)t->stages[i], t->stage_times[i]};
}

size_t
trial_sensor_count(const struct trial *t)
{
	return t->n_sensors;
}

void
trial_sensors(const struct trial *t, struct sensor_row *out)
{
	for (size_t i = 0; i < t->n_sensors; i++) {
		const struct sensor *s = &t->sensors[i];

		out[i] = (struct sensor_row){{s->id, s->n}, (double)s->temperature, s->events, s->last};
	}
}
