/* SPDX-License-Identifier: MIT */
/* The report's parts: what is escaped, what can be read, and what a run comes to. */
#include "report/chart.h"
#include "report/html.h"
#include "report/page.h"
#include "report/svg.h"
#include "model/partition.h"

#include "base/text.h"
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
what_html_takes_as_its_own_is_escaped(void **state)
{
	static const char *const cases[][2] = {
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"\"'><img src=x onerror=\"", "&quot;&#39;&gt;&lt;img src=x onerror=&quot;"},
		{"a & b &lt;", "a &amp; b &amp;lt;"},
		{"\x1b[31m\n", "\\x1b[31m\\n"},
		{"\xff\xc3", "\\xff\\xc3"},
		{"\xe2\x80\xaegnp.exe", "\\u202egnp.exe"},
		{"caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80"},
		{"]]>", "]]&gt;"},
		{"", ""},
	};
	struct buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&out);
		html_text(&out, slice_str(cases[i][0]));
		assert_string_equal(buf_cstr(&out), cases[i][1]);
	}
	buf_clear(&out);
	html_element(&out, "td", (struct slice){"a\0<", 3});
	assert_string_equal(buf_cstr(&out), "<td>a\\x00&lt;</td>");
	buf_free(&out);
}

static void
drawings_have_title_and_description(void **state)
{
	struct buf out = {0};

	(void)state;
	svg_begin(&out, 3, 100, 50, slice_str("<t>"), slice_str("a \"d\""));
	svg_line(&out, "grid", 0, 1.25, -2, 3);
	svg_mark(&out, "left", SVG_UP, 10, 20, slice_str("here"));
	svg_path_begin(&out, "curve");
	svg_path_point(&out, true, 1, 2);
	svg_path_point(&out, false, 3, 4.06);
	svg_path_end(&out, true);
	svg_text(&out, "label", 1, 2, SVG_END, slice_str("<&>"));
	svg_end(&out);
	assert_string_equal(buf_cstr(&out),
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\" role=\"img\" aria-describedby=\"d3\" "
		"aria-label=\"&lt;t&gt;\">\n<title>&lt;t&gt;</title>\n<desc id=\"d3\">a &quot;d&quot;</desc>\n"
		"<line class=\"grid\" x1=\"0.0\" y1=\"1.2\" x2=\"-2.0\" y2=\"3.0\"/>\n"
		"<path class=\"left\" d=\"M5.0 25.0L15.0 25.0L10.0 15.0Z\"><title>here</title></path>\n"
		"<path class=\"curve\" d=\"M1.0 2.0L3.0 4.1Z\"/>\n"
		"<text class=\"label\" x=\"1.0\" y=\"2.0\" text-anchor=\"end\">&lt;&amp;&gt;</text>\n</svg>\n");
	buf_free(&out);
}

/* WCAG's relative luminance of "#rrggbb". */
static double
luminance(const char *colour)
{
	static const double weights[] = {0.2126, 0.7152, 0.0722};
	double sum = 0;

	assert_int_equal(strlen(colour), 7);
	for (int i = 0; i < 3; i++) {
		char hex[3] = {colour[1 + 2 * i], colour[2 + 2 * i], '\0'};
		double v = (double)strtol(hex, NULL, 16) / 255;

		sum += weights[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double
contrast(const char *a, const char *b)
{
	double x = luminance(a), y = luminance(b);

	return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void
texts_can_be_read_by_day_and_by_night(void **state)
{
	const struct page_colour *paper = &page_colours[0];

	(void)state;
	assert_string_equal(paper->name, "paper");
	for (const struct page_colour *c = page_colours; c->name; c++)
		if (c->text) {
			assert_true(contrast(c->light, paper->light) >= 4.5);
			assert_true(contrast(c->dark, paper->dark) >= 4.5);
		}
	assert_true(contrast("#ffffff", "#000000") > 20.9); /* the measure itself */
	assert_true(contrast("#767676", "#ffffff") >= 4.5 && contrast("#777777", "#ffffff") < 4.5);
}

/* ---- a run ---- */

static const struct slice sensors[] = {{"s1", 2}, {"s2", 2}};

static void
tell(struct run *run, int64_t offset, int64_t ms, struct event e)
{
	struct record r = {
		.topic = "lab", .offset = offset, .timestamp = ms, .key = e.experiment, .arrived = 90000 + ms,
	};

	if (!run_record(run, &r))
		return;
	e.offset = offset;
	e.record_time = ms;
	run_event(run, &e);
}

static void
tell_reading(struct run *run, int64_t offset, double time, const char *sensor, const char *measurement, float degrees)
{
	tell(run, offset, (int64_t)(time * 1000), (struct event){
		.kind = EVENT_MEASURED, .experiment = slice_str("x<1>"), .time = time, .sensor = slice_str(sensor),
		.measurement = slice_str(measurement), .temperature = degrees, .lower = NAN, .upper = NAN});
}

/* An experiment that leaves its range for one sample. */
static void
tell_all(struct run *run)
{
	const struct slice id = slice_str("x<1>");

	tell(run, 0, 1000, (struct event){.kind = EVENT_CONFIGURED, .experiment = id, .time = NAN, .sensors = sensors,
					  .n_sensors = 2, .lower = 20, .upper = 30, .researcher = slice_str("a&b")});
	tell(run, 1, 2000, (struct event){.kind = EVENT_STABILIZATION, .experiment = id, .time = 2});
	tell_reading(run, 2, 3, "s1", "m1", 24);
	tell_reading(run, 3, 3, "s2", "m1", 26);
	tell(run, 4, 4000, (struct event){.kind = EVENT_STARTED, .experiment = id, .time = 4});
	tell_reading(run, 5, 5, "s1", "m2", 34);
	tell_reading(run, 6, 5, "s2", "m2", 36);
	tell_reading(run, 7, 6, "s1", "m3", 25);
	tell_reading(run, 8, 6, "s2", "m3", 25);
	tell_reading(run, 8, 6, "s2", "m3", 25); /* repeated */
	tell_reading(run, 12, 7, "s1", "m4", 25); /* 9 to 11 are missing, and the run ends before s2 */
}

static void
a_run_has_its_events_intervals_and_partitions(void **state)
{
	struct run run;
	const struct run_story *story;

	(void)state;
	run_init(&run, &(struct model_limits){0});
	tell_all(&run);
	run_finish(&run);
	story = run_story(&run, slice_str("x<1>"));
	assert_non_null(story);
	assert_int_equal(story->n_events, 2);
	assert_int_equal(story->events[0].event, RANGE_STABILIZED);
	assert_int_equal(story->events[0].time, 3000);
	assert_int_equal(story->events[1].event, RANGE_OUT);
	assert_int_equal(story->events[1].time, 5000);
	assert_close(story->events[1].average, 35, 0);
	assert_int_equal(story->n_intervals, 1);
	assert_int_equal(story->intervals[0].start, 5000);
	assert_int_equal(story->intervals[0].end, 6000);
	assert_true(story->intervals[0].closed);
	assert_null(run_story(&run, slice_str("nobody")));
	assert_int_equal(run.records, 10);
	assert_int_equal(run.repeated, 1);
	assert_int_equal(run.under_way, 1);
	assert_int_equal(run.first_time, 1000);
	assert_int_equal(run.last_time, 7000);
	assert_int_equal(run_missing(run.partitions), 3);
	run_fini(&run);
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void
a_page_shows_it_and_escapes_it(void **state)
{
	struct buf out = {0};
	struct run run;
	const char *page;

	(void)state;
	run_init(&run, &(struct model_limits){0});
	tell_all(&run);
	run_finish(&run);
	page_write(&out, &run, &(struct page_config){.source = "<run>.jsonl", .charts = 10});
	page = buf_cstr(&out);
	assert_int_equal(count(page, "<svg "), 3);
	assert_int_equal(count(page, "<title>"), 1 + 3 + 2 + 1); /* of the page, its charts, two events, one interval */
	assert_int_equal(count(page, "<desc id"), 3);
	assert_non_null(strstr(page, "Records consumed from 1970-01-01T00:01:31.000Z to 1970-01-01T00:01:38.000Z"));
	assert_non_null(strstr(page, "<title>&lt;run&gt;.jsonl - exptop report</title>"));
	assert_non_null(strstr(page, "<h3>x&lt;1&gt;</h3>"));
	assert_non_null(strstr(page, "a&amp;b"));
	assert_null(strstr(page, "x<1>"));
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "src="));
	assert_non_null(strstr(page, "Not consistent:</strong> 1 finding,")); /* what is missing or under way is none */
	assert_non_null(strstr(page, "<td class=\"bad\">repeated records</td><td>1</td>"));
	assert_non_null(strstr(page, "<td class=\"dim\">missing offsets</td><td>3</td>"));
	assert_non_null(strstr(page, "<td class=\"dim\">measurements under way</td><td>1</td>"));
	assert_non_null(strstr(page, "<td>1970-01-01T00:00:05.000Z</td><td>1970-01-01T00:00:06.000Z</td>"
				     "<td>35.00</td><td>35.00</td>"));
	run_fini(&run);
	buf_free(&out);
}

static void
an_empty_run_is_a_page_too(void **state)
{
	struct buf out = {0};
	struct run run;

	(void)state;
	run_init(&run, &(struct model_limits){0});
	run_finish(&run);
	page_write(&out, &run, &(struct page_config){.source = "-", .charts = 10});
	assert_int_equal(count(buf_cstr(&out), "<svg "), 0);
	assert_non_null(strstr(buf_cstr(&out), "No record has a timestamp."));
	run_fini(&run);
	buf_free(&out);
}

/* Times and offsets of who wishes the page ill. */
static void
numbers_without_bound_do_no_harm(void **state)
{
	struct buf out = {0};
	struct run run;

	(void)state;
	run_init(&run, &(struct model_limits){0});
	for (int i = 0; i < 4; i++)
		run_record(&run, &(struct record){
			.topic = "t", .partition = i / 2, .offset = i % 2 ? INT64_MAX - 1 : 0,
			.timestamp = i % 2 ? INT64_MAX : 0, .arrived = i % 2 ? INT64_MAX : 1});
	run_finish(&run);
	assert_int_equal(run.last_time, LAST_MS);
	assert_int_equal(run.partitions->last_time, LAST_MS);
	page_write(&out, &run, &(struct page_config){.source = "-", .charts = 10});
	assert_non_null(strstr(buf_cstr(&out), "9,223,372,036,854,775,807"));
	assert_non_null(strstr(buf_cstr(&out), "9999-12-31T23:59:59.999Z"));
	run_fini(&run);
	buf_free(&out);
}

static void
partitions_are_bounded_and_say_so(void **state)
{
	struct buf out = {0};
	struct run run;

	(void)state;
	run_init(&run, &(struct model_limits){0});
	for (int i = 0; i < PARTITIONS_KEPT + 7; i++)
		run_record(&run, &(struct record){.topic = "t", .partition = i, .timestamp = 1});
	run_finish(&run);
	page_write(&out, &run, &(struct page_config){.source = "-", .charts = 10});
	assert_non_null(strstr(buf_cstr(&out), "records of other partitions</td><td>7</td>"));
	run_fini(&run);
	buf_free(&out);
}

static void
charts_and_rows_are_bounded_and_say_so(void **state)
{
	struct buf out = {0};
	struct run run;
	char id[16];

	(void)state;
	run_init(&run, &(struct model_limits){0});
	for (int i = 0; i < PAGE_ROWS + 5; i++) {
		snprintf(id, sizeof(id), "x%d", i);
		tell(&run, i, 1000 + i, (struct event){
			.kind = EVENT_CONFIGURED, .experiment = slice_str(id), .time = NAN, .sensors = sensors,
			.n_sensors = 2, .lower = 20, .upper = 30});
	}
	run_finish(&run);
	page_write(&out, &run, &(struct page_config){.source = "-", .charts = 3});
	assert_int_equal(count(buf_cstr(&out), "<section class=\"experiment\""), 3);
	assert_non_null(strstr(buf_cstr(&out), "5 more experiments are not listed."));
	assert_non_null(strstr(buf_cstr(&out), "Drawn are the 3 with the most events"));
	assert_int_equal(count(buf_cstr(&out), "there is no temperature to be drawn"), 3);
	run_fini(&run);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_html_takes_as_its_own_is_escaped),
		cmocka_unit_test(drawings_have_title_and_description),
		cmocka_unit_test(texts_can_be_read_by_day_and_by_night),
		cmocka_unit_test(a_run_has_its_events_intervals_and_partitions),
		cmocka_unit_test(a_page_shows_it_and_escapes_it),
		cmocka_unit_test(an_empty_run_is_a_page_too),
		cmocka_unit_test(numbers_without_bound_do_no_harm),
		cmocka_unit_test(partitions_are_bounded_and_say_so),
		cmocka_unit_test(charts_and_rows_are_bounded_and_say_so),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
