/* SPDX-License-Identifier: MIT */
/*
 * Topic against ground truth, as it runs: the events of the topic are handed in, the
 * logs are read beside them (up to the time that the topic has come to, so that neither
 * side is far ahead), the hashes opened, and all of it matched (verify/match.h). One thread.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "verify/logs.h"
#include "verify/match.h"

struct verify_config {
	const struct strings *logs; /* files */
	const char *secret_key;     /* NULL: hashes are not looked at */
	int64_t burst;              /* lines that are read at once at most; 0: no limit */
	struct match_config match;
};

struct verify;

struct verify *verify_new(const struct verify_config *config, struct err *err); /* NULL with a sentence */
void verify_free(struct verify *v);

/* A record's event; and a record that could not be decoded. TOPIC lives as long as V. */
void verify_event(struct verify *v, const struct event *e, const char *topic);
void verify_undecodable(struct verify *v, const char *topic, int32_t partition, int64_t offset, const char *why);

/* Read the logs up to where the topic is; ALL: to their ends, no event comes any more. False with a sentence:
 * a log cannot be read. */
bool verify_read_logs(struct verify *v, bool all, struct err *err);

/* See match_finish(). */
bool verify_finish(struct verify *v, double taken, double read, struct err *err);

const struct match_totals *verify_totals(const struct verify *v);
void verify_hashes(const struct verify *v, int64_t counts[CLAIM_ANSWERS]);
int64_t verify_waiting(const struct verify *v); /* records whose line was not read yet */
bool verify_waits(const struct verify *v);      /* records are not logged yet, or a line has no end */
int64_t verify_lines(const struct verify *v);   /* of the logs, so far */
double verify_topic_time(const struct verify *v), verify_log_time(const struct verify *v); /* Unix s; NaN none */

#endif
