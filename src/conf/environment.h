/* SPDX-License-Identifier: MIT */
/*
 * Options from the environment: EXPTOP_ and the option's name in capitals, with
 * _ for -. Variables is what main has as `environ`; nothing here looks at the
 * process's own.
 */
#ifndef CONF_ENVIRONMENT_H
#define CONF_ENVIRONMENT_H

#include "conf/options.h"

/* The value of NAME, NULL when it is not set or empty. */
const char *environment_get(char *const *variables, const char *name);

/* The one option ID, where a variable says it. */
bool environment_read_option(struct options *o, enum option_id id, char *const *variables, struct err *err);

/* Topics are separated by commas, properties by semicolons. A variable EXPTOP_*
 * that is no option becomes a sentence in WARNINGS. */
bool environment_read(struct options *o, char *const *variables, struct strings *warnings, struct err *err);

#endif
