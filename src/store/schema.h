/* SPDX-License-Identifier: MIT */
/*
 * The tables of a store, as exptop-store(5) documents them, and whether a file has them.
 * Names that end in an underscore are the store's own; what is promised to others are the
 * tables and views without one.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/sql.h"

enum { SCHEMA_ID = 0x65787470 /* "extp" */, SCHEMA_VERSION = 2 };

/* A reading's place and offset in one number: a row is found by one comparison and takes 40 bytes. Offsets have 44
 * bits, places (`number` in offsets) the 19 above. */
#define SCHEMA_OFFSET(key) "(" key " & 17592186044415)"
#define SCHEMA_PLACE(key) "(" key " >> 44)"
#define SCHEMA_KEYS_OF(place) "BETWEEN " place " << 44 AND " place " << 44 | 17592186044415"

enum { SCHEMA_OFFSET_BITS = 44, SCHEMA_PLACES = (1 << 19) - 1 };

#define SCHEMA_OFFSETS (((int64_t)1 << SCHEMA_OFFSET_BITS) - 1) /* the last that there is room for */

static inline int64_t
schema_key(int64_t place, int64_t offset)
{
	return place << SCHEMA_OFFSET_BITS | offset;
}

/* What the file is of. */
struct schema_owner {
	char cluster[128]; /* the cluster's id; empty: not known yet */
	char instance[64]; /* the group.instance.id of whoever reads into it */
};

/* Make the tables in an empty file, with INSTANCE, or see that they are those we know; OWNER as it stands there. */
bool schema_open(struct sql *s, const char *instance, struct schema_owner *owner);

/* The same for a file that is only read. */
bool schema_check(struct sql *s, struct schema_owner *owner);

bool schema_set_cluster(struct sql *s, const char *cluster);

/* TOPICS are those of this store; where it is new they become so. */
bool schema_claim_topics(struct sql *s, const char *const *topics, size_t n);

#endif
