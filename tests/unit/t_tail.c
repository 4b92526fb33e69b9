/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/rng.h"
#include "events.h"
#include "model/tail.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static bool
two_headers(const struct record *r, size_t i, struct record_header *out)
{
	static const struct record_header headers[] = {
		{{"record_name", 11}, {"experiment_started", 18}},
		{{"", 0}, {NULL, 0}},
	};

	(void)r;
	if (i >= 2)
		return false;
	*out = headers[i];
	return true;
}

static void
a_record_comes_back_whole(void **state)
{
	struct tail *t = tail_new(4096);
	struct record r = record_at(5, 17, T0), empty = record_at(6, 18, -1);
	struct tail_record got;
	struct record_header headers[2];

	(void)state;
	r.key = slice_str("key");
	r.value = (struct slice){"a\0b", 3};
	r.header = two_headers;
	assert_true(tail_add(t, &r, slice_str("name"), true, (struct slice){0}));
	assert_true(tail_add(t, &empty, (struct slice){0}, false, (struct slice){0}));
	assert_true(tail_get(t, tail_first(t), &got));
	assert_string_equal(got.topic, "lab");
	assert_int_equal(got.partition, 5);
	assert_int_equal(got.offset, 17);
	assert_int_equal(got.timestamp, T0);
	assert_true(slice_is(got.key, "key") && slice_is(got.name, "name") && slice_eq(got.value, r.value));
	assert_true(got.undecodable);
	assert_int_equal(got.n_headers, 2);
	tail_headers(&got, headers);
	assert_true(slice_is(headers[0].value, "experiment_started"));
	assert_true(headers[1].name.p && headers[1].name.n == 0 && !headers[1].value.p);
	assert_true(tail_get(t, tail_first(t) + 1, &got));
	assert_true(!got.key.p && !got.value.p && !got.name.p && !got.undecodable);
	assert_int_equal(got.n_headers, 0);
	tail_free(t);
}

static void
the_oldest_make_room(void **state)
{
	struct tail *t = tail_new(1024);
	struct tail_record got;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct record r = record_at(0, i, T0);

		assert_true(tail_add(t, &r, slice_str("n"), false, (struct slice){0}));
		assert_true(tail_get(t, tail_first(t) + tail_count(t) - 1, &got));
		assert_int_equal(got.offset, i);
		assert_int_equal(got.number, i + 1);
	}
	assert_in_range(tail_count(t), 8, 16);
	assert_false(tail_get(t, tail_first(t) - 1, &got));
	assert_false(tail_get(t, 1001, &got));
	assert_false(tail_get(t, 0, &got));
	assert_false(tail_get(t, UINT64_MAX, &got));
	tail_free(t);
}

static void
numbers_are_never_given_twice(void **state)
{
	struct tail *t = tail_new(1024);
	struct record r = record_at(0, 0, T0);
	struct tail_record got;

	(void)state;
	tail_add(t, &r, slice_str(""), false, (struct slice){0});
	tail_add(t, &r, slice_str(""), false, (struct slice){0});
	tail_clear(t);
	assert_int_equal(tail_count(t), 0);
	assert_false(tail_get(t, 1, &got));
	assert_false(tail_get(t, 2, &got));
	tail_add(t, &r, slice_str(""), false, (struct slice){0});
	assert_int_equal(tail_first(t), 3);
	assert_true(tail_get(t, 3, &got));
	tail_free(t);
}

static bool
endless_header(const struct record *r, size_t i, struct record_header *out)
{
	(void)r;
	(void)i;
	*out = (struct record_header){{"h", 1}, {NULL, 0}};
	return true;
}

static void
a_record_larger_than_the_ring_is_cut(void **state)
{
	struct tail *t = tail_new(1024);
	struct record r = record_at(0, 1, T0), large = record_at(0, 2, T0), endless = record_at(0, 3, T0);
	char *bytes = xcalloc(1, 2000);
	struct tail_record out;

	(void)state;
	assert_true(tail_add(t, &r, slice_str("n"), false, (struct slice){0}));
	large.value = (struct slice){bytes, SIZE_MAX - 8};
	assert_true(tail_add(t, &large, slice_str("n"), false, slice_str("its text")));
	assert_int_equal(tail_count(t), 2);
	assert_true(tail_get(t, tail_first(t) + 1, &out));
	assert_int_equal(out.value.n, 256);
	assert_int_equal(out.value_size, SIZE_MAX - 8);
	assert_true(slice_is(out.text, "its text"));
	assert_true(slice_is(out.name, "n"));
	large.value.n = 800;
	assert_true(tail_add(t, &large, slice_str("n"), false, (struct slice){0}));
	assert_int_equal(tail_count(t), 1);
	assert_true(tail_get(t, tail_first(t), &out));
	assert_int_equal(out.value.n, 800);
	assert_int_equal(out.value_size, 800);
	assert_null(out.text.p);
	endless.header = endless_header;
	assert_false(tail_add(t, &endless, slice_str("n"), false, (struct slice){0}));
	large.key = (struct slice){bytes, 2000};
	assert_false(tail_add(t, &large, slice_str("n"), false, (struct slice){0}));
	assert_int_equal(tail_count(t), 1);
	free(bytes);
	tail_free(t);
}

/* Records of all sizes: what is there is always the newest, unharmed, and not
 * more bytes than the ring has (the sanitiser sees to that). */
static void
random_sizes_keep_the_newest(void **state)
{
	enum { BYTES = 2048 };
	struct tail *t = tail_new(BYTES);
	struct rng rng = {3};
	char bytes[BYTES];
	struct tail_record got;

	(void)state;
	for (int i = 1; i <= 20000; i++) {
		struct record r = record_at(0, i, T0);
		size_t sum = 0;

		r.value = (struct slice){bytes, rng_next(&rng) % (i % 50 ? 200 : BYTES - 100)};
		memset(bytes, i, r.value.n);
		assert_true(tail_add(t, &r, slice_str("n"), false, (struct slice){0}));
		assert_int_equal(tail_first(t) + tail_count(t), i + 1);
		for (uint64_t n = tail_first(t); n <= (uint64_t)i; n++) {
			assert_true(tail_get(t, n, &got));
			assert_int_equal(got.offset, n);
			sum += got.value.n;
			for (size_t b = 0; b < got.value.n; b++)
				if (got.value.p[b] != (char)n)
					fail_msg("record %d is harmed", (int)n);
		}
		assert_in_range(sum, 0, BYTES);
	}
	tail_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_comes_back_whole),
		cmocka_unit_test(the_oldest_make_room),
		cmocka_unit_test(numbers_are_never_given_twice),
		cmocka_unit_test(a_record_larger_than_the_ring_is_cut),
		cmocka_unit_test(random_sizes_keep_the_newest),
	};

	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
