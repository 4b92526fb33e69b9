/* SPDX-License-Identifier: MIT */
/*
 * Where a report's run comes from: a source tells its records, in their order,
 * to a run (run_record() and its like). One function a kind of file.
 */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include "report/run.h"

struct source;

/* Whether the bytes a file begins with are of this kind, and what reads it. Names of topics
 * live as long as the source. */
struct source_kind {
	const char *name;
	bool (*is)(struct slice beginning);
	struct source *(*open)(const char *file, struct err *err);

	/* Tell all of it; false with a sentence when it cannot be read. COMPLAIN is told what is
	 * wrong with a part of it, and passed over. */
	bool (*tell)(struct source *s, struct run *run, void (*complain)(void *ctx, const char *sentence), void *ctx,
		     struct err *err);
	void (*close)(struct source *s);
};

extern const struct source_kind source_recording, source_store;

/* What reads FILE; - is a recording. NULL with a sentence. */
const struct source_kind *source_of(const char *file, struct err *err);

#endif
