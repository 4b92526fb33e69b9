/* SPDX-License-Identifier: MIT */
/*
 * The model: everything the screens know about the topic, fed by the engine
 * thread, which alone holds it. Pure: no clock, no I/O, no locks; time comes in
 * as `now` (wall clock, ms). Memory is bounded by the limits: above
 * max_experiments the longest silent fold into "others".
 *
 * For each record taken: model_record() once, then model_apply() for each event
 * the codec found in it, or model_undecodable().
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/event.h"
#include "model/news.h"
#include "model/record.h"
#include "model/status.h"
#include "model/view.h"

struct model;

struct model_limits {
	size_t max_experiments; /* 0: 200,000 */
	size_t curves;          /* experiments with a full curve, 0: 1,000 */
	size_t tail_bytes;      /* 0: 16 MiB */
};

struct model *model_new(const struct model_limits *limits);
void model_free(struct model *m);

/* A new view of the topic begins (a seek back): totals, experiments' counts and
 * the tail are as at the start. What partitions stand at stays. */
void model_restart(struct model *m);

/* Topic TOPIC_NO is another one of that name: records at offsets that were counted before are no repeated ones. */
void model_renewed(struct model *m, int topic_no);

/* Count R: totals, arrival and partition rates. False: this (topic, partition,
 * offset) was counted before; it is `repeated`, and must not be applied again. */
bool model_record(struct model *m, const struct record *r, int64_t now);
void model_apply(struct model *m, const struct event *e);
/* The hash of the event E, of the record counted last, was opened and is tampered or malformed. */
void model_tampered(struct model *m, const struct event *e);

/* EXPERIMENT is unlike its ground truth, with the record at OFFSET (-1: without one). */
void model_not_true(struct model *m, struct slice experiment, int32_t partition, int64_t offset);

/* The researcher that the experiment's configuration named; null unknown. */
struct slice model_researcher(const struct model *m, struct slice experiment);
void model_undecodable(struct model *m, const struct record *r, const char *reason);

/* Copy R into the tail (bytes, key, headers, TEXT); NAME is what it was decoded as. */
void model_keep(struct model *m, const struct record *r, struct slice name, bool undecodable,
	   struct slice text);
void model_not_kept(struct model *m, int64_t records);
void model_name_checked(struct model *m);

void model_assignment(struct model *m, const struct assignment *a);
/* What the source learned of the whole cluster at NOW. */
void model_learn(struct model *m, const struct news *news, int64_t now);
void model_status(struct model *m, const struct source_status *status); /* copied */

/* Let time pass: rates and sparklines step on their 5 s grid. */
void model_tick(struct model *m, int64_t now);

/* Answer view->query. An experiment that is opened keeps its full curve from then on.
 *
 * Left to the engine, before it hands the view on: what the user named (cluster,
 * topics, group, watch) in the head; and on the record screens what only the codec
 * can tell: `text` from a row's `value` (which it then sets to null), `fields`,
 * `schema` and its like from the detail's `bytes`. */
void model_view(struct model *m, struct view *view, int64_t now);

#endif
