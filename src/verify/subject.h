/* SPDX-License-Identifier: MIT */
/*
 * One experiment while topic and log are compared: what the log says of it, as units
 * in the log's order (a stage, or a measurement with its readings), and the records of
 * the topic that came before their unit. Data and its bookkeeping; what it means is
 * match.c's. Ids are kept as ident() makes them.
 */
#ifndef VERIFY_SUBJECT_H
#define VERIFY_SUBJECT_H

#include "base/hashtable.h"
#include "model/event.h"
#include "model/rule.h"

enum {
	SUBJECT_ID = 100,
	SUBJECT_SHORT_ID = 40,
	SUBJECT_RESEARCHER = 100,
	SUBJECT_PAST = 128,
	SUBJECT_SENSORS = 10000
};

/* Where and what a record of the topic is. Slices are borrowed, in a kept one its own. */
struct arrival {
	enum event_kind kind;
	struct slice measurement, sensor;
	float temperature;
	double time;                   /* its record's, Unix seconds; NaN unknown */
	const char *topic;
	int32_t partition;
	int64_t offset;
	bool claimed;                  /* its hash opened */
	enum range_event claimed_event;
};

struct waiting {
	struct arrival is;
	struct waiting *next;
	char room[];
};

struct unit_reading {
	uint16_t sensor; /* index into the subject's */
	bool logged;     /* else only the topic has it: the log tells no readings */
	bool seen;
	float said, got;
	uint32_t line;   /* behind the unit's */
	int64_t offset;  /* seen: its record's */
};

struct unit {
	enum event_kind kind;
	int64_t index; /* in the log's order */
	uint8_t n_id;
	char id[SUBJECT_SHORT_ID]; /* the measurement's */
	const char *file;
	int64_t line, range_line;
	double time;      /* by the log, Unix seconds; NaN unknown */
	bool closed;      /* the log has gone on */
	bool has_average;
	float average;
	enum range_event logged, claimed;
	bool has_claim;
	const char *topic; /* of its first record; NULL: none came yet */
	int32_t partition;
	int64_t offset;
	struct unit_reading *readings; /* in the log's order */
	uint32_t n, cap, seen, n_logged;
	struct unit *prev, *next;
	UT_hash_handle hh;
};

struct subject_sensor {
	uint16_t index;
	uint8_t n;
	char id[SUBJECT_SHORT_ID];
	int64_t logged_in; /* the index of the last unit in which the log has it; -1 none */
	UT_hash_handle hh;
};

enum standing {
	SUBJECT_OPEN,
	SUBJECT_DONE,     /* both sides have ended */
	SUBJECT_GIVEN_UP, /* it is not compared any further */
	STANDINGS
};

struct subject {
	char id[SUBJECT_ID];
	size_t n_id;
	struct slice researcher; /* own memory; null unknown */
	float lower, upper;      /* NaN unknown */
	struct subject_sensor **sensors, *sensors_by_id;
	size_t n_sensors, cap_sensors, next_sensor;
	int64_t configured;      /* sensors, by the topic; -1 unknown */

	enum standing standing;
	bool in_log, in_topic, log_ended, topic_ended, moved;
	bool told;               /* that it was given up */
	unsigned stages_seen, stages_logged; /* 1 << kind: by the topic, by the log */
	const char *file;        /* where the log first names it */
	int64_t line;
	double log_time, topic_time; /* of the first item, of the first record; NaN unknown */
	const char *topic;       /* of the first record */
	int32_t partition;       /* of the last */
	int64_t first_offset, last_offset, records, items; /* last: the highest that was placed */

	struct unit *units;      /* a list */
	struct unit *by_id;
	struct unit *cursor;     /* of the last record that was placed */
	int64_t next_index, reached; /* reached: the highest index that the topic's order has come to */
	struct unit *ahead;      /* its record came before others had: early, or they are lost */
	struct arrival ahead_of; /* its sensor is in ahead_room */
	char ahead_room[SUBJECT_SHORT_ID];
	struct waiting *waiting, **waiting_end;
	size_t n_waiting;

	struct rule rule;
	bool ruled;
	int64_t begins[2];       /* behind which unit stabilization and carry out begin by the topic alone; -2 not */
	uint64_t past[SUBJECT_PAST]; /* hashes of measurements that are done with, the lowest bit: complete; a ring */
	size_t n_past;

	struct subject *older, *newer; /* the set's, of those that stand alike: by when something came last */
	UT_hash_handle hh;
};

struct subject *subject_new(struct slice id);
void subject_free(struct subject *s); /* and all that it keeps */

/* Bytes that units, sensors and waiting records take count into *BYTES, and out of it. */
struct unit *subject_add_unit(struct subject *s, enum event_kind kind, struct slice id, size_t *bytes);
struct unit *subject_find_unit(struct subject *s, enum event_kind kind, struct slice foreign);
void subject_drop_unit(struct subject *s, struct unit *u, size_t *bytes); /* remembers a measurement in `past` */

/* Its index, made known; UINT16_MAX: too many. They are forgotten when no unit is left that names them. */
uint16_t subject_sensor(struct subject *s, struct slice foreign, size_t *bytes);
void subject_forget_sensors(struct subject *s, size_t *bytes);
struct slice subject_sensor_id(const struct subject *s, uint16_t sensor);

struct unit_reading *unit_add_reading(struct unit *u, uint16_t sensor, size_t *bytes);
struct unit_reading *unit_find_reading(struct unit *u, uint16_t sensor);

/* Whether a unit of measurement ID was dropped, and if so whether it was complete. */
bool subject_was(const struct subject *s, struct slice id, bool *complete);

void subject_wait(struct subject *s, const struct arrival *a, size_t *bytes);
struct waiting *subject_next_waiting(struct subject *s, size_t *bytes); /* the caller's to free; NULL none */

static inline struct slice
subject_id(const struct subject *s)
{
	return (struct slice){s->id, s->n_id};
}

static inline struct slice
unit_id(const struct unit *u)
{
	return (struct slice){u->id, u->n_id};
}

#endif
