/* SPDX-License-Identifier: MIT */
#include "ui/slider.h"

#include "base/units.h"

#include <math.h>
#include <stdio.h>

enum { STATE_W = 8, CLOCK_W = 10, LEAST_TRACK_W = 10, GAP = 2 };

/* 0:57, 1:02:57 */
static const char *
print_span(char *out, int64_t ms)
{
	long long s = ms / 1000;

	if (s < 3600)
		snprintf(out, UNITS_TEXT, "%lld:%02lld", s / 60, s % 60);
	else
		snprintf(out, UNITS_TEXT, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	return out;
}

static const char *
state_name(const struct playback *p)
{
	if (p->indexing)
		return "reading";
	if (p->paused)
		return "paused";
	return p->at >= p->last ? "end" : "playing";
}

/* "0:57 of 1:40  x10" */
static void
print_place(char *out, size_t room, const struct playback *p)
{
	char at[UNITS_TEXT], all[UNITS_TEXT];
	int n = snprintf(out, room, "%s of %s  ", print_span(at, p->at - p->first),
			 print_span(all, p->last - p->first));

	if (isinf(p->speed))
		snprintf(out + n, room - (size_t)n, "max");
	else
		snprintf(out + n, room - (size_t)n, "x%g", p->speed);
}

static void
draw_track(struct canvas *c, int y, int x, int w, const struct playback *p)
{
	double part = p->last > p->first ? (double)(p->at - p->first) / (double)(p->last - p->first) : 1;
	int knob = (int)lround(part * (w - 1));

	for (int i = 0; i < w; i++)
		canvas_text(c, y, x + i, 1, i <= knob ? STYLE_GRAPH : STYLE_DIM,
			    theme_mark(i == knob ? MARK_POINT : MARK_LINE));
}

void
slider_draw(struct canvas *c, int y, int x, int w, const struct playback *p)
{
	char clock[UNITS_TEXT], place[3 * UNITS_TEXT];
	int end = x + w;

	canvas_text(c, y, x, w, p->paused ? STYLE_WARN : STYLE_STRONG, state_name(p));
	if (p->indexing)
		return;
	x += STATE_W;
	canvas_text(c, y, x, end - x, STYLE_STRONG, units_clock(clock, p->at));
	x += CLOCK_W;
	print_place(place, sizeof(place), p);
	end -= canvas_right(c, y, x, end - x, STYLE_NORMAL, place) + GAP;
	if (end - x >= LEAST_TRACK_W)
		draw_track(c, y, x, end - x, p);
}
