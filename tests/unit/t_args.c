/* SPDX-License-Identifier: MIT */
#include "conf/args.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* The options that the words of LINE (separated by blanks) come to; NULL with the sentence in ERR. */
static struct options *
parse(const char *line, struct err *err)
{
	struct options *o = options_new();
	char words[256], *argv[32] = {(char[]){"exptop"}};
	int argc = 1;
	bool ok;

	assert_true(strlen(line) < sizeof(words));
	strcpy(words, line);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	ok = args_parse(o, argc, argv, err);
	if (ok)
		return o;
	options_free(o);
	return NULL;
}

static struct options *
parsed(const char *line)
{
	struct err err = {0};
	struct options *o = parse(line, &err);

	if (!o)
		fail_msg("%s: %s", line, err.text);
	return o;
}

static void
assert_text(const char *line, enum option_id id, const char *expected)
{
	struct options *o = parsed(line);

	assert_string_equal(options_text(o, id), expected);
	options_free(o);
}

static void
assert_refused(const char *line, const char *why)
{
	struct err err = {0};

	assert_null(parse(line, &err));
	assert_string_equal(err.text, why);
}

static void
values_attach_in_every_gnu_way(void **state)
{
	(void)state;
	assert_text("--count=5", OPT_COUNT, "5");
	assert_text("--count 5", OPT_COUNT, "5");
	assert_text("-n5", OPT_COUNT, "5");
	assert_text("-n 5", OPT_COUNT, "5");
	assert_text("-en5", OPT_COUNT, "5");
	assert_text("-en5", OPT_EXIT_AT_END, "true");
	assert_text("-eq", OPT_QUIET, "true");
	assert_text("--quiet=no", OPT_QUIET, "no");
	assert_text("--seek -5", OPT_SEEK, "-5");
	assert_text("-G random", OPT_GROUP, "random");
	assert_text("-n5 -n 6", OPT_COUNT, "6");
	assert_text("--auth=a=b", OPT_AUTH, "a=b");
}

static void
the_first_plain_argument_may_be_the_verb(void **state)
{
	struct options *o = parsed("consume a b");

	(void)state;
	assert_int_equal(options_verb(o), VERB_CONSUME);
	assert_true(options_verb_named(o));
	assert_int_equal(options_list(o, OPT_TOPIC)->n, 2);
	options_free(o);

	o = parsed("-b h:1 consume -t consume config");
	assert_int_equal(options_verb(o), VERB_CONSUME);
	assert_string_equal(options_list(o, OPT_TOPIC)->item[0], "consume");
	assert_string_equal(options_list(o, OPT_TOPIC)->item[1], "config");
	assert_string_equal(options_item_origin(o, OPT_TOPIC, 0), "--topic");
	assert_string_equal(options_item_origin(o, OPT_TOPIC, 1), "argument");
	options_free(o);

	o = parsed("-- consume --quiet");
	assert_int_equal(options_verb(o), VERB_MONITOR);
	assert_false(options_verb_named(o));
	assert_string_equal(options_list(o, OPT_TOPIC)->item[1], "--quiet");
	options_free(o);
}

static void
properties_are_the_strongest(void **state)
{
	struct options *o = parsed("-X debug=broker -Xbootstrap.servers=x:1 -b y:2");
	struct err err;

	(void)state;
	assert_true(options_settle(o, &err));
	assert_string_equal(options_text(o, OPT_BROKERS), "x:1");
	assert_string_equal(options_list(o, OPT_PROPERTY)->item[0], "debug=broker");
	assert_string_equal(options_item_origin(o, OPT_PROPERTY, 0), "-X");
	options_free(o);
}

static void
what_is_wrong_is_said_with_the_way_out(void **state)
{
	(void)state;
	assert_refused("--borkers=x", "unknown option --borkers; did you mean --brokers?");
	assert_refused("--broker x", "unknown option --broker; did you mean --brokers?");
	assert_refused("--xyzzy", "unknown option --xyzzy; exptop --help lists them");
	assert_refused("-qz", "unknown option -z; exptop --help lists them");
	assert_refused("-b", "--brokers wants a value: LIST");
	assert_refused("-o", "--offset-reset wants a value: latest|earliest");
	assert_refused("-o beginning",
		       "--offset-reset: the policy is earliest or latest; to start there use --seek beginning");
	assert_refused("-n many", "--count: expected a whole number from 1 to 1000000000000, not \"many\"");
	assert_refused("-X debug", "-X: expected PROP=VALUE, as in socket.keepalive.enable=true");
	assert_refused("--quiet=", "--quiet: expected true or false, not \"\"");
	assert_refused("monitor --format raw", "--format is an option of exptop consume, not of exptop monitor");
	assert_refused("--summary", "--summary is an option of exptop consume, not of exptop monitor");
	assert_refused("broker -b x", "--brokers is an option of exptop monitor, not of exptop broker");
}

static void
config_takes_the_options_of_every_verb(void **state)
{
	struct options *o = parsed("config --format raw --replay f t");

	(void)state;
	assert_int_equal(options_verb(o), VERB_CONFIG);
	options_free(o);
}

static void
assert_fits_80_columns(const char *text)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 80)
			fail_msg("too long: %.*s", (int)strcspn(line, "\n"), line);
}

static void
assert_help_lists(const char *line, enum verb verb)
{
	struct options *o = parsed(line);
	struct buf help = {0};
	char item[64];

	args_usage(&help, o);
	assert_fits_80_columns(buf_cstr(&help));
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		snprintf(item, sizeof(item), "%s--%s%s", option_row(id)->letter ? ", " : "      ", option_row(id)->name,
			 option_row(id)->type == TYPE_FLAG ? "  " : " ");
		assert_int_equal(strstr(buf_cstr(&help), item) != NULL, option_applies(id, verb));
	}
	assert_int_equal(strstr(buf_cstr(&help), "\nVerbs") != NULL, !options_verb_named(o));
	buf_free(&help);
	options_free(o);
}

static void
help_lists_what_applies(void **state)
{
	(void)state;
	assert_help_lists("-h", VERB_MONITOR);
	assert_help_lists("monitor -h", VERB_MONITOR);
	assert_help_lists("consume -h", VERB_CONSUME);
	assert_help_lists("broker -h", VERB_BROKER);
	assert_help_lists("config -h", VERB_CONFIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_attach_in_every_gnu_way),
		cmocka_unit_test(the_first_plain_argument_may_be_the_verb),
		cmocka_unit_test(properties_are_the_strongest),
		cmocka_unit_test(what_is_wrong_is_said_with_the_way_out),
		cmocka_unit_test(config_takes_the_options_of_every_verb),
		cmocka_unit_test(help_lists_what_applies),
	};

	return cmocka_run_group_tests_name("args", tests, NULL, NULL);
}
