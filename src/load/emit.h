/* SPDX-License-Identifier: MIT */
/*
 * A load on its way to Kafka: a thread that walks through all experiments of a
 * plan and sends each moment when it is due. Deadlines are absolute, so that
 * nothing drifts: after a stall it sends what is overdue at once, with the
 * instants planned, and the log says how late it was.
 *
 * The thread owns producer and experiments; the functions here may be called
 * from any thread.
 */
#ifndef LOAD_EMIT_H
#define LOAD_EMIT_H

#include "kafka/client.h"
#include "load/plan.h"

struct emit_config {
	const struct kafka_config *kafka; /* needed by emit_start only */
	const char *topic;                /* borrowed, like the plan, until emit_stop */
	const struct plan *plan;
	const char *secret_key;
	uint64_t seed;         /* decides ids, temperatures and markers */
	int configure_ahead_s; /* experiments are configured so long before they begin, not before the load does */
	bool repeat;           /* begin again, with new ids, when the plan has ended */
};

struct emit_counts {
	int64_t sent, delivered, failed; /* messages */
	int64_t running;                 /* experiments between their first and last moment */
	int64_t late_us, late_max_us;    /* of the last moment, and of the latest */
	int64_t rounds;                  /* how often the plan was begun */
	bool over;                       /* all is sent */
};

struct emit;

struct emit *emit_start(const struct emit_config *config, struct err *err);
void emit_counts(struct emit *e, struct emit_counts *out);

/* Stop where it is, give what was sent FLUSH_MS to arrive, end the thread. */
void emit_stop(struct emit *e, int flush_ms);

#endif
