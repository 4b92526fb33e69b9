/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/rng.h"
#include "unit.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

static void
arena_pieces_stay_until_reset(void **state)
{
	struct arena a = {0};
	struct slice first = arena_copy(&a, slice_str("first"));

	(void)state;
	for (int i = 0; i < 5000; i++)
		arena_print(&a, "piece %d", i);
	assert_true(slice_is(first, "first"));
	assert_null(arena_copy(&a, (struct slice){0}).p);
	arena_reset(&a);
	assert_true(slice_is(arena_copy(&a, slice_str("again")), "again"));
	arena_free(&a);
}

static void
check_base64(const char *plain, const char *coded)
{
	struct buf out = {0};

	base64_encode(&out, slice_str(plain));
	assert_string_equal(buf_cstr(&out), coded);
	buf_clear(&out);
	assert_true(base64_decode(&out, slice_str(coded)));
	assert_string_equal(buf_cstr(&out), plain);
	buf_free(&out);
}

static void
base64_goes_both_ways(void **state)
{
	struct buf out = {0};

	(void)state;
	check_base64("", "");
	check_base64("f", "Zg==");
	check_base64("fo", "Zm8=");
	check_base64("foobar", "Zm9vYmFy");
	assert_true(base64_decode(&out, slice_str("Zm8")));
	assert_string_equal(buf_cstr(&out), "fo");
	assert_false(base64_decode(&out, slice_str("Zm9v!")));
	assert_false(base64_decode(&out, slice_str("Z")));
	buf_free(&out);
}

static void
log_keeps_the_newest_lines(void **state)
{
	struct log_line lines[4];
	uint64_t before = log_last();

	(void)state;
	for (int i = 0; i < LOG_LINES + 10; i++)
		log_write(LOG_INFO, "test", "line %d", i);
	log_write(LOG_DEBUG, "test", "not kept");
	assert_int_equal(log_last(), before + LOG_LINES + 10);
	assert_int_equal(log_take(lines, 4, before), 4);
	assert_string_equal(lines[3].text, "line 1009");
	assert_int_equal(log_take(lines, 4, log_last() - 1), 1);
	assert_int_equal(log_take(lines, 4, log_last()), 0);
	log_forget();
	assert_int_equal(log_take(lines, 4, 0), 0);
}

static void *
post_thousand(void *m)
{
	for (int i = 0; i < 1000; i++)
		mailbox_post(m, malloc(1));
	return NULL;
}

static void
mailbox_loses_nothing_between_threads(void **state)
{
	struct mailbox *m = mailbox_new();
	struct pollfd fd = {.fd = mailbox_fd(m), .events = POLLIN};
	pthread_t threads[2];
	int taken = 0;
	void *letter;

	(void)state;
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, post_thousand, m);
	while (taken < 2000 && poll(&fd, 1, 10000) == 1)
		while ((letter = mailbox_take(m))) {
			free(letter);
			taken++;
		}
	assert_int_equal(taken, 2000);
	assert_int_equal(poll(&fd, 1, 0), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(mailbox_waiting(m), 0);
	mailbox_post(m, malloc(1));
	assert_int_equal(mailbox_waiting(m), 1);
	mailbox_free(m, free);
}

static void
seeded_chance_repeats(void **state)
{
	struct rng a = {42}, b = {42};
	char x[UUID_TEXT], y[UUID_TEXT];

	(void)state;
	rng_uuid(&a, x);
	rng_uuid(&b, y);
	assert_string_equal(x, y);
	assert_int_equal(x[14], '4');
	for (int i = 0; i < 1000; i++) {
		double u = rng_uniform(&a, -1, 1);

		assert_true(u >= -1 && u < 1);
	}
}

static void
a_fixed_clock_moves_only_when_told(void **state)
{
	(void)state;
	clock_fix(1795437310000);
	assert_int_equal(clock_wall_ms(), 1795437310000);
	clock_advance(250);
	assert_int_equal(clock_wall_ms(), 1795437310250);
	assert_int_equal(clock_mono_ms(), 1795437310250);
	clock_fix(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_pieces_stay_until_reset),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(log_keeps_the_newest_lines),
		cmocka_unit_test(mailbox_loses_nothing_between_threads),
		cmocka_unit_test(seeded_chance_repeats),
		cmocka_unit_test(a_fixed_clock_moves_only_when_told),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
