/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

#include "base/text.h"

#include <stddef.h>

/* Colours by number as every terminal has them. */
enum { DEFAULT = -1, BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

struct theme_row {
	struct look mono, few, many; /* 0, 8 and 16, 256 colours */
	char letter;                 /* in style dumps */
};

#define LOOK(fg, bg, attributes) {(fg), (bg), (attributes)}
#define PLAIN LOOK(DEFAULT, DEFAULT, 0)

static const struct theme_row rows[STYLE_COUNT] = {
	[STYLE_NORMAL] = {PLAIN, PLAIN, PLAIN, '.'},
	[STYLE_DIM] = {LOOK(DEFAULT, DEFAULT, LOOK_DIM), LOOK(DEFAULT, DEFAULT, LOOK_DIM), LOOK(244, DEFAULT, 0), 'd'},
	[STYLE_STRONG] = {LOOK(DEFAULT, DEFAULT, LOOK_BOLD), LOOK(DEFAULT, DEFAULT, LOOK_BOLD),
			  LOOK(DEFAULT, DEFAULT, LOOK_BOLD), 's'},
	[STYLE_HEAD] = {LOOK(DEFAULT, DEFAULT, LOOK_REVERSE), LOOK(WHITE, BLUE, LOOK_BOLD), LOOK(255, 24, 0), 'h'},
	[STYLE_TITLE] = {LOOK(DEFAULT, DEFAULT, LOOK_UNDERLINE), LOOK(CYAN, DEFAULT, LOOK_UNDERLINE),
			 LOOK(67, DEFAULT, LOOK_UNDERLINE), 't'},
	[STYLE_SORTED] = {LOOK(DEFAULT, DEFAULT, LOOK_UNDERLINE | LOOK_BOLD),
			  LOOK(CYAN, DEFAULT, LOOK_UNDERLINE | LOOK_BOLD),
			  LOOK(32, DEFAULT, LOOK_UNDERLINE | LOOK_BOLD), 'o'},
	[STYLE_SELECTED] = {LOOK(DEFAULT, DEFAULT, LOOK_REVERSE), LOOK(DEFAULT, DEFAULT, LOOK_REVERSE),
			    LOOK(DEFAULT, DEFAULT, LOOK_REVERSE), 'S'},
	[STYLE_MATCH] = {LOOK(DEFAULT, DEFAULT, LOOK_REVERSE | LOOK_UNDERLINE), LOOK(BLACK, YELLOW, 0),
			 LOOK(16, 220, 0), 'm'},
	[STYLE_GOOD] = {PLAIN, LOOK(GREEN, DEFAULT, 0), LOOK(34, DEFAULT, 0), 'g'},
	[STYLE_WARN] = {LOOK(DEFAULT, DEFAULT, LOOK_BOLD), LOOK(YELLOW, DEFAULT, LOOK_BOLD), LOOK(172, DEFAULT, 0),
			'w'},
	[STYLE_BAD] = {LOOK(DEFAULT, DEFAULT, LOOK_BOLD | LOOK_UNDERLINE), LOOK(RED, DEFAULT, LOOK_BOLD),
		       LOOK(167, DEFAULT, LOOK_BOLD), 'b'},
	[STYLE_KEY] = {LOOK(DEFAULT, DEFAULT, LOOK_BOLD), LOOK(CYAN, DEFAULT, LOOK_BOLD), LOOK(32, DEFAULT, LOOK_BOLD),
		       'k'},
	[STYLE_STATUS] = {LOOK(DEFAULT, DEFAULT, LOOK_BOLD), LOOK(DEFAULT, DEFAULT, LOOK_BOLD),
			  LOOK(DEFAULT, DEFAULT, LOOK_BOLD), 'u'},
	[STYLE_GRAPH] = {PLAIN, LOOK(CYAN, DEFAULT, 0), LOOK(37, DEFAULT, 0), 'x'},
	[STYLE_RANGE] = {LOOK(DEFAULT, DEFAULT, LOOK_DIM), LOOK(GREEN, DEFAULT, LOOK_DIM), LOOK(65, DEFAULT, 0), 'r'},
	[STYLE_BAND + 0] = {PLAIN, LOOK(BLUE, DEFAULT, 0), LOOK(33, DEFAULT, 0), '0'},
	[STYLE_BAND + 1] = {PLAIN, LOOK(CYAN, DEFAULT, 0), LOOK(37, DEFAULT, 0), '1'},
	[STYLE_BAND + 2] = {PLAIN, LOOK(GREEN, DEFAULT, 0), LOOK(71, DEFAULT, 0), '2'},
	[STYLE_BAND + 3] = {PLAIN, LOOK(YELLOW, DEFAULT, 0), LOOK(178, DEFAULT, 0), '3'},
	[STYLE_BAND + 4] = {PLAIN, LOOK(RED, DEFAULT, 0), LOOK(172, DEFAULT, 0), '4'},
	[STYLE_BAND + 5] = {PLAIN, LOOK(MAGENTA, DEFAULT, 0), LOOK(167, DEFAULT, 0), '5'},
	[STYLE_BAND + 6] = {PLAIN, LOOK(BLUE, DEFAULT, LOOK_BOLD), LOOK(133, DEFAULT, 0), '6'},
	[STYLE_BAND + 7] = {PLAIN, LOOK(CYAN, DEFAULT, LOOK_BOLD), LOOK(61, DEFAULT, 0), '7'},
	[STYLE_BAND + 8] = {PLAIN, LOOK(DEFAULT, DEFAULT, 0), LOOK(244, DEFAULT, 0), '8'},
};

static const struct {
	const char *utf8, *ascii;
} marks[MARK_COUNT] = {
	[MARK_LINE] = {"─", "-"},  [MARK_UP] = {"▲", "^"},  [MARK_DOWN] = {"▼", "v"}, [MARK_IN] = {"●", "="},
	[MARK_WAIT] = {"○", "."},  [MARK_BAD] = {"×", "!"},
	[MARK_CURSOR] = {"›", ">"}, [MARK_CUT] = {"…", "~"}, [MARK_POINT] = {"•", "*"},
	[MARK_TRACE] = {"·", "."}, [MARK_BUSY] = {"◆", "*"},
	[MARK_PRODUCED] = {"•", "o"}, [MARK_PLANNED] = {"─", "~"},
};

struct look
theme_look(enum style style, int colours)
{
	const struct theme_row *row = &rows[style];

	return colours >= 256 ? row->many : colours >= 8 ? row->few : row->mono;
}

char
theme_letter(enum style style)
{
	return rows[style].letter;
}

static bool mono = true;

void
theme_set_mono(bool on)
{
	mono = on;
}

bool
theme_mono(void)
{
	return mono;
}

const char *
theme_mark(enum mark m)
{
	return text_utf8() ? marks[m].utf8 : marks[m].ascii;
}

const char *
theme_bar(int level)
{
	static const char *const utf8[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {" ", "_", ".", ":", "-", "=", "+", "*", "#"};

	level = level < 0 ? 0 : level > 8 ? 8 : level;
	return text_utf8() ? utf8[level] : ascii[level];
}

const char *
theme_fill(int band, bool letters)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "."};

	if (letters)
		return names[band < 0 || band > 8 ? 8 : band];
	return theme_bar(8);
}
