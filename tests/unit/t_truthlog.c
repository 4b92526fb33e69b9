/* SPDX-License-Identifier: MIT */
#include "verify/truthlog.h"
#include "reference.h"
#include "unit.h"
#include "verify/logs.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char name[] = "t_truthlog.XXXXXX";

static struct truthlog *
log_of(const char *text)
{
	FILE *out = fopen(name, "w");
	struct truthlog *l;
	struct err err;

	fputs(text, out);
	fclose(out);
	l = truthlog_open(name, &err);
	assert_non_null(l);
	return l;
}

static void
append(const char *text)
{
	FILE *out = fopen(name, "a");

	fputs(text, out);
	fclose(out);
}

static const char spans[] = "\"target\":\"t\",\"span\":{\"measurement_id\":\"m1\",\"name\":\"measurement\"},\"spans\":["
			    "{\"experiment_id\":\"e1\",\"name\":\"experiment\"},"
			    "{\"measurement_id\":\"m1\",\"name\":\"measurement\"}]}";

static const char *
line(const char *time, const char *fields)
{
	static char text[1000];

	snprintf(text, sizeof(text), "{\"timestamp\":\"%s\",\"level\":\"DEBUG\",\"fields\":{%s},%s\n", time, fields,
		 spans);
	return text;
}

static const char noon[] = "2026-11-23T14:35:10.127323+02";

static void
the_reference_log_has_its_items(void **state)
{
	char *path = reference_path("tests/data/reference-run/producer.json.log");
	struct truthlog *l = truthlog_open(path, NULL);
	struct truthlog_item item;
	int kinds[4] = {0};
	struct err err;

	(void)state;
	while (truthlog_next(l, false, &item, &err) == TRUTHLOG_ITEM) {
		if (kinds[TRUTHLOG_STAGE] + kinds[TRUTHLOG_AVERAGE] == 0) {
			assert_int_equal(item.line, 5);
			assert_int_equal(item.stage, EVENT_CONFIGURED);
			assert_close(item.time, 1795437310.142745, 1e-6);
			assert_true(slice_is(item.experiment, "b58fd3ba-6abf-43fc-ba4d-93134d702a17"));
		}
		kinds[item.kind]++;
	}
	assert_int_equal(kinds[TRUTHLOG_STAGE], 4);
	assert_int_equal(kinds[TRUTHLOG_AVERAGE], 24);
	assert_int_equal(kinds[TRUTHLOG_RANGE], 3);
	assert_int_equal(kinds[TRUTHLOG_READING], 72);
	assert_int_equal(truthlog_lines(l), 107);
	truthlog_close(l);
	free(path);
}

static void
expect_reading(struct truthlog *l, float value)
{
	struct truthlog_item item;
	struct err err;

	assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_ITEM);
	assert_int_equal(item.kind, TRUTHLOG_READING);
	assert_true(item.value == value);
	assert_true(slice_is(item.sensor, "s1"));
	assert_true(slice_is(item.experiment, "e1"));
	assert_true(slice_is(item.measurement, "m1"));
}

/* The same lines as another writer may have them: blanks, another order of fields, escapes. */
static void
any_layout_means_the_same(void **state)
{
	struct truthlog *l = log_of(line(noon, "\"sensor\":\"s1\",\"temperature\":18.187868118286133"));

	(void)state;
	append(line(noon, "\"temperature\":-1.5e1,\"sensor\":\"s1\""));
	append(line(noon, "\"sensor\":\"\\u0073\\u0031\",\"temperature\":3"));
	append("{ \"spans\": [ {\"name\":\"measurement\", \"measurement_id\":\"m1\"}, {\"experiment_id\":\"e1\"} ], "
	       "\"fields\": { \"sensor\": \"s1\", \"temperature\": 4.5 } }\n");
	expect_reading(l, 18.187868118286133f);
	expect_reading(l, -15);
	expect_reading(l, 3);
	expect_reading(l, 4.5f);
	truthlog_close(l);
}

static void
expect_bad(struct truthlog *l, int64_t number, const char *why)
{
	struct truthlog_item item;
	struct err err;

	assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_BAD);
	assert_int_equal(item.line, number);
	assert_string_equal(err.text, why);
}

static void
bad_lines_are_named_and_the_rest_goes_on(void **state)
{
	struct truthlog *l = log_of("\n{\"timestamp\":\"2026\n");
	struct buf long_line = {0};
	struct truthlog_item item;
	struct err err;

	(void)state;
	append("[1]\n");
	memset(buf_reserve(&long_line, TRUTHLOG_LINE_MAX + (1 << 19)), 'x', TRUTHLOG_LINE_MAX + (1 << 19));
	long_line.n = TRUTHLOG_LINE_MAX + (1 << 19);
	append(buf_cstr(&long_line));
	append("\n{\"fields\":{\"stage\":\"carry out\"}}\n");
	append(line(noon, "\"sensor\":\"s1\",\"temperature\":1"));
	expect_bad(l, 2, "the line is cut, or no JSON object (18 bytes)");
	expect_bad(l, 3, "the line is cut, or no JSON object (3 bytes)");
	expect_bad(l, 4, "the line is longer than 1 MiB");
	expect_reading(l, 1);
	assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_END);
	truthlog_close(l);
	l = log_of(buf_cstr(&long_line));
	assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_END);
	assert_int_equal(truthlog_next(l, true, &item, &err), TRUTHLOG_BAD);
	assert_string_equal(err.text, "the line is longer than 1 MiB");
	assert_int_equal(truthlog_next(l, true, &item, &err), TRUTHLOG_END);
	truthlog_close(l);
	buf_free(&long_line);
}

static void
numbers_that_json_has_not_are_none(void **state)
{
	static const char *const numbers[] = {"0x10", "nan", "inf", "1..2", "+1", ".", "--1", ""};
	char fields[100];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct truthlog *l;
		struct truthlog_item item;
		struct err err;

		snprintf(fields, sizeof(fields), "\"avg_temperature\":%s", numbers[i]);
		l = log_of(line(noon, fields));
		assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_BAD);
		truthlog_close(l);
	}
}

static void
a_line_without_its_end_waits_for_it(void **state)
{
	const char *whole = line(noon, "\"sensor\":\"s1\",\"temperature\":7");
	char first[200];
	struct truthlog_item item;
	struct truthlog *l;
	struct err err;

	(void)state;
	memcpy(first, whole, sizeof(first) - 1);
	first[sizeof(first) - 1] = '\0';
	l = log_of(first);
	assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_END);
	assert_int_equal(truthlog_rest(l), sizeof(first) - 1);
	append(whole + sizeof(first) - 1);
	expect_reading(l, 7);
	append(first);
	assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_END);
	assert_int_equal(truthlog_next(l, true, &item, &err), TRUTHLOG_BAD);
	assert_int_equal(truthlog_next(l, true, &item, &err), TRUTHLOG_END);
	truthlog_close(l);
}

static void
times_are_read_in_any_zone(void **state)
{
	static const struct {
		const char *text;
		double time;
	} cases[] = {
		{"2026-11-23T12:35:10Z", 1795437310},         {"2026-11-23T14:35:10.5+02", 1795437310.5},
		{"2026-11-23T18:05:10+05:30", 1795437310},    {"2026-11-23T07:35:10.000001-0500", 1795437310.000001},
		{"2026-11-23 12:35:10Z", NAN},                {"2026-13-23T12:35:10Z", NAN},
		{"yesterday", NAN},                           {"2026-11-23T12:35:10", NAN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct truthlog *l = log_of(line(cases[i].text, "\"sensor\":\"s1\",\"temperature\":1"));
		struct truthlog_item item;
		struct err err;

		assert_int_equal(truthlog_next(l, false, &item, &err), TRUTHLOG_ITEM);
		if (isnan(cases[i].time))
			assert_true(isnan(item.time));
		else
			assert_close(item.time, cases[i].time, 1e-6);
		truthlog_close(l);
	}
}

static void
a_file_that_is_not_there_is_named(void **state)
{
	struct err err;

	(void)state;
	assert_null(truthlog_open("/nonexistent/log", &err));
	assert_string_equal(err.text, "cannot read the log /nonexistent/log: No such file or directory (a producer "
			    "makes it when it begins, with --file-subscriber)");
}

static void
several_logs_come_merged_by_time(void **state)
{
	char other[] = "t_truthlog2.XXXXXX";
	int fd = mkstemp(other), file;
	struct strings files = {0};
	struct truthlog_item item;
	struct logs *l;
	struct err err;
	static const float expected[] = {1, 2, 3, 4};
	static const int from[] = {0, 1, 0, 1};

	(void)state;
	truthlog_close(log_of(line("2026-11-23T12:00:01Z", "\"sensor\":\"s1\",\"temperature\":1")));
	append(line("2026-11-23T12:00:03Z", "\"sensor\":\"s1\",\"temperature\":3"));
	dprintf(fd, "%s", line("2026-11-23T12:00:02Z", "\"sensor\":\"s1\",\"temperature\":2"));
	dprintf(fd, "%s", line("2026-11-23T12:00:04Z", "\"sensor\":\"s1\",\"temperature\":4"));
	close(fd);
	strings_add(&files, name);
	strings_add(&files, other);
	l = logs_open(&files, &err);
	assert_int_equal(logs_next(l, 0, false, &item, &file, &err), TRUTHLOG_END);
	assert_int_equal(logs_next(l, NAN, false, &item, &file, &err), TRUTHLOG_END); /* no time is known yet */
	for (int i = 0; i < 4; i++) {
		assert_int_equal(logs_next(l, INFINITY, false, &item, &file, &err), TRUTHLOG_ITEM);
		assert_true(item.value == expected[i]);
		assert_int_equal(file, from[i]);
	}
	assert_int_equal(logs_next(l, INFINITY, true, &item, &file, &err), TRUTHLOG_END);
	assert_int_equal(logs_lines(l), 4);
	logs_free(l);
	strings_clear(&files);
	unlink(other);
}

static int
make_file(void **state)
{
	(void)state;
	close(mkstemp(name));
	return 0;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_log_has_its_items),
		cmocka_unit_test(any_layout_means_the_same),
		cmocka_unit_test(bad_lines_are_named_and_the_rest_goes_on),
		cmocka_unit_test(numbers_that_json_has_not_are_none),
		cmocka_unit_test(a_line_without_its_end_waits_for_it),
		cmocka_unit_test(times_are_read_in_any_zone),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
		cmocka_unit_test(several_logs_come_merged_by_time),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
