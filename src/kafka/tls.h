/* SPDX-License-Identifier: MIT */
/*
 * Credentials, opened and checked before any broker sees them, as properties
 * for a client: what is wrong with a store is said in a sentence that names the
 * file, where librdkafka would only fail. May be called from any thread.
 */
#ifndef KAFKA_TLS_H
#define KAFKA_TLS_H

#include "base/err.h"
#include "base/strings.h"
#include "kafka/client.h"
#include "model/credentials.h"

#include <stdint.h>

struct tls {
	struct kafka_property *property; /* names are literals, values owned */
	size_t n;
};

/* Fill OUT (empty before) from C; NOW is the wall clock in ms, for certificates
 * that have expired. NOTES gets what the user should know though it works. */
bool tls_open(const struct credentials *c, int64_t now_ms, struct tls *out, struct strings *notes, struct err *err);

/* Frees and wipes all values. */
void tls_fini(struct tls *t);

#endif
