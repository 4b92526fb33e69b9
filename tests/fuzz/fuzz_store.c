/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what befell a store: values that stand in it are changed by SQL, bytes of the file are
 * overwritten, the file is cut. Then a report is made of it, and more is stored in it: both come to an
 * end, or to a sentence.
 */
#include "fuzz.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "report/page.h"
#include "report/source.h"
#include "store/book.h"

#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>

enum { SAMPLES = 6, SENSORS = 2, PARTITIONS = 2, CHANGES_MOST = 64, STEP = 5 };

static char folder[] = "/dev/shm/fuzz_store.XXXXXX"; /* no disk is waited for */
static char path[64];
static struct buf whole; /* a store as it should be */
static const char *const lab = "lab";

/* ---- the store ---- */

static void
remove_file(void)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
	char name[80];

	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		unlink(name);
	}
}

static void
remove_all(void)
{
	remove_file();
	rmdir(folder);
	buf_free(&whole);
}

static struct book *
open_book(struct err *err)
{
	const struct book_config config = {
		.file = path, .topics = &lab, .n_topics = 1, .instance = "i", .experiments = 1,
	};

	return book_open(&config, err);
}

/* A record more in PARTITION. */
static bool
add(struct book *b, int32_t partition, struct event e)
{
	struct entry x = {.event = e};
	int64_t next = book_next(b, 0, partition);

	x.event.partition = partition;
	x.event.offset = next < 0 ? 0 : next;
	x.event.record_time = INT64_C(1000000000) + 500 * (x.event.offset % 1000);
	if (e.kind == EVENT_OTHER)
		x.problem = slice_str("no container");
	return book_add(b, &x);
}

/* An experiment from sample FROM up to TO, with its stages where it begins. */
static bool
add_experiment(struct book *b, int32_t partition, int from, int to)
{
	static const struct slice sensors[SENSORS] = {{"s1", 2}, {"s2", 2}};
	const struct slice id = slice_str(partition ? "x2" : "x1");
	struct event e = {.experiment = id, .lower = 20, .upper = 30, .time = NAN, .researcher = slice_str("r"),
			  .sensors = sensors, .n_sensors = SENSORS};
	bool ok = from > 0 || (add(b, partition, e) && add(b, partition, (struct event){
		.kind = EVENT_STABILIZATION, .experiment = id, .time = 1e6}) && add(b, partition, (struct event){
		.kind = EVENT_STARTED, .experiment = id, .time = 1e6 + 2}) && add(b, partition, (struct event){
		.kind = EVENT_OTHER, .experiment = id, .time = NAN}));

	for (int i = from; ok && i < to; i++)
		for (int s = 0; ok && s < SENSORS; s++) {
			char measurement[16];

			snprintf(measurement, sizeof(measurement), "m%d", i);
			ok = add(b, partition, (struct event){
				.kind = EVENT_MEASURED, .experiment = id, .time = 1e6 + i, .sensor = sensors[s],
				.measurement = slice_str(measurement), .temperature = 15.0f + (float)(i * 7 % 20)});
		}
	return ok;
}

static bool
add_all(struct book *b, int from, int to)
{
	bool ok = book_begin(b);

	for (int32_t p = 0; ok && p < PARTITIONS; p++)
		ok = add_experiment(b, p, from, to);
	if (ok && book_commit(b))
		return true;
	book_rollback(b);
	return false;
}

static void
make_store(void)
{
	struct err err = {{0}};
	struct book *b;
	FILE *f;
	size_t n;

	require(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/lab.db", folder);
	b = open_book(&err);
	require(b && book_set_cluster(b, "c") && add_all(b, 0, SAMPLES));
	book_close(b);
	f = fopen(path, "rb");
	require(f);
	while ((n = fread(buf_reserve(&whole, 65536), 1, 65536, f)) > 0)
		whole.n += n;
	fclose(f);
	atexit(remove_all);
}

/* ---- what befalls it ---- */

static const char *const columns[][2] = {
	{"store_", "cluster"}, {"store_", "instance"}, {"topics_", "number"}, {"topics_", "topic"},
	{"experiments", "number"}, {"experiments", "experiment"}, {"experiments", "partition"},
	{"experiments", "researcher"}, {"experiments", "sensors"}, {"experiments", "lower_threshold"},
	{"experiments", "configured"}, {"experiments", "stabilization"}, {"experiments", "started"},
	{"experiments", "terminated"}, {"sensors_", "experiment"}, {"sensors_", "sensor"}, {"sensors_", "number"},
	{"samples_", "experiment"}, {"samples_", "number"}, {"samples_", "measurement"}, {"samples_", "time"},
	{"samples_", "topic"}, {"samples_", "partition"}, {"samples_", "first_offset"}, {"samples_", "timestamp"},
	{"samples_", "state"}, {"samples_", "sensors"}, {"samples_", "readings"}, {"samples_", "average"},
	{"samples_", "stage"}, {"samples_", "place"}, {"samples_", "event"}, {"samples_", "disordered"},
	{"readings_", "key"}, {"readings_", "timestamp"}, {"readings_", "experiment"}, {"readings_", "sample"},
	{"readings_", "sensor"}, {"readings_", "time"}, {"readings_", "temperature"}, {"readings_", "state"},
	{"events", "topic"}, {"events", "partition"}, {"events", "\"offset\""}, {"events", "timestamp"},
	{"events", "kind"}, {"events", "experiment"}, {"events", "time"}, {"events", "content"}, {"events", "problem"},
	{"intervals", "experiment"}, {"intervals", "start"}, {"intervals", "\"end\""}, {"intervals", "closed"},
	{"intervals", "samples"}, {"intervals", "lowest"}, {"offsets", "number"}, {"offsets", "topic"},
	{"offsets", "partition"}, {"offsets", "first"}, {"offsets", "next"}, {"offsets", "records"},
	{"offsets", "duplicates"},
};

static const char *const values[] = {
	"NULL", "-1", "0", "1", "2", "9223372036854775807", "-9223372036854775808", "2147483648", "1e308", "-1e308",
	"9e999", "'x1'", "'lab'", "''", "x'00ff'", "zeroblob(2000)", "'\x1b[2J<b>'", "17592186044416", "0.5",
	"'{\"researcher\": 1, \"sensors\": {}, \"lower\": \"x\"}'", "'{\"sensors\": [1, null, \"s1\", \"s1\"]}'",
	"'[[[[[[[['", "'configured'", "'terminated'", "'experiment_configured'", "'running'", "'Stabilized'",
};

/* Value B3 into column B1 of the row B2, or all rows. Not every column takes every value. */
static void
change_value(sqlite3 *db, uint8_t b1, uint8_t b2, uint8_t b3)
{
	const char *const *c = columns[b1 % (sizeof(columns) / sizeof(*columns))];
	const char *value = values[b3 % (sizeof(values) / sizeof(*values))];
	char *text = b2 >= 128
		? xasprintf("UPDATE OR IGNORE %s SET %s = %s", c[0], c[1], value)
		: xasprintf("UPDATE OR IGNORE %s SET %s = %s WHERE %s = (SELECT %s FROM %s LIMIT 1 OFFSET %d)", c[0],
			    c[1], value, c[1], c[1], c[0], b2 % 16);

	sqlite3_exec(db, text, NULL, NULL, NULL);
	free(text);
}

/* What a step does is in its first byte. */
static void
change_values(struct slice input)
{
	sqlite3 *db;

	require(sqlite3_open(path, &db) == SQLITE_OK);
	sqlite3_exec(db, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL);
	for (int i = 0; i < CHANGES_MOST && input.n >= STEP; i++, input.p += STEP, input.n -= STEP)
		if ((uint8_t)input.p[0] < 192)
			change_value(db, (uint8_t)input.p[1], (uint8_t)input.p[2], (uint8_t)input.p[3]);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void
change_bytes(int fd, struct slice input)
{
	for (int i = 0; i < CHANGES_MOST && input.n >= STEP; i++, input.p += STEP, input.n -= STEP) {
		const uint8_t *b = (const uint8_t *)input.p;
		size_t at = ((size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3]) % whole.n;

		if (b[0] >= 254)
			require(ftruncate(fd, (off_t)at) == 0);
		else if (b[0] >= 192)
			require(pwrite(fd, b + 4, 1, (off_t)at) == 1);
	}
}

static void
befall(struct slice input)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	require(fd >= 0 && write(fd, whole.p, whole.n) == (ssize_t)whole.n);
	change_values(input);
	change_bytes(fd, input);
	close(fd);
}

/* ---- who reads it ---- */

static void
complain(void *ctx, const char *sentence)
{
	(void)ctx;
	require(sentence[0]);
}

static void
report(void)
{
	static const struct model_limits limits = {.max_experiments = 10, .curves = 2};
	const struct page_config config = {"lab.db", 4};
	struct err err = {{0}};
	const struct source_kind *kind = source_of(path, &err);
	struct source *source = kind ? kind->open(path, &err) : NULL;
	struct buf page = {0};
	struct run run;

	if (!source) {
		require(err.text[0]);
		return;
	}
	run_init(&run, &limits);
	if (!kind->tell(source, &run, complain, NULL, &err))
		require(err.text[0]);
	run_finish(&run);
	page_write(&page, &run, &config);
	require(run.records >= 0 && run.undecodable <= run.records && page.n > 0);
	buf_free(&page);
	run_fini(&run);
	kind->close(source);
}

static void
store_more(void)
{
	struct err err = {{0}};
	struct book *b = open_book(&err);

	if (!b)
		require(err.text[0]);
	else if (!add_all(b, SAMPLES - 1, SAMPLES + 2))
		require(book_error(b)->text[0]);
	else
		require(book_records(b) >= 0);
	if (b)
		book_close(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!whole.p)
		make_store();
	remove_file();
	befall((struct slice){(const char *)data, size});
	report();
	store_more();
	return 0;
}
