/* SPDX-License-Identifier: MIT */
#include "store/bulk.h"

#include "base/buf.h"

static sqlite3_stmt *
prepare(struct sql *sql, const struct bulk_table *table, size_t rows)
{
	struct buf text = {0};
	sqlite3_stmt *t;

	buf_str(&text, table->insert);
	for (size_t i = 0; i < rows; i++) {
		buf_str(&text, i > 0 ? ", (?" : "(?");
		for (size_t k = 1; k < table->columns; k++)
			buf_str(&text, ", ?");
		buf_char(&text, ')');
	}
	t = sql_prepare(sql, buf_cstr(&text));
	buf_free(&text);
	return t;
}

void
bulk_init(struct bulk *b, struct sql *sql, const struct bulk_table *table)
{
	*b = (struct bulk){
		.sql = sql, .table = table,
		.one = prepare(sql, table, 1), .many = prepare(sql, table, table->at_once),
	};
}

void
bulk_fini(struct bulk *b)
{
	sqlite3_finalize(b->one);
	sqlite3_finalize(b->many);
}

static bool
run(const struct bulk *b, sqlite3_stmt *t, const char *rows, size_t n)
{
	struct values v = {.t = t};

	for (size_t i = 0; i < n; i++)
		b->table->bind(&v, rows + i * b->table->size);
	return sql_run(b->sql, t);
}

bool
bulk_write(struct bulk *b, const void *rows, size_t n)
{
	const struct bulk_table *table = b->table;
	const char *row = rows;

	for (; n >= table->at_once; n -= table->at_once, row += table->at_once * table->size)
		if (!run(b, b->many, row, table->at_once))
			return false;
	for (; n > 0; n--, row += table->size)
		if (!run(b, b->one, row, 1))
			return false;
	return true;
}
