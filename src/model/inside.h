/* SPDX-License-Identifier: MIT */
/* The inside of a model, for model.c, which feeds it, and answer.c, which reads it. */
#ifndef MODEL_INSIDE_H
#define MODEL_INSIDE_H

#include "model/groups.h"
#include "model/measure.h"
#include "model/order.h"
#include "model/partition.h"
#include "model/rates.h"
#include "model/tail.h"
#include "model/timeline.h"
#include "model/topics.h"
#include "model/trials.h"

struct model {
	struct partitions partitions;
	struct trials trials;
	struct rates rates;
	struct order order;
	struct measure *measure;
	struct order_key *key; /* of the record that model_record() was given; NULL none */
	struct tail *tail;
	struct timeline timeline;
	struct topics topics; /* of the cluster */
	struct groups groups;
	struct source_status status;     /* its partitions are not kept here */
	int64_t now;                     /* wall clock of the last call that told it, ms */
	struct series arrival, spark;    /* records as they came: for records/s, for the sparkline */
	uint32_t arrival_room[RATE_ROOM], spark_room[SPARK_POINTS + 1];
	int64_t records, repeated, undecodable, names_checked, not_kept;
	char last_undecodable[512]; /* empty: none */
};

/* What record timestamps are compared with: a recording's own time, else the wall clock. */
static inline int64_t
model_time(const struct model *m)
{
	return m->status.now >= 0 ? m->status.now : m->now;
}

static inline bool
model_grouped(const struct model *m)
{
	return m->status.group_state != GROUP_NONE;
}

#endif
