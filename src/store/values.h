/* SPDX-License-Identifier: MIT */
/*
 * The values of a statement, bound one behind the other from its first parameter on:
 * struct values v = {.t = t}; values_int(&v, 7); values_text(&v, name); ..
 * What becomes NULL, and how long a slice must stay, is sql.h's to say.
 */
#ifndef STORE_VALUES_H
#define STORE_VALUES_H

#include "store/sql.h"

struct values {
	sqlite3_stmt *t;
	int last; /* parameter that has its value */
};

static inline void
values_text(struct values *v, struct slice value)
{
	sql_text(v->t, ++v->last, value);
}

static inline void
values_real(struct values *v, double value)
{
	sql_real(v->t, ++v->last, value);
}

static inline void
values_int(struct values *v, int64_t value)
{
	sql_int(v->t, ++v->last, value);
}

static inline void
values_count(struct values *v, int64_t value)
{
	sql_count(v->t, ++v->last, value);
}

#endif
