/* SPDX-License-Identifier: MIT */
#include "model/measure.h"

#include "base/hashtable.h"
#include "model/ident.h"

#include <math.h>

enum { EXPERIMENTS = 100000, RECENT = 64 };

struct sensor {
	char id[MEASURE_SENSOR_ID];
	uint8_t n;
};

/* What a configured one costs: itself, its place by id, and its value in each slot. */
enum { SENSOR_BYTES = sizeof(struct sensor) + sizeof(uint16_t) + MEASURE_OPEN * sizeof(float) };

/* A measurement under way. */
struct slot {
	bool used, closed; /* closed: complete or given up, and waits for an older one */
	uint8_t n;
	char id[MEASURE_ID];
	uint64_t begun; /* in which order */
	enum stage stage; /* of its experiment when it began */
	struct measurement is;
	float *values;
};

struct known {
	struct measured is; /* first: measure_sensor() */
	char id[MEASURE_EXPERIMENT_ID];
	bool used;  /* since the hand passed */
	bool ruled; /* the rule has begun */
	struct sensor *sensors;
	uint16_t *sorted; /* by id */
	size_t room; /* sensors that there is memory for */
	size_t next_sensor;
	struct slot slots[MEASURE_OPEN];
	uint64_t begun;
	struct {
		uint64_t hash;
		bool complete;
	} past[MEASURE_CLOSED]; /* a ring */
	size_t n_past;
	UT_hash_handle hh;
};

struct measure {
	struct measure_listener listener;
	size_t most;
	struct known *by_id;
	struct known **all;
	size_t n, cap, hand;
	size_t room; /* of all */
	struct known *recent[RECENT]; /* by partition: whose event comes next is mostly whose came last */
	struct measure_counts sums;
	int64_t folded;
};

/* --- Sensors --------------------------------------------------------------- */

static struct slice
sensor_id(const struct sensor *s)
{
	return (struct slice){s->id, s->n};
}

static int
compare_ids(struct slice a, struct slice b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int
compare_sensors(const void *a, const void *b, void *sensors)
{
	uint16_t i = *(const uint16_t *)a, j = *(const uint16_t *)b;
	const struct sensor *all = sensors;
	int order = compare_ids(sensor_id(&all[i]), sensor_id(&all[j]));

	return order ? order : i - j;
}

static long
search_sensor(const struct known *k, struct slice id)
{
	size_t low = 0, high = k->is.sensors;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare_ids(id, sensor_id(&k->sensors[k->sorted[middle]]));

		if (order == 0)
			return k->sorted[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* Which of the configured ones FOREIGN is, -1 none; they take turns. */
static long
find_sensor(struct known *k, struct slice foreign)
{
	char room[MEASURE_SENSOR_ID];
	size_t next = k->next_sensor < k->is.sensors ? k->next_sensor : 0;
	long at;

	if (k->is.sensors > 0 && slice_eq(foreign, sensor_id(&k->sensors[next])))
		at = (long)next;
	else
		at = search_sensor(k, ident(foreign, room, sizeof(room)));
	if (at >= 0)
		k->next_sensor = (size_t)at + 1;
	return at;
}

/* --- Settling -------------------------------------------------------------- */

/* Whether A was before B: by their own times, else as they began. */
static bool
is_before(const struct slot *a, const struct slot *b)
{
	if (a->is.time < b->is.time || b->is.time < a->is.time)
		return a->is.time < b->is.time;
	return a->begun < b->begun;
}

static void
tell_interval(struct measure *m, const struct interval *i)
{
	if (m->listener.interval)
		m->listener.interval(m->listener.ctx, i);
}

static void
close_interval(struct measure *m, struct known *k, double end)
{
	struct interval *i = &k->is.interval;

	if (i->samples == 0)
		return;
	i->closed = true;
	if (!isnan(end))
		i->end = end;
	tell_interval(m, i);
	*i = (struct interval){0};
}

static void
grow_interval(struct measure *m, struct known *k, const struct measurement *at)
{
	struct interval *i = &k->is.interval;

	if (i->samples == 0) {
		*i = (struct interval){
			.experiment = k->is.experiment, .topic_no = at->topic_no, .partition = at->partition,
			.start = at->time, .met = at->event != RANGE_OUT, .lowest = at->average, .highest = at->average,
		};
		k->is.counts.intervals++;
		m->sums.intervals++;
	}
	i->samples++;
	i->end = at->time;
	i->lowest = fminf(i->lowest, at->average);
	i->highest = fmaxf(i->highest, at->average);
	tell_interval(m, i);
}

static void
follow_interval(struct measure *m, struct known *k, const struct measurement *at)
{
	if (at->stage != STAGE_RUNNING)
		return;
	if (at->place == RANGE_IN)
		close_interval(m, k, at->time);
	else if (at->place != RANGE_UNKNOWN)
		grow_interval(m, k, at);
	else if (k->is.interval.samples > 0)
		k->is.interval.unknown++;
}

/* The stage that S was sampled in, which its time tells where that is known. */
static enum stage
stage_of(const struct known *k, const struct slot *s)
{
	double time = s->is.time, started = k->is.started;

	if (!isnan(time) && !isnan(started))
		return time >= started ? STAGE_RUNNING : STAGE_STABILIZING;
	if (s->stage == STAGE_RUNNING || s->stage == STAGE_STABILIZING)
		return s->stage;
	return time >= k->is.stabilization ? STAGE_STABILIZING : STAGE_UNKNOWN;
}

static enum range_event
follow_rule(struct known *k, const struct measurement *at)
{
	bool started = at->stage == STAGE_RUNNING;

	if (at->stage == STAGE_UNKNOWN || at->disordered)
		return RANGE_PERHAPS;
	if (!k->ruled || k->is.rule.started != started) {
		rule_begin(&k->is.rule, started, isnan(started ? k->is.started : k->is.stabilization));
		k->ruled = true;
	}
	return rule_sample(&k->is.rule, at->place);
}

static void
count_settled(struct measure_counts *c, const struct measurement *at)
{
	c->complete += at->readings == at->sensors;
	c->incomplete += at->readings != at->sensors;
	c->disordered += at->disordered;
	c->overdue += at->overdue;
	if (at->event != RANGE_NONE)
		c->events[at->event]++;
}

static void
settle(struct measure *m, struct known *k, struct slot *s)
{
	struct measurement *at = &s->is;

	at->average = at->readings == at->sensors ? rule_average(s->values, at->sensors) : NAN;
	at->lower = k->is.lower;
	at->upper = k->is.upper;
	at->place = rule_place(at->average, at->lower, at->upper);
	at->stage = stage_of(k, s);
	at->disordered = at->time < k->is.last_time;
	at->event = follow_rule(k, at);
	at->overdue = (at->event == RANGE_STABILIZED || at->event == RANGE_OUT) &&
		      (double)at->record_time > (at->time + NOTIFY_WITHIN_S) * 1000;
	if (!at->disordered) {
		follow_interval(m, k, at);
		k->is.last_time = at->time;
	}
	if (at->event == RANGE_STABILIZED || at->event == RANGE_OUT) {
		k->is.last_event = at->event;
		k->is.event_time = at->time;
	}
	count_settled(&k->is.counts, at);
	count_settled(&m->sums, at);
	k->past[k->n_past++ % MEASURE_CLOSED].hash = ident_hash(at->id);
	k->past[(k->n_past - 1) % MEASURE_CLOSED].complete = at->readings == at->sensors;
	s->used = false;
	if (m->listener.settled)
		m->listener.settled(m->listener.ctx, at);
}

static struct slot *
oldest(struct known *k)
{
	struct slot *found = NULL;

	for (struct slot *s = k->slots; s < k->slots + MEASURE_OPEN; s++)
		if (s->used && (!found || is_before(s, found)))
			found = s;
	return found;
}

/* Settle what no older one is in the way of. */
static void
settle_closed(struct measure *m, struct known *k)
{
	struct slot *s;

	while ((s = oldest(k)) && s->closed)
		settle(m, k, s);
}

static void
give_up_all(struct measure *m, struct known *k)
{
	for (struct slot *s = k->slots; s < k->slots + MEASURE_OPEN; s++)
		s->closed = true;
	settle_closed(m, k);
}

/* --- Experiments ----------------------------------------------------------- */

static void
free_known(struct known *k)
{
	free(k->sensors);
	free(k->sorted);
	free(k->slots[0].values); /* that of all */
	free(k);
}

/* The next one that was silent since the hand passed. */
static struct known *
choose_silent(struct measure *m)
{
	for (;; m->hand++) {
		struct known *k = m->all[m->hand % m->n];

		if (!k->used)
			return k;
		k->used = false;
	}
}

static void
fold(struct measure *m)
{
	struct known *k = choose_silent(m);

	give_up_all(m, k);
	close_interval(m, k, NAN);
	for (size_t i = 0; i < RECENT; i++)
		if (m->recent[i] == k)
			m->recent[i] = NULL;
	HASH_DEL(m->by_id, k);
	m->all[m->hand % m->n] = m->all[m->n - 1];
	m->n--;
	m->room -= k->room;
	m->folded++;
	free_known(k);
}

static struct known *
add_known(struct measure *m, struct slice id)
{
	struct known *k;

	if (m->n == m->most)
		fold(m);
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 64;
		m->all = xreallocarray(m->all, m->cap, sizeof(struct known *));
	}
	k = m->all[m->n++] = xcalloc(1, sizeof(*k));
	memcpy(k->id, id.p, id.n);
	k->is = (struct measured){
		.experiment = {k->id, id.n}, .lower = NAN, .upper = NAN, .stabilization = NAN, .started = NAN,
		.terminated = NAN, .last_time = NAN, .event_time = NAN,
	};
	HASH_ADD_KEYPTR(hh, m->by_id, k->id, id.n, k);
	return k;
}

static struct known *
find_known(const struct measure *m, struct slice foreign)
{
	char room[MEASURE_EXPERIMENT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct known *k;

	HASH_FIND(hh, m->by_id, id.p, id.n, k);
	return k;
}

static struct known *
known_of(struct measure *m, const struct event *e)
{
	struct known **recent = &m->recent[(uint32_t)e->partition % RECENT];
	char room[MEASURE_EXPERIMENT_ID];

	if (*recent && slice_eq((*recent)->is.experiment, e->experiment))
		return *recent;
	*recent = find_known(m, e->experiment);
	if (!*recent) {
		struct known *k = add_known(m, ident(e->experiment, room, sizeof(room)));

		*recent = k; /* not before: another may be folded away meanwhile */
	}
	return *recent;
}

/* --- Configuration and stages ---------------------------------------------- */

/* Of sensors configured twice the first is kept, and none without an id. */
static void
drop_repeated(struct known *k, size_t n)
{
	for (size_t i = n; i-- > 1;)
		if (slice_eq(sensor_id(&k->sensors[k->sorted[i]]), sensor_id(&k->sensors[k->sorted[i - 1]])))
			k->sensors[k->sorted[i]].n = 0;
	k->is.sensors = 0;
	for (size_t i = 0; i < n; i++)
		if (k->sensors[i].n > 0)
			k->sensors[k->is.sensors++] = k->sensors[i];
}

static void
index_sensors(struct known *k, size_t n)
{
	for (size_t i = 0; i < n; i++)
		k->sorted[i] = (uint16_t)i;
	qsort_r(k->sorted, n, sizeof(*k->sorted), compare_sensors, k->sensors);
}

static void
take_sensors(struct known *k, const struct event *e)
{
	size_t n = e->n_sensors;

	k->room = n;
	k->sensors = xreallocarray(k->sensors, n + 1, sizeof(*k->sensors));
	k->sorted = xreallocarray(k->sorted, n + 1, sizeof(*k->sorted));
	for (size_t i = 0; i < n; i++) {
		char room[MEASURE_SENSOR_ID];
		struct slice id = ident(e->sensors[i], room, sizeof(room));

		k->sensors[i].n = (uint8_t)id.n;
		if (id.n > 0)
			memcpy(k->sensors[i].id, id.p, id.n);
	}
	index_sensors(k, n);
	drop_repeated(k, n);
	index_sensors(k, k->is.sensors);
	k->slots[0].values = xreallocarray(k->slots[0].values, MEASURE_OPEN * (n + 1), sizeof(float));
	for (size_t i = 1; i < MEASURE_OPEN; i++)
		k->slots[i].values = k->slots[0].values + i * (n + 1);
}

static bool
has_sensors(const struct known *k, const struct event *e)
{
	char room[MEASURE_SENSOR_ID];

	if (!k->is.configured || k->is.sensors != e->n_sensors)
		return false;
	for (size_t i = 0; i < e->n_sensors; i++)
		if (!slice_eq(ident(e->sensors[i], room, sizeof(room)), sensor_id(&k->sensors[i])))
			return false;
	return true;
}

static void
configure(struct measure *m, struct known *k, const struct event *e)
{
	if (e->n_sensors > MEASURE_SENSORS)
		return;
	if (!has_sensors(k, e)) {
		give_up_all(m, k);
		m->room -= k->room;
		take_sensors(k, e);
		m->room += k->room;
	}
	k->is.configured = true;
	k->is.lower = e->lower;
	k->is.upper = e->upper;
}

static void
terminate(struct measure *m, struct known *k, const struct event *e)
{
	give_up_all(m, k);
	close_interval(m, k, e->time);
	k->is.terminated = e->time;
}

/* --- Readings -------------------------------------------------------------- */

static struct slot *
find_slot(struct known *k, struct slice id)
{
	for (struct slot *s = k->slots; s < k->slots + MEASURE_OPEN; s++)
		if (s->used && slice_eq((struct slice){s->id, s->n}, id))
			return s;
	return NULL;
}

/* Give up those that began more than NOTIFY_WITHIN_S before a record of TIME. */
static void
give_up_old(struct known *k, int64_t time)
{
	for (struct slot *s = k->slots; s < k->slots + MEASURE_OPEN && time >= 0; s++)
		if (s->used && s->is.record_time >= 0 && time - s->is.record_time > NOTIFY_WITHIN_S * 1000)
			s->closed = true;
}

static struct slot *
free_slot(struct measure *m, struct known *k)
{
	for (;;) {
		for (struct slot *s = k->slots; s < k->slots + MEASURE_OPEN; s++)
			if (!s->used)
				return s;
		oldest(k)->closed = true;
		settle_closed(m, k);
	}
}

static struct slot *
begin(struct measure *m, struct known *k, struct slice id, const struct event *e)
{
	struct slot *s;

	give_up_old(k, e->record_time);
	settle_closed(m, k);
	s = free_slot(m, k);
	s->used = true;
	s->closed = false;
	s->begun = k->begun++;
	s->stage = k->is.stage;
	s->n = (uint8_t)id.n;
	memcpy(s->id, id.p, id.n);
	for (size_t i = 0; i < k->is.sensors; i++)
		s->values[i] = NAN;
	s->is = (struct measurement){
		.experiment = k->is.experiment, .id = {s->id, s->n}, .topic_no = e->topic_no, .partition = e->partition,
		.first_offset = e->offset, .last_offset = e->offset, .time = e->time, .record_time = e->record_time,
		.sensors = k->is.sensors, .values = s->values,
	};
	return s;
}

/* What a reading of the measurement ID is that is not under way. */
static enum reading_state
state_of_past(const struct known *k, struct slice id)
{
	size_t n = k->n_past < MEASURE_CLOSED ? k->n_past : MEASURE_CLOSED;
	uint64_t hash = ident_hash(id);

	for (size_t i = 0; i < n; i++)
		if (k->past[i].hash == hash)
			return k->past[i].complete ? READING_DUPLICATE : READING_LATE;
	return k->is.stage == STAGE_TERMINATED ? READING_LATE : READING_TAKEN;
}

static void
take(struct measure *m, struct known *k, struct slot *s, size_t sensor, const struct event *e)
{
	s->values[sensor] = e->temperature;
	s->is.readings++;
	if (e->offset < s->is.first_offset)
		s->is.first_offset = e->offset;
	if (e->offset > s->is.last_offset)
		s->is.last_offset = e->offset;
	if (e->record_time > s->is.record_time)
		s->is.record_time = e->record_time;
	if (s->is.readings < s->is.sensors)
		return;
	s->closed = true;
	settle_closed(m, k);
}

static enum reading_state
read_sensor(struct measure *m, struct known *k, const struct event *e)
{
	char room[MEASURE_ID];
	struct slice id = ident(e->measurement, room, sizeof(room));
	enum reading_state state;
	struct slot *s;
	long sensor;

	if (e->sensor.n == 0 || id.n == 0 || !isfinite(e->temperature))
		return READING_UNUSABLE;
	if (!k->is.configured)
		return READING_UNKNOWN;
	sensor = find_sensor(k, e->sensor);
	if (sensor < 0)
		return READING_FOREIGN;
	s = find_slot(k, id);
	if (!s) {
		state = state_of_past(k, id);
		if (state != READING_TAKEN)
			return state;
		s = begin(m, k, id, e);
	}
	if (!isnan(s->values[sensor]))
		return READING_DUPLICATE;
	if (s->closed)
		return READING_LATE;
	take(m, k, s, (size_t)sensor, e);
	return READING_TAKEN;
}

/* --- The whole ------------------------------------------------------------- */

static void
apply_stage(struct measure *m, struct known *k, const struct event *e)
{
	if (e->kind == EVENT_CONFIGURED)
		configure(m, k, e);
	else if (e->kind == EVENT_STABILIZATION)
		k->is.stabilization = e->time;
	else if (e->kind == EVENT_STARTED)
		k->is.started = e->time;
	else if (e->kind == EVENT_TERMINATED)
		terminate(m, k, e);
	if (event_stage(e->kind) > k->is.stage)
		k->is.stage = event_stage(e->kind);
}

static enum reading_state
apply_reading(struct measure *m, struct known *k, const struct event *e)
{
	enum reading_state state = k ? read_sensor(m, k, e) : READING_UNUSABLE;

	m->sums.readings[state]++;
	if (k)
		k->is.counts.readings[state]++;
	if (state != READING_TAKEN && m->listener.odd)
		m->listener.odd(m->listener.ctx, e, state);
	return state;
}

enum reading_state
measure_apply(struct measure *m, const struct event *e)
{
	struct known *k = NULL;

	if (e->kind != EVENT_MEASURED && event_stage(e->kind) == STAGE_UNKNOWN)
		return READING_TAKEN;
	if (e->experiment.n > 0) {
		k = known_of(m, e);
		k->used = true;
		k->is.topic_no = e->topic_no;
		k->is.partition = e->partition;
	}
	if (e->kind == EVENT_MEASURED)
		return apply_reading(m, k, e);
	if (k)
		apply_stage(m, k, e);
	return READING_TAKEN;
}

void
measure_finish(struct measure *m)
{
	for (size_t i = 0; i < m->n; i++)
		give_up_all(m, m->all[i]);
}

void
measure_resume(struct measure *m, struct slice experiment, const struct measured *what)
{
	struct known *k = find_known(m, experiment);

	if (!k)
		return;
	k->is.rule = what->rule;
	k->ruled = what->stage != STAGE_UNKNOWN;
	k->is.last_time = what->last_time;
	k->is.last_event = what->last_event;
	k->is.event_time = what->event_time;
	k->is.interval = what->interval;
	k->is.interval.experiment = k->is.experiment;
}

void
measure_clear(struct measure *m)
{
	HASH_CLEAR(hh, m->by_id);
	for (size_t i = 0; i < m->n; i++)
		free_known(m->all[i]);
	free(m->all);
	*m = (struct measure){.listener = m->listener, .most = m->most};
}

struct measure *
measure_new(const struct measure_limits *limits, const struct measure_listener *listener)
{
	struct measure *m = xcalloc(1, sizeof(*m));

	m->most = limits->experiments ? limits->experiments : EXPERIMENTS;
	m->listener = *listener;
	return m;
}

void
measure_free(struct measure *m)
{
	if (!m)
		return;
	measure_clear(m);
	free(m);
}

size_t
measure_known(const struct measure *m)
{
	return m->n;
}

size_t
measure_bytes(const struct measure *m)
{
	return m->n * sizeof(struct known) + m->room * SENSOR_BYTES;
}

const struct measured *
measure_find(const struct measure *m, struct slice experiment)
{
	struct known *k = find_known(m, experiment);

	return k ? &k->is : NULL;
}

struct slice
measure_sensor(const struct measured *x, size_t i)
{
	return sensor_id(&((const struct known *)x)->sensors[i]);
}

const struct measure_counts *
measure_sums(const struct measure *m)
{
	return &m->sums;
}

int64_t
measure_folded(const struct measure *m)
{
	return m->folded;
}
