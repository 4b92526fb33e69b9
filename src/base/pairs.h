/* SPDX-License-Identifier: MIT */
/*
 * Lines of text for scripts: the time, then "name value" pairs two blanks apart,
 * or a remark. Numbers have no separators, a dash is unknown. Foreign text goes
 * through the sanitiser.
 */
#ifndef BASE_PAIRS_H
#define BASE_PAIRS_H

#include "base/buf.h"

#include <stdint.h>

void pairs_begin(struct buf *out, int64_t wall_ms); /* "2026-11-27T05:47:32Z  " */
void pairs_count(struct buf *out, const char *name, int64_t n); /* below 0: unknown */
void pairs_rate(struct buf *out, const char *name, double per_s); /* NaN: unknown */

/* A line of its own: WHAT: SENTENCE. */
void pairs_say(struct buf *out, int64_t wall_ms, const char *what, const char *sentence);

#endif
