/* SPDX-License-Identifier: MIT */
/*
 * Figures in the cells of a table: against the right edge, unknown ones quiet.
 * UI thread only.
 */
#ifndef UI_FIGURE_H
#define UI_FIGURE_H

#include "ui/canvas.h"

#include <stdint.h>

void figure_count(struct canvas *c, int y, int x, int w, enum style style, int64_t n); /* 12,345, or 12.3k */
void figure_rate(struct canvas *c, int y, int x, int w, enum style style, double per_s);
void figure_age(struct canvas *c, int y, int x, int w, int64_t now, int64_t time);

/* S, "-" when it is null. */
void figure_name(struct canvas *c, int y, int x, int w, enum style style, struct slice s);

#endif
