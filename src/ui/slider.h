/* SPDX-License-Identifier: MIT */
/*
 * The time slider of a recording that is played: a line that says where it
 * stands, how long it is and how fast it goes. Pure drawing. UI thread only.
 */
#ifndef UI_SLIDER_H
#define UI_SLIDER_H

#include "model/status.h"
#include "ui/canvas.h"

void slider_draw(struct canvas *c, int y, int x, int w, const struct playback *playback);

#endif
