/* SPDX-License-Identifier: MIT */
#include "model/tail.h"

#include "base/alloc.h"

#include <stdlib.h>

enum { ALIGN = 16, FIRST_CAP = 64, CUT = 4 /* a value that does not fit is cut to this part of the ring */ };

/* Before each record's bytes: key, value, name, text, then the headers. */
struct entry {
	const char *topic;
	int64_t offset, timestamp;
	int32_t partition;
	uint32_t size; /* of all, aligned */
	uint32_t key, value, name, text; /* lengths; NONE: null */
	size_t value_size;
	uint32_t n_headers;
	bool undecodable;
};

/* Before each header's name and value. */
struct header {
	uint32_t name, value;
};

static const uint32_t NONE = UINT32_MAX;

/* Records lie one behind the other in `bytes`, from that of the oldest to `end`;
 * when the next does not fit behind `end` it begins anew at 0. */
struct tail {
	char *bytes;
	size_t size, end;
	uint32_t *places; /* where the records start, in units of ALIGN, a ring of `cap` */
	size_t cap, oldest, n;
	uint64_t first;
};

struct tail *
tail_new(size_t bytes)
{
	struct tail *t = xcalloc(1, sizeof(*t));

	t->size = (bytes < NONE ? bytes : NONE - 1) / ALIGN * ALIGN;
	t->bytes = xmalloc(t->size);
	t->first = 1;
	return t;
}

void
tail_free(struct tail *t)
{
	if (!t)
		return;
	free(t->bytes);
	free(t->places);
	free(t);
}

void
tail_clear(struct tail *t)
{
	t->first += t->n;
	t->n = t->end = 0;
}

size_t
tail_count(const struct tail *t)
{
	return t->n;
}

uint64_t
tail_first(const struct tail *t)
{
	return t->first;
}

static size_t
place(const struct tail *t, size_t i)
{
	return (size_t)t->places[(t->oldest + i) % t->cap] * ALIGN;
}

static void
drop_oldest(struct tail *t)
{
	t->oldest = (t->oldest + 1) % t->cap;
	t->n--;
	t->first++;
}

/* Whether the record I takes bytes of [FROM, TO). */
static bool
overlaps(const struct tail *t, size_t i, size_t from, size_t to)
{
	size_t at = place(t, i);
	const struct entry *e = (const void *)(t->bytes + at);

	return at < to && at + e->size > from;
}

/* Room for SIZE bytes: drop what lies there, and on a new round first what was
 * left behind the end, so that the oldest always lies ahead. */
static size_t
make_room(struct tail *t, size_t size)
{
	size_t at = t->end;

	if (t->size - at < size) {
		while (t->n && place(t, 0) >= at)
			drop_oldest(t);
		at = 0;
	}
	while (t->n && overlaps(t, 0, at, at + size))
		drop_oldest(t);
	return at;
}

static void
grow_places(struct tail *t)
{
	size_t cap = t->cap ? 2 * t->cap : FIRST_CAP;
	uint32_t *places = xreallocarray(NULL, cap, sizeof(*places));

	for (size_t i = 0; i < t->n; i++)
		places[i] = t->places[(t->oldest + i) % t->cap];
	free(t->places);
	t->places = places;
	t->cap = cap;
	t->oldest = 0;
}

static size_t
length(struct slice s)
{
	return s.p ? s.n : 0;
}

static uint32_t
stored(struct slice s)
{
	return s.p ? (uint32_t)s.n : NONE;
}

/* The bytes R takes with those that go BESIDE it, SIZE_MAX when they are more than MOST. */
static size_t
size_of(const struct record *r, size_t beside, size_t most, uint32_t *n_headers)
{
	size_t size = sizeof(struct entry) + length(r->key);
	struct record_header h;

	if (length(r->key) > most || length(r->value) > most || beside > most)
		return SIZE_MAX;
	size += length(r->value) + beside;
	for (*n_headers = 0; size <= most && record_header(r, *n_headers, &h); ++*n_headers) {
		if (length(h.name) > most || length(h.value) > most)
			return SIZE_MAX;
		size += sizeof(struct header) + length(h.name) + length(h.value);
	}
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	return size <= most ? size : SIZE_MAX;
}

static char *
put(char *p, const void *from, size_t n)
{
	if (n)
		memcpy(p, from, n);
	return p + n;
}

static void
write_record(char *p, const struct entry *e, const struct record *r, struct slice name, struct slice text)
{
	struct record_header h;

	p = put(p, e, sizeof(*e));
	p = put(p, r->key.p, length(r->key));
	p = put(p, r->value.p, length(r->value));
	p = put(p, name.p, length(name));
	p = put(p, text.p, length(text));
	for (size_t i = 0; i < e->n_headers && record_header(r, i, &h); i++) {
		struct header lengths = {(uint32_t)length(h.name), stored(h.value)};

		p = put(p, &lengths, sizeof(lengths));
		p = put(p, h.name.p, length(h.name));
		p = put(p, h.value.p, length(h.value));
	}
}

bool
tail_add(struct tail *t, const struct record *r, struct slice name, bool undecodable, struct slice text)
{
	struct entry e = {
		.topic = r->topic, .offset = r->offset, .timestamp = r->timestamp, .partition = r->partition,
		.key = stored(r->key), .name = stored(name), .text = stored(text), .value_size = length(r->value),
		.undecodable = undecodable,
	};
	size_t beside = length(name) + length(text), size = size_of(r, beside, t->size, &e.n_headers), at;
	struct record kept = *r;

	if (size == SIZE_MAX && e.value_size > t->size / CUT) {
		kept.value.n = t->size / CUT;
		size = size_of(&kept, beside, t->size, &e.n_headers);
	}
	if (size == SIZE_MAX)
		return false;
	e.value = stored(kept.value);
	e.size = (uint32_t)size;
	at = make_room(t, size);
	write_record(t->bytes + at, &e, &kept, name, text);
	if (t->n == t->cap)
		grow_places(t);
	t->places[(t->oldest + t->n) % t->cap] = (uint32_t)(at / ALIGN);
	t->n++;
	t->end = at + size;
	return true;
}

static struct slice
take(const char **p, uint32_t n)
{
	struct slice s = {n == NONE ? NULL : *p, n == NONE ? 0 : n};

	*p += s.n;
	return s;
}

bool
tail_get(const struct tail *t, uint64_t number, struct tail_record *out)
{
	const struct entry *e;
	const char *p;

	if (number < t->first || number - t->first >= t->n)
		return false;
	p = t->bytes + place(t, number - t->first);
	e = (const void *)p;
	p += sizeof(*e);
	*out = (struct tail_record){
		.number = number, .topic = e->topic, .partition = e->partition, .offset = e->offset,
		.timestamp = e->timestamp, .undecodable = e->undecodable, .n_headers = e->n_headers,
	};
	out->key = take(&p, e->key);
	out->value = take(&p, e->value);
	out->name = take(&p, e->name);
	out->text = take(&p, e->text);
	out->value_size = e->value_size;
	out->headers = p;
	return true;
}

void
tail_headers(const struct tail_record *r, struct record_header *out)
{
	const char *p = r->headers;

	for (size_t i = 0; i < r->n_headers; i++) {
		struct header lengths;

		memcpy(&lengths, p, sizeof(lengths));
		p += sizeof(lengths);
		out[i].name = take(&p, lengths.name);
		out[i].value = take(&p, lengths.value);
	}
}
