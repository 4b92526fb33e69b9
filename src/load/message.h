/* SPDX-License-Identifier: MIT */
/*
 * What a moment of an experiment looks like on the wire: one message for a
 * stage, one a sensor for a sample, each with the experiment's id as key, the
 * event's name as header and an Avro container as value. One thread.
 */
#ifndef LOAD_MESSAGE_H
#define LOAD_MESSAGE_H

#include "kafka/producer.h"
#include "load/experiment.h"

struct messages;

/* SECRET_KEY seals the measurement_hash; SEED orders the metadata and draws the markers. */
struct messages *messages_new(const char *secret_key, uint64_t seed, struct err *err);
void messages_free(struct messages *m);

/* Turn to the moment AT of E; both are borrowed until the next turn. */
void messages_begin(struct messages *m, const struct experiment *e, const struct moment *at);

/* Fill key, value, headers and timestamp of the moment's next message; false
 * when there is none left. The bytes are good until the next call. */
bool messages_next(struct messages *m, struct outgoing *out);

/* Fill the document of the experiment that the moment, its last, ends; with no
 * header. False when it kept no samples. As good as messages_next(). */
bool messages_document(struct messages *m, struct outgoing *out);

#endif
