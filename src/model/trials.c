/* SPDX-License-Identifier: MIT */
#include "model/trials.h"

#include "base/alloc.h"
#include "model/ident.h"
#include "model/order.h"

#include <stdlib.h>
#include <utlist.h>

enum { SEAT_MS = 60000 };

static void
leave_seat(struct trials *set, struct trial *t)
{
	DL_DELETE2(set->sitting, t, seat_prev, seat_next);
	set->n_seated--;
	trial_seat(t, false);
}

static void
take_seat(struct trials *set, struct trial *t, int64_t now)
{
	if (set->n_seated == set->seats)
		leave_seat(set, set->sitting);
	DL_APPEND2(set->sitting, t, seat_prev, seat_next);
	set->n_seated++;
	t->seat_used = now;
	trial_seat(t, true);
}

static void
use_seat(struct trials *set, struct trial *t, int64_t now)
{
	DL_DELETE2(set->sitting, t, seat_prev, seat_next);
	DL_APPEND2(set->sitting, t, seat_prev, seat_next);
	t->seat_used = now;
}

static bool
has_free_seat(const struct trials *set, int64_t now)
{
	return set->n_seated < set->seats || (set->seats > 0 && now - set->sitting->seat_used >= SEAT_MS);
}

/* Nothing points to T any more. */
static void
forget(struct trials *set, struct trial *t)
{
	if (t->seated)
		leave_seat(set, t);
	if (t->home)
		t->home->experiments--;
	if (t->key)
		order_untie(t->key);
	DL_DELETE(set->silent, t);
	HASH_DEL(set->by_id, t);
	set->all[t->index] = set->all[--set->n];
	set->all[t->index]->index = t->index;
	set->stages[t->stage]--;
	trial_free(t);
}

void
trials_clear(struct trials *set)
{
	HASH_CLEAR(hh, set->by_id);
	for (size_t i = 0; i < set->n; i++) {
		if (set->all[i]->key)
			order_untie(set->all[i]->key);
		trial_free(set->all[i]);
	}
	free(set->all);
	*set = (struct trials){.most = set->most, .seats = set->seats, .met = set->met};
}

static struct trial *
add(struct trials *set, struct slice id, int64_t now)
{
	struct trial *t;

	if (set->n == set->most) {
		forget(set, set->silent);
		set->folded++;
	}
	t = trial_new(id, set->met++);
	HASH_ADD_KEYPTR(hh, set->by_id, t->id.p, t->id.n, t);
	DL_APPEND(set->silent, t);
	if (set->n == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 64;
		set->all = xreallocarray(set->all, set->cap, sizeof(struct trial *));
	}
	t->index = set->n;
	set->all[set->n++] = t;
	set->stages[t->stage]++;
	t->touched = now;
	if (has_free_seat(set, now))
		take_seat(set, t, now);
	return t;
}

struct trial *
trials_find(const struct trials *set, struct slice id)
{
	struct trial *t;

	HASH_FIND(hh, set->by_id, id.p, id.n, t);
	return t;
}

struct trial *
trials_of(struct trials *set, struct slice foreign, int64_t now)
{
	char room[TRIAL_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct trial *t = trials_find(set, id);

	if (!t)
		return add(set, id, now);
	trials_touch(set, t, now);
	return t;
}

void
trials_apply(struct trials *set, struct trial *t, const struct event *e, int64_t time)
{
	set->stages[t->stage]--;
	trial_apply(t, e, time);
	set->stages[t->stage]++;
}

void
trials_touch_slowly(struct trials *set, struct trial *t, int64_t now)
{
	t->touched = now;
	DL_DELETE(set->silent, t);
	DL_APPEND(set->silent, t);
	if (t->seated)
		use_seat(set, t, now);
	else if (has_free_seat(set, now))
		take_seat(set, t, now);
}

void
trials_open(struct trials *set, struct trial *t, int64_t now)
{
	if (t->seated)
		use_seat(set, t, now);
	else if (set->seats > 0)
		take_seat(set, t, now);
}
