/* SPDX-License-Identifier: MIT */
#include "store/book.h"

#include "base/alloc.h"
#include "model/ident.h"
#include "store/experiments.h"
#include "store/row.h"
#include "store/values.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct book {
	struct sql sql;
	struct schema_owner owner;
	struct places *places;
	struct readings *readings;
	struct experiments *experiments;
	sqlite3_stmt *find_record, *add_event;
	struct buf content;
	struct book_counts counts;
};

/* ---- records ---- */

static bool
add_reading(struct book *b, const struct place *place, const struct event *e)
{
	struct reading r = {
		.key = schema_key(place->number, e->offset), .timestamp = e->record_time,
		.time = e->time, .temperature = (double)e->temperature,
	};

	return experiments_measure(b->experiments, e, &r) && readings_add(b->readings, &r);
}

/* Whatever is no reading. */
static bool
add_event(struct book *b, const struct entry *x)
{
	const struct event *e = &x->event;
	struct values v = {.t = b->add_event};
	char room[MEASURE_EXPERIMENT_ID];
	bool known = !x->problem.p;

	if (known && event_stage(e->kind) != STAGE_UNKNOWN && !experiments_follow(b->experiments, e))
		return false;
	buf_clear(&b->content);
	if (known && e->kind == EVENT_CONFIGURED)
		row_content(&b->content, e);
	values_text(&v, slice_str(places_topic(b->places, e->topic_no)->name));
	values_int(&v, e->partition);
	values_int(&v, e->offset);
	values_count(&v, e->record_time);
	values_text(&v, slice_str(x->undecodable ? "undecodable" : known ? event_kind_name(e->kind) : "foreign"));
	values_text(&v, known ? ident(e->experiment, room, sizeof(room)) : (struct slice){0});
	values_real(&v, known ? e->time : (double)NAN);
	values_text(&v, b->content.n ? (struct slice){b->content.p, b->content.n} : (struct slice){0});
	values_text(&v, x->problem);
	return sql_run(&b->sql, b->add_event);
}

/* The row of the record at OFFSET: its timestamp, in a column. To be reset. */
static bool
find_record(struct book *b, int topic_no, int32_t partition, int64_t offset)
{
	const struct topic *topic = places_topic(b->places, topic_no);
	struct values v = {.t = b->find_record};

	values_int(&v, schema_key(topic->places[partition].number, offset));
	values_text(&v, slice_str(topic->name));
	values_int(&v, partition);
	values_int(&v, offset);
	return sql_row(&b->sql, b->find_record);
}

/* E's offset is before where its partition goes on: whether its record is stored. One that
 * differs is of another topic of this name. */
static bool
is_stored(struct book *b, const struct event *e)
{
	sqlite3_stmt *t = b->find_record;
	const struct topic *topic = places_topic(b->places, e->topic_no);
	bool stored;

	if (!readings_write(b->readings))
		return false;
	stored = find_record(b, e->topic_no, e->partition, e->offset);
	if (stored && sql_column_count(t, 0) != (e->record_time >= 0 ? e->record_time : -1))
		err_set(&b->sql.err, "%s[%" PRId32 "]@%" PRId64 " is another record than the one that %s has: the "
			"topic was deleted and made anew; name another file", topic->name, e->partition, e->offset,
			b->sql.file);
	sqlite3_reset(t);
	return stored;
}

/* Others have read what is between where P stands and E. */
static bool
pass_gap(struct book *b, const struct place *p, const struct event *e)
{
	experiments_pass_gap(b->experiments, e);
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
		return !sql_failed(&b->sql);
	}
	if (sql_failed(&b->sql) || !(reading ? add_reading(b, p, e) : add_event(b, x)))
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
	return readings_write(b->readings) && experiments_write(b->experiments) && places_write(b->places) &&
	       sql_exec(&b->sql, "COMMIT");
}

void
book_rollback(struct book *b)
{
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
book_timestamp(struct book *b, int topic_no, int32_t partition, int64_t offset)
{
	int64_t found = -1;

	if (offset >= 0 && find_record(b, topic_no, partition, offset))
		found = sql_column_count(b->find_record, 0);
	sqlite3_reset(b->find_record);
	return found;
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
	struct experiments_limits limits = {
		.known = config->experiments ? config->experiments : BOOK_EXPERIMENTS,
		.bytes = BOOK_BYTES,
	};

	b->places = places_new(&b->sql, config->topics, config->n_topics);
	b->readings = readings_new(&b->sql);
	b->experiments = experiments_new(&b->sql, b->places, b->readings, limits);
	b->find_record = sql_prepare(&b->sql,
		"SELECT timestamp FROM readings_ WHERE key = ?1 UNION ALL"
		" SELECT timestamp FROM events WHERE topic = ?2 AND partition = ?3 AND \"offset\" = ?4");
	b->add_event = sql_prepare(&b->sql, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	return !sql_failed(&b->sql);
}

struct book *
book_open(const struct book_config *config, struct err *err)
{
	struct book *b = xcalloc(1, sizeof(*b));

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
	sqlite3_finalize(b->find_record);
	sqlite3_finalize(b->add_event);
	experiments_free(b->experiments);
	readings_free(b->readings);
	places_free(b->places);
	sql_close(&b->sql);
	buf_free(&b->content);
	free(b);
}
