/* SPDX-License-Identifier: MIT */
/*
 * record's sink: every record as a line of a recording, in the order they come.
 * What was taken was handed to the file. Made, read and freed by the owner of
 * the engine while the engine does not run.
 */
#ifndef ENGINE_SINK_RECORD_H
#define ENGINE_SINK_RECORD_H

#include "engine/sink.h"
#include "recording/output.h"
#include "recording/range.h"

struct sink_record_config {
	struct output *output; /* borrowed */
	struct range range;    /* settled; what is outside is not written */
	bool arrival;          /* write when each record came, too */
	void (*complain)(const char *sentence); /* of what is lost; called in the engine's thread */
};

struct sink *sink_record_new(const struct sink_record_config *config);
void sink_record_free(struct sink *s);
int64_t sink_record_written(const struct sink *s); /* records */

#endif
