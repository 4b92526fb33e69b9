/* SPDX-License-Identifier: MIT */
/*
 * A double as Python's repr() writes it: the fewest digits that read back as the
 * same number, of those the nearest; 26.0, 1e-05, 1e+16, nan, inf.
 */
#ifndef CODEC_SHORTEST_H
#define CODEC_SHORTEST_H

#include "base/buf.h"

enum { SHORTEST_TEXT = 32 };

void shortest_add(struct buf *out, double value);

#endif
