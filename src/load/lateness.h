/* SPDX-License-Identifier: MIT */
/*
 * How late things were: a histogram of fixed size, whose quantiles are right to
 * a sixteenth. Zero-initialised is empty; one thread.
 */
#ifndef LOAD_LATENESS_H
#define LOAD_LATENESS_H

#include <stddef.h>
#include <stdint.h>

enum { LATENESS_STEPS = 16, LATENESS_BUCKETS = 48 * LATENESS_STEPS };

struct lateness {
	int64_t counts[LATENESS_BUCKETS];
	int64_t n;
	int64_t max_us;
};

/* N things were US late; before their time counts as not late. */
void lateness_add(struct lateness *l, int64_t us, int64_t n);

/* The lateness, us, that the share SHARE (0..1) did not exceed; -1 of nothing. */
int64_t lateness_quantile(const struct lateness *l, double share);

#endif
