/* SPDX-License-Identifier: MIT */
/*
 * A cluster as a feed that reads nothing: only its topics are asked for, while
 * somebody looks at them, so that one can be chosen.
 */
#ifndef ENGINE_FEED_TOPICS_H
#define ENGINE_FEED_TOPICS_H

#include "engine/feed.h"
#include "kafka/client.h"

/* KAFKA and NOTE (a lasting remark for the head; NULL: none) are borrowed for the feed's life. */
struct feed *feed_topics_new(const struct kafka_config *kafka, const char *note);

#endif
