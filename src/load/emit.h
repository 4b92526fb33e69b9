/* SPDX-License-Identifier: MIT */
/*
 * A load on its way to Kafka: a thread that walks through all experiments of a
 * plan and sends each moment when it is due. Deadlines are absolute, so that
 * nothing drifts: after a stall it sends what is overdue at once, with the
 * instants planned, and the log says how late it was. What the queue does not
 * take is waited for: nothing is left out.
 *
 * The thread owns producer and experiments; the functions here may be called
 * from any thread.
 */
#ifndef LOAD_EMIT_H
#define LOAD_EMIT_H

#include "kafka/client.h"
#include "load/experiment.h"

/* Who wants to know what the load does; called on its thread, each may be NULL. */
struct emit_watch {
	/* The moment AT of E, the plan's entry I, is about to be sent. */
	void (*moment)(void *ctx, size_t i, const struct experiment *e, const struct moment *at);
	void (*delivered)(void *ctx, size_t i); /* a message of entry I has arrived */
	void (*rest)(void *ctx);                /* nothing is due just now, or all is over */
	void *ctx;
};

struct emit_config {
	const struct kafka_config *kafka; /* needed by emit_start only */
	const char *topic;                /* borrowed, like all that follows, until emit_stop */
	const char *document_topic;       /* of an experiment_document at each end; NULL: none */
	const struct plan *plan;
	const char *secret_key;
	uint64_t seed;         /* decides ids, temperatures and markers */
	int configure_ahead_s; /* experiments are configured so long before they begin, not before the load does */
	bool repeat;           /* begin again, with new ids, when the plan has ended */
	double time_scale;     /* so many times as fast, with instants of which the plan's last is now; 0: 1 */
	double max_rate;       /* messages a second; 0: no bound */
	bool terminate;        /* who runs when the load is stopped gets a termination */
	int find_ms;           /* make sure that the topics are there first, for so long; 0: do not ask */
	const struct emit_watch *watch; /* NULL: nobody */
};

struct emit_counts {
	int64_t asked;                   /* messages that were due */
	int64_t sent, delivered, failed; /* .. handed over, confirmed, given up */
	int64_t unsent;                  /* .. and still waiting to be handed over when the load was stopped */
	int64_t running;                 /* experiments between their first and last moment */
	int64_t stages[EVENT_KINDS];     /* how many have come to this stage */
	double rate;                     /* measurements a second that those running ask for */
	int64_t late_us, late_max_us;    /* of the last moment, and of the latest; real time */
	int64_t late_p50_us, late_p99_us; /* of all messages; -1 until the end */
	int64_t rounds;                  /* how often the plan was begun */
	int64_t round_began;             /* when it was last, ms of the load's time; -1: not yet */
	bool begun;                      /* brokers and topics were found */
	bool over;                       /* all is sent */
	bool ended;                      /* the thread does nothing more */
};

struct emit;

struct emit *emit_start(const struct emit_config *config, struct err *err);
void emit_counts(struct emit *e, struct emit_counts *out);

/* Stop where it is, give what was sent FLUSH_MS from now to arrive. Does not wait. */
void emit_end(struct emit *e, int flush_ms);

/* Why it never began, once it has ended; true when there is a reason. */
bool emit_problem(struct emit *e, struct err *out);

/* emit_end(), wait for the thread, free. */
void emit_stop(struct emit *e, int flush_ms);

#endif
