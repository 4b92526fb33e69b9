/* SPDX-License-Identifier: MIT */
#include "ui/keymap.h"

#include "base/text.h"
#include "ui/help.h"
#include "ui/input.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static const enum place places[] = {AT_TABLE, AT_TAIL, AT_GRAPH, AT_DETAIL, AT_LOG, AT_HELP, AT_CHOICE, AT_PLAYBACK};
enum { PLACES = sizeof(places) / sizeof(*places) };

/* Call EACH with every key of ROW. */
static void
for_keys(const struct action_row *row, void (*each)(const struct action_row *row, int key))
{
	const char *keys = row->keys;

	while (*keys) {
		size_t n = strcspn(keys, " ");

		each(row, input_parse(keys, n));
		keys += n;
		keys += strspn(keys, " ");
	}
}

static void
key_does_its_action(const struct action_row *row, int key)
{
	assert_int_not_equal(key, 0);
	for (int i = 0; i < PLACES; i++)
		if (row->places & places[i])
			assert_ptr_equal(&actions[keymap_action(key, places[i])], row);
}

/* Also: no key stands twice at one place. */
static void
every_key_does_its_action(void **state)
{
	(void)state;
	for (int i = 0; i < ACTION_COUNT; i++)
		for_keys(&actions[i], key_does_its_action);
}

static void
other_keys_do_nothing(void **state)
{
	static const int later[] = {'w', 'y', 'x', INPUT_DELETE, 0x6e29};

	(void)state;
	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
		for (int j = 0; j < PLACES; j++)
			assert_int_equal(keymap_action(later[i], places[j]), ACTION_NONE);
	assert_int_equal(keymap_action('/', AT_DETAIL), ACTION_NONE);
	assert_int_equal(keymap_action('<', AT_TAIL), ACTION_NONE);
}

static void
help_shows_every_row(void **state)
{
	struct canvas *c = canvas_new(60, 80);
	struct buf out = {0};
	int lines = help_draw(c, canvas_rect(c), 0);

	(void)state;
	canvas_dump(c, &out);
	for (int i = 0; i < ACTION_COUNT; i++)
		assert_non_null(strstr(buf_cstr(&out), actions[i].help));
	assert_in_range(lines, ACTION_COUNT, 60);
	buf_clear(&out);
	canvas_clear(c);
	help_draw(c, (struct rect){0, 0, 3, 80}, lines - 1);
	canvas_dump(c, &out);
	assert_non_null(strstr(buf_cstr(&out), actions[ACTION_RESET].help));
	buf_free(&out);
	canvas_free(c);
}

static void
man_names_every_key(void **state)
{
	struct buf out = {0};

	(void)state;
	keymap_man(&out);
	assert_non_null(strstr(buf_cstr(&out), ".TP\n\\fBq\\fR, \\fBCtrl\\-C\\fR\nleave the group"));
	assert_non_null(strstr(buf_cstr(&out), "\\fB\\e\\fR\n"));
	buf_free(&out);
}

/* man/exptop-keys.7 has the list as `t_keymap --man` prints it. */
static void
the_man_page_has_the_list(void **state)
{
	char path[4096];
	FILE *in;
	struct buf page = {0}, list = {0};
	size_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/man/exptop-keys.7", getenv("srcdir") ? getenv("srcdir") : ".");
	in = fopen(path, "r");
	assert_non_null(in);
	while ((n = fread(buf_reserve(&page, 4096), 1, 4096, in)) > 0)
		page.n += n;
	fclose(in);
	keymap_man(&list);
	if (!strstr(buf_cstr(&page), buf_cstr(&list)))
		fail_msg("%s has not these keys:\n%s", path, buf_cstr(&list));
	buf_free(&page);
	buf_free(&list);
}

static int
print_man(void)
{
	struct buf out = {0};

	keymap_man(&out);
	fputs(buf_cstr(&out), stdout);
	buf_free(&out);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_does_its_action),
		cmocka_unit_test(other_keys_do_nothing),
		cmocka_unit_test(help_shows_every_row),
		cmocka_unit_test(man_names_every_key),
		cmocka_unit_test(the_man_page_has_the_list),
	};

	if (argc > 1 && strcmp(argv[1], "--man") == 0)
		return print_man();
	text_set_utf8(false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
