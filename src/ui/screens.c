/* SPDX-License-Identifier: MIT */
#include "ui/screen.h"

const struct screen *const screens[] = {
	&screen_log,
	NULL,
};

int
screen_rows(const struct screen *screen, int h)
{
	int rows = screen->rows ? screen->rows(h) : h - 1;

	return rows > 1 ? rows : 1;
}
