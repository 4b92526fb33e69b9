/* SPDX-License-Identifier: MIT */
/*
 * What happened, as the model understands it: one event for each Avro record of
 * a container (a Kafka record may hold several, or none that we know). The codec
 * fills it, the model applies it. Slices are borrowed from the record's bytes
 * (or the codec's scratch) and good until the batch is released.
 *
 * The record_name header decides the kind; without one the schema's name does.
 * (experiment_terminated travels under a schema named experiment_started.)
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "base/slice.h"

#include <stdint.h>

enum event_kind {
	EVENT_CONFIGURED,    /* experiment_configured */
	EVENT_STABILIZATION, /* stabilization_started */
	EVENT_STARTED,       /* experiment_started */
	EVENT_MEASURED,      /* sensor_temperature_measured */
	EVENT_TERMINATED,    /* experiment_terminated */
	EVENT_DOCUMENT,      /* experiment_document */
	EVENT_OTHER,         /* decoded, of a kind we do not know */
	EVENT_KINDS
};

/* The stage of an experiment after its last stage event. */
enum stage { STAGE_UNKNOWN, STAGE_CONFIGURED, STAGE_STABILIZING, STAGE_RUNNING, STAGE_TERMINATED, STAGES };

struct event {
	enum event_kind kind;
	int topic_no;
	int32_t partition;
	int64_t offset;
	int64_t record_time;        /* the record's timestamp, ms; -1 unknown */
	struct slice experiment;    /* the experiment's id; null when the record has none */
	double time;                /* the event's own timestamp, Unix seconds; NaN when it has none */
	struct slice researcher;    /* CONFIGURED */
	const struct slice *sensors; /* CONFIGURED: the ids */
	size_t n_sensors;
	float lower, upper;         /* CONFIGURED: the range in Celsius; NaN unknown */
	struct slice sensor, measurement, hash; /* MEASURED: ids and measurement_hash */
	float temperature;          /* MEASURED, Celsius */
};

struct record;

/* E is of R: where it came from, and when. */
void event_place(struct event *e, const struct record *r);

/* The record_name that stands for KIND ("experiment_configured" ..); "other" for OTHER. */
const char *event_kind_name(enum event_kind kind);
enum event_kind event_kind_from(struct slice record_name); /* EVENT_OTHER when unknown */

/* The stage that an event of KIND leads to; UNKNOWN: to none. */
enum stage event_stage(enum event_kind kind);
const char *stage_name(enum stage stage); /* "running" ..; "-" for UNKNOWN */

#endif
