/* SPDX-License-Identifier: MIT */
#include "store/row.h"

#include "codec/print.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const char undecodable[] = "undecodable";

static void
add_number(struct buf *out, const char *name, float value)
{
	buf_addf(out, isfinite(value) ? ",\"%s\":%.9g" : ",\"%s\":null", name, (double)value);
}

void
row_content(struct buf *out, const struct event *e)
{
	buf_str(out, "{\"sensors\":[");
	for (size_t i = 0; i < e->n_sensors; i++) {
		if (i > 0)
			buf_char(out, ',');
		print_json_string(out, e->sensors[i]);
	}
	buf_str(out, "],\"researcher\":");
	if (e->researcher.p)
		print_json_string(out, e->researcher);
	else
		buf_str(out, "null");
	add_number(out, "lower", e->lower);
	add_number(out, "upper", e->upper);
	buf_char(out, '}');
}

static struct slice
copy_text(struct arena *arena, const json_t *text)
{
	return arena_copy(arena, (struct slice){json_string_value(text), json_string_length(text)});
}

static float
number_of(const json_t *content, const char *name)
{
	const json_t *value = json_object_get(content, name);

	return json_is_number(value) ? (float)json_number_value(value) : NAN;
}

static void
read_content(struct slice text, struct arena *arena, struct event *e)
{
	json_t *content = text.p ? json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL) : NULL;
	const json_t *sensors = json_object_get(content, "sensors");
	struct slice *ids = arena_alloc(arena, (json_array_size(sensors) + 1) * sizeof(*ids));

	e->n_sensors = json_array_size(sensors);
	for (size_t i = 0; i < e->n_sensors; i++)
		ids[i] = copy_text(arena, json_array_get(sensors, i));
	e->sensors = ids;
	e->researcher = copy_text(arena, json_object_get(content, "researcher"));
	e->lower = number_of(content, "lower");
	e->upper = number_of(content, "upper");
	json_decref(content);
}

static struct slice
copy_column(struct arena *arena, sqlite3_stmt *t, int i)
{
	return arena_copy(arena, sql_column(t, i));
}

void
row_entry(sqlite3_stmt *t, struct arena *arena, struct entry *out)
{
	struct event *e = &out->event;
	struct slice kind = sql_column(t, 2);

	*out = (struct entry){.undecodable = slice_is(kind, undecodable)};
	e->offset = sqlite3_column_int64(t, 0);
	e->record_time = sql_column_count(t, 1);
	e->kind = kind.p ? event_kind_from(kind) : EVENT_MEASURED;
	e->experiment = copy_column(arena, t, 3);
	e->time = sql_column_real(t, 4);
	e->lower = e->upper = NAN;
	if (e->kind == EVENT_CONFIGURED)
		read_content(sql_column(t, 5), arena, e);
	e->measurement = copy_column(arena, t, 6);
	e->sensor = copy_column(arena, t, 7);
	e->temperature = (float)sql_column_real(t, 8);
	out->problem = copy_column(arena, t, 9);
}
