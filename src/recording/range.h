/* SPDX-License-Identifier: MIT */
/*
 * --from and --to: a part of a recording or of a topic. Pure.
 */
#ifndef RECORDING_RANGE_H
#define RECORDING_RANGE_H

#include "base/err.h"
#include "model/record.h"

enum bound_kind {
	BOUND_NONE,   /* beginning, or end */
	BOUND_OFFSET, /* `number` */
	BOUND_TIME,   /* a timestamp, ms */
	BOUND_AFTER   /* so many ms after the first record */
};

struct bound {
	enum bound_kind kind;
	int64_t number;
};

/* From the first bound on, up to and without the second. */
struct range {
	struct bound from, to;
};

/* beginning, end, an offset N, @TIME or +SECONDS. */
bool bound_parse(const char *text, struct bound *out, struct err *err);

/* Bounds that count from the first record, whose timestamp is FIRST (ms), become times. */
void range_settle(struct range *range, int64_t first);

/* What a settled range says of R; one without a timestamp is within every time. */
bool range_has(const struct range *range, const struct record *r);

#endif
