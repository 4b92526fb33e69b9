/* SPDX-License-Identifier: MIT */
#include "scrape/page.h"

#include "load/metrics.h"
#include "unit.h"

#define COUNT "experiment_producer_event_count_total"

static const struct strings all;

static void
reads(struct page *page, const char *text, const struct strings *topics)
{
	struct err err = {""};

	if (!page_read(page, slice_str(text), topics, &err))
		fail_msg("%s", err.text);
}

static void
our_own_page_is_read(void **state)
{
	struct metrics *m = metrics_new(3, "a \"strange\"\\\ntopic");
	struct strings topics = {0};
	struct page page = {0};
	struct buf text = {0};
	struct err err;

	(void)state;
	metrics_begin(m, 0, "b58fd3ba-6abf-43fc-ba4d-93134d702a17");
	metrics_begin(m, 1, "0c9d5b1e-7a55-4f0e-9b1c-2f6f9f1f0a01");
	for (int i = 0; i < 42; i++)
		metrics_count(m, i % 2);
	metrics_page(m, &text);
	strings_add(&topics, "a \"strange\"\\\ntopic");
	assert_true(page_read(&page, (struct slice){text.p, text.n}, &topics, &err));
	assert_int_equal(page.events, 42);
	assert_int_equal(page.running, 2);
	assert_false(page.restarted);
	strings_clear(&topics);
	metrics_free(m);
	buf_free(&text);
}

static void
only_the_topics_asked_for_count(void **state)
{
	static const char text[] = COUNT "{key=\"1\",topic=\"a\"} 3\n" COUNT "{topic=\"b\",key=\"2\"} 5\n"
				   COUNT "{key=\"3\"} 7\nexperiment_producer_num_experiments 2\n# EOF\n";
	struct strings topics = {0};
	struct page page = {0};

	(void)state;
	reads(&page, text, &all);
	assert_int_equal(page.events, 15);
	strings_add(&topics, "b");
	strings_add(&topics, "c");
	reads(&page, text, &topics);
	assert_int_equal(page.events, 5);
	assert_int_equal(page.all, 15);
	strings_clear(&topics);
}

static void
what_the_page_does_not_say_is_unknown(void **state)
{
	struct page page = {0};

	(void)state;
	reads(&page, COUNT "{key=\"1\"} 3\n", &all);
	assert_int_equal(page.running, -1);
	reads(&page, "experiment_producer_num_experiments 0\n", &all);
	assert_int_equal(page.events, 0);
	assert_int_equal(page.running, 0);
}

/* A counter that is gone, or has fallen: another program counts there, however much it has counted. */
static void
a_producer_started_again_is_told(void **state)
{
	struct page page = {0};

	(void)state;
	reads(&page, COUNT "{key=\"1\"} 5\n", &all);
	assert_false(page.restarted);
	reads(&page, COUNT "{key=\"2\"} 1\n" COUNT "{key=\"1\"} 6\n", &all); /* in any order */
	assert_false(page.restarted);
	reads(&page, COUNT "{key=\"2\"} 3\n" COUNT "{key=\"1\"} 6\n", &all);
	assert_false(page.restarted);
	reads(&page, COUNT "{key=\"3\"} 50\n", &all);
	assert_true(page.restarted);
	reads(&page, COUNT "{key=\"3\"} 51\n", &all);
	assert_false(page.restarted);
	reads(&page, COUNT "{key=\"3\"} 50\n" COUNT "{key=\"4\"} 9\n", &all); /* the same seed again */
	assert_true(page.restarted);
	reads(&page, "experiment_producer_num_experiments 0\n", &all); /* nothing has begun yet */
	assert_true(page.restarted);
	reads(&page, COUNT "{key=\"5\"} 1\n", &all);
	assert_false(page.restarted);
}

static void
refuses(const char *text, const char *why)
{
	struct page page = {.events = 7, .all = 7};
	struct err err = {""};

	assert_false(page_read(&page, slice_str(text), &all, &err));
	assert_string_equal(err.text, why);
	assert_int_equal(page.events, 7);
	assert_false(page.restarted);
}

static void
what_is_no_page_of_a_producer_is_said(void **state)
{
	(void)state;
	refuses("", "it counts no experiment_producer events");
	refuses("# EOF\n", "it counts no experiment_producer events");
	refuses("go_goroutines 7\n", "it counts no experiment_producer events");
	refuses("<html>\n", "line 1 is no sample");
	refuses(COUNT "{key=\"1\"} 3\n" COUNT "{key=\"2\"} 1", "line 2 is cut off");
	refuses(COUNT " -1\n", "-1 is no count of events");
	refuses(COUNT " NaN\n", "nan is no count of events");
	refuses(COUNT " +Inf\n", "inf is no count of events");
	refuses(COUNT " 9e15\n" COUNT " 9e15\n", "9e+15 is no count of events");
	refuses("experiment_producer_num_experiments 1e300\n", "1e+300 is no number of experiments");
	refuses("experiment_producer_num_experiments NaN\n", "nan is no number of experiments");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_page_is_read),
		cmocka_unit_test(only_the_topics_asked_for_count),
		cmocka_unit_test(what_the_page_does_not_say_is_unknown),
		cmocka_unit_test(a_producer_started_again_is_told),
		cmocka_unit_test(what_is_no_page_of_a_producer_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
