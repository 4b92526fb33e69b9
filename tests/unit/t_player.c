/* SPDX-License-Identifier: MIT */
/* A recording being played: its order, its pace, and going to places in it. */
#include "recording/player.h"

#include "base/buf.h"
#include "recording/output.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CAP = 32, MIB = 1 << 20 };

static char name[] = "t_player.XXXXXX.gz";

struct heard {
	int times;
	char last[ERR_TEXT];
};

static void
complain(void *ctx, const char *sentence)
{
	struct heard *h = ctx;

	h->times++;
	snprintf(h->last, sizeof(h->last), "%s", sentence);
}

static struct player *
play_as(const char *file, const char *text, struct player_config config, struct heard *heard)
{
	struct err err = {0};
	struct output *o = output_open(file, OUTPUT_FORCE, &err);
	struct player *p;
	size_t whole;

	assert_true(output_write(o, slice_str(text), &whole, &err));
	assert_true(output_close(o, &err));
	*heard = (struct heard){0};
	config.file = file;
	config.complain = complain;
	config.ctx = heard;
	p = player_open(&config, &err);
	assert_non_null(p);
	return p;
}

static const char plain[] = "t_player.jsonl";

static struct player *
play(const char *text, struct player_config config, struct heard *heard)
{
	if (!config.index_bytes)
		config.index_bytes = MIB;
	return play_as(plain, text, config, heard);
}

/* The offsets that come at NOW, as digits. */
static const char *
take(struct player *p, int64_t now)
{
	static char out[CAP + 1];
	struct record r[CAP];
	size_t n = player_take(p, now, r, CAP);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)('0' + r[i].offset);
	out[n] = '\0';
	player_release(p);
	return out;
}

/* Two partitions read one after the other, as a backlog is. */
static const char backlog[] = "{\"p\":0,\"o\":0,\"ts\":1000}\n"
			      "{\"p\":0,\"o\":1,\"ts\":3000}\n"
			      "{\"p\":0,\"o\":2,\"ts\":2500}\n"
			      "{\"p\":1,\"o\":5,\"ts\":2000}\n"
			      "{\"p\":1,\"o\":6,\"ts\":3000}\n"
			      "{\"p\":1,\"o\":7,\"ts\":9000}\n";

static const struct player_config at_once = {.slider = true, .speed = INFINITY},
				  in_time = {.slider = true, .speed = 1};

static void
without_a_slider_it_is_the_order_of_the_file(void **state)
{
	struct heard heard;
	struct player *p = play(backlog, (struct player_config){0}, &heard);
	struct playback playback;

	(void)state;
	assert_string_equal(take(p, 0), "012567");
	assert_true(player_ended(p));
	player_status(p, 0, &playback);
	assert_false(playback.there);
	player_free(p);
}

static void
with_one_it_is_that_of_time_and_each_partition_keeps_its_own(void **state)
{
	struct heard heard;
	struct player *p = play(backlog, at_once, &heard);

	(void)state;
	assert_string_equal(take(p, 0), "051267");
	assert_true(player_ended(p));
	assert_int_equal(player_due(p, 0), INT64_MAX);
	player_free(p);
}

static void
records_come_when_they_are_due(void **state)
{
	struct heard heard;
	struct player *p = play(backlog, in_time, &heard);
	struct playback playback;

	(void)state;
	assert_int_equal(player_due(p, 500), 500);
	assert_string_equal(take(p, 500), "0");
	assert_int_equal(player_due(p, 500), 1500);
	assert_string_equal(take(p, 1499), "");
	assert_string_equal(take(p, 1500), "5");
	player_status(p, 1700, &playback);
	assert_int_equal(playback.first, 1000);
	assert_int_equal(playback.last, 9000);
	assert_int_equal(playback.at, 2200);
	player_set_speed(p, 1700, 10);
	assert_int_equal(player_due(p, 1700), 1780);
	assert_string_equal(take(p, 1780), "126");
	player_set_speed(p, 1780, INFINITY);
	player_set_speed(p, 1780, 1e-300);
	assert_true(player_due(p, 1780) > 1780 && player_due(p, 1780) < INT64_MAX);
	player_set_speed(p, 1780, INFINITY);
	assert_string_equal(take(p, 1780), "7");
	assert_true(player_ended(p));
	player_free(p);
}

static void
it_pauses_and_goes_on(void **state)
{
	struct heard heard;
	struct player *p = play(backlog, in_time, &heard);

	(void)state;
	assert_string_equal(take(p, 0), "0");
	assert_false(player_idle(p, 0));
	player_pause(p, 500, true);
	assert_true(player_idle(p, 60000));
	assert_int_equal(player_due(p, 60000), INT64_MAX);
	assert_string_equal(take(p, 60000), "");
	player_pause(p, 60000, false);
	assert_int_equal(player_due(p, 60000), 60500);
	player_free(p);
}

static void
going_back_gives_all_up_to_there_again(void **state)
{
	struct heard heard;
	struct player *p = play(backlog, at_once, &heard);
	struct playback playback;

	(void)state;
	assert_false(player_seek(p, 0, 2000)); /* its times are not known yet */
	assert_string_equal(take(p, 0), "051267");
	assert_true(player_seek(p, 0, 2999));
	player_status(p, 0, &playback);
	assert_true(playback.paused); /* at the highest speed it would leave at once */
	assert_false(player_idle(p, 0));
	assert_string_equal(take(p, 0), "05");
	assert_true(player_idle(p, 0));
	assert_false(player_seek(p, 0, 3000));
	assert_string_equal(take(p, 0), "126");
	assert_true(player_seek(p, 0, INT64_MIN));
	assert_string_equal(take(p, 0), "0");
	assert_false(player_seek(p, 0, INT64_MAX));
	assert_string_equal(take(p, 0), "51267");
	assert_true(player_ended(p));
	player_rewind(p);
	player_set_speed(p, 0, INFINITY);
	assert_string_equal(take(p, 0), "051267");
	player_free(p);
}

static void
a_range_is_played_as_a_recording_of_its_own(void **state)
{
	struct player_config config = in_time;
	struct playback playback;
	struct heard heard;
	struct player *p;

	(void)state;
	config.range = (struct range){{BOUND_AFTER, 1000}, {BOUND_TIME, 9000}};
	p = play(backlog, config, &heard);
	assert_string_equal(take(p, 0), "5");
	player_status(p, 0, &playback);
	assert_int_equal(playback.first, 2000);
	assert_int_equal(playback.last, 3000);
	/* Record 2 is from before record 1, but of the range as well. */
	assert_string_equal(take(p, 1000), "126");
	assert_true(player_ended(p));
	player_free(p);
	config = (struct player_config){.range = {{BOUND_OFFSET, 1}, {BOUND_OFFSET, 6}}};
	p = play(backlog, config, &heard);
	assert_string_equal(take(p, 0), "125");
	player_free(p);
}

static void
a_bad_line_is_told_once_however_often_it_is_met(void **state)
{
	struct heard heard;
	struct player *p = play("{\"p\":0,\"o\":0,\"ts\":1}\nnonsense\n"
				"{\"p\":0,\"o\":1,\"ts\":2}\n{\"p\":0,\"o\":2,\"t", at_once, &heard);

	(void)state;
	assert_string_equal(take(p, 0), "01");
	player_rewind(p);
	assert_string_equal(take(p, 0), "01");
	assert_int_equal(heard.times, 2);
	assert_int_equal(player_bad_lines(p), 2);
	assert_string_equal(heard.last,
		"t_player.jsonl:4: the file ends in the middle of this line; the line is passed over");
	assert_false(player_failed(p));
	player_free(p);
}

static void
compressed_recordings_have_a_slider_too(void **state)
{
	struct player_config config = at_once;
	struct heard heard;
	struct player *p;

	(void)state;
	config.index_bytes = MIB;
	p = play_as(name, backlog, config, &heard);
	assert_string_equal(take(p, 0), "051267");
	assert_true(player_seek(p, 0, 2000));
	assert_string_equal(take(p, 0), "05");
	player_free(p);
}

static void
the_index_is_bounded_and_says_so(void **state)
{
	struct player_config config = at_once;
	struct heard heard;
	struct player *p;

	(void)state;
	config.index_bytes = 70; /* three lines */
	p = play(backlog, config, &heard);
	assert_string_equal(take(p, 0), "012");
	assert_true(player_failed(p));
	assert_string_equal(heard.last,
		"the index of the recording is full at 3 records: --index-mb makes room for more");
	player_free(p);
}

/* What counts from the first record counts from the first that has a time. */
static void
spans_begin_with_the_first_timestamp(void **state)
{
	static const char *const first[] = {"null", "-1"};
	struct heard heard;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char text[300];
		struct player *p;

		snprintf(text, sizeof(text), "{\"p\":0,\"o\":0,\"ts\":%s}\n{\"p\":0,\"o\":1,\"ts\":1000}\n"
			 "{\"p\":0,\"o\":2,\"ts\":2000}\n{\"p\":0,\"o\":3,\"ts\":3000}\n", first[i]);
		p = play(text, (struct player_config){.range = {{BOUND_AFTER, 1000}, {BOUND_AFTER, 2000}}}, &heard);
		assert_string_equal(take(p, 0), "02"); /* without a time it is within every span */
		player_free(p);
	}
}

/* All that there is, by as many takes as it needs; *MOST: records of the largest. */
static size_t
take_all(struct player *p, size_t *most)
{
	static struct record r[10000];
	size_t all = 0;

	*most = 0;
	for (int i = 0; i < 100 && !player_ended(p); i++) {
		size_t n = player_take(p, 0, r, sizeof(r) / sizeof(*r));

		*most = n > *most ? n : *most;
		all += n;
		player_release(p);
	}
	assert_true(player_ended(p));
	return all;
}

static void
one_take_reads_a_few_mib_at_most(void **state)
{
	static char line[3 << 20];
	struct heard heard;
	struct buf text = {0};
	size_t most;

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	for (int i = 0; i < 10; i++)
		buf_addf(&text, "{\"p\":0,\"o\":%d,\"k\":\"%s\"}\n", i, line);
	for (int slider = 0; slider < 2; slider++) {
		struct player *p = play(buf_cstr(&text), slider ? at_once : (struct player_config){0}, &heard);

		assert_int_equal(take_all(p, &most), 10);
		assert_int_equal(most, 3);
		player_free(p);
	}
	buf_free(&text);
}

static void
of_many_bad_lines_the_first_are_told_and_the_rest_counted(void **state)
{
	struct heard heard;
	struct buf text = {0};
	size_t most;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_str(&text, "x\n");
	buf_str(&text, "{\"p\":0,\"o\":7}\n");
	for (int slider = 0; slider < 2; slider++) {
		struct player *p = play(buf_cstr(&text), slider ? at_once : (struct player_config){0}, &heard);
		struct record r;

		assert_int_equal(player_take(p, 0, &r, 1), 0); /* it stops between two bad lines, too */
		assert_false(player_ended(p));
		assert_int_equal(take_all(p, &most), 1);
		assert_int_equal(heard.times, 101);
		assert_string_equal(heard.last, "t_player.jsonl: 19900 more lines like these were passed over");
		assert_int_equal(player_bad_lines(p), 20000);
		player_free(p);
	}
	buf_free(&text);
}

/* As where the disk is full: what was unpacked before that is played, and no half of a line. */
static void
what_there_was_room_to_unpack_is_played(void **state)
{
	enum { ALL = 4000, MOST_BYTES = 20000 };
	const struct rlimit small = {MOST_BYTES, RLIM_INFINITY};
	struct rlimit before;
	struct buf text = {0};
	struct heard heard;
	struct player *p;
	size_t most, n;
	char expected[200];

	(void)state;
	for (int i = 0; i < ALL; i++)
		buf_addf(&text, "{\"p\":%d,\"o\":%d,\"ts\":%d}\n", i % 2, i, i % 2 ? i : 2 * ALL - i);
	p = play_as(name, buf_cstr(&text), (struct player_config){.slider = true, .speed = INFINITY,
		    .index_bytes = MIB}, &heard);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	n = take_all(p, &most);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	snprintf(expected, sizeof(expected), "no room in /tmp to unpack more than %zu records of the recording: "
		 "File too large", n);
	assert_string_equal(heard.last, expected);
	assert_true(n > 500 && n < ALL);
	assert_int_equal(heard.times, 1);
	assert_true(player_failed(p));
	player_free(p);
	buf_free(&text);
}

static void
times_that_are_missing_or_nonsense_do_no_harm(void **state)
{
	struct playback playback;
	struct heard heard;
	struct player *p = play("{\"p\":0,\"o\":0}\n{\"p\":1,\"o\":1,\"ts\":null}\n{\"p\":0,\"o\":2,\"ts\":5000}\n"
				"{\"p\":0,\"o\":3}\n{\"o\":4,\"ts\":99999999999999999999,\"p\":0}\n"
				"{\"p\":2,\"o\":5,\"h\":{\"ts\":\"1\"},\"ts\" : 4000}\n", at_once, &heard);

	(void)state;
	assert_string_equal(take(p, 0), "01523");
	assert_int_equal(heard.times, 1); /* the number that is none */
	player_status(p, 0, &playback);
	assert_int_equal(playback.first, 4000);
	assert_int_equal(playback.last, 253402300799999);
	assert_true(player_seek(p, 0, 4500));
	assert_string_equal(take(p, 0), "015");
	player_free(p);
	p = play("", at_once, &heard);
	take(p, 0);
	assert_true(player_ended(p));
	assert_false(player_seek(p, 0, 17));
	player_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_slider_it_is_the_order_of_the_file),
		cmocka_unit_test(with_one_it_is_that_of_time_and_each_partition_keeps_its_own),
		cmocka_unit_test(records_come_when_they_are_due),
		cmocka_unit_test(it_pauses_and_goes_on),
		cmocka_unit_test(going_back_gives_all_up_to_there_again),
		cmocka_unit_test(a_range_is_played_as_a_recording_of_its_own),
		cmocka_unit_test(a_bad_line_is_told_once_however_often_it_is_met),
		cmocka_unit_test(compressed_recordings_have_a_slider_too),
		cmocka_unit_test(the_index_is_bounded_and_says_so),
		cmocka_unit_test(spans_begin_with_the_first_timestamp),
		cmocka_unit_test(one_take_reads_a_few_mib_at_most),
		cmocka_unit_test(of_many_bad_lines_the_first_are_told_and_the_rest_counted),
		cmocka_unit_test(what_there_was_room_to_unpack_is_played),
		cmocka_unit_test(times_that_are_missing_or_nonsense_do_no_harm),
	};
	int fd = mkstemps(name, 3), failed;

	close(fd);
	failed = cmocka_run_group_tests_name("player", tests, NULL, NULL);
	unlink(name);
	unlink(plain);
	return failed;
}
