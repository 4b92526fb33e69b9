/* SPDX-License-Identifier: MIT */
/*
 * A recording as a feed (exptop-recording(5)). A line that is no record is named
 * with FILE:LINE and passed over; the rest replays. With a slider it takes the
 * commands COMMAND_PLAY_..; a step back starts the view anew.
 */
#ifndef ENGINE_FEED_REPLAY_H
#define ENGINE_FEED_REPLAY_H

#include "engine/feed.h"

struct feed_replay_config {
	const char *file; /* -: standard input, where there is no slider */
	bool slider;      /* played by its time; else in the order of the file */
	double speed;     /* with a slider: times as fast, INFINITY: as fast as it is taken */
	size_t index_bytes; /* memory for the slider's index */
};

/* CONFIG's file is borrowed for the feed's life. */
struct feed *feed_replay_new(const struct feed_replay_config *config);

/* All that was read of it were records, and it was not damaged; lines that are none were told. For the owner of the
 * engine, while that does not run. */
bool feed_replay_whole(const struct feed *f);

#endif
