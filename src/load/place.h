/* SPDX-License-Identifier: MIT */
/*
 * Where something stands in a JSON text. The parser knows lines of syntax errors
 * only; this finds the line of a value that is well written but wrong.
 */
#ifndef LOAD_PLACE_H
#define LOAD_PLACE_H

#include "base/slice.h"

/* The line (from 1) of FIELD in element ENTRY (from 0) of the array that TEXT,
 * valid JSON, is. FIELD may be NULL (the element itself) or a path like
 * "temp_range.lower_threshold"; what is not there gives the line of what
 * surrounds it. */
int place_line(struct slice text, size_t entry, const char *field);

#endif
