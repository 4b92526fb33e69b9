/* SPDX-License-Identifier: MIT */
/*
 * PEM as Kafka's own client takes it: where OpenSSL wants lines, it takes any
 * blanks, as in a property that is continued on one line. Pure.
 */
#ifndef KAFKA_PEM_H
#define KAFKA_PEM_H

#include "base/buf.h"
#include "base/slice.h"

/* Add the blocks of TEXT (-----BEGIN X----- .. -----END X-----) to OUT as OpenSSL reads them. What stands between them,
 * and a block without an end, is left out. OUT may hold a key: the caller wipes it. */
void pem_unfold(struct buf *out, struct slice text);

#endif
