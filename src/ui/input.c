/* SPDX-License-Identifier: MIT */
#include "ui/input.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ESC_MS = 50,       /* within this what follows an Esc belongs to it */
	LATE_MS = 500,     /* within this, what follows an Esc that was given out, if it looks like it */
	SILENCE_MS = 1000, /* a sequence or string of which nothing more comes for so long has no end */
	STRING_MS = 10000, /* nor has a string that goes on for longer */
	PASTE_MS = 5000,   /* of silence; a link may stall */
	MOUSE_BYTES = 3
};

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

/* ---- what is held ---- */

static void
drop(struct input *in, size_t n)
{
	in->n -= n;
	memmove(in->held, in->held + n, in->n);
}

int64_t
input_due(const struct input *in)
{
	int64_t silent = in->last + SILENCE_MS, longest = in->begun + STRING_MS;

	switch (in->state) {
	case INPUT_STRING:
		return silent < longest ? silent : longest;
	case INPUT_PASTE:
		return in->last + PASTE_MS;
	case INPUT_CSI:
	case INPUT_MOUSE:
		return silent;
	case INPUT_KEYS:
		break;
	}
	if (in->n == 0)
		return INT64_MAX;
	return in->n > 1 && in->held[0] == INPUT_ESC ? silent : in->last + ESC_MS;
}

/* What has begun and has not ended in time is given up, with what there is of it. */
static void
give_up_late(struct input *in, int64_t now)
{
	if (in->state == INPUT_KEYS || now < input_due(in))
		return;
	in->state = INPUT_KEYS;
	in->n = 0;
}

size_t
input_room(const struct input *in)
{
	return in->n < INPUT_HELD ? INPUT_HELD - in->n : 0;
}

void
input_add(struct input *in, const char *bytes, size_t n, int64_t now)
{
	if (in->n == 0)
		give_up_late(in, now);
	if (n > input_room(in))
		n = input_room(in);
	memcpy(in->held + in->n, bytes, n);
	in->n += n;
	in->last = now;
}

/* ---- sequences that are keys ---- */

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

static void
enter_state(struct input *in, enum input_state state, size_t introducer)
{
	in->state = state;
	in->begun = in->last;
	drop(in, introducer);
}

/* Behind the parameters P of N bytes FINAL ends a CSI sequence: its key, 0: it is none, or begins something. */
static int
end_of_csi(struct input *in, const char *p, size_t n, char final)
{
	size_t length = n + 3; /* with ESC [ and the end */
	long number = strtol(p, NULL, 10);
	bool plain = strspn(p, "0123456789;") >= n;

	if (final == 'M' && n == 0) {
		in->mouse = MOUSE_BYTES;
		enter_state(in, INPUT_MOUSE, length);
		return 0;
	}
	if (final == '~' && number == 200) {
		in->gap = false;
		enter_state(in, INPUT_PASTE, length);
		return 0;
	}
	drop(in, length);
	if (!plain || final == 'M')
		return 0;
	return final == '~' ? key_of_number(number) : key_of_final(final);
}

/* ESC [ and what follows it; false: its end has not come. *KEY 0: it is none. */
static bool
take_csi(struct input *in, int *key)
{
	size_t i = 2;

	if (in->n > 3 && in->held[2] == '[') { /* the Linux console's function keys */
		*key = in->held[3] == 'A' ? INPUT_F1 : 0;
		drop(in, 4);
		return true;
	}
	while (i < in->n && in->held[i] >= 0x20 && in->held[i] < 0x40)
		i++;
	if (i == in->n || (i == 2 && in->held[i] == '[')) {
		if (in->n < INPUT_HELD)
			return false;
		enter_state(in, INPUT_CSI, in->n);
		return true;
	}
	if (in->held[i] < 0x40) /* no end of one: it was broken off */
		drop(in, i);
	else
		*key = end_of_csi(in, in->held + 2, i - 2, in->held[i]);
	return true;
}

/* Those that introduce a string, behind ESC. */
static bool
introduces_string(char c)
{
	return c && strchr("]PX^_", c);
}

static int
give_escape(struct input *in, int64_t now)
{
	if (in->n == 1)
		in->escaped = now + LATE_MS;
	drop(in, 1);
	return INPUT_ESC;
}

/* What begins with an Esc; false: its end has not come. */
static bool
take_escape(struct input *in, int64_t now, int *key)
{
	bool late = now >= input_due(in);
	char second = in->n > 1 ? in->held[1] : 0;

	if (in->n == 1) {
		if (late)
			*key = give_escape(in, now);
		return late;
	}
	if (introduces_string(second)) {
		in->osc = second == ']';
		enter_state(in, INPUT_STRING, 2);
		return true;
	}
	if (second == '\\') { /* the end of a string that was given up */
		drop(in, 2);
		return true;
	}
	if (second != '[' && second != 'O') {
		*key = give_escape(in, now);
		return true;
	}
	if (second == 'O' && in->n > 2) {
		*key = key_of_final(in->held[2]);
		drop(in, 3);
		return true;
	}
	if (second == '[' && take_csi(in, key))
		return true;
	if (late)
		in->n = 0;
	return late;
}

/* Bytes that follow an Esc that was given out, when they look like a sequence: it was its start. False: wait. */
static bool
join_late_escape(struct input *in, int64_t now)
{
	char first = in->held[0];

	if (now > in->escaped || in->escaped == 0 || !(introduces_string(first) || first == '[' || first == 'O'))
		return true;
	if (in->n == 1)
		return now >= in->last + ESC_MS;
	in->escaped = 0;
	if (in->held[1] && strchr("0123456789?<>=!$+|;MG", in->held[1])) {
		memmove(in->held + 1, in->held, in->n++);
		in->held[0] = INPUT_ESC;
	}
	return true;
}

/* The introducers in one byte, as ESC and a letter. */
static void
spell_out_c1(struct input *in)
{
	static const char bytes[] = "\x90\x98\x9b\x9d\x9e\x9f", letters[] = "PX[]^_";
	const char *found = in->held[0] ? strchr(bytes, in->held[0]) : NULL;

	if (!found)
		return;
	memmove(in->held + 1, in->held, in->n++);
	in->held[0] = INPUT_ESC;
	in->held[1] = letters[found - bytes];
}

/* ---- what is swallowed, or pasted ---- */

/* Control characters that no string holds break it off: who types gets out of one that never ends. */
static bool
breaks_off(char c)
{
	return (c >= 0 && c < 0x08) || (c > '\r' && c < ' ');
}

/* One byte of a string that is not its end; false: it ends here, with its first N bytes. */
static bool
goes_on(const struct input *in, size_t *n)
{
	char c = in->held[0];

	*n = 1;
	if (c == INPUT_ESC) { /* its end, or the next sequence's start */
		*n = in->held[1] == '\\' ? 2 : 0;
		return false;
	}
	if (c == 0x07 || c == 0x18 || c == 0x1a) /* BEL, CAN, SUB */
		return c == 0x07 && !in->osc;
	if (breaks_off(c))
		*n = 0;
	return *n > 0;
}

/* False: the end has not come. */
static bool
skip_string(struct input *in)
{
	bool more = true;
	size_t n;

	while (more && in->n > 0 && !(in->n == 1 && in->held[0] == INPUT_ESC)) {
		more = goes_on(in, &n);
		drop(in, n);
	}
	if (more)
		return false;
	in->state = INPUT_KEYS;
	return true;
}

static bool
skip_csi(struct input *in)
{
	while (in->n > 0) {
		char c = in->held[0];

		if (c < 0x20 || c >= 0x40) {
			drop(in, c < 0x40 ? 0 : 1);
			in->state = INPUT_KEYS;
			return true;
		}
		drop(in, 1);
	}
	return false;
}

static bool
skip_mouse(struct input *in)
{
	size_t n = in->n < (size_t)in->mouse ? in->n : (size_t)in->mouse;

	drop(in, n);
	in->mouse -= (int)n;
	if (in->mouse > 0)
		return false;
	in->state = INPUT_KEYS;
	return true;
}

static size_t
character_length(unsigned char first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* The character at the start, 0: none, its bytes are dropped. False: it is not complete. */
static bool
take_character(struct input *in, bool late, uint32_t *cp)
{
	struct slice rest = {in->held, in->n};

	*cp = 0;
	if (in->n < character_length((unsigned char)in->held[0]) && !late)
		return false;
	if (!text_decode(&rest, cp))
		*cp = 0;
	drop(in, in->n - rest.n);
	return true;
}

/* Lines are joined by a space, other control characters are left out. False: the end, or more, has not come. */
static bool
take_pasted(struct input *in, int64_t now, int *key)
{
	static const char end[] = "\x1b[201~";
	size_t n = in->n < strlen(end) ? in->n : strlen(end);
	uint32_t cp;

	if (n == 0)
		return false;
	if (memcmp(in->held, end, n) == 0) {
		if (n < strlen(end))
			return false;
		drop(in, n);
		in->state = INPUT_KEYS;
		return true;
	}
	if (in->gap && in->held[0] != '\n' && in->held[0] != '\r') {
		in->gap = false;
		*key = ' ' | INPUT_PASTED;
		return true;
	}
	if (!take_character(in, now >= in->last + ESC_MS, &cp))
		return false;
	if (cp == '\n' || cp == '\r')
		in->gap = true;
	else if (cp == '\t')
		*key = ' ' | INPUT_PASTED;
	else if (cp >= ' ' && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0))
		*key = (int)cp | INPUT_PASTED;
	return true;
}

static bool
take_typed(struct input *in, int64_t now, int *key)
{
	uint32_t cp;

	if (in->n == 0 || !join_late_escape(in, now))
		return false;
	spell_out_c1(in);
	if (in->held[0] == INPUT_ESC)
		return take_escape(in, now, key);
	if (!take_character(in, now >= input_due(in), &cp))
		return false;
	*key = cp == '\n' ? INPUT_ENTER : cp == '\b' ? INPUT_BACKSPACE : (int)cp;
	return true;
}

/* The next thing of what is held; false: it is not complete. *KEY 0: it is no key. */
static bool
take_next(struct input *in, int64_t now, int *key)
{
	switch (in->state) {
	case INPUT_STRING:
		return skip_string(in);
	case INPUT_PASTE:
		return take_pasted(in, now, key);
	case INPUT_CSI:
		return skip_csi(in);
	case INPUT_MOUSE:
		return skip_mouse(in);
	case INPUT_KEYS:
		break;
	}
	return take_typed(in, now, key);
}

int
input_key(struct input *in, int64_t now)
{
	int key = 0;

	while (!key && take_next(in, now, &key))
		;
	if (!key)
		give_up_late(in, now);
	return key;
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
