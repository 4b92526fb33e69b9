/* SPDX-License-Identifier: MIT */
#include "report/run.h"

#include "base/alloc.h"
#include "model/partition.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct run_story *
find_story(const struct run *run, struct slice experiment)
{
	struct run_story *story;

	HASH_FIND(hh, run->stories, experiment.p, experiment.n, story);
	return story;
}

const struct run_story *
run_story(const struct run *run, struct slice experiment)
{
	return experiment.n ? find_story(run, experiment) : NULL;
}

static struct run_story *
story_of(struct run *run, struct slice experiment)
{
	struct run_story *story = find_story(run, experiment);

	if (story)
		return story;
	story = xcalloc(1, sizeof(*story));
	memcpy(story->id, experiment.p, experiment.n); /* by ident(): it is no longer */
	HASH_ADD_KEYPTR(hh, run->stories, story->id, experiment.n, story);
	return story;
}

static void
on_settled(void *ctx, const struct measurement *m)
{
	struct run *run = ctx;
	struct run_story *story;

	if (m->event != RANGE_STABILIZED && m->event != RANGE_OUT)
		return;
	if (run->kept_events == RUN_EVENTS) {
		run->more_events++;
		return;
	}
	run->kept_events++;
	story = story_of(run, m->experiment);
	if (story->n_events == story->cap_events) {
		story->cap_events = story->cap_events * 2 + 4;
		story->events = xreallocarray(story->events, story->cap_events, sizeof(*story->events));
	}
	story->events[story->n_events++] = (struct run_event){m->event, units_ms(m->time), m->average, m->overdue};
}

/* The interval that I is a later state of, or room for it; NULL: there is none left. */
static struct run_interval *
interval_of(struct run *run, const struct interval *i)
{
	struct run_story *story = story_of(run, i->experiment);
	struct run_interval *last = story->n_intervals ? &story->intervals[story->n_intervals - 1] : NULL;

	if (last && last->start == units_ms(i->start))
		return last;
	if (run->kept_intervals == RUN_EVENTS) {
		run->more_intervals += i->samples == 1 && !i->closed;
		return NULL;
	}
	run->kept_intervals++;
	if (story->n_intervals == story->cap_intervals) {
		story->cap_intervals = story->cap_intervals * 2 + 4;
		story->intervals = xreallocarray(story->intervals, story->cap_intervals, sizeof(*story->intervals));
	}
	return &story->intervals[story->n_intervals++];
}

static void
on_interval(void *ctx, const struct interval *i)
{
	struct run_interval *kept = interval_of(ctx, i);

	if (kept)
		*kept = (struct run_interval){
			.start = units_ms(i->start), .end = units_ms(i->end), .closed = i->closed, .met = i->met,
			.lowest = i->lowest, .highest = i->highest,
		};
}

void
run_init(struct run *run, const struct model_limits *limits)
{
	const struct measure_limits measured = {.experiments = limits->max_experiments};
	const struct measure_listener listener = {.settled = on_settled, .interval = on_interval, .ctx = run};

	*run = (struct run){.first_time = -1, .last_time = -1};
	run->model = model_new(limits);
	run->measure = measure_new(&measured, &listener);
	model_status(run->model, &(struct source_status){.link = LINK_OFFLINE, .generation = -1, .now = 0});
}

void
run_fini(struct run *run)
{
	struct run_story *story, *next_story;
	struct run_partition *p, *next_partition;

	HASH_ITER (hh, run->stories, story, next_story) {
		HASH_DEL(run->stories, story);
		free(story->events);
		free(story->intervals);
		free(story);
	}
	HASH_ITER (hh, run->partitions, p, next_partition) {
		HASH_DEL(run->partitions, p);
		free(p);
	}
	model_free(run->model);
	measure_free(run->measure);
}

static struct run_partition *
partition_of(struct run *run, const struct record *r)
{
	uint64_t key = (uint64_t)(uint32_t)r->topic_no << 32 | (uint32_t)r->partition;
	struct run_partition *p;

	HASH_FIND(hh, run->partitions, &key, sizeof(key), p);
	if (p)
		return p;
	if (HASH_COUNT(run->partitions) == PARTITIONS_KEPT)
		return &run->other_partitions;
	p = xcalloc(1, sizeof(*p));
	*p = (struct run_partition){
		.key = key, .topic = r->topic, .number = r->partition, .first_offset = r->offset,
		.last_offset = r->offset, .first_time = -1, .last_time = -1,
	};
	HASH_ADD(hh, run->partitions, key, sizeof(p->key), p);
	return p;
}

/* FIRST..LAST reaches over TIME. */
static void
extend(int64_t *first, int64_t *last, int64_t time)
{
	if (time < 0)
		return;
	if (*first < 0 || time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

bool
run_record(struct run *run, const struct record *r)
{
	struct run_partition *p = partition_of(run, r);
	int64_t time = r->timestamp < LAST_MS ? r->timestamp : LAST_MS;

	extend(&run->first_time, &run->last_time, time);
	if (!model_record(run->model, r, run->last_time)) {
		run->repeated++;
		return false;
	}
	run->records++;
	run->bytes += (int64_t)(r->key.n + r->value.n);
	history_add(&run->produced, time);
	if (r->arrived > 0)
		history_add(&run->consumed, r->arrived < LAST_MS ? r->arrived : LAST_MS);
	p->records++;
	p->bytes += (int64_t)(r->key.n + r->value.n);
	if (r->offset < p->first_offset)
		p->first_offset = r->offset;
	if (r->offset > p->last_offset)
		p->last_offset = r->offset;
	extend(&p->first_time, &p->last_time, time);
	return true;
}

void
run_event(struct run *run, const struct event *e)
{
	model_apply(run->model, e);
	measure_apply(run->measure, e);
}

void
run_undecodable(struct run *run, const struct record *r, const char *reason)
{
	run->undecodable++;
	partition_of(run, r)->undecodable++;
	model_undecodable(run->model, r, reason);
}

void
run_plain(struct run *run)
{
	run->plain++;
}

void
run_finish(struct run *run)
{
	int64_t incomplete = measure_sums(run->measure)->incomplete;

	measure_finish(run->measure);
	run->under_way = measure_sums(run->measure)->incomplete - incomplete;
}

static int
by_topic(const struct run_partition *a, const struct run_partition *b)
{
	int topics = strcmp(a->topic, b->topic);

	return topics ? topics : (a->number > b->number) - (a->number < b->number);
}

void
run_sort_partitions(struct run *run)
{
	HASH_SORT(run->partitions, by_topic);
}

int64_t
run_missing(const struct run_partition *p)
{
	return p->last_offset - p->first_offset + 1 - p->records;
}
