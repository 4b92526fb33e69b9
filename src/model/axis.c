/* SPDX-License-Identifier: MIT */
#include "model/axis.h"

#include <math.h>
#include <stdio.h>

enum { FINE = 16 };

/* The round number (1, 2 or 5 times a power of ten) that is at least V. */
static double
round_up(double v)
{
	double power = pow(10, floor(log10(v)));

	for (int i = 0; i < 3; i++) {
		static const double digits[] = {1, 2, 5};

		if (v <= digits[i] * power * 1.000001)
			return digits[i] * power;
	}
	return 10 * power;
}

struct axis
axis_over(double least, double most, double labels)
{
	struct axis a;
	double fine;

	if (most - least < 1e-6 * (1 + fabs(most))) {
		double pad = fmax(0.5, fabs(most) * 1e-3);

		least -= pad;
		most += pad;
	}
	fine = round_up((most - least) / FINE);
	a.lo = floor(least / fine + 1e-6) * fine;
	a.hi = ceil(most / fine - 1e-6) * fine;
	a.step = round_up((a.hi - a.lo) / labels);
	return a;
}

double
axis_part(const struct axis *a, double v)
{
	return (v - a->lo) / (a->hi - a->lo);
}

double
axis_label(const struct axis *a, int i)
{
	double v = (ceil(a->lo / a->step - 1e-6) + i) * a->step;

	if (v > a->hi + 1e-6 * a->step)
		return NAN;
	return fabs(v) < a->step / 2 ? 0 : v;
}

const char *
axis_print(char *out, const struct axis *a, double v)
{
	int decimals = a->step >= 1 ? 0 : a->step >= 0.1 ? 1 : 2;

	snprintf(out, AXIS_TEXT, fabs(v) < 1e6 ? "%.*f" : "%.*g", decimals + (fabs(v) < 1e6 ? 0 : 3), v);
	return out;
}

struct time_axis
time_axis_over(int64_t first, int64_t last, int count)
{
	static const int steps_s[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200};
	struct time_axis a = {.count = count < 1 ? 1 : count};
	size_t i = 0;

	do {
		a.step = i < sizeof(steps_s) / sizeof(*steps_s) ? steps_s[i] * 1000LL : a.step * 2;
		a.start = first / a.step * a.step;
		i++;
	} while ((last - a.start) / a.step >= a.count && a.step < INT64_MAX / 4);
	return a;
}

double
time_axis_part(const struct time_axis *a, int64_t time)
{
	double part = (double)(time - a->start) / ((double)a->step * a->count);

	return part < 0 ? 0 : part > 1 ? 1 : part;
}
