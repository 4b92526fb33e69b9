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

enum output_flag {
	OUTPUT_FORCE = 1, /* a file that is there already is replaced, by a whole one: base/replace.h */
	OUTPUT_WHOLE = 2  /* a new file is there when it is whole; else it grows while it is written */
};

/* FLAGS are output_flags. /dev/stdout, /dev/fd/N and the like are the descriptor itself. */
struct output *output_open(const char *file, unsigned flags, struct err *err);

/* LINES, each with its newline. False: some was not written; *WHOLE lines of it were. */
bool output_write(struct output *o, struct slice lines, size_t *whole, struct err *err);

/* What was written so far reaches the file. */
bool output_flush(struct output *o, struct err *err);

/* What is written is compressed: of what was written before a write failed only a part may be there. */
bool output_packed(const struct output *o);

/* What is written does not show before output_close(). */
bool output_hidden(const struct output *o);

/* Write what is left and close. False: it is not all there, and a file that was to be replaced is as it was. Frees
 * O. */
bool output_close(struct output *o, struct err *err);

/* Close without what was written: what is hidden never shows, and a file that output_open() made is removed. False:
 * neither was, and what was written stays. Frees O. */
bool output_drop(struct output *o);

#endif
