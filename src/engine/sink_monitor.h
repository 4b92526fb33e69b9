/* SPDX-License-Identifier: MIT */
/*
 * The monitor's sink: decodes records into events for the model, keeps the
 * newest in the tail, and answers the screens' views. In a flood not every record
 * goes to the tail (nobody can read faster): the first MONITOR_KEEP do, and so
 * many a millisecond from then on, the newest of each batch; the others are
 * counted as not kept. Their headers are then read only where the writer schema
 * does not settle what they are.
 */
#ifndef ENGINE_SINK_MONITOR_H
#define ENGINE_SINK_MONITOR_H

#include "engine/sink.h"
#include "model/model.h"

enum { MONITOR_KEEP = 10000, MONITOR_KEEP_PER_MS = 20 };

struct sink_monitor_config {
	/* For the head, as the user named them; group and watch may be NULL. */
	const char *cluster, *topics, *group, *watch;
	struct model_limits limits;
	bool check_names; /* read every header */
};

struct sink *sink_monitor_new(const struct sink_monitor_config *config);
void sink_monitor_free(struct sink *s);

#endif
