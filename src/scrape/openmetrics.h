/* SPDX-License-Identifier: MIT */
/*
 * Samples out of a metrics page: OpenMetrics' text form, or Prometheus' older one.
 * Every byte may be hostile; slices point into the page. Comments are passed over,
 * timestamps and exemplars checked and dropped. Pure.
 */
#ifndef SCRAPE_OPENMETRICS_H
#define SCRAPE_OPENMETRICS_H

#include "base/buf.h"
#include "base/err.h"

struct openmetrics {
	struct slice rest;
	size_t line; /* the one read last, from 1 */
};

struct openmetrics_sample {
	struct slice name;
	struct slice labels; /* what stands between the braces; empty: none */
	double value;
};

enum openmetrics_step { OPENMETRICS_SAMPLE, OPENMETRICS_END, OPENMETRICS_BAD };

/* The next sample of a page (REST: all of it, LINE 0 at first). BAD: ERR says in which line and why. */
enum openmetrics_step openmetrics_next(struct openmetrics *page, struct openmetrics_sample *out, struct err *err);

/* The value of the label NAME of a sample, without its escapes, appended; false: it has none. */
bool openmetrics_label(struct slice labels, const char *name, struct buf *value);

#endif
