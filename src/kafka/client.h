/* SPDX-License-Identifier: MIT */
/*
 * How to reach a cluster: what every client (consumer, producer, asker) is made
 * from. Plain borrowed strings, copied by whoever takes them.
 */
#ifndef KAFKA_CLIENT_H
#define KAFKA_CLIENT_H

#include "base/err.h"

#include <stddef.h>

struct kafka_property {
	const char *name, *value; /* a librdkafka property: "ssl.ca.location" .. */
};

struct kafka_config {
	const char *brokers;                     /* HOST:PORT, comma separated */
	const struct kafka_property *properties; /* in order: later ones win, and all win over our defaults */
	size_t n_properties;
	int prefetch_mb;                         /* bound of what a consumer fetches ahead; 0: the library's, 64 */
};

/* The value that the last property called NAME has, NULL when it is not there. */
const char *kafka_property(const struct kafka_config *config, const char *name);

/* Whether the library takes every property; a sentence where it does not. */
bool kafka_config_check(const struct kafka_config *config, struct err *err);

#endif
