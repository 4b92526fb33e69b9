/* SPDX-License-Identifier: MIT */
#include "model/producers.h"

#include "base/alloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct producers *
producers_new(const char *const *names, size_t n, bool named, const char *where, const struct planned *plan)
{
	struct producers *p = xcalloc(1, sizeof(*p));

	p->n = n < PRODUCERS_MOST ? n : PRODUCERS_MOST;
	p->all = xcalloc(p->n + 1, sizeof(*p->all));
	p->named = named;
	p->where = xstrdup(where);
	p->now = p->scheduled = -1;
	if (plan)
		p->plan = *plan;
	for (size_t i = 0; i < p->n; i++) {
		struct producer *one = &p->all[i];

		one->name = xstrdup(names[i]);
		one->since = one->events = one->running = one->known = one->before = one->begun = -1;
		one->rate = NAN;
	}
	return p;
}

void
producers_free(struct producers *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->all[i].name);
	free(p->all);
	free(p->where);
	free(p);
}

/* ---- the plan ---- */

double
producer_planned(const struct producers *all, const struct producer *p, int64_t from, int64_t to)
{
	if (p->begun < 0 || from < 0 || to <= from)
		return NAN;
	return planned_rate(&all->plan, (double)(from - p->begun) / 1000, (double)(to - p->begun) / 1000);
}

/* What a plan that began at BEGUN makes between FROM and TO, second by second. */
static void
add_planned(struct flow *f, const struct planned *plan, int64_t begun, int64_t from, int64_t to)
{
	if (from < to - (int64_t)FLOW_STEPS * FLOW_STEP_MS)
		from = to - (int64_t)FLOW_STEPS * FLOW_STEP_MS;
	while (begun >= 0 && from < to) {
		int64_t end = (from / FLOW_STEP_MS + 1) * FLOW_STEP_MS, until = end < to ? end : to;
		double rate = planned_rate(plan, (double)(from - begun) / 1000, (double)(until - begun) / 1000);

		flow_add(f, from, until, rate * (double)(until - from) / 1000);
		from = until;
	}
}

/* The first events of P are seen: they came about as the plan has it, or, where there were
 * none by then, half way between the two looks. */
static void
begin_plan(const struct producers *all, struct producer *p, int64_t now)
{
	if (p->begun >= 0 || p->events <= 0 || all->plan.n == 0)
		return;
	p->begun = now - (int64_t)(planned_when(&all->plan, (double)p->events) * 1000);
	if (p->begun < p->known)
		p->begun = (p->known + now) / 2;
}

void
producers_schedule(struct producers *p, int64_t begun, int64_t now)
{
	if (p->scheduled < 0 || p->scheduled > now)
		p->scheduled = begun;
	add_planned(&p->schedule, &p->plan, begun, p->scheduled, now);
	p->scheduled = now;
}

/* ---- looks ---- */

/* Events made since the look before, of which nobody knows where there was none. */
static void
count(struct producer *p, const struct scrape *s)
{
	int64_t base = p->events >= 0 && !s->restarted ? p->events : 0;
	int64_t made = s->events > base ? s->events - base : 0;

	if (p->known < 0)
		return;
	if (__builtin_add_overflow(p->counted, made, &p->counted))
		p->counted = INT64_MAX;
	if (s->time <= p->known)
		return;
	p->rate = (double)made * 1000 / (double)(s->time - p->known);
	p->before = p->known;
	flow_add(&p->made, p->known, s->time, (double)made);
}

static void
read_page(const struct producers *all, struct producer *p, const struct scrape *s)
{
	count(p, s);
	if (s->restarted) {
		p->restarts++;
		p->begun = -1;
	}
	p->events = s->events;
	p->running = s->running;
	begin_plan(all, p, s->time);
	if (p->known >= 0)
		add_planned(&p->planned, &all->plan, p->begun, p->known, s->time);
	p->known = s->time;
}

/* Where nobody listens nothing is made: all is known. */
static void
nobody(const struct producers *all, struct producer *p, const struct scrape *s)
{
	if (p->known >= 0)
		add_planned(&p->planned, &all->plan, p->begun, p->known, s->time);
	p->known = s->time;
	p->rate = NAN;
}

/* Where nobody listens any more: the last page tells an end from a failure. */
static enum producer_state
state_of(const struct producer *p, const struct scrape *s)
{
	switch (s->result) {
	case SCRAPE_READ:
		return PRODUCER_ANSWERS;
	case SCRAPE_FAILED:
		return PRODUCER_FAILS;
	case SCRAPE_OTHERS:
		return PRODUCER_OTHERS;
	default:
		return p->events > 0 && p->running == 0 ? PRODUCER_ENDED : PRODUCER_GONE;
	}
}

static void
tell_answer(const struct producer *p, const struct scrape *s, struct err *said)
{
	if (s->restarted)
		err_set(said, "producer %s was started again: its counters begin anew", p->name);
	else
		err_set(said, "producer %s answers: %" PRId64 " events so far%s%s", p->name, s->events,
			s->topic[0] ? ", to topic " : "", s->topic);
}

static void
tell_gone(const struct producer *p, enum producer_state before, struct err *said)
{
	if (p->state == PRODUCER_ENDED)
		err_set(said, "producer %s has ended: %" PRId64 " events", p->name, p->events);
	else if (before == PRODUCER_UNKNOWN)
		err_set(said, "producer %s: no program listens there, trying each second", p->name);
	else if (p->running > 0)
		err_set(said, "producer %s is gone: no program listens there any more; when it was seen last, "
			"%" PRId64 " experiment%s running, and it had made %" PRId64 " events", p->name, p->running,
			p->running == 1 ? " was" : "s were", p->events);
	else
		err_set(said, "producer %s is gone: no program listens there any more", p->name);
}

static bool
tell(const struct producers *all, const struct producer *p, const struct scrape *s, enum producer_state before,
     struct err *said)
{
	if (s->result == SCRAPE_READ)
		tell_answer(p, s, said);
	else if (s->result == SCRAPE_FAILED)
		err_set(said, "producer %s: %s", p->name, s->problem);
	else if (s->result == SCRAPE_OTHERS)
		err_set(said, "producer %s: a program of user %s listens there and is not looked at; "
			"--producer-connection %s shows it", p->name, p->owner, p->name);
	else
		tell_gone(p, before, said);
	return s->result == SCRAPE_OTHERS || producers_shows(all, p);
}

bool
producers_take(struct producers *all, const struct scrape *s, struct err *said)
{
	struct producer *p;
	enum producer_state before, state;
	bool changed;

	if (s->producer >= all->n)
		return false;
	p = &all->all[s->producer];
	before = p->state;
	state = state_of(p, s);
	changed = before != state || s->restarted || strcmp(p->problem, s->problem) != 0 ||
		  strcmp(p->owner, s->owner) != 0;
	all->now = s->time;
	p->state = state;
	snprintf(p->owner, sizeof(p->owner), "%s", s->owner);
	snprintf(p->problem, sizeof(p->problem), "%s", s->problem);
	if (before != p->state)
		p->since = s->time;
	if (s->result == SCRAPE_READ)
		read_page(all, p, s);
	else if (s->result == SCRAPE_NOBODY)
		nobody(all, p, s);
	else
		p->rate = NAN;
	return changed && tell(all, p, s, before, said);
}

/* ---- answers ---- */

bool
producers_shows(const struct producers *all, const struct producer *p)
{
	return all->named || p->events >= 0 || p->state == PRODUCER_FAILS;
}

bool
producers_asked(const struct producers *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->all[i].state == PRODUCER_UNKNOWN)
			return false;
	return true;
}

size_t
producers_in(const struct producers *p, enum producer_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->all[i].state == state;
	return n;
}

/* A sum of what is known. */
static double
add_known(double sum, double more)
{
	return isnan(more) ? sum : isnan(sum) ? more : sum + more;
}

double
producers_made(const struct producers *p, int64_t from, int64_t to)
{
	double sum = NAN;

	for (size_t i = 0; i < p->n; i++)
		sum = add_known(sum, flow_rate(&p->all[i].made, from, to));
	return sum;
}

double
producers_planned(const struct producers *p, int64_t from, int64_t to)
{
	double sum = flow_rate(&p->schedule, from, to);

	for (size_t i = 0; i < p->n; i++)
		sum = add_known(sum, flow_rate(&p->all[i].planned, from, to));
	return sum;
}

void
producers_nobody(const struct producers *p, struct err *out)
{
	size_t ended = producers_in(p, PRODUCER_ENDED);
	int64_t events = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->all[i].state == PRODUCER_ENDED && __builtin_add_overflow(events, p->all[i].events, &events))
			events = INT64_MAX;
	if (ended > 0)
		err_set(out, "%zu producer%s ended, with %" PRId64 " events; looking on each second for others on %s",
			ended, ended == 1 ? " has" : "s have", events, p->where);
	else
		err_set(out, "no producer answers on %s, trying each second; start one with experiment-producer "
			"-b BROKERS --topic TOPIC", p->where);
}

bool
producers_others(const struct producers *p, struct err *out)
{
	const struct producer *first = NULL;
	size_t n = producers_in(p, PRODUCER_OTHERS);

	for (size_t i = 0; i < p->n && !first; i++)
		if (p->all[i].state == PRODUCER_OTHERS)
			first = &p->all[i];
	if (!first)
		return false;
	err_set(out, "not looked at: %zu program%s of other users where producers are looked for, the first %s of user "
		"%s; --producer-connection %s shows it", n, n == 1 ? "" : "s", first->name, first->owner, first->name);
	return true;
}

/* N points of STEP ms each up to END, of all together. */
static double *
points(const struct producers *p, struct arena *a, size_t n, int64_t step, int64_t end,
       double (*of)(const struct producers *p, int64_t from, int64_t to))
{
	double *out = arena_alloc(a, n * sizeof(*out));

	for (size_t i = 0; i < n; i++) {
		int64_t from = end - (int64_t)(n - i) * step;

		out[i] = of(p, from, from + step);
	}
	return out;
}

static int64_t
whole(int64_t time, int64_t step)
{
	return time < 0 ? 0 : time - time % step;
}

static void
fill_row(struct view *view, const struct producer *p, struct producer_row *row)
{
	double *out = arena_alloc(&view->arena, PRODUCER_POINTS * sizeof(*out));

	for (int i = 0; i < PRODUCER_POINTS; i++) {
		int64_t from = view->points_end - (PRODUCER_POINTS - i) * (int64_t)FLOW_STEP_MS;

		out[i] = flow_rate(&p->made, from, from + FLOW_STEP_MS);
	}
	*row = (struct producer_row){
		.name = arena_copy(&view->arena, slice_str(p->name)),
		.problem = p->problem[0] ? arena_copy(&view->arena, slice_str(p->problem)) : (struct slice){0},
		.state = p->state,
		.since = p->since,
		.rate = p->rate,
		.running = p->running,
		.events = p->events,
		.restarts = p->restarts,
		.points = out,
	};
}

static void
fill_producers(const struct producers *p, struct view *view)
{
	view->points_end = whole(p->now, FLOW_STEP_MS);
	view->made = points(p, &view->arena, PRODUCER_POINTS, FLOW_STEP_MS, view->points_end, producers_made);
	view->planned = points(p, &view->arena, PRODUCER_POINTS, FLOW_STEP_MS, view->points_end, producers_planned);
	view->producers = arena_alloc(&view->arena, p->n * sizeof(*view->producers));
	for (size_t i = 0; i < p->n; i++)
		if (producers_shows(p, &p->all[i]))
			fill_row(view, &p->all[i], &view->producers[view->n++]);
	view->total = view->matched = (int64_t)view->n;
}

/* On the grid of the events' graph. */
static void
fill_rates(const struct producers *p, struct view *view)
{
	enum { STEP = RATE_STEP_S * 1000 };

	view->points_end = whole(view->now, STEP);
	view->made = points(p, &view->arena, RATE_POINTS, STEP, view->points_end, producers_made);
	view->planned = points(p, &view->arena, RATE_POINTS, STEP, view->points_end, producers_planned);
}

/* At least one has, and none is gone or fails that made events. */
static bool
all_ended(const struct producers *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->all[i].state == PRODUCER_FAILS || (p->all[i].state == PRODUCER_GONE && p->all[i].events > 0))
			return false;
	return producers_in(p, PRODUCER_ENDED) > 0;
}

void
producers_view(const struct producers *p, struct view *view)
{
	struct producers_head *head = &view->head.producers;
	int64_t end = whole(p->now > p->scheduled ? p->now : p->scheduled, FLOW_STEP_MS);
	struct err said;

	head->compared = true;
	head->planned_for = p->plan.n > 0;
	head->answering = (int64_t)producers_in(p, PRODUCER_ANSWERS);
	head->ended = all_ended(p);
	if (producers_others(p, &said))
		head->others = arena_copy(&view->arena, slice_str(said.text));
	head->produced = producers_made(p, end - PRODUCER_WINDOW_MS, end);
	head->planned = producers_planned(p, end - PRODUCER_WINDOW_MS, end);
	if (p->n > 0 && head->answering == 0 && producers_asked(p)) {
		producers_nobody(p, &said);
		head->nobody = arena_copy(&view->arena, slice_str(said.text));
	}
	if (view->query.kind == VIEW_PRODUCERS)
		fill_producers(p, view);
	else if (view->query.kind == VIEW_RATES)
		fill_rates(p, view);
}
