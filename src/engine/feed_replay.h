/* SPDX-License-Identifier: MIT */
/*
 * A recording as a feed: a JSON object a line, with p partition, o offset, ts
 * timestamp in ms, k key, h headers (an object, or an array of [name, base64 or
 * null]), v the value in base64 or null, and where it differs t the topic and
 * k64 a key that is no UTF-8. A line that is none of this is named with FILE:LINE
 * and passed over; the rest replays. As fast as it is taken, from the beginning
 * again on a seek.
 */
#ifndef ENGINE_FEED_REPLAY_H
#define ENGINE_FEED_REPLAY_H

#include "engine/feed.h"

struct feed *feed_replay_new(const char *file);

#endif
