/* SPDX-License-Identifier: MIT */
/*
 * The lines of a file, which may be compressed by gzip, or of standard input
 * (named -). Knows nothing of what is in them. One thread.
 */
#ifndef RECORDING_INPUT_H
#define RECORDING_INPUT_H

#include "base/err.h"
#include "base/slice.h"

#include <stdint.h>

struct input;

struct input_line {
	struct slice text;  /* without its newline; good until the next line is asked for */
	int64_t number;     /* from 1 on */
	int64_t at, next;   /* where it and the line behind it begin, in bytes as unpacked */
	bool torn;          /* the last one, and no newline ends it */
	bool cut;           /* longer than the limit: the text is its beginning */
};

enum input_got {
	INPUT_LINE,
	INPUT_END,
	INPUT_FAILED /* nothing more can be read: the sentence says why */
};

/* LIMIT: bytes of a line, those of longer ones are passed over. */
struct input *input_open(const char *file, size_t limit, struct err *err);
void input_close(struct input *in);

enum input_got input_next(struct input *in, struct input_line *out, struct err *err);

/* The next call has something to look at: of a pipe a line, the beginning of one, or its end has come. */
bool input_ready(const struct input *in);

/* What is read stands in a file as it is: a place in it can be read again through
 * this descriptor, the input's own. -1: it does not (compressed, or a pipe). */
int input_file(struct input *in);

#endif
