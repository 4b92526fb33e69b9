/* SPDX-License-Identifier: MIT */
/*
 * A store as a sink, beside the one that shows or prints (engine_config.keep): records are
 * decoded into it, and are applied when it has them on the disk.
 */
#ifndef ENGINE_SINK_STORE_H
#define ENGINE_SINK_STORE_H

#include "engine/sink.h"
#include "kafka/consumer.h"
#include "store/store.h"

struct sink *sink_store_new(struct store *store); /* borrowed */
void sink_store_free(struct sink *s);

/* The store as the one who keeps what a consumer reads; good while STORE is. */
struct keeper sink_store_keeper(struct store *store);

#endif
