/* SPDX-License-Identifier: MIT */
/*
 * A cluster as a feed: the consumer, the asker, and what is asked again and
 * again: the marks of all partitions, the commits and members of a group. It
 * asks the user before it joins a group that has members of other programs.
 */
#ifndef ENGINE_FEED_KAFKA_H
#define ENGINE_FEED_KAFKA_H

#include "engine/feed.h"
#include "kafka/consumer.h"

enum join {
	JOIN_ASK,    /* other programs are members, or nobody knows: the user decides */
	JOIN_REFUSE, /* .. the run fails, naming them and --join */
	JOIN_ALWAYS
};

struct feed_kafka_config {
	struct consumer_config consumer;
	const char *watch;               /* a group to be watched, never joined; NULL: none */
	enum join join;
	const char *note; /* a lasting remark for the head; NULL: none */
	bool storing;        /* each record is being stored for `store_ms`, where it is committed by itself */
	int64_t store_ms;
	bool read_only;   /* commands that commit are refused */
	int64_t timeout_ms;  /* the run fails when nothing could be assigned by then; 0: tries on for ever */
	int64_t interval_ms; /* between two askings; 0: 1000 */
};

/* CONFIG and what it points to are borrowed for the feed's life. */
struct feed *feed_kafka_new(const struct feed_kafka_config *config);

#endif
