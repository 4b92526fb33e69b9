/* SPDX-License-Identifier: MIT */
#include "load/progress.h"
#include "unit.h"

#include <math.h>
#include <string.h>

static const struct plan_entry entry = {
	.researcher = (char *)(uintptr_t)"a\033[2J", .sensors = 1, .sample_ms = 1000, .lower = 1, .upper = 2,
};

static void
the_line_has_both_rates(void **state)
{
	const struct progress_look before = {.counts = {.delivered = 1000}, .time = 5000};
	const struct progress_look now = {
		.counts = {.delivered = 3000, .rate = 1000,
			   .stages = {[EVENT_STABILIZATION] = 7, [EVENT_STARTED] = 4, [EVENT_TERMINATED] = 1}},
		.time = 7000,
	};
	struct buf line = {0};

	(void)state;
	progress_line(&line, 10, &before, &now, 35.2, 200);
	assert_string_equal(buf_cstr(&line), "0:36 left  wait 3 stab 3 run 3 end 1  3.0k events  asked 1.0k/s  "
					     "reached 1.0k/s");
	buf_clear(&line);
	progress_line(&line, 10, &now, &now, (double)NAN, 80);
	assert_string_equal(buf_cstr(&line), "- left  wait 3 stab 3 run 3 end 1  3.0k events  asked 1.0k/s  "
					     "reached -/s");
	buf_clear(&line);
	progress_line(&line, 10, &before, &now, 3723, 12);
	assert_string_equal(buf_cstr(&line), "1:02:03 left");
	buf_free(&line);
}

static void
unknown_lateness_is_no_zero(void **state)
{
	const struct emit_counts none = {.late_p50_us = -1, .late_p99_us = -1};
	const struct emit_counts some = {
		.asked = 12345, .sent = 12344, .delivered = 12340, .failed = 4, .late_p50_us = 80, .late_p99_us = 2340,
		.late_max_us = 1234567,
	};
	struct buf text = {0};

	(void)state;
	progress_summary(&text, &none, 0);
	assert_string_equal(buf_cstr(&text), "asked 0, sent 0, confirmed 0, failed 0, in 0.0 s\n"
					     "late: p50 -, p99 -, max -\n");
	buf_clear(&text);
	progress_summary(&text, &some, 10);
	assert_string_equal(buf_cstr(&text), "asked 12,345, sent 12,344, confirmed 12,340, failed 4, in 10.0 s "
					     "(1234/s)\nlate: p50 0.1 ms, p99 2.3 ms, max 1234.6 ms\n");
	buf_free(&text);
}

/* Who does not read gets whole lines, and the number of those that are gone. */
static void
stage_lines_are_bounded_and_clean(void **state)
{
	struct experiment *e = experiment_new(&entry, 0, 0, 1);
	const struct moment *at = experiment_next(e);
	struct progress *p = progress_new();
	struct buf text = {0};

	(void)state;
	progress_moment(p, e, at);
	progress_moment(p, e, &(struct moment){.kind = EVENT_MEASURED});
	progress_take(p, &text);
	assert_non_null(strstr(buf_cstr(&text), " configured a\\x1b[2J\n"));
	assert_int_equal(strcspn(text.p, "\n") + 1, text.n);
	buf_clear(&text);
	for (int i = 0; i < 20000; i++)
		progress_moment(p, e, at);
	progress_take(p, &text);
	assert_true(text.n < PROGRESS_BYTES + 200);
	assert_non_null(strstr(buf_cstr(&text), " lines were left out: they were not read in time\n"));
	progress_free(p);
	experiment_free(e);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_has_both_rates),
		cmocka_unit_test(unknown_lateness_is_no_zero),
		cmocka_unit_test(stage_lines_are_bounded_and_clean),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
