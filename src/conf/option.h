/* SPDX-License-Identifier: MIT */
/*
 * The options: one table with a row for each. Defaults, command line, help,
 * environment, configuration file, range checks, `exptop config`, man pages and
 * etc/exptop.conf all follow from the rows (the last two by test). Const, any
 * thread may read it. The values live in conf/options.h.
 */
#ifndef CONF_OPTION_H
#define CONF_OPTION_H

#include "base/buf.h"
#include "base/err.h"
#include "conf/verb.h"

enum option_id {
	/* Which cluster */
	OPT_BROKERS,
	OPT_AUTH,
	OPT_AUTH_PASSWORD_FILE,
	OPT_NO_SSL,
	OPT_PROPERTY,
	OPT_TIMEOUT,
	OPT_READ_ONLY,
	/* What is read */
	OPT_TOPIC,
	OPT_OFFSET_RESET,
	OPT_SEEK,
	OPT_FROM,
	OPT_TO,
	OPT_EXIT_AT_END,
	OPT_COUNT,
	OPT_SECONDS,
	OPT_PREFETCH_MB,
	/* Groups */
	OPT_GROUP,
	OPT_COMMIT,
	OPT_STORE_DELAY,
	OPT_STORE,
	OPT_JOIN,
	OPT_WATCH,
	OPT_DRY_RUN,
	/* The demo and recordings */
	OPT_DEMO,
	OPT_LOAD,
	OPT_REPLAY,
	OPT_SPEED,
	OPT_INDEX_MB,
	OPT_BY_KEY,
	OPT_OUTPUT,
	OPT_FORCE,
	OPT_ARRIVAL,
	OPT_LOG,
	OPT_CHARTS,
	/* What is produced */
	OPT_PRODUCER_CONNECTION,
	OPT_PLAN,
	/* The screen */
	OPT_INTERVAL,
	OPT_TEXT,
	OPT_ASCII,
	OPT_NO_COLOR,
	OPT_MAX_EXPERIMENTS,
	OPT_MAX_MEMORY,
	OPT_SCRIPT,
	/* Printing */
	OPT_FORMAT,
	OPT_SUMMARY,
	OPT_CHECK_NAMES,
	OPT_JSON,
	/* Producing */
	OPT_KEY,
	OPT_KEY_INCREMENT,
	OPT_KEY_DELIM,
	OPT_TOMBSTONES,
	OPT_HEADER,
	OPT_CREATE,
	OPT_PARTITIONS,
	OPT_REPLICATION,
	/* What experiment-producer runs */
	OPT_CONFIG_FILE,
	OPT_NUM_SENSORS,
	OPT_SAMPLE_RATE,
	OPT_STABILIZATION_SAMPLES,
	OPT_CARRY_OUT_SAMPLES,
	OPT_START_TEMPERATURE,
	OPT_LOWER_THRESHOLD,
	OPT_UPPER_THRESHOLD,
	OPT_SECRET_KEY,
	OPT_SECRET_KEY_FILE,
	OPT_SEED,
	/* How it sends that */
	OPT_TOPIC_DOCUMENT,
	OPT_ACKS,
	OPT_MAX_RATE,
	OPT_TIME_SCALE,
	OPT_TERMINATE_ON_EXIT,
	/* What it lets others see of it */
	OPT_METRICS,
	OPT_FILE_SUBSCRIBER,
	OPT_LOG_LEVEL,
	OPT_STRICT_LOG,
	/* The program */
	OPT_CONFIG,
	OPT_LOG_FILE,
	OPT_VERBOSE,
	OPT_QUIET,
	OPT_HELP,
	OPT_VERSION,
	OPTION_COUNT
};

enum option_section {
	SECTION_CLUSTER,
	SECTION_READING,
	SECTION_GROUP,
	SECTION_SOURCE,
	SECTION_PRODUCTION,
	SECTION_SCREEN,
	SECTION_PRINT,
	SECTION_PRODUCE,
	SECTION_EXPERIMENT,
	SECTION_SENDING,
	SECTION_WITNESS,
	SECTION_PROGRAM,
	SECTION_COUNT
};

enum option_type {
	TYPE_FLAG,   /* true or false; on the command line its name alone is true */
	TYPE_TEXT,
	TYPE_PATH,   /* in a file: relative to the folder of that file */
	TYPE_INTEGER,
	TYPE_NUMBER, /* a fraction is allowed */
	TYPE_CHOICE, /* one of `choices` */
	TYPE_LIST,   /* texts; a better source replaces the whole list */
	TYPE_PAIRS   /* NAME=VALUE texts; all sources add to it, later ones win */
};

enum option_flag {
	NOT_IN_FILE = 1, /* only what is asked for on the spot */
	NOT_IN_ENVIRONMENT = 2,
	MAY_BE_EMPTY = 4, /* a text */
	ONLY_ARGUMENT = NOT_IN_FILE | NOT_IN_ENVIRONMENT
};

enum { OPTION_VARIANTS = 4 };

struct option {
	const char *name;
	char letter;          /* 0: none */
	const char *metavar;  /* NULL for flags; for choices they themselves stand there */
	enum option_type type;
	const char *fallback; /* the default as text; NULL: none */
	const char *unset;    /* what having no default means, in words; NULL: says nothing */
	const char *choices;  /* "latest|earliest": in the order of the enum they stand for */
	double least, most;   /* of integers and numbers, both included */
	unsigned verbs;       /* VERB_BITs */
	unsigned flags;
	enum option_section section;
	const char *help;     /* a sentence without capital and full stop; says nothing of the default */
	const char *example;  /* a value for etc/exptop.conf where there is no default */

	/* The same name with another meaning for some verbs; those behind the last have none. */
	struct option_variant {
		unsigned verbs;
		const char *metavar, *help;
	} variants[OPTION_VARIANTS];
};

const struct option *option_row(enum option_id id);
const char *option_section_title(enum option_section section);

/* By long name or letter, whatever verb it belongs to; false when there is none. */
bool option_find(struct slice name, enum option_id *id);
bool option_find_letter(char letter, enum option_id *id);
bool option_applies(enum option_id id, enum verb verb);

/* Metavar and help as VERB understands the option; differs: it has its own. */
bool option_differs(enum option_id id, enum verb verb);
const char *option_metavar(enum option_id id, enum verb verb);
const char *option_help(enum option_id id, enum verb verb);

/* "EXPTOP_OFFSET_RESET" */
void option_environment_name(struct buf *out, enum option_id id);

/* Whether TEXT is a value for the option; the sentence says what was expected,
 * and does not name the option's place (--name, FILE:LINE): the caller does. */
bool option_check(enum option_id id, const char *text, struct err *err);

/* true|yes|on|1 and false|no|off|0 */
bool option_parse_flag(const char *text, bool *on);

/* The option name nearest to NAME; NULL when none is near enough to be meant. */
const char *option_nearest_name(struct slice name);

#endif
