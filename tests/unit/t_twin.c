/* SPDX-License-Identifier: MIT */
#include "ui/twin.h"

#include "base/alloc.h"
#include "base/signals.h"
#include "base/text.h"
#include "engine/feed_replay.h"
#include "engine/sink_monitor.h"
#include "fixture.h"
#include "unit.h"

#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct views {
	struct view *experiments, *partitions;
};

static struct views
make(void (*fill)(struct view *), void (*fill_partitions)(struct view *))
{
	struct views v = {fixture_view(VIEW_EXPERIMENTS), fixture_view(VIEW_PARTITIONS)};

	if (fill)
		fill(v.experiments);
	if (fill_partitions)
		fill_partitions(v.partitions);
	return v;
}

static void
done(struct views v)
{
	view_free(v.experiments);
	view_free(v.partitions);
}

static void
check_line(struct views v, const char *expected)
{
	struct buf out = {0};

	twin_line(&out, v.experiments);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
}

static void
check_changes(struct twin *t, struct views v, const char *expected)
{
	struct buf out = {0};

	twin_changes(t, &out, v.experiments, v.partitions);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
}

static void
a_line_has_fixed_fields(void **state)
{
	struct views v = make(fixture_experiments, NULL);

	(void)state;
	check_line(v, "2026-11-23T12:35:30Z  records 123456  reading 61.5/s  lag 12  experiments 10  configured 1  "
		      "stabilizing 2  running 4  terminated 2  undecodable 2  repeated 0  assigned 16  "
		      "partitions 16  keys 0  out-of-order 0\n");
	done(v);
}

static void
what_is_unknown_is_a_dash(void **state)
{
	struct views v = make(NULL, NULL);

	(void)state;
	check_line(v, "2026-11-23T12:35:30Z  records 0  reading -  lag -  experiments 0  configured 0  stabilizing 0  "
		      "running 0  terminated 0  undecodable 0  repeated 0  assigned 16  partitions 16  keys 0  "
		      "out-of-order 0\n");
	done(v);
}

static void
totals_are_of_all_experiments_however_few_rows_fit(void **state)
{
	struct twin *t = twin_new();
	struct views v = make(fixture_experiments, NULL);
	struct buf out = {0};

	(void)state;
	v.experiments->total = v.experiments->head.experiments = 100000;
	memcpy(v.experiments->head.stages, ((int64_t[STAGES]){5, 10, 20, 99940, 25}), sizeof(int64_t[STAGES]));
	check_line(v, "2026-11-23T12:35:30Z  records 123456  reading 61.5/s  lag 12  experiments 100000  "
		      "configured 10  stabilizing 20  running 99940  terminated 25  undecodable 2  repeated 0  "
		      "assigned 16  partitions 16  keys 0  out-of-order 0\n");
	twin_changes(t, &out, v.experiments, v.partitions);
	assert_non_null(strstr(buf_cstr(&out), "  note: changes are listed for the first 10000 experiments of 100000; "
					       "the counts are of all\n"));
	buf_clear(&out);
	twin_changes(t, &out, v.experiments, v.partitions);
	assert_null(strstr(buf_cstr(&out), "note:")); /* said once */
	buf_free(&out);
	done(v);
	twin_free(t);
}

static void
a_watched_group_has_fields_of_its_own(void **state)
{
	struct views v = make(NULL, fixture_partitions);

	(void)state;
	fixture_watch(v.experiments);
	check_line(v, "2026-11-23T12:35:30Z  records 0  reading -  lag -  experiments 0  configured 0  stabilizing 0  "
		      "running 0  terminated 0  undecodable 0  repeated 0  assigned 16  partitions 16  keys 0  "
		      "out-of-order 0  watched notifications  watched-committed -  watched-lag 1234  "
		      "watched-age 0\n");
	v.experiments->head.watch_committed = 1500;
	v.experiments->head.status.watch_age = 12900;
	check_line(v, "2026-11-23T12:35:30Z  records 0  reading -  lag -  experiments 0  configured 0  stabilizing 0  "
		      "running 0  terminated 0  undecodable 0  repeated 0  assigned 16  partitions 16  keys 0  "
		      "out-of-order 0  watched notifications  watched-committed 1500  watched-lag 1234  "
		      "watched-age 12\n");
	done(v);
}

static void
what_a_notice_told_is_not_told_again(void **state)
{
	static const char gone[] = "no broker answers";
	struct twin *t = twin_new();
	struct views v = make(NULL, NULL);
	struct buf out = {0};

	(void)state;
	twin_changes(t, &out, v.experiments, v.partitions);
	buf_clear(&out);
	twin_notice(t, &out, v.experiments->now, NOTICE_ERROR, gone);
	assert_string_equal(buf_cstr(&out), "2026-11-23T12:35:30Z  error: no broker answers\n");
	snprintf(v.experiments->head.status.sentence, ERR_TEXT, "%s", gone);
	check_changes(t, v, "");
	v.experiments->head.status.sentence[0] = '\0';
	check_changes(t, v, "2026-11-23T12:35:30Z  error: none any more\n");
	snprintf(v.experiments->head.status.sentence, ERR_TEXT, "%s", gone); /* without a notice */
	check_changes(t, v, "2026-11-23T12:35:30Z  error: no broker answers\n");
	buf_free(&out);
	done(v);
	twin_free(t);
}

static void
what_is_produced_stands_at_the_end(void **state)
{
	struct views v = make(NULL, NULL);

	(void)state;
	v.experiments->head.producers = (struct producers_head){.compared = true, .produced = 49.96, .planned = NAN};
	check_line(v, "2026-11-23T12:35:30Z  records 0  reading -  lag -  experiments 0  configured 0  stabilizing 0  "
		      "running 0  terminated 0  undecodable 0  repeated 0  assigned 16  partitions 16  keys 0  "
		      "out-of-order 0  produced 50.0/s  planned -\n");
	done(v);
}

static void
the_connection_is_told_once(void **state)
{
	struct twin *t = twin_new();
	struct views v = make(NULL, NULL);

	(void)state;
	v.experiments->head.status.link = LINK_CONNECTING;
	check_changes(t, v, "2026-11-23T12:35:30Z  cluster localhost:19093: connecting\n");
	check_changes(t, v, "");
	v.experiments->head.status.link = LINK_DOWN;
	snprintf(v.experiments->head.status.sentence, ERR_TEXT, "nothing listens at localhost:19093");
	check_changes(t, v, "2026-11-23T12:35:30Z  cluster localhost:19093: disconnected, trying on\n"
			    "2026-11-23T12:35:30Z  error: nothing listens at localhost:19093\n");
	check_changes(t, v, "");
	v.experiments->head.status.link = LINK_UP;
	v.experiments->head.status.sentence[0] = '\0';
	check_changes(t, v, "2026-11-23T12:35:30Z  cluster localhost:19093: connected\n"
			    "2026-11-23T12:35:30Z  error: none any more\n");
	done(v);
	twin_free(t);
}

static void
the_group_and_its_assignments_are_told(void **state)
{
	struct twin *t = twin_new();
	struct views v = make(NULL, NULL);

	(void)state;
	fixture_group(v.experiments, GROUP_JOINING, "waiting for a member that vanished, at most 6 s");
	check_changes(t, v, "2026-11-23T12:35:30Z  cluster localhost:19093: connected\n"
			    "2026-11-23T12:35:30Z  group lab-7: joining, waiting for a member that vanished, "
			    "at most 6 s\n");
	fixture_group(v.experiments, GROUP_MEMBER, "");
	fixture_partitions(v.partitions);
	check_changes(t, v,
		      "2026-11-23T12:35:30Z  group lab-7: joined\n"
		      "2026-11-23T12:33:55Z  lost: client58[0..15]  count 16  held 0  generation 1\n"
		      "2026-11-23T12:34:25Z  assigned: client58[0..15]  count 16  held 16  generation 2\n"
		      "2026-11-23T12:35:22Z  revoked: client58[0..15]  count 16  held 0  generation 2\n"
		      "2026-11-23T12:35:25Z  assigned: client58[0..7]  count 8  held 8  generation 3\n");
	check_changes(t, v, "");
	done(v);
	twin_free(t);
}

static void
stages_are_told_as_they_come(void **state)
{
	struct twin *t = twin_new();
	struct views v = make(fixture_experiments, NULL);

	(void)state;
	v.experiments->n = 1;
	v.experiments->head.undecodable = 0;
	check_changes(t, v, "2026-11-23T12:35:30Z  cluster localhost:19093: connected\n"
			    "2026-11-23T12:35:30Z  experiment b58fd3ba-6abf-43fc-ba4d-93134d702a17: configured  "
			    "researcher d.landau@uu.nl  sensors 3  range 25.5..26.5  partition 0\n");
	check_changes(t, v, "");
	v.experiments->experiments[0].stage = STAGE_RUNNING;
	check_changes(t, v, "2026-11-23T12:35:30Z  experiment b58fd3ba-6abf-43fc-ba4d-93134d702a17: running\n");
	v.experiments->experiments[0].revoked = true;
	check_changes(t, v, "2026-11-23T12:35:30Z  experiment b58fd3ba-6abf-43fc-ba4d-93134d702a17: running, "
			    "its partition was revoked\n");
	v.experiments->experiments[0].revoked = false;
	check_changes(t, v, "2026-11-23T12:35:30Z  experiment b58fd3ba-6abf-43fc-ba4d-93134d702a17: running, "
			    "its partition is ours again\n");
	v.experiments->n = 0; /* a new view of the topic began: it is new once more */
	check_changes(t, v, "");
	v.experiments->n = 1;
	check_changes(t, v, "2026-11-23T12:35:30Z  experiment b58fd3ba-6abf-43fc-ba4d-93134d702a17: running  "
			    "researcher d.landau@uu.nl  sensors 3  range 25.5..26.5  partition 0\n");
	done(v);
	twin_free(t);
}

static void
undecodable_records_are_told_with_the_reason(void **state)
{
	struct twin *t = twin_new();
	struct views v = make(fixture_experiments, NULL);

	(void)state;
	v.experiments->n = 0;
	check_changes(t, v, "2026-11-23T12:35:30Z  cluster localhost:19093: connected\n"
			    "2026-11-23T12:35:30Z  undecodable: 2 more, the last client58[3]@17: the sync "
			    "marker behind block 0 is not the header's\n");
	check_changes(t, v, "");
	v.experiments->head.undecodable = 5;
	check_changes(t, v, "2026-11-23T12:35:30Z  undecodable: 3 more, the last client58[3]@17: the sync "
			    "marker behind block 0 is not the header's\n");
	done(v);
	twin_free(t);
}

/* A line stays a line, whatever the names are. */
static void
hostile_text_is_harmless(void **state)
{
	struct twin *t = twin_new();
	struct views v = make(fixture_experiments, fixture_partitions);
	struct buf out = {0};
	size_t lines = 0;

	(void)state;
	fixture_hostile(v.experiments);
	fixture_hostile(v.partitions);
	v.experiments->n = 1;
	v.experiments->head.watch = v.experiments->head.last_undecodable = v.experiments->head.topics;
	fixture_group(v.experiments, GROUP_MEMBER, "\x1b[31m\n");
	snprintf(v.experiments->head.status.sentence, ERR_TEXT, "\x1b[31m\n");
	v.experiments->head.group = v.experiments->head.topics;
	twin_changes(t, &out, v.experiments, v.partitions);
	twin_line(&out, v.experiments);
	for (size_t i = 0; i < out.n; i++) {
		lines += out.p[i] == '\n';
		assert_true(out.p[i] == '\n' || (out.p[i] >= 0x20 && out.p[i] < 0x7f));
	}
	assert_int_equal(lines, 1 + 1 + 1 + 4 + 1 + 1 + 1);
	buf_free(&out);
	done(v);
	twin_free(t);
}

/* The twin over a recording. */
struct told {
	struct sink *sink;
	struct engine *engine;
	struct twin_result result;
};

static struct told
tell(const char *recording, FILE *out)
{
	const struct sink_monitor_config monitor = {.cluster = "a recording", .topics = "client58"};
	struct told told = {.sink = sink_monitor_new(&monitor, NULL)};
	const struct feed_replay_config replay = {.file = recording};
	const struct engine_config engine = {feed_replay_new(&replay), told.sink, .count = -1, .run_ms = -1};
	struct twin_config twin = {.out = out, .interval_ms = 1000};

	assert_non_null(out);
	told.engine = twin.engine = engine_new(&engine);
	twin_run(&twin, &told.result);
	fclose(out);
	return told;
}

static void
done_telling(struct told told)
{
	assert_true(told.result.stopped);
	engine_free(told.engine);
	sink_monitor_free(told.sink);
}

static void
a_recording_is_told_to_its_end(void **state)
{
	char *text = NULL;
	size_t n;
	struct told told = tell(TESTDATA "/reference-run/messages.jsonl", open_memstream(&text, &n));

	(void)state;
	assert_false(told.result.failed);
	assert_non_null(strstr(text, "cluster a recording: "));
	assert_non_null(strstr(text, "experiment b58fd3ba-6abf-43fc-ba4d-93134d702a17: "));
	assert_non_null(strstr(text, "records 76  "));
	assert_non_null(strstr(text, "  running 0  terminated 1  undecodable 0  "));
	free(text);
	done_telling(told);
}

static void
a_failure_is_handed_on(void **state)
{
	char *text = NULL;
	size_t n;
	struct told told = tell(TESTDATA "/missing.jsonl", open_memstream(&text, &n));

	(void)state;
	assert_true(told.result.failed);
	assert_non_null(strstr(told.result.last_error, "missing.jsonl"));
	free(text);
	done_telling(told);
}

static void
a_full_disk_ends_it(void **state)
{
	(void)state;
	done_telling(tell(TESTDATA "/reference-run/messages.jsonl", fopen("/dev/full", "we")));
}

/* A reader that stopped reading does not keep us: TERM ends us. */
static void
a_signal_ends_it_while_nobody_reads(void **state)
{
	static const char filler[4096];
	struct told told;
	int ends[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	while (write(ends[1], filler, sizeof(filler)) > 0)
		;
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
	signals_begin();
	signals_fd();
	child = fork();
	if (child == 0) {
		poll(NULL, 0, 300); /* for the twin to begin a line */
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	told = tell(TESTDATA "/reference-run/messages.jsonl", fdopen(ends[1], "w"));
	assert_false(told.result.failed);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(ends[0]);
	done_telling(told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_fixed_fields),
		cmocka_unit_test(what_is_unknown_is_a_dash),
		cmocka_unit_test(totals_are_of_all_experiments_however_few_rows_fit),
		cmocka_unit_test(a_watched_group_has_fields_of_its_own),
		cmocka_unit_test(what_is_produced_stands_at_the_end),
		cmocka_unit_test(the_connection_is_told_once),
		cmocka_unit_test(what_a_notice_told_is_not_told_again),
		cmocka_unit_test(the_group_and_its_assignments_are_told),
		cmocka_unit_test(stages_are_told_as_they_come),
		cmocka_unit_test(undecodable_records_are_told_with_the_reason),
		cmocka_unit_test(hostile_text_is_harmless),
		cmocka_unit_test(a_recording_is_told_to_its_end),
		cmocka_unit_test(a_failure_is_handed_on),
		cmocka_unit_test(a_full_disk_ends_it),
		cmocka_unit_test(a_signal_ends_it_while_nobody_reads),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
