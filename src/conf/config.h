/* SPDX-License-Identifier: MIT */
/*
 * The configuration file, in libconfig's form: the keys are the long names of
 * the options (conf/option.h). A relative path in it is relative to its folder,
 * ~/ is the user's. The strings of VARIABLES are the process's environment as
 * main has it.
 */
#ifndef CONF_CONFIG_H
#define CONF_CONFIG_H

#include "conf/options.h"

/* All sources besides the command line, which must have been parsed into O: the
 * environment, then the file that --config or EXPTOP_CONFIG names, else the
 * user's, else SYSTEM_FOLDER/exptop.conf; then O is settled. OPT_CONFIG is the file
 * that was read. What is odd but no error is a sentence in WARNINGS each. Errors
 * name FILE:LINE or the variable. */
bool config_load(struct options *o, char *const *variables, const char *system_folder, struct strings *warnings,
		 struct err *err);

/* Read one file into O. HOME may be NULL. */
bool config_load_file(struct options *o, const char *file, const char *home, struct strings *warnings, struct err *err);

#endif
