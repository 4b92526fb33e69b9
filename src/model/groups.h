/* SPDX-License-Identifier: MIT */
/*
 * The consumer groups of the cluster: who there is, by the last list of them;
 * what each had committed, when it was last asked; and of the one that is opened
 * all its members and partitions. At most GROUPS_KEPT are kept, further ones
 * counted; GROUPS_PACED of them, those asked last, have a pace (model/pace.h).
 *
 * The lag of a partition is its end less what the group committed, both of one moment
 * (model/lag.h), of the group the sum over what it committed on: Kafka's own tool counts
 * like that.
 */
#ifndef MODEL_GROUPS_H
#define MODEL_GROUPS_H

#include "base/hashtable.h"
#include "model/news.h"
#include "model/pace.h"
#include "model/partition.h"

enum { GROUPS_KEPT = 10000, GROUPS_PACED = 2000, PLACES_KEPT = 10000, MEMBERS_KEPT = 1000 };

struct group {
	struct slice name; /* as ident() bounds it; own memory */
	char *state, *protocol, *listed_problem, *asked_problem, *beyond; /* NULL: unknown; no problem */
	int64_t members, partitions, lag, at;
	bool ours, watched, cut, listed;
	struct pace *pace;  /* NULL: none */
	size_t index;       /* in `all` */
	UT_hash_handle hh;
};

/* What our own group committed, as the brokers told last, and changed by what we know since. */
struct groups_ours {
	struct arena arena;
	struct news news; /* its group NULL: none came yet */
	struct news_place *places; /* the news' */
};

struct groups {
	struct group *by_name;
	struct group **all;
	size_t n, cap, beyond, paced;
	bool surveyed;
	char problem[ERR_TEXT]; /* empty, or why the list is not whole */

	char opened[ROW_TEXT];  /* whose members and places are kept, empty: none */
	bool asked;             /* they are known */
	struct arena arena;     /* theirs */
	struct group_detail detail; /* only members and places */

	struct groups_ours ours;
};

void groups_fini(struct groups *g);

/* NEWS_GROUPS: those not listed any more are forgotten, if the list came at all. */
void groups_list(struct groups *g, const struct news *news);

/* NEWS_GROUP, of one that is listed. */
void groups_learn(struct groups *g, const struct news *news, int64_t now);

/* Our own group's figures, as of now: of what we own by PARTITIONS, so that every screen tells the same. */
void groups_follow(struct groups *g, const struct partitions *partitions);
struct group *groups_named(const struct groups *g, const char *name); /* NULL: not listed */

/* NAME's members and places are kept from now on, and those of the one before no more. */
void groups_open(struct groups *g, const char *name);

/* Borrowed until the next news. */
void group_row(const struct group *group, struct group_row *row);

#endif
