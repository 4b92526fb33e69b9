/* SPDX-License-Identifier: MIT */
/* A record as it goes into a store and comes out of one: plain values and slices, borrowed. */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include "model/event.h"

struct entry {
	struct event event;   /* where it came from, and what its one Avro record says */
	struct slice problem; /* why there is no such record, or none that the course knows; null: there is one */
	bool undecodable;
	bool jumped;          /* the first one read of its partition from somewhere behind what is stored */
};

#endif
