/* SPDX-License-Identifier: MIT */
/*
 * A run as one HTML page that needs nothing else: no network, no scripts. It is
 * well-formed XML, prints, follows light and dark, and says in words and tables
 * what its charts show.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"
#include "report/run.h"

enum { PAGE_ROWS = 1000 }; /* of a table; how many more there are is said */

struct page_config {
	const char *source; /* the file the run comes from */
	size_t charts;      /* experiments drawn, those with the most events */
};

/* Append the page of RUN, which was finished. */
void page_write(struct buf *out, struct run *run, const struct page_config *config);

/* The colours of the page by what they are for, light and dark, "#rrggbb": the style sheet is made
 * from them. On a background text of each can be read (contrast 4.5 or more). */
struct page_colour {
	const char *name, *light, *dark;
	bool text; /* it is a text's or a line's that must be told from the background */
};

extern const struct page_colour page_colours[]; /* ends with a NULL name; the first is the background */

#endif
