/* SPDX-License-Identifier: MIT */
/*
 * What a source learned of the whole cluster, beyond what it reads: its topics,
 * its consumer groups, and what one group committed. Handed to the model at once;
 * everything is borrowed for the call. Unknown numbers are -1.
 */
#ifndef MODEL_NEWS_H
#define MODEL_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct news_topic {
	const char *name;
	int32_t partitions;
	const char *problem; /* why it cannot be read; NULL: it can */
};

struct news_place { /* a partition of topics[topic_no]; sorted by both */
	int topic_no;
	int32_t partition;
	int64_t low, end;
	int64_t committed; /* by the group, -1 also: never */
	int member;        /* who owns it: index into members, -1 nobody */
};

struct news_group {
	const char *name;
	const char *state;    /* as the broker says it; NULL: unknown */
	const char *protocol; /* its assignor; NULL: unknown, empty: has none */
	int64_t members;
	const char *problem;  /* why it is not described; NULL: it is */
	bool ours, watched;
};

struct news_member {
	const char *id, *client, *host;
	int64_t owns; /* partitions, of any topic */
};

enum news_kind {
	NEWS_TOPICS, /* all: topics, places */
	NEWS_GROUPS, /* all: groups */
	NEWS_GROUP   /* the places and members of `group` */
};

struct news {
	enum news_kind kind;
	bool ok;             /* false: `problem` says why; what was known before stands */
	const char *problem; /* why it is not whole; NULL: it is */
	bool more;           /* news that belong to these are under way */
	const struct news_topic *topics;
	size_t n_topics;
	const struct news_place *places;
	size_t n_places;
	const struct news_group *groups;
	size_t n_groups, left; /* left: groups that are there beside these */
	const char *group;
	bool committed;              /* what it committed is known: -1 is never */
	const char *members_problem; /* why its members are not known; NULL: they are */
	const struct news_member *members;
	size_t n_members;
};

#endif
