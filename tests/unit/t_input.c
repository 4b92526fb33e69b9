/* SPDX-License-Identifier: MIT */
#include "ui/input.h"

#include "base/text.h"
#include "ui/prompt.h"
#include "unit.h"

#include <locale.h>
#include <stdio.h>

enum { LATER = 60000 };

/* Keys that are to be had at NOW, appended to SEEN by their names; those pasted in quotes. */
static void
take_keys(struct input *in, int64_t now, struct buf *seen)
{
	char name[KEY_NAME];
	int key;

	while ((key = input_key(in, now))) {
		const char *quote = key & INPUT_PASTED ? "'" : "";

		buf_addf(seen, "%s%s%s%s", seen->n ? " " : "", quote, input_name(name, key & ~INPUT_PASTED), quote);
	}
}

/* Those of N BYTES, the first SPLIT of which come MS before the rest. */
static void
check_split(const char *bytes, size_t n, size_t split, int64_t ms, const char *expected)
{
	struct input in = {0};
	struct buf seen = {0};
	int64_t now = 1000;

	for (size_t i = 0; i < n; i++) {
		now += i > 0 && i == split ? ms : 0;
		if (i == split)
			take_keys(&in, now - 1, &seen);
		if (input_room(&in) == 0)
			take_keys(&in, now, &seen);
		input_add(&in, bytes + i, 1, now);
	}
	take_keys(&in, now, &seen);
	take_keys(&in, now + LATER, &seen);
	assert_string_equal(buf_cstr(&seen), expected);
	assert_int_equal(in.n, 0);
	assert_int_equal(in.state, INPUT_KEYS);
	assert_true(input_due(&in) == INT64_MAX);
	buf_free(&seen);
}

/* BYTES as they come, at once and split in two at each byte, the names of their keys as they should. */
static void
check(const char *bytes, const char *expected)
{
	size_t n = strlen(bytes);

	for (size_t split = 0; split < n; split++)
		check_split(bytes, n, split, 20, expected);
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
	check("\x1bOyq", "q");
	check("\x1b[[Bq", "q");
	check("\x1b[99999999999999999999999~j", "j");
	check("\x1b[12;5Rx\x1b[?64;1;9cx\x1b[>41;354;0cx\x1b[0nx", "x x x x"); /* position, attributes, status */
	check("\x1b[Ix\x1b[Ox\x1b[8;24;80tx\x1b[?2026;2$yx", "x x x x");         /* focus, size, modes */
	check("\x1b[97;5ux\x1b[1;5:3Ax\x1b[?1ux", "x x x");                       /* kitty's keyboard */
	check("\x1b[12\x03q", "Ctrl-C q");                                        /* broken off */
}

static void
the_mouse_is_swallowed(void **state)
{
	(void)state;
	check("\x1b[M !!q", "q");
	check("\x1b[Mqbeq", "q");
	check("\x1b[M\x20\xf0\xe0q", "q");
	check("\x1b[<0;12;5Mq\x1b[<0;12;5mq\x1b[32;12;5Mq", "q q q");
}

/* Each kind of string, ended in each way. */
static void
strings_are_swallowed(void **state)
{
	(void)state;
	check("\x1b]11;rgb:0000/bbbb/cccc\x1b\\q", "q");
	check("\x1b]11;rgb:0000/bbbb/cccc\x07q", "q");
	check("\x1b]52;c;cXVpdAo=\x07q", "q");
	check("\x1bP>|XTerm(370)\x1b\\q\x1bP1+r544e=787465726d\x1b\\q", "q q");
	check("\x1b_Gi=31;OK\x1b\\q\x1b^private b\x1b\\q\x1bXstart b\x1b\\q", "q q q");
	check("\x1bP1\x07q\x1b\\j", "j");   /* BEL ends an OSC only */
	check("\x1b]11;\x18q", "q");          /* CAN */
	check("\x1b]11;rgb\x1b[Aq", "Up q");  /* the next sequence */
	check("\x1b]11;bq\x03q", "Ctrl-C q"); /* who types gets out */
	check("\x9d" "11;b\x07q\x9b" "5nq\x90q\x1b\\j", "q q j"); /* introducers of one byte */
	check("\x1b\\q", "q");
}

/* In pieces, as over a slow link. */
static void
late_parts_are_no_commands(void **state)
{
	static const char *const replies[] = {
		"\x1b]11;rgb:bbbb/eeee/qqqq\x1b\\", "\x1b]11;rgb:bbbb/eeee/qqqq\x07", "\x1bP1$r0;b\x1b\\",
		"\x1b[?64;1;9c", "\x1b[12;5R", "\x1b[<0;12;5M", "\x1b[?1;2c", "\x1b_Gi=1;b\x1b\\",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++)
		for (size_t n = strlen(replies[i]), split = 1; split < n; split++)
			check_split(replies[i], n, split, 400, split == 1 ? "Esc" : "");
}

/* One that never ends holds up who types for a second, and however much of it comes, for 10. */
static void
endless_sequences_end(void **state)
{
	static const char *const begins[] = {"\x1b[", "\x1b]11;", "\x1bP", "\x1b[M", "\x1b[200~"};

	(void)state;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++) {
		struct input in = {0};

		input_add(&in, begins[i], strlen(begins[i]), 1000);
		assert_int_equal(input_key(&in, 1000), 0);
		assert_true(input_due(&in) <= 6000);
		assert_int_equal(input_key(&in, input_due(&in)), 0);
		input_add(&in, "q", 1, 7000);
		assert_int_equal(input_key(&in, 7000), 'q');
	}
	for (size_t i = 0; i < 2; i++) {
		struct input in = {0};
		int64_t now = 1000;

		input_add(&in, begins[i], strlen(begins[i]), now);
		for (; now < 20000 && input_key(&in, now) == 0; now += 100)
			for (int n = 0; n < 50; n++) {
				input_key(&in, now);
				input_add(&in, "1;", 2, now);
			}
		assert_true(i == 0 ? now == 20000 : now > 10000 && now < 12000);
	}
}

static void
what_is_pasted_is_marked(void **state)
{
	(void)state;
	check("\x1b[200~\x1b[201~q", "q");
	check("\x1b[200~q\x1b[201~q", "'q' q");
	check("\x1b[200~aé温\x1b[201~", "'a' 'é' '温'");
	check("\x1b[200~a\r\nb\n\n\x1b[201~q", "'a' 'Space' 'b' q"); /* the last line's end is no blank */
	check("\x1b[200~a\tb\x03\x1b[31m\x7f\xc2\x9b\x1b[201~", "'a' 'Space' 'b' '[' '3' '1' 'm'");
	check("\x1b[200~\x1b[20\x1b[201~q", "'[' '2' '0' q");
}

static void
an_escape_waits_for_what_follows(void **state)
{
	struct input in = {0};

	(void)state;
	input_add(&in, "\x1b", 1, 1000);
	assert_int_equal(input_key(&in, 1000), 0);
	input_add(&in, "[", 1, 1040);
	assert_int_equal(input_key(&in, 1040), 0);
	input_add(&in, "A", 1, 1080);
	assert_int_equal(input_key(&in, 1080), INPUT_UP);
	input_add(&in, "\x1b", 1, 2000);
	assert_true(input_due(&in) == 2050);
	assert_int_equal(input_key(&in, 2050), INPUT_ESC);
	input_add(&in, "\x1bj", 2, 3000);
	assert_int_equal(input_key(&in, 3000), INPUT_ESC);
	assert_int_equal(input_key(&in, 3000), 'j');
	input_add(&in, "\xe6\xb8", 2, 4000);
	assert_int_equal(input_key(&in, 4000), 0);
	input_add(&in, "\xa9", 1, 4010);
	assert_int_equal(input_key(&in, 4010), 0x6e29);
}

/* Esc, then a key that could introduce a sequence: as one types them. */
static void
an_escape_may_be_followed_by_any_key(void **state)
{
	struct input in = {0};

	(void)state;
	input_add(&in, "\x1b", 1, 1000);
	assert_int_equal(input_key(&in, 1060), INPUT_ESC);
	input_add(&in, "]", 1, 1200);
	assert_int_equal(input_key(&in, 1200), 0);
	assert_int_equal(input_key(&in, 1250), ']');
	input_add(&in, "[", 1, 1300);
	assert_int_equal(input_key(&in, 1350), '[');
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
		cmocka_unit_test(the_mouse_is_swallowed),
		cmocka_unit_test(strings_are_swallowed),
		cmocka_unit_test(late_parts_are_no_commands),
		cmocka_unit_test(what_is_pasted_is_marked),
		cmocka_unit_test(an_escape_waits_for_what_follows),
		cmocka_unit_test(an_escape_may_be_followed_by_any_key),
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
