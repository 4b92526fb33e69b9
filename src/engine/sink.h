/* SPDX-License-Identifier: MIT */
/*
 * A sink: where the engine's records go (the monitor's model, consume's text).
 * All calls come from the engine thread.
 */
#ifndef ENGINE_SINK_H
#define ENGINE_SINK_H

#include "engine/command.h"
#include "model/news.h"
#include "model/record.h"
#include "model/view.h"

struct sink;
struct scrape;

/* What becomes of a record that is being stored, in this order. That it was not committed is
 * a sentence instead (`said`). */
enum storing { STORING_BEGINS, STORING_ENDS, STORING_COMMITTED };

/* Only `records` must be there; NULL is nothing to do. */
struct sink_ops {
	/* Apply R[0..n), in order; how many were applied (fewer: ERR says why, and the run ends). */
	size_t (*records)(struct sink *s, const struct record *r, size_t n, struct err *err);

	/* How many of the records given last count as records of the run (see engine_config.count); NULL: all. */
	size_t (*wanted)(const struct sink *s);
	void (*storing)(struct sink *s, enum storing what);
	void (*assignment)(struct sink *s, const struct assignment *a);
	void (*said)(struct sink *s, enum notice_level level, const char *sentence);
	void (*restarted)(struct sink *s);

	/* Topic TOPIC_NO was deleted and created again: records come from its beginning, at offsets given before. */
	void (*renewed)(struct sink *s, int topic_no);

	/* What the feed says of itself, before the first record and before each view. */
	void (*status)(struct sink *s, const struct source_status *status);

	/* What the feed learned of the whole cluster. */
	void (*learned)(struct sink *s, const struct news *news, int64_t wall_ms);

	/* Of a sink that keeps records and takes time over it (a store): what `records` took is applied only when
	 * `kept` gives it out. That is, of each partition the last record that is kept since the last call, CAP at
	 * most and only its place; with WAIT until all are, which waits for a disk. ERR filled: keeping failed, and
	 * the run ends. kept_fd is readable when there may be news; while `full`, no records are given. */
	size_t (*kept)(struct sink *s, bool wait, struct record *out, size_t cap, struct err *err);
	int (*kept_fd)(struct sink *s);
	bool (*full)(struct sink *s);

	/* What was seen of a producer; true: SAID is a sentence about it. */
	bool (*scraped)(struct sink *s, const struct scrape *scrape, struct err *said);

	/* Nothing more in the queue: write out what is buffered. */
	void (*idle)(struct sink *s, int64_t wall_ms);
	void (*view)(struct sink *s, struct view *view, int64_t wall_ms);
};

struct sink {
	const struct sink_ops *ops; /* first member of each sink's own struct */
};

#endif
