/* SPDX-License-Identifier: MIT */
/*
 * SQLite, as the store speaks to it: one connection to one file that no other exptop has
 * open, statements that are bound and stepped, and its errors as sentences. One thread at
 * a time. Everything that fails leaves its sentence in `err`, the first one stays.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/err.h"
#include "base/slice.h"

#include <sqlite3.h>
#include <stdint.h>

enum { SQL_BUSY_MS = 5000 }; /* how long another program's transaction is waited for */

struct sql {
	sqlite3 *db;
	char *file;
	int lock; /* the descriptor that holds FILE for us; -1 none */
	struct err err;
};

/* Made when missing, if it is to be written. False: nothing is left open. */
bool sql_open(struct sql *s, const char *file, bool to_write);
void sql_close(struct sql *s);

bool sql_exec(struct sql *s, const char *text);
bool sql_fail(struct sql *s, int code); /* keep the sentence for CODE; always false */

static inline bool
sql_failed(const struct sql *s)
{
	return s->err.text[0];
}

/* What TEXT gives first; FALLBACK where there is no row. */
int64_t sql_number(struct sql *s, const char *text, int64_t fallback);

/* NULL when it cannot be; finalised by sqlite3_finalize(). */
sqlite3_stmt *sql_prepare(struct sql *s, const char *text);

/* The same for N of them. */
void sql_prepare_all(struct sql *s, sqlite3_stmt **out, const char *const *texts, size_t n);
void sql_finalize_all(sqlite3_stmt **t, size_t n);

/* Bind one value. The slice must stay until the statement is reset; null, NaN and -1 (count) are NULL. */
static inline void
sql_text(sqlite3_stmt *t, int i, struct slice value)
{
	sqlite3_bind_text(t, i, value.p, (int)value.n, SQLITE_STATIC);
}

static inline void
sql_real(sqlite3_stmt *t, int i, double value)
{
	sqlite3_bind_double(t, i, value);
}

static inline void
sql_int(sqlite3_stmt *t, int i, int64_t value)
{
	sqlite3_bind_int64(t, i, value);
}

static inline void
sql_count(sqlite3_stmt *t, int i, int64_t value)
{
	if (value >= 0)
		sqlite3_bind_int64(t, i, value);
	else
		sqlite3_bind_null(t, i);
}

/* Run T, which gives no row, and reset it. */
bool sql_run(struct sql *s, sqlite3_stmt *t);

/* The number in the only row that T gives, and reset it; -1 where there is none. */
int64_t sql_only(struct sql *s, sqlite3_stmt *t);

/* The next row; false, and T is reset, when there is none or it failed. */
bool sql_row(struct sql *s, sqlite3_stmt *t);

/* A column of that row; the slice is good until the next. */
struct slice sql_column(sqlite3_stmt *t, int i);
/* One that a store counts or numbers by: not negative, and so low that it can go on; another is damage, and 0. */
int64_t sql_column_number(struct sql *s, sqlite3_stmt *t, int i);
double sql_column_real(sqlite3_stmt *t, int i);   /* NaN for NULL */
int64_t sql_column_count(sqlite3_stmt *t, int i); /* -1 for NULL */

#endif
