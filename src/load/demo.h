/* SPDX-License-Identifier: MIT */
/*
 * The demo: an embedded broker, and a load that runs against it for ever. With a
 * cluster of the caller's the same load, against that.
 */
#ifndef LOAD_DEMO_H
#define LOAD_DEMO_H

#include "load/emit.h"

#define DEMO_TOPIC "experiment"

struct demo_config {
	const struct kafka_config *kafka; /* whose cluster; NULL or without brokers: the embedded broker */
	const char *topic;                /* NULL: DEMO_TOPIC */
	const char *load_file;            /* NULL: loads/demo.json as it was when this was built */
	uint64_t seed;
};

struct demo;

/* What the load file's warnings say goes to the log. */
struct demo *demo_start(const struct demo_config *config, struct err *err);

/* The brokers it runs against, HOST:PORT, comma separated; the demo's own. */
const char *demo_brokers(const struct demo *d);
const struct plan *demo_plan(const struct demo *d); /* what runs, again and again */
void demo_counts(struct demo *d, struct emit_counts *out);

/* Ends the load, then the broker; consumers are to be gone by then. */
void demo_stop(struct demo *d);

#endif
