/* SPDX-License-Identifier: MIT */
/*
 * The topics of the cluster, as the last news of them said, and how fast each
 * grows: its end against that of 5 to 10 s before, so that two looks are needed.
 * At most TOPICS_KEPT, further ones are counted.
 */
#ifndef MODEL_TOPICS_H
#define MODEL_TOPICS_H

#include "base/err.h"
#include "model/news.h"
#include "model/view.h"

enum { TOPICS_KEPT = 20000, TOPIC_STEP_MS = 5000 };

struct topic {
	char *name, *problem;
	int64_t partitions, offsets, end; /* -1: unknown of one */
	struct topic_look {
		int64_t time, end; /* time -1: there is none */
	} before, recent;          /* the one to measure from, the next to become that */
	double rate;
};

struct topics {
	struct topic *all; /* by name */
	size_t n, beyond;
	bool surveyed;
	char problem[ERR_TEXT];
};

void topics_fini(struct topics *t);
void topics_learn(struct topics *t, const struct news *news, int64_t now);
const struct topic *topics_named(const struct topics *t, const char *name);

#endif
