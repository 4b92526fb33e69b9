/* SPDX-License-Identifier: MIT */
#include "load/agenda.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <utlist.h>

enum { HEADERS_BYTES = 256 }; /* what those of a message take, about */

static void
free_headers(struct turn *t)
{
	for (size_t i = 0; i < t->messages; i++)
		producer_headers_free(t->headers[i]);
	t->messages = 0;
}

static void
turn_free(struct turn *t)
{
	free_headers(t);
	free(t->headers);
	experiment_free(t->experiment);
	buf_free(&t->values);
	free(t);
}

void
agenda_fini(struct agenda *a)
{
	for (size_t i = 0; i < a->n; i++)
		turn_free(a->turns[i]);
	free(a->turns);
	*a = (struct agenda){0};
}

/* --- The heap -------------------------------------------------------------- */

static bool
is_before(const struct agenda *a, size_t x, size_t y)
{
	return a->turns[x]->due < a->turns[y]->due;
}

static void
swap(struct agenda *a, size_t x, size_t y)
{
	struct turn *t = a->turns[x];

	a->turns[x] = a->turns[y];
	a->turns[y] = t;
}

static void
rise(struct agenda *a, size_t i)
{
	for (; i > 0 && is_before(a, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(a, i, (i - 1) / 2);
}

/* The first is due later than it was: down to its place. */
static void
settle(struct agenda *a)
{
	for (size_t i = 0, child; (child = 2 * i + 1) < a->n; i = child) {
		if (child + 1 < a->n && is_before(a, child + 1, child))
			child++;
		if (!is_before(a, child, i))
			return;
		swap(a, i, child);
	}
}

void
agenda_add(struct agenda *a, struct experiment *e, uint64_t seed)
{
	struct turn *t = xcalloc(1, sizeof(*t));

	t->experiment = e;
	t->due = experiment_due(e);
	t->rng.state = seed;
	if (a->n == a->cap) {
		a->cap = a->cap ? 2 * a->cap : 16;
		a->turns = xreallocarray(a->turns, a->cap, sizeof(*a->turns));
	}
	a->turns[a->n] = t;
	rise(a, a->n++);
	DL_APPEND(a->unwritten, t);
}

struct turn *
agenda_first(const struct agenda *a)
{
	return a->n ? a->turns[0] : NULL;
}

/* --- What is written ------------------------------------------------------- */

static void
count_room(struct agenda *a, struct turn *t)
{
	size_t room = t->values.cap + t->messages * HEADERS_BYTES;

	a->bytes += room - t->room;
	t->room = room;
}

/* Nothing of it is written any more; its room stays for the next moment where there is enough. */
static void
forget(struct agenda *a, struct turn *t)
{
	if (!t->at)
		DL_DELETE(a->unwritten, t);
	t->at = NULL;
	free_headers(t);
	buf_clear(&t->values);
	if (a->bytes > AGENDA_BYTES)
		buf_free(&t->values);
	count_room(a, t);
}

struct turn *
agenda_unwritten(const struct agenda *a)
{
	struct turn *t = a->unwritten;

	return t && (t->room > 0 || a->bytes < AGENDA_BYTES) ? t : NULL;
}

void
agenda_written(struct agenda *a, struct turn *t, const struct moment *at, size_t messages,
	       const struct record_header *headers, size_t n)
{
	DL_DELETE(a->unwritten, t);
	t->at = at;
	if (messages > t->headers_cap) {
		t->headers = xreallocarray(t->headers, messages, sizeof(struct producer_headers *));
		t->headers_cap = messages;
	}
	t->messages = messages;
	for (size_t i = 0; i < messages; i++)
		t->headers[i] = producer_headers_new(headers, n);
	count_room(a, t);
}

void
agenda_cut(struct agenda *a, int64_t now)
{
	struct turn *t = a->turns[0];

	forget(a, t);
	experiment_cut(t->experiment, now);
	t->due = now;
	DL_APPEND(a->unwritten, t);
}

void
agenda_advance(struct agenda *a)
{
	struct turn *t = a->turns[0];

	t->due = experiment_due(t->experiment);
	if (t->due == INT64_MAX) {
		agenda_drop_first(a);
		return;
	}
	forget(a, t);
	DL_APPEND(a->unwritten, t);
	settle(a);
}

void
agenda_drop_first(struct agenda *a)
{
	struct turn *t = a->turns[0];

	forget(a, t);
	a->bytes -= t->room;
	turn_free(t);
	a->turns[0] = a->turns[--a->n];
	settle(a);
}
