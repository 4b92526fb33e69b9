/* SPDX-License-Identifier: MIT */
/* Any bytes as a recording, plain or compressed: every record read is written and
 * read again alike, with and without a slider, and the same lines are good. */
#include "fuzz.h"

#include "recording/line.h"
#include "recording/player.h"

#include <math.h>

enum { BATCH = 16, TIMES = 10000, TOLD_MOST = 100 /* bad lines, then their sum */ };

static void
complain(void *ctx, const char *sentence)
{
	require(sentence[0]);
	++*(int *)ctx;
}

/* What is written of R is read again, and then written alike. */
static void
write_and_read(const struct record *r)
{
	struct line_reader *reader = line_reader_new();
	struct buf once = {0}, twice = {0};
	struct record again;
	struct err err;

	line_write(&once, r);
	require(line_read(reader, (struct slice){once.p, once.n - 1}, &again, &err));
	line_write(&twice, &again);
	require(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
	buf_free(&once);
	buf_free(&twice);
	line_reader_free(reader);
}

/* Sentences about BAD lines. */
static int
told(int64_t bad)
{
	return bad <= TOLD_MOST ? (int)bad : TOLD_MOST + 1;
}

/* Play FILE to its end, and with a slider once more from its middle; how many records it has. */
static size_t
play(const char *file, bool slider)
{
	int complaints = 0;
	struct player_config config = {
		.file = file, .slider = slider, .speed = INFINITY, .index_bytes = 1 << 20, .complain = complain,
		.ctx = &complaints,
	};
	struct record batch[BATCH];
	struct err err;
	struct player *p = player_open(&config, &err);
	size_t n, all = 0;

	require(p);
	for (int i = 0; i < TIMES && !player_ended(p); i++) {
		n = player_take(p, 0, batch, BATCH);
		for (size_t k = 0; k < n; k++)
			write_and_read(&batch[k]);
		all += n;
		player_release(p);
	}
	require(player_ended(p));
	require(complaints == told(player_bad_lines(p)) + player_failed(p));
	if (slider) {
		struct playback playback;

		player_status(p, 0, &playback);
		player_seek(p, 0, playback.first + (playback.last - playback.first) / 2);
		for (int i = 0; i < TIMES && !player_idle(p, 0); i++) {
			player_take(p, 0, batch, BATCH);
			player_release(p);
		}
		require(player_idle(p, 0));
	}
	player_free(p);
	return all;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[] = "/tmp/fuzz_recording.XXXXXX";
	int fd = mkstemp(name);

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	require(play(name, false) == play(name, true));
	unlink(name);
	return 0;
}
