/* SPDX-License-Identifier: MIT */
/*
 * How much happened when, over a whole run in bounded memory: counts on a grid
 * of time whose step doubles when the run outgrows it. Times come in any order.
 * Zero-initialised is empty and valid.
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include <stddef.h>
#include <stdint.h>

enum { HISTORY_STEPS = 240, HISTORY_STEP_MS = 1000 };

struct history {
	int64_t start, step;  /* ms; step 0: empty */
	size_t n;             /* steps up to the last that has something */
	uint32_t counts[HISTORY_STEPS];
};

/* A negative time is unknown and left out. */
void history_add(struct history *h, int64_t time);

/* What is the most a step has. */
uint32_t history_peak(const struct history *h);

#endif
