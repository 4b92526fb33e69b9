/* SPDX-License-Identifier: MIT */
/*
 * A topic against its ground truth. Both are given as they come, side by side: the
 * log's items in the log's order, the topic's events in the order of arrival; match_log()
 * and match_event() may take turns in any way. What is compared and equal is forgotten
 * at once, but for the last MATCH_WINDOW samples of each experiment that runs and what
 * the last MATCH_DONE that have ended were, so that memory follows the experiments that
 * are open and how far one side is ahead, not the length of the log. Above `max_bytes`
 * the experiment that was silent longest is given up and counted as not compared; above
 * `max_experiments` one is forgotten.
 *
 * What is expected: each stage and each reading of the log is one record, with the same
 * value to the bit; averages fit their readings (model/rule.h); range events are those
 * that the rule gives; an experiment's records come in the order of the log, but those
 * of one sample in any, as the reference sends them at once. An experiment that has
 * not ended may lack its newest part on either side: that is counted, and no difference.
 *
 * Pure; one thread. A source of truth or of records is whoever calls: a log, a topic, a
 * recording, a database.
 */
#ifndef VERIFY_MATCH_H
#define VERIFY_MATCH_H

#include "codec/claim.h"
#include "verify/difference.h"
#include "verify/truthlog.h"

enum { MATCH_WINDOW = 32, MATCH_DONE = 1000, MATCH_EXPERIMENTS = 200000, MATCH_MIB = 256 };

struct match_config {
	size_t max_experiments; /* 0: MATCH_EXPERIMENTS */
	size_t max_bytes;       /* 0: MATCH_MIB */
	bool live;              /* match_finish() is far: an experiment is looked at as a whole when it has ended, and
				   one that is met in its middle is not compared */
	void (*differs)(void *ctx, const struct difference *d); /* as it is found; borrowed for the call */
	void *ctx;
};

struct match_totals {
	int64_t experiments, logged, received; /* in both, in the log, in the topic */
	int64_t records;                       /* of the topic: stages and readings */
	int64_t matched;                       /* of them, with the log */
	int64_t stages, readings, averages, events; /* of the log */
	int64_t averages_equal;                /* to ours to the bit; the others as far as the readings tell */
	int64_t differences[DIFFERENCES];
	int64_t running;                       /* experiments that have not ended */
	int64_t coming, unwritten;             /* records not in the topic yet, not in the log yet */
	int64_t uncompared;                    /* records and items of those given up */
};

struct match;

struct match *match_new(const struct match_config *config);
void match_free(struct match *m);

/* FILE lives as long as M. */
void match_log(struct match *m, const struct truthlog_item *item, const char *file);

/* A record of TOPIC (lives as long as M); CLAIM is of its hash, NULL: not looked at. */
void match_event(struct match *m, const struct event *e, const char *topic, const struct claim *claim);

/* No event comes any more: of what only the log has no more is kept than that it is there. */
void match_topic_over(struct match *m);

/* Found by the caller. */
void match_differs(struct match *m, const struct difference *d);

/* Both have ended: all that is left is looked at. The topic's end was TAKEN then and the logs were READ to
 * their end then, Unix seconds (INFINITY: long after): what was logged just before or after that may be under
 * way to the topic, and the other way round. */
void match_finish(struct match *m, double taken, double read);

/* As the experiment's configuration said; null: unknown. */
struct slice match_researcher(const struct match *m, struct slice experiment);

const struct match_totals *match_totals(const struct match *m);
int64_t match_waiting(const struct match *m); /* records that came before their item */
size_t match_bytes(const struct match *m);
int64_t match_differences(const struct match_totals *t);

#endif
