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

#include "base/strings.h"
#include "engine/sink.h"
#include "model/model.h"
#include "model/producers.h"

enum {
	MONITOR_KEEP = 10000,
	MONITOR_KEEP_PER_MS = 20,
	MONITOR_OPEN = 1000, /* hashes, likewise: one costs about 5 us */
	MONITOR_OPEN_PER_MS = 1
};

struct sink_monitor_config {
	/* For the head, as the user named them; group and watch may be NULL. */
	const char *cluster, *topics, *group, *watch;
	struct model_limits limits;
	bool check_names; /* read every header */
	const char *secret_key;     /* opens hashes; NULL: they are not looked at */
	const struct strings *logs; /* the ground truth to compare with; none: nothing is compared */
	struct producers *producers; /* borrowed; NULL: nobody looks at producers */
	bool only_producers;         /* nothing is read beside them */
	int64_t (*plan_begun)(void *ctx); /* when the producers' plan began without them, ms, -1 not yet; NULL */
	void *plan_ctx;
};

/* NULL with a sentence: a log cannot be read, or the key is none. */
struct sink *sink_monitor_new(const struct sink_monitor_config *config, struct err *err);
void sink_monitor_free(struct sink *s);

#endif
