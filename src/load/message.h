/* SPDX-License-Identifier: MIT */
/*
 * What a moment of an experiment looks like on the wire: one message for a
 * stage, one a sensor for a sample, each with the experiment's id as key, the
 * event's name as header and an Avro container as value. One thread.
 */
#ifndef LOAD_MESSAGE_H
#define LOAD_MESSAGE_H

#include "base/rng.h"
#include "kafka/producer.h"
#include "load/experiment.h"

struct messages;

/* SECRET_KEY seals the measurement_hash. */
struct messages *messages_new(const char *secret_key, struct err *err);
void messages_free(struct messages *m);

/*
 * Append the values of all messages of the moment AT of E to OUT, one behind the
 * other and all of one length; how many. RNG orders the metadata and draws
 * markers and nonces.
 */
size_t messages_write(struct messages *m, struct buf *out, const struct experiment *e, const struct moment *at,
		      struct rng *rng);

/* Append the document of E, which is over and had to keep its samples; false when there are none. */
bool messages_document(struct messages *m, struct buf *out, const struct experiment *e, struct rng *rng);

/* Key, header and timestamp of the moment's messages; the header is M's until the next call. */
void messages_address(struct messages *m, struct outgoing *out, const struct experiment *e, const struct moment *at);

#endif
