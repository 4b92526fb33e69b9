/* SPDX-License-Identifier: MIT */
/*
 * A feed: where records come from (Kafka, a recording), as the engine sees it.
 * All calls are made by the engine thread, none of them waits, except start
 * (may read files), and applied and stored in commit mode `each` (one synchronous commit).
 *
 * The engine's round: take a batch, give it to its sink, say how much of it was
 * applied, release it. Whatever else the feed has to tell goes to the listener,
 * from inside take, command and tick.
 */
#ifndef ENGINE_FEED_H
#define ENGINE_FEED_H

#include "engine/command.h"
#include "model/news.h"
#include "model/record.h"
#include "model/status.h"
#include "model/view.h"

struct feed;

struct feed_listener {
	void (*assignment)(void *ctx, const struct assignment *a);

	/* A sentence for the user; it also stands in the log. */
	void (*said)(void *ctx, enum notice_level level, const char *sentence);

	/* The view of the topic starts anew: a seek back was made. */
	void (*restarted)(void *ctx);

	/* No way to go on: the sentence ends the run. */
	void (*failed)(void *ctx, const char *sentence);

	/* A question only the user can answer (join a group with members of other
	 * programs); answered by COMMAND_ANSWER. */
	void (*asked)(void *ctx, const char *question);

	/* What a survey of the whole cluster found, borrowed for the call. */
	void (*learned)(void *ctx, const struct news *news);

	/* Partitions are about to be taken away: the last chance for `applied`. */
	void (*leaving)(void *ctx);

	/* A topic was deleted and created again: the offsets read of it before mean nothing any more. */
	void (*renewed)(void *ctx, int topic_no);
	void *ctx;
};

struct feed_ops {
	bool (*start)(struct feed *f, const struct feed_listener *l, struct err *err);
	int (*fd)(struct feed *f); /* readable when take may find something; -1: never */

	/* Up to CAP records, borrowed until release; 0: nothing now. */
	size_t (*take)(struct feed *f, struct record *out, size_t cap);

	/* R[0..n) were applied, in order: the batch in hand, or what a sink that keeps records says later, of each
	 * run of a partition's records the last. */
	void (*applied)(struct feed *f, const struct record *r, size_t n);
	void (*release)(struct feed *f);

	/* How long the batch in hand is being stored after it went through the sink, ms; -1, or
	 * no function: not at all. If it is, stored comes instead of applied when the time is
	 * over; until release, take looks after the source but gives nothing. */
	int64_t (*hold)(struct feed *f);
	enum commit_result (*stored)(struct feed *f, const struct record *r, size_t n, struct err *why);

	/* A record is to be applied before the next is taken (commit mode `each`); no function: never. */
	bool (*one_by_one)(struct feed *f);

	/* Timers: called when `due` (mono ms, INT64_MAX never) has come, and after each batch. */
	int64_t (*due)(struct feed *f);
	void (*tick)(struct feed *f, int64_t mono_ms);
	void (*command)(struct feed *f, const struct command *c);
	void (*status)(struct feed *f, struct source_status *out);

	/* VIEW was just filled for the user: what it shows of the whole cluster may be asked
	 * anew, and nothing else. NULL: the feed knows nothing of that. */
	void (*looked_at)(struct feed *f, const struct view *view, int64_t mono_ms);

	/* True when nothing more will come: the recording's end, or the end offsets of -e. */
	bool (*ended)(struct feed *f);

	/* Commit what is stored, leave the group. May take long when brokers are frozen:
	 * the main thread holds the deadline. */
	void (*stop)(struct feed *f);

	/* False when threads of a library could not be ended: the program ends by _exit. */
	bool (*free)(struct feed *f);
};

struct feed {
	const struct feed_ops *ops; /* first member of each feed's own struct */
};

#endif
