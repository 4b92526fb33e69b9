/* SPDX-License-Identifier: MIT */
/*
 * The engine: one thread that takes batches from its feed, gives them to its
 * sink and answers the user's commands and view queries. It alone touches the
 * feed and the sink; it waits for nothing but its mailbox, the feed's fd and
 * the next deadline, and where records are kept for the disk: behind each
 * record in commit mode each, before a seek or a revoke, and at the end. What
 * it has to tell comes as letters: engine_take().
 *
 * Every function here is for the thread that made the engine.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/command.h"
#include "engine/feed.h"
#include "engine/sink.h"

struct engine;
struct mailbox;

struct engine_config {
	struct feed *feed; /* swallowed: freed by engine_free */
	struct sink *sink; /* borrowed */
	struct sink *keep; /* borrowed: one that keeps the records beside it (`kept`); NULL: none */
	struct mailbox *scrapes; /* of a scraper, its letters are read for the sink; borrowed, NULL: none */
	int64_t count;     /* end after that many records; -1: no end */
	int64_t run_ms;    /* end after that many milliseconds; -1: no end */
	size_t batch;      /* records a round at most, 0: 1,000 */
};

enum engine_letter_kind {
	ENGINE_VIEW,     /* the view lent by engine_ask, filled */
	ENGINE_NOTICE,   /* a sentence for the status line */
	ENGINE_FRESH,    /* what the last view showed of the whole cluster has news: another is worth asking for */
	ENGINE_QUESTION, /* text to be answered with COMMAND_ANSWER */
	ENGINE_ENDED     /* the feed ended or failed, or count or time were reached; no record follows */
};

struct engine_letter {
	enum engine_letter_kind kind;
	struct view *view; /* ENGINE_VIEW */
	enum notice_level level;
	bool failed; /* ENGINE_ENDED: text says why */
	char text[ERR_TEXT];
};

struct engine *engine_new(const struct engine_config *config);

/* Start the thread, with all signals blocked in it. */
void engine_start(struct engine *e);

/* Readable while engine_take() has something. */
int engine_fd(const struct engine *e);

/* The next letter, NULL when there is none; freed with free() (its view is the caller's again). */
struct engine_letter *engine_take(struct engine *e);

/* Lend VIEW until it comes back in ENGINE_VIEW; one may be out at a time. */
void engine_ask(struct engine *e, struct view *view);
void engine_command(struct engine *e, const struct command *c);

/* Ask it to leave: commit what is stored, leave the group, end the thread. */
void engine_stop(struct engine *e);

/* True when the thread has ended within TIMEOUT_MS. */
bool engine_wait(struct engine *e, int timeout_ms);

/* Only after engine_wait was true; otherwise the program ends by _exit without it. False
 * when a library's threads go on: it ends by _exit, too. */
bool engine_free(struct engine *e);

#endif
