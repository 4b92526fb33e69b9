/* SPDX-License-Identifier: MIT */
/* The man pages say what the table of options says, and nothing else. */
#include "conf/file.h"
#include "conf/option.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* The mdoc line that opens the paragraph of an option. */
static void
add_item(struct buf *out, enum option_id id, enum verb verb)
{
	const struct option *row = option_row(id);

	buf_str(out, ".It ");
	if (row->letter)
		buf_addf(out, "Fl %c , ", row->letter);
	buf_addf(out, "Fl -%s", row->name);
	if (row->choices) {
		buf_str(out, " Cm ");
		for (const char *p = row->choices; *p; p++)
			buf_str(out, *p == '|' ? " | " : (char[]){*p, '\0'});
	} else if (row->metavar) {
		buf_addf(out, " Ar %s", option_metavar(id, verb));
	}
	buf_char(out, '\n');
	if (row->fallback && row->type != TYPE_FLAG)
		buf_addf(out, "Default: %s.\n", row->fallback);
}

/* Of a page the lines that open an option, and those that say a default. */
static void
add_items_of_page(struct buf *out, const char *name)
{
	struct buf page = {0};
	struct err err;

	if (!file_read(&page, name, 1 << 20, &err))
		fail_msg("%s", err.text);
	for (const char *line = buf_cstr(&page); *line; line += strcspn(line, "\n") + 1)
		if (strncmp(line, ".It Fl ", 7) == 0 || strncmp(line, "Default: ", 9) == 0)
			buf_addf(out, "%.*s\n", (int)strcspn(line, "\n"), line);
	buf_free(&page);
}

static void
assert_page(const char *name, enum verb verb, bool (*belongs)(enum option_id id, enum verb verb))
{
	struct buf expected = {0}, there = {0};

	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (belongs(id, verb))
			add_item(&expected, id, verb);
	add_items_of_page(&there, name);
	assert_string_equal(buf_cstr(&there), buf_cstr(&expected));
	buf_free(&expected);
	buf_free(&there);
}

/* What a verb's own page has: the monitor's is the page of the whole program. */
static bool
is_own(enum option_id id, enum verb verb)
{
	return option_applies(id, verb) &&
	       (!option_applies(id, VERB_MONITOR) || option_differs(id, verb));
}

static void
pages_have_the_options_of_their_verb(void **state)
{
	(void)state;
	assert_page(TESTMAN "/exptop.1", VERB_MONITOR, option_applies);
	assert_page(TESTMAN "/exptop-consume.1", VERB_CONSUME, is_own);
	assert_page(TESTMAN "/exptop-groups.1", VERB_GROUPS, is_own);
	assert_page(TESTMAN "/exptop-broker.1", VERB_BROKER, is_own);
	assert_page(TESTMAN "/exptop-produce.1", VERB_PRODUCE, is_own);
	assert_page(TESTMAN "/exptop-topics.1", VERB_TOPICS, is_own);
	assert_page(TESTMAN "/exptop-plan.1", VERB_PLAN, is_own);
	assert_page(TESTMAN "/exptop-rate.1", VERB_RATE, is_own);
	assert_page(TESTMAN "/exptop-record.1", VERB_RECORD, is_own);
	assert_page(TESTMAN "/exptop-replay.1", VERB_REPLAY, is_own);
	assert_page(TESTMAN "/exptop-report.1", VERB_REPORT, is_own);
	assert_page(TESTMAN "/exptop-verify.1", VERB_VERIFY, is_own);
	assert_page(TESTMAN "/experiment-producer.1", VERB_EXPERIMENT_PRODUCER, option_applies);
}

static void
add_choices(struct buf *out, const char *choices)
{
	buf_str(out, "One of");
	for (size_t n; *choices; choices += n + (choices[n] == '|')) {
		n = strcspn(choices, "|");
		buf_addf(out, " \\(dq%.*s\\(dq%s", (int)n, choices, choices[n] ? "," : ".\n");
	}
}

/* The paragraph of a key of the configuration file. */
static void
add_key(struct buf *out, const struct option *row)
{
	static const char *const types[] = {
		[TYPE_FLAG] = "True or false.\n",
		[TYPE_TEXT] = "Text.\n",
		[TYPE_PATH] = "Path.\n",
		[TYPE_INTEGER] = "Whole number",
		[TYPE_NUMBER] = "Number",
		[TYPE_CHOICE] = "",
		[TYPE_LIST] = "List of texts.\n",
		[TYPE_PAIRS] = "List of texts, each PROP=VALUE.\n",
	};
	const char *quote = row->choices || row->type == TYPE_TEXT ? "\\(dq" : "";

	buf_addf(out, ".It Ic %s", row->name);
	if (row->fallback)
		buf_addf(out, " = %s%s%s", quote, row->fallback, quote);
	buf_addf(out, "\n%s", types[row->type]);
	if (row->choices)
		add_choices(out, row->choices);
	else if (row->most > 0)
		buf_addf(out, " from %.15g to %.15g.\n", row->least, row->most);
}

static void
the_page_of_the_file_has_its_keys(void **state)
{
	static const char begin[] = ".Bl -tag -width Ds -compact\n", end[] = ".El\n";
	struct buf expected = {0}, page = {0};
	struct err err;
	char *keys;

	(void)state;
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (!(option_row(id)->flags & NOT_IN_FILE))
			add_key(&expected, option_row(id));
	if (!file_read(&page, TESTMAN "/exptop.conf.5", 1 << 20, &err))
		fail_msg("%s", err.text);
	keys = strstr(buf_cstr(&page), begin);
	assert_non_null(keys);
	keys += strlen(begin);
	assert_non_null(strstr(keys, end));
	*strstr(keys, end) = '\0';
	assert_string_equal(keys, buf_cstr(&expected));
	buf_free(&expected);
	buf_free(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_have_the_options_of_their_verb),
		cmocka_unit_test(the_page_of_the_file_has_its_keys),
	};

	return cmocka_run_group_tests_name("man", tests, NULL, NULL);
}
