/* SPDX-License-Identifier: MIT */
/* Records and events for the tests of the model, with everything unset unknown. */
#ifndef TESTS_UNIT_EVENTS_H
#define TESTS_UNIT_EVENTS_H

#include "model/event.h"
#include "model/record.h"

#include <math.h>

enum { T0 = 1000000000 }; /* a time, ms, on every grid's line */

static inline struct record
record_at(int32_t partition, int64_t offset, int64_t timestamp)
{
	return (struct record){.topic = "lab", .partition = partition, .offset = offset, .timestamp = timestamp};
}

static inline struct event
event_of(enum event_kind kind, const char *experiment, int64_t time)
{
	return (struct event){
		.kind = kind, .record_time = time, .experiment = slice_str(experiment), .time = (double)time / 1000,
		.lower = NAN, .upper = NAN, .temperature = NAN,
	};
}

static inline struct event
configured_of(const char *experiment, const struct slice *sensors, size_t n, int64_t time)
{
	struct event e = event_of(EVENT_CONFIGURED, experiment, time);

	e.time = NAN;
	e.researcher = slice_str("d.landau");
	e.sensors = sensors;
	e.n_sensors = n;
	e.lower = 25.5f;
	e.upper = 26.5f;
	return e;
}

static inline struct event
measured_of(const char *experiment, const char *measurement, const char *sensor, float temperature, int64_t time)
{
	struct event e = event_of(EVENT_MEASURED, experiment, time);

	e.measurement = slice_str(measurement);
	e.sensor = slice_str(sensor);
	e.temperature = temperature;
	return e;
}

#endif
