/* SPDX-License-Identifier: MIT */
#include "model/order.h"

#include "base/alloc.h"
#include "model/ident.h"
#include "model/trial.h"

#include <stddef.h>
#include <stdlib.h>

void
order_untie(struct order_key *key)
{
	if (key->trial)
		key->trial->key = NULL;
	key->trial = NULL;
}

void
order_tie(struct order_key *key, struct trial *t)
{
	order_untie(key);
	if (t->key)
		order_untie(t->key);
	key->trial = t;
	t->key = key;
}

static void
free_key(struct order_key *key)
{
	order_untie(key);
	for (int check = 0; check < CHECKS; check++)
		free(key->findings[check]);
	free(key);
}

void
order_clear(struct order *set)
{
	HASH_CLEAR(hh, set->by_name);
	for (size_t i = 0; i < set->n; i++)
		free_key(set->all[i]);
	free(set->all);
	*set = (struct order){.most = set->most};
}

/* NAME for ID of a topic; its length. */
static size_t
name_of(struct order_name *name, int topic_no, struct slice id)
{
	name->topic_no = topic_no;
	if (id.n)
		memmove(name->id, id.p, id.n);
	return offsetof(struct order_name, id) + id.n;
}

static struct order_key *
find(const struct order *set, const struct order_name *name, size_t n)
{
	struct order_key *key;

	HASH_FIND(hh, set->by_name, name, n, key);
	return key;
}

struct order_key *
order_find(const struct order *set, int topic_no, struct slice id)
{
	struct order_name name;

	return id.n > KEY_ID ? NULL : find(set, &name, name_of(&name, topic_no, id));
}

bool
order_is_faulty(const struct order_key *key)
{
	return key->counts[CHECK_ORDER] || key->counts[CHECK_TIME] || key->counts[CHECK_MOVED];
}

/* The index of the key that makes room: the first from the hand on that was not used since it passed. */
static size_t
fold(struct order *set)
{
	struct order_key *key;

	while ((key = set->all[set->hand])->used) {
		key->used = false;
		set->hand = (set->hand + 1) % set->n;
	}
	set->folded++;
	for (size_t i = 0; i < KEYS_RECENT; i++)
		if (set->recent[i] == key)
			set->recent[i] = NULL;
	HASH_DEL(set->by_name, key);
	free_key(key);
	return set->hand;
}

static size_t
room(struct order *set)
{
	if (set->n == set->most)
		return fold(set);
	if (set->n == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 64;
		set->all = xreallocarray(set->all, set->cap, sizeof(struct order_key *));
	}
	return set->n++;
}

static struct order_key *
add(struct order *set, const struct order_name *name, size_t n)
{
	size_t at = room(set);
	struct order_key *key = xcalloc(1, offsetof(struct order_key, name) + n);

	key->last_offset = -1;
	key->index = at;
	key->n = n;
	memcpy(&key->name, name, n);
	HASH_ADD_KEYPTR(hh, set->by_name, &key->name, n, key);
	set->all[at] = key;
	set->hand = (at + 1) % set->n;
	return key;
}

static struct order_key *
look_up(struct order *set, const struct record *r)
{
	struct order_name name;
	size_t n = name_of(&name, r->topic_no, ident(r->key, name.id, sizeof(name.id)));
	struct order_key *key = find(set, &name, n);

	if (!key) /* not used yet: one that comes once must not drive out one that comes often */
		return add(set, &name, n);
	key->used = true;
	return key;
}

void
order_renewed(struct order *set, int topic_no)
{
	for (size_t i = 0; i < set->n; i++) {
		struct order_key *key = set->all[i];

		if (key->name.topic_no == topic_no)
			key->last_offset = -1;
	}
}

struct order_key *
order_of(struct order *set, const struct record *r)
{
	struct order_key **recent = &set->recent[(uint32_t)r->partition % KEYS_RECENT];

	if (!r->key.p)
		return NULL;
	if (!*recent || (*recent)->name.topic_no != r->topic_no || !slice_eq(order_id(*recent), r->key))
		*recent = look_up(set, r);
	else
		(*recent)->used = true;
	return *recent;
}

void
order_note(struct order *set, struct order_key *key, enum check check, struct finding what)
{
	struct findings *findings;
	bool was_faulty;

	set->counts[check]++;
	if (!key)
		return;
	was_faulty = order_is_faulty(key);
	key->counts[check]++;
	set->faulty += order_is_faulty(key) && !was_faulty;
	findings = key->findings[check];
	if (!findings) {
		findings = key->findings[check] = xcalloc(1, sizeof(*findings));
		findings->first = what;
	}
	findings->last = what;
}

/* R, with the record of KEY before it. */
static struct finding
finding_of(const struct order_key *key, const struct record *r, int64_t now)
{
	return (struct finding){
		.partition = r->partition,
		.offset = r->offset,
		.after_partition = key ? key->partition : -1,
		.after = key ? key->last_offset : -1,
		.time = now,
	};
}

void
order_count(struct order *set, struct order_key *key, const struct record *r, int64_t now)
{
	if (!key) {
		set->keyless++;
		return;
	}
	key->records++;
	if (key->last_offset >= 0 && key->partition != r->partition)
		order_note(set, key, CHECK_MOVED, finding_of(key, r, now));
	else if (r->offset < key->last_offset)
		order_note(set, key, CHECK_ORDER, finding_of(key, r, now));
	if (key->partition != r->partition || r->offset > key->last_offset)
		key->last_offset = r->offset;
	key->partition = r->partition;
}

void
order_repeat(struct order *set, struct order_key *key, const struct record *r, int64_t now)
{
	order_note(set, key, CHECK_REPEATED, finding_of(key, r, now));
}

void
order_time_back(struct order *set, struct order_key *key, const struct event *e, double back, int64_t now)
{
	order_note(set, key, CHECK_TIME,
	      (struct finding){.partition = e->partition, .offset = e->offset, .after_partition = -1, .after = -1,
			       .back = back, .time = now});
}

struct slice
order_id(const struct order_key *key)
{
	return (struct slice){key->name.id, key->n - offsetof(struct order_name, id)};
}

double
order_rank(const struct order_key *key)
{
	for (int check = 0; check < CHECKS; check++)
		if (key->counts[check])
			return check + 1 / (1 + (double)key->counts[check]);
	return CHECKS;
}
