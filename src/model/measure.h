/* SPDX-License-Identifier: MIT */
/*
 * The measurement model: from the events of a topic, in the order of arrival, to the
 * temperature of each experiment, its range events and the intervals that it was out
 * of its range. Pure: no clock, no I/O; one thread. measure_apply() allocates only when
 * an experiment is new.
 *
 * The readings of one measurement_id, one a configured sensor, come in any order and
 * may overlap with those of others. A measurement is settled when it is complete, or
 * given up as incomplete: when MEASURE_OPEN later ones of its experiment have begun, or
 * one NOTIFY_WITHIN_S after it by the records' timestamps, when the experiment terminates
 * or is folded away, or by measure_finish(). They are settled
 * in the order of their own times, so one that is complete waits for an older one that
 * still is not. Range events and intervals follow from that order (model/rule.h).
 *
 * A reading that is none of those has a state of its own (enum reading_state): each
 * is counted and told. What became of the last MEASURE_CLOSED measurements of an
 * experiment is remembered; a reading of an older one counts as one of a new.
 *
 * Nothing is guessed. Without a configuration (an experiment met in its middle) there
 * are no measurements, only UNKNOWN readings. Without its stage a measurement has no
 * range event. After one whose average is not known, a sample that the rule would make
 * an event or not depending on it is a RANGE_PERHAPS.
 *
 * At most `experiments` are known: one that was silent since the hand last passed makes
 * room, and is counted as folded. Ids are kept and told as ident() makes them (model/ident.h).
 */
#ifndef MODEL_MEASURE_H
#define MODEL_MEASURE_H

#include "model/event.h"
#include "model/rule.h"

enum {
	MEASURE_OPEN = 4,
	MEASURE_CLOSED = 16,
	MEASURE_SENSORS = 10000, /* an experiment with more is taken as not configured */
	MEASURE_EXPERIMENT_ID = 100, /* bytes of an id; by ident() */
	MEASURE_ID = 40,
	MEASURE_SENSOR_ID = 40
};

enum reading_state {
	READING_TAKEN,
	READING_DUPLICATE, /* its sensor was read in this measurement before, or the measurement was complete */
	READING_LATE,      /* its measurement was given up, or its experiment terminated, before it came */
	READING_FOREIGN,   /* its sensor is not configured */
	READING_UNKNOWN,   /* its experiment's configuration was not seen */
	READING_UNUSABLE,  /* without an experiment, a sensor, a measurement_id or a temperature that is a number */
	READING_STATES
};

/* A measurement that is settled. Slices are good for the call only. */
struct measurement {
	struct slice experiment, id;
	int topic_no;
	int32_t partition;                 /* of its first reading */
	int64_t first_offset, last_offset; /* of its readings: lowest, highest */
	double time;                       /* its own timestamp, Unix seconds; NaN unknown */
	int64_t record_time;               /* latest of its records, ms: when its average could be known; -1 unknown */
	size_t sensors, readings;          /* configured, taken; equal: it is complete */
	const float *values;               /* by configured sensor, NaN: missing */
	enum stage stage;                  /* STABILIZING, RUNNING or UNKNOWN */
	float average;                     /* NaN: incomplete */
	float lower, upper;
	enum range_place place;
	enum range_event event;
	bool disordered; /* a later one was settled before it: not part of the run that events follow from */
	bool overdue;    /* an event that could not be notified in time: record_time is past time + NOTIFY_WITHIN_S */
};

/* Out of range in the carry out, from the first sample that was to the first that was not. */
struct interval {
	struct slice experiment;
	int topic_no;
	int32_t partition;
	double start;    /* time of its first sample; with EXPERIMENT its identity */
	double end;      /* of its last sample; when closed, of the first in range, or of the termination */
	bool closed;
	bool met;        /* it may have begun before: what was before its first sample is not known */
	int64_t samples, unknown; /* out of range; incomplete in between */
	float lowest, highest;    /* averages */
};

/* Who wants to know; each may be NULL. Called from inside measure_apply(), _finish() and where one is folded. */
struct measure_listener {
	void (*settled)(void *ctx, const struct measurement *m);
	void (*interval)(void *ctx, const struct interval *i); /* opened, grown by a sample, closed */
	void (*odd)(void *ctx, const struct event *e, enum reading_state state); /* any but TAKEN */
	void *ctx;
};

struct measure_counts {
	int64_t readings[READING_STATES];
	int64_t complete, incomplete, disordered;
	int64_t events[RANGE_EVENTS]; /* but NONE */
	int64_t overdue;              /* events */
	int64_t intervals;            /* begun */
};

/* One experiment, as far as it is known. */
struct measured {
	struct slice experiment; /* the model's own */
	int topic_no;
	int32_t partition;       /* of its last event */
	bool configured;
	size_t sensors;          /* configured */
	float lower, upper;
	enum stage stage;
	double stabilization, started, terminated; /* when these stages began, by themselves; NaN not seen */
	struct measure_counts counts;
	double last_time;        /* of the last settled measurement; NaN none */
	enum range_event last_event; /* NONE: none yet */
	double event_time;
	struct interval interval;    /* the open one; samples 0: none */
	struct rule rule;
};

struct measure;

struct measure_limits {
	size_t experiments; /* 0: 100,000 */
};

struct measure *measure_new(const struct measure_limits *limits, const struct measure_listener *listener);
void measure_free(struct measure *m); /* settles nothing */

/* What became of E; TAKEN where E is no reading. */
enum reading_state measure_apply(struct measure *m, const struct event *e);

/* Give up what is not complete, of all experiments; what comes for them later is LATE. */
void measure_finish(struct measure *m);

/* All is forgotten, the counts too (a seek back). */
void measure_clear(struct measure *m);

size_t measure_known(const struct measure *m); /* how many experiments */
size_t measure_bytes(const struct measure *m); /* that they take, with their sensors */

/* Good until the next call that changes M. NULL: not known. */
const struct measured *measure_find(const struct measure *m, struct slice experiment);
struct slice measure_sensor(const struct measured *x, size_t i); /* the id of a configured one */

/* Over all experiments, those folded away among them. */
const struct measure_counts *measure_sums(const struct measure *m);
int64_t measure_folded(const struct measure *m);

/*
 * To go on where another run ended: after the experiment's configuration and stages were
 * applied, take over the run of samples and the open interval of WHAT (its rule, the stage
 * that the rule is of, last_time, last_event, event_time and interval; the rest is not looked
 * at). Readings of measurements that were not settled then are applied anew.
 */
void measure_resume(struct measure *m, struct slice experiment, const struct measured *what);

#endif
