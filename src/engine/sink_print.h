/* SPDX-License-Identifier: MIT */
/*
 * consume's sink: records as text on one file descriptor, remarks on another.
 * What goes to a terminal is sanitised, what goes to a pipe is as it is. Made,
 * read and freed by the owner of the engine while the engine does not run.
 */
#ifndef ENGINE_SINK_PRINT_H
#define ENGINE_SINK_PRINT_H

#include "engine/sink.h"

enum print_format {
	FORMAT_PYTHON, /* record_name, then the record as Python prints it */
	FORMAT_JSON,   /* an object a line */
	FORMAT_RAW,    /* the value's bytes and a newline */
	FORMAT_NONE    /* nothing: decode and count */
};

struct sink_print_config {
	enum print_format format;
	int out, remarks;  /* file descriptors */
	bool clean;        /* `out` is a terminal */
	bool counts;       /* remark on every 1,000 records */
	bool check_names;  /* read every header, also where nothing printed needs it */
};

struct print_totals {
	int64_t records;     /* taken */
	int64_t decoded;     /* containers, whole */
	int64_t undecodable;
	int64_t bytes;       /* of keys and values */
	double seconds;      /* from the first batch's arrival to the last record */
};

struct sink *sink_print_new(const struct sink_print_config *config);
void sink_print_free(struct sink *s);
struct print_totals sink_print_totals(const struct sink *s);

#endif
