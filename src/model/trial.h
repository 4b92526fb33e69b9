/* SPDX-License-Identifier: MIT */
/*
 * A trial: one experiment as the topic shows it (load/experiment.h is one that
 * we simulate). Its stage is what the last stage event said; an experiment met
 * in its middle is in an unknown one.
 *
 * The sensors of one sample share a measurement_id. A measurement is complete
 * when each configured sensor has been read once, or, while the configuration is
 * unknown, when the next one begins; the first one then met does not count, for
 * it may have begun before us. Its average is the sum of the readings in double
 * precision, divided, and rounded once to float. A reading that is no number is
 * no reading; one without a measurement_id belongs to none.
 *
 * A seated trial keeps its sensors (SENSORS_KEPT at most) and its whole curve;
 * one without a seat only counts readings, and its curve is lean.
 */
#ifndef MODEL_TRIAL_H
#define MODEL_TRIAL_H

#include "base/hashtable.h"
#include "model/curve.h"
#include "model/partition.h"
#include "model/series.h"
#include "model/view.h"

enum {
	TRIAL_ID = 100,       /* bytes; by ident() */
	TRIAL_RESEARCHER = 64,
	SENSOR_ID = 40,
	MEASUREMENT_ID = 40,
	SENSORS_KEPT = 256,
	STAGES_KEPT = 8,
	STARTS_KEPT = 4
};

struct sensor;
struct order_key;

struct trial {
	struct slice id, researcher; /* own memory */
	uint64_t number;             /* in the order of arrival */
	struct order_key *key;       /* that its records have, by order_tie(); NULL unknown */
	struct partition *home;      /* of the last event, NULL past the bound */
	int64_t first_offset, last_offset;
	int64_t last; /* record timestamp, -1: unknown */
	enum stage stage;
	uint16_t n_stages;
	bool seated;
	uint8_t stages[STAGES_KEPT]; /* the newest, and when */
	int64_t stage_times[STAGES_KEPT];
	uint32_t kinds[EVENT_KINDS];
	int64_t sensors_seen, sensors_configured; /* -1 unknown */
	float lower, upper;
	double average;
	int64_t complete, incomplete;

	/* The measurement under way. */
	char measurement[MEASUREMENT_ID];
	uint8_t measurement_n;
	bool whole, done; /* seen from its beginning; complete */
	uint32_t serial;  /* 0: none yet */
	uint32_t readings;
	double sum;
	int64_t starts[STARTS_KEPT]; /* when the last ones began, ms, a ring */
	uint32_t n_starts;

	struct series rate, steps; /* events by record timestamps: for events/s, for graphs */
	uint32_t rate_room[RATE_ROOM], steps_room[RATE_POINTS + 1];
	struct curve curve;
	struct sensor *sensors;
	uint16_t n_sensors, cap_sensors, next_sensor;
	uint16_t sensors_read; /* those with a reading since the seat was taken */

	double newest; /* the latest time of a measurement in its home, Unix seconds; NaN none */

	/* The set's own. */
	size_t index; /* in the set's `all` */
	int64_t touched, seat_used; /* when it was last moved to the end of its lists, ms */
	struct trial *prev, *next, *seat_prev, *seat_next;
	UT_hash_handle hh;
};

/* ID as ident() made it of TRIAL_ID bytes. */
struct trial *trial_new(struct slice id, uint64_t number);
void trial_free(struct trial *t);

/* Take a seat or leave it. */
void trial_seat(struct trial *t, bool seated);

/* Apply E, whose record's timestamp is taken as TIME (-1 unknown). */
void trial_apply(struct trial *t, const struct event *e, int64_t time);

/* Seconds that the measurement E, of T's home, has a time before an earlier one's; 0: it has not. */
double trial_time_back(struct trial *t, const struct event *e);

/* Slices and points are borrowed. */
void trial_row(const struct trial *t, int64_t now, struct experiment_row *row);
void trial_stages(const struct trial *t, struct stage_change out[STAGES_KEPT]); /* n_stages of them */
size_t trial_sensor_count(const struct trial *t);
void trial_sensors(const struct trial *t, struct sensor_row *out); /* trial_sensor_count() rows */

int64_t trial_events(const struct trial *t); /* of all kinds */

/* Events/s at NOW, NaN unknown. */
double trial_rate(const struct trial *t, int64_t now);

#endif
