/* SPDX-License-Identifier: MIT */
/*
 * A screen: what stands between head and footer. Each is one const struct with
 * its table of columns and its draw functions; screens[] lists them in the order
 * of their keys. They draw const views and hold no state of their own: what the
 * user chose stands in struct screen_state, which the app keeps for each screen.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "model/view.h"
#include "ui/canvas.h"
#include "ui/table.h"

/* What is said of the record in hand. */
#define PROCESSING "processing, not committed"

struct screen_state {
	struct view_query query; /* list or detail, by `detail` */
	bool detail;
	int64_t scroll; /* lines scrolled down in a detail, log or help */
};

struct screen {
	const char *name; /* "Experiments" */
	char key;         /* '1' */
	enum view_kind list, detail; /* detail VIEW_HEAD: has none */
	const struct column *columns;
	size_t n_columns;
	enum sort_key sort; /* at first */
	bool reverse;
	bool chooses; /* Enter does not open a detail: the program goes on with the row */

	/* Rows of the list that fit into a body of H lines; NULL: all lines but the titles. */
	int (*rows)(int h);

	/* Draw the body; VIEW may be an answer to another query (the kind says so) while ours is under way. */
	void (*draw)(struct canvas *c, struct rect area, const struct view *view, const struct screen_state *state);
	/* Lines the detail has in all at width W, for scrolling; draws from state->scroll on. */
	int (*draw_detail)(struct canvas *c, struct rect area, const struct view *view,
			   const struct screen_state *state);
};

extern const struct screen *const screens[];         /* the monitor's, NULL-terminated */
extern const struct screen *const chooser_screens[]; /* where no topic was named */
extern const struct screen *const rate_screens[];    /* exptop rate's */

extern const struct screen screen_experiments, screen_partitions, screen_records, screen_rates, screen_groups,
	screen_checks, screen_log, screen_topics, screen_producers;

int screen_rows(const struct screen *screen, int h);

/* Whether VIEW answers a list's query of KIND and has rows. When not, AREA says why. */
bool screen_has_rows(struct canvas *c, struct rect area, const struct view *view, enum view_kind kind);

/* Below a list of the whole cluster: why it is not whole, else REMARK; what of AREA is left for
 * the table. And the rows it has in H lines when that takes one. */
struct rect screen_draw_remark(struct canvas *c, struct rect area, const struct view *view, const char *remark);
int screen_rows_and_remark(int h);

/* Whether several topics are read, so that a row must name its own. */
bool screen_many_topics(const struct view *view);

/* What an empty list says: the state of the connection, the group, the topic, and what to press. */
void screen_draw_empty(struct canvas *c, struct rect area, const struct view *view);

#endif
