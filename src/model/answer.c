/* SPDX-License-Identifier: MIT */
#include "model/answer.h"

#include "model/window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What the callbacks of a window read. */
struct asked {
	struct model *model;
	int64_t time;
};

static double
known(int64_t n)
{
	return n < 0 ? NAN : (double)n;
}

static struct asked
asked_of(struct model *m, const struct view *view)
{
	return (struct asked){m, view->now};
}

/* Experiments */

static int64_t
trial_time(const struct trial *t, int64_t now)
{
	return t->home ? partition_now(t->home, now) : now;
}

static bool
trial_holds(void *ctx, size_t i, const char *text)
{
	const struct trial *t = ((struct asked *)ctx)->model->trials.all[i];

	return window_text_holds(t->id, text) || window_text_holds(t->researcher, text) ||
	       window_text_holds(slice_str(stage_name(t->stage)), text);
}

static struct window_key
trial_key(void *ctx, size_t i, enum sort_key sort)
{
	struct asked *a = ctx;
	const struct trial *t = a->model->trials.all[i];

	switch (sort) {
	case SORT_ID:
		return window_text_key(t->id);
	case SORT_RESEARCHER:
		return window_text_key(t->researcher);
	case SORT_STAGE:
		return (struct window_key){.number = t->stage == STAGE_UNKNOWN ? NAN : t->stage};
	case SORT_SENSORS:
		return (struct window_key){.number = (double)t->sensors_seen};
	case SORT_TEMPERATURE:
		return (struct window_key){.number = t->average};
	case SORT_RATE:
		return (struct window_key){.number = trial_rate(t, trial_time(t, a->time))};
	case SORT_EVENTS:
		return (struct window_key){.number = (double)trial_events(t)};
	case SORT_AGE:
		return (struct window_key){.number = t->last < 0 ? NAN : -(double)t->last};
	case SORT_PARTITION:
		return (struct window_key){.number = t->home ? partition_order(t->home) : NAN};
	default:
		return (struct window_key){.number = (double)t->number};
	}
}

static int64_t
trial_locate(void *ctx, const char *selected)
{
	const struct trial *t = trials_find(&((struct asked *)ctx)->model->trials, slice_str(selected));

	return t ? (int64_t)t->index : -1;
}

static void
copy_row(struct view *view, const struct trial *t, struct experiment_row *row)
{
	trial_row(t, trial_time(t, view->now), row);
	row->id = arena_copy(&view->arena, row->id);
	row->researcher = arena_copy(&view->arena, row->researcher);
}

static void
answer_experiments(struct model *m, struct view *view, const struct window *w)
{
	view->experiments = arena_alloc(&view->arena, w->n * sizeof(*view->experiments));
	for (size_t i = 0; i < w->n; i++)
		copy_row(view, m->trials.all[w->rows[i]], &view->experiments[i]);
}

static void
answer_experiment(struct model *m, struct view *view)
{
	struct trial *t = trials_find(&m->trials, slice_str(view->query.selected));
	struct experiment_detail *d;
	struct curve_point *points;
	struct sensor_row *sensors;

	if (!t)
		return;
	trials_open(&m->trials, t, m->now);
	d = arena_alloc(&view->arena, sizeof(*d));
	copy_row(view, t, &d->row);
	d->n_curve = curve_count(&t->curve);
	d->curve = points = arena_alloc(&view->arena, d->n_curve * sizeof(*points));
	curve_read(&t->curve, points);
	d->n_sensors = trial_sensor_count(t);
	d->sensors = sensors = arena_alloc(&view->arena, d->n_sensors * sizeof(*sensors));
	trial_sensors(t, sensors);
	for (size_t i = 0; i < d->n_sensors; i++)
		sensors[i].id = arena_copy(&view->arena, sensors[i].id);
	d->n_stages = t->n_stages;
	trial_stages(t, d->stages);
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		d->kinds[kind] = t->kinds[kind];
	d->complete = t->complete;
	d->incomplete = t->incomplete;
	d->first_offset = t->first_offset;
	d->last_offset = t->last_offset;
	view->experiment = d;
}

/* Partitions */

static void
partition_row_of(const struct asked *a, const struct partition *p, struct partition_row *row)
{
	partition_row(p, model_grouped(a->model), a->model->records, a->time, row);
}

static bool
partition_holds(void *ctx, size_t i, const char *text)
{
	const struct asked *a = ctx;
	const struct partition *p = a->model->partitions.all[i];
	char name[512];
	struct partition_row row;

	snprintf(name, sizeof(name), "%s/%d", p->status.topic, (int)p->key.number);
	partition_row_of(a, p, &row);
	return window_text_holds(slice_str(name), text) || window_text_holds(row.owner, text);
}

static struct window_key
partition_key(void *ctx, size_t i, enum sort_key sort)
{
	const struct asked *a = ctx;
	const struct partition *p = a->model->partitions.all[i];
	struct partition_row row;

	partition_row_of(a, p, &row);
	switch (sort) {
	case SORT_OWNER:
		return window_text_key(row.owner);
	case SORT_POSITION:
		return (struct window_key){.number = known(row.status.position)};
	case SORT_STORED:
		return (struct window_key){.number = known(row.status.stored)};
	case SORT_COMMITTED:
		return (struct window_key){.number = known(row.status.committed)};
	case SORT_LOW:
		return (struct window_key){.number = known(row.status.low)};
	case SORT_END:
		return (struct window_key){.number = known(row.status.end)};
	case SORT_LAG:
		return (struct window_key){.number = known(row.lag)};
	case SORT_RATE:
		return (struct window_key){.number = row.rate};
	case SORT_AGAIN:
		return (struct window_key){.number = known(row.status.again)};
	case SORT_SHARE:
		return (struct window_key){.number = row.share};
	case SORT_EVENTS:
		return (struct window_key){.number = (double)row.records};
	default:
		return (struct window_key){.number = partition_order(p)};
	}
}

/* "topic/partition" */
static struct partition *
partition_selected(const struct model *m, const char *selected)
{
	const char *slash = strrchr(selected, '/');

	if (!slash)
		return NULL;
	return partitions_named(&m->partitions, (struct slice){selected, (size_t)(slash - selected)},
				(int32_t)strtol(slash + 1, NULL, 10));
}

static int64_t
partition_locate(void *ctx, const char *selected)
{
	const struct partition *p = partition_selected(((struct asked *)ctx)->model, selected);

	return p ? (int64_t)p->index : -1;
}

/* The record that is being processed is one of this partition. */
static bool
in_hand(const struct model *m, const char *topic, int32_t partition)
{
	const struct in_hand *hand = &m->status.in_hand;

	return hand->topic[0] && hand->partition == partition && strcmp(hand->topic, topic) == 0;
}

static void
copy_partition(struct model *m, struct view *view, const struct partition *p, struct partition_row *row)
{
	struct asked a = asked_of(m, view);

	partition_row_of(&a, p, row);
	row->in_hand = in_hand(m, p->status.topic, p->key.number);
	row->topic = arena_copy(&view->arena, row->topic);
	row->owner = arena_copy(&view->arena, row->owner);
	row->status.topic = NULL;
}

static void
answer_timeline(const struct model *m, struct view *view)
{
	view->n_timeline = timeline_count(&m->timeline);
	view->timeline = arena_alloc(&view->arena, view->n_timeline * sizeof(*view->timeline));
	for (size_t i = 0; i < view->n_timeline; i++)
		view->timeline[i] = *timeline_at(&m->timeline, i);
}

static void
answer_partitions(struct model *m, struct view *view, const struct window *w)
{
	view->partitions = arena_alloc(&view->arena, w->n * sizeof(*view->partitions));
	for (size_t i = 0; i < w->n; i++)
		copy_partition(m, view, m->partitions.all[w->rows[i]], &view->partitions[i]);
	answer_timeline(m, view);
}

static void
answer_partition(struct model *m, struct view *view)
{
	const struct partition *p = partition_selected(m, view->query.selected);

	answer_timeline(m, view);
	if (!p)
		return;
	view->partition = arena_alloc(&view->arena, sizeof(*view->partition));
	copy_partition(m, view, p, view->partition);
}

/* Records */

static struct tail_record
kept(const struct model *m, size_t i)
{
	struct tail_record r = {0};

	tail_get(m->tail, tail_first(m->tail) + i, &r);
	return r;
}

static bool
record_holds(void *ctx, size_t i, const char *text)
{
	struct tail_record r = kept(((struct asked *)ctx)->model, i);
	char place[512];

	snprintf(place, sizeof(place), "%s[%d]@%lld", r.topic, (int)r.partition, (long long)r.offset);
	return window_text_holds(r.key, text) || window_text_holds(r.name, text) ||
	       window_text_holds(slice_str(place), text);
}

static struct window_key
record_key(void *ctx, size_t i, enum sort_key sort)
{
	(void)ctx;
	(void)sort;
	return (struct window_key){.number = (double)i};
}

/* The oldest, when the selected one was pushed out. */
static int64_t
record_locate(void *ctx, const char *selected)
{
	const struct tail *tail = ((struct asked *)ctx)->model->tail;
	uint64_t number = strtoull(selected, NULL, 10), first = tail_first(tail);

	if (number < first)
		return tail_count(tail) ? 0 : -1;
	return number - first < tail_count(tail) ? (int64_t)(number - first) : -1;
}

static void
copy_record(const struct model *m, struct view *view, const struct tail_record *r, struct record_row *row)
{
	*row = (struct record_row){
		.number = r->number,
		.topic = arena_copy(&view->arena, slice_str(r->topic)),
		.partition = r->partition,
		.offset = r->offset,
		.timestamp = r->timestamp,
		.key = arena_copy(&view->arena, r->key),
		.name = arena_copy(&view->arena, r->name),
		.undecodable = r->undecodable,
		.text = arena_copy(&view->arena, r->text),
		.value = r->value,
		.value_size = r->value_size,
		.in_hand = in_hand(m, r->topic, r->partition) && r->offset == m->status.in_hand.offset,
	};
}

static void
answer_records(struct model *m, struct view *view, const struct window *w)
{
	view->records = arena_alloc(&view->arena, w->n * sizeof(*view->records));
	for (size_t i = 0; i < w->n; i++) {
		struct tail_record r = kept(m, w->rows[i]);

		copy_record(m, view, &r, &view->records[i]);
	}
	view->newer = (int64_t)w->matched - view->query.first - (int64_t)w->n;
}

static void
answer_record(struct model *m, struct view *view)
{
	struct tail_record r;
	struct record_header *headers;
	struct record_detail *d;

	if (!tail_get(m->tail, strtoull(view->query.selected, NULL, 10), &r))
		return;
	d = arena_alloc(&view->arena, sizeof(*d));
	copy_record(m, view, &r, &d->row);
	d->bytes = d->row.value = arena_copy(&view->arena, r.value);
	d->n_headers = r.n_headers;
	d->headers = headers = arena_alloc(&view->arena, r.n_headers * sizeof(*headers));
	tail_headers(&r, headers);
	for (size_t i = 0; i < r.n_headers; i++) {
		headers[i].name = arena_copy(&view->arena, headers[i].name);
		headers[i].value = arena_copy(&view->arena, headers[i].value);
	}
	view->record = d;
}

/* Rates */

static void
answer_rates(struct model *m, struct view *view)
{
	const struct trial *busiest[RATE_BANDS];
	size_t n = rates_busiest(m->trials.all, m->trials.n, view->now, busiest);

	rates_total(&m->rates, view->now, &view->total_rate);
	for (size_t i = 0; i < n; i++) {
		rates_band(busiest[i], view->now, &view->bands[i]);
		view->bands[i].id = arena_copy(&view->arena, view->bands[i].id);
	}
	rates_others(&view->total_rate, view->bands, n, &view->bands[n]);
	view->n_bands = n + 1;
}

/* Groups */

static bool
group_holds(void *ctx, size_t i, const char *text)
{
	struct group_row row;

	group_row(((struct asked *)ctx)->model->groups.all[i], &row);
	return window_text_holds(row.name, text) || window_text_holds(row.state, text) ||
	       window_text_holds(slice_str(trend_name(row.trend)), text);
}

static struct window_key
group_key(void *ctx, size_t i, enum sort_key sort)
{
	struct group_row row;

	group_row(((struct asked *)ctx)->model->groups.all[i], &row);
	switch (sort) {
	case SORT_STATE:
		return window_text_key(row.state);
	case SORT_MEMBERS:
		return (struct window_key){.number = known(row.members)};
	case SORT_PARTITION:
		return (struct window_key){.number = known(row.partitions)};
	case SORT_LAG:
		return (struct window_key){.number = known(row.lag)};
	case SORT_CONSUMPTION:
		return (struct window_key){.number = row.consumption};
	case SORT_PRODUCTION:
		return (struct window_key){.number = row.production};
	case SORT_TREND:
		return (struct window_key){.number = row.trend == TREND_UNKNOWN ? NAN : row.trend};
	case SORT_ETA:
		return (struct window_key){.number = row.eta};
	case SORT_AGE:
		return (struct window_key){.number = row.at < 0 ? NAN : -(double)row.at};
	default:
		return window_text_key(row.name);
	}
}

static int64_t
group_locate(void *ctx, const char *selected)
{
	const struct group *group = groups_named(&((struct asked *)ctx)->model->groups, selected);

	return group ? (int64_t)group->index : -1;
}

static void
copy_group(struct view *view, const struct group *group, struct group_row *row)
{
	group_row(group, row);
	row->name = arena_copy(&view->arena, row->name);
	row->state = arena_copy(&view->arena, row->state);
	row->protocol = arena_copy(&view->arena, row->protocol);
	row->problem = arena_copy(&view->arena, row->problem);
}

static void
answer_survey(struct view *view, bool surveyed, const char *problem, size_t beyond)
{
	view->surveyed = surveyed;
	view->survey_problem = problem[0] ? arena_copy(&view->arena, slice_str(problem)) : (struct slice){0};
	view->beyond = (int64_t)beyond;
}

static void
answer_groups(struct model *m, struct view *view, const struct window *w)
{
	view->groups = arena_alloc(&view->arena, w->n * sizeof(*view->groups));
	for (size_t i = 0; i < w->n; i++)
		copy_group(view, m->groups.all[w->rows[i]], &view->groups[i]);
	answer_survey(view, m->groups.surveyed, m->groups.problem, m->groups.beyond);
}

static void
copy_members(struct view *view, const struct group_detail *from, struct group_detail *d)
{
	struct group_member *members = arena_alloc(&view->arena, (from->n_members + 1) * sizeof(*members));

	for (size_t i = 0; i < from->n_members; i++) {
		members[i] = from->members[i];
		members[i].id = arena_copy(&view->arena, members[i].id);
		members[i].client = arena_copy(&view->arena, members[i].client);
		members[i].host = arena_copy(&view->arena, members[i].host);
	}
	d->members = members;
	d->members_problem = arena_copy(&view->arena, from->members_problem);
}

/* Places of one topic share its name. */
static void
copy_places(struct view *view, const struct group_detail *from, struct group_detail *d)
{
	struct group_place *places = arena_alloc(&view->arena, (from->n_places + 1) * sizeof(*places));

	for (size_t i = 0; i < from->n_places; i++) {
		places[i] = from->places[i];
		if (i > 0 && slice_eq(places[i].topic, places[i - 1].topic))
			places[i].topic = places[i - 1].topic;
		else
			places[i].topic = arena_copy(&view->arena, places[i].topic);
	}
	d->places = places;
}

static void
answer_group(struct model *m, struct view *view)
{
	const struct group *group = groups_named(&m->groups, view->query.selected);
	struct group_detail *d;

	answer_survey(view, m->groups.surveyed, m->groups.problem, m->groups.beyond);
	if (!group)
		return;
	groups_open(&m->groups, view->query.selected);
	d = arena_alloc(&view->arena, sizeof(*d));
	*d = m->groups.detail;
	copy_group(view, group, &d->row);
	copy_members(view, &m->groups.detail, d);
	copy_places(view, &m->groups.detail, d);
	d->asked = m->groups.asked;
	if (group->pace)
		d->n_lags = pace_lags(group->pace, d->lags, GROUP_LAGS, &d->lags_span);
	view->group = d;
}

/* The cluster's topics */

static bool
topic_holds(void *ctx, size_t i, const char *text)
{
	return window_text_holds(slice_str(((struct asked *)ctx)->model->topics.all[i].name), text);
}

static struct window_key
topic_key(void *ctx, size_t i, enum sort_key sort)
{
	const struct topic *topic = &((struct asked *)ctx)->model->topics.all[i];

	switch (sort) {
	case SORT_PARTITION:
		return (struct window_key){.number = known(topic->partitions)};
	case SORT_EVENTS:
		return (struct window_key){.number = known(topic->offsets)};
	case SORT_RATE:
		return (struct window_key){.number = topic->rate};
	default:
		return window_text_key(slice_str(topic->name));
	}
}

static int64_t
topic_locate(void *ctx, const char *selected)
{
	const struct topics *topics = &((struct asked *)ctx)->model->topics;
	const struct topic *topic = topics_named(topics, selected);

	return topic ? topic - topics->all : -1;
}

static void
answer_topics(struct model *m, struct view *view, const struct window *w)
{
	view->topics = arena_alloc(&view->arena, w->n * sizeof(*view->topics));
	for (size_t i = 0; i < w->n; i++) {
		const struct topic *topic = &m->topics.all[w->rows[i]];

		view->topics[i] = (struct topic_row){
			.name = arena_copy(&view->arena, slice_str(topic->name)),
			.problem = arena_copy(&view->arena, slice_str(topic->problem)),
			.partitions = topic->partitions,
			.offsets = topic->offsets,
			.rate = topic->rate,
		};
	}
	answer_survey(view, m->topics.surveyed, m->topics.problem, m->topics.beyond);
}

/* Checks */

static const char *
topic_of(struct model *m, const struct order_key *key)
{
	const struct partition *p = partitions_known(&m->partitions, key->name.topic_no, key->partition);

	return p ? p->status.topic : NULL;
}

static bool
check_holds(void *ctx, size_t i, const char *text)
{
	const struct order_key *key = ((struct asked *)ctx)->model->order.all[i];

	for (int check = 0; check < CHECKS; check++)
		if (key->counts[check] && window_text_holds(slice_str(check_name((enum check)check)), text))
			return true;
	return window_text_holds(order_id(key), text);
}

/* The check whose column SORT is. */
static enum check
sorted_check(enum sort_key sort)
{
	static const enum sort_key sorts[CHECKS] = {
		[CHECK_ORDER] = SORT_ORDER,         [CHECK_TIME] = SORT_TIME,
		[CHECK_TRUTH] = SORT_TRUTH,         [CHECK_TAMPERED] = SORT_TAMPERED,
		[CHECK_INCOMPLETE] = SORT_INCOMPLETE, [CHECK_LATE] = SORT_LATE,
		[CHECK_DUPLICATE] = SORT_DUPLICATE, [CHECK_FOREIGN] = SORT_FOREIGN,
		[CHECK_OVERDUE] = SORT_OVERDUE,     [CHECK_MOVED] = SORT_MOVED,
		[CHECK_REPEATED] = SORT_REPEATED,
	};

	for (int check = 0; check < CHECKS; check++)
		if (sorts[check] == sort)
			return (enum check)check;
	return CHECK_ORDER;
}

static struct window_key
check_key(void *ctx, size_t i, enum sort_key sort)
{
	const struct order_key *key = ((struct asked *)ctx)->model->order.all[i];

	switch (sort) {
	case SORT_ID:
		return window_text_key(order_id(key));
	case SORT_PARTITION:
		return (struct window_key){.number = key->name.topic_no * 4294967296.0 + key->partition};
	case SORT_EVENTS:
		return (struct window_key){.number = (double)key->records};
	case SORT_POSITION:
		return (struct window_key){.number = known(key->last_offset)};
	case SORT_VERDICT:
	case SORT_NONE:
		return (struct window_key){.number = order_rank(key)};
	default:
		return (struct window_key){.number = (double)key->counts[sorted_check(sort)]};
	}
}

/* "topic number/key" */
static const struct order_key *
check_selected(const struct model *m, const char *selected)
{
	const char *slash = strchr(selected, '/');

	return slash ? order_find(&m->order, (int)strtol(selected, NULL, 10), slice_str(slash + 1)) : NULL;
}

static int64_t
check_locate(void *ctx, const char *selected)
{
	const struct order_key *key = check_selected(((struct asked *)ctx)->model, selected);

	return key ? (int64_t)key->index : -1;
}

static void
copy_check(struct model *m, struct view *view, const struct order_key *key, struct check_row *row)
{
	*row = (struct check_row){
		.key = arena_copy(&view->arena, order_id(key)),
		.topic_no = key->name.topic_no,
		.topic = arena_copy(&view->arena, slice_str(topic_of(m, key))),
		.partition = key->partition,
		.records = key->records,
		.last_offset = key->last_offset,
	};
	memcpy(row->counts, key->counts, sizeof(row->counts));
}

static void
answer_checks(struct model *m, struct view *view, const struct window *w)
{
	view->checks = arena_alloc(&view->arena, w->n * sizeof(*view->checks));
	for (size_t i = 0; i < w->n; i++)
		copy_check(m, view, m->order.all[w->rows[i]], &view->checks[i]);
}

/* What the model has of KEY's experiment, without what is its own; NULL: nothing. */
static const struct measured *
copy_measured(const struct model *m, struct view *view, const struct order_key *key)
{
	const struct measured *there = key->trial ? measure_find(m->measure, key->trial->id) : NULL;
	struct measured *copy;

	if (!there)
		return NULL;
	copy = arena_alloc(&view->arena, sizeof(*copy));
	*copy = *there;
	copy->experiment = copy->interval.experiment = (struct slice){0};
	return copy;
}

static void
answer_check(struct model *m, struct view *view)
{
	const struct order_key *key = check_selected(m, view->query.selected);

	if (!key)
		return;
	view->check = arena_alloc(&view->arena, sizeof(*view->check));
	copy_check(m, view, key, &view->check->row);
	view->check->measured = copy_measured(m, view, key);
	for (int check = 0; check < CHECKS; check++)
		if (key->findings[check]) {
			view->check->first[check] = key->findings[check]->first;
			view->check->last[check] = key->findings[check]->last;
		}
}

static struct check_sums
check_sums(const struct model *m)
{
	struct check_sums sums = {
		.keys = (int64_t)m->order.n,
		.others = m->order.folded,
		.faulty = m->order.faulty,
		.keyless = m->order.keyless,
		.measured = *measure_sums(m->measure),
	};

	memcpy(sums.counts, m->order.counts, sizeof(sums.counts));
	return sums;
}

/* Every view */

static void
answer_head(const struct model *m, struct view *view)
{
	struct view_head *head = &view->head;
	struct partition_sums sums;

	partitions_sum(&m->partitions, model_grouped(m), &sums);
	*head = (struct view_head){
		.status = m->status,
		.assigned = sums.assigned,
		.partitions = m->partitions.n,
		.reading = series_rate(&m->arrival, m->now, RATE_WINDOW),
		.lag = sums.ours.lag,
		.without = model_grouped(m) ? (int64_t)sums.ours.without : 0,
		.watch_lag = m->status.watch_age < 0 ? -1 : sums.watched.lag,
		.watch_committed = sums.watched.committed,
		.watch_without = (int64_t)sums.watched.without,
		.again = model_grouped(m) ? sums.again : -1,
		.records = m->records,
		.repeated = m->repeated,
		.undecodable = m->undecodable,
		.names_checked = m->names_checked,
		.not_kept = m->not_kept,
		.there = sums.there,
		.experiments = (int64_t)m->trials.n,
		.others = m->trials.folded,
		.checks = check_sums(m),
	};
	memcpy(head->stages, m->trials.stages, sizeof(head->stages));
	series_read(&m->spark, m->now, head->spark, SPARK_POINTS);
	if (m->last_undecodable[0])
		head->last_undecodable = arena_copy(&view->arena, slice_str(m->last_undecodable));
}

struct list {
	size_t (*count)(const struct model *m);
	struct window_list list; /* without ctx and n */
	void (*answer)(struct model *m, struct view *view, const struct window *w);
};

static size_t
count_trials(const struct model *m)
{
	return m->trials.n;
}

static size_t
count_partitions(const struct model *m)
{
	return m->partitions.n;
}

static size_t
count_keys(const struct model *m)
{
	return m->order.n;
}

static size_t
count_kept(const struct model *m)
{
	return tail_count(m->tail);
}

static size_t
count_groups(const struct model *m)
{
	return m->groups.n;
}

static size_t
count_topics(const struct model *m)
{
	return m->topics.n;
}

static void
answer_list(struct model *m, struct view *view, const struct list *of)
{
	struct asked a = asked_of(m, view);
	struct window_list list = of->list;
	struct window w;

	list.ctx = &a;
	list.n = of->count(m);
	window_place(&list, &view->query, &w);
	view->total = (int64_t)list.n;
	view->matched = (int64_t)w.matched;
	view->found = w.found;
	view->n = w.n;
	of->answer(m, view, &w);
	window_fini(&w);
}

void
answer_fill(struct model *m, struct view *view)
{
	static const struct list lists[VIEW_KINDS] = {
		[VIEW_EXPERIMENTS] = {count_trials, {.holds = trial_holds, .key = trial_key, .locate = trial_locate},
				      answer_experiments},
		[VIEW_PARTITIONS] = {count_partitions,
				     {.holds = partition_holds, .key = partition_key, .locate = partition_locate},
				     answer_partitions},
		[VIEW_RECORDS] = {count_kept, {.holds = record_holds, .key = record_key, .locate = record_locate},
				  answer_records},
		[VIEW_GROUPS] = {count_groups, {.holds = group_holds, .key = group_key, .locate = group_locate},
				 answer_groups},
		[VIEW_TOPICS] = {count_topics, {.holds = topic_holds, .key = topic_key, .locate = topic_locate},
				 answer_topics},
		[VIEW_CHECKS] = {count_keys, {.holds = check_holds, .key = check_key, .locate = check_locate},
				 answer_checks},
	};
	static void (*const details[VIEW_KINDS])(struct model *m, struct view *view) = {
		[VIEW_EXPERIMENT] = answer_experiment,
		[VIEW_PARTITION] = answer_partition,
		[VIEW_RECORD] = answer_record,
		[VIEW_RATES] = answer_rates,
		[VIEW_GROUP] = answer_group,
		[VIEW_CHECK] = answer_check,
	};

	view_clear(view);
	view->now = model_time(m);
	if (view->query.kind == VIEW_GROUPS || view->query.kind == VIEW_GROUP)
		groups_follow(&m->groups, &m->partitions);
	answer_head(m, view);
	if (lists[view->query.kind].answer)
		answer_list(m, view, &lists[view->query.kind]);
	else if (details[view->query.kind])
		details[view->query.kind](m, view);
}
