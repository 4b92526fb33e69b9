/* SPDX-License-Identifier: MIT */
/*
 * The lines of a recording in the order of their time, wherever in it one wants
 * to be: what a slider needs. Of a line only topic, partition and timestamp are
 * looked at; lines of one partition keep their order, so that a line's time is
 * the latest timestamp of its partition so far. A line whose timestamp cannot be
 * told takes the time of the one before. Past the first 20,000 partitions all
 * others are taken as one.
 *
 * The index takes TAPE_LINE_BYTES a line, up to a limit; what lies beyond is left
 * out, and said. What cannot be read again in its place (compressed, a pipe) is
 * unpacked to a temporary file without a name. One thread.
 */
#ifndef RECORDING_TAPE_H
#define RECORDING_TAPE_H

#include "recording/input.h"

enum { TAPE_LINE_BYTES = 20 };

struct tape;

struct tape *tape_open(const char *file, size_t most_bytes, struct err *err);
void tape_close(struct tape *t);

/* Read another piece of the file, a few MiB, of a pipe what there is; false when all of it is known. */
bool tape_index(struct tape *t);
bool tape_waits(const struct tape *t); /* for what a pipe will bring */

/* Why not all of the file is on the tape; empty: it is. */
const char *tape_problem(const struct tape *t);

/* From here on: when all is known. Lines are numbered 0.. by time. */
size_t tape_count(const struct tape *t);
int64_t tape_time(const struct tape *t, size_t i); /* ms */
size_t tape_until(const struct tape *t, int64_t time); /* how many lines come up to TIME, included */

/* Line I as it stands in the file; false when it is no longer there. */
bool tape_line(struct tape *t, size_t i, struct input_line *out);

/* The first time it is asked of line I: true. */
bool tape_first_complaint(struct tape *t, size_t i);

#endif
