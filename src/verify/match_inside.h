/* SPDX-License-Identifier: MIT */
/*
 * The match's inside, shared by its files. What match.h offers is in
 *   match.c           making and ending, the topic's records
 *   match_log.c       the log's items
 * and rests on
 *   match_subjects.c  the experiments that are known, and the bounds of what is kept
 *   match_place.c     a record and the unit of the log that it belongs to
 *   match_unit.c      what is compared of a unit when it is done with
 */
#ifndef VERIFY_MATCH_INSIDE_H
#define VERIFY_MATCH_INSIDE_H

#include "verify/match.h"
#include "verify/subject.h"

enum {
	WRITING_S = 2, /* that a producer may write its log later than it sends */
	SENDING_S = 5  /* that a record may be under way after it was logged */
};

struct match {
	struct match_config config;
	struct match_totals totals;
	struct subject *by_id;
	struct subject *lists[STANDINGS]; /* each is in one, the longest silent first */
	size_t n_done;
	struct subject *last_logged, *last_received; /* whose turn it is mostly again */
	size_t bytes;
	int64_t waiting;
	bool averages; /* the log has some */
	bool topic_over;
	bool ended;    /* both sides */
};

/* match.c: a difference, to be filled; of a record that is none of the log's units, or before it was placed; of U. */
struct difference match_about(const struct subject *s, enum difference_kind kind);
struct difference match_about_arrival(const struct subject *s, enum difference_kind kind, const struct arrival *a);
struct difference match_about_unit(const struct subject *s, enum difference_kind kind, const struct unit *u);

/* match_subjects.c */
struct subject *match_subject(struct match *m, struct slice foreign, struct subject **last);
void match_count_side(struct match *m, struct subject *s, bool *side, int64_t *count);
void match_move(struct match *m, struct subject *s, enum standing to); /* to the end of that list */
void match_tell_given_up(struct match *m, struct subject *s);

/* When both sides have ended, and nothing is missing, there is nothing to wait for. */
void match_end_if_done(struct match *m, struct subject *s);

/* Give up those silent longest, until what is kept fits; not who has its turn, unless it is alone. */
void match_keep_bounds(struct match *m);

/* Whether what was logged at TIME may be under way to the topic, whose end was TAKEN then. */
bool match_may_come(const struct subject *s, double time, double taken);

/* All of an experiment that is on one side only: a difference, unless it began when the other side ended. */
bool match_report_one_sided(struct match *m, const struct subject *s, double taken, double read);

/* match_place.c: compare A with its unit, false: it is not in the log yet; place those that waited for that. */
bool match_place(struct match *m, struct subject *s, const struct arrival *a);
void match_place_waiting(struct match *m, struct subject *s);

/* match_unit.c: all of U has come; compare what there is of it, and drop it. */
bool match_is_whole(const struct unit *u);
void match_release(struct match *m, struct subject *s, struct unit *u);
void match_release_all(struct match *m, struct subject *s);

#endif
