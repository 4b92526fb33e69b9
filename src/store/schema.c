/* SPDX-License-Identifier: MIT */
#include "store/schema.h"

#include "base/buf.h"

#include <stdio.h>

static const char tables[] =
	"CREATE TABLE store_ (cluster TEXT, instance TEXT NOT NULL);"

	"CREATE TABLE topics_ (number INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE);"

	"CREATE TABLE experiments ("
	" number INTEGER PRIMARY KEY, experiment TEXT NOT NULL UNIQUE, topic TEXT, partition INTEGER,"
	" researcher TEXT, sensors INTEGER, lower_threshold REAL, upper_threshold REAL,"
	" configured INTEGER, stabilization REAL, started REAL, \"terminated\" REAL);"

	"CREATE TABLE sensors_ ("
	" experiment INTEGER NOT NULL, sensor TEXT NOT NULL, number INTEGER NOT NULL,"
	" PRIMARY KEY (experiment, sensor)) WITHOUT ROWID;"
	"CREATE UNIQUE INDEX sensors_number ON sensors_ (experiment, number);"

	/* A measurement: its name when it begins, the rest when it is settled. */
	"CREATE TABLE samples_ ("
	" experiment INTEGER NOT NULL, number INTEGER NOT NULL, measurement TEXT, time REAL,"
	" topic INTEGER, partition INTEGER, first_offset INTEGER, last_offset INTEGER, timestamp INTEGER,"
	" state TEXT, sensors INTEGER, readings INTEGER, average REAL, stage TEXT, place TEXT, event TEXT,"
	" disordered INTEGER, overdue INTEGER,"
	" PRIMARY KEY (experiment, number)) WITHOUT ROWID;"
	"CREATE INDEX samples_event ON samples_ (experiment, time) WHERE event IS NOT NULL;"

	/* Most of a store. The key is the number of its place in offsets and the offset: schema_key(). */
	"CREATE TABLE readings_ ("
	" key INTEGER PRIMARY KEY, timestamp INTEGER,"
	" experiment INTEGER, sample INTEGER, sensor INTEGER, time REAL, temperature REAL, state INTEGER);"

	"CREATE TABLE events ("
	" topic TEXT NOT NULL, partition INTEGER NOT NULL, \"offset\" INTEGER NOT NULL, timestamp INTEGER,"
	" kind TEXT NOT NULL, experiment TEXT, time REAL, content TEXT, problem TEXT,"
	" PRIMARY KEY (topic, partition, \"offset\")) WITHOUT ROWID;"
	"CREATE INDEX events_experiment ON events (experiment, kind);"

	"CREATE TABLE intervals ("
	" experiment TEXT NOT NULL, start REAL NOT NULL, \"end\" REAL, closed INTEGER NOT NULL, met INTEGER NOT NULL,"
	" samples INTEGER NOT NULL, unknown INTEGER NOT NULL, lowest REAL, highest REAL,"
	" topic TEXT, partition INTEGER,"
	" PRIMARY KEY (experiment, start)) WITHOUT ROWID;"

	"CREATE TABLE offsets ("
	" number INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
	" first INTEGER NOT NULL, next INTEGER NOT NULL,"
	" records INTEGER NOT NULL, measurements INTEGER NOT NULL, undecodable INTEGER NOT NULL,"
	" \"foreign\" INTEGER NOT NULL, duplicates INTEGER NOT NULL,"
	" UNIQUE (topic, partition));"

	"CREATE TABLE gaps ("
	" topic TEXT NOT NULL, partition INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL,"
	" PRIMARY KEY (topic, partition, first)) WITHOUT ROWID;";

/* Left joins: what a query does not ask for costs it nothing. */
static const char views[] =
	"CREATE VIEW measurements AS SELECT p.topic, p.partition, " SCHEMA_OFFSET("r.key") " AS \"offset\","
	" r.timestamp, e.experiment,"
	" m.measurement, s.sensor, r.time, r.temperature,"
	" CASE r.state WHEN 0 THEN 'taken' WHEN 1 THEN 'duplicate' WHEN 2 THEN 'late' WHEN 3 THEN 'foreign'"
	" WHEN 4 THEN 'unknown' ELSE 'unusable' END AS state"
	" FROM readings_ r LEFT JOIN offsets p ON p.number = " SCHEMA_PLACE("r.key")
	" LEFT JOIN experiments e ON e.number = r.experiment"
	" LEFT JOIN samples_ m ON m.experiment = r.experiment AND m.number = r.sample"
	" LEFT JOIN sensors_ s ON s.experiment = r.experiment AND s.number = r.sensor;"

	"CREATE VIEW averages AS SELECT e.experiment, m.measurement, m.time, m.average AS temperature,"
	" m.place, m.stage, m.event, m.disordered, m.timestamp, t.topic, m.partition, m.first_offset, m.last_offset"
	" FROM samples_ m JOIN experiments e ON e.number = m.experiment LEFT JOIN topics_ t ON t.number = m.topic"
	" WHERE m.average IS NOT NULL;"

	"CREATE VIEW incomplete AS SELECT e.experiment, m.measurement, m.time, m.readings, m.sensors, m.stage,"
	" t.topic, m.partition, m.first_offset, m.last_offset"
	" FROM samples_ m JOIN experiments e ON e.number = m.experiment LEFT JOIN topics_ t ON t.number = m.topic"
	" WHERE m.state = 'incomplete';"

	"CREATE VIEW range_events AS SELECT e.experiment, m.time, m.event, m.average AS temperature, m.measurement,"
	" m.overdue, m.timestamp, t.topic, m.partition, m.last_offset"
	" FROM samples_ m JOIN experiments e ON e.number = m.experiment LEFT JOIN topics_ t ON t.number = m.topic"
	" WHERE m.event IN ('Stabilized', 'OutOfRange');";

static bool
create(struct sql *s, const char *instance)
{
	char version[128];
	sqlite3_stmt *t;
	bool ok;

	snprintf(version, sizeof(version), "PRAGMA application_id = %d; PRAGMA user_version = %d;", SCHEMA_ID,
		 SCHEMA_VERSION);
	if (!sql_exec(s, "BEGIN IMMEDIATE") || !sql_exec(s, version) || !sql_exec(s, tables) || !sql_exec(s, views))
		return false;
	t = sql_prepare(s, "INSERT INTO store_ (instance) VALUES (?)");
	if (!t)
		return false;
	sql_text(t, 1, slice_str(instance));
	ok = sql_run(s, t);
	sqlite3_finalize(t);
	return ok && sql_exec(s, "COMMIT");
}

static void
copy_column(char *out, size_t size, sqlite3_stmt *t, int i)
{
	struct slice text = sql_column(t, i);

	snprintf(out, size, "%.*s", (int)text.n, text.p ? text.p : "");
}

static bool
read_owner(struct sql *s, struct schema_owner *owner)
{
	sqlite3_stmt *t = sql_prepare(s, "SELECT cluster, instance FROM store_");
	bool ok = t && sql_row(s, t);

	if (ok) {
		copy_column(owner->cluster, sizeof(owner->cluster), t, 0);
		copy_column(owner->instance, sizeof(owner->instance), t, 1);
	}
	sqlite3_finalize(t);
	return ok || sql_fail(s, SQLITE_CORRUPT);
}

bool
schema_check(struct sql *s, struct schema_owner *owner)
{
	int64_t id = sql_number(s, "PRAGMA application_id", -1), version = sql_number(s, "PRAGMA user_version", -1);

	if (s->err.text[0])
		return false;
	if (id != SCHEMA_ID)
		return err_set(&s->err, "%s is a database of another program: name another file", s->file);
	if (version != SCHEMA_VERSION)
		return err_set(&s->err, "%s has version %lld of the store's tables, this exptop knows version %d: use "
			       "the exptop that wrote it, or name another file", s->file, (long long)version,
			       SCHEMA_VERSION);
	return read_owner(s, owner);
}

/* WAL: whoever queries does not stop us, and one write a transaction is enough; FULL: that one is on the disk. */
static bool
set_modes(struct sql *s)
{
	sqlite3_stmt *t = sql_prepare(s, "PRAGMA journal_mode = WAL");
	bool wal = t && sql_row(s, t) && slice_is(sql_column(t, 0), "wal");

	sqlite3_finalize(t);
	if (!wal && !s->err.text[0])
		err_set(&s->err, "%s cannot have a write-ahead log: keep it on a local disk", s->file);
	if (!wal)
		return false;
	return sql_exec(s, "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
			"PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000;");
}

bool
schema_open(struct sql *s, const char *instance, struct schema_owner *owner)
{
	int64_t objects = sql_number(s, "SELECT count(*) FROM sqlite_schema", -1);

	if (objects < 0)
		return false;
	if (objects > 0)
		return schema_check(s, owner) && set_modes(s);
	return set_modes(s) && create(s, instance) && read_owner(s, owner);
}

bool
schema_set_cluster(struct sql *s, const char *cluster)
{
	sqlite3_stmt *t = sql_prepare(s, "UPDATE store_ SET cluster = ?");
	bool ok = t != NULL;

	if (t) {
		sql_text(t, 1, slice_str(cluster));
		ok = sql_run(s, t);
	}
	sqlite3_finalize(t);
	return ok;
}

/* ---- topics ---- */

/* All or none: with some of them the file would be refused from then on. */
static bool
add_topics(struct sql *s, const char *const *topics, size_t n)
{
	sqlite3_stmt *t = sql_prepare(s, "INSERT OR IGNORE INTO topics_ (topic) VALUES (?)");
	bool ok = t && sql_exec(s, "BEGIN IMMEDIATE");

	for (size_t i = 0; ok && i < n; i++) {
		sql_text(t, 1, slice_str(topics[i]));
		ok = sql_run(s, t);
	}
	sqlite3_finalize(t);
	return ok && sql_exec(s, "COMMIT");
}

static bool
refuse_topic(struct sql *s, const char *topic)
{
	sqlite3_stmt *t = sql_prepare(s, "SELECT group_concat(topic, ', ') FROM topics_");
	struct slice held = {0};

	if (t && sql_row(s, t))
		held = sql_column(t, 0);
	err_set(&s->err, "%s is the store of %.*s, not of %s: name another file for that", s->file, (int)held.n,
		held.p ? held.p : "", topic);
	sqlite3_finalize(t);
	return false;
}

bool
schema_claim_topics(struct sql *s, const char *const *topics, size_t n)
{
	sqlite3_stmt *t;
	bool held = true;

	if (sql_number(s, "SELECT count(*) FROM topics_", 0) == 0)
		return add_topics(s, topics, n);
	t = sql_prepare(s, "SELECT 1 FROM topics_ WHERE topic = ?");
	for (size_t i = 0; t && held && i < n; i++) {
		sql_text(t, 1, slice_str(topics[i]));
		held = sql_row(s, t);
		sqlite3_reset(t);
		if (!held && !s->err.text[0])
			refuse_topic(s, topics[i]);
	}
	sqlite3_finalize(t);
	return t && held;
}
