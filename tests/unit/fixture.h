/* SPDX-License-Identifier: MIT */
/* Views made by hand, for the tests of screens and text twin. */
#ifndef TESTS_UNIT_FIXTURE_H
#define TESTS_UNIT_FIXTURE_H

#include "model/view.h"

enum { FIXTURE_NOW = 1795437330 }; /* s; all views are of this moment */

/* A connected view of KIND without rows; freed with view_free(). */
struct view *fixture_view(enum view_kind kind);

/* Fills for it, each with rows as one would see them. */
void fixture_experiments(struct view *view);
void fixture_experiment(struct view *view);
void fixture_partitions(struct view *view);
void fixture_partition(struct view *view);
void fixture_records(struct view *view);
void fixture_record(struct view *view);
void fixture_rates(struct view *view);
void fixture_producers(struct view *view); /* three, and a plan */
void fixture_many_producers(struct view *view);

/* Of rates: what was produced, the first minutes of it unknown, and planned. */
void fixture_compared(struct view *view);
void fixture_groups(struct view *view);
void fixture_group_detail(struct view *view);
void fixture_topics(struct view *view);

void fixture_group(struct view *view, enum group_state state, const char *sentence);
void fixture_watch(struct view *view);

/* A record is being stored: that of row 2 of the partitions, of row 9 of the records. */
void fixture_storing(struct view *view);

/* Nothing is known of what can be unknown. */
void fixture_unknown(struct view *view);

/* Every string is hostile. */
void fixture_hostile(struct view *view);

#endif
