/* SPDX-License-Identifier: MIT */
/*
 * Producers as their metrics pages show them: what each counts, the rates that
 * follow, and beside them those of a plan. Fed one look at one page after the
 * other; counters that begin anew and producers that come and go are taken as
 * such: what they made before stands. Pure; held by one thread.
 *
 * The plan is what each producer runs: it begins with a producer's first event,
 * and anew when that is started again. Times are ms since 1970, unknown is -1 or
 * NaN.
 */
#ifndef MODEL_PRODUCERS_H
#define MODEL_PRODUCERS_H

#include "base/err.h"
#include "model/flow.h"
#include "model/planned.h"
#include "model/view.h"

enum { PRODUCERS_MOST = 64, PRODUCER_WINDOW_MS = 10000 /* a head's rate is the mean over */ };

enum scrape_result {
	SCRAPE_READ,
	SCRAPE_NOBODY, /* no program listens there: nothing is produced */
	SCRAPE_FAILED, /* `problem`; what happens there is not known */
	SCRAPE_OTHERS  /* the program of another user, `owner`, listens there: its page was not asked for */
};

/* One look at one producer's page. */
struct scrape {
	size_t producer; /* its number */
	int64_t time;    /* when it was answered, or given up */
	enum scrape_result result;
	int64_t events;  /* counted on the page */
	int64_t running; /* experiments; -1: the page does not say */
	bool restarted;  /* it does not continue the page read before */
	char topic[64];  /* the first that its counters name; empty: none */
	char owner[32];  /* SCRAPE_OTHERS: a user's name or number */
	char problem[ERR_TEXT];
};

struct producer {
	char *name; /* HOST:PORT */
	enum producer_state state;
	char problem[ERR_TEXT], owner[32];
	int64_t since;           /* in this state */
	int64_t events, running; /* as the page said last */
	int64_t restarts;
	int64_t counted, known;  /* events made since we look, and until when that is known */
	double rate;             /* from the look before to the last, which was at `known` */
	int64_t before;
	int64_t begun;           /* its plan, -1: not yet */
	struct flow made, planned;
};

struct producers {
	struct producer *all;
	size_t n;
	bool named;  /* by the user: each is to be seen, even where nobody listens */
	char *where; /* what is looked at, for sentences */
	struct planned plan; /* n 0: none */
	int64_t now;         /* of the last look */
	int64_t scheduled;   /* until when producers_schedule() counts */
	struct flow schedule;
};

/* NAMES[0..N) are looked at; WHERE says so in few words. The PLAN (NULL: none) is borrowed. */
struct producers *producers_new(const char *const *names, size_t n, bool named, const char *where,
				const struct planned *plan);
void producers_free(struct producers *p);

/* True when SAID is a sentence about what has changed. */
bool producers_take(struct producers *p, const struct scrape *s, struct err *said);

/* The plan runs without a page to see it by: since BEGUN, as of NOW. */
void producers_schedule(struct producers *p, int64_t begun, int64_t now);

/* Whether P is worth a row: it was named, has answered, or something else listens there. */
bool producers_shows(const struct producers *all, const struct producer *p);

/* Each was looked at once, so that it is known which answer. */
bool producers_asked(const struct producers *p);
size_t producers_in(const struct producers *p, enum producer_state state); /* how many */

/* Events/s of all together between two whole seconds: made, and planned. */
double producers_made(const struct producers *p, int64_t from, int64_t to);
double producers_planned(const struct producers *p, int64_t from, int64_t to);

/* Events/s that P was to make between FROM and TO. */
double producer_planned(const struct producers *all, const struct producer *p, int64_t from, int64_t to);

/* "no producer answers on WHERE, trying each second; ..", or that all have ended. */
void producers_nobody(const struct producers *p, struct err *out);

/* Other users' programs where producers are looked for, and how to look at them all the same; false: there are none. */
bool producers_others(const struct producers *p, struct err *out);

/* What VIEW asks for; its head in any case. */
void producers_view(const struct producers *p, struct view *view);

#endif
