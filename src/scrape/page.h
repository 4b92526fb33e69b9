/* SPDX-License-Identifier: MIT */
/*
 * What an experiment-producer's metrics page says, ours or the reference's: events
 * of all experiments together, and how many experiments run. Any bytes may come.
 * Pure.
 */
#ifndef SCRAPE_PAGE_H
#define SCRAPE_PAGE_H

#include "base/err.h"
#include "base/slice.h"
#include "base/strings.h"

#include <stdint.h>

/* One counter, remembered from page to page: while it is there and does not fall,
 * the same producer counts on. None at first. */
struct page_witness {
	bool known;
	uint64_t labels; /* their hash */
	double count;
};

struct page {
	int64_t events;  /* of the topics asked for */
	int64_t running; /* experiments, -1: the page does not say */
	int64_t all;     /* events of every topic */
	char topic[64];  /* the first that its counters name, as it stands there; empty: none */
	bool restarted;  /* it does not continue what was read before */
	struct page_witness witness; /* for the next one */
};

/* Read TEXT into PAGE, which has the one read before (zeroed: none). TOPICS: count only
 * what goes there; none: all. False, PAGE as it was, with what is wrong ("line 3 is no
 * sample"). */
bool page_read(struct page *page, struct slice text, const struct strings *topics, struct err *err);

#endif
