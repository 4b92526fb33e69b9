/* SPDX-License-Identifier: MIT */
/*
 * A stored row as the event that it was made from, and the content of a configuration as the
 * JSON that it is kept in. Pure but for the statement.
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/entry.h"
#include "store/sql.h"

/* The columns that row_entry() reads, of events (named e); a measurement's row has the same, with a kind of NULL. */
#define ROW_EVENT "e.\"offset\", e.timestamp, e.kind, e.experiment, e.time, e.content, NULL, NULL, NULL, e.problem"

/* Its slices point into ARENA. Topic and partition are the caller's to fill. */
void row_entry(sqlite3_stmt *t, struct arena *arena, struct entry *out);

/* {"researcher": .., "sensors": [..], "lower": .., "upper": ..} of a configuration. */
void row_content(struct buf *out, const struct event *e);

#endif
