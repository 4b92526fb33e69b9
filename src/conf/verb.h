/* SPDX-License-Identifier: MIT */
/*
 * The verbs: what the first argument may be, and what help says about each; and
 * experiment-producer, a program that shares the options but no first argument
 * of exptop's. A const table; any thread may read it.
 */
#ifndef CONF_VERB_H
#define CONF_VERB_H

#include "base/slice.h"

enum verb {
	VERB_MONITOR,
	VERB_CONSUME,
	VERB_PRODUCE,
	VERB_TOPICS,
	VERB_GROUPS,
	VERB_BROKER,
	VERB_PLAN,
	VERB_RATE,
	VERB_RECORD,
	VERB_REPLAY,
	VERB_REPORT,
	VERB_VERIFY,
	VERB_CONFIG,
	VERB_EXPERIMENT_PRODUCER,
	VERB_COUNT
};

enum { VERB_PARAGRAPHS = 4 };

/* A set of verbs: what an option applies to. */
#define VERB_BIT(verb) (1u << (verb))

struct verb_row {
	const char *name;
	const char *summary;   /* half a line, no full stop */
	const char *arguments; /* what stands behind the options in the usage line; NULL: it takes none */
	bool takes_words;      /* plain arguments are the verb's own words ("create NAME"), not topics */
	bool is_program;       /* called by its own name, not as exptop NAME */
	const char *about[VERB_PARAGRAPHS]; /* of the help; NULL behind the last */
};

const struct verb_row *verb_row(enum verb verb);

/* The verb of exptop that is called NAME; false when none is. */
bool verb_find(struct slice name, enum verb *verb);

#endif
