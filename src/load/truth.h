/* SPDX-License-Identifier: MIT */
/*
 * The ground-truth log: a JSON line for each stage, average, range event and
 * reading, as the reference writes them, to FOLDER/producer.json.log.YYYY-MM-DD
 * (the day in UTC). Lines wait in memory until truth_flush() or 64 KiB are there;
 * what a full disk does not take is kept up to 1 MiB, then left out and counted,
 * a line as a whole. One thread, but for truth_problem().
 */
#ifndef LOAD_TRUTH_H
#define LOAD_TRUTH_H

#include "base/err.h"
#include "load/experiment.h"

enum truth_level { TRUTH_OFF, TRUTH_ERROR, TRUTH_WARN, TRUTH_INFO, TRUTH_DEBUG, TRUTH_TRACE };

/* How much each of the reference's two modules writes. */
struct truth_levels {
	enum truth_level simulator, events;
};

/* What RUST_LOG says ("debug", "info,experiment_producer=debug", ..): the most exact wins. */
struct truth_levels truth_levels_parse(const char *text);

struct truth;

/* Makes FOLDER where it is not there; NULL when the file of the instant NOW, us, cannot be written. */
struct truth *truth_open(const char *folder, struct truth_levels levels, int64_t now, struct err *err);
void truth_free(struct truth *t); /* flushes */

void truth_moment(struct truth *t, const struct experiment *e, const struct moment *at);
void truth_flush(struct truth *t);

/* Write what is left. Lines that the log lacks now, then ERR says why. */
int64_t truth_finish(struct truth *t, struct err *err);

/* Lines left out so far; -1 when all could be written, and ERR is as it was.
 * 0: none yet, but the disk takes none. Any thread. */
int64_t truth_problem(struct truth *t, struct err *err);

#endif
