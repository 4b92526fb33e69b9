/* SPDX-License-Identifier: MIT */
/*
 * The rules of the domain, in one place: what the temperature of a measurement is,
 * when it is in range, and which range events follow from a run of them. Pure; used
 * by the generator and by whatever looks at what was generated.
 *
 * The average is the mean of the readings in double precision, rounded once to float.
 * That is the generator's own to the last bit. The reference goes the other way: it
 * draws an average A and all readings but the last, r1 .. r(n-1), and makes the last
 * one n*A - (r1 + .. + r(n-1)) in float. Its A can then not always be told from the
 * readings (by one ulp with 3 sensors, by 3 to 6 with 20 to 100), but whether an A
 * that is claimed gives that last reading can, bit for bit: rule_average_fits().
 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NOTIFY_WITHIN_S = 10 }; /* from a range event's time to its notification */

/* The temperature of a measurement; NaN without readings. */
float rule_average(const float *readings, size_t n);

/* Whether READINGS, in the order of the configuration, may come from a measurement of AVERAGE. */
bool rule_average_fits(const float *readings, size_t n, float average);

enum range_place { RANGE_UNKNOWN, RANGE_BELOW, RANGE_IN, RANGE_ABOVE };

/* UNKNOWN where one of them is NaN; a threshold belongs to the range. */
enum range_place rule_place(float average, float lower, float upper);

/* What a sample means. */
enum range_event {
	RANGE_NONE,
	RANGE_STABILIZED, /* in range while stabilizing: after one that was not, or the first of the stage */
	RANGE_OUT,        /* out of it in the carry out: after one that was in it, or the first of the stage */
	RANGE_PERHAPS,    /* one of the two if the sample before, which is not known, makes it one */
	RANGE_EVENTS
};

const char *range_event_name(enum range_event event); /* "Stabilized" ..; "-" for NONE, "unknown" for PERHAPS */

/* A run of samples, in their order. */
struct rule {
	bool started;            /* the carry out has begun */
	enum range_place before; /* of the last sample */
	bool first;              /* no sample of this stage yet */
};

/* The stabilization, or with STARTED the carry out, begins; MET: in its middle, what was before is not known. */
void rule_begin(struct rule *r, bool started, bool met);

/* The next sample; PLACE is UNKNOWN where it is not known. */
enum range_event rule_sample(struct rule *r, enum range_place place);

#endif
