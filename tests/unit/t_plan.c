/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "load/place.h"
#include "load/plan.h"

#include <stdio.h>

static const char two[] = "[\n"
			  " {\"start_time\": 1.5,\n"
			  "  \"researcher\": \"a\\\"}[\",\n"
			  "  \"num_sensors\": 4, \"sample_rate\": 200},\n"
			  " {\"researcher\": \"b\", \"start_time\": 0,\n"
			  "  \"temp_range\":\n"
			  "  {\n"
			  "   \"upper_threshold\": 30,\n"
			  "   \"lower_threshold\": 20}\n"
			  " }\n"
			  "]\n";

static void
test_fields_and_defaults(void **state)
{
	struct plan plan = {0};
	struct buf notes = {0};
	struct err err = {""};

	(void)state;
	assert_true(plan_parse(&plan, slice_str(two), "l", &notes, &err));
	assert_int_equal(plan.n, 2);
	assert_true(plan.entries[0].start_time == 1.5);
	assert_string_equal(plan.entries[0].researcher, "a\"}[");
	assert_int_equal(plan.entries[0].sensors, 4);
	assert_int_equal(plan.entries[0].sample_ms, 200);
	assert_int_equal(plan.entries[0].stabilization_samples, 2);
	assert_int_equal(plan.entries[0].carry_out_samples, 20);
	assert_true(plan.entries[0].start_temperature == 0);
	assert_true(plan.entries[0].lower == 25.5 && plan.entries[0].upper == 26.5);
	assert_true(plan.entries[1].lower == 20 && plan.entries[1].upper == 30);
	assert_int_equal(plan.entries[1].sensors, 2);
	assert_int_equal(plan.entries[1].sample_ms, 1000);
	assert_int_equal(notes.n, 0);
	plan_fini(&plan);
	buf_free(&notes);
}

static void
test_places(void **state)
{
	struct slice text = slice_str(two);

	(void)state;
	assert_int_equal(place_line(text, 0, NULL), 2);
	assert_int_equal(place_line(text, 0, "researcher"), 3);
	assert_int_equal(place_line(text, 0, "sample_rate"), 4);
	assert_int_equal(place_line(text, 0, "absent"), 2);
	assert_int_equal(place_line(text, 1, NULL), 5);
	assert_int_equal(place_line(text, 1, "temp_range"), 7);
	assert_int_equal(place_line(text, 1, "temp_range.upper_threshold"), 8);
	assert_int_equal(place_line(text, 1, "temp_range.absent"), 7);
	assert_int_equal(place_line(text, 1, "absent.lower_threshold"), 5);
}

/* TEXT is refused with the notes SAID, of which the first is the error. */
static void
refused(const char *text, const char *said)
{
	struct plan plan = {0};
	struct buf notes = {0};
	struct err err = {""};

	assert_false(plan_parse(&plan, slice_str(text), "f", &notes, &err));
	assert_string_equal(buf_cstr(&notes), said);
	assert_memory_equal(err.text, said, strlen(err.text));
	assert_true(said[strlen(err.text)] == '\n');
	plan_fini(&plan);
	buf_free(&notes);
}

static void
test_complaints(void **state)
{
	(void)state;
	refused("[\n{,}]", "f:2: string or '}' expected near ','\n");
	refused("", "f:1: unexpected token near end of file\n");
	refused("{}", "f:1: expected an array of experiments, at least one\n");
	refused("[]", "f:1: expected an array of experiments, at least one\n");
	refused("[\n7]", "f:2: entry 1: expected an object, an experiment\n");
	refused("[{\"start_time\":0,\n\"researcher\":\"x\",\n\"num_sensors\":0}]",
		"f:3: entry 1: num_sensors: expected a whole number from 1 to 10000, not 0\n");
	refused("[{\"start_time\":0,\"researcher\":\"x\"},\n{\"start_time\":\"soon\",\n\"sample_rate\":1.5}]",
		"f:2: entry 2: start_time: expected the seconds from the start of the load, 0 or more, not \"soon\"\n"
		"f:2: entry 2: researcher is missing: expected a text of 1 to 256 bytes\n"
		"f:3: entry 2: sample_rate: expected the whole milliseconds between two samples, from 1 to 86400000, "
		"not 1.5\n");
	refused("[{\"start_time\":0,\"researcher\":\"x\",\n\"temp_range\":{\"lower_threshold\":27}}]",
		"f:2: entry 1: temp_range: lower_threshold (27) must be below upper_threshold (26.5)\n");
	refused("[{\"start_time\":0,\"researcher\":\"x\",\n\"temp_range\":3}]",
		"f:2: entry 1: temp_range: expected an object with lower_threshold and upper_threshold, not 3\n");
}

/* A file of a few KiB asks for no more memory than there is. */
static void
test_sensors_of_all_are_bounded(void **state)
{
	struct plan plan = {0};
	struct buf text = {0}, notes = {0};
	struct err err = {""};

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_addf(&text, "%c{\"start_time\":0,\"researcher\":\"x\",\n\"num_sensors\":10000}", i ? ',' : '[');
	buf_str(&text, "]");
	assert_true(plan_parse(&plan, slice_str(buf_cstr(&text)), "f", &notes, &err));
	text.n--;
	buf_str(&text, ",{\"start_time\":0,\"researcher\":\"x\",\n\"num_sensors\":1}]");
	refused(buf_cstr(&text),
		"f:1002: entry 1001: with its num_sensors the experiments have more than 10000000 sensors together\n");
	plan_fini(&plan);
	buf_free(&notes);
	buf_free(&text);
}

static void
test_unknown_field_warns(void **state)
{
	const char *text = "[{\"start_time\":0, \"researcher\":\"x\",\n"
			   "\"samplerate\":1,\n"
			   "\"temp_range\":{\n"
			   "\"up\u202e\":1}}]";
	const char *said = "f:2: warning: entry 1: samplerate is no field of an experiment\n"
			   "f:4: warning: entry 1: temp_range.up\\u202e is no field of an experiment\n";
	struct plan plan = {0};
	struct buf notes = {0};

	(void)state;
	assert_true(plan_parse(&plan, slice_str(text), "f", &notes, NULL));
	assert_string_equal(buf_cstr(&notes), said);
	plan_fini(&plan);
	buf_free(&notes);
}

/* What cannot be shown is not shown, and what would be too much is counted. */
static void
test_hostile_files(void **state)
{
	struct plan plan = {0};
	struct buf text = {0}, notes = {0};
	struct err err = {""};

	(void)state;
	refused("[\x1b[2J]", "f:1: invalid token near '\\x1b'\n");
	buf_char(&text, '[');
	for (int i = 0; i < 2000; i++)
		buf_str(&text, "{\"start_time\": 0, \"researcher\": \"r\", \"colour\": 1},\n");
	buf_str(&text, "7]");
	assert_false(plan_parse(&plan, (struct slice){text.p, text.n}, "f", &notes, &err));
	assert_string_equal(err.text, "f:2001: entry 2001: expected an object, an experiment");
	assert_non_null(strstr(buf_cstr(&notes), "f:1000: warning: entry 1000: colour is no field of an experiment\n"
						 "f: and 1001 more like these\n"));
	plan_fini(&plan);
	buf_free(&text);
	buf_free(&notes);
}

static void
test_missing_file(void **state)
{
	struct plan plan = {0};
	struct buf notes = {0};
	struct err err = {""};

	(void)state;
	assert_false(plan_read(&plan, "/nowhere/load.json", &notes, &err));
	assert_string_equal(err.text, "cannot read /nowhere/load.json: No such file or directory");
	plan_fini(&plan);
	buf_free(&notes);
}

static void
read_load(struct plan *plan, const char *name)
{
	struct buf notes = {0};
	struct err err = {""};
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", TESTLOADS, name);
	if (!plan_read(plan, path, &notes, &err))
		fail_msg("%s", err.text);
	assert_int_equal(notes.n, 0);
	buf_free(&notes);
}

/* The tutorial's own arithmetic. */
static void
test_numbers_of_the_tutorial(void **state)
{
	struct plan plan = {0};

	(void)state;
	read_load(&plan, "2.json");
	assert_int_equal(plan.n, 2);
	assert_true(plan_entry_rate(&plan.entries[0]) == 10 && plan_entry_rate(&plan.entries[1]) == 40);
	assert_true(plan_entry_duration(&plan.entries[0]) == 60 && plan_entry_duration(&plan.entries[1]) == 18);
	assert_true(plan_duration(&plan) == 60);
	plan_fini(&plan);
	read_load(&plan, "3.json");
	assert_int_equal(plan.n, 3);
	assert_true(plan_entry_rate(&plan.entries[2]) == 40 && plan.entries[2].start_time == 45);
	assert_true(plan_duration(&plan) == 72.5);
	plan_fini(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_and_defaults),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_sensors_of_all_are_bounded),
		cmocka_unit_test(test_unknown_field_warns),
		cmocka_unit_test(test_hostile_files),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_numbers_of_the_tutorial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
