/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "conf/file.h"
#include "load/truth.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

static const struct plan_entry entry = {
	.researcher = (char *)(uintptr_t)"r", .sensors = 2, .sample_ms = 1000, .stabilization_samples = 2,
	.carry_out_samples = 4, .start_temperature = 16, .lower = 25.5, .upper = 26.5,
};

static const struct truth_levels all = {TRUTH_DEBUG, TRUTH_DEBUG};

static const int64_t midnight = 1795651200000000; /* 2026-11-26T00:00:00Z */

static char folder[] = "/tmp/exptop-truth.XXXXXX";

static int
make_folder(void **state)
{
	(void)state;
	setenv("TZ", "UTC-2", 1);
	return mkdtemp(folder) ? 0 : -1;
}

static int
drop_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* A whole experiment that begins at START, into a log of its own name below the folder. */
static void
write_run(const char *name, struct truth_levels levels, int64_t start)
{
	struct experiment *e = experiment_new(&entry, start, start, 1);
	const struct moment *at;
	struct err err = {""};
	struct truth *t;
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	t = truth_open(path, levels, start, &err);
	if (!t)
		fail_msg("%s", err.text);
	while ((at = experiment_next(e)))
		truth_moment(t, e, at);
	truth_flush(t);
	assert_int_equal(truth_problem(t, &err), -1);
	truth_free(t);
	experiment_free(e);
}

/* How many lines of NAME hold WORD. */
static int
lines_with(const char *name, const char *word)
{
	struct buf text = {0};
	struct err err;
	char path[96];
	int n = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (!file_read(&text, path, 1 << 24, &err))
		fail_msg("%s", err.text);
	for (char *line, *rest = (char *)(uintptr_t)buf_cstr(&text); (line = strsep(&rest, "\n"));)
		n += *line && strstr(line, word) != NULL;
	buf_free(&text);
	return n;
}

static void
levels_choose_the_lines(void **state)
{
	(void)state;
	write_run("a", all, midnight);
	assert_int_equal(lines_with("a/producer.json.log.2026-11-26", "\"stage\""), 4);
	assert_int_equal(lines_with("a/producer.json.log.2026-11-26", "avg_temperature"), 6);
	assert_int_equal(lines_with("a/producer.json.log.2026-11-26", "\"sensor\""), 12);
	assert_true(lines_with("a/producer.json.log.2026-11-26", "range_event") >= 1);
	assert_int_equal(lines_with("a/producer.json.log.2026-11-26", "2026-11-26T02:00:0"),
			 lines_with("a/producer.json.log.2026-11-26", ".000000+02\""));
	write_run("b", truth_levels_parse("info"), midnight);
	assert_int_equal(lines_with("b/producer.json.log.2026-11-26", ""), 4);
	write_run("c", truth_levels_parse("experiment_producer::events=debug"), midnight);
	assert_int_equal(lines_with("c/producer.json.log.2026-11-26", "\"stage\""), 0);
	assert_int_equal(lines_with("c/producer.json.log.2026-11-26", "\"sensor\""), 0);
	assert_int_equal(lines_with("c/producer.json.log.2026-11-26", "avg_temperature"), 6);
}

static void
a_day_is_a_file(void **state)
{
	(void)state;
	write_run("d", all, midnight - 3000000);
	assert_int_equal(lines_with("d/producer.json.log.2026-11-25", "avg_temperature"), 3);
	assert_int_equal(lines_with("d/producer.json.log.2026-11-26", "avg_temperature"), 3);
}

static void
the_most_exact_directive_wins(void **state)
{
	static const struct {
		const char *text;
		enum truth_level simulator, events;
	} examples[] = {
		{"debug", TRUTH_DEBUG, TRUTH_DEBUG},
		{"INFO", TRUTH_INFO, TRUTH_INFO},
		{"", TRUTH_OFF, TRUTH_OFF},
		{"warn,experiment_producer=debug", TRUTH_DEBUG, TRUTH_DEBUG},
		{"experiment_producer=debug,warn", TRUTH_DEBUG, TRUTH_DEBUG},
		{"experiment_producer::events=error,experiment_producer=info,trace", TRUTH_INFO, TRUTH_ERROR},
		{"actix_server=debug", TRUTH_OFF, TRUTH_OFF},
		{"experiment_producer", TRUTH_TRACE, TRUTH_TRACE},
		{"experiment_producer=loud,info", TRUTH_INFO, TRUTH_INFO},
		{"info,debug", TRUTH_DEBUG, TRUTH_DEBUG},
		{",,=,x=,=debug", TRUTH_DEBUG, TRUTH_DEBUG},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct truth_levels levels = truth_levels_parse(examples[i].text);

		assert_int_equal(levels.simulator, examples[i].simulator);
		assert_int_equal(levels.events, examples[i].events);
	}
}

/* A file that may not grow is a full disk: lines wait, more than the bound are
 * counted, and once there is room what is written is whole lines. */
static void
a_full_disk_keeps_lines_whole(void **state)
{
	struct plan_entry wide = entry;
	struct rlimit before, small = {5000, RLIM_INFINITY};
	struct err err = {""};
	const struct moment *at;
	struct experiment *e;
	struct truth *t;
	char path[64];

	(void)state;
	wide.sensors = 2000;
	e = experiment_new(&wide, midnight, midnight, 1);
	snprintf(path, sizeof(path), "%s/full", folder);
	t = truth_open(path, all, midnight, &err);
	assert_non_null(t);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	setrlimit(RLIMIT_FSIZE, &small);
	while ((at = experiment_next(e)))
		truth_moment(t, e, at);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_true(truth_problem(t, &err) > 0);
	assert_non_null(strstr(err.text, "producer.json.log.2026-11-26: File too large"));
	truth_flush(t);
	assert_int_equal(lines_with("full/producer.json.log.2026-11-26", ""),
			 lines_with("full/producer.json.log.2026-11-26", "}]}"));
	assert_true(lines_with("full/producer.json.log.2026-11-26", "") > 2000);
	truth_free(t);
	experiment_free(e);
}

static void
a_folder_that_cannot_be_is_said(void **state)
{
	struct err err = {""};

	(void)state;
	assert_null(truth_open("/nowhere/at/all", all, midnight, &err));
	assert_string_equal(err.text, "cannot make the folder /nowhere/at/all for the log: No such file or directory");
	assert_null(truth_open("/dev/null", all, midnight, &err));
	assert_string_equal(err.text, "cannot write /dev/null/producer.json.log.2026-11-26: Not a directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_choose_the_lines),
		cmocka_unit_test(a_day_is_a_file),
		cmocka_unit_test(the_most_exact_directive_wins),
		cmocka_unit_test(a_full_disk_keeps_lines_whole),
		cmocka_unit_test(a_folder_that_cannot_be_is_said),
	};

	return cmocka_run_group_tests_name("truth", tests, make_folder, drop_folder);
}
