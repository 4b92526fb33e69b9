/* SPDX-License-Identifier: MIT */
/*
 * A recording being played: its records, as they become due. With a slider it
 * plays them by their time (recording/tape.h), at a speed, and can be stopped
 * and put anywhere; without, in the order of the file as fast as they are taken,
 * which needs no index and takes standard input, too.
 *
 * Time comes in as `now`, monotone ms. One thread.
 */
#ifndef RECORDING_PLAYER_H
#define RECORDING_PLAYER_H

#include "model/status.h"
#include "recording/range.h"

#include <stddef.h>

struct player;

struct player_config {
	const char *file; /* - with no slider: standard input */
	bool slider;
	double speed;     /* with a slider: times as fast, INFINITY: as fast as records are taken */
	size_t index_bytes;
	struct range range;

	/* What is wrong with a line (of many: of the first hundred, and how many more there are), and why a file is
	 * not read to its end. */
	void (*complain)(void *ctx, const char *sentence);
	void *ctx;
};

struct player *player_open(const struct player_config *config, struct err *err);
void player_free(struct player *p);

/* Up to CAP records that are due, good until player_release(); 0: none is, see player_due(), or
 * those read so far are not asked for. It reads a few MiB at most, of a longer line that. The names of
 * their topics live as long as the player. */
size_t player_take(struct player *p, int64_t now, struct record *out, size_t cap);
void player_release(struct player *p);

/* When to take again; INT64_MAX: it was played to its end, or is paused. */
int64_t player_due(struct player *p, int64_t now);

/* All of it was given out. */
bool player_ended(const struct player *p);

/* With a slider, once its times are known (before, nothing happens): go to TIME of the
 * recording. True: back, everything up to there comes again. At the highest speed, which
 * would leave at once, it is paused there. */
bool player_seek(struct player *p, int64_t now, int64_t time);
void player_rewind(struct player *p); /* to the beginning, at the speed it has; all comes again */
void player_pause(struct player *p, int64_t now, bool on); /* from the highest speed it goes on at 1 */
void player_set_speed(struct player *p, int64_t now, double speed);

/* What can be given out without waiting was. */
bool player_idle(struct player *p, int64_t now);
void player_status(struct player *p, int64_t now, struct playback *out);

int64_t player_bad_lines(const struct player *p);

/* The file could not be read to its end. */
bool player_failed(const struct player *p);

#endif
