/* SPDX-License-Identifier: MIT */
/*
 * The charts of a report as SVG: a title and a description in words, axes with
 * round numbers (model/axis.h), and what the screen draws in cells. Pure.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "base/buf.h"
#include "report/run.h"

enum { CHART_EVENTS = 200 }; /* range events drawn, of one experiment */

/* Records/s over a run; VERB is what they were (produced, consumed), H not empty. NUMBER: another one
 * for each chart of a page. */
void chart_rate(struct buf *out, int number, const char *verb, const struct history *h);

/* The temperature of an experiment with its range, stages, range events and intervals out of range; STORY
 * may be NULL. False, and nothing is drawn, when it has no point. */
bool chart_temperature(struct buf *out, int number, const struct experiment_detail *x, const struct run_story *story);

#endif
