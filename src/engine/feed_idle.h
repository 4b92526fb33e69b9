/* SPDX-License-Identifier: MIT */
/*
 * A feed that has nothing, for an engine that only looks at producers: no records,
 * no end, no commands.
 */
#ifndef ENGINE_FEED_IDLE_H
#define ENGINE_FEED_IDLE_H

#include "engine/feed.h"

struct feed *feed_idle_new(void);

#endif
