/* SPDX-License-Identifier: MIT */
/*
 * A lag is the offsets from the next one to be read to the end, both of one moment,
 * the end asked last: so it is never negative by the order of asking. A commit that is
 * beyond the end all the same belongs to a topic that was made anew, or that lost
 * records: that is a fact of its own, and the lag is unknown. Control records and what
 * compaction removed have offsets, too: a lag counts offsets, not records.
 */
#ifndef MODEL_LAG_H
#define MODEL_LAG_H

#include <stdbool.h>
#include <stdint.h>

/* -1: one of the two is unknown, or NEXT is beyond END. */
static inline int64_t
lag_of(int64_t next, int64_t end)
{
	return next < 0 || end < next ? -1 : end - next;
}

static inline bool
lag_beyond(int64_t committed, int64_t end)
{
	return end >= 0 && committed > end;
}

/* Add MORE to *SUM, where -1 stands for unknown and stays. */
static inline void
lag_add(int64_t *sum, int64_t more)
{
	*sum = *sum < 0 || more < 0 ? -1 : *sum + more;
}

#endif
