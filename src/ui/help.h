/* SPDX-License-Identifier: MIT */
/* The help screen: every key, from the keymap. */
#ifndef UI_HELP_H
#define UI_HELP_H

#include "ui/canvas.h"

#include <stdint.h>

/* Draw from line SCROLL on; how many lines there are in all. */
int help_draw(struct canvas *c, struct rect area, int64_t scroll);

#endif
