/* SPDX-License-Identifier: MIT */
#include "store/union.h"

#include "base/alloc.h"
#include "base/strings.h"
#include "store/row.h"
#include "store/schema.h"

#include <stdlib.h>

/* A partition in one of a file's two tables. */
struct cursor {
	struct sql *sql;
	sqlite3_stmt *rows;
	struct arena arena; /* of `at` */
	struct entry at;
	bool there; /* a row stands in `at` */
};

/* A partition in all files. */
struct spot {
	int topic_no;
	int32_t partition;
	struct cursor *cursors;
	size_t n;
	int64_t next; /* the offset behind the last one given out; -1 none was */
};

struct store_union {
	struct sql *files;
	size_t n;
	struct strings topics;
	struct spot *spots;
	size_t n_spots;
	struct arena given;
	struct union_counts counts;
};

static const char *const tables[] = {
	"SELECT " ROW_EVENT " FROM events e WHERE e.topic = ?1 AND e.partition = ?2 ORDER BY 1",
	"SELECT " SCHEMA_OFFSET("m.key") ", m.timestamp, NULL, e.experiment, m.time, NULL, s.measurement, n.sensor,"
	" m.temperature, NULL FROM readings_ m LEFT JOIN experiments e ON e.number = m.experiment"
	" LEFT JOIN samples_ s ON s.experiment = m.experiment AND s.number = m.sample"
	" LEFT JOIN sensors_ n ON n.experiment = m.experiment AND n.number = m.sensor"
	" WHERE m.key " SCHEMA_KEYS_OF("(SELECT number FROM offsets WHERE topic = ?1 AND partition = ?2)")
	" ORDER BY m.key",
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

/* ---- what there is to be read ---- */

static int
topic_no(struct store_union *u, struct slice name)
{
	for (size_t i = 0; i < u->topics.n; i++)
		if (slice_is(name, u->topics.item[i]))
			return (int)i;
	strings_addf(&u->topics, "%.*s", (int)name.n, name.p);
	return (int)u->topics.n - 1;
}

static void
add_spot(struct store_union *u, struct spot spot)
{
	for (size_t i = 0; i < u->n_spots; i++)
		if (u->spots[i].topic_no == spot.topic_no && u->spots[i].partition == spot.partition)
			return;
	if ((u->n_spots & (u->n_spots - 1)) == 0)
		u->spots = xreallocarray(u->spots, u->n_spots ? 2 * u->n_spots : 1, sizeof(*u->spots));
	u->spots[u->n_spots++] = spot;
}

/* No topic has such offsets as are passed over; a file that is not as we write it may. */
static void
advance(struct cursor *c)
{
	do {
		arena_reset(&c->arena);
		c->there = sql_row(c->sql, c->rows);
		if (c->there)
			row_entry(c->rows, &c->arena, &c->at);
	} while (c->there && (c->at.event.offset < 0 || c->at.event.offset == INT64_MAX));
}

static bool
list_spots(struct store_union *u, struct sql *s, struct err *err)
{
	sqlite3_stmt *t = sql_prepare(s, "SELECT topic, partition FROM offsets");

	while (t && sql_row(s, t))
		add_spot(u, (struct spot){
			.topic_no = topic_no(u, sql_column(t, 0)), .partition = sqlite3_column_int(t, 1), .next = -1});
	sqlite3_finalize(t);
	return !s->err.text[0] || err_set(err, "%s", s->err.text);
}

static bool
open_cursors(struct store_union *u, struct spot *spot, struct err *err)
{
	spot->cursors = xcalloc(u->n * TABLES, sizeof(*spot->cursors));
	for (size_t i = 0; i < u->n * TABLES; i++) {
		struct cursor *c = &spot->cursors[spot->n++];

		c->sql = &u->files[i / TABLES];
		c->rows = sql_prepare(c->sql, tables[i % TABLES]);
		if (!c->rows)
			return err_set(err, "%s", c->sql->err.text);
		sql_text(c->rows, 1, slice_str(u->topics.item[spot->topic_no]));
		sql_int(c->rows, 2, spot->partition);
		advance(c);
	}
	return true;
}

static bool
open_all(struct store_union *u, const char *const *files, size_t n, struct err *err)
{
	struct schema_owner first = {0}, owner = {0};

	for (size_t i = 0; i < n; i++) {
		struct sql *s = &u->files[u->n++];

		if (!sql_open(s, files[i], false) || !schema_check(s, &owner))
			return err_set(err, "%s", s->err.text);
		if (i > 0 && strcmp(owner.cluster, first.cluster) != 0)
			return err_set(err, "%s is of another cluster than %s: they have no records in common",
				       files[i], files[0]);
		if (!list_spots(u, s, err))
			return false;
		first = owner;
	}
	for (size_t i = 0; i < u->n_spots; i++)
		if (!open_cursors(u, &u->spots[i], err))
			return false;
	return true;
}

struct store_union *
union_open(const char *const *files, size_t n, struct err *err)
{
	struct store_union *u = xcalloc(1, sizeof(*u));

	u->files = xcalloc(n, sizeof(*u->files));
	if (open_all(u, files, n, err))
		return u;
	union_close(u);
	return NULL;
}

static void
free_spot(struct spot *spot)
{
	for (size_t i = 0; i < spot->n; i++) {
		sqlite3_finalize(spot->cursors[i].rows);
		arena_free(&spot->cursors[i].arena);
	}
	free(spot->cursors);
}

void
union_close(struct store_union *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->n_spots; i++)
		free_spot(&u->spots[i]);
	for (size_t i = 0; i < u->n; i++)
		sql_close(&u->files[i]);
	arena_free(&u->given);
	strings_clear(&u->topics);
	free(u->spots);
	free(u->files);
	free(u);
}

size_t
union_topics(const struct store_union *u)
{
	return u->topics.n;
}

const char *
union_topic(const struct store_union *u, size_t i)
{
	return u->topics.item[i];
}

/* ---- reading ---- */

/* The next record of a partition; NULL: it is at its end. */
static struct cursor *
lowest(const struct spot *spot)
{
	struct cursor *found = NULL;

	for (struct cursor *c = spot->cursors; c < spot->cursors + spot->n; c++)
		if (c->there && (!found || c->at.event.offset < found->at.event.offset))
			found = c;
	return found;
}

static struct cursor *
earliest(const struct store_union *u, struct spot **spot)
{
	struct cursor *found = NULL;

	for (size_t i = 0; i < u->n_spots; i++) {
		struct cursor *c = lowest(&u->spots[i]);

		if (c && (!found || c->at.event.record_time < found->at.event.record_time)) {
			found = c;
			*spot = &u->spots[i];
		}
	}
	return found;
}

static bool
same(const struct entry *x, const struct entry *y)
{
	const struct event *a = &x->event, *b = &y->event;

	return a->kind == b->kind && a->record_time == b->record_time &&
	       memcmp(&a->time, &b->time, sizeof(a->time)) == 0 && slice_eq(a->experiment, b->experiment) &&
	       slice_eq(a->measurement, b->measurement) && slice_eq(a->sensor, b->sensor) &&
	       slice_eq(x->problem, y->problem) &&
	       memcmp(&a->temperature, &b->temperature, sizeof(a->temperature)) == 0;
}

/* The others that have the record of C, too, go on with it. */
static void
pass_overlaps(struct store_union *u, const struct spot *spot, const struct cursor *c)
{
	for (struct cursor *other = spot->cursors; other < spot->cursors + spot->n; other++) {
		if (other == c || !other->there || other->at.event.offset != c->at.event.offset)
			continue;
		u->counts.overlaps++;
		u->counts.differing += !same(&c->at, &other->at);
		advance(other);
	}
}

/* C's record into OUT, to stay when C goes on. */
static void
give(struct store_union *u, struct spot *spot, struct cursor *c, struct entry *out)
{
	struct arena memory = u->given;

	*out = c->at;
	out->event.topic_no = spot->topic_no;
	out->event.partition = spot->partition;
	u->given = c->arena;
	c->arena = memory;
	u->counts.records++;
	if (spot->next >= 0)
		u->counts.missing += out->event.offset - spot->next;
	spot->next = out->event.offset + 1;
}

static bool
take_error(const struct store_union *u, struct err *err)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->files[i].err.text[0])
			return err_set(err, "%s", u->files[i].err.text);
	return false;
}

bool
union_next(struct store_union *u, struct entry *out, struct err *err)
{
	struct spot *spot;
	struct cursor *c = earliest(u, &spot);

	if (!c)
		return take_error(u, err);
	pass_overlaps(u, spot, c);
	give(u, spot, c, out);
	advance(c);
	return true;
}

struct union_counts
union_counts(const struct store_union *u)
{
	return u->counts;
}
