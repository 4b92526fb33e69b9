/* SPDX-License-Identifier: MIT */
/*
 * Who is due when: the experiments of a load in a heap, the next one first. A
 * turn is an experiment with its next moment, whose messages may be written
 * before they are due, while all that have room for that is below AGENDA_BYTES. The
 * agenda owns turns and experiments. One thread.
 */
#ifndef LOAD_AGENDA_H
#define LOAD_AGENDA_H

#include "base/buf.h"
#include "kafka/producer.h"
#include "load/experiment.h"

enum { AGENDA_BYTES = 16 << 20 };

struct turn {
	int64_t due; /* of the next moment, us since 1970 */
	struct experiment *experiment;
	struct rng rng;          /* of how its messages are written */
	const struct moment *at; /* that moment, once it is written; NULL: it is not */
	size_t messages;         /* .. so many, of one length, in VALUES */
	struct buf values;
	struct producer_headers **headers; /* .. with one of these each; NULL once it is sent */
	size_t headers_cap;
	size_t room;              /* of all that, as it is counted */
	bool runs;                /* it was configured, and has not ended */
	struct turn *next, *prev; /* in the agenda's list */
};

struct agenda {
	struct turn **turns; /* a heap */
	size_t n, cap;
	struct turn *unwritten; /* a list; who came first is first */
	size_t bytes;           /* of room in all turns */
};

void agenda_fini(struct agenda *a);

/* E comes to its first moment; SEED decides its turn's RNG. */
void agenda_add(struct agenda *a, struct experiment *e, uint64_t seed);

struct turn *agenda_first(const struct agenda *a); /* NULL: nobody is left */

/* The first one's moment is over: on to its next, or away. */
void agenda_advance(struct agenda *a);
void agenda_drop_first(struct agenda *a);

/* The first one's next moment is its experiment's end, at the instant NOW. */
void agenda_cut(struct agenda *a, int64_t now);

/* Who is to be written next, in advance; NULL: nobody, or there is no room. */
struct turn *agenda_unwritten(const struct agenda *a);

/* T's moment AT is written: so many MESSAGES in its values, each to go with the N HEADERS. */
void agenda_written(struct agenda *a, struct turn *t, const struct moment *at, size_t messages,
		    const struct record_header *headers, size_t n);

#endif
