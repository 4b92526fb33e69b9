/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "model/ident.h"
#include "unit.h"

#include <stdlib.h>

enum { ROOM = 30 };

static void
short_ids_stand_for_themselves(void **state)
{
	char room[ROOM];
	struct slice id = slice_str("b58fd3ba-6abf"), none = {0};

	(void)state;
	assert_ptr_equal(ident(id, room, ROOM).p, id.p);
	assert_int_equal(ident(slice_str(""), room, ROOM).n, 0);
	assert_null(ident(none, room, ROOM).p);
}

static void
long_ids_and_nuls_get_a_hash(void **state)
{
	char a[ROOM], b[ROOM], *large = xmalloc(1 << 20);
	struct slice first, second;

	(void)state;
	memset(large, 'x', 1 << 20);
	first = ident((struct slice){large, 1 << 20}, a, ROOM);
	assert_int_equal(first.n, ROOM);
	assert_memory_equal(first.p, "xxxxxxxxxxxxx~", 14);
	second = ident((struct slice){large, (1 << 20) - 1}, b, ROOM);
	assert_false(slice_eq(first, second));
	large[1000] = 'y';
	second = ident((struct slice){large, 1 << 20}, b, ROOM);
	assert_false(slice_eq(first, second));
	large[1000] = 'x';
	second = ident((struct slice){large, 1 << 20}, b, ROOM);
	assert_true(slice_eq(first, second));
	first = ident((struct slice){"a\0b", 3}, a, ROOM);
	assert_memory_equal(first.p, "a?b~", 4);
	assert_int_equal(first.n, 3 + IDENT_HASH);
	free(large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_ids_stand_for_themselves),
		cmocka_unit_test(long_ids_and_nuls_get_a_hash),
	};

	return cmocka_run_group_tests_name("ident", tests, NULL, NULL);
}
