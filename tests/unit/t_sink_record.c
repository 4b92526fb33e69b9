/* SPDX-License-Identifier: MIT */
/* What goes into a recording, and what is said of it meanwhile. */
#include "engine/sink_record.h"
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

static char name[] = "t_sink_record.XXXXXX.jsonl";
static struct err heard;

static void
complain(const char *sentence)
{
	err_set(&heard, "%s", sentence);
}

static struct sink *
open_sink(struct output **output, struct range range)
{
	struct err err = {0};

	heard = (struct err){0};
	*output = output_open(name, OUTPUT_FORCE, &err);
	assert_non_null(*output);
	return sink_record_new(&(struct sink_record_config){
		.output = *output, .range = range, .complain = complain});
}

static void
records_that_are_lost_are_told(void **state)
{
	struct output *output;
	struct sink *s = open_sink(&output, (struct range){0});

	(void)state;
	s->ops->said(s, NOTICE_INFO, "joined");
	assert_string_equal(heard.text, "");
	s->ops->said(s, NOTICE_WARN, "offset 7 is not there any more");
	assert_string_equal(heard.text, "offset 7 is not there any more");
	s->ops->said(s, NOTICE_ERROR, "no broker");
	assert_string_equal(heard.text, "no broker");
	assert_true(output_close(output, NULL));
	sink_record_free(s);
}

static void
records_outside_of_the_range_do_not_count(void **state)
{
	const struct record r[] = {
		{.topic = "t", .offset = 4}, {.topic = "t", .offset = 5}, {.topic = "t", .offset = 6},
		{.topic = "t", .offset = 7},
	};
	struct output *output;
	struct sink *s = open_sink(&output, (struct range){{BOUND_OFFSET, 5}, {BOUND_OFFSET, 7}});
	struct err err;

	(void)state;
	assert_int_equal(s->ops->records(s, r, 4, &err), 4);
	assert_int_equal(s->ops->wanted(s), 2);
	assert_int_equal(s->ops->records(s, r, 2, &err), 2);
	assert_int_equal(s->ops->wanted(s), 1);
	assert_int_equal(sink_record_written(s), 3);
	assert_true(output_close(output, NULL));
	sink_record_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_that_are_lost_are_told),
		cmocka_unit_test(records_outside_of_the_range_do_not_count),
	};
	int fd = mkstemps(name, 6), failed;

	close(fd);
	failed = cmocka_run_group_tests_name("sink_record", tests, NULL, NULL);
	unlink(name);
	return failed;
}
