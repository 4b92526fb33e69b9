/* SPDX-License-Identifier: MIT */
/*
 * JSON for people: what fits stays on one line, the rest is indented. Text that
 * is no JSON comes out with its bytes in order all the same.
 */
#ifndef UI_PRETTY_H
#define UI_PRETTY_H

#include "base/buf.h"

/* Lines of JSON, each ended by \n, at most WIDTH bytes where something can be broken. */
void pretty_json(struct buf *out, struct slice json, int width);

#endif
