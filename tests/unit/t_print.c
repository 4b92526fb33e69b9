/* SPDX-License-Identifier: MIT */
#include "codec/container.h"
#include "codec/print.h"
#include "codec/shortest.h"
#include "reference.h"
#include "unit.h"

#include <math.h>

static void
the_reference_run_prints_as_its_own_consumer_does(void **state)
{
	struct reference_message *messages = reference_load();
	struct buf expected = reference_file("tests/data/reference-run/expected.txt"), out = {0};
	struct container_cache *cache = container_cache_new(0, 0);
	struct container c;
	struct slice record;
	struct err err;

	(void)state;
	for (int i = 0; i < REFERENCE_MESSAGES; i++) {
		struct slice value = {messages[i].value.p, messages[i].value.n};

		assert_true(container_open(cache, value, &c, &err));
		while (container_next(&c, &record)) {
			buf_addf(&out, "%s\n", messages[i].name);
			assert_true(print_python(&out, c.schema->root, record, PRINT_LIMIT));
			buf_char(&out, '\n');
		}
	}
	assert_int_equal(container_cache_use(cache).entries, 6);
	assert_string_equal(buf_cstr(&out), buf_cstr(&expected));
	container_cache_free(cache);
	reference_free(messages);
	buf_free(&expected);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_run_prints_as_its_own_consumer_does),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
