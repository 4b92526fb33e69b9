/* SPDX-License-Identifier: MIT */
#include "ui/figure.h"

#include "base/units.h"

#include <math.h>

void
figure_count(struct canvas *c, int y, int x, int w, enum style style, int64_t n)
{
	char text[UNITS_TEXT];

	units_count(text, n);
	if ((int)strlen(text) > w)
		units_short(text, n);
	canvas_right(c, y, x, w, n < 0 ? STYLE_DIM : style, text);
}

void
figure_rate(struct canvas *c, int y, int x, int w, enum style style, double per_s)
{
	char text[UNITS_TEXT];

	canvas_right(c, y, x, w, isnan(per_s) ? STYLE_DIM : style, units_rate(text, per_s));
}

void
figure_age(struct canvas *c, int y, int x, int w, int64_t now, int64_t time)
{
	char text[UNITS_TEXT];
	int64_t age = time < 0 ? -1 : now > time ? now - time : 0;

	canvas_right(c, y, x, w, age < 0 ? STYLE_DIM : STYLE_NORMAL, units_age(text, age));
}

void
figure_name(struct canvas *c, int y, int x, int w, enum style style, struct slice s)
{
	if (s.p)
		canvas_slice(c, y, x, w, style, s);
	else
		canvas_text(c, y, x, w, STYLE_DIM, "-");
}
