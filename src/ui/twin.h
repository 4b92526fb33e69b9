/* SPDX-License-Identifier: MIT */
/*
 * The text twin: what the screens say as plain lines, for a pipe, a file, a dumb
 * terminal or a screen reader. A line an interval, with the same fields in the
 * same order, and a line for each change: connection, group, assignment, an
 * experiment's stage, an error. All text is sanitised.
 *
 * Every line begins with the time. "name value" pairs stand two blanks apart, "-"
 * is unknown; numbers have no separators. For the thread that made the engine.
 */
#ifndef UI_TWIN_H
#define UI_TWIN_H

#include "base/buf.h"
#include "engine/engine.h"

#include <stdio.h>

enum { TWIN_ROWS = 10000 }; /* experiments whose changes are told; the counts are of all */

struct twin_config {
	struct engine *engine; /* not started yet */
	FILE *out;
	int64_t interval_ms;
};

struct twin_result {
	bool failed;  /* the engine did: last_error says why */
	bool stopped; /* false: the engine could not leave in time and must not be freed */
	char last_error[ERR_TEXT];
};

/* Start the engine; write until it has ended, a signal came (base/signals.h) or OUT
 * takes no more; stop the engine. */
void twin_run(const struct twin_config *config, struct twin_result *result);

/* The pure part. EXPERIMENTS and PARTITIONS are views of the same moment, of all rows. */
struct twin;

struct twin *twin_new(void);
void twin_free(struct twin *t);

/* The interval's line. */
void twin_line(struct buf *out, const struct view *experiments);

/* A sentence of the engine's. As the status that follows it is not told again. */
void twin_notice(struct twin *t, struct buf *out, int64_t now, enum notice_level level, const char *sentence);

/* A line for each thing that is not as it was at the last call. */
void twin_changes(struct twin *t, struct buf *out, const struct view *experiments, const struct view *partitions);

#endif
