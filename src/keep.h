/* SPDX-License-Identifier: MIT */
/* --store, as the verbs that read share it: the store, and what engine and consumer know of it. Main thread. */
#ifndef KEEP_H
#define KEEP_H

#include "cluster.h"
#include "engine/sink_store.h"

struct keep {
	struct store *store; /* NULL: --store was not given, and so is the sink */
	struct keeper keeper;
	struct sink *sink;
};

/* Whether --store is used rightly: one file, and no recording. */
bool keep_check(const struct options *o, struct err *err);

/* Open what the options name, and let C know; before cluster_feed(). */
bool keep_open(struct keep *k, const struct options *o, struct cluster *c, const struct cluster_demo *demo,
	       struct err *err);

/* After the engine was stopped: false with a sentence when not all is kept. */
bool keep_end(struct keep *k, struct err *err);
void keep_close(struct keep *k);

#endif
