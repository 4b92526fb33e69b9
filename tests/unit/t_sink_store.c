/* SPDX-License-Identifier: MIT */
/* Records on their way into a store: what is none of the course's is kept, too, with the reason. */
#include "engine/sink_store.h"

#include "codec/encode.h"
#include "unit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

static char file[] = "/tmp/t_sink_store.XXXXXX";
static const char *const lab = "lab";
static struct buf message;

/* N records of experiment_started in one container. */
static struct slice
started(size_t n)
{
	const struct encode_frame frame = {.schema = encode_schema(EVENT_STARTED)};
	struct buf records = {0};
	double time = 1000.5;

	buf_clear(&message);
	encode_header(&message, &frame);
	for (size_t i = 0; i < n; i++) {
		encode_string(&records, slice_str("x"));
		buf_add(&records, &time, sizeof(time));
	}
	encode_block(&message, &frame, n, (struct slice){records.p, records.n});
	buf_free(&records);
	return (struct slice){message.p, message.n};
}

static void
give(struct sink *s, int64_t offset, struct slice value)
{
	struct record r = {.topic = lab, .offset = offset, .timestamp = 1000, .value = value};
	struct err err = {0};

	assert_int_equal(s->ops->records(s, &r, 1, &err), 1);
}

static void
assert_kind(sqlite3 *db, int64_t offset, const char *kind, const char *problem)
{
	sqlite3_stmt *t;
	const char *why;

	sqlite3_prepare_v2(db, "SELECT kind, problem FROM events WHERE \"offset\" = ?", -1, &t, NULL);
	sqlite3_bind_int64(t, 1, offset);
	assert_int_equal(sqlite3_step(t), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(t, 0), kind);
	why = (const char *)sqlite3_column_text(t, 1);
	assert_string_equal(why ? why : "", problem);
	sqlite3_finalize(t);
}

static void
every_record_is_kept(void **state)
{
	const struct store_config config = {.file = file, .topics = &lab, .n_topics = 1};
	struct err err = {0};
	struct store *store = store_open(&config, &err);
	struct sink *s = sink_store_new(store);
	struct record place;
	sqlite3 *db;

	(void)state;
	give(s, 0, started(1));
	give(s, 1, started(2));
	give(s, 2, started(0));
	give(s, 3, slice_str("plain"));
	give(s, 4, (struct slice){0});
	give(s, 5, slice_str("Obj\1broken"));
	assert_int_equal(s->ops->kept(s, true, &place, 1, &err), 1);
	assert_string_equal(err.text, "");
	assert_int_equal(place.offset, 5);
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_kind(db, 0, "experiment_started", "");
	assert_kind(db, 1, "foreign", "a container of 2 records");
	assert_kind(db, 2, "foreign", "a container of 0 records");
	assert_kind(db, 3, "foreign", "no Avro container");
	assert_kind(db, 4, "foreign", "no value");
	assert_kind(db, 5, "undecodable", "the container's header is cut short or its metadata is broken");
	sqlite3_close(db);
	sink_store_free(s);
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_is_kept),
	};
	int fd = mkstemp(file), failed;

	close(fd);
	failed = fd < 0 || cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	buf_free(&message);
	return failed;
}
