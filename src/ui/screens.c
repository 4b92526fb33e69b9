/* SPDX-License-Identifier: MIT */
#include "ui/screen.h"

const struct screen *const screens[] = {
	&screen_log,
	NULL,
};
