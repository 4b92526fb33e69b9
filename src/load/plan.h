/* SPDX-License-Identifier: MIT */
/*
 * A load as planned: the experiments of a loads file (a JSON array, an object an
 * experiment), checked, with the file's defaults filled in, and what follows
 * from it in numbers. Nothing runs here.
 */
#ifndef LOAD_PLAN_H
#define LOAD_PLAN_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

struct plan_entry {
	double start_time; /* s after the start of the load */
	char *researcher;
	int64_t sensors;
	int64_t sample_ms; /* from one sample to the next */
	int64_t stabilization_samples, carry_out_samples;
	double start_temperature, lower, upper; /* Celsius */
};

struct plan {
	struct plan_entry *entries;
	size_t n;
};

/* Read FILE into PLAN (zeroed; plan_fini in any case). Every complaint becomes
 * a line of NOTES, "FILE:LINE: entry 2: sample_rate: ..", warnings among them, up
 * to 1,000; false when one is an error: ERR has the first. */
bool plan_read(struct plan *plan, const char *file, struct buf *notes, struct err *err);

/* The same of a TEXT that is called NAME in complaints. */
bool plan_parse(struct plan *plan, struct slice text, const char *name, struct buf *notes, struct err *err);

/* The plan of one experiment alone; ENTRY is copied. False when it makes no sense. */
bool plan_one(struct plan *plan, const struct plan_entry *entry, struct err *err);
void plan_fini(struct plan *plan);

double plan_entry_rate(const struct plan_entry *e);     /* measurements a second while it runs */
double plan_entry_duration(const struct plan_entry *e); /* s */
double plan_duration(const struct plan *plan);          /* s from the start to the end of the last */

#endif
