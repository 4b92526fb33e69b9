/* SPDX-License-Identifier: MIT */
#include "verify/subject.h"

#include "model/ident.h"

#include <math.h>
#include <utlist.h>

struct subject *
subject_new(struct slice id)
{
	struct subject *s = xcalloc(1, sizeof(*s));

	s->n_id = id.n;
	memcpy(s->id, id.p, id.n);
	s->lower = s->upper = NAN;
	s->log_time = s->topic_time = NAN;
	s->configured = s->reached = s->last_offset = -1;
	s->partition = -1;
	s->begins[0] = s->begins[1] = -2;
	s->waiting_end = &s->waiting;
	return s;
}

static void
free_unit(struct unit *u)
{
	free(u->readings);
	free(u);
}

static void
free_sensors(struct subject *s)
{
	HASH_CLEAR(hh, s->sensors_by_id);
	for (size_t i = 0; i < s->n_sensors; i++)
		free(s->sensors[i]);
	free(s->sensors);
}

void
subject_free(struct subject *s)
{
	struct waiting *w, *after;
	struct unit *u, *next;

	HASH_CLEAR(hh, s->by_id);
	DL_FOREACH_SAFE (s->units, u, next)
		free_unit(u);
	for (w = s->waiting; w; w = after) {
		after = w->next;
		free(w);
	}
	free((char *)s->researcher.p);
	free_sensors(s);
	free(s);
}

/* --- Units ----------------------------------------------------------------- */

static size_t
unit_size(const struct unit *u)
{
	return sizeof(*u) + u->cap * sizeof(*u->readings);
}

struct unit *
subject_add_unit(struct subject *s, enum event_kind kind, struct slice foreign, size_t *bytes)
{
	char room[SUBJECT_SHORT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct unit *u = xcalloc(1, sizeof(*u));

	if (s->units)
		s->units->prev->closed = true;
	u->kind = kind;
	u->index = s->next_index++;
	u->n_id = (uint8_t)id.n;
	if (id.n > 0)
		memcpy(u->id, id.p, id.n);
	u->partition = -1;
	u->offset = -1;
	u->time = NAN;
	DL_APPEND(s->units, u);
	if (kind == EVENT_MEASURED)
		HASH_ADD_KEYPTR(hh, s->by_id, u->id, u->n_id, u);
	*bytes += unit_size(u);
	return u;
}

static bool
unit_is(const struct unit *u, enum event_kind kind, struct slice id)
{
	return u && u->kind == kind && (kind != EVENT_MEASURED || slice_eq(unit_id(u), id));
}

/* What comes next is mostly of the same unit as the last, or of the next one. */
struct unit *
subject_find_unit(struct subject *s, enum event_kind kind, struct slice foreign)
{
	char room[SUBJECT_SHORT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct unit *u = s->cursor;

	if (unit_is(u, kind, id))
		return u;
	if (u && unit_is(u->next, kind, id))
		return u->next;
	if (kind == EVENT_MEASURED) {
		HASH_FIND(hh, s->by_id, id.p, id.n, u);
		return u;
	}
	DL_FOREACH (s->units, u)
		if (u->kind == kind)
			return u;
	return NULL;
}

void
subject_drop_unit(struct subject *s, struct unit *u, size_t *bytes)
{
	*bytes -= unit_size(u);
	if (s->cursor == u)
		s->cursor = NULL;
	if (s->ahead == u)
		s->ahead = NULL;
	if (u->kind == EVENT_MEASURED) {
		s->past[s->n_past++ % SUBJECT_PAST] = (ident_hash(unit_id(u)) & ~(uint64_t)1) | (u->seen == u->n);
		HASH_DEL(s->by_id, u);
	}
	DL_DELETE(s->units, u);
	free_unit(u);
}

bool
subject_was(const struct subject *s, struct slice foreign, bool *complete)
{
	char room[SUBJECT_SHORT_ID];
	uint64_t hash = ident_hash(ident(foreign, room, sizeof(room))) & ~(uint64_t)1;

	for (size_t i = 0; i < s->n_past && i < SUBJECT_PAST; i++)
		if ((s->past[i] & ~(uint64_t)1) == hash) {
			*complete = s->past[i] & 1;
			return true;
		}
	return false;
}

/* --- Sensors and readings -------------------------------------------------- */

/* .. and its place in both tables. */
enum { SENSOR_BYTES = sizeof(struct subject_sensor) + 2 * sizeof(struct subject_sensor *) };

struct slice
subject_sensor_id(const struct subject *s, uint16_t sensor)
{
	return (struct slice){s->sensors[sensor]->id, s->sensors[sensor]->n};
}

static struct subject_sensor *
add_sensor(struct subject *s, struct slice id)
{
	struct subject_sensor *sensor = xcalloc(1, sizeof(*sensor));

	if (s->n_sensors == s->cap_sensors) {
		s->cap_sensors = s->cap_sensors ? 2 * s->cap_sensors : 4;
		s->sensors = xreallocarray(s->sensors, s->cap_sensors, sizeof(struct subject_sensor *));
	}
	sensor->index = (uint16_t)s->n_sensors;
	sensor->n = (uint8_t)id.n;
	sensor->logged_in = -1;
	if (id.n > 0)
		memcpy(sensor->id, id.p, id.n);
	HASH_ADD_KEYPTR(hh, s->sensors_by_id, sensor->id, sensor->n, sensor);
	s->sensors[s->n_sensors++] = sensor;
	return sensor;
}

/* They take turns: mostly it is the one behind the last. */
uint16_t
subject_sensor(struct subject *s, struct slice foreign, size_t *bytes)
{
	char room[SUBJECT_SHORT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	uint16_t next = (uint16_t)(s->next_sensor < s->n_sensors ? s->next_sensor : 0);
	struct subject_sensor *sensor = s->n_sensors > 0 ? s->sensors[next] : NULL;

	if (!sensor || !slice_eq(subject_sensor_id(s, next), id))
		HASH_FIND(hh, s->sensors_by_id, id.p ? id.p : "", id.n, sensor);
	if (!sensor && s->n_sensors == SUBJECT_SENSORS)
		return UINT16_MAX;
	if (!sensor) {
		sensor = add_sensor(s, id);
		*bytes += SENSOR_BYTES;
	}
	s->next_sensor = sensor->index + 1u;
	return sensor->index;
}

void
subject_forget_sensors(struct subject *s, size_t *bytes)
{
	*bytes -= s->n_sensors * SENSOR_BYTES;
	free_sensors(s);
	s->sensors = NULL;
	s->n_sensors = s->cap_sensors = s->next_sensor = 0;
}

struct unit_reading *
unit_add_reading(struct unit *u, uint16_t sensor, size_t *bytes)
{
	if (u->n == u->cap) {
		*bytes -= unit_size(u);
		u->cap = u->cap ? 2 * u->cap : 4;
		u->readings = xreallocarray(u->readings, u->cap, sizeof(*u->readings));
		*bytes += unit_size(u);
	}
	u->readings[u->n] = (struct unit_reading){.sensor = sensor, .said = NAN, .got = NAN, .offset = -1};
	return &u->readings[u->n++];
}

/* They come about in the log's order, so the search begins behind those that are there. */
struct unit_reading *
unit_find_reading(struct unit *u, uint16_t sensor)
{
	for (uint32_t i = 0; i < u->n; i++) {
		uint32_t at = (u->seen + i) % u->n;

		if (u->readings[at].sensor == sensor)
			return &u->readings[at];
	}
	return NULL;
}

/* --- Records before their unit --------------------------------------------- */

static size_t
waiting_size(const struct waiting *w)
{
	return sizeof(*w) + w->is.measurement.n + w->is.sensor.n;
}

void
subject_wait(struct subject *s, const struct arrival *a, size_t *bytes)
{
	char rooms[2][SUBJECT_SHORT_ID];
	struct slice measurement = ident(a->measurement, rooms[0], sizeof(rooms[0]));
	struct slice sensor = ident(a->sensor, rooms[1], sizeof(rooms[1]));
	struct waiting *w = xmalloc(sizeof(*w) + measurement.n + sensor.n);

	w->is = *a;
	w->next = NULL;
	if (measurement.n > 0)
		memcpy(w->room, measurement.p, measurement.n);
	if (sensor.n > 0)
		memcpy(w->room + measurement.n, sensor.p, sensor.n);
	w->is.measurement = (struct slice){w->room, measurement.n};
	w->is.sensor = (struct slice){w->room + measurement.n, sensor.n};
	*s->waiting_end = w;
	s->waiting_end = &w->next;
	s->n_waiting++;
	*bytes += waiting_size(w);
}

struct waiting *
subject_next_waiting(struct subject *s, size_t *bytes)
{
	struct waiting *w = s->waiting;

	if (!w)
		return NULL;
	s->waiting = w->next;
	if (!s->waiting)
		s->waiting_end = &s->waiting;
	s->n_waiting--;
	*bytes -= waiting_size(w);
	return w;
}
