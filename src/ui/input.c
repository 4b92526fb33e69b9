/* SPDX-License-Identifier: MIT */
#include "ui/input.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int key;
	const char *name;
} names[] = {
	{INPUT_ENTER, "Enter"}, {INPUT_ESC, "Esc"},   {INPUT_TAB, "Tab"},       {INPUT_BACKTAB, "Shift-Tab"},
	{' ', "Space"},         {INPUT_UP, "Up"},     {INPUT_DOWN, "Down"},     {INPUT_LEFT, "Left"},
	{INPUT_RIGHT, "Right"}, {INPUT_HOME, "Home"}, {INPUT_END, "End"},       {INPUT_PGUP, "PgUp"},
	{INPUT_PGDN, "PgDn"},   {INPUT_F1, "F1"},     {INPUT_DELETE, "Delete"}, {INPUT_BACKSPACE, "Backspace"},
};

/* What ends ESC [ or ESC O; modifiers before it (ESC [1;5A) change nothing. */
static const struct {
	char final;
	int key;
} finals[] = {
	{'A', INPUT_UP},   {'B', INPUT_DOWN}, {'C', INPUT_RIGHT},   {'D', INPUT_LEFT}, {'H', INPUT_HOME},
	{'F', INPUT_END},  {'P', INPUT_F1},   {'Z', INPUT_BACKTAB}, {'M', INPUT_ENTER},
};

/* ESC [ NUMBER ~ */
static const struct {
	int number, key;
} numbered[] = {
	{1, INPUT_HOME}, {7, INPUT_HOME}, {4, INPUT_END},     {8, INPUT_END},
	{5, INPUT_PGUP}, {6, INPUT_PGDN}, {3, INPUT_DELETE}, {11, INPUT_F1},
};

size_t
input_room(const struct input *in)
{
	return sizeof(in->held) - in->n;
}

void
input_add(struct input *in, const char *bytes, size_t n)
{
	if (n > input_room(in))
		n = input_room(in);
	memcpy(in->held + in->n, bytes, n);
	in->n += n;
}

static void
drop(struct input *in, size_t n)
{
	in->n -= n;
	memmove(in->held, in->held + n, in->n);
}

static int
key_of_final(char final)
{
	for (size_t i = 0; i < sizeof(finals) / sizeof(*finals); i++)
		if (finals[i].final == final)
			return finals[i].key;
	return 0;
}

static int
key_of_number(long number)
{
	for (size_t i = 0; i < sizeof(numbered) / sizeof(*numbered); i++)
		if (numbered[i].number == number)
			return numbered[i].key;
	return 0;
}

/* The length of the sequence at the start of what is held, 0 when its end has not come; *KEY 0: unknown. */
static size_t
sequence(const struct input *in, int *key)
{
	const char *p = in->held;
	size_t i = 2;

	*key = 0;
	if (in->n < 3)
		return 0;
	if (p[1] == 'O') {
		*key = key_of_final(p[2]);
		return 3;
	}
	if (p[2] == '[') { /* the Linux console's function keys */
		*key = in->n > 3 && p[3] == 'A' ? INPUT_F1 : 0;
		return in->n > 3 ? 4 : 0;
	}
	while (i < in->n && p[i] >= 0x20 && p[i] < 0x40)
		i++;
	if (i == in->n)
		return in->n == sizeof(in->held) ? in->n : 0;
	*key = p[i] == '~' ? key_of_number(strtol(p + 2, NULL, 10)) : p[i] == 'M' ? 0 : key_of_final(p[i]);
	return i + 1;
}

static int
escape_key(struct input *in, bool patience_over)
{
	bool introduces = in->n > 1 && (in->held[1] == '[' || in->held[1] == 'O');
	int key = 0;
	size_t n = introduces ? sequence(in, &key) : 0;

	if (n > 0) {
		drop(in, n);
		return key ? key : input_key(in, patience_over);
	}
	if (!patience_over && (in->n == 1 || introduces))
		return 0;
	if (introduces && in->n > 2) { /* the rest of a sequence never came */
		drop(in, in->n);
		return 0;
	}
	drop(in, 1);
	return INPUT_ESC;
}

static size_t
character_length(unsigned char first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static int
character_key(struct input *in, bool patience_over)
{
	struct slice rest = {in->held, in->n};
	uint32_t cp;
	bool valid;

	if (in->n < character_length((unsigned char)in->held[0]) && !patience_over)
		return 0;
	valid = text_decode(&rest, &cp);
	drop(in, in->n - rest.n);
	if (!valid)
		return input_key(in, patience_over);
	return cp == '\n' ? INPUT_ENTER : cp == '\b' ? INPUT_BACKSPACE : (int)cp;
}

int
input_key(struct input *in, bool patience_over)
{
	while (in->n > 0 && !in->held[0])
		drop(in, 1);
	if (in->n == 0)
		return 0;
	return in->held[0] == INPUT_ESC ? escape_key(in, patience_over) : character_key(in, patience_over);
}

const char *
input_name(char out[KEY_NAME], int key)
{
	struct buf text = {0};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].key == key) {
			snprintf(out, KEY_NAME, "%s", names[i].name);
			return out;
		}
	if (key > 0 && key < 0x20) {
		snprintf(out, KEY_NAME, "Ctrl-%c", key | 0x40);
		return out;
	}
	text_encode(&text, (uint32_t)key);
	snprintf(out, KEY_NAME, "%s", buf_cstr(&text));
	buf_free(&text);
	return out;
}

int
input_parse(const char *name, size_t n)
{
	struct slice s = {name, n};
	uint32_t cp;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(s, names[i].name))
			return names[i].key;
	if (n == 6 && strncmp(name, "Ctrl-", 5) == 0 && name[5] >= 'A' && name[5] <= 'Z')
		return INPUT_CTRL(name[5]);
	if (n == 0 || !text_decode(&s, &cp) || s.n > 0)
		return 0;
	return (int)cp;
}
