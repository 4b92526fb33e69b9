/* SPDX-License-Identifier: MIT */
/*
 * One thing that is not the same in a topic and in its ground-truth log, with what it
 * is about and where it is on either side; and how it is printed. Pure.
 */
#ifndef VERIFY_DIFFERENCE_H
#define VERIFY_DIFFERENCE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

enum difference_kind {
	DIFFERENCE_NOT_IN_TOPIC,   /* a whole experiment of the log */
	DIFFERENCE_NOT_IN_LOG,     /* a whole experiment of the topic */
	DIFFERENCE_LOST,           /* in the log, not in the topic */
	DIFFERENCE_UNLOGGED,       /* in the topic, not in the log */
	DIFFERENCE_DUPLICATED,
	DIFFERENCE_REORDERED,
	DIFFERENCE_MOVED,          /* an experiment in two partitions, between which there is no order */
	DIFFERENCE_VALUE,
	DIFFERENCE_AVERAGE,
	DIFFERENCE_RANGE_MISSED,   /* it follows from the measurements, and is not in the log */
	DIFFERENCE_RANGE_INVENTED, /* the other way round */
	DIFFERENCE_HASH_TAMPERED,
	DIFFERENCE_HASH_MALFORMED,
	DIFFERENCE_WRONG_KEY,      /* no hash opens */
	DIFFERENCE_UNDECODABLE,
	DIFFERENCE_LOG_LINE,       /* cut, or not readable */
	DIFFERENCE_UNCOMPARED,     /* the sides are too far apart for the memory there is */
	DIFFERENCES
};

const char *difference_name(enum difference_kind kind); /* "lost", "range-missed" .. */

/* What there is not: a null slice, NULL, -1, line 0. All borrowed. */
struct difference {
	enum difference_kind kind;
	struct slice experiment, measurement, sensor;
	const char *record; /* the name of a record that is no reading */
	const char *topic;
	int32_t partition;
	int64_t offset;
	const char *file;
	int64_t line;
	struct err detail; /* a sentence; may be empty */
};

/* A line of text: KIND: what (where): detail; nothing of it is sanitised. Or a JSON object. */
void difference_text(struct buf *out, const struct difference *d);
void difference_json(struct buf *out, const struct difference *d);

#endif
