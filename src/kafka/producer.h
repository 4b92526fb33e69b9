/* SPDX-License-Identifier: MIT */
/*
 * A producer: records out, and a count of what became of them. One thread owns
 * it; delivery reports are counted inside producer_poll and producer_flush.
 */
#ifndef KAFKA_PRODUCER_H
#define KAFKA_PRODUCER_H

#include "base/slice.h"
#include "kafka/client.h"
#include "model/record.h"

#include <stdint.h>

struct producer;

struct producer_counts {
	int64_t sent;      /* handed over */
	int64_t delivered; /* the broker has them */
	int64_t failed;    /* given up */
};

/* What became of one record: OFFSET -1 when it failed. With delivery.report.only.error
 * only those are told, which saves a third of the work. */
typedef void (*producer_delivered_fn)(void *ctx, void *opaque, int32_t partition, int64_t offset);

/* DELIVERED may be NULL. */
struct producer *producer_new(const struct kafka_config *config, producer_delivered_fn delivered, void *ctx,
			      struct err *err);

enum producer_found {
	TOPIC_FOUND,
	TOPIC_MISSING, /* ERR says so, with a name like it where there is one */
	TOPIC_UNKNOWN  /* nobody answered, or the client gave up: ERR says why */
};

/* Ask the brokers, for up to TIMEOUT_MS, whether TOPIC is there. Creates none. */
enum producer_found producer_find(struct producer *p, const char *topic, int timeout_ms, struct err *err);

/* Headers made ready before their record goes: that is a third of what handing it over takes. */
struct producer_headers;

struct producer_headers *producer_headers_new(const struct record_header *list, size_t n);
void producer_headers_free(struct producer_headers *h);

struct outgoing {
	const char *topic;
	int32_t partition;              /* -1: by the key's hash */
	struct slice key, value;        /* copied; null: none */
	const struct record_header *headers; /* in order; names may repeat, a null value is none */
	size_t n_headers;
	struct producer_headers **ready; /* NULL; or instead of those, and NULL once PRODUCED has taken them */
	int64_t timestamp;              /* ms; 0: now */
	void *opaque;
};

enum produced {
	PRODUCED,
	PRODUCE_FULL,  /* the queue is full: poll and try again */
	PRODUCE_FAILED /* never: ERR says why */
};
enum produced producer_send(struct producer *p, const struct outgoing *o, struct err *err);

/* Serve delivery reports, waiting up to TIMEOUT_MS for the first. */
void producer_poll(struct producer *p, int timeout_ms);

/* Wait up to TIMEOUT_MS until all is delivered or failed; false when some is still under way. */
bool producer_flush(struct producer *p, int timeout_ms);

/* Give up what is still under way: it counts as failed. The brokers may have got some of it. */
void producer_drop(struct producer *p);
struct producer_counts producer_counts(const struct producer *p);

/* Why records failed, or why no broker answers; empty when all is well. */
const char *producer_problem(const struct producer *p);

/* The client has met what it cannot go on from: producer_problem() says what. */
bool producer_gave_up(const struct producer *p);

/* What is still under way is dropped. */
void producer_free(struct producer *p);

#endif
