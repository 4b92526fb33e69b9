/* SPDX-License-Identifier: MIT */
/*
 * A thread that looks at the metrics pages of producers, all of them each second
 * and side by side, with a connection to each kept open. Time and size of an
 * answer are bounded. What it sees comes as letters: struct scrape, to be freed;
 * while many of them wait it looks less often, and nothing is lost, since pages
 * count on. The only user of libcurl.
 */
#ifndef SCRAPE_SCRAPER_H
#define SCRAPE_SCRAPER_H

#include "base/err.h"
#include "base/mailbox.h"
#include "base/strings.h"

#include <stdbool.h>

enum {
	SCRAPE_INTERVAL_MS = 1000,
	SCRAPE_TIMEOUT_MS = 2000,   /* of one look */
	SCRAPE_BYTES = 4 << 20,     /* of one page */
	SCRAPE_WAITING = 600        /* letters at most, and those of one round */
};

struct scraper;

/* Whether ADDRESS is HOST:PORT, as in localhost:3001 or [::1]:3001. */
bool scraper_address(const char *address, struct err *err);

/* Look at the pages of ADDRESSES, each good; of their events at those to TOPICS, none: all. Both
 * are borrowed until it is stopped. OWN: the addresses are ports of this machine that nobody named:
 * the programs of other users are told of (SCRAPE_OTHERS), and not asked. Before other threads start;
 * NULL with a sentence. */
struct scraper *scraper_start(const struct strings *addresses, const struct strings *topics, bool own,
			      struct err *err);

/* The number of a letter's producer is its place in ADDRESSES. The scraper's own. */
struct mailbox *scraper_letters(struct scraper *s);

/* End the thread and free it; NULL is fine. False: a look-up of a name holds it, and
 * it is left behind: what it borrowed must stay. */
bool scraper_stop(struct scraper *s);

#endif
