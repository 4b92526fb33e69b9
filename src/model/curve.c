/* SPDX-License-Identifier: MIT */
#include "model/curve.h"

#include "base/alloc.h"

#include <stdlib.h>

enum { FIRST_CAP = 8 };

struct curve_sample {
	int64_t time;
	float average;
};

struct curve_fold {
	struct curve_point point;
	uint32_t weight; /* samples in it */
};

void
curve_fini(struct curve *c)
{
	free(c->samples);
	free(c->folds);
	*c = (struct curve){0};
}

/* Into A, which came before B. */
static void
merge(struct curve_fold *a, const struct curve_fold *b)
{
	float share = (float)b->weight / (float)(a->weight + b->weight);

	a->point.average += (b->point.average - a->point.average) * share;
	if (b->point.low < a->point.low)
		a->point.low = b->point.low;
	if (b->point.high > a->point.high)
		a->point.high = b->point.high;
	a->weight += b->weight;
}

static void
fold_in_pairs(struct curve *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n_folds; i += 2, kept++) {
		struct curve_fold fold = c->folds[i];

		if (i + 1 < c->n_folds)
			merge(&fold, &c->folds[i + 1]);
		c->folds[kept] = fold;
	}
	c->n_folds = (uint16_t)kept;
	if (c->doubled < 32)
		c->doubled++;
}

static void
fold_in(struct curve *c, struct curve_sample s)
{
	struct curve_fold fold = {{s.time, s.average, s.average, s.average}, 1};
	int64_t step = (int64_t)CURVE_STEP_MS << c->doubled;
	struct curve_fold *last = c->n_folds ? &c->folds[c->n_folds - 1] : NULL;

	if (last && s.time / step <= last->point.time / step) {
		merge(last, &fold);
		return;
	}
	while (c->n_folds >= (c->lean ? CURVE_LEAN : CURVE_FOLDED))
		fold_in_pairs(c);
	if (c->n_folds == c->cap_folds) {
		c->cap_folds = c->cap_folds ? (uint16_t)(2 * c->cap_folds) : FIRST_CAP;
		c->folds = xreallocarray(c->folds, c->cap_folds, sizeof(*c->folds));
	}
	c->folds[c->n_folds++] = fold;
}

/* The oldest N samples become folds. */
static void
fold_samples(struct curve *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fold_in(c, c->samples[i]);
	c->n_samples = (uint16_t)(c->n_samples - n);
	if (n)
		memmove(c->samples, c->samples + n, c->n_samples * sizeof(*c->samples));
}

void
curve_add(struct curve *c, int64_t time, float average)
{
	struct curve_sample sample = {time, average};

	if (c->lean) {
		fold_in(c, sample);
		return;
	}
	if (c->n_samples == CURVE_POINTS)
		fold_samples(c, CURVE_POINTS / 2);
	if (c->n_samples == c->cap_samples) {
		c->cap_samples = c->cap_samples ? (uint16_t)(2 * c->cap_samples) : FIRST_CAP;
		c->samples = xreallocarray(c->samples, c->cap_samples, sizeof(*c->samples));
	}
	c->samples[c->n_samples++] = sample;
}

void
curve_set_lean(struct curve *c, bool lean)
{
	if (lean == c->lean)
		return;
	c->lean = lean;
	if (!lean)
		return;
	fold_samples(c, c->n_samples);
	while (c->n_folds > CURVE_LEAN)
		fold_in_pairs(c);
	free(c->samples);
	c->samples = NULL;
	c->cap_samples = 0;
	if (c->cap_folds > CURVE_LEAN) {
		c->cap_folds = CURVE_LEAN;
		c->folds = xreallocarray(c->folds, c->cap_folds, sizeof(*c->folds));
	}
}

size_t
curve_count(const struct curve *c)
{
	return (size_t)c->n_folds + c->n_samples;
}

void
curve_read(const struct curve *c, struct curve_point *out)
{
	for (size_t i = 0; i < c->n_folds; i++)
		*out++ = c->folds[i].point;
	for (size_t i = 0; i < c->n_samples; i++) {
		struct curve_sample s = c->samples[i];

		*out++ = (struct curve_point){s.time, s.average, s.average, s.average};
	}
}
