/* SPDX-License-Identifier: MIT */
/* The store: what is in the file, and that it is the same however often whoever writes it was killed. */
#include "store/store.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/rng.h"
#include "events.h"
#include "store/book.h"
#include "store/union.h"
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXPERIMENTS = 3, SENSORS = 3, SAMPLES = 40, LINES = 1000, WAIT_MS = 20000 };

static const char *const lab = "lab";
static char folder[64];

static const char *
file(const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void
remove_store(const char *path)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	char name[160];

	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		unlink(name);
	}
}

/* ---- a run of experiments ---- */

static struct {
	struct entry entries[LINES];
	char texts[LINES][3][40];
	size_t n;
} run;

static struct slice
text(size_t which, const char *fmt, int a, int b)
{
	char *out = run.texts[run.n][which];

	snprintf(out, sizeof(run.texts[0][0]), fmt, a, b);
	return slice_str(out);
}

static int64_t offsets[2];

static struct entry *
add(int experiment, struct event e)
{
	struct entry *x = &run.entries[run.n++];

	*x = (struct entry){.event = e};
	x->event.partition = experiment % 2;
	x->event.offset = offsets[experiment % 2]++;
	return x;
}

static void
add_reading(int x, int sample, int sensor, float temperature)
{
	struct event e = measured_of(NULL, NULL, NULL, temperature, T0 + sample * 1000);

	e.experiment = text(0, "experiment-%d", x, 0);
	e.measurement = text(1, "measurement-%d-%d", x, sample);
	e.sensor = text(2, "sensor-%d-%d", x, sensor);
	add(x, e);
}

static void
add_stage(int x, enum event_kind kind, int sample)
{
	struct event e = event_of(kind, NULL, T0 + sample * 1000 - 1);

	e.experiment = text(0, "experiment-%d", x, 0);
	add(x, e);
}

static void
add_configuration(int x)
{
	static char names[EXPERIMENTS][SENSORS][32];
	static struct slice sensors[EXPERIMENTS][SENSORS];
	struct event e;

	for (int i = 0; i < SENSORS; i++) {
		snprintf(names[x][i], sizeof(names[x][i]), "sensor-%d-%d", x, i);
		sensors[x][i] = slice_str(names[x][i]);
	}
	e = configured_of(NULL, sensors[x], SENSORS, T0);
	e.experiment = text(0, "experiment-%d", x, 0);
	add(x, e);
}

static void
add_problem(const char *why, bool undecodable)
{
	struct entry *x = add(0, event_of(EVENT_OTHER, NULL, T0));

	x->problem = slice_str(why);
	x->undecodable = undecodable;
}

/* Sensors in any order, measurements that overlap; now and then one that is missing, doubled or foreign. */
static void
make_run(void)
{
	struct rng rng = {1};

	for (int x = 0; x < EXPERIMENTS; x++) {
		if (x != 2)
			add_configuration(x); /* the third is met in its middle */
		add_stage(x, EVENT_STABILIZATION, 0);
	}
	for (int i = 0; i < SAMPLES; i++)
		for (int x = 0; x < EXPERIMENTS; x++) {
			float average = (float)rng_uniform(&rng, 25, 27);

			if (i == 5)
				add_stage(x, EVENT_STARTED, i);
			for (int s = 0; s < SENSORS; s++)
				if (rng_next(&rng) % 40 != 0)
					add_reading(x, i, (s + i) % SENSORS, average + (float)s - 1);
			if (rng_next(&rng) % 10 == 0)
				add_reading(x, i, 0, average);
			if (rng_next(&rng) % 10 == 0)
				add_reading(x, i, 7, average);
			if (rng_next(&rng) % 10 == 0 && i > 2)
				add_reading(x, i - 2, 1, average);
		}
	add_problem("unexpected end", true);
	add_problem("no Avro container", false);
	add_stage(0, EVENT_TERMINATED, SAMPLES);
	add_reading(0, SAMPLES - 1, 2, 1);
	add_reading(0, SAMPLES, 2, 1);
}

/* ---- what is in a file ---- */

static void
dump_query(sqlite3 *db, const char *query, struct buf *out)
{
	sqlite3_stmt *t;

	if (sqlite3_prepare_v2(db, query, -1, &t, NULL) != SQLITE_OK)
		fail_msg("%s: %s", query, sqlite3_errmsg(db));
	while (sqlite3_step(t) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(t); i++) {
			const char *value = (const char *)sqlite3_column_text(t, i);

			buf_addf(out, "%s%s", i ? "|" : "", value ? value : "");
		}
		buf_char(out, '\n');
	}
	assert_int_equal(sqlite3_finalize(t), SQLITE_OK);
}

/* The rows of QUERY, to be freed. */
static char *
ask(const char *path, const char *query)
{
	struct buf out = {0};
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	dump_query(db, query, &out);
	sqlite3_close(db);
	buf_cstr(&out);
	return out.p;
}

static void
assert_rows(const char *path, const char *query, const char *rows)
{
	char *got = ask(path, query);

	assert_string_equal(got, rows);
	free(got);
}

/* All that follows from the records, in an order of its own. */
static char *
dump(const char *path)
{
	static const char *const queries[] = {
		"PRAGMA integrity_check",
		"SELECT * FROM measurements ORDER BY 1, 2, 3",
		"SELECT * FROM events",
		"SELECT * FROM experiments ORDER BY experiment",
		"SELECT * FROM averages ORDER BY experiment, time",
		"SELECT * FROM incomplete ORDER BY experiment, time",
		"SELECT * FROM range_events ORDER BY experiment, time",
		"SELECT * FROM intervals",
		"SELECT topic, partition, first, next, records, measurements, undecodable, \"foreign\" FROM offsets",
	};
	struct buf all = {0};

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		char *rows = ask(path, queries[i]);

		buf_addf(&all, "--- %s\n%s", queries[i], rows);
		free(rows);
	}
	buf_cstr(&all);
	return all.p;
}

/* ---- the store under test ---- */

static struct store *
open_store(const char *path, size_t experiments)
{
	struct store_config config = {.file = path, .topics = &lab, .n_topics = 1, .experiments = experiments};
	struct err err = {0};
	struct store *s = store_open(&config, &err);

	if (!s)
		fail_msg("%s", err.text);
	return s;
}

static void
settle(struct store *s)
{
	struct store_place places[8];
	struct err err = {0};

	store_kept(s, true, places, 8, &err);
	assert_string_equal(err.text, "");
}

/* What S has not got of the run, as a consumer that goes on where it ends gives it: MOST records; how many. */
static size_t
feed(struct store *s, size_t most)
{
	int64_t next[2] = {store_next(s, 0, 0), store_next(s, 0, 1)};
	size_t n = 0;

	for (size_t i = 0; i < run.n && n < most; i++) {
		const struct event *e = &run.entries[i].event;

		if (e->offset < next[e->partition])
			continue;
		store_add(s, &run.entries[i]);
		n++;
	}
	store_push(s);
	return n;
}

static void
go_on(const char *path)
{
	struct store *s = open_store(path, 0);

	feed(s, SIZE_MAX);
	settle(s);
	store_close(s);
}

/* The whole run into PATH, MOST records at a start. */
static void
fill(const char *path, size_t most, size_t experiments)
{
	size_t n;

	remove_store(path);
	do {
		struct store *s = open_store(path, experiments);

		n = feed(s, most);
		settle(s);
		store_close(s);
	} while (n == most);
}

static void
test_tables_hold_the_run(void **state)
{
	const char *path = file("run.db");

	(void)state;
	fill(path, SIZE_MAX, 0);
	assert_rows(path, "SELECT count(*), min(experiment), max(researcher), max(sensors), max(upper_threshold), "
		    "max(\"terminated\") FROM experiments", "3|experiment-0|d.landau|3|26.5|1000039.999\n");
	assert_rows(path, "SELECT sum(records) = (SELECT count(*) FROM measurements) + (SELECT count(*) FROM events), "
		    "sum(undecodable), sum(\"foreign\"), sum(duplicates) FROM offsets", "1|1|1|0\n");
	assert_rows(path, "SELECT kind, problem FROM events WHERE problem IS NOT NULL",
		    "undecodable|unexpected end\nforeign|no Avro container\n");
	assert_rows(path, "SELECT state FROM measurements GROUP BY 1",
		    "duplicate\nforeign\nlate\ntaken\nunknown\n");
	assert_rows(path, "SELECT experiment, count(*) FROM measurements WHERE state = 'unknown' GROUP BY 1 HAVING "
		    "count(*) = (SELECT count(*) FROM measurements WHERE experiment = 'experiment-2')",
		    "experiment-2|126\n");
	assert_rows(path, "SELECT count(*) FROM averages a WHERE temperature <> (SELECT avg(temperature) FROM "
		    "measurements m WHERE m.measurement = a.measurement AND m.state = 'taken') + 0.0 AND "
		    "abs(temperature - (SELECT avg(temperature) FROM measurements m WHERE m.measurement = "
		    "a.measurement AND m.state = 'taken')) > 0.00001", "0\n");
	assert_rows(path, "SELECT (SELECT count(*) FROM averages) + (SELECT count(*) FROM incomplete)", "80\n");
	assert_rows(path, "SELECT count(*) > 5, sum(event = 'OutOfRange') = (SELECT count(*) FROM intervals) "
		    "FROM range_events", "1|1\n");
	assert_rows(path, "PRAGMA user_version", "2\n");
	assert_rows(path, "PRAGMA application_id", "1702392944\n");
}

/* Killed and started again, or with most experiments forgotten, it comes to the same. */
static void
test_starts_change_nothing(void **state)
{
	static const size_t most[] = {1, 2, 3, 5, 7, 20, 100};
	char *whole, *parts;

	(void)state;
	fill(file("whole.db"), SIZE_MAX, 0);
	whole = dump(file("whole.db"));
	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		fill(file("parts.db"), most[i], 0);
		parts = dump(file("parts.db"));
		assert_string_equal(parts, whole);
		free(parts);
	}
	fill(file("parts.db"), SIZE_MAX, 1);
	parts = dump(file("parts.db"));
	assert_string_equal(parts, whole);
	free(parts);
	free(whole);
}

static void
test_records_are_stored_once(void **state)
{
	struct store_status status;
	char *before, *after;
	struct store *s;

	(void)state;
	fill(file("once.db"), SIZE_MAX, 0);
	before = dump(file("once.db"));
	s = open_store(file("once.db"), 0);
	for (size_t i = 0; i < run.n; i++)
		store_add(s, &run.entries[i]);
	settle(s);
	store_status(s, 0, &status);
	assert_int_equal(status.duplicates, run.n);
	assert_int_equal(status.stored, 0);
	assert_int_equal(status.records, run.n);
	store_close(s);
	after = dump(file("once.db"));
	assert_string_equal(after, before);
	assert_rows(file("once.db"), "SELECT sum(duplicates) = sum(records) FROM offsets", "1\n");
	free(before);
	free(after);
}

/* ---- power cuts ---- */

static void
copy_file(const char *from, const char *to, int64_t most)
{
	static char bytes[1 << 22];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t n;

	assert_non_null(in);
	assert_non_null(out);
	n = fread(bytes, 1, sizeof(bytes), in);
	assert_true(feof(in));
	if (most >= 0 && n > (size_t)most)
		n = (size_t)most;
	fwrite(bytes, 1, n, out);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static int64_t
size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* The rows are those before `next` of each partition, and nothing of what lies behind. */
static void
assert_consistent(const char *path)
{
	assert_rows(path, "PRAGMA integrity_check", "ok\n");
	assert_rows(path, "SELECT * FROM offsets o WHERE records <> next - first OR records <> (SELECT count(*) FROM "
		    "(SELECT topic, partition FROM measurements UNION ALL SELECT topic, partition FROM events) r "
		    "WHERE r.topic = o.topic AND r.partition = o.partition)", "");
	assert_rows(path, "SELECT count(*) FROM measurements m WHERE NOT EXISTS (SELECT 1 FROM offsets o WHERE "
		    "o.partition = m.partition AND m.\"offset\" < o.next)", "0\n");
}

/* Wherever the write-ahead log is torn, what is left is a whole number of transactions, and the run goes on from there
 * to the same end. */
static void
test_torn_logs_go_on(void **state)
{
	const char *path = file("power.db");
	struct rng rng = {2};
	struct store *s;
	char *whole, *torn;
	int64_t size;

	(void)state;
	remove_store(path);
	fill(file("whole.db"), SIZE_MAX, 0);
	whole = dump(file("whole.db"));
	s = open_store(path, 0);
	for (size_t n = 0; n < run.n; n += 30) { /* each a transaction */
		for (size_t i = n; i < run.n && i < n + 30; i++)
			store_add(s, &run.entries[i]);
		settle(s);
	}
	size = size_of(file("power.db-wal"));
	assert_true(size > 50000);
	for (int i = 0; i < 40; i++) {
		remove_store(file("torn.db"));
		copy_file(file("power.db"), file("torn.db"), -1);
		copy_file(file("power.db-wal"), file("torn.db-wal"),
			  i == 0 ? 0 : (int64_t)(rng_next(&rng) % (uint64_t)size));
		store_close(open_store(file("torn.db"), 0));
		assert_consistent(file("torn.db"));
		go_on(file("torn.db"));
		torn = dump(file("torn.db"));
		assert_string_equal(torn, whole);
		free(torn);
	}
	store_close(s);
	free(whole);
}

/* ---- what fails ---- */

static void
assert_refused(const char *path, const char *topic, const char *sentence)
{
	struct store_config config = {.file = path, .topics = &topic, .n_topics = 1};
	struct err err = {0};
	struct store *s = store_open(&config, &err);

	assert_null(s);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", err.text, sentence);
}

static void
write_file(const char *path, const char *bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	fputs(bytes, f);
	assert_int_equal(fclose(f), 0);
}

static void
execute(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
test_files_of_others_are_refused(void **state)
{
	struct err err = {0};
	struct store *s;

	(void)state;
	remove_store(file("owned.db"));
	s = open_store(file("owned.db"), 0);
	assert_refused(file("owned.db"), lab, "owned.db is open in another exptop: ");
	assert_true(store_claim(s, "cluster-a", &err));
	assert_true(store_claim(s, "cluster-a", &err));
	assert_false(store_claim(s, "cluster-b", &err));
	assert_non_null(strstr(err.text, "owned.db is the store of another cluster (cluster-a, this one is "
				"cluster-b): "));
	store_close(s);
	s = open_store(file("owned.db"), 0);
	assert_false(store_claim(s, "cluster-b", &err));
	store_close(s);
	assert_refused(file("owned.db"), "other", "owned.db is the store of lab, not of other: ");
	execute(file("owned.db"), "PRAGMA user_version = 9");
	assert_refused(file("owned.db"), lab, "owned.db has version 9 of the store's tables, this exptop knows version "
		       "2: ");
	remove_store(file("foreign.db"));
	execute(file("foreign.db"), "CREATE TABLE mine (n)");
	assert_refused(file("foreign.db"), lab, "foreign.db is a database of another program: ");
	write_file(file("text.db"), "this is a text and not a database, however long it may be, and it is long enough "
		   "to be taken for a page of one, which it is not.");
	assert_refused(file("text.db"), lab, "text.db: is no store: ");
	assert_refused(folder, lab, "cannot be opened for writing: Is a directory");
	assert_refused(file("none/at.db"), lab, "cannot be opened for writing: No such file or directory");
}

static void
test_an_instance_stays(void **state)
{
	char first[64];
	struct store *s;

	(void)state;
	remove_store(file("instance.db"));
	s = open_store(file("instance.db"), 0);
	snprintf(first, sizeof(first), "%s", store_instance(s));
	assert_int_equal(strlen(first), 36);
	store_close(s);
	s = open_store(file("instance.db"), 0);
	assert_string_equal(store_instance(s), first);
	store_close(s);
	remove_store(file("instance.db"));
	s = open_store(file("instance.db"), 0);
	assert_string_not_equal(store_instance(s), first);
	store_close(s);
}

/* The record at an offset is another than before: the topic is not the one that was stored. */
static void
test_a_topic_made_anew_is_noticed(void **state)
{
	struct store_place places[8];
	struct err err = {0};
	struct entry x;
	struct store *s;

	(void)state;
	fill(file("anew.db"), SIZE_MAX, 0);
	s = open_store(file("anew.db"), 0);
	x = run.entries[3];
	x.event.record_time += 5;
	store_add(s, &x);
	store_kept(s, true, places, 8, &err);
	assert_non_null(strstr(err.text, "is another record than the one that "));
	store_close(s);
}

/* Records up to the first of experiment 0 that FITS, then those MISSED behind it are another member's. */
static void
fill_around_gap(bool (*fits)(const struct event *e), size_t missed, bool start_anew)
{
	struct store *s;
	size_t i;

	remove_store(file("gap.db"));
	s = open_store(file("gap.db"), 0);
	for (i = 0; run.entries[i].event.partition != 0 || !fits(&run.entries[i].event); i++)
		store_add(s, &run.entries[i]);
	settle(s);
	if (start_anew) {
		store_close(s);
		s = open_store(file("gap.db"), 0);
	}
	store_starts(s, 0, 0, -1);
	for (i += missed; i < run.n; i++)
		store_add(s, &run.entries[i]);
	settle(s);
	store_close(s);
}

static bool
is_start(const struct event *e)
{
	return e->kind == EVENT_STARTED;
}

static bool
is_running(const struct event *e)
{
	return e->kind == EVENT_MEASURED && e->time > T0 / 1000 + 10;
}

/* What others have read in between is not guessed: neither what was before, nor whether the carry out began. */
static void
test_gaps_are_known(void **state)
{
	(void)state;
	for (int anew = 0; anew < 2; anew++) {
		fill_around_gap(is_running, 100, anew);
		assert_rows(file("gap.db"), "SELECT partition, next - first > 30 FROM gaps", "0|1\n");
		assert_rows(file("gap.db"), "SELECT event FROM averages WHERE experiment = 'experiment-0' AND "
			    "first_offset > (SELECT next FROM gaps) AND place <> 'in' ORDER BY time LIMIT 1",
			    "unknown\n");
		assert_rows(file("gap.db"), "SELECT count(*) > 1 FROM range_events WHERE last_offset > (SELECT next "
			    "FROM gaps) AND experiment = 'experiment-0'", "1\n");
		fill_around_gap(is_start, 100, anew);
		assert_rows(file("gap.db"), "SELECT stage, event FROM averages WHERE experiment = 'experiment-0' AND "
			    "first_offset > (SELECT next FROM gaps) GROUP BY 1, 2", "|unknown\n");
	}
}

static bool
is_early(const struct event *e)
{
	return e->kind == EVENT_MEASURED && e->time > T0 / 1000 + 1 && e->time < T0 / 1000 + 3;
}

/* The entry at I; experiment 0 is out of its range before its carry out begins. */
static struct entry
hot_entry(size_t i)
{
	struct entry x = run.entries[i];

	if (x.event.partition == 0 && x.event.kind == EVENT_MEASURED && x.event.time < T0 / 1000 + 5)
		x.event.temperature += 10;
	return x;
}

/* A gap that a whole sample of the stabilization is in, and a start of ours at RESTART, SIZE_MAX none. */
static char *
dump_after_gap(size_t restart)
{
	struct entry x;
	struct store *s;
	size_t i = 0;

	remove_store(file("early.db"));
	s = open_store(file("early.db"), 0);
	while (run.entries[i].event.partition != 0 || !is_early(&run.entries[i].event))
		store_add(s, &run.entries[i++]);
	settle(s);
	store_starts(s, 0, 0, -1);
	for (; i < run.n; i++) {
		if (i == restart) {
			settle(s);
			store_close(s);
			s = open_store(file("early.db"), 0);
		}
		x = hot_entry(i);
		if (x.event.partition != 0 || !is_early(&x.event))
			store_add(s, &x);
	}
	settle(s);
	store_close(s);
	return dump(file("early.db"));
}

/* Whether it stabilized is not known behind that gap; how the carry out goes is, also when it is started anew. */
static void
test_starts_behind_gaps_change_nothing(void **state)
{
	char *whole = dump_after_gap(SIZE_MAX), *parts;
	size_t behind = 0; /* the gap */

	(void)state;
	while (run.entries[behind].event.partition != 0 || !(run.entries[behind].event.time > T0 / 1000 + 2))
		behind++;
	for (size_t restart = behind + 1; restart < behind + 100; restart += 3) {
		parts = dump_after_gap(restart);
		assert_string_equal(parts, whole);
		free(parts);
	}
	free(whole);
}

/* ---- several files ---- */

/* Entries from FROM to TO-1 into a file of their own. */
static void
fill_part(const char *path, size_t from, size_t to)
{
	struct store *s;

	remove_store(path);
	s = open_store(path, 0);
	while (from < to)
		store_add(s, &run.entries[from++]);
	settle(s);
	store_close(s);
}

static void
assert_same_entry(const struct entry *x, const struct entry *y)
{
	const struct event *a = &x->event, *b = &y->event;

	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->record_time, b->record_time);
	assert_true(slice_eq(a->experiment, b->experiment));
	assert_true(slice_eq(a->measurement, b->measurement));
	assert_true(slice_eq(a->sensor, b->sensor));
	assert_true(slice_eq(a->researcher, b->researcher));
	assert_int_equal(a->n_sensors, b->n_sensors);
	for (size_t i = 0; i < a->n_sensors; i++)
		assert_true(slice_eq(a->sensors[i], b->sensors[i]));
	assert_true(slice_eq(x->problem, y->problem));
	assert_true(x->undecodable == y->undecodable);
	assert_true(memcmp(&a->temperature, &b->temperature, sizeof(a->temperature)) == 0);
	assert_true(memcmp(&a->lower, &b->lower, sizeof(a->lower)) == 0);
	assert_true((isnan(a->time) && isnan(b->time)) || !(a->time < b->time || a->time > b->time));
}

static const struct entry *
entry_at(int32_t partition, int64_t offset)
{
	for (size_t i = 0; i < run.n; i++)
		if (run.entries[i].event.partition == partition && run.entries[i].event.offset == offset)
			return &run.entries[i];
	return NULL;
}

/* What members have in files of their own comes out as it went in, each record once. */
static void
test_stores_unite(void **state)
{
	const char *const files[] = {file("part-a.db"), file("part-b.db")};
	struct err err = {0};
	struct store_union *u;
	int64_t offset[2] = {0};
	struct entry x;

	(void)state;
	fill_part(files[0], 0, 250);
	fill_part(files[1], 200, run.n);
	u = union_open(files, 2, &err);
	assert_non_null(u);
	assert_int_equal(union_topics(u), 1);
	assert_string_equal(union_topic(u, 0), lab);
	while (union_next(u, &x, &err)) {
		assert_int_equal(x.event.offset, offset[x.event.partition]++);
		assert_same_entry(&x, entry_at(x.event.partition, x.event.offset));
	}
	assert_string_equal(err.text, "");
	assert_int_equal(offset[0] + offset[1], run.n);
	assert_int_equal(union_counts(u).records, run.n);
	assert_int_equal(union_counts(u).overlaps, 50);
	assert_int_equal(union_counts(u).differing, 0);
	union_close(u);
	execute(files[1], "UPDATE readings_ SET temperature = temperature + 1");
	u = union_open(files, 2, &err);
	while (union_next(u, &x, &err))
		continue;
	assert_int_equal(union_counts(u).differing, 50);
	union_close(u);
	execute(files[1], "UPDATE readings_ SET temperature = temperature - 1, time = time + 1");
	u = union_open(files, 2, &err);
	while (union_next(u, &x, &err))
		continue;
	assert_int_equal(union_counts(u).differing, 50);
	union_close(u);
	execute(files[1], "UPDATE store_ SET cluster = 'another'");
	assert_null(union_open(files, 2, &err));
	assert_non_null(strstr(err.text, "part-b.db is of another cluster than "));
}

/* ---- a disk that fills up ---- */

/* SQLite's own way to the file and its write-ahead log, which takes `left` bytes more; -1: any number. */
static struct {
	sqlite3_vfs vfs, *own;
	sqlite3_io_methods methods[2];
	int (*write)(sqlite3_file *f, const void *p, int n, sqlite3_int64 at);
	_Atomic int64_t left;
} disk = {.left = -1};

static int
disk_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (disk.left >= 0) {
		if (disk.left < n)
			return SQLITE_FULL;
		disk.left -= n;
	}
	return disk.write(f, p, n, at);
}

static int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	int code = disk.own->xOpen(vfs, name, f, flags, out);
	sqlite3_io_methods *methods = &disk.methods[(flags & SQLITE_OPEN_WAL) != 0];

	if (code != SQLITE_OK || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return code;
	*methods = *f->pMethods;
	disk.write = methods->xWrite;
	methods->xWrite = disk_write;
	f->pMethods = methods;
	return code;
}

static void
use_disk(void)
{
	disk.own = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.own;
	disk.vfs.zName = "disk";
	disk.vfs.xOpen = disk_open;
	assert_int_equal(sqlite3_vfs_register(&disk.vfs, 1), SQLITE_OK);
}

/* Full at any moment: a sentence, nothing is said to be kept that is not, and with space the run goes on. */
static void
test_full_disks_lose_nothing(void **state)
{
	char *whole, *parts;

	(void)state;
	fill(file("whole.db"), SIZE_MAX, 0);
	whole = dump(file("whole.db"));
	use_disk();
	for (int64_t room = 0; room < 200000; room += 13000) {
		struct store_place places[8];
		struct err err = {0};
		struct store_status status;
		int64_t kept[2] = {0};
		struct store *s;

		remove_store(file("full.db"));
		s = open_store(file("full.db"), 0);
		disk.left = room;
		for (size_t i = 0; i < run.n && !err.text[0]; i++) {
			size_t n;

			store_add(s, &run.entries[i]);
			store_push(s);
			n = i % 20 == 19 || i + 1 == run.n ? store_kept(s, true, places, 8, &err) : 0;
			while (n-- > 0)
				kept[places[n].partition] = places[n].next;
		}
		assert_non_null(strstr(err.text, "full.db: the disk is full: free some space and start again"));
		store_status(s, 0, &status);
		assert_true(status.records == kept[0] + kept[1]);
		assert_true(status.stored == status.records);
		store_close(s);
		disk.left = -1;
		s = open_store(file("full.db"), 0);
		for (int p = 0; p < 2; p++)
			assert_true(store_next(s, 0, p) == (kept[p] ? kept[p] : -1));
		feed(s, SIZE_MAX);
		settle(s);
		store_close(s);
		parts = dump(file("full.db"));
		assert_string_equal(parts, whole);
		free(parts);
	}
	sqlite3_vfs_unregister(&disk.vfs);
	free(whole);
}

static void
test_a_damaged_file_is_named(void **state)
{
	struct store_place places[8];
	struct err err = {0};
	struct store *s;
	int fd;

	(void)state;
	fill(file("damaged.db"), SIZE_MAX, 0);
	s = open_store(file("damaged.db"), 0);
	fd = open(file("damaged.db"), O_WRONLY);
	for (int64_t at = 4096; at < size_of(file("damaged.db")); at += 4096)
		assert_int_equal(pwrite(fd, "damage", 6, at), 6);
	for (size_t i = 0; i < run.n; i++)
		store_add(s, &run.entries[i]);
	store_kept(s, true, places, 8, &err);
	assert_non_null(strstr(err.text, "damaged.db: is damaged: "));
	store_close(s);
	close(fd);
}

/* ---- another program's transaction ---- */

/* While the disk is in the way no more than the bound is taken, and it goes on when it may. */
static void
test_waiting_has_a_bound(void **state)
{
	enum { LONG = 64 << 10, MOST = 2 * STORE_BYTES / LONG };
	static char reason[LONG];
	struct store_status status;
	int64_t waiting;
	struct entry x;
	struct store *s;
	sqlite3 *other;

	(void)state;
	remove_store(file("busy.db"));
	s = open_store(file("busy.db"), 0);
	assert_int_equal(sqlite3_open(file("busy.db"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	x = run.entries[0];
	x.problem = (struct slice){reason, LONG};
	for (x.event.offset = 0; !store_full(s); x.event.offset++) {
		store_add(s, &x);
		store_push(s);
	}
	store_status(s, 0, &status);
	assert_in_range(status.waiting, MOST - 2, MOST);
	waiting = status.waiting;
	assert_int_equal(status.records, 0);
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	settle(s);
	store_status(s, 0, &status);
	assert_int_equal(status.waiting, 0);
	assert_int_equal(status.records, waiting);
	assert_false(store_full(s));
	sqlite3_close(other);
	store_close(s);
}

/* A transaction is closed in time without being asked for. */
static void
test_time_closes_a_transaction(void **state)
{
	struct store_place place;
	struct err err = {0};
	struct store *s;
	struct pollfd fd;

	(void)state;
	remove_store(file("time.db"));
	s = open_store(file("time.db"), 0);
	store_add(s, &run.entries[0]);
	store_push(s);
	fd = (struct pollfd){.fd = store_fd(s), .events = POLLIN};
	assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	assert_int_equal(store_kept(s, false, &place, 1, &err), 1);
	assert_int_equal(place.next, 1);
	store_close(s);
}

static int
start(void **state)
{
	(void)state;
	make_run();
	snprintf(folder, sizeof(folder), "%s/t_store.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int
stop(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_hold_the_run),
		cmocka_unit_test(test_starts_change_nothing),
		cmocka_unit_test(test_records_are_stored_once),
		cmocka_unit_test(test_torn_logs_go_on),
		cmocka_unit_test(test_files_of_others_are_refused),
		cmocka_unit_test(test_an_instance_stays),
		cmocka_unit_test(test_a_topic_made_anew_is_noticed),
		cmocka_unit_test(test_gaps_are_known),
		cmocka_unit_test(test_starts_behind_gaps_change_nothing),
		cmocka_unit_test(test_stores_unite),
		cmocka_unit_test(test_full_disks_lose_nothing),
		cmocka_unit_test(test_a_damaged_file_is_named),
		cmocka_unit_test(test_waiting_has_a_bound),
		cmocka_unit_test(test_time_closes_a_transaction),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
