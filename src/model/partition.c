/* SPDX-License-Identifier: MIT */
#include "model/partition.h"

#include "base/alloc.h"
#include "model/lag.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STALLED_MS = 10000 };

static void
forget_status(struct partition *p)
{
	p->status = (struct partition_status){
		.topic = p->status.topic, .topic_no = p->key.topic_no, .partition = p->key.number, .position = -1,
		.stored = -1, .committed = -1, .low = -1, .end = -1,
		.committed_end = -1, .watch_committed = -1, .watch_end = -1, .again = -1,
	};
	p->listed = false;
}

static void
restart(struct partition *p)
{
	p->highest = INT64_MIN;
	p->n_holes = 0;
	p->records = p->experiments = 0;
	p->newest = p->arrived = -1;
	series_clear(&p->rate);
}

static struct partition *
add(struct partitions *set, struct partition_key key, const char *topic)
{
	struct partition *p;

	if (set->n == PARTITIONS_KEPT)
		return NULL;
	p = xcalloc(1, sizeof(*p));
	p->key = key;
	p->status.topic = topic;
	series_init(&p->rate, p->rate_room, RATE_ROOM, RATE_GRID_MS);
	forget_status(p);
	restart(p);
	HASH_ADD(hh, set->by_key, key, sizeof(key), p);
	if (set->n == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 16;
		set->all = xreallocarray(set->all, set->cap, sizeof(struct partition *));
	}
	p->index = set->n;
	set->all[set->n++] = p;
	return p;
}

struct partition *
partitions_known(struct partitions *set, int topic_no, int32_t number)
{
	struct partition_key key = {topic_no, number};
	struct partition *p = set->last;

	if (p && p->key.topic_no == topic_no && p->key.number == number)
		return p;
	HASH_FIND(hh, set->by_key, &key, sizeof(key), p);
	if (p)
		set->last = p;
	return p;
}

struct partition *
partitions_of(struct partitions *set, int topic_no, const char *topic, int32_t number)
{
	struct partition *p = partitions_known(set, topic_no, number);

	return p ? p : add(set, (struct partition_key){topic_no, number}, topic);
}

struct partition *
partitions_named(const struct partitions *set, struct slice topic, int32_t number)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->all[i]->key.number == number && slice_is(topic, set->all[i]->status.topic))
			return set->all[i];
	return NULL;
}

void
partitions_fini(struct partitions *set)
{
	HASH_CLEAR(hh, set->by_key);
	for (size_t i = 0; i < set->n; i++)
		free(set->all[i]);
	free(set->all);
	*set = (struct partitions){0};
}

void
partitions_status(struct partitions *set, const struct source_status *status)
{
	for (size_t i = 0; i < set->n; i++)
		set->all[i]->listed = false;
	for (size_t i = 0; i < status->n_partitions; i++) {
		const struct partition_status *from = &status->partitions[i];
		struct partition *p = partitions_of(set, from->topic_no, from->topic, from->partition);

		if (!p)
			continue;
		p->status = *from;
		p->listed = true;
	}
	for (size_t i = 0; i < set->n; i++)
		if (!set->all[i]->listed)
			forget_status(set->all[i]);
}

void
partitions_restart(struct partitions *set)
{
	for (size_t i = 0; i < set->n; i++)
		restart(set->all[i]);
}

void
partitions_renewed(struct partitions *set, int topic_no)
{
	for (size_t i = 0; i < set->n; i++) {
		struct partition *p = set->all[i];

		if (p->key.topic_no != topic_no)
			continue;
		p->highest = INT64_MIN;
		p->n_holes = 0;
		p->newest = -1;
	}
}

/* Where another hole goes; NULL when none would be larger than LENGTH. */
static struct hole *
hole_place(struct partition *p, int64_t length)
{
	struct hole *smallest = &p->holes[0];

	if (p->n_holes < HOLES_KEPT)
		return &p->holes[p->n_holes++];
	for (size_t i = 1; i < p->n_holes; i++)
		if (p->holes[i].to - p->holes[i].from < smallest->to - smallest->from)
			smallest = &p->holes[i];
	return length > smallest->to - smallest->from ? smallest : NULL;
}

static void
hole_add(struct partition *p, int64_t from, int64_t to)
{
	struct hole *hole = from <= to ? hole_place(p, to - from) : NULL;

	if (hole)
		*hole = (struct hole){from, to};
}

/* OFFSET is counted now; false: it lies in no hole, so it was counted before. */
static bool
hole_fill(struct partition *p, int64_t offset)
{
	struct hole *hole = p->holes, was;

	while (hole < p->holes + p->n_holes && (offset < hole->from || offset > hole->to))
		hole++;
	if (hole == p->holes + p->n_holes)
		return false;
	was = *hole;
	*hole = p->holes[--p->n_holes];
	hole_add(p, was.from, offset - 1);
	hole_add(p, offset + 1, was.to);
	return true;
}

/* Whether OFFSET is counted for the first time. */
static bool
is_fresh(struct partition *p, int64_t offset)
{
	if (offset <= p->highest)
		return hole_fill(p, offset);
	if (offset != p->highest + 1)
		hole_add(p, p->highest < 0 ? 0 : p->highest + 1, offset - 1);
	p->highest = offset;
	return true;
}

bool
partition_count(struct partition *p, const struct record *r, int64_t time, int64_t now)
{
	if (!is_fresh(p, r->offset))
		return false;
	p->records++;
	p->arrived = now;
	if (time > p->newest)
		p->newest = time;
	series_add(&p->rate, time, 1);
	return true;
}

double
partition_order(const struct partition *p)
{
	return (double)p->key.topic_no * 4294967296.0 + p->key.number;
}

int64_t
partition_now(const struct partition *p, int64_t now)
{
	bool behind = p->status.position >= 0 && p->status.position < p->status.end;
	bool moving = p->arrived >= 0 && now - p->arrived < STALLED_MS;

	return behind && moving && p->newest >= 0 && p->newest < now ? p->newest : now;
}

bool
partition_revoked(const struct partition *p)
{
	return p->listed && !p->status.assigned && p->records > 0;
}

/* The end that belongs to what our group committed: our own commits are known at once, as the end that we read
 * to; of what others own both are what was asked at one moment. */
static int64_t
committed_end(const struct partition *p)
{
	return p->status.assigned ? p->status.end : p->status.committed_end;
}

int64_t
partition_lag(const struct partition *p, bool grouped)
{
	return grouped ? lag_of(p->status.committed, committed_end(p)) : lag_of(p->status.position, p->status.end);
}

static int64_t
watch_lag(const struct partition *p)
{
	return lag_of(p->status.watch_committed, p->status.watch_end);
}

static void
tell_beyond(const struct partition *p, bool grouped, struct partition_row *row)
{
	const struct partition_status *s = &p->status;
	bool ours = grouped && lag_beyond(s->committed, committed_end(p));

	if (row->status.problem[0] || (!ours && !lag_beyond(s->watch_committed, s->watch_end)))
		return;
	snprintf(row->status.problem, sizeof(row->status.problem), "%s %lld is beyond the end %lld",
		 ours ? "committed" : "the watched group's commit",
		 (long long)(ours ? s->committed : s->watch_committed),
		 (long long)(ours ? committed_end(p) : s->watch_end));
}

void
partition_row(const struct partition *p, bool grouped, int64_t records, int64_t now, struct partition_row *row)
{
	*row = (struct partition_row){
		.topic = slice_str(p->status.topic),
		.status = p->status,
		.lag = partition_lag(p, grouped),
		.watch_lag = watch_lag(p),
		.rate = series_rate(&p->rate, partition_now(p, now), RATE_WINDOW),
		.share = records > 0 ? (double)p->records / (double)records : NAN,
		.records = p->records,
		.experiments = p->experiments,
	};
	tell_beyond(p, grouped, row);
	if (p->status.assigned)
		row->owner = slice_str("this exptop");
	else if (p->status.watch_member[0])
		row->owner = slice_str(p->status.watch_member);
}

/* Nothing is there to be read, so nothing has to be committed. */
static bool
is_untouched(const struct partition *p, int64_t next)
{
	return next < 0 && p->status.low >= 0 && p->status.low == p->status.end;
}

/* What a group committed of P, and its LAG there, of the same moment. */
static void
add_committed(struct committed_sums *sums, const struct partition *p, int64_t committed, int64_t lag)
{
	if (committed >= 0) {
		sums->partitions++;
		sums->committed += committed;
		lag_add(&sums->lag, lag);
	} else if (!is_untouched(p, committed)) {
		sums->without++;
	}
}

/* Where something can be read and nothing of it was committed, nobody knows. */
static void
end_sums(struct committed_sums *sums)
{
	if (sums->partitions == 0)
		sums->committed = -1;
	if (sums->partitions == 0 && sums->without > 0)
		sums->lag = -1;
}

static void
add_ours(struct partition_sums *out, const struct partition *p, bool grouped)
{
	int64_t position = p->status.position;

	out->assigned++;
	lag_add(&out->again, is_untouched(p, p->status.again) ? 0 : p->status.again);
	if (grouped)
		add_committed(&out->ours, p, p->status.committed, partition_lag(p, true));
	else
		lag_add(&out->ours.lag, is_untouched(p, position) ? 0 : partition_lag(p, false));
}

void
partitions_sum(const struct partitions *set, bool grouped, struct partition_sums *out)
{
	*out = (struct partition_sums){0};
	for (size_t i = 0; i < set->n; i++) {
		const struct partition *p = set->all[i];

		lag_add(&out->there, lag_of(p->status.low, p->status.end));
		add_committed(&out->watched, p, p->status.watch_committed, watch_lag(p));
		if (p->status.assigned)
			add_ours(out, p, grouped);
	}
	end_sums(&out->watched);
	end_sums(&out->ours);
	if (set->n == 0)
		out->there = out->watched.lag = -1;
	if (out->assigned == 0)
		out->ours.lag = out->again = -1;
}
