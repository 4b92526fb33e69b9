/* SPDX-License-Identifier: MIT */
/*
 * A page: a detail's lines one below the other, as many as it takes, of which
 * the body shows those from the scrolled line on. Whatever is drawn between
 * page_begin and page_end stays inside of the body. UI thread only.
 */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "base/arena.h"
#include "ui/canvas.h"

#include <stdint.h>

struct page {
	struct canvas *c;
	struct rect area;
	int y; /* of the next line; may lie outside of the area */
	int top;
};

struct fact {
	const char *label;
	enum style style;
	struct slice value;
};

void page_begin(struct page *p, struct canvas *c, struct rect area, int64_t scroll);
int page_end(struct page *p); /* lines in all */

/* Whether a line drawn now would be seen, for those who have many. */
bool page_visible(const struct page *p);

/* A section begins: a blank line (not at the top), then its title; REMARK (may be NULL) behind it. */
void page_heading(struct page *p, const char *title, const char *remark);

/* S broken over as many lines as it needs, from X cells on. */
void page_text(struct page *p, int x, enum style style, struct slice s);

/* Instead of all that when what was opened is not there any more: SENTENCE, and the way out. */
void page_gone(struct page *p, const char *sentence);

/* A count as the value of a fact, printed into TEXTS. */
struct slice fact_count(struct arena *texts, int64_t n);

/* Facts side by side, as many in a line as are WIDE cells wide. */
void page_facts(struct page *p, const struct fact *facts, size_t n, int wide);

#endif
