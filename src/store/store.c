/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/mailbox.h"
#include "base/rng.h"
#include "base/thread.h"
#include "store/book.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOM = 1024 };

/* Records on their way to the writer. */
struct chunk {
	struct arena arena; /* what they point to */
	struct entry *entries;
	size_t n, cap, bytes;
	char cluster[128]; /* the file's from now on; empty: nothing to be said of it */
	bool settle;       /* close the transaction behind these */
	bool end;          /* the last chunk */
};

/* What the writer has to say. */
struct report {
	struct store_place *places;
	size_t n, cap;
	size_t records, bytes; /* durable since the last report */
	bool settled;          /* answers a chunk that asked for it */
	int64_t in_file;
	struct book_counts counts;
	struct err err; /* empty: all is well */
};

/* The place behind the last record added of a partition. */
struct reach {
	int64_t next; /* -1 none */
	int64_t last, timestamp; /* the file's last record when it was opened, and its time; -1 none */
	bool jumps;   /* the next record may be behind that */
};

struct reaches {
	struct reach *at;
	size_t n;
};

struct store {
	struct book *book;
	struct schema_owner owner;
	char *file;
	struct mailbox *inbox, *outbox;
	struct thread *thread;

	/* The owner's side. */
	struct chunk *filling;
	struct reaches *topics;
	size_t n_topics;
	size_t waiting, waiting_bytes; /* added and not yet durable */
	int64_t oldest;                /* mono ms, of these; an upper bound */
	struct store_place *told;      /* taken from reports, not yet asked for */
	size_t n_told, cap_told;
	struct report last; /* its numbers and its error */

	/* The writer's side. */
	bool writing, dead;
	int64_t begun; /* mono ms, of the transaction */
	struct report *report;
};

/* ---- the writer ---- */

static void
free_chunk(void *letter)
{
	struct chunk *c = letter;

	arena_free(&c->arena);
	free(c->entries);
	free(c);
}

static void
free_report(void *letter)
{
	struct report *r = letter;

	free(r->places);
	free(r);
}

static void
note_place(struct report *r, const struct event *e)
{
	struct store_place place = {e->topic_no, e->partition, e->offset + 1};

	for (size_t i = r->n; i-- > 0;)
		if (r->places[i].topic_no == place.topic_no && r->places[i].partition == place.partition) {
			r->places[i].next = place.next;
			return;
		}
	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 64;
		r->places = xreallocarray(r->places, r->cap, sizeof(*r->places));
	}
	r->places[r->n++] = place;
}

static void
send_report(struct store *s, bool settled)
{
	struct report *r = s->report;

	r->settled = settled;
	r->in_file = book_records(s->book);
	r->counts = book_counts(s->book);
	mailbox_post(s->outbox, r);
	s->report = xcalloc(1, sizeof(*r));
}

/* What is not durable stays unsaid. */
static void
die(struct store *s)
{
	s->dead = true;
	s->writing = false;
	book_rollback(s->book);
	s->report->n = s->report->records = s->report->bytes = 0;
	s->report->err = *book_error(s->book);
	send_report(s, false);
}

static void
commit(struct store *s)
{
	if (!s->writing)
		return;
	s->writing = false;
	if (book_commit(s->book))
		send_report(s, false);
	else
		die(s);
}

static bool
begin(struct store *s)
{
	if (s->writing)
		return true;
	s->begun = clock_mono_ms();
	s->writing = book_begin(s->book);
	return s->writing;
}

static bool
is_time(const struct store *s)
{
	return s->report->records >= STORE_RECORDS || s->report->bytes >= STORE_BYTES ||
	       clock_mono_ms() - s->begun >= STORE_MS;
}

static bool
write_entries(struct store *s, const struct chunk *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct event *e = &c->entries[i].event, *next;

		if (!book_add(s->book, &c->entries[i]))
			return false;
		next = i + 1 < c->n ? &c->entries[i + 1].event : NULL;
		if (!next || next->partition != e->partition || next->topic_no != e->topic_no)
			note_place(s->report, e);
	}
	s->report->records += c->n;
	s->report->bytes += c->bytes;
	return true;
}

static void
write_chunk(struct store *s, const struct chunk *c)
{
	bool any = c->n > 0 || c->cluster[0];

	if (any && !s->dead &&
	    !(begin(s) && (!c->cluster[0] || book_set_cluster(s->book, c->cluster)) && write_entries(s, c)))
		die(s);
	if (s->writing && (c->settle || is_time(s)))
		commit(s);
	if (c->settle)
		send_report(s, true);
}

static void
wait_for_chunk(const struct store *s)
{
	struct pollfd fd = {.fd = mailbox_fd(s->inbox), .events = POLLIN};
	int64_t left = s->writing ? s->begun + STORE_MS - clock_mono_ms() : -1;

	poll(&fd, 1, s->writing && left < 0 ? 0 : (int)left);
}

static void *
write_all(void *arg)
{
	struct store *s = arg;
	bool ended = false;

	while (!ended) {
		struct chunk *c = mailbox_take(s->inbox);

		if (c) {
			write_chunk(s, c);
			ended = c->end;
			free_chunk(c);
		} else {
			wait_for_chunk(s);
			if (s->writing && is_time(s))
				commit(s);
		}
	}
	return NULL;
}

/* ---- the owner ---- */

static struct chunk *
new_chunk(void)
{
	return xcalloc(1, sizeof(struct chunk));
}

static void
post_chunk(struct store *s)
{
	mailbox_post(s->inbox, s->filling);
	s->filling = new_chunk();
}

static void
take_report(struct store *s, struct report *r)
{
	if (s->n_told + r->n > s->cap_told) {
		s->cap_told = s->n_told + r->n;
		s->told = xreallocarray(s->told, s->cap_told, sizeof(*s->told));
	}
	if (r->n)
		memcpy(s->told + s->n_told, r->places, r->n * sizeof(*r->places));
	s->n_told += r->n;
	s->waiting -= r->records;
	s->waiting_bytes -= r->bytes;
	s->oldest = clock_mono_ms(); /* what still waits came later than what was just written began */
	if (r->err.text[0]) /* the book's own counts are of what was rolled back, too */
		s->last.err = r->err;
	if (!s->last.err.text[0]) {
		s->last.in_file = r->in_file;
		s->last.counts = r->counts;
	}
	free_report(r);
}

/* False when there was none. */
static bool
take_reports(struct store *s, bool *settled)
{
	struct report *r = mailbox_take(s->outbox);
	bool any = r != NULL;

	for (; r; r = mailbox_take(s->outbox)) {
		*settled = *settled || r->settled;
		take_report(s, r);
	}
	return any;
}

static void
settle(struct store *s)
{
	struct pollfd fd = {.fd = mailbox_fd(s->outbox), .events = POLLIN};
	bool settled = false;

	s->filling->settle = true;
	post_chunk(s);
	while (take_reports(s, &settled), !settled)
		poll(&fd, 1, -1);
}

size_t
store_kept(struct store *s, bool wait, struct store_place *out, size_t cap, struct err *err)
{
	bool unused = false;
	size_t n;

	if (wait && s->waiting > 0 && !s->last.err.text[0])
		settle(s);
	else
		take_reports(s, &unused);
	n = s->n_told < cap ? s->n_told : cap;
	for (size_t i = 0; i < n; i++)
		out[i] = s->told[i];
	s->n_told -= n;
	for (size_t i = 0; i < s->n_told; i++)
		s->told[i] = s->told[i + n];
	if (s->last.err.text[0])
		*err = s->last.err;
	return n;
}

static struct reach *
reach_of(struct store *s, int topic_no, int32_t partition)
{
	struct reaches *t = &s->topics[topic_no];

	if ((size_t)partition >= t->n) {
		t->at = xreallocarray(t->at, (size_t)partition + 1, sizeof(*t->at));
		while (t->n <= (size_t)partition)
			t->at[t->n++] = (struct reach){.next = -1, .last = -1, .timestamp = -1};
	}
	return &t->at[partition];
}

/* What the file says, before the writer begins. */
static void
read_reaches(struct store *s, int topic_no)
{
	for (int32_t p = (int32_t)book_partitions(s->book, topic_no); p-- > 0;) {
		struct reach *r = reach_of(s, topic_no, p);

		r->next = book_next(s->book, topic_no, p);
		r->last = r->next - (r->next >= 0);
		r->timestamp = book_timestamp(s->book, topic_no, p, r->last);
	}
}

bool
store_last(struct store *s, int topic_no, int32_t partition, int64_t *offset, int64_t *timestamp)
{
	const struct reach *r = reach_of(s, topic_no, partition);

	*offset = r->last;
	*timestamp = r->timestamp;
	return r->timestamp >= 0;
}

int64_t
store_next(struct store *s, int topic_no, int32_t partition)
{
	return reach_of(s, topic_no, partition)->next;
}

void
store_starts(struct store *s, int topic_no, int32_t partition, int64_t offset)
{
	struct reach *r = reach_of(s, topic_no, partition);

	r->jumps = offset < 0 || offset > r->next;
}

static void
copy_sensors(struct arena *a, struct event *e)
{
	struct slice *sensors = arena_alloc(a, e->n_sensors * sizeof(*sensors));

	for (size_t i = 0; i < e->n_sensors; i++)
		sensors[i] = arena_copy(a, e->sensors[i]);
	e->sensors = sensors;
}

static void
copy_event(struct arena *a, struct event *e)
{
	if (e->n_sensors)
		copy_sensors(a, e);
	e->experiment = arena_copy(a, e->experiment);
	e->researcher = arena_copy(a, e->researcher);
	e->sensor = arena_copy(a, e->sensor);
	e->measurement = arena_copy(a, e->measurement);
	e->hash = (struct slice){0}; /* is not kept */
}

static size_t
size_of(const struct entry *x)
{
	const struct event *e = &x->event;
	size_t size = sizeof(*x) + e->experiment.n + e->researcher.n + e->sensor.n + e->measurement.n + x->problem.n;

	for (size_t i = 0; i < e->n_sensors; i++)
		size += sizeof(e->sensors[i]) + e->sensors[i].n;
	return size;
}

void
store_add(struct store *s, const struct entry *x)
{
	struct chunk *c = s->filling;
	struct reach *r = reach_of(s, x->event.topic_no, x->event.partition);
	size_t size = size_of(x);
	struct entry *copy;

	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : ROOM;
		c->entries = xreallocarray(c->entries, c->cap, sizeof(*c->entries));
	}
	copy = &c->entries[c->n++];
	*copy = *x;
	copy->jumped = r->jumps;
	copy->problem = arena_copy(&c->arena, x->problem);
	copy_event(&c->arena, &copy->event);
	c->bytes += size;
	if (s->waiting == 0)
		s->oldest = clock_mono_ms();
	s->waiting++;
	s->waiting_bytes += size;
	r->jumps = false;
	if (x->event.offset >= r->next)
		r->next = x->event.offset + 1;
}

void
store_push(struct store *s)
{
	if (s->filling->n > 0)
		post_chunk(s);
}

bool
store_full(const struct store *s)
{
	return s->waiting >= 2 * STORE_RECORDS || s->waiting_bytes >= 2 * STORE_BYTES;
}

int
store_fd(const struct store *s)
{
	return mailbox_fd(s->outbox);
}

const char *
store_instance(const struct store *s)
{
	return s->owner.instance;
}

bool
store_claim(struct store *s, const char *cluster, struct err *err)
{
	if (!cluster[0] || strcmp(s->owner.cluster, cluster) == 0)
		return true;
	if (s->owner.cluster[0])
		return err_set(err, "%s is the store of another cluster (%s, this one is %s): name another file for "
			       "this", s->file, s->owner.cluster, cluster);
	snprintf(s->owner.cluster, sizeof(s->owner.cluster), "%s", cluster);
	snprintf(s->filling->cluster, sizeof(s->filling->cluster), "%s", cluster);
	post_chunk(s);
	return true;
}

void
store_status(const struct store *s, int64_t mono_ms, struct store_status *out)
{
	*out = (struct store_status){
		.file = s->file,
		.records = s->last.in_file,
		.waiting = (int64_t)s->waiting,
		.waiting_ms = s->waiting ? mono_ms - s->oldest : 0,
		.stored = s->last.counts.stored,
		.duplicates = s->last.counts.duplicates,
		.undecodable = s->last.counts.undecodable,
		.foreign = s->last.counts.foreign,
	};
}

struct store *
store_open(const struct store_config *config, struct err *err)
{
	struct store *s = xcalloc(1, sizeof(*s));
	struct rng rng = rng_from_system();
	char instance[UUID_TEXT];
	struct book_config book = {
		.file = config->file, .topics = config->topics, .n_topics = config->n_topics, .instance = instance,
		.experiments = config->experiments,
	};

	rng_uuid(&rng, instance);
	s->book = book_open(&book, err);
	if (!s->book) {
		free(s);
		return NULL;
	}
	s->owner = *book_owner(s->book);
	s->file = xstrdup(config->file);
	s->n_topics = config->n_topics;
	s->topics = xcalloc(s->n_topics, sizeof(*s->topics));
	for (size_t i = 0; i < s->n_topics; i++)
		read_reaches(s, (int)i);
	s->last.in_file = book_records(s->book);
	s->filling = new_chunk();
	s->report = xcalloc(1, sizeof(*s->report));
	s->inbox = mailbox_new();
	s->outbox = mailbox_new();
	s->thread = thread_start(write_all, s);
	return s;
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	free_chunk(s->filling);
	s->filling = new_chunk();
	s->filling->settle = s->filling->end = true;
	post_chunk(s);
	thread_join(s->thread, -1);
	book_close(s->book);
	mailbox_free(s->inbox, free_chunk);
	mailbox_free(s->outbox, free_report);
	free_chunk(s->filling);
	free_report(s->report);
	for (size_t i = 0; i < s->n_topics; i++)
		free(s->topics[i].at);
	free(s->topics);
	free(s->told);
	free(s->file);
	free(s);
}
