/* SPDX-License-Identifier: MIT */
#include "model/rule.h"

#include <math.h>

static double
mean(const float *readings, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)readings[i];
	return n > 0 ? sum / (double)n : NAN;
}

float
rule_average(const float *readings, size_t n)
{
	return (float)mean(readings, n);
}

/* The last reading of a measurement of AVERAGE, as the reference makes it: each step rounded to float. */
static float
last_reading(const float *readings, size_t n, float average)
{
	volatile float sum = 0, all = (float)n * average;

	for (size_t i = 0; i + 1 < n; i++)
		sum += readings[i];
	return all - sum;
}

bool
rule_average_fits(const float *readings, size_t n, float average)
{
	if (n == 0 || isnan(average))
		return false;
	return rule_average(readings, n) == average || last_reading(readings, n, average) == readings[n - 1];
}

enum range_place
rule_place(float average, float lower, float upper)
{
	if (isnan(average) || isnan(lower) || isnan(upper))
		return RANGE_UNKNOWN;
	return average < lower ? RANGE_BELOW : average > upper ? RANGE_ABOVE : RANGE_IN;
}

const char *
range_event_name(enum range_event event)
{
	static const char *const names[RANGE_EVENTS] = {"-", "Stabilized", "OutOfRange", "unknown"};

	return names[event];
}

void
rule_begin(struct rule *r, bool started, bool met)
{
	*r = (struct rule){.started = started, .before = RANGE_UNKNOWN, .first = !met};
}

/* While stabilizing samples in range count, in the carry out those that are not. */
static bool
counts(const struct rule *r, enum range_place place)
{
	return (place == RANGE_IN) != r->started;
}

enum range_event
rule_sample(struct rule *r, enum range_place place)
{
	bool first = r->first, known = r->before != RANGE_UNKNOWN;
	bool after = !first && known && counts(r, r->before); /* one that counted: another is no event */

	r->first = false;
	r->before = place;
	if (after || (place != RANGE_UNKNOWN && !counts(r, place)))
		return RANGE_NONE;
	if (place == RANGE_UNKNOWN || (!first && !known))
		return RANGE_PERHAPS;
	return r->started ? RANGE_OUT : RANGE_STABILIZED;
}
