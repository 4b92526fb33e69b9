/* SPDX-License-Identifier: MIT */
/*
 * The command line: --name=value, --name value, -n5, -n 5, flags bundled (-eq),
 * `--`; plain arguments are topics, or words where the verb takes those, and a
 * first one that is a verb is the verb.
 * Names are not abbreviated. Pure.
 */
#ifndef CONF_ARGS_H
#define CONF_ARGS_H

#include "conf/options.h"

/* ARGV as main has it; ARGV[0] is skipped. */
bool args_parse(struct options *o, int argc, char *const *argv, struct err *err);

/* The help that O asks for, in at most 80 columns: of its verb, and where none
 * was named the list of the verbs, too. */
void args_usage(struct buf *out, const struct options *o);

#endif
