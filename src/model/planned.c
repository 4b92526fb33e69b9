/* SPDX-License-Identifier: MIT */
#include "model/planned.h"

#include <math.h>

/* The first interval that ends after TIME. */
static size_t
first_after(const struct planned *p, double time)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->intervals[middle].to > time)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

double
planned_rate(const struct planned *p, double from, double to)
{
	double measurements = 0;

	for (size_t i = first_after(p, from); i < p->n && p->intervals[i].from < to; i++)
		measurements += p->intervals[i].rate *
				(fmin(to, p->intervals[i].to) - fmax(from, p->intervals[i].from));
	return to > from ? measurements / (to - from) : 0;
}

double
planned_when(const struct planned *p, double events)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct planned_interval *at = &p->intervals[i];
		double makes = at->rate * (at->to - at->from);

		if (makes > 0 && events <= makes)
			return at->from + events / at->rate;
		events -= makes;
	}
	return p->n > 0 ? p->intervals[p->n - 1].to : 0;
}
