/* SPDX-License-Identifier: MIT */
#include "store/sensors.h"

#include "base/hashtable.h"
#include "model/ident.h"
#include "model/measure.h"

struct sensor {
	struct sensor_key {
		int64_t experiment;
		char id[MEASURE_SENSOR_ID];
	} key;
	int64_t number;
	struct sensor *after; /* whose reading came after its own the last time */
	UT_hash_handle hh;
};

struct sensors {
	struct sql *sql;
	sqlite3_stmt *find, *add;
	struct sensor *known;
	size_t era; /* how often they were dropped */
};

struct sensors *
sensors_new(struct sql *sql)
{
	struct sensors *s = xcalloc(1, sizeof(*s));

	s->sql = sql;
	s->find = sql_prepare(sql, "SELECT number FROM sensors_ WHERE experiment = ? AND sensor = ?");
	s->add = sql_prepare(sql, "INSERT INTO sensors_ SELECT ?1, ?2, coalesce(max(number) + 1, 0) FROM sensors_"
			     " WHERE experiment = ?1 RETURNING number");
	return s;
}

static void
forget(struct sensors *s)
{
	struct sensor *x, *next;

	HASH_ITER(hh, s->known, x, next) {
		HASH_DEL(s->known, x);
		free(x);
	}
	s->era++;
}

void
sensors_free(struct sensors *s)
{
	if (!s)
		return;
	forget(s);
	sqlite3_finalize(s->find);
	sqlite3_finalize(s->add);
	free(s);
}

static int64_t
look_up(struct sensors *s, int64_t experiment, struct slice id)
{
	sqlite3_stmt *const ways[] = {s->find, s->add};
	int64_t number = -1;

	for (size_t i = 0; i < 2 && number < 0 && !sql_failed(s->sql); i++) {
		sql_int(ways[i], 1, experiment);
		sql_text(ways[i], 2, id);
		number = sql_only(s->sql, ways[i]);
	}
	return number;
}

static struct sensor *
know(struct sensors *s, int64_t experiment, struct slice id)
{
	struct sensor_key key = {.experiment = experiment};
	struct sensor *x;

	memcpy(key.id, id.p, id.n);
	HASH_FIND(hh, s->known, &key, sizeof(key), x);
	if (x)
		return x;
	if (HASH_COUNT(s->known) >= SENSORS_MOST)
		forget(s);
	x = xcalloc(1, sizeof(*x));
	x->key = key;
	x->number = look_up(s, experiment, id);
	HASH_ADD(hh, s->known, key, sizeof(x->key), x);
	return x;
}

static bool
is_sensor(const struct sensor *x, struct slice id)
{
	return memcmp(x->key.id, id.p, id.n) == 0 && (id.n == sizeof(x->key.id) || x->key.id[id.n] == '\0');
}

static struct sensor *
last_of(const struct sensors *s, const struct sensor_turn *turn)
{
	return turn->era == s->era ? turn->last : NULL;
}

int64_t
sensors_number(struct sensors *s, int64_t experiment, struct sensor_turn *turn, struct slice foreign)
{
	char room[MEASURE_SENSOR_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct sensor *last = last_of(s, turn), *x = last ? last->after : NULL;

	if (id.n == 0)
		return -1;
	if (!x || !is_sensor(x, id)) {
		x = know(s, experiment, id);
		last = last_of(s, turn); /* they may have been dropped */
		if (last)
			last->after = x;
	}
	*turn = (struct sensor_turn){.last = x, .era = s->era};
	return x->number;
}
