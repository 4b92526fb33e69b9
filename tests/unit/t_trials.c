/* SPDX-License-Identifier: MIT */
#include "base/rng.h"
#include "events.h"
#include "model/order.h"
#include "model/trials.h"
#include "unit.h"

#include <stdio.h>
#include <utlist.h>

static struct trial *
touch(struct trials *set, const char *id, int64_t now)
{
	return trials_of(set, slice_str(id), now);
}

static void
an_id_is_one_trial(void **state)
{
	struct trials set = {.most = 10, .seats = 2};
	struct trial *a = touch(&set, "a", T0);

	(void)state;
	assert_ptr_equal(touch(&set, "a", T0 + 5000), a);
	assert_ptr_not_equal(touch(&set, "b", T0), a);
	assert_ptr_equal(trials_find(&set, slice_str("a")), a);
	assert_null(trials_find(&set, slice_str("c")));
	trials_clear(&set);
	assert_int_equal(set.n, 0);
	assert_null(trials_find(&set, slice_str("a")));
}

static void
long_ids_are_found_by_what_stands_for_them(void **state)
{
	struct trials set = {.most = 10, .seats = 2};
	char id[500];
	struct trial *t;

	(void)state;
	memset(id, 'x', sizeof(id));
	t = trials_of(&set, (struct slice){id, sizeof(id)}, T0);
	assert_in_range(t->id.n, 1, TRIAL_ID);
	assert_ptr_equal(trials_find(&set, t->id), t);
	assert_ptr_equal(trials_of(&set, (struct slice){id, sizeof(id)}, T0), t);
	trials_clear(&set);
}

static void
the_longest_silent_is_folded(void **state)
{
	struct trials set = {.most = 3, .seats = 1};
	struct partition home = {.experiments = 1};
	struct order_key key = {.n = 0};

	(void)state;
	touch(&set, "a", T0)->home = &home;
	order_tie(&key, trials_find(&set, slice_str("a")));
	touch(&set, "b", T0 + 1000);
	touch(&set, "c", T0 + 2000);
	touch(&set, "a", T0 + 3000);
	touch(&set, "d", T0 + 4000);
	assert_null(trials_find(&set, slice_str("b")));
	assert_non_null(trials_find(&set, slice_str("a")));
	assert_int_equal(set.folded, 1);
	touch(&set, "e", T0 + 5000);
	touch(&set, "f", T0 + 6000);
	assert_null(trials_find(&set, slice_str("a")));
	assert_int_equal(home.experiments, 0);
	assert_null(key.trial);
	assert_int_equal(set.folded, 3);
	assert_int_equal(set.n, 3);
	trials_clear(&set);
	assert_int_equal(set.folded, 0);
}

static void
seats_pass_on_after_a_minute_of_silence(void **state)
{
	struct trials set = {.most = 10, .seats = 2};
	struct trial *a = touch(&set, "a", T0), *b = touch(&set, "b", T0), *c = touch(&set, "c", T0);

	(void)state;
	assert_true(a->seated && b->seated && !c->seated);
	touch(&set, "a", T0 + 59000);
	touch(&set, "c", T0 + 59000);
	assert_true(a->seated && b->seated && !c->seated);
	touch(&set, "c", T0 + 60000);
	assert_true(a->seated && !b->seated && c->seated);
	trials_open(&set, b, T0 + 60000);
	assert_true(b->seated && set.n_seated == 2);
	trials_open(&set, b, T0 + 60000);
	assert_int_equal(set.n_seated, 2);
	trials_clear(&set);
}

static void
what_is_opened_keeps_its_seat_in_silence(void **state)
{
	struct trials set = {.most = 10, .seats = 2};
	struct trial *a = touch(&set, "a", T0);

	(void)state;
	for (int s = 0; s < 300; s++) {
		touch(&set, "b", T0 + s * 1000);
		touch(&set, "c", T0 + s * 1000);
		trials_open(&set, a, T0 + s * 1000);
		assert_true(a->seated);
	}
	trials_clear(&set);
}

static void
a_set_without_seats_works(void **state)
{
	struct trials set = {.most = 1, .seats = 0};

	(void)state;
	trials_open(&set, touch(&set, "a", T0), T0);
	touch(&set, "b", T0 + 70000);
	touch(&set, "b", T0 + 140000);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.n_seated, 0);
	trials_clear(&set);
}

/* Any order of touching and opening, clocks that leap: bounds hold, lists agree. */
static void
random_use_keeps_the_bounds(void **state)
{
	struct trials set = {.most = 7, .seats = 3};
	struct rng rng = {5};
	int64_t now = T0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char id[8];
		struct trial *t;
		int seated = 0, listed = 0;

		snprintf(id, sizeof(id), "%d", (int)(rng_next(&rng) % 20));
		now += (int64_t)(rng_next(&rng) % 30000) - 1000;
		t = touch(&set, id, now);
		if (i % 7 == 0)
			trials_open(&set, t, now);
		assert_in_range(set.n, 1, 7);
		for (size_t k = 0; k < set.n; k++) {
			assert_int_equal(set.all[k]->index, k);
			seated += set.all[k]->seated;
		}
		DL_COUNT(set.silent, t, listed);
		assert_int_equal(listed, set.n);
		DL_COUNT2(set.sitting, t, listed, seat_next);
		assert_int_equal(listed, seated);
		assert_int_equal(set.n_seated, seated);
		assert_in_range(seated, 0, 3);
	}
	assert_int_equal(set.met, (uint64_t)set.folded + set.n);
	trials_clear(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_one_trial),
		cmocka_unit_test(long_ids_are_found_by_what_stands_for_them),
		cmocka_unit_test(the_longest_silent_is_folded),
		cmocka_unit_test(seats_pass_on_after_a_minute_of_silence),
		cmocka_unit_test(what_is_opened_keeps_its_seat_in_silence),
		cmocka_unit_test(a_set_without_seats_works),
		cmocka_unit_test(random_use_keeps_the_bounds),
	};

	return cmocka_run_group_tests_name("trials", tests, NULL, NULL);
}
