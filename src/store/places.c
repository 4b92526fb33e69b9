/* SPDX-License-Identifier: MIT */
#include "store/places.h"

#include "base/alloc.h"
#include "store/schema.h"
#include "store/values.h"

#include <inttypes.h>
#include <stdlib.h>

struct places {
	struct sql *sql;
	struct topic *topics;
	size_t n;
	int64_t numbers; /* that were given to places */
	sqlite3_stmt *put, *put_gap;
};

static bool
read_places(struct places *p, int topic_no)
{
	sqlite3_stmt *t = sql_prepare(p->sql, "SELECT partition, first, next, records, measurements, undecodable, "
				      "\"foreign\", duplicates, number FROM offsets WHERE topic = ? ORDER BY 1 DESC");

	if (!t)
		return false;
	sql_text(t, 1, slice_str(p->topics[topic_no].name));
	while (sql_row(p->sql, t)) {
		int64_t partition = sqlite3_column_int64(t, 0);

		if (partition < 0 || partition > INT32_MAX / 1024)
			continue;
		*places_at(p, topic_no, (int32_t)partition) = (struct place){
			.known = true,
			.first = sql_column_number(p->sql, t, 1),
			.next = sql_column_number(p->sql, t, 2),
			.records = sql_column_number(p->sql, t, 3),
			.measurements = sql_column_number(p->sql, t, 4),
			.undecodable = sql_column_number(p->sql, t, 5),
			.foreign = sql_column_number(p->sql, t, 6),
			.duplicates = sql_column_number(p->sql, t, 7),
			.number = sql_column_number(p->sql, t, 8),
		};
	}
	sqlite3_finalize(t);
	return !sql_failed(p->sql);
}

static void
read_topics(struct places *p, const char *const *topics)
{
	sqlite3_stmt *t = sql_prepare(p->sql, "SELECT number FROM topics_ WHERE topic = ?");

	for (size_t i = 0; t && i < p->n; i++) {
		p->topics[i].name = topics[i];
		sql_text(t, 1, slice_str(topics[i]));
		if (sql_row(p->sql, t))
			p->topics[i].number = sql_column_number(p->sql, t, 0);
		sqlite3_reset(t);
		if (!read_places(p, (int)i))
			break;
	}
	sqlite3_finalize(t);
}

struct places *
places_new(struct sql *sql, const char *const *topics, size_t n)
{
	struct places *p = xcalloc(1, sizeof(*p));

	*p = (struct places){.sql = sql, .topics = xcalloc(n, sizeof(*p->topics)), .n = n};
	p->numbers = sql_number(sql, "SELECT max(number) FROM offsets", 0);
	if (p->numbers < 0 || p->numbers > SCHEMA_PLACES)
		sql_fail(sql, SQLITE_CORRUPT);
	p->put = sql_prepare(sql, "INSERT OR REPLACE INTO offsets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	p->put_gap = sql_prepare(sql, "INSERT OR IGNORE INTO gaps VALUES (?, ?, ?, ?)");
	read_topics(p, topics);
	return p;
}

void
places_free(struct places *p)
{
	if (!p)
		return;
	sqlite3_finalize(p->put);
	sqlite3_finalize(p->put_gap);
	for (size_t i = 0; i < p->n; i++)
		free(p->topics[i].places);
	free(p->topics);
	free(p);
}

const struct topic *
places_topic(const struct places *p, int topic_no)
{
	return &p->topics[topic_no];
}

int
places_topic_no(const struct places *p, int64_t number)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->topics[i].number == number)
			return (int)i;
	return 0;
}

const struct place *
places_find(const struct places *p, int topic_no, int64_t partition)
{
	const struct topic *t = &p->topics[topic_no];

	return partition >= 0 && (uint64_t)partition < t->n ? &t->places[partition] : NULL;
}

struct place *
places_at(struct places *p, int topic_no, int32_t partition)
{
	struct topic *t = &p->topics[topic_no];
	size_t needed = (size_t)partition + 1;

	if (needed > t->n) {
		t->places = xreallocarray(t->places, needed, sizeof(*t->places));
		memset(t->places + t->n, 0, (needed - t->n) * sizeof(*t->places));
		t->n = needed;
	}
	return &t->places[partition];
}

int64_t
places_records(const struct places *p)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->topics[i].n; k++)
			n += p->topics[i].places[k].records;
	return n;
}

bool
places_number(struct places *p, struct place *place, const struct event *e)
{
	if (e->offset > SCHEMA_OFFSETS || (place->number == 0 && p->numbers == SCHEMA_PLACES))
		return err_set(&p->sql->err, "%s[%" PRId32 "]@%" PRId64 " has no place in %s: that holds %d partitions "
			       "and offsets up to %" PRId64, p->topics[e->topic_no].name, e->partition, e->offset,
			       p->sql->file, SCHEMA_PLACES, SCHEMA_OFFSETS);
	if (place->number == 0)
		place->number = ++p->numbers;
	return true;
}

void
places_count(struct place *place, const struct entry *x)
{
	int64_t offset = x->event.offset;

	place->first = place->known && place->first < offset ? place->first : offset;
	place->next = place->known && place->next > offset ? place->next : offset + 1;
	place->known = true;
	place->records++;
	place->measurements += !x->problem.p && x->event.kind == EVENT_MEASURED;
	place->undecodable += x->undecodable;
	place->foreign += x->problem.p && !x->undecodable;
}

bool
places_put_gap(struct places *p, const struct place *place, const struct event *e)
{
	struct values v = {.t = p->put_gap};

	values_text(&v, slice_str(p->topics[e->topic_no].name));
	values_int(&v, e->partition);
	values_int(&v, place->next);
	values_int(&v, e->offset);
	return sql_run(p->sql, p->put_gap);
}

static bool
write_place(struct places *p, const struct topic *topic, int64_t partition)
{
	const struct place *place = &topic->places[partition];
	struct values v = {.t = p->put};

	values_int(&v, place->number);
	values_text(&v, slice_str(topic->name));
	values_int(&v, partition);
	values_int(&v, place->first);
	values_int(&v, place->next);
	values_int(&v, place->records);
	values_int(&v, place->measurements);
	values_int(&v, place->undecodable);
	values_int(&v, place->foreign);
	values_int(&v, place->duplicates);
	return sql_run(p->sql, p->put);
}

bool
places_write(struct places *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct topic *topic = &p->topics[i];

		for (size_t k = 0; k < topic->n; k++) {
			if (topic->places[k].touched && !write_place(p, topic, (int64_t)k))
				return false;
			topic->places[k].touched = false;
		}
	}
	return true;
}
