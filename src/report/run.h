/* SPDX-License-Identifier: MIT */
/*
 * What a run holds, gathered record by record for a report: the model behind the
 * screens, the measurement model, and what only a report asks for: the rate over
 * the whole run, and the range events and intervals of each experiment.
 *
 * Memory is bounded: by the model's limits, RUN_EVENTS range events and as many
 * intervals of all experiments together; further ones are counted. One thread.
 */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include "base/hashtable.h"
#include "model/history.h"
#include "model/measure.h"
#include "model/model.h"

enum { RUN_EVENTS = 100000 };

struct run_event {
	enum range_event event;
	int64_t time; /* the measurement's own, ms; -1 unknown */
	float average;
	bool overdue;
};

struct run_interval {
	int64_t start, end; /* ms */
	bool closed, met;
	float lowest, highest;
};

/* Of one experiment, in the order in which they were told. */
struct run_story {
	char id[MEASURE_EXPERIMENT_ID + 1];
	struct run_event *events;
	struct run_interval *intervals;
	size_t n_events, cap_events, n_intervals, cap_intervals;
	UT_hash_handle hh;
};

/* A partition, as its records show it. */
struct run_partition {
	uint64_t key;
	const char *topic; /* the source's */
	int32_t number;
	int64_t records, bytes, first_offset, last_offset, first_time, last_time; /* times: -1 none */
	int64_t undecodable;
	UT_hash_handle hh;
};

/* Must not move once it is used. */
struct run {
	struct model *model;
	struct measure *measure;
	struct history produced; /* records by their timestamps */
	struct history consumed; /* .. by when they came, where that is known */
	struct run_story *stories;
	struct run_partition *partitions; /* the first PARTITIONS_KEPT (model/partition.h) */
	struct run_partition other_partitions; /* all others together */
	int64_t records, repeated, bytes, undecodable, plain; /* plain: values that are no containers */
	int64_t first_time, last_time; /* record timestamps, ms; -1 none */
	int64_t bad_lines;
	int64_t under_way; /* measurements that were not complete when the run ended */
	bool no_bytes; /* the source does not know how long records are */
	bool cut; /* the source could not be read to its end */
	size_t kept_events, kept_intervals, more_events, more_intervals;
};

/* How a source tells what it has: each record, and, when that said true (it was not told
 * before), what it was decoded to. */
bool run_record(struct run *run, const struct record *r);
void run_event(struct run *run, const struct event *e);
void run_undecodable(struct run *run, const struct record *r, const char *reason);
void run_plain(struct run *run);

void run_init(struct run *run, const struct model_limits *limits);
void run_fini(struct run *run);

/* All was told: what is still under way is settled. */
void run_finish(struct run *run);

/* NULL: none was told of it. */
const struct run_story *run_story(const struct run *run, struct slice experiment);

/* By topic and number. */
void run_sort_partitions(struct run *run);

/* Offsets between the first and the last of P that are not there. */
int64_t run_missing(const struct run_partition *p);

#endif
