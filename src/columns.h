/* SPDX-License-Identifier: MIT */
/*
 * A table of text for standard output: each column as wide as its widest cell,
 * two blanks between. Cells may hold anything: they pass the sanitiser. Pure.
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { COLUMNS_MOST = 12 };

struct column {
	const char *title;
	bool right; /* numbers */
};

struct columns {
	const struct column *column; /* borrowed */
	size_t n;
	struct buf text;   /* all cells, row by row, each ended by a NUL */
	size_t cells;
	size_t width[COLUMNS_MOST];
};

struct columns columns_new(const struct column *column, size_t n);
void columns_text(struct columns *c, const char *text);   /* NULL or empty: - */
void columns_number(struct columns *c, int64_t number);   /* below 0: - */
void columns_print(const struct columns *c);              /* on stdout */
void columns_free(struct columns *c);

#endif
