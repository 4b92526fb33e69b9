/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "conf/args.h"
#include "conf/config.h"
#include "conf/environment.h"
#include "conf/file.h"
#include "conf/listing.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char *folder;
	struct options *o;
	struct strings warnings;
	struct err err;
};

static int
enter(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));

	p->folder = xstrdup("/tmp/exptop-config.XXXXXX");
	p->o = options_new();
	*state = p;
	return mkdtemp(p->folder) ? 0 : -1;
}

static int
leave(void **state)
{
	struct place *p = *state;
	char *command = xasprintf("rm -r '%s'", p->folder);
	int status = system(command);

	options_free(p->o);
	strings_clear(&p->warnings);
	free(p->folder);
	free(command);
	free(p);
	return status;
}

/* A file of that NAME in the test's folder; the caller frees its path. */
static char *
write_file(const struct place *p, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", p->folder, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return path;
}

static bool
read_text(struct place *p, const char *text)
{
	char *path = write_file(p, "exptop.conf", text);
	bool ok = config_load_file(p->o, path, "/home/anna", &p->warnings, &p->err);

	free(path);
	return ok;
}

/* What ERR or a warning says, with FOLDER for the test's folder. */
static void
assert_says(const struct place *p, const char *said, const char *expected)
{
	struct buf shown = {0};
	size_t n = strlen(p->folder);

	while (*said) {
		if (strncmp(said, p->folder, n) == 0) {
			buf_str(&shown, "FOLDER");
			said += n;
		} else {
			buf_char(&shown, *said++);
		}
	}
	assert_string_equal(buf_cstr(&shown), expected);
	buf_free(&shown);
}

static void
assert_refused(struct place *p, const char *text, const char *why)
{
	assert_false(read_text(p, text));
	assert_says(p, p->err.text, why);
}

static void
keys_are_the_option_names(void **state)
{
	struct place *p = *state;

	assert_true(read_text(p, "# a comment\n"
				 "brokers = \"a:1,b:2\";\n"
				 "topic = [ \"one\", \"two\" ]\n"
				 "offset-reset : \"earliest\"\n"
				 "exit-at-end = true;\n"
				 "count = 12\n"
				 "interval = 0.5\n"
				 "timeout = 3\n"
				 "seek = -5\n"
				 "property = ( \"a=b\", \"c=d\" )\n"));
	assert_string_equal(options_text(p->o, OPT_BROKERS), "a:1,b:2");
	assert_says(p, options_origin(p->o, OPT_BROKERS), "FOLDER/exptop.conf:2");
	assert_int_equal(options_list(p->o, OPT_TOPIC)->n, 2);
	assert_string_equal(options_list(p->o, OPT_TOPIC)->item[1], "two");
	assert_string_equal(options_text(p->o, OPT_OFFSET_RESET), "earliest");
	assert_true(options_flag(p->o, OPT_EXIT_AT_END));
	assert_int_equal(options_integer(p->o, OPT_COUNT), 12);
	assert_float_equal(options_number(p->o, OPT_INTERVAL), 0.5, 0);
	assert_float_equal(options_number(p->o, OPT_TIMEOUT), 3, 0);
	assert_string_equal(options_text(p->o, OPT_SEEK), "-5");
	assert_string_equal(options_list(p->o, OPT_PROPERTY)->item[1], "c=d");
	assert_int_equal(p->warnings.n, 0);
}

static void
paths_are_relative_to_the_file(void **state)
{
	struct place *p = *state;

	assert_true(read_text(p, "auth = \"keys\"; log-file = \"/var/log/e\"; load = \"~/my.json\";"));
	assert_says(p, options_text(p->o, OPT_AUTH), "FOLDER/keys");
	assert_string_equal(options_text(p->o, OPT_LOG_FILE), "/var/log/e");
	assert_string_equal(options_text(p->o, OPT_LOAD), "/home/anna/my.json");
}

static void
an_included_file_is_a_file_of_its_own(void **state)
{
	struct place *p = *state;
	char *folder = xasprintf("%s/more", p->folder);

	assert_int_equal(mkdir(folder, 0700), 0);
	free(folder);
	free(write_file(p, "more/auth.conf", "\nauth = \"keys\";\ncount = 0;\n"));
	assert_refused(p, "quiet = true;\n@include \"more/auth.conf\"\n",
		       "FOLDER/more/auth.conf:3: count: expected a whole number from 1 to 1000000000000, not \"0\"");
	assert_says(p, options_text(p->o, OPT_AUTH), "FOLDER/more/keys");
	assert_says(p, options_origin(p->o, OPT_AUTH), "FOLDER/more/auth.conf:2");
}

static void
errors_name_the_line_and_what_was_expected(void **state)
{
	struct place *p = *state;

	assert_refused(p, "\nbrokers = \"x\"\n\ncount = 0;",
		       "FOLDER/exptop.conf:4: count: expected a whole number from 1 to 1000000000000, not \"0\"");
	assert_refused(p, "brokers = true;", "FOLDER/exptop.conf:1: brokers: expected LIST, not true");
	assert_refused(p, "format = ( \"raw\" );",
		       "FOLDER/exptop.conf:1: format: expected python|json|raw|none, not a group or list");
	assert_refused(p, "quiet = { on = true; };",
		       "FOLDER/exptop.conf:1: quiet: expected true or false, not a group or list");
	assert_refused(p, "offset-reset = \"beginning\";",
		       "FOLDER/exptop.conf:1: offset-reset: the policy is earliest or latest; to start there use "
		       "--seek beginning");
	assert_refused(p, "brokers = \"x\";\ngroup == 5;\n",
		       "FOLDER/exptop.conf:2: syntax error; expected NAME = VALUE; with texts in quotes");
	assert_refused(p, "quiet = true;\nquiet = false;\n", "FOLDER/exptop.conf:2: duplicate setting name");
	assert_refused(p, "@include \"none.conf\"\n", "FOLDER/exptop.conf:1: cannot open include file");
	assert_refused(p, "property = [ \"a=b\", \"c\" ];",
		       "FOLDER/exptop.conf:1: property: expected PROP=VALUE, as in socket.keepalive.enable=true");
}

static void
what_cannot_be_read_is_refused(void **state)
{
	struct place *p = *state;
	char *missing = xasprintf("%s/none.conf", p->folder);

	assert_false(config_load_file(p->o, missing, NULL, &p->warnings, &p->err));
	assert_says(p, p->err.text, "cannot read FOLDER/none.conf: No such file or directory");
	assert_false(config_load_file(p->o, p->folder, NULL, &p->warnings, &p->err));
	assert_says(p, p->err.text, "cannot read FOLDER: Is a directory");
	free(missing);
}

static void
unknown_keys_are_named_and_ignored(void **state)
{
	struct place *p = *state;

	assert_true(read_text(p, "borkers = \"x\";\nxyzzy = 1;\nhelp = true;\n"));
	assert_int_equal(p->warnings.n, 3);
	assert_says(p, p->warnings.item[0],
		    "FOLDER/exptop.conf:1: unknown option borkers is ignored; did you mean brokers?");
	assert_says(p, p->warnings.item[1],
		    "FOLDER/exptop.conf:2: unknown option xyzzy is ignored; exptop config lists them");
	assert_says(p, p->warnings.item[2],
		    "FOLDER/exptop.conf:3: help is ignored: it belongs on the command line");
}

static void
the_environment_sets_options(void **state)
{
	struct place *p = *state;
	const char *variables[] = {"PATH=/bin", "EXPTOP_BROKERS=x:1", "EXPTOP_EXIT_AT_END=1", "EXPTOP_TOPIC=a,b",
				   "EXPTOP_GROUP=", "EXPTOP_PROPERTY=a=1,2;b=3", "EXPTOP_KEYSTORE_PASSWORD=s",
				   "EXPTOP_BROKER=y", "EXPTOP_HELP=1", "EXPTOP_XYZZY=1", NULL};

	assert_true(environment_read(p->o, (char *const *)variables, &p->warnings, &p->err));
	assert_string_equal(options_text(p->o, OPT_BROKERS), "x:1");
	assert_string_equal(options_origin(p->o, OPT_BROKERS), "EXPTOP_BROKERS");
	assert_true(options_flag(p->o, OPT_EXIT_AT_END));
	assert_int_equal(options_list(p->o, OPT_TOPIC)->n, 2);
	assert_null(options_text(p->o, OPT_GROUP));
	assert_string_equal(options_list(p->o, OPT_PROPERTY)->item[0], "a=1,2");
	assert_false(options_flag(p->o, OPT_HELP));
	assert_int_equal(p->warnings.n, 3);
	assert_string_equal(p->warnings.item[0], "the variable EXPTOP_BROKER is ignored; did you mean EXPTOP_BROKERS?");
	assert_string_equal(p->warnings.item[1],
			    "the variable EXPTOP_HELP is ignored: --help belongs on the command line");
	assert_string_equal(p->warnings.item[2], "the variable EXPTOP_XYZZY is ignored: it is no option");

	variables[1] = "EXPTOP_COUNT=x";
	assert_false(environment_read(p->o, (char *const *)variables, &p->warnings, &p->err));
	assert_string_equal(p->err.text, "EXPTOP_COUNT: expected a whole number from 1 to 1000000000000, not \"x\"");
}

/* config_load with XDG_CONFIG_HOME the folder's config, and the folder's etc. */
static bool
load(struct place *p, const char *extra)
{
	char *xdg = xasprintf("XDG_CONFIG_HOME=%s/config", p->folder), *system_folder = xasprintf("%s/etc", p->folder);
	const char *variables[] = {xdg, extra, NULL};
	bool ok = config_load(p->o, (char *const *)variables, system_folder, &p->warnings, &p->err);

	free(xdg);
	free(system_folder);
	return ok;
}

static void
make_folder(const struct place *p, const char *name)
{
	char *path = xasprintf("%s/%s", p->folder, name);

	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
}

static void
the_users_file_goes_before_the_systems(void **state)
{
	struct place *p = *state;

	make_folder(p, "etc");
	assert_true(load(p, NULL));
	assert_null(options_text(p->o, OPT_GROUP));
	free(write_file(p, "etc/exptop.conf", "group = \"system\"; timeout = 3;"));
	assert_true(load(p, NULL));
	assert_string_equal(options_text(p->o, OPT_GROUP), "system");
	make_folder(p, "config");
	make_folder(p, "config/exptop");
	free(write_file(p, "config/exptop/exptop.conf", "group = \"user\";"));
	assert_true(load(p, NULL));
	assert_string_equal(options_text(p->o, OPT_GROUP), "user");
	assert_says(p, options_text(p->o, OPT_CONFIG), "FOLDER/config/exptop/exptop.conf");
	assert_true(load(p, "EXPTOP_GROUP=environment"));
	assert_string_equal(options_text(p->o, OPT_GROUP), "environment");
	assert_false(load(p, "EXPTOP_CONFIG=/nowhere/exptop.conf"));
	assert_string_equal(p->err.text, "cannot read /nowhere/exptop.conf: No such file or directory");
}

static void
the_command_line_beats_all_but_properties(void **state)
{
	struct place *p = *state;
	const char *argv[] = {"exptop", "-G", "line", "-o", "latest", "-X", "auto.offset.reset=earliest"};

	make_folder(p, "etc");
	free(write_file(p, "etc/exptop.conf",
			"group = \"file\"; property = [ \"group.id=file2\", \"debug=all\" ]; commit = \"each\";"));
	assert_true(args_parse(p->o, 7, (char *const *)argv, &p->err));
	assert_true(load(p, "EXPTOP_GROUP=environment"));
	assert_string_equal(options_text(p->o, OPT_GROUP), "line");
	assert_string_equal(options_origin(p->o, OPT_GROUP), "--group");
	assert_string_equal(options_text(p->o, OPT_OFFSET_RESET), "earliest");
	assert_string_equal(options_origin(p->o, OPT_OFFSET_RESET), "-X auto.offset.reset");
	assert_says(p, options_origin(p->o, OPT_COMMIT), "FOLDER/etc/exptop.conf:1");
	assert_int_equal(options_list(p->o, OPT_PROPERTY)->n, 1);
}

static void
the_listing_is_a_file_that_says_the_same(void **state)
{
	struct place *p = *state;
	const char *hostile = "a \"quoted\" \\ \033[31m\xff\xc3\xa9";
	struct options *again = options_new();
	struct buf first = {0};
	char *path;

	assert_true(options_set(p->o, OPT_GROUP, hostile, FROM_ARGUMENT, "--group", &p->err));
	assert_true(options_set(p->o, OPT_TOPIC, "a", FROM_ARGUMENT, "argument", &p->err));
	assert_true(options_set(p->o, OPT_TOPIC, "b", FROM_ARGUMENT, "argument", &p->err));
	assert_true(options_set(p->o, OPT_INTERVAL, "0.25", FROM_ENVIRONMENT, "EXPTOP_INTERVAL", &p->err));
	assert_true(options_set(p->o, OPT_QUIET, "yes", FROM_ARGUMENT, "--quiet", &p->err));
	listing_print(&first, p->o);
	assert_non_null(strstr(buf_cstr(&first), "\ninterval = 0.25;                         # EXPTOP_INTERVAL\n"));
	assert_non_null(strstr(first.p, "\n    \"a\",                                 # argument\n"));
	assert_non_null(strstr(first.p, "\n# watch                                  # not set\n"));
	assert_non_null(strstr(first.p, "\n# load                                   # the installed demo.json\n"));
	assert_null(strchr(first.p, '\033'));

	path = write_file(p, "listing.conf", first.p);
	assert_true(config_load_file(again, path, NULL, &p->warnings, &p->err));
	assert_int_equal(p->warnings.n, 0);
	assert_string_equal(options_text(again, OPT_GROUP), hostile);
	assert_int_equal(options_list(again, OPT_TOPIC)->n, 2);
	assert_true(options_flag(again, OPT_QUIET));
	free(path);
	buf_free(&first);
	options_free(again);
}

static void
secrets_are_not_listed(void **state)
{
	struct place *p = *state;
	const char *const secrets[] = {"ssl.keystore.password=hush", "ssl.key.password=hush", "sasl.password=hush",
				       "ssl.key.pem=hush", "sasl.oauthbearer.client.secret=hush"};
	struct buf listing = {0};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_true(options_set(p->o, OPT_PROPERTY, secrets[i], FROM_PROPERTY, "-X", &p->err));
	assert_true(options_set(p->o, OPT_PROPERTY, "ssl.ca.location=shown", FROM_PROPERTY, "-X", &p->err));
	listing_print(&listing, p->o);
	assert_null(strstr(buf_cstr(&listing), "hush"));
	assert_non_null(strstr(listing.p, "\"ssl.key.password=(hidden)\""));
	assert_non_null(strstr(listing.p, "shown"));
	buf_free(&listing);
}

/* TEXT with its settings, "#name = value", set: without the #. */
static void
uncomment(struct buf *out, const char *text)
{
	size_t n;

	for (const char *line = text; *line; line += n + (line[n] == '\n')) {
		n = strcspn(line, "\n");
		if (line[0] == '#' && n > 1 && line[1] != ' ')
			buf_add(out, line + 1, n - 1);
		else
			buf_add(out, line, n);
		buf_char(out, '\n');
	}
}

/* What the sample should say of the option: its default, or the table's example. */
static void
assert_as_in_table(const struct place *p, enum option_id id)
{
	const struct option *row = option_row(id);
	bool list = row->type == TYPE_LIST || row->type == TYPE_PAIRS;
	const char *said = list && options_given(p->o, id) ? options_list(p->o, id)->item[0] : options_text(p->o, id);
	char *expected = xstrdup(row->fallback ? row->fallback : row->example);

	if (row->type == TYPE_PATH) {
		free(expected);
		expected = xasprintf("%s/%s", p->folder, row->example);
	}
	if (!options_given(p->o, id))
		fail_msg("etc/exptop.conf does not name %s", row->name);
	assert_string_equal(said, expected);
	free(expected);
}

static void
the_sample_is_the_table(void **state)
{
	struct place *p = *state;
	struct buf sample = {0}, whole = {0};

	if (!file_read(&sample, TESTETC "/exptop.conf", 1 << 20, &p->err))
		fail_msg("%s", p->err.text);
	assert_true(read_text(p, buf_cstr(&sample)));
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		assert_false(options_given(p->o, id));
	uncomment(&whole, buf_cstr(&sample));
	if (!read_text(p, buf_cstr(&whole)))
		fail_msg("%s", p->err.text);
	assert_int_equal(p->warnings.n, 0);
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (!(option_row(id)->flags & NOT_IN_FILE))
			assert_as_in_table(p, id);
	buf_free(&sample);
	buf_free(&whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keys_are_the_option_names, enter, leave),
		cmocka_unit_test_setup_teardown(paths_are_relative_to_the_file, enter, leave),
		cmocka_unit_test_setup_teardown(an_included_file_is_a_file_of_its_own, enter, leave),
		cmocka_unit_test_setup_teardown(errors_name_the_line_and_what_was_expected, enter, leave),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused, enter, leave),
		cmocka_unit_test_setup_teardown(unknown_keys_are_named_and_ignored, enter, leave),
		cmocka_unit_test_setup_teardown(the_environment_sets_options, enter, leave),
		cmocka_unit_test_setup_teardown(the_users_file_goes_before_the_systems, enter, leave),
		cmocka_unit_test_setup_teardown(the_command_line_beats_all_but_properties, enter, leave),
		cmocka_unit_test_setup_teardown(the_listing_is_a_file_that_says_the_same, enter, leave),
		cmocka_unit_test_setup_teardown(secrets_are_not_listed, enter, leave),
		cmocka_unit_test_setup_teardown(the_sample_is_the_table, enter, leave),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
