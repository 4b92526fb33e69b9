/* SPDX-License-Identifier: MIT */
#include "store/readings.h"

#include "base/alloc.h"
#include "store/bulk.h"

#include <stdlib.h>

enum { AT_ONCE = 64 }; /* a statement for each takes a quarter longer */

struct readings {
	struct bulk bulk;
	struct reading rows[AT_ONCE]; /* not yet written */
	size_t n;
};

static void
bind_reading(struct values *v, const void *row)
{
	const struct reading *r = row;

	values_int(v, r->key);
	values_count(v, r->timestamp);
	values_count(v, r->experiment);
	values_count(v, r->sample);
	values_count(v, r->sensor);
	values_real(v, r->time);
	values_real(v, r->temperature);
	values_int(v, r->state);
}

static const struct bulk_table table = {
	.insert = "INSERT INTO readings_ VALUES ",
	.columns = 8,
	.at_once = AT_ONCE,
	.size = sizeof(struct reading),
	.bind = bind_reading,
};

struct readings *
readings_new(struct sql *sql)
{
	struct readings *r = xcalloc(1, sizeof(*r));

	bulk_init(&r->bulk, sql, &table);
	return r;
}

void
readings_free(struct readings *r)
{
	if (!r)
		return;
	bulk_fini(&r->bulk);
	free(r);
}

bool
readings_add(struct readings *r, const struct reading *reading)
{
	r->rows[r->n++] = *reading;
	return r->n < AT_ONCE || readings_write(r);
}

bool
readings_write(struct readings *r)
{
	size_t n = r->n;

	r->n = 0;
	return bulk_write(&r->bulk, r->rows, n);
}
