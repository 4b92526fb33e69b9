/* SPDX-License-Identifier: MIT */
/*
 * The window of a list that a query asks for: filtered, sorted, the cursor
 * placed (model/view.h says how). Only the window's rows are put in order, the
 * others are counted past, so that a list of 200,000 costs no full sort.
 *
 * Unknown numbers sort last whichever way; equal rows stay in the list's order.
 */
#ifndef MODEL_WINDOW_H
#define MODEL_WINDOW_H

#include "model/view.h"

struct window_key {
	double number; /* NaN: unknown */
	struct slice text;
};

struct window_list {
	void *ctx;
	size_t n;
	/* Whether row I holds TEXT, by window_text_holds(). */
	bool (*holds)(void *ctx, size_t i, const char *text);
	/* What row I sorts by; the same one of number and text for all rows. */
	struct window_key (*key)(void *ctx, size_t i, enum sort_key sort);
	int64_t (*locate)(void *ctx, const char *selected); /* a row, -1: not there */
};

struct window {
	size_t matched, n;
	size_t *rows; /* n of the list, in order; own memory */
	bool found;
};

/* Places Q's cursor and first. */
void window_place(const struct window_list *list, struct view_query *q, struct window *out);
void window_fini(struct window *w);

/* A text to sort by, null unknown; its first bytes are in the number, where they decide quickly. */
struct window_key window_text_key(struct slice text);

/* Whether TEXT stands in S; A to Z match a to z. */
bool window_text_holds(struct slice s, const char *text);

#endif
