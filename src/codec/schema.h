/* SPDX-License-Identifier: MIT */
/*
 * A writer schema compiled to a decode plan: nodes that refer to each other by
 * pointer, so that a recursive schema is a loop in them. Everything foreign is
 * checked here, so that a walk by the plan needs no check of it: names resolve,
 * nothing nests itself without a way out, sizes, depth and the number of nodes
 * stay within the limits below. A logical type that is not of its underlying type,
 * or whose attributes are wrong, is left out, as the specification says. Read only
 * once made; any thread may use it.
 *
 * Names are taken as they are: a reader has no use for refusing a hyphen.
 */
#ifndef CODEC_SCHEMA_H
#define CODEC_SCHEMA_H

#include "base/arena.h"
#include "base/err.h"
#include "model/event.h"

#include <stdint.h>

enum {
	SCHEMA_TEXT_MAX = 1024 * 1024,       /* bytes of JSON */
	SCHEMA_NODES_MAX = 64 * 1024,        /* types, fields, branches and symbols together */
	SCHEMA_DEPTH_MAX = 64,               /* types within types in the JSON */
	SCHEMA_NAME_MAX = 1024,              /* bytes of a name with its namespace */
	SCHEMA_FIXED_MAX = 16 * 1024 * 1024, /* bytes of a fixed */
	SCHEMA_PRECISION_MAX = 4096,         /* digits of a decimal */
};

enum schema_type {
	SCHEMA_NULL,
	SCHEMA_BOOLEAN,
	SCHEMA_INT,
	SCHEMA_LONG,
	SCHEMA_FLOAT,
	SCHEMA_DOUBLE,
	SCHEMA_BYTES,
	SCHEMA_STRING,
	SCHEMA_FIXED,
	SCHEMA_ENUM,
	SCHEMA_ARRAY,
	SCHEMA_MAP,
	SCHEMA_UNION,
	SCHEMA_RECORD,
	SCHEMA_TYPES
};

/* What a value stands for; NONE for what fastavro and we take as it is. */
enum schema_logical {
	LOGICAL_NONE,
	LOGICAL_DECIMAL,
	LOGICAL_UUID,
	LOGICAL_DATE,
	LOGICAL_TIME_MILLIS,
	LOGICAL_TIME_MICROS,
	LOGICAL_TIMESTAMP_MILLIS,
	LOGICAL_TIMESTAMP_MICROS,
	LOGICAL_TIMESTAMP_NANOS,
	LOGICAL_LOCAL_MILLIS,
	LOGICAL_LOCAL_MICROS,
	LOGICAL_LOCAL_NANOS,
	LOGICAL_TYPES
};

/* What a record's field means to an event: found by its name and type, SLOT_NONE
 * for all others. */
enum schema_slot {
	SLOT_NONE,
	SLOT_EXPERIMENT,
	SLOT_RESEARCHER,
	SLOT_SENSOR,
	SLOT_MEASUREMENT,
	SLOT_HASH,
	SLOT_TIME,
	SLOT_TEMPERATURE,
	SLOT_LOWER,
	SLOT_UPPER,
	SLOT_SENSORS,
	SLOT_RANGE
};

struct schema_node;

struct schema_field {
	struct slice name;
	const struct schema_node *node;
	enum schema_slot slot;
};

struct schema_node {
	enum schema_type type;
	enum schema_logical logical;
	uint32_t precision, scale; /* of a decimal */
	bool ends;         /* some value of it is finite: true for all of a compiled schema */
	uint32_t n;        /* fields, symbols or branches; of a fixed, its size */
	struct slice name; /* fixed, enum, record: with its namespace; null for the others */
	union {
		const struct schema_node *items; /* array, map */
		const struct schema_node **branches;
		const struct slice *symbols;
		const struct schema_field *fields;
	};
};

struct schema {
	const struct schema_node *root;
	struct slice text;    /* the JSON as the writer gave it */
	enum event_kind kind; /* what its name says */
	bool is_measurement;  /* equals the reference's measurement schema field for field */
	struct arena memory;
};

/* TEXT is copied. NULL, and ERR says what is wrong with it. */
struct schema *schema_new(struct slice text, struct err *err);
void schema_free(struct schema *s);

const char *schema_type_name(enum schema_type type); /* "record" .. */
const char *schema_logical_name(enum schema_logical logical); /* "decimal" ..; NULL for none */

/* The name of the top-level type: a named type's own with its namespace, else "string" .. */
struct slice schema_name(const struct schema *s);

#endif
