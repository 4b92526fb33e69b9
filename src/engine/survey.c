/* SPDX-License-Identifier: MIT */
#include "engine/survey.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* What tells a survey's questions from others of the same mailbox. */
static const uint64_t survey_tag = 0x5375727665790000;

enum { WAIT_MOST_MS = 10000 };

void
survey_init(struct survey *s, struct asker *asker, struct mailbox *answers, const struct feed_listener *listener)
{
	*s = (struct survey){.asker = asker, .answers = answers, .listener = listener};
}

void
survey_fini(struct survey *s)
{
	inquiry_free(s->catalog);
	s->catalog = NULL;
}

/* ---- asking ---- */

static bool
is_due(const struct survey_question *question, int64_t now)
{
	return question->out == 0 && now >= question->next;
}

static void
ask(struct survey *s, struct survey_question *question, struct inquiry *q, int64_t now)
{
	q->tag = survey_tag;
	question->out++;
	question->asked = now;
	asker_ask(s->asker, q);
}

/* What takes the brokers long is asked less often. */
static void
answered(struct survey_question *question, int times, int64_t now)
{
	int64_t wait = (now - question->asked) * times;

	question->out--;
	if (wait > WAIT_MOST_MS)
		wait = WAIT_MOST_MS;
	question->next = question->asked + (wait > SURVEY_MS ? wait : SURVEY_MS);
}

static void
ask_topics(struct survey *s, int64_t now)
{
	if (is_due(&s->topics, now))
		ask(s, &s->topics, inquiry_new(INQUIRY_CATALOG, s->answers, NULL), now);
}

static void
ask_groups(struct survey *s, int64_t now)
{
	if (is_due(&s->groups, now))
		ask(s, &s->groups, inquiry_new(INQUIRY_GROUPS, s->answers, NULL), now);
}

static void
ask_places(struct survey *s, struct slice group, int64_t now)
{
	char *name = xstrndup(group.p, group.n);
	struct inquiry *q = inquiry_new(INQUIRY_GROUP, s->answers, name);

	inquiry_add_spots(q, s->catalog);
	ask(s, &s->places, q, now);
	free(name);
}

/* Whether it is for the survey to ask about the group of ROW. */
static bool
is_to_be_asked(const struct survey *s, const struct group_row *row)
{
	return !row->cut && !(row->ours && s->group_asked) && !(row->watched && s->watch_asked);
}

/* Of N rows that is to be asked which was not since LIMIT, and longest ago; NULL: none. */
static const struct group_row *
oldest(const struct survey *s, const struct group_row *rows, size_t n, int64_t limit)
{
	const struct group_row *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (is_to_be_asked(s, &rows[i]) && rows[i].at > limit && (!found || rows[i].at < found->at))
			found = &rows[i];
	return found;
}

/* Those never asked are so at once. Rows of one age are asked together, or not at all: they stay the oldest. */
static void
ask_rows(struct survey *s, const struct group_row *rows, size_t n, int64_t now)
{
	bool due = is_due(&s->places, now);
	size_t sent = 0;

	if (!s->catalog || s->places.out > 0)
		return;
	for (size_t i = 0; i < n && sent < SURVEY_AT_A_TIME; i++)
		if (is_to_be_asked(s, &rows[i]) && rows[i].at < 0) {
			ask_places(s, rows[i].name, now);
			sent++;
		}
	for (int64_t limit = -1; due && sent < SURVEY_AT_A_TIME; sent++) {
		const struct group_row *row = oldest(s, rows, n, limit);

		if (!row)
			return;
		limit = row->at;
		ask_places(s, row->name, now);
	}
}

static bool
is_looked_at(const struct survey *s, int64_t now)
{
	return s->catalog && s->looked && now - s->looked < SURVEY_LOOKS_MS;
}

void
survey_widen(const struct survey *s, struct inquiry *q, int64_t now)
{
	if (is_looked_at(s, now))
		inquiry_add_spots(q, s->catalog);
}

void
survey_look(struct survey *s, const struct view *view, int64_t now)
{
	if (view->query.kind == VIEW_GROUPS || view->query.kind == VIEW_GROUP)
		s->looked = now;
	switch (view->query.kind) {
	case VIEW_TOPICS:
		ask_topics(s, now);
		break;
	case VIEW_GROUPS:
		ask_topics(s, now);
		ask_groups(s, now);
		ask_rows(s, view->groups, view->n, now);
		break;
	case VIEW_GROUP:
		ask_topics(s, now);
		ask_groups(s, now);
		if (view->group)
			ask_rows(s, &view->group->row, 1, now);
		break;
	default:
		break;
	}
}

/* ---- what was answered ---- */

static const char *
problem_of(const struct err *err)
{
	return err->text[0] ? err->text : NULL;
}

static struct news_topic *
list_topics(const struct inquiry *q)
{
	struct news_topic *topics = xcalloc(q->n_topics + 1, sizeof(*topics));

	for (size_t i = 0; i < q->n_topics; i++)
		topics[i] = (struct news_topic){q->topics[i].name, q->topics[i].partitions,
						problem_of(&q->topics[i].problem)};
	return topics;
}

static struct news_place *
list_places(const struct inquiry *q)
{
	struct news_place *places = xcalloc(q->n_spots + 1, sizeof(*places));

	for (size_t i = 0; i < q->n_spots; i++) {
		const struct inquiry_spot *spot = &q->spots[i];

		places[i] = (struct news_place){spot->topic_no, spot->partition, spot->low, spot->end, spot->committed,
						spot->member};
	}
	return places;
}

/* Tell NEWS, with Q's topics and places and what is the same in all of them. */
static void
tell(struct survey *s, const struct inquiry *q, struct news news)
{
	struct news_topic *topics = list_topics(q);
	struct news_place *places = list_places(q);

	news.ok = q->ok;
	if (!news.problem)
		news.problem = problem_of(&q->err);
	news.more = s->topics.out + s->groups.out + s->places.out > 0;
	news.topics = topics;
	news.n_topics = q->n_topics;
	news.places = places;
	news.n_places = q->n_spots;
	s->listener->learned(s->listener->ctx, &news);
	free(topics);
	free(places);
}

static void
take_topics(struct survey *s, struct inquiry **q)
{
	tell(s, *q, (struct news){.kind = NEWS_TOPICS});
	if (!(*q)->ok)
		return;
	inquiry_free(s->catalog);
	s->catalog = *q;
	*q = NULL;
}

static bool
is_listed(const struct inquiry *q, const char *name)
{
	for (size_t i = 0; i < q->n_groups; i++)
		if (strcmp(q->groups[i].name, name) == 0)
			return true;
	return false;
}

static bool
is(const char *name, const char *ours)
{
	return ours && strcmp(name, ours) == 0;
}

/* Our own group and the watched one are shown also where the cluster lists none, or not these. */
static void
take_groups(struct survey *s, const struct inquiry *q)
{
	const char *const always[] = {s->group, s->watch && !is(s->watch, s->group) ? s->watch : NULL};
	struct news_group *groups = xcalloc(q->n_groups + 2, sizeof(*groups));
	size_t n = 0;

	for (; n < q->n_groups; n++) {
		const struct inquiry_group *g = &q->groups[n];

		groups[n] = (struct news_group){
			.name = g->name,
			.state = g->state[0] ? g->state : NULL,
			.protocol = g->known == MEMBERS_KNOWN ? g->assignor : NULL,
			.members = g->members,
			.problem = g->known == MEMBERS_DENIED || g->known == MEMBERS_UNANSWERED
					   ? members_reason(g->known) : NULL,
		};
	}
	for (size_t i = 0; i < 2; i++)
		if (always[i] && !is_listed(q, always[i]))
			groups[n++] = (struct news_group){.name = always[i], .members = -1};
	for (size_t i = 0; i < n; i++) {
		groups[i].ours = is(groups[i].name, s->group);
		groups[i].watched = is(groups[i].name, s->watch);
	}
	tell(s, q, (struct news){.kind = NEWS_GROUPS, .groups = groups, .n_groups = n,
			    .left = q->groups_left});
	free(groups);
}

static void
take_places(struct survey *s, const struct inquiry *q)
{
	struct news_member *members = xcalloc(q->n_members + 1, sizeof(*members));

	for (size_t i = 0; i < q->n_members; i++)
		members[i] = (struct news_member){q->members[i].id, q->members[i].client, q->members[i].host,
						  (int64_t)q->members[i].owns};
	tell(s, q, (struct news){
		.kind = NEWS_GROUP,
		.group = q->group,
		.committed = q->committed || q->n_spots == 0,
		.members = members,
		.n_members = q->n_members,
		.members_problem = q->known == MEMBERS_KNOWN ? NULL : members_reason(q->known),
	});
	free(members);
}

/* One that asked about its own topics only is no news of the whole group. */
void
survey_told(struct survey *s, const struct inquiry *q, int64_t now)
{
	if (is_looked_at(s, now) && q->n_topics >= s->catalog->n_topics)
		take_places(s, q);
}

bool
survey_take(struct survey *s, struct inquiry **q, int64_t now)
{
	if ((*q)->tag != survey_tag)
		return false;
	switch ((*q)->kind) {
	case INQUIRY_CATALOG:
		answered(&s->topics, SURVEY_TIMES, now);
		take_topics(s, q);
		break;
	case INQUIRY_GROUPS:
		answered(&s->groups, SURVEY_TIMES, now);
		take_groups(s, *q);
		break;
	default:
		answered(&s->places, SURVEY_GROUP_TIMES, now);
		take_places(s, *q);
		break;
	}
	return true;
}
