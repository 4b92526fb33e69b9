/* SPDX-License-Identifier: MIT */
#include "engine/feed_replay.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct heard {
	int said, restarted;
	char last[ERR_TEXT];
};

static void
said(void *ctx, enum notice_level level, const char *sentence)
{
	struct heard *h = ctx;

	(void)level;
	h->said++;
	snprintf(h->last, sizeof(h->last), "%s", sentence);
}

static void
restarted(void *ctx)
{
	((struct heard *)ctx)->restarted++;
}

static char name[] = "t_replay.XXXXXX";

static struct feed *
replay_as(const char *text, const struct feed_replay_config *config, struct heard *heard)
{
	struct feed_listener listener = {.said = said, .restarted = restarted, .ctx = heard};
	struct feed *f;
	struct err err = {0};
	FILE *out = fopen(name, "w");

	*heard = (struct heard){0};
	fputs(text, out);
	fclose(out);
	f = feed_replay_new(config);
	assert_true(f->ops->start(f, &listener, &err));
	return f;
}

static struct feed *
replay(const char *text, struct heard *heard)
{
	return replay_as(text, &(struct feed_replay_config){.file = name}, heard);
}

/* As on the screen. */
static struct feed *
replay_with_slider(const char *text, struct heard *heard)
{
	const struct feed_replay_config config = {.file = name, .slider = true, .speed = INFINITY, .index_bytes = 1000};

	return replay_as(text, &config, heard);
}

static void
both_header_forms_and_keys_are_read(void **state)
{
	struct heard heard;
	struct record r[8];
	struct record_header h;
	struct feed *f = replay(
		"{\"p\":6,\"o\":3,\"ts\":1000,\"k\":\"key\",\"h\":{\"record_name\":\"x\"},\"v\":\"AAE=\"}\n"
		"{\"t\":\"other\",\"p\":0,\"o\":9,\"k64\":\"/w==\",\"h\":[[\"a\",\"YQ==\"],[\"a\",null]],\"v\":null}\n",
		&heard);

	(void)state;
	assert_int_equal(f->ops->take(f, r, 8), 2);
	assert_string_equal(r[0].topic, "recording");
	assert_int_equal(r[0].partition, 6);
	assert_int_equal(r[0].offset, 3);
	assert_int_equal(r[0].timestamp, 1000);
	assert_true(slice_is(r[0].key, "key"));
	assert_true(slice_eq(r[0].value, (struct slice){"\0\1", 2}));
	assert_true(slice_is(record_header_last(&r[0], "record_name"), "x"));
	assert_string_equal(r[1].topic, "other");
	assert_true(slice_is(r[1].key, "\xff"));
	assert_null(r[1].value.p);
	assert_int_equal(r[1].timestamp, -1);
	assert_true(record_header(&r[1], 1, &h) && h.value.p == NULL);
	assert_false(record_header(&r[1], 2, &h));
	assert_true(f->ops->ended(f));
	f->ops->free(f);
}

static void
bad_lines_are_named_and_passed_over(void **state)
{
	struct heard heard;
	struct record r[8];
	struct source_status status;
	char expected[128];
	struct feed *f = replay("{\"p\":0,\"o\":0,\"v\":null}\n{\"p\":-1,\"o\":0}\n[]\n"
				"{\"p\":0,\"o\":1,\"v\":\"!\"}\n{\"p\":0,\"o\":1",
	    &heard);

	(void)state;
	assert_int_equal(f->ops->take(f, r, 8), 1);
	assert_int_equal(heard.said, 4);
	snprintf(expected, sizeof(expected), "%s:5: ", name);
	assert_memory_equal(heard.last, expected, strlen(expected));
	f->ops->applied(f, r, 1);
	f->ops->status(f, &status);
	assert_string_equal(status.note, "4 bad lines passed over");
	assert_int_equal(status.n_partitions, 1);
	assert_int_equal(status.partitions[0].position, 1);
	f->ops->free(f);
}

static const char two[] = "{\"p\":0,\"o\":0,\"ts\":1000,\"v\":null}\n{\"p\":0,\"o\":1,\"ts\":2000,\"v\":null}\n";

static void
seeking_back_reads_the_same_again(void **state)
{
	struct heard heard;
	struct record r[8];
	struct feed *f = replay_with_slider(two, &heard);

	(void)state;
	assert_int_equal(f->ops->take(f, r, 8), 2);
	assert_int_equal(f->ops->take(f, r, 8), 0);
	f->ops->command(f, &(struct command){.kind = COMMAND_SEEK_BEGINNING});
	assert_int_equal(heard.restarted, 1);
	assert_int_equal(f->ops->take(f, r, 8), 2);
	f->ops->command(f, &(struct command){.kind = COMMAND_SEEK_END});
	assert_string_equal(heard.last, "a recording is read to its end at once");
	f->ops->command(f, &(struct command){.kind = COMMAND_COMMIT_NOW});
	assert_string_equal(heard.last, "a recording has no group: nothing is committed");
	f->ops->free(f);
}

static void
the_slider_takes_it_to_a_time(void **state)
{
	struct heard heard;
	struct record r[8];
	struct source_status status;
	struct feed *f = replay_with_slider(two, &heard);

	(void)state;
	f->ops->applied(f, r, f->ops->take(f, r, 8));
	f->ops->status(f, &status);
	assert_true(status.at_end && status.playback.there);
	assert_int_equal(status.now, 2000);
	f->ops->command(f, &(struct command){.kind = COMMAND_PLAY_BY, .ms = -1});
	assert_int_equal(heard.restarted, 1);
	assert_int_equal(f->ops->take(f, r, 8), 1);
	f->ops->applied(f, r, 1);
	f->ops->status(f, &status);
	assert_true(status.at_end && status.playback.paused && !f->ops->ended(f));
	assert_int_equal(status.playback.at, 1999);
	assert_int_equal(status.now, 1999);
	assert_int_equal(status.partitions[0].position, 1);
	assert_int_equal(status.partitions[0].end, 2);
	f->ops->command(f, &(struct command){.kind = COMMAND_PLAY_SPEED, .speed = INFINITY});
	f->ops->command(f, &(struct command){.kind = COMMAND_PLAY_PAUSE});
	assert_int_equal(heard.restarted, 1);
	f->ops->command(f, &(struct command){.kind = COMMAND_SEEK_END});
	assert_int_equal(f->ops->take(f, r, 8), 1);
	assert_true(f->ops->ended(f));
	f->ops->free(f);
}

static void
a_missing_file_is_a_sentence(void **state)
{
	struct feed *f = feed_replay_new(&(struct feed_replay_config){.file = "/nonexistent/run.jsonl"});
	struct feed_listener listener = {0};
	struct err err = {0};

	(void)state;
	assert_false(f->ops->start(f, &listener, &err));
	assert_string_equal(err.text, "cannot read the recording /nonexistent/run.jsonl: No such file or directory");
	f->ops->free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_header_forms_and_keys_are_read),
		cmocka_unit_test(bad_lines_are_named_and_passed_over),
		cmocka_unit_test(seeking_back_reads_the_same_again),
		cmocka_unit_test(the_slider_takes_it_to_a_time),
		cmocka_unit_test(a_missing_file_is_a_sentence),
	};
	int fd = mkstemp(name), failed;

	close(fd);
	failed = cmocka_run_group_tests_name("replay", tests, NULL, NULL);
	unlink(name);
	return failed;
}
