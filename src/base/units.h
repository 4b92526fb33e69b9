/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people read them, and back. Formatters write into a caller's
 * buffer of UNITS_TEXT bytes and return it. Unknown is `-`, never 0: counts and
 * times below zero and NaN rates are unknown.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include "base/err.h"

#include <stdint.h>

enum { UNITS_TEXT = 32 };

/* The last millisecond of the year 9999. */
#define UNITS_LAST_MS INT64_C(253402300799999)

const char *units_count(char *out, int64_t n);   /* 12,345 */
const char *units_short(char *out, int64_t n);   /* 999, 1.2k, 45.1M: at most 5 cells */
const char *units_rate(char *out, double per_s); /* 0, 0.4, 12.5, 940, 12.3k: at most 5 cells */

/* Age for a screen that must stay still: 7s below a minute in steps of one up
 * to 10, then tens; then 3m, 2h, 4d. */
const char *units_age(char *out, int64_t ms);

/* A time after the year 9999 is unknown, too. */
const char *units_clock(char *out, int64_t wall_ms);     /* 14:35:10 UTC's hours, minutes, seconds */
const char *units_timestamp(char *out, int64_t wall_ms); /* 2026-11-23T14:35:10.146Z */

/* SECONDS as milliseconds; -1, unknown, when they are negative, no number, or more than up to the year 9999. */
int64_t units_ms(double seconds);

/* Unix seconds (a fraction is allowed) or RFC 3339, to milliseconds; from 1970 up to the year 9999. */
bool units_parse_time(const char *text, int64_t *ms, struct err *err);

#endif
