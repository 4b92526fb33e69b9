/* SPDX-License-Identifier: MIT */
/*
 * A script plays the user, for tests. A line is one of
 *
 *	size 80x24          columns and rows
 *	clock TIME          what time it is (RFC 3339 or Unix seconds)
 *	tick MS             let that much time pass
 *	keys WORD ...       names of keys (Enter, PgDn, Ctrl-D, Space), else each character of WORD
 *	settle              until the engine has read all there is
 *	dump NAME           the screen's text to NAME.screen
 *	dump-styles NAME    its styles, a letter a cell, to NAME.styles
 *
 * empty, or a comment after #. The first that is wrong ends it with FILE:LINE.
 */
#ifndef UI_SCRIPT_H
#define UI_SCRIPT_H

#include "base/err.h"
#include "ui/canvas.h"

/* What the script acts on. */
struct script_host {
	void *ctx;
	void (*resize)(void *ctx, int rows, int columns);
	bool (*tick)(void *ctx, struct err *err); /* time has passed */
	bool (*key)(void *ctx, int key, struct err *err);
	bool (*settle)(void *ctx, struct err *err);
	const struct canvas *(*draw)(void *ctx);
};

bool script_run(const char *file, const char *dump_dir, const struct script_host *host, struct err *err);

#endif
