/* SPDX-License-Identifier: MIT */
/*
 * An HTTP server where a broker was expected. One that waits for the end of a
 * line never answers Kafka's protocol: it is asked in its own. Blocks for two
 * seconds at most, beside what resolving a name takes; any thread.
 */
#ifndef KAFKA_HTTP_SERVER_H
#define KAFKA_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether one of the first few BROKERS (HOST:PORT, comma separated) answers in HTTP; its name is written to OUT. For
 * brokers that have not answered: a real one logs that it was asked nonsense. */
bool http_server_among(const char *brokers, char *out, size_t size);

#endif
