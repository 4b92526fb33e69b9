/* SPDX-License-Identifier: MIT */
#include "model/event.h"

#include "model/record.h"

static const char *const names[EVENT_KINDS] = {
	[EVENT_CONFIGURED] = "experiment_configured",
	[EVENT_STABILIZATION] = "stabilization_started",
	[EVENT_STARTED] = "experiment_started",
	[EVENT_MEASURED] = "sensor_temperature_measured",
	[EVENT_TERMINATED] = "experiment_terminated",
	[EVENT_DOCUMENT] = "experiment_document",
	[EVENT_OTHER] = "other",
};

const char *
event_kind_name(enum event_kind kind)
{
	return names[kind];
}

enum event_kind
event_kind_from(struct slice record_name)
{
	for (int kind = 0; kind < EVENT_OTHER; kind++)
		if (slice_is(record_name, names[kind]))
			return (enum event_kind)kind;
	return EVENT_OTHER;
}

enum stage
event_stage(enum event_kind kind)
{
	static const enum stage after[EVENT_KINDS] = {
		[EVENT_CONFIGURED] = STAGE_CONFIGURED,
		[EVENT_STABILIZATION] = STAGE_STABILIZING,
		[EVENT_STARTED] = STAGE_RUNNING,
		[EVENT_TERMINATED] = STAGE_TERMINATED,
	};

	return after[kind];
}

const char *
stage_name(enum stage stage)
{
	static const char *const stages[] = {"-", "configured", "stabilizing", "running", "terminated"};

	return stages[stage];
}

void
event_place(struct event *e, const struct record *r)
{
	e->topic_no = r->topic_no;
	e->partition = r->partition;
	e->offset = r->offset;
	e->record_time = r->timestamp;
}
