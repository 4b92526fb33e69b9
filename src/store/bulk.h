/* SPDX-License-Identifier: MIT */
/*
 * Rows of one table, written many a statement: as many at once as the table says, what is
 * left one by one. One thread at a time; what fails leaves its sentence in the connection.
 */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "store/values.h"

struct bulk_table {
	const char *insert; /* "INSERT INTO .. VALUES " */
	size_t columns, at_once;
	size_t size; /* bytes of a row in memory */
	void (*bind)(struct values *v, const void *row);
};

struct bulk {
	struct sql *sql;
	const struct bulk_table *table;
	sqlite3_stmt *one, *many;
};

/* SQL, which says what failed, and TABLE outlive B. */
void bulk_init(struct bulk *b, struct sql *sql, const struct bulk_table *table);
void bulk_fini(struct bulk *b);

bool bulk_write(struct bulk *b, const void *rows, size_t n);

#endif
