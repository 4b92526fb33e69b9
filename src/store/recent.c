/* SPDX-License-Identifier: MIT */
#include "store/recent.h"

#include "model/ident.h"

struct recent *
recent_find(struct recents *r, struct slice id)
{
	uint64_t hash = ident_hash(id);
	size_t n = r->n < RECENT_MOST ? r->n : RECENT_MOST;

	for (size_t i = 1; i <= n; i++) {
		struct recent *x = &r->ring[(r->n - i) % RECENT_MOST];

		if (x->hash == hash)
			return x;
	}
	return NULL;
}

struct recent *
recent_add(struct recents *r, struct slice id, int64_t number)
{
	struct recent *x = &r->ring[r->n++ % RECENT_MOST];

	*x = (struct recent){.hash = ident_hash(id), .number = number, .pending = -1};
	return x;
}

void
recent_written(struct recents *r, int64_t number)
{
	for (size_t i = 0; i < RECENT_MOST; i++)
		if (r->ring[i].number == number)
			r->ring[i].pending = -1;
}
