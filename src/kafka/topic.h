/* SPDX-License-Identifier: MIT */
/* Names of topics, and runs of their partitions as text. Pure. */
#ifndef KAFKA_TOPIC_H
#define KAFKA_TOPIC_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { TOPIC_NAME_MAX = 249 }; /* Kafka's own limit */

bool topic_valid(const char *name, struct err *err);

/* The name of NAMES most like NAME (a typing slip away), NULL when none is near. */
const char *topic_nearest(const char *name, const char *const *names, size_t n);

struct topic_partition {
	const char *topic;
	int32_t partition;
};

/* "lab[0..7,9] other[0]", in the order given, cut with ".." to fit SIZE. */
void topic_ranges(const struct topic_partition *list, size_t n, char *out, size_t size);

#endif
