/* SPDX-License-Identifier: MIT */
/*
 * The checked walk over a record's bytes by its schema's plan. decode_skip() is
 * the check: it goes over one value and says why it cannot. Everything else here
 * takes what decode_skip() has been over before (container_next() gives such
 * slices); it never reads past the end of it, whatever it is.
 */
#ifndef CODEC_DECODE_H
#define CODEC_DECODE_H

#include "base/buf.h"
#include "codec/schema.h"

enum { DECODE_DEPTH_MAX = 64 }; /* records, arrays and maps within each other */

/* Take one value of NODE off IN. VALUES is how many values it may have in it, the
 * empty ones too: they are taken off, so that 2^60 of no bytes each are refused. It
 * is negative afterwards when that was why. */
bool decode_skip(const struct schema_node *node, struct slice *in, int64_t *values, struct err *err);

/* Fill E's content (not where it came from) from a record; what the record does
 * not have is null or NaN, and the kind is the schema's. ROOM keeps the sensors,
 * until the next call with it; all other slices are borrowed from RECORD. */
bool decode_event(const struct schema *s, struct slice record, struct buf *room, struct event *e);

/* What an event is: its record_name header (null: there is none) decides, else
 * the schema's name. */
enum event_kind decode_kind(struct slice header, const struct schema *s);

/* Whether header and schema say the same. The reference writes experiment_terminated
 * with the schema of experiment_started: that is agreement. */
bool decode_agrees(struct slice header, const struct schema *s);

/* A value on the way through a record, for showing it field by field. */
struct decode_item {
	int depth;                      /* 0: the record itself */
	struct slice name;              /* a field's name, a map's key; null: an array's item, the record */
	size_t index;                   /* its place in what it is part of */
	const struct schema_node *node; /* its type, of a union the branch it has */
	struct slice bytes;             /* its encoding, as print_python() and print_json() take it */
};

typedef bool (*decode_item_fn)(void *arg, const struct decode_item *item); /* false: enough */

/* Give each value in BYTES to FN, the outer ones first. False when FN had enough. */
bool decode_items(const struct schema_node *node, struct slice bytes, decode_item_fn fn, void *arg);

#endif
