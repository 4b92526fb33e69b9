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
struct inquiry *cmd_groups_ask(const struct groups_run *run, enum inquiry_kind kind, const char *group,
			   const struct inquiry *from, bool (*wanted)(const struct inquiry_spot *spot),
			   struct err *err);

/* "consumer/range", "connect", empty. */
void cmd_groups_protocol(const struct inquiry_group *g, char *out, size_t size);

json_t *cmd_groups_text(const char *text);     /* NULL or empty: null; what is no UTF-8 is escaped */
json_t *cmd_groups_number(int64_t number);     /* below 0: null */
void cmd_groups_print(json_t *root);           /* swallows it */

#endif
