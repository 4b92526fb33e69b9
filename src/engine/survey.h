/* SPDX-License-Identifier: MIT */
/*
 * What is asked of the whole cluster, and only while somebody looks at it: its
 * topics, its groups, what the groups that are seen committed. There is no timer:
 * each view of such a screen lets so much be asked as is due, so a screen that is
 * hidden or frozen costs the cluster nothing. Of a list as long as one likes only
 * the rows in the window are asked, those first that were asked longest ago, a
 * few at a time: each costs a client that names the group. Engine thread.
 */
#ifndef ENGINE_SURVEY_H
#define ENGINE_SURVEY_H

#include "engine/feed.h"
#include "kafka/asker.h"

enum {
	SURVEY_LOOKS_MS = 5000, /* so long after the last look somebody is taken to look on */
	SURVEY_MS = 900,     /* between two askings of the same: a bit below a view's second .. */
	SURVEY_TIMES = 10,   /* .. and this many times what the last one took .. */
	SURVEY_GROUP_TIMES = 3, /* .. or, of groups, this many: the asker has others to serve */
	SURVEY_AT_A_TIME = 4 /* groups */
};

struct survey {
	struct asker *asker; /* borrowed, and below */
	struct mailbox *answers;
	const struct feed_listener *listener;
	const char *group, *watch; /* always listed; NULL: none */
	struct survey_question {
		int out;        /* under way */
		int64_t asked;  /* mono ms */
		int64_t next;   /* not before then */
	} topics, groups, places;
	struct inquiry *catalog;  /* the last that came, NULL: none yet */
	int64_t looked;           /* when groups were looked at last, mono ms; 0: never */
	bool group_asked, watch_asked; /* the feed asks about these itself, each second */
};

void survey_init(struct survey *s, struct asker *asker, struct mailbox *answers, const struct feed_listener *listener);
void survey_fini(struct survey *s);

/* Q, about a group that the feed asks about itself, asks about all topics while somebody looks at groups: then
 * the screens tell of it by one answer, which survey_told() hands on. */
void survey_widen(const struct survey *s, struct inquiry *q, int64_t now);
void survey_told(struct survey *s, const struct inquiry *q, int64_t now);

/* VIEW was looked at, NOW (mono ms): ask what is due of it. */
void survey_look(struct survey *s, const struct view *view, int64_t now);

/* True when Q, just answered, was a question of the survey: its news are told. Q stays
 * the caller's unless it is NULLed. */
bool survey_take(struct survey *s, struct inquiry **q, int64_t now);

#endif
