/* SPDX-License-Identifier: MIT */
/*
 * What stands around a screen's body: the head with its tabs, the status line
 * and the footer. Pure drawing. UI thread only.
 */
#ifndef UI_BAR_H
#define UI_BAR_H

#include "model/view.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/screen.h"

struct bar {
	const struct screen *const *screens; /* all, for the tabs */
	const struct view *view;
	const struct screen *screen; /* the one shown */
	const struct screen_state *state;
	bool frozen, help;
};

/* Lines the head takes: one more when there is something beside the usual. */
int bar_head_height(const struct view *view);
void bar_draw_head(struct canvas *c, struct rect area, const struct bar *bar);

/* The keys that do something at PLACE. */
void bar_draw_footer(struct canvas *c, int y, int w, enum place place);

/* The sentence over the lines that end above BOTTOM, as many as it needs (at most 4). */
void bar_draw_status(struct canvas *c, int bottom, int w, enum style style, const char *sentence);

#endif
