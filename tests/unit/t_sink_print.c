/* SPDX-License-Identifier: MIT */
#include "engine/feed_replay.h"
#include "engine/sink_print.h"
#include "reference.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct record_header name_header = {{"record_name", 11}, {"a\nb", 3}};
static struct record_header repeated[] = {{{"h", 1}, {"1", 1}}, {{"h", 1}, {"\xff", 1}}, {{"n", 1}, {NULL, 0}}};

static bool
one_header(const struct record *r, size_t i, struct record_header *out)
{
	(void)r;
	*out = name_header;
	return i == 0;
}

static bool
three_headers(const struct record *r, size_t i, struct record_header *out)
{
	(void)r;
	if (i < 3)
		*out = repeated[i];
	return i < 3;
}

struct rig {
	struct sink *sink;
	int out[2], remarks[2];
};

static void
rig_open(struct rig *rig, struct sink_print_config config)
{
	assert_int_equal(pipe(rig->out), 0);
	assert_int_equal(pipe(rig->remarks), 0);
	config.out = rig->out[1];
	config.remarks = rig->remarks[1];
	rig->sink = sink_print_new(&config);
}

static void
expect_text(int fd, const char *expected)
{
	char text[8192];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	assert_true(n >= 0);
	text[n] = '\0';
	assert_string_equal(text, expected);
}

static void
rig_close(struct rig *rig, const char *out, const char *remarks)
{
	sink_print_free(rig->sink);
	close(rig->out[1]);
	close(rig->remarks[1]);
	expect_text(rig->out[0], out);
	expect_text(rig->remarks[0], remarks);
	close(rig->out[0]);
	close(rig->remarks[0]);
}

static void
give(struct rig *rig, const struct record *r, size_t n)
{
	struct err err = {0};

	assert_int_equal(rig->sink->ops->records(rig->sink, r, n, &err), n);
}

static const struct record plain[] = {
	{.topic = "t", .offset = 7, .timestamp = 5, .key = {"k", 1}, .value = {"it's \xff\n", 7}},
	{.topic = "t", .offset = 8, .timestamp = -1},
	{.topic = "t", .offset = 9, .timestamp = -1, .value = {"Obj\1\x80", 5}, .header = one_header},
};

static void
what_is_no_container_is_printed_as_python_would(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_PYTHON});
	give(&rig, plain, 2);
	rig_close(&rig, "b\"it's \\xff\\n\"\nNone\n", "");
}

static void
json_keeps_every_byte(void **state)
{
	struct record headers = {.topic = "t", .timestamp = -1, .value = {"x", 1}, .header = three_headers};
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_JSON});
	give(&rig, plain, 2);
	give(&rig, &headers, 1);
	rig_close(&rig,
		  "{\"topic\":\"t\",\"partition\":0,\"offset\":7,\"timestamp\":5,\"key\":\"k\",\"headers\":{},"
		  "\"record_name\":null,\"decoded_as\":null,\"value\":{\"base64\": \"aXQncyD/Cg==\"}}\n"
		  "{\"topic\":\"t\",\"partition\":0,\"offset\":8,\"timestamp\":null,\"key\":null,\"headers\":{},"
		  "\"record_name\":null,\"decoded_as\":null,\"value\":null}\n"
		  "{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestamp\":null,\"key\":null,"
		  "\"headers\":{\"h\":[\"1\",{\"base64\": \"/w==\"}],\"n\":null},"
		  "\"record_name\":null,\"decoded_as\":null,\"value\":\"x\"}\n",
		  "");
}

static void
an_undecodable_record_is_a_remark_with_its_reason(void **state)
{
	struct rig rig;
	char remark[256];
	ssize_t n;

	(void)state;
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_PYTHON});
	give(&rig, &plain[2], 1);
	n = read(rig.remarks[0], remark, sizeof(remark) - 1);
	assert_true(n > 10);
	assert_memory_equal(remark, "t[0]@9: ", 8);
	assert_int_equal(sink_print_totals(rig.sink).undecodable, 1);
	assert_int_equal(sink_print_totals(rig.sink).decoded, 0);
	rig_close(&rig, "", "");
}

static void
remarks_are_bounded_and_the_rest_is_counted(void **state)
{
	struct record many[500];
	struct rig rig;
	char remark[16384];
	ssize_t n;
	int lines = 0;

	(void)state;
	for (size_t i = 0; i < 500; i++)
		many[i] = plain[2];
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_NONE});
	give(&rig, many, 500);
	rig.sink->ops->idle(rig.sink, 0);
	n = read(rig.remarks[0], remark, sizeof(remark) - 1);
	remark[n] = '\0';
	for (char *p = remark; *p; p++)
		lines += *p == '\n';
	assert_true(lines >= 11 && lines <= 22); /* ten a second and the count of the rest: one second or two */
	assert_non_null(strstr(remark, " more undecodable records\n"));
	assert_int_equal(sink_print_totals(rig.sink).undecodable, 500);
	rig_close(&rig, "", "");
}

static void
a_terminal_gets_no_raw_bytes(void **state)
{
	struct record r = {.topic = "t", .timestamp = -1, .value = {"\x1b[31m\nx", 7}};
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_RAW, .clean = true});
	give(&rig, &r, 1);
	rig_close(&rig, "\\x1b[31m\nx\n", "");
}

static void
a_closed_output_ends_the_run(void **state)
{
	struct rig rig;
	struct err err = {0};

	(void)state;
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_RAW});
	close(rig.out[0]);
	assert_int_equal(rig.sink->ops->records(rig.sink, plain, 2, &err), 0);
	assert_string_equal(err.text, "cannot write to standard output: Broken pipe");
	assert_int_equal(pipe(rig.out), 0);
	rig_close(&rig, "", "");
}

static void
every_thousand_is_counted(void **state)
{
	struct record many[2500];
	struct rig rig;

	(void)state;
	for (size_t i = 0; i < 2500; i++)
		many[i] = (struct record){.topic = "t", .timestamp = -1};
	rig_open(&rig, (struct sink_print_config){.format = FORMAT_NONE, .counts = true});
	give(&rig, many, 2500);
	rig_close(&rig, "", "1000\n2000\n");
}

static void
drop_assignment(void *ctx, const struct assignment *a)
{
	(void)ctx;
	(void)a;
}

static void
the_reference_run_prints_as_the_lab_s_consumer_does(void **state)
{
	struct feed_listener listener = {.assignment = drop_assignment};
	char *path = reference_path("tests/data/reference-run/messages.jsonl");
	struct feed *feed = feed_replay_new(&(struct feed_replay_config){.file = path});
	struct buf expected = reference_file("tests/data/reference-run/expected.txt"), printed = {0};
	struct record r[16];
	struct rig rig;
	struct err err = {0};
	char name[] = "t_sink_print.XXXXXX";
	int out = mkstemp(name);
	size_t n;

	(void)state;
	rig.sink = sink_print_new(&(struct sink_print_config){.format = FORMAT_PYTHON, .out = out, .remarks = out});
	assert_true(feed->ops->start(feed, &listener, &err));
	while ((n = feed->ops->take(feed, r, 16)) > 0) {
		give(&rig, r, n);
		feed->ops->release(feed);
	}
	feed->ops->free(feed);
	free(path);
	assert_int_equal(lseek(out, 0, SEEK_END), expected.n);
	assert_int_equal(pread(out, buf_reserve(&printed, expected.n), expected.n, 0), expected.n);
	assert_memory_equal(printed.p, expected.p, expected.n);
	assert_int_equal(sink_print_totals(rig.sink).decoded, REFERENCE_MESSAGES);
	sink_print_free(rig.sink);
	buf_free(&printed);
	buf_free(&expected);
	close(out);
	unlink(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_container_is_printed_as_python_would),
		cmocka_unit_test(json_keeps_every_byte),
		cmocka_unit_test(an_undecodable_record_is_a_remark_with_its_reason),
		cmocka_unit_test(remarks_are_bounded_and_the_rest_is_counted),
		cmocka_unit_test(a_terminal_gets_no_raw_bytes),
		cmocka_unit_test(a_closed_output_ends_the_run),
		cmocka_unit_test(every_thousand_is_counted),
		cmocka_unit_test(the_reference_run_prints_as_the_lab_s_consumer_does),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("sink_print", tests, NULL, NULL);
}
