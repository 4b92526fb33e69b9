/* SPDX-License-Identifier: MIT */
/*
 * What producers make, as the options say: whose metrics pages are looked at, and
 * which plan they are held against. For the verbs that show it. Main thread.
 */
#ifndef PRODUCING_H
#define PRODUCING_H

#include "conf/options.h"
#include "load/forecast.h"
#include "model/producers.h"
#include "scrape/scraper.h"

/* Zeroed: nobody looks. */
struct producing {
	struct strings addresses;
	struct plan plan; /* of --plan */
	struct forecast forecast;
	struct producers *producers; /* for the thread that reads the letters */
	struct scraper *scraper;     /* NULL: no page is looked at */
};

/* Begin: at the pages that --producer-connection names; LOOK: without any at those of this
 * machine. Of their events count those to TOPICS (borrowed; none: all). The plan is that of
 * --plan, else PLAN (NULL: none). False with a sentence. */
bool producing_open(struct producing *p, const struct options *o, bool look, const struct strings *topics,
		    const struct plan *plan, struct err *err);

/* Of the scraper; NULL: there is none. */
struct mailbox *producing_letters(const struct producing *p);

/* False when a thread of it is left behind: the program ends by _exit. */
bool producing_close(struct producing *p);

#endif
