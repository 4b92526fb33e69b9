/* SPDX-License-Identifier: MIT */
/*
 * The topic that a verb writes to: found or made, a producer for it, and how
 * records go there until a signal comes. Main thread.
 */
#ifndef TARGET_H
#define TARGET_H

#include "cluster.h"
#include "kafka/producer.h"

/* Why what is still under way is given up. */
enum giving_up { GOING_ON, TIMED_OUT, SIGNALLED };

struct target {
	const char *topic;
	bool each_told; /* each delivery is reported, and waited for: nothing is compressed */
	producer_delivered_fn delivered; /* NULL: nobody is told */
	void *ctx;
	struct producer *producer;
	int32_t partitions; /* of the topic; -1 unknown */
	/* Its own. */
	int64_t timeout_ms; /* for the brokers to confirm something */
	int64_t settled;    /* records delivered or failed when last looked */
	int64_t since;      /* when that was last more, or all */
	int64_t deadline;   /* after a signal; 0: none came */
	bool stop;
	enum giving_up gave_up;
};

/* Find the topic, or make it with --create, and open its producer, which keeps each
 * record once and in order unless the user chose otherwise. False with STATUS. */
bool target_open(struct target *t, const struct options *o, struct cluster *c, int *status, struct err *err);
void target_close(struct target *t);

/* Nothing more is to be sent: a signal came, or nothing gets through within --timeout. */
bool target_stops(struct target *t);

/* Hand R over, waiting while the queue is full; PRODUCE_FULL: it is to stop. */
enum produced target_send(struct target *t, const struct outgoing *r, struct err *err);

/* Wait until what was sent is delivered or given up; after a signal at most signals_leave_ms(). */
void target_confirm(struct target *t);

/* "not delivered: REASON"; what was given up may have arrived all the same. */
const char *target_failure(const struct target *t, struct err *out);

/* True: all records sent were delivered, none was REFUSED, and the client did not give up before the end; else what is
 * missing is said. */
bool target_report(const struct target *t, int64_t refused);

#endif
