/* SPDX-License-Identifier: MIT */
#include "store/restore.h"

#include "base/alloc.h"
#include "model/ident.h"
#include "store/row.h"
#include "store/schema.h"

#include <math.h>
#include <stdlib.h>

enum statement {
	LAST_SAMPLES,
	TELL_AGAIN,
	LAST_SETTLED,
	LAST_EVENT,
	OPEN_INTERVAL,
	IS_UNSURE,
	STATEMENTS
};

static const char *const texts[STATEMENTS] = {
	[LAST_SAMPLES] =
		"SELECT number, measurement, state IS NOT NULL, topic, partition, first_offset, last_offset"
		" FROM samples_ WHERE experiment = ? ORDER BY number DESC LIMIT ?",
	[TELL_AGAIN] =
		"SELECT " ROW_EVENT " FROM events e WHERE e.experiment = ?1 AND e.kind IN ('experiment_configured',"
		" 'stabilization_started', 'experiment_started', 'experiment_terminated') UNION ALL"
		" SELECT " SCHEMA_OFFSET("r.key") ", r.timestamp, NULL, ?1, r.time, NULL, m.measurement, s.sensor,"
		" r.temperature, NULL"
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

struct restore {
	struct sql *sql;
	const struct places *places;
	struct readings *readings;
	struct measure *model;
	sqlite3_stmt *statements[STATEMENTS];
};

/* An experiment that is met again, and which of its readings are told again. */
struct met {
	struct slice id;
	int64_t number;
	int topic_no;
	int32_t partition;
	int64_t from, to, sample; /* offsets; of this measurement on */
};

struct restore *
restore_new(struct sql *sql, const struct places *places, struct readings *readings, struct measure *model)
{
	struct restore *r = xcalloc(1, sizeof(*r));

	*r = (struct restore){.sql = sql, .places = places, .readings = readings, .model = model};
	sql_prepare_all(sql, r->statements, texts, STATEMENTS);
	return r;
}

void
restore_free(struct restore *r)
{
	if (!r)
		return;
	sql_finalize_all(r->statements, STATEMENTS);
	free(r);
}

/* The newest measurements into RECENTS, and where their readings are. */
static void
read_recents(struct restore *r, struct met *x, struct recents *recents)
{
	sqlite3_stmt *t = r->statements[LAST_SAMPLES];
	struct recent found[RECENT_MOST];
	size_t n = 0;

	sql_int(t, 1, x->number);
	sql_int(t, 2, RECENT_MOST);
	while (sql_row(r->sql, t)) {
		int64_t first = sql_column_number(r->sql, t, 5), last = sql_column_number(r->sql, t, 6);

		found[n] = (struct recent){
			.hash = ident_hash(sql_column(t, 1)), .number = sql_column_number(r->sql, t, 0),
			.pending = -1, .settled = sqlite3_column_int(t, 2),
		};
		if (n++ >= RECENT_AGAIN)
			continue;
		x->topic_no = places_topic_no(r->places, sqlite3_column_int64(t, 3));
		x->partition = sqlite3_column_int(t, 4);
		x->sample = found[n - 1].number;
		x->from = first < x->from ? first : x->from;
		x->to = !found[n - 1].settled ? SCHEMA_OFFSETS : last > x->to ? last : x->to;
	}
	recents->last = n > 0 ? found[0].number : 0;
	while (n > 0)
		recents->ring[recents->n++] = found[--n];
}

static void
tell_again(struct restore *r, const struct met *x)
{
	sqlite3_stmt *t = r->statements[TELL_AGAIN];
	const struct place *place = places_find(r->places, x->topic_no, x->partition);
	int64_t number = place ? place->number : 0;
	struct arena arena = {0};
	struct entry entry;

	if (!readings_write(r->readings))
		return;
	sql_text(t, 1, x->id);
	sql_int(t, 2, x->number);
	sql_int(t, 3, schema_key(number, x->from));
	sql_int(t, 4, schema_key(number, x->to));
	sql_int(t, 5, x->sample);
	while (sql_row(r->sql, t)) {
		row_entry(t, &arena, &entry);
		entry.event.topic_no = x->topic_no;
		entry.event.partition = x->partition;
		measure_apply(r->model, &entry.event);
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
read_last_event(struct restore *r, int64_t experiment, struct measured *out)
{
	sqlite3_stmt *t = r->statements[LAST_EVENT];

	sql_int(t, 1, experiment);
	if (!sql_row(r->sql, t))
		return;
	out->last_event = slice_is(sql_column(t, 0), range_event_name(RANGE_OUT)) ? RANGE_OUT : RANGE_STABILIZED;
	out->event_time = sql_column_real(t, 1);
	sqlite3_reset(t);
}

static void
read_open_interval(struct restore *r, const struct met *x, struct interval *out)
{
	sqlite3_stmt *t = r->statements[OPEN_INTERVAL];

	sql_text(t, 1, x->id);
	sql_int(t, 2, x->number);
	if (!sql_row(r->sql, t))
		return;
	*out = (struct interval){
		.topic_no = x->topic_no, .partition = x->partition,
		.start = sql_column_real(t, 0), .end = sql_column_real(t, 1),
		.met = sqlite3_column_int(t, 2), .samples = sql_column_number(r->sql, t, 3),
		.lowest = (float)sql_column_real(t, 4), .highest = (float)sql_column_real(t, 5),
		.unknown = sql_column_number(r->sql, t, 6) + sql_column_number(r->sql, t, 7),
	};
	sqlite3_reset(t);
}

/* The run of samples that the next one follows, from the last that was settled. */
static void
resume(struct restore *r, const struct met *x)
{
	sqlite3_stmt *t = r->statements[LAST_SETTLED];
	struct measured what = {.event_time = NAN};
	struct slice stage;

	sql_int(t, 1, x->number);
	if (!sql_row(r->sql, t))
		return;
	what.last_time = sql_column_real(t, 0);
	what.rule.before = sqlite3_column_int(t, 3) ? RANGE_UNKNOWN : place_from(sql_column(t, 1));
	stage = sql_column(t, 2);
	what.stage = !stage.p ? STAGE_UNKNOWN :
		     slice_is(stage, stage_name(STAGE_STABILIZING)) ? STAGE_STABILIZING : STAGE_RUNNING;
	what.rule.started = what.stage == STAGE_RUNNING;
	sqlite3_reset(t);
	read_last_event(r, x->number, &what);
	read_open_interval(r, x, &what.interval);
	measure_resume(r->model, x->id, &what);
}

bool
restore_experiment(struct restore *r, struct slice id, int64_t number, struct recents *recents)
{
	struct met x = {.id = id, .number = number, .from = SCHEMA_OFFSETS, .to = -1};

	read_recents(r, &x, recents);
	tell_again(r, &x);
	resume(r, &x);
	sql_text(r->statements[IS_UNSURE], 1, id);
	return sql_only(r->sql, r->statements[IS_UNSURE]) == 1;
}
