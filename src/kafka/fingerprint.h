/* SPDX-License-Identifier: MIT */
/* What tells a record that was read from another one at its offset: two are the same when all of it is equal. */
#ifndef KAFKA_FINGERPRINT_H
#define KAFKA_FINGERPRINT_H

#include <librdkafka/rdkafka.h>

struct fingerprint {
	int64_t offset; /* -1: no record */
	int64_t timestamp;
	uint64_t hash;  /* of its key, its value's first 4 KiB, and their lengths; 0: not known, the time has to do */
};

struct fingerprint fingerprint_of(const rd_kafka_message_t *m);

#endif
