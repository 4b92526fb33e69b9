/* SPDX-License-Identifier: MIT */
/*
 * How to reach a cluster: what every client (consumer, producer, asker) is made
 * from. Plain borrowed strings, copied by whoever takes them.
 */
#ifndef KAFKA_CLIENT_H
#define KAFKA_CLIENT_H

#include <stddef.h>

struct kafka_property {
	const char *name, *value; /* a librdkafka property: "ssl.ca.location" .. */
};

struct kafka_config {
	const char *brokers;                     /* HOST:PORT, comma separated */
	const struct kafka_property *properties; /* in order: later ones win, and all win over our defaults */
	size_t n_properties;
	int prefetch_mb;                         /* bound of what is fetched ahead; 0: 64 */
};

/* The value that the last property called NAME has, NULL when it is not there. */
const char *kafka_property(const struct kafka_config *config, const char *name);

#endif
