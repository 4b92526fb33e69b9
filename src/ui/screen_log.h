/* SPDX-License-Identifier: MIT */
/*
 * The log's pages. state->scroll is the number of the line that stands at the
 * bottom, 0: the newest, whatever comes.
 */
#ifndef UI_SCREEN_LOG_H
#define UI_SCREEN_LOG_H

#include "ui/canvas.h"

#include <stdint.h>

/* The number of the last line on the page that begins with the oldest. */
int64_t screen_log_first_page(struct rect area);

#endif
