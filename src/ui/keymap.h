/* SPDX-License-Identifier: MIT */
/*
 * What keys do: one row per action. The footer, the help screen and the man
 * page's list of keys are made from these rows; what an action does is a case
 * in act.c. The order of rows is the order of the footer, which ends where the
 * line does.
 */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include "base/buf.h"

/* Where the user is: a bit each. */
enum place {
	AT_TABLE = 1,   /* a list that can be sorted */
	AT_TAIL = 2,    /* the list of records */
	AT_GRAPH = 4,   /* a screen without rows */
	AT_DETAIL = 8,
	AT_LOG = 16,
	AT_HELP = 32,
	AT_CHOICE = 64, /* the list of topics, to choose what is watched */
	AT_PLAYBACK = 128, /* besides another: a recording is played */
	AT_PRODUCERS = 256, /* what producers make, without a cluster */
	AT_SORTED = AT_TABLE | AT_CHOICE,
	AT_LIST = AT_TABLE | AT_TAIL | AT_CHOICE,
	AT_PAGES = AT_DETAIL | AT_LOG | AT_HELP, /* text to scroll through */
	AT_SCREEN = AT_TABLE | AT_TAIL | AT_GRAPH | AT_DETAIL | AT_LOG, /* the monitor's */
	AT_PICTURE = AT_SCREEN | AT_CHOICE | AT_PRODUCERS, /* drawn every interval */
	AT_ANY = AT_PICTURE | AT_HELP
};

enum action_group { GROUP_PROGRAM, GROUP_MOVE, GROUP_FIND, GROUP_PLAY, GROUP_KAFKA, GROUP_COUNT };

/* id, name, keys, places, group, label in the footer (equal neighbours share one), what help says */
#define ACTIONS(X)                                                                                                \
	X(HELP, "help", "? F1", AT_ANY, GROUP_PROGRAM, "help", "this list of keys")                               \
	X(QUIT, "quit", "q Ctrl-C", AT_ANY, GROUP_PROGRAM, "quit",                                                \
	  "leave the group and quit; where commits are on, commit first")                                         \
	X(BACK, "back", "Esc", AT_DETAIL | AT_HELP, GROUP_MOVE, "back", "back from a detail, or from help")       \
	X(OPEN, "open", "Enter", AT_TABLE | AT_TAIL, GROUP_MOVE, "detail", "all about the selected row")          \
	X(CHOOSE, "choose", "Enter", AT_CHOICE, GROUP_MOVE, "watch",                                              \
	  "in the list of topics: watch the selected one")                                                        \
	X(PLAY_BACK, "play-back", "[ Left", AT_PLAYBACK, GROUP_PLAY, "time",                                      \
	  "a twentieth back: all up to there is read again")                                                       \
	X(PLAY_ON, "play-on", "] Right", AT_PLAYBACK, GROUP_PLAY, "time", "a twentieth on")                       \
	X(PLAY_BIT_BACK, "play-bit-back", "{", AT_PLAYBACK, GROUP_PLAY, "", "ten seconds back")                   \
	X(PLAY_BIT_ON, "play-bit-on", "}", AT_PLAYBACK, GROUP_PLAY, "", "ten seconds on")                         \
	X(PLAY_PAUSE, "play-pause", "P", AT_PLAYBACK, GROUP_PLAY, "pause", "stop playing the recording, or go on") \
	X(PLAY_SLOWER, "play-slower", "(", AT_PLAYBACK, GROUP_PLAY, "speed", "play slower")                       \
	X(PLAY_FASTER, "play-faster", ")", AT_PLAYBACK, GROUP_PLAY, "speed",                                      \
	  "play faster, up to as fast as records can be read")                                                    \
	X(SEARCH, "search", "/", AT_LIST, GROUP_FIND, "search", "go to the next row that holds a text")           \
	X(FILTER, "filter", "\\", AT_LIST, GROUP_FIND, "filter",                                                  \
	  "show only rows that hold a text (!text: that do not)")                                                 \
	X(SORT_LEFT, "sort-left", "<", AT_SORTED, GROUP_FIND, "sort", "sort by the column to the left")           \
	X(SORT_RIGHT, "sort-right", ">", AT_SORTED, GROUP_FIND, "sort", "sort by the column to the right")        \
	X(FREEZE, "freeze", "p Space", AT_PICTURE, GROUP_PROGRAM, "freeze",                                       \
	  "hold the picture still; records are read all the while")                                               \
	X(BEGINNING, "beginning", "b", AT_SCREEN, GROUP_KAFKA, "seek",                                            \
	  "read again from the first records there are")                                                          \
	X(END, "end", "e", AT_SCREEN, GROUP_KAFKA, "seek", "go to the end: only what comes from now on")          \
	X(REVERSE, "reverse", "r", AT_SORTED, GROUP_FIND, "reverse", "turn the order round")                      \
	X(POLICY, "policy", "o", AT_SCREEN, GROUP_KAFKA, "policy",                                                \
	  "switch the offset reset policy: latest, earliest")                                                     \
	X(COMMIT_MODE, "commit-mode", "m", AT_SCREEN, GROUP_KAFKA, "mode",                                        \
	  "commit mode: none, auto (every 5 s), each")                                                            \
	X(COMMIT_NOW, "commit", "c", AT_SCREEN, GROUP_KAFKA, "commit", "commit what is stored, now")              \
	X(RESET, "reset", "R", AT_SCREEN, GROUP_KAFKA, "reset",                                                   \
	  "reset the group: commit another place, go on there")                                                   \
	X(SEARCH_NEXT, "search-next", "n", AT_LIST, GROUP_FIND, "next", "the next row found")                     \
	X(SEARCH_BACK, "search-back", "N", AT_LIST, GROUP_FIND, "next", "the row found before")                   \
	X(UNFILTER, "unfilter", "Esc", AT_LIST, GROUP_FIND, "", "show all rows again")                            \
	X(DOWN, "down", "j Down", AT_LIST | AT_PAGES, GROUP_MOVE, "move", "down")                                 \
	X(UP, "up", "k Up", AT_LIST | AT_PAGES, GROUP_MOVE, "move", "up")                                         \
	X(PAGE_DOWN, "page-down", "PgDn", AT_LIST | AT_PAGES, GROUP_MOVE, "", "a page down")                      \
	X(PAGE_UP, "page-up", "PgUp", AT_LIST | AT_PAGES, GROUP_MOVE, "", "a page up")                            \
	X(HALF_DOWN, "half-down", "Ctrl-D", AT_LIST | AT_PAGES, GROUP_MOVE, "", "half a page down")               \
	X(HALF_UP, "half-up", "Ctrl-U", AT_LIST | AT_PAGES, GROUP_MOVE, "", "half a page up")                     \
	X(FIRST, "first", "g Home", AT_LIST | AT_PAGES, GROUP_MOVE, "", "to the top")                             \
	X(LAST, "last", "G End", AT_LIST | AT_PAGES, GROUP_MOVE, "",                                              \
	  "to the bottom; in Records and Log: follow what comes")                                                 \
	X(SCREEN, "screen", "1 2 3 4 5 6 7", AT_ANY, GROUP_MOVE, "", "the screen of that number")                 \
	X(NEXT_SCREEN, "next-screen", "Tab", AT_ANY, GROUP_MOVE, "", "the next screen")                           \
	X(PREVIOUS_SCREEN, "previous-screen", "Shift-Tab", AT_ANY, GROUP_MOVE, "", "the screen before")           \
	X(SLOWER, "slower", "+", AT_PICTURE, GROUP_PROGRAM, "interval",                                           \
	  "refresh less often, down to once a minute")                                                            \
	X(FASTER, "faster", "-", AT_PICTURE, GROUP_PROGRAM, "interval",                                           \
	  "refresh more often, up to five times a second")                                                        \
	X(REPAINT, "repaint", "Ctrl-L", AT_ANY, GROUP_PROGRAM, "", "draw the whole terminal again")               \
	X(SUSPEND, "suspend", "Ctrl-Z", AT_ANY, GROUP_PROGRAM, "", "stop exptop, back to the shell; fg goes on")

enum action {
#define X(id, ...) ACTION_##id,
	ACTIONS(X)
#undef X
	ACTION_COUNT,
	ACTION_NONE = ACTION_COUNT
};

struct action_row {
	const char *name, *keys;
	unsigned places;
	enum action_group group;
	const char *label, *help;
};

extern const struct action_row actions[ACTION_COUNT];

/* What KEY does at PLACE; ACTION_NONE: nothing. */
enum action keymap_action(int key, enum place place);

const char *keymap_group_title(enum action_group group);

/* The list of keys as a man page has it (roff). */
void keymap_man(struct buf *out);

#endif
