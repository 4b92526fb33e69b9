/* SPDX-License-Identifier: MIT */
/*
 * A temperature over time in bounded memory: the newest points as they came,
 * older ones folded to minutes with their low and high; where the minutes run
 * out they are folded in pairs (to two minutes, to four ..), so that the whole
 * run always stays in the picture. A lean curve keeps folded points only, and
 * few of them. Zero-initialised is empty, full and valid.
 *
 * Points are kept in the order they came, whatever their times.
 */
#ifndef MODEL_CURVE_H
#define MODEL_CURVE_H

#include "model/view.h"

enum {
	CURVE_POINTS = 256, /* as they came, at most */
	CURVE_FOLDED = 256, /* folded ones, at most */
	CURVE_LEAN = 32,    /* those of a lean curve, at most */
	CURVE_STEP_MS = 60000
};

struct curve_sample;
struct curve_fold;

struct curve {
	struct curve_sample *samples;
	struct curve_fold *folds;
	uint16_t n_samples, cap_samples, n_folds, cap_folds;
	uint16_t doubled; /* how often the folds were folded in pairs */
	bool lean;
};

void curve_fini(struct curve *c);
void curve_add(struct curve *c, int64_t time, float average);

/* Lean: fold what there is and keep it so; otherwise full from the next point on. */
void curve_set_lean(struct curve *c, bool lean);

size_t curve_count(const struct curve *c);
void curve_read(const struct curve *c, struct curve_point *out); /* curve_count() points, oldest first */

#endif
