/* SPDX-License-Identifier: MIT */
/*
 * A line the user types: text with a cursor, a history, and the keys everybody
 * expects. Keys of a prompt never act as commands. UI thread only.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "model/view.h"
#include "ui/canvas.h"

enum { PROMPT_HISTORY = 20 };

struct prompt_history {
	char lines[PROMPT_HISTORY][QUERY_TEXT]; /* newest first */
	size_t n;
};

struct prompt {
	const char *label; /* "search: " */
	struct prompt_history *history;
	char text[QUERY_TEXT];
	size_t cursor;   /* byte in text, at the start of a character */
	size_t recalled; /* 0: the line being typed; else history line + 1 */
};

enum prompt_result { PROMPT_TYPING, PROMPT_DONE, PROMPT_CANCELLED };

/* Begin with TEXT in the line; LABEL and HISTORY are borrowed. */
void prompt_open(struct prompt *p, const char *label, struct prompt_history *history, const char *text);
enum prompt_result prompt_key(struct prompt *p, int key);
void prompt_draw(const struct prompt *p, struct canvas *c, int y, int x, int w);

#endif
