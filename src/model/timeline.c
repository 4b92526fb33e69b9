/* SPDX-License-Identifier: MIT */
#include "model/timeline.h"

void
timeline_add(struct timeline *t, const struct assignment *a)
{
	t->kept[t->added++ % TIMELINE_KEPT] = *a;
}

size_t
timeline_count(const struct timeline *t)
{
	return t->added < TIMELINE_KEPT ? t->added : TIMELINE_KEPT;
}

const struct assignment *
timeline_at(const struct timeline *t, size_t i)
{
	return &t->kept[(t->added - 1 - i) % TIMELINE_KEPT];
}
