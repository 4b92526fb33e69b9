/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "load/agenda.h"

enum { SECOND = 1000000, EXPERIMENTS = 50 };

static const struct plan_entry entry = {
	.sensors = 2, .sample_ms = 70, .stabilization_samples = 2, .carry_out_samples = 5, .lower = 1, .upper = 2,
};

/* One that begins at START, us. */
static void
add(struct agenda *a, int64_t start)
{
	agenda_add(a, experiment_new(&entry, start, start, 1), 1);
}

/* As if its moment took so many bytes. */
static void
write_first(struct agenda *a, struct turn *t, size_t bytes)
{
	const struct record_header header = {slice_str("record_name"), slice_str("a_stage")};

	buf_reserve(&t->values, bytes);
	t->values.n = bytes;
	agenda_written(a, t, experiment_next(t->experiment), 1, &header, 1);
}

static void
test_whoever_is_due_is_first(void **state)
{
	struct agenda a = {0};
	int64_t now = 0, moments = 0;
	struct turn *t;

	(void)state;
	assert_null(agenda_first(&a));
	for (int64_t i = 0; i < EXPERIMENTS; i++)
		add(&a, i * 7919 % EXPERIMENTS * 10000);
	while ((t = agenda_first(&a))) {
		assert_true(t->due >= now);
		now = t->due;
		write_first(&a, t, 10);
		assert_int_equal(t->at->time, now);
		agenda_advance(&a);
		moments++;
	}
	assert_int_equal(moments, EXPERIMENTS * (4 + 7));
	assert_int_equal(a.bytes, 0);
	agenda_fini(&a);
}

static void
test_writing_in_advance_keeps_the_order_and_a_bound(void **state)
{
	struct agenda a = {0};
	struct turn *t;
	size_t written = 0;

	(void)state;
	for (int64_t i = 0; i < EXPERIMENTS; i++)
		add(&a, (EXPERIMENTS - i) * 10);
	for (; (t = agenda_unwritten(&a)); written++) {
		assert_int_equal(t->due, (EXPERIMENTS - (int64_t)written) * 10);
		write_first(&a, t, AGENDA_BYTES / 10);
	}
	assert_in_range(written, 1, 10);
	assert_in_range(a.bytes, AGENDA_BYTES, 2 * AGENDA_BYTES);
	t = agenda_first(&a);
	assert_int_equal(t->due, 10);
	assert_null(t->at); /* it came last: it is written when it is due */
	write_first(&a, t, 10);
	agenda_advance(&a);
	assert_int_equal(t->due, 10); /* the second moment of the same instant */
	assert_ptr_equal(agenda_first(&a), t);
	assert_int_equal(t->values.cap, 0); /* too much is held as it is */
	agenda_fini(&a);
}

static void
test_room_is_used_again(void **state)
{
	struct agenda a = {0};
	struct turn *t;

	(void)state;
	add(&a, 0);
	t = agenda_unwritten(&a);
	write_first(&a, t, 1000);
	assert_null(agenda_unwritten(&a));
	agenda_advance(&a);
	assert_ptr_equal(agenda_unwritten(&a), t);
	assert_int_equal(t->values.n, 0);
	assert_true(t->values.cap >= 1000);
	agenda_fini(&a);
}

static void
test_whoever_is_cut_ends_now(void **state)
{
	struct agenda a = {0};
	struct turn *t;

	(void)state;
	add(&a, 5 * SECOND);
	t = agenda_first(&a);
	for (int i = 0; i < 3; i++) {
		write_first(&a, t, 10);
		agenda_advance(&a);
	}
	write_first(&a, t, 10); /* one that is not sent */
	agenda_cut(&a, 5 * SECOND + 1000);
	assert_int_equal(t->due, 5 * SECOND + 1000);
	assert_null(t->at);
	assert_ptr_equal(agenda_unwritten(&a), t);
	write_first(&a, t, 10);
	assert_int_equal(t->at->kind, EVENT_TERMINATED);
	agenda_advance(&a);
	assert_null(agenda_first(&a));
	agenda_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whoever_is_due_is_first),
		cmocka_unit_test(test_writing_in_advance_keeps_the_order_and_a_bound),
		cmocka_unit_test(test_room_is_used_again),
		cmocka_unit_test(test_whoever_is_cut_ends_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
