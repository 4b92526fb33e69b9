/* SPDX-License-Identifier: MIT */
#include "load/lateness.h"

#include <math.h>

/* Below LATENESS_STEPS a bucket a microsecond, then LATENESS_STEPS for each doubling. */
static size_t
bucket_of(int64_t us)
{
	size_t doublings = 0, bucket;

	for (; us >= 2 * LATENESS_STEPS; us /= 2)
		doublings++;
	bucket = doublings * LATENESS_STEPS + (size_t)us;
	return bucket < LATENESS_BUCKETS ? bucket : LATENESS_BUCKETS - 1;
}

/* The largest that falls into BUCKET. */
static int64_t
bucket_end(size_t bucket)
{
	size_t doublings = bucket < 2 * LATENESS_STEPS ? 0 : bucket / LATENESS_STEPS - 1;

	return (((int64_t)(bucket - doublings * LATENESS_STEPS) + 1) << doublings) - 1;
}

void
lateness_add(struct lateness *l, int64_t us, int64_t n)
{
	if (us < 0)
		us = 0;
	l->counts[bucket_of(us)] += n;
	l->n += n;
	if (us > l->max_us)
		l->max_us = us;
}

int64_t
lateness_quantile(const struct lateness *l, double share)
{
	int64_t below = (int64_t)ceil(share * (double)l->n), end;

	if (l->n == 0)
		return -1;
	for (size_t i = 0; i < LATENESS_BUCKETS; i++)
		if ((below -= l->counts[i]) <= 0) {
			end = bucket_end(i);
			return end < l->max_us ? end : l->max_us;
		}
	return l->max_us;
}
