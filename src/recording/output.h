/* SPDX-License-Identifier: MIT */
/*
 * A file that lines are written to: as they are, compressed where its name ends
 * in .gz, or to standard output (named -). A write that fails leaves whole lines
 * behind it where the file can be shortened. One thread.
 */
#ifndef RECORDING_OUTPUT_H
#define RECORDING_OUTPUT_H

#include "base/err.h"
#include "base/slice.h"

#include <stddef.h>

struct output;

/* A file that is there already is overwritten with FORCE only. */
struct output *output_open(const char *file, bool force, struct err *err);

/* LINES, each with its newline. False: some was not written; *WHOLE lines of it were. */
bool output_write(struct output *o, struct slice lines, size_t *whole, struct err *err);

/* What was written so far reaches the file. */
bool output_flush(struct output *o, struct err *err);

/* What is written is compressed: of what was written before a write failed only a part may be there. */
bool output_packed(const struct output *o);

/* Write what is left and close; false: it is not all there. Frees O. */
bool output_close(struct output *o, struct err *err);

/* Remove the file where output_open() made it, for one that nothing was written to: true, it is gone. O still is to
 * be closed. */
bool output_remove(const struct output *o);

#endif
