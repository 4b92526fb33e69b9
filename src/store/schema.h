/* SPDX-License-Identifier: MIT */
/*
 * The tables of a store, as exptop-store(5) documents them, and whether a file has them.
 * Names that end in an underscore are the store's own; what is promised to others are the
 * tables and views without one.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/sql.h"

enum { SCHEMA_ID = 0x65787470 /* "extp" */, SCHEMA_VERSION = 1 };

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
