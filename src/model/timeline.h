/* SPDX-License-Identifier: MIT */
/* The newest assignments, oldest out first: who got what when. Zero-initialised is empty. */
#ifndef MODEL_TIMELINE_H
#define MODEL_TIMELINE_H

#include "model/status.h"

enum { TIMELINE_KEPT = 100 };

struct timeline {
	struct assignment kept[TIMELINE_KEPT];
	uint64_t added;
};

void timeline_add(struct timeline *t, const struct assignment *a);
size_t timeline_count(const struct timeline *t);

/* The newest is 0; I below timeline_count(). */
const struct assignment *timeline_at(const struct timeline *t, size_t i);

#endif
