/* SPDX-License-Identifier: MIT */
/*
 * Where to start: --seek beginning|end|N|-N|@TIME, and what offset that is in
 * a partition whose marks are known. Pure.
 */
#ifndef KAFKA_SEEK_H
#define KAFKA_SEEK_H

#include "base/err.h"

#include <stdint.h>

enum seek_kind {
	SEEK_NONE,      /* the committed offset, else the policy */
	SEEK_BEGINNING,
	SEEK_TAIL,      /* the end, or `number` offsets before it */
	SEEK_OFFSET,    /* `number` */
	SEEK_TIME       /* the first record at `number` (ms) or later */
};

struct seek {
	enum seek_kind kind;
	int64_t number;
};

bool seek_parse(const char *text, struct seek *out, struct err *err);

/* The offset S means between LOW and END (-1: mark not known), AT being what the
 * broker answered for the time (-1: none that late). Kept inside the marks as
 * far as they are known; below 0 one of librdkafka's logical offsets. */
int64_t seek_offset(const struct seek *s, int64_t low, int64_t end, int64_t at);

#endif
