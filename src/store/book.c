/* SPDX-License-Identifier: MIT */
#include "store/book.h"

#include "base/hashtable.h"
#include "model/ident.h"
#include "model/measure.h"
#include "store/places.h"
#include "store/readings.h"
#include "store/row.h"
#include "store/sensors.h"

#include <inttypes.h>
#include <math.h>

enum {
	AGAIN = MEASURE_CLOSED + MEASURE_OPEN, /* measurements that the model is told again after a start */
	RECENT = AGAIN + 4,
	BY_PARTITION = 64,
	PENDING = 4096,
	SAMPLES = 16
};

/* A measurement that a reading may still belong to. */
struct recent {
	uint64_t hash; /* of its id */
	int64_t number;
	int pending;   /* its place there; -1: its row is written */
	bool settled;
};

/* What a row of samples_ says once the measurement is settled. Texts: NULL is NULL. */
struct settled {
	double time, average;
	int64_t first_offset, last_offset, timestamp, sensors, readings;
	const char *state, *stage, *place, *event;
	bool disordered, overdue;
};

/* A measurement without a row: most are settled before the transaction ends, and are written once. */
struct pending {
	struct kept *kept;
	int64_t number, topic;
	int32_t partition;
	char id[MEASURE_ID];
	size_t n;
	struct settled what; /* its state is NULL until it is settled: its time and first offset are there */
};

/* An experiment that the model knows. */
struct kept {
	char id[MEASURE_EXPERIMENT_ID];
	size_t n;
	int64_t number, samples; /* samples: the number of the last one */
	struct recent recent[RECENT];
	size_t n_recent;
	struct sensor_turn turn;
	bool unsure;            /* it may be in the carry out: its start may lie in a gap */
	struct interval open;   /* to be written with the transaction */
	struct kept *unwritten; /* the next whose interval is; NULL: the last */
	bool is_unwritten;
	UT_hash_handle hh;
};

enum statement {
	FIND_RECORD,
	ADD_EVENT,
	ADD_SAMPLE,
	ADD_SETTLED,
	ADD_SETTLEDS,
	SETTLE_SAMPLE,
	FIND_SAMPLE,
	FIND_EXPERIMENT,
	ADD_EXPERIMENT,
	CONFIGURE,
	SET_STAGE, /* STABILIZATION, STARTED, TERMINATED */
	PUT_INTERVAL,
	LAST_SAMPLES,
	TELL_AGAIN,
	LAST_SETTLED,
	LAST_EVENT,
	OPEN_INTERVAL,
	IS_UNSURE,
	STATEMENTS
};

#define SETTLED "(experiment, number, time, first_offset, last_offset, timestamp, state, sensors, readings, average," \
	" stage, place, event, disordered, overdue, measurement, topic, partition)"
#define SETTLED_ROW "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define TIMES_4(text) text ", " text ", " text ", " text
#define TIMES_16(text) TIMES_4(text) ", " TIMES_4(text) ", " TIMES_4(text) ", " TIMES_4(text)


static const char *const texts[STATEMENTS] = {
	[FIND_RECORD] =
		"SELECT timestamp FROM readings_ WHERE key = ?1 UNION ALL"
		" SELECT timestamp FROM events WHERE topic = ?2 AND partition = ?3 AND \"offset\" = ?4",
	[ADD_EVENT] = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_SAMPLE] =
		"INSERT INTO samples_ (experiment, number, measurement, time, topic, partition, first_offset)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
	[ADD_SETTLED] = "INSERT INTO samples_ " SETTLED " VALUES " SETTLED_ROW,
	[ADD_SETTLEDS] = "INSERT INTO samples_ " SETTLED " VALUES " TIMES_16(SETTLED_ROW),
	[SETTLE_SAMPLE] =
		"UPDATE samples_ SET time = ?3, first_offset = ?4, last_offset = ?5, timestamp = ?6, state = ?7,"
		" sensors = ?8, readings = ?9, average = ?10, stage = ?11, place = ?12, event = ?13,"
		" disordered = ?14, overdue = ?15 WHERE experiment = ?1 AND number = ?2",
	[FIND_SAMPLE] = "SELECT max(number) FROM samples_ WHERE experiment = ? AND measurement = ?",
	[FIND_EXPERIMENT] = "SELECT number FROM experiments WHERE experiment = ?",
	[ADD_EXPERIMENT] = "INSERT INTO experiments (experiment, topic, partition) VALUES (?, ?, ?)",
	[CONFIGURE] =
		"UPDATE experiments SET researcher = ?2, sensors = ?3, lower_threshold = ?4, upper_threshold = ?5,"
		" configured = ?6 WHERE number = ?1",
	[SET_STAGE] =
		"UPDATE experiments SET stabilization = coalesce(?2, stabilization), started = coalesce(?3, started),"
		" \"terminated\" = coalesce(?4, \"terminated\") WHERE number = ?1",
	[PUT_INTERVAL] = "INSERT OR REPLACE INTO intervals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[LAST_SAMPLES] =
		"SELECT number, measurement, state IS NOT NULL, topic, partition, first_offset, last_offset"
		" FROM samples_ WHERE experiment = ? ORDER BY number DESC LIMIT ?",
	[TELL_AGAIN] =
		"SELECT " ROW_EVENT " FROM events e WHERE e.experiment = ?1 AND e.kind IN ('experiment_configured',"
		" 'stabilization_started', 'experiment_started', 'experiment_terminated') UNION ALL"
		" SELECT " SCHEMA_OFFSET("r.key") ", r.timestamp, NULL, ?1, r.time, NULL, m.measurement, s.sensor, r.temperature,"
		" NULL"
		" FROM readings_ r JOIN samples_ m ON m.experiment = r.experiment AND m.number = r.sample"
		" JOIN sensors_ s ON s.experiment = r.experiment AND s.number = r.sensor"
		" WHERE r.key BETWEEN ?3 AND ?4 AND r.experiment = ?2 AND r.sample >= ?5 AND r.state = 0 ORDER BY 1",
	[LAST_SETTLED] =
		"SELECT time, place, stage, EXISTS (SELECT 1 FROM gaps g JOIN topics_ t ON t.topic = g.topic"
		" WHERE t.number = m.topic AND g.partition = m.partition AND g.first > m.last_offset)"
		" FROM samples_ m WHERE experiment = ? AND state IS NOT NULL AND disordered = 0"
		" ORDER BY time DESC, number DESC LIMIT 1",
	[LAST_EVENT] =
		"SELECT event, time FROM samples_ WHERE experiment = ? AND event IN ('Stabilized', 'OutOfRange')"
		" ORDER BY time DESC LIMIT 1",
	[OPEN_INTERVAL] =
		"SELECT i.start, i.\"end\", i.met, i.samples, i.lowest, i.highest, i.unknown,"
		" (SELECT count(*) FROM samples_ WHERE experiment = ?2 AND state = 'incomplete' AND stage = 'running'"
		" AND disordered = 0 AND time > i.\"end\") FROM intervals i WHERE i.experiment = ?1 AND i.closed = 0"
		" ORDER BY i.start DESC LIMIT 1",
	[IS_UNSURE] =
		"SELECT 1 FROM events e JOIN gaps g ON g.topic = e.topic AND g.partition = e.partition AND"
		" g.first > e.\"offset\" WHERE e.experiment = ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE"
		" experiment = ?1 AND kind IN ('experiment_started', 'experiment_terminated')) LIMIT 1",
};

struct book {
	struct sql sql;
	struct schema_owner owner;
	size_t most;
	struct places *places;
	sqlite3_stmt *statements[STATEMENTS];
	struct measure *model;
	struct kept *experiments, *unwritten;
	struct kept *by_partition[BY_PARTITION]; /* whose record came last: mostly its next one comes next */
	struct kept *restoring; /* what the model says of it is in the file already; NULL: none */
	struct sensors *sensors;
	struct readings *readings;
	struct pending *pending;
	int n_pending;
	struct buf content;
	struct book_counts counts;
};

static bool
failed(const struct book *b)
{
	return sql_failed(&b->sql);
}

static bool
run(struct book *b, enum statement which)
{
	return sql_run(&b->sql, b->statements[which]);
}

static int64_t
number_of(struct book *b, enum statement which)
{
	return sql_only(&b->sql, b->statements[which]);
}

static struct slice
topic_name(const struct book *b, int topic_no)
{
	return slice_str(places_topic(b->places, topic_no)->name);
}

/* ---- measurements, by number ---- */

static struct recent *
find_recent(struct kept *k, struct slice id)
{
	uint64_t hash = ident_hash(id);
	size_t n = k->n_recent < RECENT ? k->n_recent : RECENT;

	for (size_t i = 1; i <= n; i++) {
		struct recent *r = &k->recent[(k->n_recent - i) % RECENT];

		if (r->hash == hash)
			return r;
	}
	return NULL;
}

static struct recent *
add_recent(struct kept *k, struct slice id, int64_t number)
{
	struct recent *r = &k->recent[k->n_recent++ % RECENT];

	*r = (struct recent){.hash = ident_hash(id), .number = number, .pending = -1};
	return r;
}

/* N rows of SIZE bytes each, from ROWS on: as many at once as go into a statement, the rest one by one. */
struct way {
	enum statement one, many;
	int columns;
	size_t at_once;
	void (*bind)(sqlite3_stmt *t, int before, const void *row); /* the columns behind the first BEFORE */
};

static bool
write_rows(struct book *b, const struct way *way, const void *rows, size_t n, size_t size)
{
	const char *row = rows;
	size_t whole = n - n % way->at_once;

	for (size_t i = 0; i < n; i++, row += size) {
		bool many = i < whole;
		size_t nth = many ? i % way->at_once : 0;
		enum statement which = many ? way->many : way->one;

		way->bind(b->statements[which], (int)nth * way->columns, row);
		if ((!many || nth + 1 == way->at_once) && !run(b, which))
			return false;
	}
	return true;
}

/* The columns that SETTLE_SAMPLE has, too. */
static void
bind_settled(sqlite3_stmt *t, int before, int64_t experiment, int64_t number, const struct settled *s)
{
	sql_int(t, before + 1, experiment);
	sql_int(t, before + 2, number);
	sql_real(t, before + 3, s->time);
	sql_int(t, before + 4, s->first_offset);
	sql_int(t, before + 5, s->last_offset);
	sql_count(t, before + 6, s->timestamp);
	sql_text(t, before + 7, slice_str(s->state));
	sql_int(t, before + 8, s->sensors);
	sql_int(t, before + 9, s->readings);
	sql_real(t, before + 10, s->average);
	sql_text(t, before + 11, slice_str(s->stage));
	sql_text(t, before + 12, slice_str(s->place));
	sql_text(t, before + 13, slice_str(s->event));
	sql_int(t, before + 14, s->disordered);
	sql_int(t, before + 15, s->overdue);
}

static void
bind_pending(sqlite3_stmt *t, int before, const void *row)
{
	const struct pending *p = row;

	bind_settled(t, before, p->kept->number, p->number, &p->what);
	sql_text(t, before + 16, (struct slice){p->id, p->n});
	sql_int(t, before + 17, p->topic);
	sql_int(t, before + 18, p->partition);
}

/* It will be settled some time later. */
static bool
write_unsettled(struct book *b, const struct pending *p)
{
	sqlite3_stmt *t = b->statements[ADD_SAMPLE];

	sql_int(t, 1, p->kept->number);
	sql_int(t, 2, p->number);
	sql_text(t, 3, (struct slice){p->id, p->n});
	sql_real(t, 4, p->what.time);
	sql_int(t, 5, p->topic);
	sql_int(t, 6, p->partition);
	sql_int(t, 7, p->what.first_offset);
	for (size_t i = 0; i < RECENT; i++)
		if (p->kept->recent[i].number == p->number)
			p->kept->recent[i].pending = -1;
	return run(b, ADD_SAMPLE);
}

static bool
write_pending(struct book *b)
{
	static const struct way way = {ADD_SETTLED, ADD_SETTLEDS, 18, SAMPLES, bind_pending};
	size_t settled = 0;

	for (int i = 0; i < b->n_pending; i++) {
		if (b->pending[i].what.state)
			b->pending[settled++] = b->pending[i];
		else if (!write_unsettled(b, &b->pending[i]))
			return false;
	}
	b->n_pending = 0;
	return write_rows(b, &way, b->pending, settled, sizeof(*b->pending));
}

/* The number of the measurement that E is a reading of, -1 none. */
static int64_t
sample_of(struct book *b, struct kept *k, const struct event *e)
{
	char room[MEASURE_ID];
	struct slice id = ident(e->measurement, room, sizeof(room));
	struct recent *r = id.n > 0 ? find_recent(k, id) : NULL;
	struct pending *p;

	if (r || id.n == 0)
		return r ? r->number : -1;
	if (b->n_pending == PENDING && !write_pending(b))
		return -1;
	p = &b->pending[b->n_pending];
	*p = (struct pending){
		.kept = k, .number = ++k->samples, .topic = places_topic(b->places, e->topic_no)->number,
		.partition = e->partition, .n = id.n, .what = {.time = e->time, .first_offset = e->offset},
	};
	memcpy(p->id, id.p, id.n);
	add_recent(k, id, k->samples)->pending = b->n_pending++;
	return k->samples;
}

/* ---- what the model says ---- */

static struct kept *
find_kept(const struct book *b, struct slice id)
{
	struct kept *k;

	HASH_FIND(hh, b->experiments, id.p, id.n, k);
	return k;
}

static struct settled
settled_as(const struct kept *k, const struct measurement *m)
{
	static const char *const places[] = {NULL, "below", "in", "above"};
	bool unsure = k->unsure && m->stage == STAGE_STABILIZING;
	enum range_event event = unsure ? RANGE_PERHAPS : m->event;

	return (struct settled){
		.time = m->time,
		.average = (double)m->average,
		.first_offset = m->first_offset,
		.last_offset = m->last_offset,
		.timestamp = m->record_time,
		.sensors = (int64_t)m->sensors,
		.readings = (int64_t)m->readings,
		.state = m->readings == m->sensors ? "complete" : "incomplete",
		.stage = m->stage != STAGE_UNKNOWN && !unsure ? stage_name(m->stage) : NULL,
		.place = places[m->place],
		.event = event != RANGE_NONE ? range_event_name(event) : NULL,
		.disordered = m->disordered,
		.overdue = m->overdue,
	};
}

static void
on_settled(void *ctx, const struct measurement *m)
{
	struct book *b = ctx;
	struct kept *k = b->restoring ? b->restoring : find_kept(b, m->experiment);
	struct recent *r = find_recent(k, m->id);
	struct settled what;

	if (b->restoring && (!r || r->settled))
		return;
	if (!r) { /* so many others have begun since */
		write_pending(b);
		sql_int(b->statements[FIND_SAMPLE], 1, k->number);
		sql_text(b->statements[FIND_SAMPLE], 2, m->id);
		r = add_recent(k, m->id, number_of(b, FIND_SAMPLE));
	}
	r->settled = true;
	what = settled_as(k, m);
	if (r->pending >= 0) {
		b->pending[r->pending].what = what;
	} else {
		bind_settled(b->statements[SETTLE_SAMPLE], 0, k->number, r->number, &what);
		run(b, SETTLE_SAMPLE);
	}
	r->pending = -1;
}

static bool
write_interval(struct book *b, const struct kept *k, const struct interval *i)
{
	sqlite3_stmt *t = b->statements[PUT_INTERVAL];

	sql_text(t, 1, (struct slice){k->id, k->n});
	sql_real(t, 2, i->start);
	sql_real(t, 3, i->end);
	sql_int(t, 4, i->closed);
	sql_int(t, 5, i->met);
	sql_int(t, 6, i->samples);
	sql_int(t, 7, i->unknown);
	sql_real(t, 8, (double)i->lowest);
	sql_real(t, 9, (double)i->highest);
	sql_text(t, 10, topic_name(b, i->topic_no));
	sql_int(t, 11, i->partition);
	return run(b, PUT_INTERVAL);
}

/* An open one grows with each sample: it is written once a transaction. */
static void
on_interval(void *ctx, const struct interval *i)
{
	struct book *b = ctx;
	struct kept *k = b->restoring ? NULL : find_kept(b, i->experiment);

	if (!k || isnan(i->start))
		return;
	k->open = *i;
	if (i->closed)
		write_interval(b, k, i); /* the next may be open before the transaction ends */
	if (k->is_unwritten)
		return;
	k->is_unwritten = true;
	k->unwritten = b->unwritten;
	b->unwritten = k;
}

static bool
write_intervals(struct book *b)
{
	for (struct kept *k = b->unwritten; k; k = k->unwritten) {
		k->is_unwritten = false;
		if (!write_interval(b, k, &k->open))
			return false;
	}
	b->unwritten = NULL;
	return true;
}

/* ---- experiments ---- */

static bool
forget_experiments(struct book *b)
{
	struct kept *k, *next;
	bool ok = failed(b) || (write_pending(b) && write_intervals(b));

	b->unwritten = NULL;
	b->n_pending = 0;
	memset(b->by_partition, 0, sizeof(b->by_partition));
	HASH_ITER(hh, b->experiments, k, next) {
		HASH_DEL(b->experiments, k);
		free(k);
	}
	measure_clear(b->model);
	return ok;
}

/* Which rows the model is told again. */
struct window {
	int64_t topic, partition, from, to, sample;
};

/* The newest measurements of K into its ring, and where their readings are. */
static struct window
read_recent(struct book *b, struct kept *k)
{
	sqlite3_stmt *t = b->statements[LAST_SAMPLES];
	struct window w = {.topic = -1, .to = -1, .from = SCHEMA_OFFSETS};
	struct recent found[RECENT];
	size_t n = 0;

	sql_int(t, 1, k->number);
	sql_int(t, 2, RECENT);
	while (sql_row(&b->sql, t)) {
		int64_t first = sqlite3_column_int64(t, 5), last = sqlite3_column_int64(t, 6);

		found[n] = (struct recent){
			.hash = ident_hash(sql_column(t, 1)), .number = sqlite3_column_int64(t, 0),
			.pending = -1, .settled = sqlite3_column_int(t, 2),
		};
		if (n++ >= AGAIN)
			continue;
		w.topic = sqlite3_column_int64(t, 3);
		w.partition = sqlite3_column_int64(t, 4);
		w.sample = found[n - 1].number;
		w.from = first < w.from ? first : w.from;
		w.to = !found[n - 1].settled ? SCHEMA_OFFSETS : last > w.to ? last : w.to;
	}
	k->samples = n > 0 ? found[0].number : 0;
	while (n > 0)
		k->recent[k->n_recent++] = found[--n];
	return w;
}

static void
tell_again(struct book *b, const struct kept *k, const struct window *w)
{
	sqlite3_stmt *t = b->statements[TELL_AGAIN];
	int topic_no = places_topic_no(b->places, w->topic);
	const struct place *place = places_find(b->places, topic_no, w->partition);
	int64_t number = place ? place->number : 0;
	struct arena arena = {0};
	struct entry x;

	if (!readings_write(b->readings))
		return;
	sql_text(t, 1, (struct slice){k->id, k->n});
	sql_int(t, 2, k->number);
	sql_int(t, 3, schema_key(number, w->from));
	sql_int(t, 4, schema_key(number, w->to));
	sql_int(t, 5, w->sample);
	while (sql_row(&b->sql, t)) {
		row_entry(t, &arena, &x);
		x.event.topic_no = topic_no;
		x.event.partition = (int32_t)w->partition;
		measure_apply(b->model, &x.event);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static enum range_place
place_from(struct slice name)
{
	return slice_is(name, "below") ? RANGE_BELOW :
	       slice_is(name, "in")    ? RANGE_IN :
	       slice_is(name, "above") ? RANGE_ABOVE : RANGE_UNKNOWN;
}

static void
read_last_event(struct book *b, int64_t experiment, struct measured *out)
{
	sqlite3_stmt *t = b->statements[LAST_EVENT];

	sql_int(t, 1, experiment);
	if (!sql_row(&b->sql, t))
		return;
	out->last_event = slice_is(sql_column(t, 0), range_event_name(RANGE_OUT)) ? RANGE_OUT : RANGE_STABILIZED;
	out->event_time = sql_column_real(t, 1);
	sqlite3_reset(t);
}

static void
read_open_interval(struct book *b, const struct kept *k, const struct window *w, struct interval *out)
{
	sqlite3_stmt *t = b->statements[OPEN_INTERVAL];

	sql_text(t, 1, (struct slice){k->id, k->n});
	sql_int(t, 2, k->number);
	if (!sql_row(&b->sql, t))
		return;
	*out = (struct interval){
		.topic_no = places_topic_no(b->places, w->topic), .partition = (int32_t)w->partition,
		.start = sql_column_real(t, 0), .end = sql_column_real(t, 1),
		.met = sqlite3_column_int(t, 2), .samples = sqlite3_column_int64(t, 3),
		.lowest = (float)sql_column_real(t, 4), .highest = (float)sql_column_real(t, 5),
		.unknown = sqlite3_column_int64(t, 6) + sqlite3_column_int64(t, 7),
	};
	sqlite3_reset(t);
}

/* The run of samples that the next one follows, from the last that was settled. */
static void
resume(struct book *b, const struct kept *k, const struct window *w)
{
	sqlite3_stmt *t = b->statements[LAST_SETTLED];
	struct measured what = {.event_time = NAN};
	struct slice stage;

	sql_int(t, 1, k->number);
	if (!sql_row(&b->sql, t))
		return;
	what.last_time = sql_column_real(t, 0);
	what.rule.before = sqlite3_column_int(t, 3) ? RANGE_UNKNOWN : place_from(sql_column(t, 1));
	stage = sql_column(t, 2);
	what.stage = !stage.p ? STAGE_UNKNOWN :
		     slice_is(stage, stage_name(STAGE_STABILIZING)) ? STAGE_STABILIZING : STAGE_RUNNING;
	what.rule.started = what.stage == STAGE_RUNNING;
	sqlite3_reset(t);
	read_last_event(b, k->number, &what);
	read_open_interval(b, k, w, &what.interval);
	measure_resume(b->model, (struct slice){k->id, k->n}, &what);
}

/* Bring the model to where it was with K, of which the file has rows. */
static void
restore(struct book *b, struct kept *k)
{
	struct window w = read_recent(b, k);

	b->restoring = k;
	tell_again(b, k, &w);
	resume(b, k, &w);
	sql_text(b->statements[IS_UNSURE], 1, (struct slice){k->id, k->n});
	k->unsure = number_of(b, IS_UNSURE) == 1;
	b->restoring = NULL;
}

static void
add_experiment(struct book *b, struct kept *k, const struct event *e)
{
	sqlite3_stmt *t = b->statements[ADD_EXPERIMENT];

	sql_text(t, 1, (struct slice){k->id, k->n});
	sql_text(t, 2, topic_name(b, e->topic_no));
	sql_int(t, 3, e->partition);
	if (run(b, ADD_EXPERIMENT))
		k->number = sqlite3_last_insert_rowid(b->sql.db);
}

/* The experiment ID, which E is the first record of since it was forgotten. */
static struct kept *
know(struct book *b, struct slice id, const struct event *e)
{
	struct kept *k;

	if ((HASH_COUNT(b->experiments) >= b->most || measure_bytes(b->model) > BOOK_BYTES) && !forget_experiments(b))
		return NULL;
	k = xcalloc(1, sizeof(*k));
	memcpy(k->id, id.p, id.n);
	k->n = id.n;
	HASH_ADD_KEYPTR(hh, b->experiments, k->id, k->n, k);
	sql_text(b->statements[FIND_EXPERIMENT], 1, id);
	k->number = number_of(b, FIND_EXPERIMENT);
	if (k->number >= 0)
		restore(b, k);
	else if (!failed(b))
		add_experiment(b, k, e);
	return failed(b) ? NULL : k;
}

/* NULL: E names none, or it failed. */
static struct kept *
kept_of(struct book *b, const struct event *e)
{
	struct kept **last = &b->by_partition[(uint32_t)e->partition % BY_PARTITION];
	char room[MEASURE_EXPERIMENT_ID];
	struct slice id = ident(e->experiment, room, sizeof(room));
	struct kept *k;

	if (id.n == 0)
		return NULL;
	if (*last && slice_eq((struct slice){(*last)->id, (*last)->n}, id))
		return *last;
	k = find_kept(b, id);
	if (!k)
		k = know(b, id, e);
	*last = k;
	return k;
}

/* ---- records ---- */

static bool
add_reading(struct book *b, const struct place *place, const struct event *e)
{
	struct kept *k = kept_of(b, e);
	int64_t sensor = k ? sensors_number(b->sensors, k->number, &k->turn, e->sensor) : -1;
	int64_t sample = k ? sample_of(b, k, e) : -1;
	enum reading_state state = failed(b) ? READING_UNUSABLE : measure_apply(b->model, e);

	if (failed(b))
		return false;
	return readings_add(b->readings, &(struct reading){
		.key = schema_key(place->number, e->offset), .timestamp = e->record_time,
		.experiment = k ? k->number : -1, .sample = sample, .sensor = sensor,
		.time = e->time, .temperature = (double)e->temperature, .state = state,
	});
}

static bool
write_configuration(struct book *b, struct kept *k, const struct event *e)
{
	sqlite3_stmt *t = b->statements[CONFIGURE];

	for (size_t i = 0; i < e->n_sensors && i < MEASURE_SENSORS && !failed(b); i++)
		sensors_number(b->sensors, k->number, &k->turn, e->sensors[i]);
	sql_int(t, 1, k->number);
	sql_text(t, 2, e->researcher);
	sql_int(t, 3, (int64_t)e->n_sensors);
	sql_real(t, 4, (double)e->lower);
	sql_real(t, 5, (double)e->upper);
	sql_count(t, 6, e->record_time);
	return !failed(b) && run(b, CONFIGURE);
}

static bool
write_stage(struct book *b, const struct kept *k, const struct event *e)
{
	sqlite3_stmt *t = b->statements[SET_STAGE];

	sql_int(t, 1, k->number);
	sql_real(t, 2, e->kind == EVENT_STABILIZATION ? e->time : (double)NAN);
	sql_real(t, 3, e->kind == EVENT_STARTED ? e->time : (double)NAN);
	sql_real(t, 4, e->kind == EVENT_TERMINATED ? e->time : (double)NAN);
	return run(b, SET_STAGE);
}

/* E changes its experiment. */
static bool
follow_stage(struct book *b, const struct event *e)
{
	struct kept *k = kept_of(b, e);

	if (!k)
		return !failed(b);
	k->unsure = k->unsure && event_stage(e->kind) < STAGE_RUNNING;
	measure_apply(b->model, e);
	return !failed(b) &&
	       (e->kind == EVENT_CONFIGURED ? write_configuration(b, k, e) : write_stage(b, k, e));
}

/* Whatever is no reading. */
static bool
add_event(struct book *b, const struct entry *x)
{
	const struct event *e = &x->event;
	sqlite3_stmt *t = b->statements[ADD_EVENT];
	char room[MEASURE_EXPERIMENT_ID];
	bool known = !x->problem.p;

	if (known && event_stage(e->kind) != STAGE_UNKNOWN && !follow_stage(b, e))
		return false;
	buf_clear(&b->content);
	if (known && e->kind == EVENT_CONFIGURED)
		row_content(&b->content, e);
	sql_text(t, 1, topic_name(b, e->topic_no));
	sql_int(t, 2, e->partition);
	sql_int(t, 3, e->offset);
	sql_count(t, 4, e->record_time);
	sql_text(t, 5, slice_str(x->undecodable ? "undecodable" : known ? event_kind_name(e->kind) : "foreign"));
	sql_text(t, 6, known ? ident(e->experiment, room, sizeof(room)) : (struct slice){0});
	sql_real(t, 7, known ? e->time : (double)NAN);
	sql_text(t, 8, b->content.n ? (struct slice){b->content.p, b->content.n} : (struct slice){0});
	sql_text(t, 9, x->problem);
	return run(b, ADD_EVENT);
}

/* E's offset is before where its partition goes on: whether its record is stored. One that
 * differs is of another topic of this name. */
static bool
is_stored(struct book *b, const struct event *e)
{
	sqlite3_stmt *t = b->statements[FIND_RECORD];
	const struct topic *topic = places_topic(b->places, e->topic_no);
	bool stored;

	if (!readings_write(b->readings))
		return false;
	sql_int(t, 1, schema_key(topic->places[e->partition].number, e->offset));
	sql_text(t, 2, slice_str(topic->name));
	sql_int(t, 3, e->partition);
	sql_int(t, 4, e->offset);
	stored = sql_row(&b->sql, t);
	if (stored && sql_column_count(t, 0) != (e->record_time >= 0 ? e->record_time : -1))
		err_set(&b->sql.err, "%s[%" PRId32 "]@%" PRId64 " is another record than the one that %s has: the "
			"topic was deleted and made anew; name another file", topic->name, e->partition, e->offset,
			b->sql.file);
	sqlite3_reset(t);
	return stored;
}

/* Of the experiments in E's partition others have read a part: what was before is not known. */
static bool
pass_gap(struct book *b, const struct place *p, const struct event *e)
{
	for (struct kept *k = b->experiments; k; k = k->hh.next) {
		const struct measured *x = measure_find(b->model, (struct slice){k->id, k->n});
		struct measured what;

		if (!x || x->topic_no != e->topic_no || x->partition != e->partition)
			continue;
		k->unsure = isnan(x->started);
		if (isnan(x->last_time))
			continue;
		what = *x;
		what.rule.before = RANGE_UNKNOWN;
		what.rule.first = false;
		measure_resume(b->model, x->experiment, &what);
	}
	return places_put_gap(b->places, p, e);
}

bool
book_add(struct book *b, const struct entry *x)
{
	const struct event *e = &x->event;
	struct place *p = places_at(b->places, e->topic_no, e->partition);
	bool reading = !x->problem.p && e->kind == EVENT_MEASURED;

	if (!places_number(b->places, p, e))
		return false;
	p->touched = true;
	if (x->jumped && p->known && e->offset > p->next && !pass_gap(b, p, e))
		return false;
	if (p->known && e->offset < p->next && is_stored(b, e)) {
		p->duplicates++;
		b->counts.duplicates++;
		return !failed(b);
	}
	if (failed(b) || !(reading ? add_reading(b, p, e) : add_event(b, x)))
		return false;
	places_count(p, x);
	b->counts.stored++;
	b->counts.undecodable += x->undecodable;
	b->counts.foreign += x->problem.p && !x->undecodable;
	return true;
}

/* ---- the whole ---- */

bool
book_begin(struct book *b)
{
	return sql_exec(&b->sql, "BEGIN IMMEDIATE");
}

bool
book_commit(struct book *b)
{
	return readings_write(b->readings) && write_pending(b) && write_intervals(b) && places_write(b->places) &&
	       sql_exec(&b->sql, "COMMIT");
}

void
book_rollback(struct book *b)
{
	b->unwritten = NULL;
	b->n_pending = 0;
	if (!sqlite3_get_autocommit(b->sql.db))
		sqlite3_exec(b->sql.db, "ROLLBACK", NULL, NULL, NULL);
}

bool
book_set_cluster(struct book *b, const char *cluster)
{
	return schema_set_cluster(&b->sql, cluster);
}

const struct err *
book_error(const struct book *b)
{
	return &b->sql.err;
}

const struct schema_owner *
book_owner(const struct book *b)
{
	return &b->owner;
}

size_t
book_partitions(const struct book *b, int topic_no)
{
	return places_topic(b->places, topic_no)->n;
}

int64_t
book_next(const struct book *b, int topic_no, int32_t partition)
{
	const struct place *p = places_find(b->places, topic_no, partition);

	return p && p->known ? p->next : -1;
}

int64_t
book_records(const struct book *b)
{
	return places_records(b->places);
}

struct book_counts
book_counts(const struct book *b)
{
	return b->counts;
}

static bool
open_parts(struct book *b, const struct book_config *config)
{
	b->places = places_new(&b->sql, config->topics, config->n_topics);
	b->sensors = sensors_new(&b->sql);
	b->readings = readings_new(&b->sql);
	sql_prepare_all(&b->sql, b->statements, texts, STATEMENTS);
	return !failed(b);
}

struct book *
book_open(const struct book_config *config, struct err *err)
{
	struct book *b = xcalloc(1, sizeof(*b));
	const struct measure_listener listener = {.settled = on_settled, .interval = on_interval, .ctx = b};

	b->most = config->experiments ? config->experiments : BOOK_EXPERIMENTS;
	b->pending = xcalloc(PENDING, sizeof(*b->pending));
	b->model = measure_new(&(struct measure_limits){b->most + 1}, &listener); /* we forget before it would */
	if (sql_open(&b->sql, config->file, true) && schema_open(&b->sql, config->instance, &b->owner) &&
	    schema_claim_topics(&b->sql, config->topics, config->n_topics) && open_parts(b, config))
		return b;
	*err = b->sql.err;
	book_close(b);
	return NULL;
}

void
book_close(struct book *b)
{
	if (!b)
		return;
	if (b->sql.db)
		book_rollback(b);
	forget_experiments(b);
	sql_finalize_all(b->statements, STATEMENTS);
	places_free(b->places);
	sensors_free(b->sensors);
	readings_free(b->readings);
	sql_close(&b->sql);
	measure_free(b->model);
	free(b->pending);
	buf_free(&b->content);
	free(b);
}
