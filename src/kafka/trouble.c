/* SPDX-License-Identifier: MIT */
#include "kafka/trouble.h"

#include <stdio.h>
#include <string.h>

enum {
	FORGET_MS = 60000, /* the library repeats itself every 30 s */
	BURST_MS = 10000   /* brokers that go one after the other are one outage */
};

static bool
is_kind(const struct trouble *e, const char *kind)
{
	return e->kind && strcmp(e->kind, kind) == 0;
}

static bool
said_lately(const struct troubles *t, const char *kind, int64_t now)
{
	for (const struct trouble *e = t->item; e < t->item + TROUBLES; e++)
		if (is_kind(e, kind) && e->said && now - e->said < BURST_MS)
			return true;
	return false;
}

/* The place of the pair; for one that is not there, the place that was quiet the longest. */
static struct trouble *
place_of(struct troubles *t, const char *kind, const char *broker)
{
	struct trouble *oldest = t->item;

	for (struct trouble *e = t->item; e < t->item + TROUBLES; e++) {
		if (is_kind(e, kind) && strncmp(e->broker, broker, TROUBLE_BROKER - 1) == 0)
			return e;
		if (e->last < oldest->last)
			oldest = e;
	}
	*oldest = (struct trouble){.kind = kind};
	snprintf(oldest->broker, sizeof(oldest->broker), "%s", broker);
	return oldest;
}

bool
troubles_news(struct troubles *t, const char *kind, const char *broker, int64_t now)
{
	bool covered = said_lately(t, kind, now), known;
	struct trouble *e = place_of(t, kind, broker);

	known = e->last && now - e->last < FORGET_MS;
	e->last = now;
	if (known || covered)
		return false;
	e->said = now;
	return true;
}
