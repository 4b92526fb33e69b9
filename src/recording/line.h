/* SPDX-License-Identifier: MIT */
/*
 * A record as a line of a recording, and back; exptop-recording(5) has the
 * format. What is written is read again byte by byte. Reading takes the lines of
 * other writers, too: fields in any order, headers as an object, no topic.
 *
 * A reader belongs to one thread. The bytes of its records are good until
 * line_release(), the names of their topics as long as the reader.
 */
#ifndef RECORDING_LINE_H
#define RECORDING_LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/record.h"

enum {
	LINE_LIMIT = 160 << 20, /* bytes: no record that a client takes is longer */
	LINE_TOPICS = 64        /* that the lines of a recording may be of */
};

/* R as a line, with its newline. */
void line_write(struct buf *out, const struct record *r);

struct line_reader;

struct line_reader *line_reader_new(void);
void line_reader_free(struct line_reader *l);

/* False with what is wrong about the line; its place is the caller's to name. */
bool line_read(struct line_reader *l, struct slice line, struct record *out, struct err *err);
void line_release(struct line_reader *l);

#endif
