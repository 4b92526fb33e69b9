/* SPDX-License-Identifier: MIT */
#include "ui/graph.h"

void
graph_spark(struct canvas *c, int y, int x, int w, enum style style, const uint32_t *points, size_t n)
{
	size_t shown = w < 0 ? 0 : (size_t)w < n ? (size_t)w : n;
	uint32_t largest = 1;

	points += n - shown;
	for (size_t i = 0; i < shown; i++)
		if (points[i] > largest)
			largest = points[i];
	for (size_t i = 0; i < shown; i++) {
		int level = (int)(((uint64_t)points[i] * 8 + largest - 1) / largest);

		canvas_text(c, y, x + w - (int)(shown - i), 1, style, theme_bar(level));
	}
}
