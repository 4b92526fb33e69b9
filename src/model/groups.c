/* SPDX-License-Identifier: MIT */
#include "model/groups.h"

#include "base/alloc.h"
#include "model/ident.h"

#include <math.h>
#include <stdio.h>

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
lag_of(const struct news_place *place)
{
	if (place->committed < 0 || place->end < 0)
		return -1;
	return place->end > place->committed ? place->end - place->committed : 0;
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

/* Sum what GROUP committed on. */
static void
measure(struct groups *g, struct group *group, const struct news *news, int64_t now)
{
	int64_t committed = 0, end = 0;

	group->partitions = group->lag = 0;
	for (size_t i = 0; i < news->n_places; i++) {
		const struct news_place *place = &news->places[i];
		int64_t lag = lag_of(place);

		if (place->committed < 0)
			continue;
		group->partitions++;
		group->lag = lag < 0 || group->lag < 0 ? -1 : group->lag + lag;
		committed += place->committed;
		end += place->end;
	}
	if (group->partitions == 0)
		group->lag = -1;
	if (group->lag >= 0)
		pace_add(pace_of(g, group), now, committed, end, (size_t)group->partitions);
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
			owner->lag = lag_of(place) < 0 || owner->lag < 0 ? -1 : owner->lag + lag_of(place);
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
			.lag = lag_of(from),
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
	if (!slice_is(group->name, g->opened))
		return;
	g->asked = true;
	if (!news->ok)
		return;
	close_opened(g);
	keep_members(g, news);
	keep_places(g, news);
	g->asked = true;
}

void
group_row(const struct group *group, struct group_row *row)
{
	static const struct pace none = {.consumption = NAN, .production = NAN};
	const struct pace *pace = group->pace ? group->pace : &none;
	const char *problem = group->asked_problem ? group->asked_problem : group->listed_problem;

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
