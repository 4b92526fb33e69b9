/* SPDX-License-Identifier: MIT */
/*
 * A record as it came from a source (Kafka, a recording): borrowed bytes that
 * are good until the batch it came in is released. Headers are read only when
 * asked for, because reading them costs more than decoding the value.
 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "base/slice.h"
#include "base/units.h"

#include <stdint.h>

/* A time after this is nonsense, and taken as this one. */
#define LAST_MS UNITS_LAST_MS

struct record;

struct record_header {
	struct slice name, value; /* value null: a header without one */
};

/* Header I of R, in the order it was sent; false past the last. */
typedef bool (*record_header_fn)(const struct record *r, size_t i, struct record_header *out);

/* Who set a record's timestamp. */
enum timestamp_type {
	TIMESTAMP_UNKNOWN,
	TIMESTAMP_CREATE, /* the producer, when it made the record */
	TIMESTAMP_APPEND  /* the broker, when it took it */
};

struct record {
	const char *topic; /* lives as long as the source */
	int topic_no;      /* 0.. in the order the topics were named */
	int32_t partition;
	int64_t offset;
	int64_t timestamp;     /* ms; -1 unknown */
	enum timestamp_type timestamp_type;
	int64_t arrived;       /* when a recording got it, ms of the wall clock; 0 unknown */
	struct slice key, value; /* null: none */
	record_header_fn header; /* NULL: no headers */
	void *source;            /* the source's own */
};

static inline bool
record_header(const struct record *r, size_t i, struct record_header *out)
{
	return r->header && r->header(r, i, out);
}

/* The value of the LAST header called NAME (as Kafka's clients answer), null if none. */
struct slice record_header_last(const struct record *r, const char *name);

#endif
