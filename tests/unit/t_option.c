/* SPDX-License-Identifier: MIT */
#include "conf/options.h"
#include "model/status.h"
#include "unit.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static void
assert_row_is_whole(const struct option *row)
{
	bool numeric = row->type == TYPE_INTEGER || row->type == TYPE_NUMBER;

	assert_non_null(row->name);
	assert_non_null(row->help);
	assert_true(row->verbs != 0);
	assert_true(row->section < SECTION_COUNT);
	assert_false(isupper((unsigned char)row->help[0]) && islower((unsigned char)row->help[1]));
	assert_int_not_equal(row->help[strlen(row->help) - 1], '.');
	assert_int_equal(row->type == TYPE_CHOICE, row->choices != NULL);
	assert_int_equal(row->type == TYPE_FLAG || row->type == TYPE_CHOICE, row->metavar == NULL);
	assert_int_equal(numeric, row->most > 0);
	assert_true(row->fallback || row->example || (row->flags & NOT_IN_FILE) != 0 || row->unset);
	assert_false(row->fallback && row->example);
	for (size_t i = 0; i < OPTION_VARIANTS; i++)
		assert_int_equal(row->variants[i].verbs != 0, row->variants[i].help != NULL);
}

static void
every_row_is_whole_and_its_default_valid(void **state)
{
	struct err err;

	(void)state;
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *row = option_row(id);

		assert_row_is_whole(row);
		assert_true(!row->fallback || option_check(id, row->fallback, &err));
		assert_true(!row->example || option_check(id, row->example, &err));
	}
}

static void
names_and_letters_are_unique(void **state)
{
	enum option_id found;

	(void)state;
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		assert_true(option_find(slice_str(option_row(id)->name), &found));
		assert_int_equal(found, id);
		if (!option_row(id)->letter)
			continue;
		assert_true(option_find_letter(option_row(id)->letter, &found));
		assert_int_equal(found, id);
	}
	assert_false(option_find_letter('\0', &found));
}

static void
sections_stay_together(void **state)
{
	(void)state;
	for (enum option_id id = 1; id < OPTION_COUNT; id++)
		assert_true(option_row(id)->section >= option_row(id - 1)->section);
}

static void
choices_stand_in_the_order_of_their_enums(void **state)
{
	struct options *o = options_new();
	struct err err;

	(void)state;
	for (enum policy p = POLICY_LATEST; p <= POLICY_EARLIEST; p++) {
		assert_true(options_set(o, OPT_OFFSET_RESET, policy_name(p), FROM_ARGUMENT, "test", &err));
		assert_int_equal(options_choice(o, OPT_OFFSET_RESET), p);
	}
	for (enum commit_mode m = COMMIT_NONE; m <= COMMIT_EACH; m++) {
		assert_true(options_set(o, OPT_COMMIT, commit_mode_name(m), FROM_ARGUMENT, "test", &err));
		assert_int_equal(options_choice(o, OPT_COMMIT), m);
	}
	options_free(o);
}

static void
assert_refused(enum option_id id, const char *text, const char *why)
{
	struct err err = {0};

	assert_false(option_check(id, text, &err));
	assert_string_equal(err.text, why);
}

static void
values_are_checked(void **state)
{
	struct err err;

	(void)state;
	assert_true(option_check(OPT_COUNT, "5", &err));
	assert_refused(OPT_COUNT, "0", "expected a whole number from 1 to 1000000000000, not \"0\"");
	assert_refused(OPT_COUNT, "5.5", "expected a whole number from 1 to 1000000000000, not \"5.5\"");
	assert_refused(OPT_COUNT, "", "expected a whole number from 1 to 1000000000000, not \"\"");
	assert_true(option_check(OPT_INTERVAL, "0.5", &err));
	assert_refused(OPT_INTERVAL, "nan", "expected a number from 0.1 to 3600, not \"nan\"");
	assert_refused(OPT_INTERVAL, "0x10", "expected a number from 0.1 to 3600, not \"0x10\"");
	assert_refused(OPT_INTERVAL, " 1", "expected a number from 0.1 to 3600, not \" 1\"");
	assert_refused(OPT_INTERVAL, "1s", "expected a number from 0.1 to 3600, not \"1s\"");
	assert_refused(OPT_FORMAT, "xml", "expected python, json, raw or none, not \"xml\"");
	assert_refused(OPT_FORMAT, "js", "expected python, json, raw or none, not \"js\"");
	assert_refused(OPT_OFFSET_RESET, "beginning",
		       "the policy is earliest or latest; to start there use --seek beginning");
	assert_refused(OPT_QUIET, "perhaps", "expected true or false, not \"perhaps\"");
	assert_refused(OPT_BROKERS, "", "expected LIST, not an empty text");
	assert_refused(OPT_PROPERTY, "debug", "expected PROP=VALUE, as in socket.keepalive.enable=true");
	assert_refused(OPT_PROPERTY, "=debug", "expected PROP=VALUE, as in socket.keepalive.enable=true");
}

static const char *
nearest(const char *name)
{
	return option_nearest_name(slice_str(name));
}

static void
a_slip_of_the_finger_is_understood(void **state)
{
	(void)state;
	assert_string_equal(nearest("borkers"), "brokers");
	assert_string_equal(nearest("broker"), "brokers");
	assert_string_equal(nearest("offset"), "offset-reset");
	assert_string_equal(nearest("no-colour"), "no-color");
	assert_null(nearest("zzzzzz"));
	assert_null(nearest("x"));
	assert_null(nearest(""));
}

static void
the_stronger_source_wins_in_any_order(void **state)
{
	struct options *o = options_new();
	struct err err;

	(void)state;
	assert_string_equal(options_origin(o, OPT_OFFSET_RESET), "default");
	assert_false(options_given(o, OPT_OFFSET_RESET));
	assert_true(options_set(o, OPT_TIMEOUT, "3", FROM_ARGUMENT, "--timeout", &err));
	assert_true(options_set(o, OPT_TIMEOUT, "4", FROM_FILE, "f:1", &err));
	assert_float_equal(options_number(o, OPT_TIMEOUT), 3, 0);
	assert_true(options_set(o, OPT_TIMEOUT, "5", FROM_ARGUMENT, "--timeout", &err));
	assert_float_equal(options_number(o, OPT_TIMEOUT), 5, 0);
	assert_string_equal(options_origin(o, OPT_TIMEOUT), "--timeout");
	assert_true(options_given(o, OPT_TIMEOUT));
	options_free(o);
}

static void
a_list_is_replaced_and_properties_add_up(void **state)
{
	struct options *o = options_new();
	const struct strings *topics = options_list(o, OPT_TOPIC), *properties = options_list(o, OPT_PROPERTY);
	struct err err;

	(void)state;
	assert_true(options_set(o, OPT_TOPIC, "a", FROM_FILE, "f:1", &err));
	assert_true(options_set(o, OPT_TOPIC, "b", FROM_FILE, "f:1", &err));
	assert_int_equal(topics->n, 2);
	assert_true(options_set(o, OPT_TOPIC, "c", FROM_ARGUMENT, "--topic", &err));
	assert_true(options_set(o, OPT_TOPIC, "d", FROM_ENVIRONMENT, "EXPTOP_TOPIC", &err));
	assert_int_equal(topics->n, 1);
	assert_string_equal(topics->item[0], "c");

	assert_true(options_set(o, OPT_PROPERTY, "x=1", FROM_PROPERTY, "-X", &err));
	assert_true(options_set(o, OPT_PROPERTY, "x=2", FROM_FILE, "f:2", &err));
	assert_true(options_set(o, OPT_PROPERTY, "y=3", FROM_FILE, "f:2", &err));
	assert_int_equal(properties->n, 3);
	assert_string_equal(properties->item[0], "x=2");
	assert_string_equal(properties->item[1], "y=3");
	assert_string_equal(properties->item[2], "x=1");
	assert_string_equal(options_item_origin(o, OPT_PROPERTY, 1), "f:2");
	assert_string_equal(options_item_origin(o, OPT_PROPERTY, 2), "-X");
	options_free(o);
}

static void
properties_that_are_options_become_options(void **state)
{
	struct options *o = options_new();
	struct err err = {0};

	(void)state;
	assert_true(options_set(o, OPT_GROUP, "mine", FROM_ARGUMENT, "--group", &err));
	assert_true(options_set(o, OPT_BROKERS, "a:1", FROM_ARGUMENT, "--brokers", &err));
	assert_true(options_set(o, OPT_PROPERTY, "group.id=files", FROM_FILE, "f:1", &err));
	assert_true(options_set(o, OPT_PROPERTY, "bootstrap.servers=b:2", FROM_PROPERTY, "-X", &err));
	assert_true(options_set(o, OPT_PROPERTY, "auto.offset.reset=smallest", FROM_PROPERTY, "-X", &err));
	assert_true(options_set(o, OPT_PROPERTY, "enable.auto.commit=false", FROM_PROPERTY, "-X", &err));
	assert_true(options_set(o, OPT_PROPERTY, "client.id=me", FROM_PROPERTY, "-X", &err));
	assert_true(options_settle(o, &err));
	assert_string_equal(options_text(o, OPT_GROUP), "mine");
	assert_string_equal(options_text(o, OPT_BROKERS), "b:2");
	assert_string_equal(options_origin(o, OPT_BROKERS), "-X bootstrap.servers");
	assert_string_equal(options_text(o, OPT_OFFSET_RESET), "earliest");
	assert_string_equal(options_text(o, OPT_COMMIT), "none");
	assert_int_equal(options_list(o, OPT_PROPERTY)->n, 1);
	assert_string_equal(options_list(o, OPT_PROPERTY)->item[0], "client.id=me");

	assert_true(options_set(o, OPT_PROPERTY, "auto.offset.reset=error", FROM_PROPERTY, "-X", &err));
	assert_false(options_settle(o, &err));
	assert_string_equal(err.text, "-X auto.offset.reset: expected latest or earliest, not \"error\"");
	options_free(o);
}

static void
the_demo_writes_to_no_cluster_but_one_named_with_it(void **state)
{
	struct options *o = options_new();
	struct err err;

	(void)state;
	assert_true(options_set(o, OPT_BROKERS, "real:1", FROM_ENVIRONMENT, "EXPTOP_BROKERS", &err));
	assert_true(options_set(o, OPT_AUTH, "keys", FROM_FILE, "f:1", &err));
	assert_true(options_set(o, OPT_PROPERTY, "security.protocol=SSL", FROM_FILE, "f:2", &err));
	assert_true(options_set(o, OPT_PROPERTY, "client.id=me", FROM_PROPERTY, "-X", &err));
	assert_true(options_set(o, OPT_DEMO, "true", FROM_ARGUMENT, "--demo", &err));
	assert_true(options_settle(o, &err));
	assert_null(options_text(o, OPT_BROKERS));
	assert_string_equal(options_origin(o, OPT_BROKERS), "default");
	assert_null(options_text(o, OPT_AUTH));
	assert_int_equal(options_list(o, OPT_PROPERTY)->n, 1);
	assert_string_equal(options_list(o, OPT_PROPERTY)->item[0], "client.id=me");

	assert_true(options_set(o, OPT_BROKERS, "mine:1", FROM_ARGUMENT, "--brokers", &err));
	assert_true(options_set(o, OPT_AUTH, "keys", FROM_FILE, "f:1", &err));
	assert_true(options_settle(o, &err));
	assert_string_equal(options_text(o, OPT_BROKERS), "mine:1");
	assert_string_equal(options_text(o, OPT_AUTH), "keys");
	options_free(o);
}

static void
unset_values_are_unknown_not_zero(void **state)
{
	struct options *o = options_new();

	(void)state;
	assert_null(options_text(o, OPT_BROKERS));
	assert_int_equal(options_integer(o, OPT_COUNT), -1);
	assert_true(isnan(options_number(o, OPT_SECONDS)));
	assert_int_equal(options_choice(o, OPT_COMMIT), -1);
	assert_false(options_flag(o, OPT_QUIET));
	options_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole_and_its_default_valid),
		cmocka_unit_test(names_and_letters_are_unique),
		cmocka_unit_test(sections_stay_together),
		cmocka_unit_test(choices_stand_in_the_order_of_their_enums),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(a_slip_of_the_finger_is_understood),
		cmocka_unit_test(the_stronger_source_wins_in_any_order),
		cmocka_unit_test(a_list_is_replaced_and_properties_add_up),
		cmocka_unit_test(properties_that_are_options_become_options),
		cmocka_unit_test(the_demo_writes_to_no_cluster_but_one_named_with_it),
		cmocka_unit_test(unset_values_are_unknown_not_zero),
	};

	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
