/* SPDX-License-Identifier: MIT */
#include "store/sql.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define NUMBERS (INT64_C(1) << 53) /* more than can ever be counted */

/* What a code means to whoever runs us; the others are said in the library's words. A lock that
 * another program holds is waited for, SQL_BUSY_MS long, before it comes to that. */
static const struct {
	int code;
	const char *sentence; /* behind the file's name */
} meanings[] = {
	{SQLITE_FULL, "the disk is full: free some space and start again, it goes on where it stopped"},
	{SQLITE_READONLY, "cannot be written: give write permission on it and its folder, or name another file"},
	{SQLITE_BUSY, "another program keeps it locked: let that end its transaction, then start again"},
	{SQLITE_LOCKED, "another program keeps it locked: let that end its transaction, then start again"},
	{SQLITE_CANTOPEN, "cannot be opened: its folder must be there, and files may be made in it"},
	{SQLITE_NOTADB, "is no store: name another file"},
	{SQLITE_CORRUPT, "is damaged: save what can be read with sqlite3 and its .recover, and name another file"},
};

bool
sql_fail(struct sql *s, int code)
{
	if (s->err.text[0])
		return false;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == (code & 0xff))
			return err_set(&s->err, "%s: %s", s->file, meanings[i].sentence);
	if ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno(s->db))
		return err_set(&s->err, "%s: %s", s->file, strerror(sqlite3_system_errno(s->db)));
	return err_set(&s->err, "%s: %s", s->file, sqlite3_errmsg(s->db));
}

/* The lock is flock's: SQLite's own are of another kind, and readers may come all the same. */
static bool
lock(struct sql *s, bool to_write)
{
	s->lock = open(s->file, (to_write ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0666);
	if (s->lock < 0)
		return err_set(&s->err, "%s cannot be opened%s: %s", s->file, to_write ? " for writing" : "",
			       strerror(errno));
	if (!to_write || flock(s->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno != EWOULDBLOCK)
		return err_set(&s->err, "%s cannot be locked: %s", s->file, strerror(errno));
	return err_set(&s->err, "%s is open in another exptop: end that one, or name another file; each member of a "
		       "group needs a store of its own", s->file);
}

bool
sql_open(struct sql *s, const char *file, bool to_write)
{
	int flags = (to_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX, code;

	*s = (struct sql){.file = xstrdup(file), .lock = -1};
	if (lock(s, to_write)) {
		code = sqlite3_open_v2(file, &s->db, flags, NULL);
		if (code == SQLITE_OK) {
			sqlite3_busy_timeout(s->db, SQL_BUSY_MS);
			return true;
		}
		sql_fail(s, code);
	}
	sql_close(s);
	return false;
}

void
sql_close(struct sql *s)
{
	sqlite3_close(s->db);
	if (s->lock >= 0)
		close(s->lock); /* last: closing a descriptor of the file ends SQLite's own locks */
	free(s->file);
	s->db = NULL;
	s->lock = -1;
	s->file = NULL;
}

bool
sql_exec(struct sql *s, const char *text)
{
	int code = sqlite3_exec(s->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK || sql_fail(s, code);
}

sqlite3_stmt *
sql_prepare(struct sql *s, const char *text)
{
	sqlite3_stmt *t = NULL;
	int code = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, &t, NULL);

	if (code != SQLITE_OK)
		sql_fail(s, code);
	return t;
}

void
sql_prepare_all(struct sql *s, sqlite3_stmt **out, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = sql_prepare(s, texts[i]);
}

void
sql_finalize_all(sqlite3_stmt **t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sqlite3_finalize(t[i]);
}

bool
sql_row(struct sql *s, sqlite3_stmt *t)
{
	int code = sqlite3_step(t);

	if (code == SQLITE_ROW)
		return true;
	sqlite3_reset(t);
	return code != SQLITE_DONE && sql_fail(s, code);
}

bool
sql_run(struct sql *s, sqlite3_stmt *t)
{
	int code = sqlite3_step(t);

	sqlite3_reset(t);
	return code == SQLITE_DONE || sql_fail(s, code);
}

int64_t
sql_only(struct sql *s, sqlite3_stmt *t)
{
	int64_t number = sql_row(s, t) ? sql_column_count(t, 0) : -1;

	sqlite3_reset(t);
	return number;
}

int64_t
sql_number(struct sql *s, const char *text, int64_t fallback)
{
	sqlite3_stmt *t = sql_prepare(s, text);

	if (t && sql_row(s, t))
		fallback = sqlite3_column_int64(t, 0);
	sqlite3_finalize(t);
	return fallback;
}

struct slice
sql_column(sqlite3_stmt *t, int i)
{
	const char *text = (const char *)sqlite3_column_text(t, i);

	return (struct slice){text, (size_t)sqlite3_column_bytes(t, i)};
}

int64_t
sql_column_number(struct sql *s, sqlite3_stmt *t, int i)
{
	int64_t n = sqlite3_column_int64(t, i);

	if (n >= 0 && n <= NUMBERS)
		return n;
	sql_fail(s, SQLITE_CORRUPT);
	return 0;
}

double
sql_column_real(sqlite3_stmt *t, int i)
{
	return sqlite3_column_type(t, i) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(t, i);
}

int64_t
sql_column_count(sqlite3_stmt *t, int i)
{
	return sqlite3_column_type(t, i) == SQLITE_NULL ? -1 : sqlite3_column_int64(t, i);
}
