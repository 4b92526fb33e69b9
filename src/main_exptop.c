/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "base/rng.h"
#include "base/text.h"
#include "cmd.h"
#include "conf/args.h"
#include "conf/config.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

static int (*const commands[VERB_COUNT])(const struct options *) = {
	[VERB_MONITOR] = cmd_monitor,
	[VERB_CONSUME] = cmd_consume,
	[VERB_BROKER] = cmd_broker,
	[VERB_PRODUCE] = cmd_produce,
	[VERB_TOPICS] = cmd_topics,
	[VERB_GROUPS] = cmd_groups,
	[VERB_PLAN] = cmd_plan,
	[VERB_CONFIG] = cmd_config,
};

/* Characters as the locale has them; numbers stay with a decimal point. */
static void
choose_characters(void)
{
	setlocale(LC_CTYPE, "");
	text_set_utf8(strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
}

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
print_help(const struct options *o)
{
	struct buf text = {0};

	args_usage(&text, o);
	fputs(buf_cstr(&text), stdout);
	buf_free(&text);
	return EXIT_DONE;
}

/* Text that standard output did not take is no success. */
static int
flush_output(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	cmd_complain("cannot write to standard output");
	return EXIT_FAILED;
}

/* A closed standard stream's number would go to the next file opened, and what is printed into that one. */
static void
hold_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static int
refuse(const char *sentence)
{
	cmd_complain(sentence);
	fputs("Try 'exptop --help'.\n", stderr);
	return EXIT_USAGE;
}

static int
run(const struct options *o)
{
	const char *log_file = options_text(o, OPT_LOG_FILE);
	struct err err;

	if (options_flag(o, OPT_ASCII))
		text_set_utf8(false);
	if (options_flag(o, OPT_VERBOSE))
		log_set_level(LOG_DEBUG);
	if (log_file && !log_open(log_file, &err))
		return refuse(err.text);
	return commands[options_verb(o)](o);
}

int
main(int argc, char **argv)
{
	struct options *o = options_new();
	struct err err = {0};
	int status;

	hold_streams();
	choose_characters();
	if (!read_options(o, argc, argv, &err))
		status = refuse(err.text);
	else if (options_flag(o, OPT_HELP))
		status = flush_output(print_help(o));
	else if (options_flag(o, OPT_VERSION))
		status = flush_output(puts(PACKAGE_STRING) < 0 ? EXIT_FAILED : EXIT_DONE);
	else
		status = run(o);
	options_free(o);
	log_close();
	return status;
}
