/* SPDX-License-Identifier: MIT */
/*
 * Resetting the group that we are in: whether it may be, and what it comes to, from what the
 * asker was told. No state, any thread.
 */
#ifndef ENGINE_RESET_H
#define ENGINE_RESET_H

#include "kafka/asker.h"
#include "kafka/seek.h"
#include "model/status.h"

/* Q is an answered INQUIRY_GROUP. False unless MEMBER, our id, is its only member: WHY names the others. */
bool reset_allowed(const struct inquiry *q, const char *member, struct err *why);

struct reset_sums {
	size_t partitions;
	int64_t again, skipped; /* records that will be read again, that will not be read */
};

/* What TO comes to in the partitions of Q, an answered INQUIRY_PLACES of the group: counted from
 * where it would start now, which without a commit is where POLICY says. */
bool reset_sum(const struct inquiry *q, const struct seek *to, enum policy policy, struct reset_sums *out,
	       struct err *why);

/* "R sets group lab to the beginning: 16 partitions, 1,234 offsets will be read again" */
void reset_question(const char *group, const struct seek *to, const struct reset_sums *sums, struct err *out);

#endif
