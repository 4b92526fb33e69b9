/* SPDX-License-Identifier: MIT */
#include "model/groups.h"

#include "base/alloc.h"
#include "model/ident.h"
#include "model/lag.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void
set_text(char **text, const char *now)
{
	free(*text);
	*text = xstrdup(now);
}

static void
drop_pace(struct groups *g, struct group *group)
{
	g->paced -= group->pace != NULL;
	free(group->pace);
	group->pace = NULL;
}

/* Its place in `all` goes to the last. */
static void
forget(struct groups *g, struct group *group)
{
	HASH_DEL(g->by_name, group);
	g->all[group->index] = g->all[--g->n];
	g->all[group->index]->index = group->index;
	drop_pace(g, group);
	free(group->state);
	free(group->protocol);
	free(group->listed_problem);
	free(group->asked_problem);
	free(group->beyond);
	free((char *)group->name.p);
	free(group);
}

void
groups_fini(struct groups *g)
{
	while (g->n > 0)
		forget(g, g->all[g->n - 1]);
	free(g->all);
	arena_free(&g->arena);
	arena_free(&g->ours.arena);
	*g = (struct groups){0};
}

static struct group *
find(const struct groups *g, struct slice name)
{
	struct group *group;

	HASH_FIND(hh, g->by_name, name.p, name.n, group);
	return group;
}

struct group *
groups_named(const struct groups *g, const char *name)
{
	char room[ROW_TEXT - 1];

	return find(g, ident(slice_str(name), room, sizeof(room)));
}

/* NULL past the bound. */
static struct group *
make_known(struct groups *g, struct slice name, bool cut)
{
	struct group *group;

	if (g->n == GROUPS_KEPT)
		return NULL;
	if (g->n == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 16;
		g->all = xreallocarray(g->all, g->cap, sizeof(struct group *));
	}
	group = xcalloc(1, sizeof(*group));
	group->name = (struct slice){xstrndup(name.p, name.n), name.n};
	group->cut = cut;
	group->members = group->partitions = group->lag = group->at = -1;
	group->index = g->n;
	g->all[g->n++] = group;
	HASH_ADD_KEYPTR(hh, g->by_name, group->name.p, group->name.n, group);
	return group;
}

static void
list_one(struct groups *g, const struct news_group *from)
{
	char room[ROW_TEXT - 1];
	struct slice name = ident(slice_str(from->name), room, sizeof(room));
	struct group *group = find(g, name);

	if (!group)
		group = make_known(g, name, name.p == room);
	if (!group) {
		g->beyond++;
		return;
	}
	set_text(&group->state, from->state);
	set_text(&group->protocol, from->protocol);
	set_text(&group->listed_problem, from->problem);
	group->members = from->members;
	group->ours = from->ours;
	group->watched = from->watched;
	group->listed = true;
}

void
groups_list(struct groups *g, const struct news *news)
{
	g->surveyed = true;
	snprintf(g->problem, sizeof(g->problem), "%s", news->problem ? news->problem : "");
	for (size_t i = 0; i < g->n; i++)
		g->all[i]->listed = false;
	g->beyond = news->ok ? news->left : g->beyond;
	for (size_t i = 0; i < news->n_groups; i++)
		list_one(g, &news->groups[i]);
	if (!news->ok)
		return;
	for (size_t i = g->n; i > 0; i--)
		if (!g->all[i - 1]->listed)
			forget(g, g->all[i - 1]);
}

/* ---- one group ---- */

static int64_t
place_lag(const struct news_place *place)
{
	return lag_of(place->committed, place->end);
}

/* A pace for GROUP, which may cost the one whose group was asked longest ago its own. */
static struct pace *
pace_of(struct groups *g, struct group *group)
{
	struct group *oldest = NULL;

	if (group->pace)
		return group->pace;
	for (size_t i = 0; g->paced >= GROUPS_PACED && i < g->n; i++)
		if (g->all[i]->pace && (!oldest || g->all[i]->at < oldest->at))
			oldest = g->all[i];
	if (oldest)
		drop_pace(g, oldest);
	g->paced++;
	return group->pace = xcalloc(1, sizeof(*group->pace));
}

static void
tell_beyond(struct group *group, size_t beyond)
{
	char text[96];

	snprintf(text, sizeof(text), "committed beyond the end of %zu partition%s, so its lag is not known", beyond,
		 beyond == 1 ? "" : "s");
	set_text(&group->beyond, beyond ? text : NULL);
}

/* The sums over what GROUP committed on; returns those of its offsets and ends. */
static struct pace_point
sum_places(struct group *group, const struct news *news)
{
	struct pace_point sums = {0};
	size_t beyond = 0;

	group->partitions = group->lag = 0;
	for (size_t i = 0; i < news->n_places; i++) {
		const struct news_place *place = &news->places[i];

		if (place->committed < 0)
			continue;
		group->partitions++;
		lag_add(&group->lag, place_lag(place));
		beyond += lag_beyond(place->committed, place->end);
		sums.committed += place->committed;
		sums.end += place->end;
	}
	if (group->partitions == 0)
		group->lag = -1;
	tell_beyond(group, beyond);
	return sums;
}

static void
measure(struct groups *g, struct group *group, const struct news *news, int64_t now)
{
	struct pace_point sums = sum_places(group, news);

	if (group->lag >= 0)
		pace_add(pace_of(g, group), now, sums.committed, sums.end, (size_t)group->partitions);
}

static void
keep_members(struct groups *g, const struct news *news)
{
	size_t n = news->n_members < MEMBERS_KEPT ? news->n_members : MEMBERS_KEPT;
	struct group_member *members = arena_alloc(&g->arena, (n + 1) * sizeof(*members));

	for (size_t i = 0; i < n; i++) {
		const struct news_member *from = &news->members[i];

		members[i] = (struct group_member){
			.id = arena_copy(&g->arena, slice_str(from->id)),
			.client = arena_copy(&g->arena, slice_str(from->client)),
			.host = arena_copy(&g->arena, slice_str(from->host)),
			.partitions = from->owns,
		};
	}
	for (size_t i = 0; i < news->n_places; i++) {
		const struct news_place *place = &news->places[i];
		struct group_member *owner = place->member >= 0 && (size_t)place->member < n ? &members[place->member]
											     : NULL;

		if (owner)
			lag_add(&owner->lag, place_lag(place));
	}
	g->detail.members = members;
	g->detail.n_members = n;
	g->detail.more_members = news->n_members - n;
	g->detail.members_problem = arena_copy(&g->arena, slice_str(news->members_problem));
}

static void
keep_places(struct groups *g, const struct news *news)
{
	size_t most = news->n_places < PLACES_KEPT ? news->n_places : PLACES_KEPT;
	struct group_place *places = arena_alloc(&g->arena, (most + 1) * sizeof(*places));

	for (size_t i = 0; i < news->n_places; i++) {
		const struct news_place *from = &news->places[i];
		bool owned = from->member >= 0 && (size_t)from->member < g->detail.n_members;

		if (from->committed < 0 && from->member < 0)
			continue;
		if (g->detail.n_places == most) {
			g->detail.more_places++;
			continue;
		}
		places[g->detail.n_places++] = (struct group_place){
			.topic = arena_copy(&g->arena, slice_str(news->topics[from->topic_no].name)),
			.partition = from->partition,
			.committed = from->committed,
			.end = from->end,
			.lag = place_lag(from),
			.beyond = lag_beyond(from->committed, from->end),
			.member = owned ? from->member : -1,
		};
	}
	g->detail.places = places;
}

/* Nothing is kept of the one opened. */
static void
close_opened(struct groups *g)
{
	arena_reset(&g->arena);
	g->detail = (struct group_detail){0};
	g->asked = false;
}

void
groups_open(struct groups *g, const char *name)
{
	if (strcmp(g->opened, name) == 0)
		return;
	close_opened(g);
	snprintf(g->opened, sizeof(g->opened), "%s", name);
}

static const char *
keep_text(struct groups_ours *o, const char *text)
{
	return text ? arena_copy(&o->arena, slice_str(text)).p : NULL;
}

/* A copy of NEWS, whose places can be changed. */
static void
keep_ours(struct groups *g, const struct news *news)
{
	struct groups_ours *o = &g->ours;
	struct news_topic *topics;
	struct news_member *members;

	arena_reset(&o->arena);
	o->news = *news;
	o->news.topics = topics = arena_alloc(&o->arena, (news->n_topics + 1) * sizeof(*topics));
	for (size_t i = 0; i < news->n_topics; i++)
		topics[i] = (struct news_topic){keep_text(o, news->topics[i].name), news->topics[i].partitions, NULL};
	o->news.members = members = arena_alloc(&o->arena, (news->n_members + 1) * sizeof(*members));
	for (size_t i = 0; i < news->n_members; i++) {
		const struct news_member *from = &news->members[i];

		members[i] = (struct news_member){keep_text(o, from->id), keep_text(o, from->client),
						  keep_text(o, from->host), from->owns};
	}
	o->news.places = o->places = arena_alloc(&o->arena, (news->n_places + 1) * sizeof(*o->places));
	if (news->n_places)
		memcpy(o->places, news->places, news->n_places * sizeof(*o->places));
	o->news.group = keep_text(o, news->group);
	o->news.members_problem = keep_text(o, news->members_problem);
	o->news.problem = NULL;
}

/* What is kept of the one that is opened. */
static void
keep_opened(struct groups *g, const struct news *news)
{
	close_opened(g);
	keep_members(g, news);
	keep_places(g, news);
	g->asked = true;
}

void
groups_learn(struct groups *g, const struct news *news, int64_t now)
{
	struct group *group = groups_named(g, news->group);

	if (!group)
		return;
	set_text(&group->asked_problem, news->problem);
	if (news->ok && news->committed)
		measure(g, group, news, now);
	group->at = now;
	if (news->ok && group->ours)
		keep_ours(g, news);
	if (!slice_is(group->name, g->opened))
		return;
	if (news->ok)
		keep_opened(g, news);
	g->asked = true;
}

/* ---- our own group, as of now ---- */

static int
topic_number(const struct news *news, const char *name)
{
	for (size_t i = 0; i < news->n_topics; i++)
		if (strcmp(news->topics[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
compare_places(const void *a, const void *b)
{
	const struct news_place *x = a, *y = b;

	if (x->topic_no != y->topic_no)
		return x->topic_no < y->topic_no ? -1 : 1;
	return x->partition < y->partition ? -1 : x->partition > y->partition;
}

/* What we own we know better than the brokers' last answer: our own commit, and how far we read. */
static bool
follow_owned(struct groups_ours *o, const struct partitions *partitions)
{
	const char *topic = NULL;
	bool any = false;
	int no = -1;

	for (size_t i = 0; i < partitions->n; i++) {
		const struct partition_status *s = &partitions->all[i]->status;
		struct news_place key = {.partition = s->partition}, *place;

		if (!s->assigned || s->committed < 0)
			continue;
		if (topic != s->topic)
			no = topic_number(&o->news, topic = s->topic);
		key.topic_no = no;
		place = no < 0 ? NULL : bsearch(&key, o->places, o->news.n_places, sizeof(key), compare_places);
		if (!place)
			continue;
		place->committed = s->committed;
		place->end = s->end;
		any = true;
	}
	return any;
}

void
groups_follow(struct groups *g, const struct partitions *partitions)
{
	struct group *group = g->ours.news.group ? groups_named(g, g->ours.news.group) : NULL;

	if (!group || !group->ours || !follow_owned(&g->ours, partitions))
		return;
	sum_places(group, &g->ours.news);
	if (slice_is(group->name, g->opened) && g->asked)
		keep_opened(g, &g->ours.news);
}

void
group_row(const struct group *group, struct group_row *row)
{
	static const struct pace none = {.consumption = NAN, .production = NAN};
	const struct pace *pace = group->pace ? group->pace : &none;
	const char *problem = group->asked_problem ? group->asked_problem
			    : group->beyond ? group->beyond : group->listed_problem;

	if (group->cut)
		problem = "its name is too long: what it committed is not asked";
	*row = (struct group_row){
		.name = group->name,
		.state = slice_str(group->state),
		.protocol = slice_str(group->protocol),
		.problem = slice_str(problem),
		.members = group->members,
		.partitions = group->partitions,
		.lag = group->lag,
		.consumption = pace->consumption,
		.production = pace->production,
		.trend = group->lag < 0 ? TREND_UNKNOWN : pace->trend,
		.eta = pace_eta(pace, group->lag),
		.at = group->at,
		.ours = group->ours,
		.watched = group->watched,
		.cut = group->cut,
	};
}
