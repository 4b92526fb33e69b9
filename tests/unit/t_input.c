/* SPDX-License-Identifier: MIT */
#include "ui/input.h"

#include "base/text.h"
#include "ui/prompt.h"
#include "unit.h"

#include <locale.h>
#include <stdio.h>

/* BYTES as they come, the names of their keys as they should. */
static void
check(const char *bytes, const char *expected)
{
	struct input in = {0};
	char seen[256] = "", name[KEY_NAME];
	size_t used = 0;
	int key;

	input_add(&in, bytes, strlen(bytes));
	while ((key = input_key(&in, true))) {
		const char *gap = used ? " " : "";

		used += (size_t)snprintf(seen + used, sizeof(seen) - used, "%s%s", gap, input_name(name, key));
	}
	assert_string_equal(seen, expected);
	assert_int_equal(in.n, 0);
}

static void
characters_are_keys(void **state)
{
	(void)state;
	check("aZ/\\?", "a Z / \\ ?");
	check(" \r\n\t\x7f\b", "Space Enter Enter Tab Backspace Backspace");
	check("\x03\x0c\x1a", "Ctrl-C Ctrl-L Ctrl-Z");
	check("\xc3\xa9\xe6\xb8\xa9\xf0\x9f\x98\x80", "é 温 😀");
	check("\xff" "a\xc3", "a");
}

static void
sequences_are_keys(void **state)
{
	(void)state;
	check("\x1b[A\x1b[B\x1b[C\x1b[D", "Up Down Right Left");
	check("\x1bOA\x1bOB\x1bOH\x1bOF", "Up Down Home End");
	check("\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "Home End Home End Home End");
	check("\x1b[5~\x1b[6~\x1b[3~\x1b[Z", "PgUp PgDn Delete Shift-Tab");
	check("\x1bOP\x1b[11~\x1b[[A", "F1 F1 F1");
	check("\x1b[1;5A\x1b[6;2~", "Up PgDn");
}

static void
unknown_sequences_are_swallowed(void **state)
{
	(void)state;
	check("\x1b[99~q", "q");
	check("\x1b[?1;2cx", "x");
	check("\x1b[200~\x1b[201~", "");
	check("\x1bOy", "");
	check("\x1b[[B", "");
	check("\x1b[99999999999999999999999~j", "j");
}

static void
an_escape_waits_for_what_follows(void **state)
{
	struct input in = {0};

	(void)state;
	input_add(&in, "\x1b", 1);
	assert_int_equal(input_key(&in, false), 0);
	input_add(&in, "[", 1);
	assert_int_equal(input_key(&in, false), 0);
	input_add(&in, "A", 1);
	assert_int_equal(input_key(&in, false), INPUT_UP);
	input_add(&in, "\x1b", 1);
	assert_int_equal(input_key(&in, true), INPUT_ESC);
	input_add(&in, "\x1bj", 2);
	assert_int_equal(input_key(&in, false), INPUT_ESC);
	assert_int_equal(input_key(&in, false), 'j');
	input_add(&in, "\x1b[1;", 4);
	assert_int_equal(input_key(&in, true), 0);
	assert_int_equal(in.n, 0);
	input_add(&in, "\xe6\xb8", 2);
	assert_int_equal(input_key(&in, false), 0);
	input_add(&in, "\xa9", 1);
	assert_int_equal(input_key(&in, false), 0x6e29);
}

static void
endless_sequences_end(void **state)
{
	struct input in = {0};

	(void)state;
	input_add(&in, "\x1b[", 2);
	while (input_room(&in) > 0)
		input_add(&in, "1;", 2);
	input_add(&in, "1", 1);
	assert_int_equal(input_key(&in, false), 0);
	assert_int_equal(in.n, 0);
}

static void
names_go_both_ways(void **state)
{
	static const char *const names[] = {"Enter", "Esc", "Tab",  "Shift-Tab", "Space",  "Up", "PgDn", "Home",
					    "F1",    "q",   "温", "Ctrl-D",    "Ctrl-Z", "\\"};
	char name[KEY_NAME];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_string_equal(input_name(name, input_parse(names[i], strlen(names[i]))), names[i]);
	assert_int_equal(input_parse("Entrée", 7), 0);
	assert_int_equal(input_parse("", 0), 0);
}

static void
type(struct prompt *p, const char *text)
{
	for (; *text; text++)
		assert_int_equal(prompt_key(p, *text), PROMPT_TYPING);
}

static void
a_prompt_edits_its_line(void **state)
{
	struct prompt_history history = {0};
	struct prompt p;

	(void)state;
	prompt_open(&p, "search: ", &history, "");
	type(&p, "one two");
	prompt_key(&p, INPUT_CTRL('W'));
	assert_string_equal(p.text, "one ");
	prompt_key(&p, 0x6e29);
	prompt_key(&p, INPUT_LEFT);
	prompt_key(&p, 'x');
	assert_string_equal(p.text, "one x温");
	prompt_key(&p, INPUT_DELETE);
	assert_string_equal(p.text, "one x");
	prompt_key(&p, INPUT_HOME);
	prompt_key(&p, INPUT_BACKSPACE);
	prompt_key(&p, INPUT_DELETE);
	assert_string_equal(p.text, "ne x");
	prompt_key(&p, INPUT_END);
	prompt_key(&p, INPUT_CTRL('U'));
	assert_string_equal(p.text, "");
	assert_int_equal(prompt_key(&p, INPUT_ESC), PROMPT_CANCELLED);
	assert_int_equal(history.n, 0);
}

static void
a_prompt_is_bounded(void **state)
{
	struct prompt_history history = {0};
	struct prompt p;

	(void)state;
	prompt_open(&p, "", &history, "");
	for (int i = 0; i < 1000; i++)
		prompt_key(&p, 0x6e29);
	assert_true(strlen(p.text) < sizeof(p.text) && text_valid(slice_str(p.text)));
}

static void
a_prompt_remembers(void **state)
{
	struct prompt_history history = {0};
	struct prompt p;
	char text[16];

	(void)state;
	for (int i = 0; i < PROMPT_HISTORY + 5; i++) {
		snprintf(text, sizeof(text), "line %d", i);
		prompt_open(&p, "", &history, text);
		assert_int_equal(prompt_key(&p, INPUT_ENTER), PROMPT_DONE);
	}
	assert_int_equal(history.n, PROMPT_HISTORY);
	prompt_open(&p, "", &history, "line 20");
	prompt_key(&p, INPUT_ENTER); /* known: moves to the front */
	assert_int_equal(history.n, PROMPT_HISTORY);
	prompt_open(&p, "", &history, "");
	prompt_key(&p, INPUT_UP);
	assert_string_equal(p.text, "line 20");
	prompt_key(&p, INPUT_UP);
	assert_string_equal(p.text, "line 24");
	for (int i = 0; i < 50; i++)
		prompt_key(&p, INPUT_UP);
	assert_string_equal(p.text, "line 5");
	for (int i = 0; i < 50; i++)
		prompt_key(&p, INPUT_DOWN);
	assert_string_equal(p.text, "");
}

static void
check_prompt(struct prompt *p, int w, const char *expected)
{
	struct canvas *c = canvas_new(1, 20);
	struct buf out = {0};

	prompt_draw(p, c, 0, 1, w);
	canvas_dump(c, &out);
	assert_string_equal(buf_cstr(&out), expected);
	buf_free(&out);
	canvas_free(c);
}

static void
a_prompt_shows_its_cursor(void **state)
{
	struct prompt_history history = {0};
	struct prompt p;

	(void)state;
	prompt_open(&p, "find: ", &history, "abc");
	check_prompt(&p, 18, " find: abc\n");
	prompt_open(&p, "find: ", &history, "abcdefghijklmnop");
	check_prompt(&p, 18, " find: gh" "ijklmnop\n");
	check_prompt(&p, 3, " fi…\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_keys),
		cmocka_unit_test(sequences_are_keys),
		cmocka_unit_test(unknown_sequences_are_swallowed),
		cmocka_unit_test(an_escape_waits_for_what_follows),
		cmocka_unit_test(endless_sequences_end),
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(a_prompt_edits_its_line),
		cmocka_unit_test(a_prompt_is_bounded),
		cmocka_unit_test(a_prompt_remembers),
		cmocka_unit_test(a_prompt_shows_its_cursor),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
