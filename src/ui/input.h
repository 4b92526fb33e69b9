/* SPDX-License-Identifier: MIT */
/*
 * Keys out of a terminal's bytes. A key is a character's code point (control
 * characters as they are) or one of the names below. Whatever else a terminal
 * sends is swallowed whole, also when it comes late and in pieces, so that its bytes
 * never act as keys: replies of every kind (CSI, OSC, DCS, APC, PM, SOS), the mouse,
 * sequences nobody knows. What is pasted comes marked. Times are mono ms. Pure.
 */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

enum {
	INPUT_PASTED = 0x200000, /* a flag of a key: the character was pasted. Never a control character */
	INPUT_HELD = 64,
	KEY_NAME = 16
};

/* What the bytes belong to. */
enum input_state {
	INPUT_KEYS,
	INPUT_CSI,    /* ESC [ that is longer than what is held: to its final byte */
	INPUT_MOUSE,  /* the bytes behind ESC [ M */
	INPUT_STRING, /* OSC, DCS, APC, PM, SOS: to ESC \, and OSC to BEL, too */
	INPUT_PASTE   /* ESC [ 200 ~ to ESC [ 201 ~ */
};

/* Zero-initialised is empty. */
struct input {
	char held[INPUT_HELD + 1];
	size_t n;
	enum input_state state;
	int64_t last, begun; /* when the last bytes came, and the string began */
	int64_t escaped;     /* until when what follows may be the rest of a sequence whose Esc was given out */
	int mouse;           /* bytes to come */
	bool osc, gap;       /* a string that BEL ends; a line of a paste has ended */
};

/* How many bytes fit; then these came. */
size_t input_room(const struct input *in);
void input_add(struct input *in, const char *bytes, size_t n, int64_t now);

/* The next key, 0 when there is none yet. A lone Esc may be the start of a sequence: it
 * counts as a key when nothing has followed for a while. */
int input_key(struct input *in, int64_t now);

/* When input_key() is to be called though nothing came; INT64_MAX: never. */
int64_t input_due(const struct input *in);

/* "Enter", "Ctrl-D", "j" .. and back; 0 for a name nobody has. */
const char *input_name(char out[KEY_NAME], int key);
int input_parse(const char *name, size_t n);

#endif
