/* SPDX-License-Identifier: MIT */
#include "base/rng.h"
#include "cmd.h"
#include "conf/args.h"
#include "conf/config.h"

#include <unistd.h>

static int (*const commands[VERB_COUNT])(const struct options *) = {
	[VERB_MONITOR] = cmd_monitor,
	[VERB_CONSUME] = cmd_consume,
	[VERB_BROKER] = cmd_broker,
	[VERB_PRODUCE] = cmd_produce,
	[VERB_TOPICS] = cmd_topics,
	[VERB_GROUPS] = cmd_groups,
	[VERB_PLAN] = cmd_plan,
	[VERB_RATE] = cmd_rate,
	[VERB_RECORD] = cmd_record,
	[VERB_REPLAY] = cmd_replay,
	[VERB_REPORT] = cmd_report,
	[VERB_VERIFY] = cmd_verify,
	[VERB_CONFIG] = cmd_config,
};

/* -G random: a group that nobody has been in. */
static void
name_random_group(struct options *o)
{
	const char *group = options_text(o, OPT_GROUP);
	struct rng rng = rng_from_system();
	char name[UUID_TEXT];

	if (!group || strcmp(group, "random") != 0 || options_verb(o) == VERB_CONFIG)
		return;
	rng_uuid(&rng, name);
	options_set(o, OPT_GROUP, name, FROM_PROPERTY, options_origin(o, OPT_GROUP), NULL);
}

static bool
read_options(struct options *o, int argc, char **argv, struct err *err)
{
	struct strings warnings = {0};
	bool ok = args_parse(o, argc, argv, err);

	if (!ok || options_flag(o, OPT_HELP) || options_flag(o, OPT_VERSION))
		return ok;
	ok = config_load(o, environ, SYSCONFDIR, &warnings, err);
	for (size_t i = 0; i < warnings.n; i++)
		cmd_complain(warnings.item[i]);
	strings_clear(&warnings);
	name_random_group(o);
	return ok;
}

static int
run(struct options *o)
{
	return commands[options_verb(o)](o);
}

int
main(int argc, char **argv)
{
	struct options *o = options_new();
	struct err err = {0};

	program_begin("exptop");
	return program_run(o, read_options(o, argc, argv, &err) ? NULL : err.text, run);
}
