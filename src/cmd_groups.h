/* SPDX-License-Identifier: MIT */
/*
 * exptop groups: what the brokers tell of consumer groups, and putting one back.
 * cmd_groups.c chooses; a file each for list, describe and reset. Main thread.
 */
#ifndef CMD_GROUPS_H
#define CMD_GROUPS_H

#include "conf/options.h"
#include "inquire.h"

#include <jansson.h>

struct groups_run {
	const struct options *options;
	struct inquirer *inquirer;
	const char *group; /* NULL: all */
	bool json;
};

/* Each returns the exit status; where that is not 0 and ERR says something, it is yet to be printed. */
int cmd_groups_list(const struct groups_run *run, struct err *err);
int cmd_groups_describe(const struct groups_run *run, struct err *err);
int cmd_groups_reset(const struct groups_run *run, struct err *err);

/* What the three share, in cmd_groups.c. */

/* Every topic with its partitions; NULL with a sentence. */
struct inquiry *cmd_groups_catalog(const struct groups_run *run, struct err *err);

/* Ask KIND of GROUP about the spots of FROM for which WANTED holds (NULL: all); the
 * answer has FROM's topics. NULL with a sentence when it is not ok; but of marks
 * and a reset what is known stands in it then, and why there is no more. */
typedef bool (*spot_wanted)(const struct inquiry *from, const struct inquiry_spot *spot, const void *arg);
struct inquiry *cmd_groups_ask(const struct groups_run *run, enum inquiry_kind kind, const char *group,
			   const struct inquiry *from, spot_wanted wanted, const void *arg, struct err *err);

/* The topics that the group committed on, or of which a member owns a part: a bool for
 * each topic of Q, the caller's to free. ANY: there is one. */
bool *cmd_groups_topics(const struct inquiry *q, bool *any);
/* A spot_wanted. */
bool cmd_groups_of_topics(const struct inquiry *from, const struct inquiry_spot *spot, const void *topics);

/* Records between the committed offset and the end; NULL and false where one is unknown. */
bool cmd_groups_lag(const struct inquiry_spot *spot, int64_t *lag);

/* "consumer/range", "connect", empty. */
void cmd_groups_protocol(const struct inquiry_group *g, char *out, size_t size);

json_t *cmd_groups_text(const char *text);     /* NULL or empty: null; what is no UTF-8 is escaped */
json_t *cmd_groups_number(int64_t number);     /* below 0: null */
void cmd_groups_print(json_t *root);           /* swallows it */

#endif
