/* SPDX-License-Identifier: MIT */
#include "scrape/openmetrics.h"

#include "unit.h"

#include <stdio.h>

/* The samples of TEXT as "NAME{LABELS}=VALUE" a line, and how it ended: END, or what was bad. */
static void
read_all(struct buf *out, struct slice text)
{
	struct openmetrics page = {.rest = text};
	struct openmetrics_sample s;
	enum openmetrics_step step;
	struct err err;

	while ((step = openmetrics_next(&page, &s, &err)) == OPENMETRICS_SAMPLE)
		buf_addf(out, "%.*s{%.*s}=%g\n", (int)s.name.n, s.name.p, (int)s.labels.n, s.labels.p, s.value);
	buf_str(out, step == OPENMETRICS_END ? "END" : err.text);
}

static void
reads(const char *text, const char *expected)
{
	struct buf out = {0};

	read_all(&out, slice_str(text));
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
}

static void
the_forms_of_a_sample(void **state)
{
	(void)state;
	reads("a 1\n", "a{}=1\nEND");
	reads("a{} 1\n", "a{}=1\nEND");
	reads("a{x=\"1\"} 2.5e3\n", "a{x=\"1\"}=2500\nEND");
	reads("a{x=\"1\",} -2\n", "a{x=\"1\",}=-2\nEND");
	reads("a { x = \"1\" , y=\"\" }\t2 \n", "a{ x = \"1\" , y=\"\" }=2\nEND");
	reads("a:b_1{x=\"}\\\"\\n{\"} 2\n", "a:b_1{x=\"}\\\"\\n{\"}=2\nEND");
	reads("a 1 1520879607.789\n", "a{}=1\nEND");
	reads("a 1 # {id=\"x\"} 0.67\n", "a{}=1\nEND");
	reads("a 1 1520879607 # {} 0.67 1520879607.7\n", "a{}=1\nEND");
	reads("a NaN\nb +Inf\nc -inf\n", "a{}=nan\nb{}=inf\nc{}=-inf\nEND");
}

static void
the_forms_of_a_page(void **state)
{
	(void)state;
	reads("", "END");
	reads("# EOF\n", "END");
	reads("# HELP a b\n# TYPE a counter\n#\n\n  # nothing\na 1\n# EOF\n", "a{}=1\nEND");
	reads("a 1\n# EOF\nb 2\n", "a{}=1\nline 2 says # EOF, and more follows");
	reads("a 1\na 12", "a{}=1\nline 2 is cut off");
	reads("# EOF", "line 1 is cut off");
}

static void
what_is_no_sample_is_said_with_its_line(void **state)
{
	static const char *const bad[] = {
		"a", "a{", "a{}", "a{x}", "a{x=}", "a{x=1} 1", "a{x=\"1} 1", "a{x=\"1\\\"} 1", "a{x=\"1\"y=\"2\"} 1",
		"a{,} 1", "a{1=\"\"} 1", "1 1", "{x=\"1\"} 1", "a 1 x", "a 1 2 3", "a x", "a 0x10", "a 1 #", "a 1 # {",
		"a 1 # {}", "a 1 # x 1", "a 1 # {} 1 2 3", "a infinity", "a 1e", "a --1", "a \xff", "a 1\r",
		"<html>", "a 1111111111111111111111111111111111111111111111111111111111111111111111111111",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char text[128];

		snprintf(text, sizeof(text), "ok 1\n%s\n", bad[i]);
		reads(text, "ok{}=1\nline 2 is no sample");
	}
}

static void
nul_bytes_are_bytes(void **state)
{
	static const char text[] = "a{x=\"\0\"} 1\nb \0001\n";
	struct buf out = {0};

	(void)state;
	read_all(&out, (struct slice){text, sizeof(text) - 1});
	assert_string_equal(buf_cstr(&out) + out.n - strlen("line 2 is no sample"), "line 2 is no sample");
	buf_free(&out);
}

static void
labels_lose_their_escapes(void **state)
{
	struct slice labels = slice_str("a=\"1\", topic = \"x\\\\y\\\"z\\n\\q\",key=\"\"");
	struct buf value = {0};

	(void)state;
	assert_true(openmetrics_label(labels, "topic", &value));
	assert_string_equal(buf_cstr(&value), "x\\y\"z\nq");
	buf_clear(&value);
	assert_true(openmetrics_label(labels, "key", &value));
	assert_string_equal(buf_cstr(&value), "");
	assert_false(openmetrics_label(labels, "top", &value));
	assert_false(openmetrics_label((struct slice){0}, "topic", &value));
	assert_false(openmetrics_label(slice_str("no labels"), "topic", &value));
	buf_free(&value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_forms_of_a_sample),
		cmocka_unit_test(the_forms_of_a_page),
		cmocka_unit_test(what_is_no_sample_is_said_with_its_line),
		cmocka_unit_test(nul_bytes_are_bytes),
		cmocka_unit_test(labels_lose_their_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
