/* SPDX-License-Identifier: MIT */
#include "ui/keymap.h"

#include "ui/input.h"

const struct action_row actions[ACTION_COUNT] = {
#define X(id, ...) [ACTION_##id] = {__VA_ARGS__},
	ACTIONS(X)
#undef X
};

static bool
has_key(const char *keys, int key)
{
	while (*keys) {
		size_t n = strcspn(keys, " ");

		if (input_parse(keys, n) == key)
			return true;
		keys += n;
		keys += strspn(keys, " ");
	}
	return false;
}

enum action
keymap_action(int key, enum place place)
{
	for (int i = 0; i < ACTION_COUNT; i++)
		if ((actions[i].places & place) && has_key(actions[i].keys, key))
			return (enum action)i;
	return ACTION_NONE;
}

const char *
keymap_group_title(enum action_group group)
{
	static const char *const titles[GROUP_COUNT] = {
		[GROUP_PROGRAM] = "Program",
		[GROUP_MOVE] = "Moving about",
		[GROUP_FIND] = "Finding and ordering, in lists",
		[GROUP_PLAY] = "A recording (--replay), by its time",
		[GROUP_KAFKA] = "Where to read, what to commit",
	};

	return titles[group];
}

/* What roff would take as its own in S. */
static void
roff(struct buf *out, const char *s)
{
	for (; *s; s++)
		if (*s == '\\')
			buf_str(out, "\\e");
		else if (*s == '-')
			buf_str(out, "\\-");
		else
			buf_char(out, *s);
}

static void
man_row(struct buf *out, const struct action_row *row)
{
	const char *keys = row->keys;

	buf_str(out, ".TP\n");
	while (*keys) {
		size_t n = strcspn(keys, " ");
		char key[16] = {0};

		memcpy(key, keys, n);
		buf_str(out, "\\fB");
		roff(out, key);
		buf_str(out, "\\fR");
		keys += n;
		keys += strspn(keys, " ");
		buf_str(out, *keys ? ", " : "\n");
	}
	roff(out, row->help);
	buf_str(out, ".\n");
}

void
keymap_man(struct buf *out)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		buf_addf(out, ".SS %s\n", keymap_group_title(group));
		for (int i = 0; i < ACTION_COUNT; i++)
			if (actions[i].group == (enum action_group)group)
				man_row(out, &actions[i]);
	}
}
