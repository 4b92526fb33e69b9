/* SPDX-License-Identifier: MIT */
/*
 * Keys out of a terminal's bytes. A key is a character's code point (control
 * characters as they are) or one of the names below; sequences nobody knows are
 * swallowed whole, so that their bytes never act as keys. Pure.
 */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

enum input_key {
	INPUT_TAB = '\t',
	INPUT_ENTER = '\r',
	INPUT_ESC = 0x1b,
	INPUT_BACKSPACE = 0x7f,
	INPUT_UP = 0x110000, /* past every character */
	INPUT_DOWN,
	INPUT_LEFT,
	INPUT_RIGHT,
	INPUT_HOME,
	INPUT_END,
	INPUT_PGUP,
	INPUT_PGDN,
	INPUT_DELETE,
	INPUT_BACKTAB,
	INPUT_F1
};

#define INPUT_CTRL(letter) ((letter) & 0x1f)

enum { INPUT_HELD = 64, KEY_NAME = 16 };

/* Zero-initialised is empty. */
struct input {
	char held[INPUT_HELD];
	size_t n;
};

/* Where the next bytes go and how many fit; then say how many came. */
size_t input_room(const struct input *in);
void input_add(struct input *in, const char *bytes, size_t n);

/*
 * The next key, 0 when there is none yet. A lone Esc may be the start of a
 * sequence: it counts as a key once PATIENCE_OVER says that nothing followed.
 */
int input_key(struct input *in, bool patience_over);

/* "Enter", "Ctrl-D", "j" .. and back; 0 for a name nobody has. */
const char *input_name(char out[KEY_NAME], int key);
int input_parse(const char *name, size_t n);

#endif
