/* SPDX-License-Identifier: MIT */
/*
 * verify's sink: the records of a topic, decoded, against the ground-truth logs, which
 * are read beside them. The differences go out as they are found, from the engine
 * thread. Made, read and freed by the owner of the engine while it does not run.
 */
#ifndef ENGINE_SINK_VERIFY_H
#define ENGINE_SINK_VERIFY_H

#include "engine/sink.h"
#include "verify/verify.h"

struct sink *sink_verify_new(struct verify *v); /* V is borrowed */
void sink_verify_free(struct sink *s);

/* Records that are nothing of an experiment: no container, or of another kind. */
int64_t sink_verify_others(const struct sink *s);

#endif
