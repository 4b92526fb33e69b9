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
	return e->kind[0] && strncmp(e->kind, kind, TROUBLE_TEXT - 1) == 0;
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
place_of(struct troubles *t, const char *kind, const char *broker, size_t n)
{
	struct trouble *oldest = t->item;

	for (struct trouble *e = t->item; e < t->item + TROUBLES; e++) {
		if (is_kind(e, kind) && strlen(e->broker) == n && memcmp(e->broker, broker, n) == 0)
			return e;
		if (e->last < oldest->last)
			oldest = e;
	}
	*oldest = (struct trouble){0};
	snprintf(oldest->kind, sizeof(oldest->kind), "%s", kind);
	memcpy(oldest->broker, broker, n);
	return oldest;
}

size_t
trouble_broker(const char *sentence)
{
	size_t n = strcspn(sentence, " ");

	return memchr(sentence, ':', n) && sentence[n - 1] != ':' ? n : 0;
}

bool
troubles_news(struct troubles *t, const char *sentence, int64_t now)
{
	size_t broker = trouble_broker(sentence);
	const char *kind = sentence + broker;
	bool covered = said_lately(t, kind, now), known;
	struct trouble *e = place_of(t, kind, sentence, broker < TROUBLE_BROKER ? broker : TROUBLE_BROKER - 1);

	known = e->last && now - e->last < FORGET_MS;
	e->last = now;
	if (known || covered)
		return false;
	e->said = now;
	return true;
}
