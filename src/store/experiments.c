/* SPDX-License-Identifier: MIT */
#include "store/experiments.h"

#include "base/hashtable.h"
#include "model/ident.h"
#include "store/restore.h"
#include "store/samples.h"
#include "store/sensors.h"
#include "store/values.h"

#include <math.h>

enum { BY_PARTITION = 64 };

enum statement {
	FIND,
	ADD,
	CONFIGURE,
	SET_STAGE, /* STABILIZATION, STARTED, TERMINATED */
	PUT_INTERVAL,
	STATEMENTS
};

static const char *const texts[STATEMENTS] = {
	[FIND] = "SELECT number FROM experiments WHERE experiment = ?",
	[ADD] = "INSERT INTO experiments (experiment, topic, partition) VALUES (?, ?, ?)",
	[CONFIGURE] =
		"UPDATE experiments SET researcher = ?2, sensors = ?3, lower_threshold = ?4, upper_threshold = ?5,"
		" configured = ?6 WHERE number = ?1",
	[SET_STAGE] =
		"UPDATE experiments SET stabilization = coalesce(?2, stabilization), started = coalesce(?3, started),"
		" \"terminated\" = coalesce(?4, \"terminated\") WHERE number = ?1",
	[PUT_INTERVAL] = "INSERT OR REPLACE INTO intervals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

/* An experiment that the model knows. */
struct kept {
	char id[MEASURE_EXPERIMENT_ID];
	size_t n;
	int64_t number;
	struct recents recents;
	struct sensor_turn turn;
	bool unsure;            /* it may be in the carry out: its start may lie in a gap */
	struct interval open;   /* to be written with the transaction */
	struct kept *unwritten; /* the next whose interval is; NULL: the last */
	bool is_unwritten;
	UT_hash_handle hh;
};

struct experiments {
	struct sql *sql;
	const struct places *places;
	sqlite3_stmt *statements[STATEMENTS];
	struct measure *model;
	struct samples *samples;
	struct sensors *sensors;
	struct restore *restore;
	struct experiments_limits limits;
	struct kept *known, *unwritten;
	struct kept *by_partition[BY_PARTITION]; /* whose record came last: mostly its next one comes next */
	struct kept *restoring; /* what the model says of it is in the file already; NULL: none */
};

static bool
run(struct experiments *x, enum statement which)
{
	return sql_run(x->sql, x->statements[which]);
}

static struct slice
id_of(const struct kept *k)
{
	return (struct slice){k->id, k->n};
}

static struct slice
topic_name(const struct experiments *x, int topic_no)
{
	return slice_str(places_topic(x->places, topic_no)->name);
}

static struct kept *
find(const struct experiments *x, struct slice id)
{
	struct kept *k;

	HASH_FIND(hh, x->known, id.p, id.n, k);
	return k;
}

/* ---- what the model says ---- */

static void
on_settled(void *ctx, const struct measurement *m)
{
	struct experiments *x = ctx;
	struct kept *k = x->restoring ? x->restoring : find(x, m->experiment);
	struct measurement what = *m;

	if (k->unsure && m->stage == STAGE_STABILIZING) {
		what.stage = STAGE_UNKNOWN;
		what.event = RANGE_PERHAPS;
	}
	samples_settle(x->samples, k->number, &k->recents, &what, x->restoring);
}

static bool
write_interval(struct experiments *x, const struct kept *k, const struct interval *i)
{
	struct values v = {.t = x->statements[PUT_INTERVAL]};

	values_text(&v, id_of(k));
	values_real(&v, i->start);
	values_real(&v, i->end);
	values_int(&v, i->closed);
	values_int(&v, i->met);
	values_int(&v, i->samples);
	values_int(&v, i->unknown);
	values_real(&v, (double)i->lowest);
	values_real(&v, (double)i->highest);
	values_text(&v, topic_name(x, i->topic_no));
	values_int(&v, i->partition);
	return run(x, PUT_INTERVAL);
}

/* An open one grows with each sample: it is written once a transaction. */
static void
on_interval(void *ctx, const struct interval *i)
{
	struct experiments *x = ctx;
	struct kept *k = x->restoring ? NULL : find(x, i->experiment);

	if (!k || isnan(i->start))
		return;
	k->open = *i;
	if (i->closed)
		write_interval(x, k, i); /* the next may be open before the transaction ends */
	if (k->is_unwritten)
		return;
	k->is_unwritten = true;
	k->unwritten = x->unwritten;
	x->unwritten = k;
}

bool
experiments_write(struct experiments *x)
{
	if (!samples_write(x->samples))
		return false;
	for (struct kept *k = x->unwritten; k; k = k->unwritten) {
		k->is_unwritten = false;
		if (!write_interval(x, k, &k->open))
			return false;
	}
	x->unwritten = NULL;
	return true;
}

/* ---- which are known ---- */

struct experiments *
experiments_new(struct sql *sql, const struct places *places, struct readings *readings,
		struct experiments_limits limits)
{
	struct experiments *x = xcalloc(1, sizeof(*x));
	const struct measure_listener listener = {.settled = on_settled, .interval = on_interval, .ctx = x};
	const struct measure_limits model = {limits.known + 1}; /* we forget before it would */

	*x = (struct experiments){
		.sql = sql,
		.places = places,
		.model = measure_new(&model, &listener),
		.samples = samples_new(sql, places),
		.sensors = sensors_new(sql),
		.limits = limits,
	};
	x->restore = restore_new(sql, places, readings, x->model);
	sql_prepare_all(sql, x->statements, texts, STATEMENTS);
	return x;
}

static void
forget(struct experiments *x)
{
	struct kept *k, *next;

	x->unwritten = NULL;
	memset(x->by_partition, 0, sizeof(x->by_partition));
	HASH_ITER(hh, x->known, k, next) {
		HASH_DEL(x->known, k);
		free(k);
	}
	measure_clear(x->model);
}

void
experiments_free(struct experiments *x)
{
	if (!x)
		return;
	forget(x);
	sql_finalize_all(x->statements, STATEMENTS);
	restore_free(x->restore);
	sensors_free(x->sensors);
	samples_free(x->samples);
	measure_free(x->model);
	free(x);
}

static bool
make_room(struct experiments *x)
{
	if (HASH_COUNT(x->known) < x->limits.known && measure_bytes(x->model) <= x->limits.bytes)
		return true;
	if (!experiments_write(x))
		return false;
	forget(x);
	return true;
}

/* The number of a new one. */
static int64_t
add(struct experiments *x, struct slice id, const struct event *e)
{
	struct values v = {.t = x->statements[ADD]};

	values_text(&v, id);
	values_text(&v, topic_name(x, e->topic_no));
	values_int(&v, e->partition);
	return run(x, ADD) ? sqlite3_last_insert_rowid(x->sql->db) : -1;
}

/* The experiment ID, which E is the first record of since it was forgotten. */
static struct kept *
meet(struct experiments *x, struct slice id, const struct event *e)
{
	struct kept *k;

	if (!make_room(x))
		return NULL;
	k = xcalloc(1, sizeof(*k));
	memcpy(k->id, id.p, id.n);
	k->n = id.n;
	HASH_ADD_KEYPTR(hh, x->known, k->id, k->n, k);
	sql_text(x->statements[FIND], 1, id);
	k->number = sql_only(x->sql, x->statements[FIND]);
	if (k->number >= 0) {
		x->restoring = k;
		k->unsure = restore_experiment(x->restore, id_of(k), k->number, &k->recents);
		x->restoring = NULL;
	} else if (!sql_failed(x->sql)) {
		k->number = add(x, id, e);
	}
	return sql_failed(x->sql) ? NULL : k;
}

/* NULL: E names none, or it failed. */
static struct kept *
kept_of(struct experiments *x, const struct event *e)
{
	struct kept **last = &x->by_partition[(uint32_t)e->partition % BY_PARTITION];
	char room[MEASURE_EXPERIMENT_ID];
	struct slice id = ident(e->experiment, room, sizeof(room));
	struct kept *k;

	if (id.n == 0)
		return NULL;
	if (*last && slice_eq(id_of(*last), id))
		return *last;
	k = find(x, id);
	if (!k)
		k = meet(x, id, e);
	*last = k;
	return k;
}

/* ---- what the model is told ---- */

bool
experiments_measure(struct experiments *x, const struct event *e, struct reading *out)
{
	struct kept *k = kept_of(x, e);

	out->experiment = k ? k->number : -1;
	out->sensor = k ? sensors_number(x->sensors, k->number, &k->turn, e->sensor) : -1;
	out->sample = k ? samples_number(x->samples, k->number, &k->recents, e) : -1;
	out->state = sql_failed(x->sql) ? READING_UNUSABLE : measure_apply(x->model, e);
	return !sql_failed(x->sql);
}

static bool
write_configuration(struct experiments *x, struct kept *k, const struct event *e)
{
	struct values v = {.t = x->statements[CONFIGURE]};

	for (size_t i = 0; i < e->n_sensors && i < MEASURE_SENSORS && !sql_failed(x->sql); i++)
		sensors_number(x->sensors, k->number, &k->turn, e->sensors[i]);
	values_int(&v, k->number);
	values_text(&v, e->researcher);
	values_int(&v, (int64_t)e->n_sensors);
	values_real(&v, (double)e->lower);
	values_real(&v, (double)e->upper);
	values_count(&v, e->record_time);
	return !sql_failed(x->sql) && run(x, CONFIGURE);
}

static bool
write_stage(struct experiments *x, const struct kept *k, const struct event *e)
{
	struct values v = {.t = x->statements[SET_STAGE]};

	values_int(&v, k->number);
	values_real(&v, e->kind == EVENT_STABILIZATION ? e->time : (double)NAN);
	values_real(&v, e->kind == EVENT_STARTED ? e->time : (double)NAN);
	values_real(&v, e->kind == EVENT_TERMINATED ? e->time : (double)NAN);
	return run(x, SET_STAGE);
}

bool
experiments_follow(struct experiments *x, const struct event *e)
{
	struct kept *k = kept_of(x, e);

	if (!k)
		return !sql_failed(x->sql);
	k->unsure = k->unsure && event_stage(e->kind) < STAGE_RUNNING;
	measure_apply(x->model, e);
	return !sql_failed(x->sql) &&
	       (e->kind == EVENT_CONFIGURED ? write_configuration(x, k, e) : write_stage(x, k, e));
}

void
experiments_pass_gap(struct experiments *x, const struct event *e)
{
	for (struct kept *k = x->known; k; k = k->hh.next) {
		const struct measured *m = measure_find(x->model, id_of(k));
		struct measured what;

		if (!m || m->topic_no != e->topic_no || m->partition != e->partition)
			continue;
		k->unsure = isnan(m->started);
		if (isnan(m->last_time))
			continue;
		what = *m;
		what.rule.before = RANGE_UNKNOWN;
		what.rule.first = false;
		measure_resume(x->model, m->experiment, &what);
	}
}
