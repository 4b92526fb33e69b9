/* SPDX-License-Identifier: MIT */
/* Where a partition starts, from all that is known of it. Pure. */
#ifndef KAFKA_START_H
#define KAFKA_START_H

#include "kafka/seek.h"
#include "model/status.h"

/* Offsets are -1 where there is none, or it is not known. */
struct start_facts {
	const struct seek *seek; /* NULL: none was given, or it was used up */
	enum policy policy;
	bool young;              /* it appeared while we watched: its beginning stands for the policy's end */
	bool in_group;
	bool committed_known;    /* else `committed` says nothing */
	int64_t committed;
	int64_t stale;           /* what was committed of the topic that had its name before: not believed */
	int64_t next;            /* where we had got to when it was ours before */
	int64_t low, end, at;    /* marks; the first offset at the time sought */
	bool times;              /* the broker knows times */
};

struct start {
	int64_t offset;       /* below 0 one of librdkafka's logical offsets */
	int64_t out_of_range; /* an offset that would have been it, but is not there; -1 none */
};

struct start start_offset(const struct start_facts *f);

#endif
