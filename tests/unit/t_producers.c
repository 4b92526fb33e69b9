/* SPDX-License-Identifier: MIT */
/* Rates out of looks at counters, and a plan beside them. */
#include "model/producers.h"

#include "base/alloc.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { S = 1000 };

static const int64_t t0 = 1795437330000;
static const char *const names[] = {"localhost:3001", "localhost:3002"};

/* The tutorial's: 10 events/s, 50 from 30 to 48 s, 10 to 60 s. */
static const struct planned_interval tutorial[] = {{0, 30, 10, 1}, {30, 48, 50, 2}, {48, 60, 10, 1}};
static const struct planned plan = {tutorial, 3};

static struct producers *
two(bool named, const struct planned *planned)
{
	return producers_new(names, 2, named, "localhost:3001-3002", planned);
}

/* A look; SAID: what it says has changed, "" nothing. */
static void
look(struct producers *all, struct scrape s, const char *said)
{
	struct err err = {""};

	assert_int_equal(producers_take(all, &s, &err), *said != '\0');
	if (*said)
		assert_string_equal(err.text, said);
}

static struct scrape
page(size_t producer, int64_t time, int64_t events)
{
	return (struct scrape){.producer = producer, .time = time, .events = events, .running = 1};
}

static struct scrape
again(size_t producer, int64_t time, int64_t events)
{
	struct scrape s = page(producer, time, events);

	s.restarted = true;
	return s;
}

static struct scrape
none(size_t producer, int64_t time)
{
	return (struct scrape){.producer = producer, .time = time, .result = SCRAPE_NOBODY, .running = -1};
}

static struct scrape
failed(size_t producer, int64_t time, const char *why)
{
	struct scrape s = {.producer = producer, .time = time, .result = SCRAPE_FAILED, .running = -1};

	snprintf(s.problem, sizeof(s.problem), "%s", why);
	return s;
}

#define ANSWERS(n, events) "producer localhost:300" n " answers: " events " events so far"

static void
rates_take_two_looks(void **state)
{
	struct producers *all = two(true, NULL);
	const struct producer *p = &all->all[0];

	(void)state;
	assert_true(isnan(p->rate));
	look(all, page(0, t0, 1000), ANSWERS("1", "1000"));
	assert_true(isnan(p->rate)); /* what was made before nobody knows when */
	assert_int_equal(p->counted, 0);
	look(all, page(0, t0 + 1 * S, 1010), "");
	assert_close(p->rate, 10, 1e-9);
	look(all, page(0, t0 + 3 * S, 1070), "");
	assert_close(p->rate, 30, 1e-9);
	assert_close(producers_made(all, t0, t0 + 3 * S), 70.0 / 3, 1e-9);
	assert_true(isnan(producers_made(all, t0 - 1 * S, t0)));
	assert_true(isnan(producers_planned(all, t0, t0 + 3 * S)));
	producers_free(all);
}

/* A page may say anything. */
static void
what_is_counted_stops_at_its_largest(void **state)
{
	struct producers *all = two(true, NULL);
	struct scrape again = page(0, t0 + 2 * S, INT64_MAX);
	struct err said;

	(void)state;
	look(all, page(0, t0, 0), ANSWERS("1", "0"));
	look(all, page(0, t0 + 1 * S, INT64_MAX), "");
	again.restarted = true;
	producers_take(all, &again, &said);
	assert_int_equal(all->all[0].counted, INT64_MAX);
	producers_free(all);
}

static void
all_together_is_the_sum_of_what_is_known(void **state)
{
	struct producers *all = two(true, NULL);

	(void)state;
	look(all, page(0, t0, 0), ANSWERS("1", "0"));
	look(all, page(0, t0 + 2 * S, 20), "");
	look(all, page(1, t0 + 1 * S, 7), ANSWERS("2", "7"));
	look(all, page(1, t0 + 2 * S, 12), "");
	assert_close(producers_made(all, t0, t0 + 1 * S), 10, 1e-9);
	assert_close(producers_made(all, t0 + 1 * S, t0 + 2 * S), 15, 1e-9);
	assert_int_equal(producers_in(all, PRODUCER_ANSWERS), 2);
	producers_free(all);
}

static struct scrape
idle(size_t producer, int64_t time, int64_t events)
{
	struct scrape s = page(producer, time, events);

	s.running = 0;
	return s;
}

/* The last page tells: with no experiment left it was an end, else nobody knows. */
static void
an_end_is_told_from_a_failure(void **state)
{
	struct producers *all = two(true, NULL);
	struct view *view = xcalloc(1, sizeof(*view));
	struct err said;

	(void)state;
	look(all, page(0, t0, 1300), ANSWERS("1", "1300"));
	look(all, page(1, t0, 10), ANSWERS("2", "10"));
	look(all, idle(0, t0 + 1 * S, 1328), "");
	look(all, none(0, t0 + 2 * S), "producer localhost:3001 has ended: 1328 events");
	look(all, none(0, t0 + 3 * S), "");
	assert_int_equal(all->all[0].state, PRODUCER_ENDED);
	assert_int_equal(all->all[0].events, 1328);
	assert_int_equal(all->all[0].counted, 28);
	look(all, page(1, t0 + 3 * S, 1327), "");
	look(all, none(1, t0 + 4 * S), "producer localhost:3002 is gone: no program listens there any more; when it "
				       "was seen last, 1 experiment was running, and it had made 1327 events");
	assert_int_equal(all->all[1].state, PRODUCER_GONE);
	assert_int_equal(all->all[1].events, 1327);
	producers_view(all, view);
	assert_false(view->head.producers.ended); /* not all of them */
	look(all, again(1, t0 + 5 * S, 3), "producer localhost:3002 was started again: its counters begin anew");
	look(all, idle(1, t0 + 6 * S, 20), "");
	look(all, none(1, t0 + 7 * S), "producer localhost:3002 has ended: 20 events");
	view_clear(view);
	producers_view(all, view);
	assert_true(view->head.producers.ended);
	producers_nobody(all, &said);
	assert_string_equal(said.text, "2 producers have ended, with 1348 events; looking on each second for others on "
				       "localhost:3001-3002");
	view_free(view);
	producers_free(all);
}

/* Where nobody was named, the programs of other users are told of and not looked at. */
static void
others_are_named_and_not_shown(void **state)
{
	struct producers *all = two(false, NULL);
	struct scrape theirs = {.producer = 1, .time = t0, .result = SCRAPE_OTHERS, .running = -1, .owner = "bob"};
	struct scrape ours = page(0, t0, 5);
	struct err said;

	(void)state;
	assert_false(producers_others(all, &said));
	snprintf(ours.topic, sizeof(ours.topic), "client58");
	look(all, ours, ANSWERS("1", "5") ", to topic client58");
	look(all, theirs, "producer localhost:3002: a program of user bob listens there and is not looked at; "
			  "--producer-connection localhost:3002 shows it");
	look(all, theirs, "");
	assert_false(producers_shows(all, &all->all[1]));
	assert_true(producers_asked(all));
	assert_true(producers_others(all, &said));
	assert_string_equal(said.text, "not looked at: 1 program of other users where producers are looked for, the "
				       "first localhost:3002 of user bob; --producer-connection localhost:3002 shows "
				       "it");
	producers_free(all);
}

/* The first events of one that was waited for count; so do those of one that was started again. */
static void
producers_come_go_and_come_again(void **state)
{
	struct producers *all = two(false, NULL);
	struct producer *p = &all->all[0];

	(void)state;
	look(all, none(0, t0), "");
	assert_false(producers_asked(all));
	look(all, none(1, t0), "");
	assert_true(producers_asked(all));
	assert_false(producers_shows(all, p));
	look(all, page(0, t0 + 1 * S, 7), ANSWERS("1", "7"));
	assert_close(p->rate, 7, 1e-9);
	assert_true(producers_shows(all, p));
	look(all, page(0, t0 + 2 * S, 17), "");
	look(all, none(0, t0 + 3 * S), "producer localhost:3001 is gone: no program listens there any more; when it "
				       "was seen last, 1 experiment was running, and it had made 17 events");
	assert_true(isnan(p->rate));
	assert_true(producers_shows(all, p));
	assert_true(isnan(producers_made(all, t0 + 2 * S, t0 + 3 * S)));
	look(all, none(0, t0 + 4 * S), "");
	look(all, again(0, t0 + 5 * S, 20), "producer localhost:3001 was started again: its counters begin anew");
	assert_close(p->rate, 20, 1e-9);
	assert_int_equal(p->restarts, 1);
	look(all, again(0, t0 + 6 * S, 3), "producer localhost:3001 was started again: its counters begin anew");
	assert_close(p->rate, 3, 1e-9);
	assert_int_equal(p->counted, 7 + 10 + 20 + 3);
	assert_close(producers_made(all, t0 + 1 * S, t0 + 2 * S), 10, 1e-9); /* what was made before stands */
	producers_free(all);
}

/* What was made while a page did not come is known once it comes again. */
static void
a_page_that_fails_is_said_and_caught_up(void **state)
{
	struct producers *all = two(false, NULL);
	struct producer *p = &all->all[0];

	(void)state;
	look(all, page(0, t0, 0), ANSWERS("1", "0"));
	look(all, failed(0, t0 + 2 * S, "it does not answer within 2 s"),
	     "producer localhost:3001: it does not answer within 2 s");
	look(all, failed(0, t0 + 4 * S, "it does not answer within 2 s"), "");
	look(all, failed(0, t0 + 5 * S, "line 3 is no sample"), "producer localhost:3001: line 3 is no sample");
	assert_true(isnan(p->rate));
	assert_int_equal(producers_in(all, PRODUCER_ANSWERS), 0);
	look(all, page(0, t0 + 10 * S, 50), ANSWERS("1", "50"));
	assert_close(p->rate, 5, 1e-9);
	assert_close(producers_made(all, t0 + 2 * S, t0 + 3 * S), 5, 1e-9);
	look(all, failed(1, t0, "it answers with status 404 instead of a metrics page"),
	     "producer localhost:3002: it answers with status 404 instead of a metrics page");
	assert_true(producers_shows(all, &all->all[1])); /* something else has that port */
	producers_free(all);
}

static void
a_named_producer_that_is_not_there_is_said(void **state)
{
	struct producers *all = two(true, NULL);

	(void)state;
	look(all, none(0, t0), "producer localhost:3001: no program listens there, trying each second");
	look(all, none(0, t0 + 1 * S), "");
	assert_true(producers_shows(all, &all->all[1]));
	look(all, page(7, t0, 1), ""); /* of nobody */
	producers_free(all);
}

static void
the_plan_begins_with_the_first_event(void **state)
{
	struct producers *all = two(false, &plan);
	struct producer *p = &all->all[0];

	(void)state;
	look(all, page(0, t0, 0), ANSWERS("1", "0"));
	look(all, page(0, t0 + 10 * S, 0), "");
	assert_true(isnan(producer_planned(all, p, t0, t0 + 1 * S)));
	for (int i = 11; i < 70; i++)
		look(all, page(0, t0 + i * S, (i - 10) * 10), "");
	assert_close(p->begun, t0 + 10 * S, 0);
	assert_close(producers_planned(all, t0 + 12 * S, t0 + 20 * S), 10, 1e-9);
	assert_close(producers_planned(all, t0 + 40 * S, t0 + 58 * S), 50, 1e-9);
	assert_close(producers_planned(all, t0 + 58 * S, t0 + 60 * S), 10, 1e-9);
	assert_close(producer_planned(all, p, t0 + 39 * S, t0 + 41 * S), 30, 1e-9);
	look(all, none(0, t0 + 70 * S), "producer localhost:3001 is gone: no program listens there any more; when it "
					"was seen last, 1 experiment was running, and it had made 590 events");
	look(all, none(0, t0 + 80 * S), "");
	assert_close(producers_planned(all, t0 + 71 * S, t0 + 80 * S), 0, 0); /* the plan is over, not unknown */
	look(all, again(0, t0 + 81 * S, 10), "producer localhost:3001 was started again: its counters begin anew");
	look(all, page(0, t0 + 82 * S, 20), "");
	assert_close(producers_planned(all, t0 + 81 * S, t0 + 82 * S), 10, 1e-9);
	assert_close(producers_planned(all, t0 + 40 * S, t0 + 58 * S), 50, 1e-9);
	producers_free(all);
}

/* Its place in the plan follows from what it has counted: 300 + 10 of them, so 0.2 s past 30. */
static void
a_producer_at_work_is_found_in_the_plan(void **state)
{
	struct producers *all = two(false, &plan);
	struct producer *p = &all->all[0];

	(void)state;
	look(all, page(0, t0, 310), ANSWERS("1", "310"));
	assert_int_equal(p->begun, t0 - 30200);
	look(all, page(0, t0 + 1 * S, 360), "");
	assert_close(producers_planned(all, t0, t0 + 1 * S), 50, 1e-9);
	look(all, page(1, t0, 100000), ANSWERS("2", "100000")); /* more than the plan has */
	look(all, page(1, t0 + 1 * S, 100050), "");
	assert_close(producers_planned(all, t0, t0 + 1 * S), 50, 1e-9);
	producers_free(all);
}

static void
a_plan_runs_by_the_clock_where_there_is_no_page(void **state)
{
	struct producers *all = producers_new(NULL, 0, false, "", &plan);

	(void)state;
	assert_true(producers_asked(all));
	producers_schedule(all, t0, t0 + 1 * S);
	for (int i = 1; i <= 60; i++)
		producers_schedule(all, t0, t0 + i * S);
	producers_schedule(all, t0 + 60 * S, t0 + 70 * S); /* the next round */
	assert_close(producers_planned(all, t0 + 1 * S, t0 + 30 * S), 10, 1e-9);
	assert_close(producers_planned(all, t0 + 31 * S, t0 + 47 * S), 50, 1e-9);
	assert_close(producers_planned(all, t0 + 60 * S, t0 + 70 * S), 10, 1e-9);
	producers_schedule(all, t0, t0 + 5 * S); /* a clock that was set back */
	assert_true(isnan(producers_made(all, t0, t0 + 1 * S)));
	producers_free(all);
}

static void
a_view_has_its_points(void **state)
{
	struct producers *all = two(false, &plan);
	struct view *view = xcalloc(1, sizeof(*view));

	(void)state;
	view->query.kind = VIEW_PRODUCERS;
	producers_view(all, view);
	assert_true(view->head.producers.compared && view->head.producers.planned_for);
	assert_true(isnan(view->head.producers.produced));
	assert_null(view->head.producers.nobody.p); /* not before all were looked at */
	assert_int_equal(view->n, 0);
	look(all, none(0, t0), "");
	look(all, none(1, t0), "");
	view_clear(view);
	producers_view(all, view);
	assert_int_equal(strncmp(view->head.producers.nobody.p, "no producer answers on localhost:3001-3002, ", 44), 0);
	for (int i = 0; i <= 20; i++)
		look(all, page(0, t0 + i * S + 300, 10 * i), i ? "" : ANSWERS("1", "0"));
	view_clear(view);
	producers_view(all, view);
	assert_int_equal(view->n, 1);
	assert_int_equal(view->points_end, t0 + 20 * S);
	assert_close(view->made[PRODUCER_POINTS - 1], 10, 1e-6);
	assert_close(view->producers[0].points[PRODUCER_POINTS - 19], 10, 1e-6);
	assert_true(isnan(view->made[PRODUCER_POINTS - 21]));
	assert_close(view->head.producers.produced, 10, 1e-6);
	assert_close(view->head.producers.planned, 10, 1e-6);
	view->query.kind = VIEW_RATES;
	view_clear(view);
	view->now = t0 + 20 * S + 400;
	producers_view(all, view);
	assert_close(view->made[RATE_POINTS - 1], 10, 1e-6);
	assert_true(isnan(view->made[RATE_POINTS - 5]));
	view_free(view);
	producers_free(all);
}

static void
rates_of_a_plan(void **state)
{
	const struct planned nothing = {NULL, 0};

	(void)state;
	assert_close(planned_rate(&plan, 24, 36), 30, 1e-9);
	assert_close(planned_rate(&plan, -10, 10), 5, 1e-9);
	assert_close(planned_rate(&plan, 60, 70), 0, 0);
	assert_close(planned_rate(&plan, 10, 10), 0, 0);
	assert_close(planned_rate(&nothing, 0, 10), 0, 0);
	assert_close(planned_when(&plan, 0), 0, 0);
	assert_close(planned_when(&plan, 150), 15, 1e-9);
	assert_close(planned_when(&plan, 350), 31, 1e-9);
	assert_close(planned_when(&plan, 1e9), 60, 0);
	assert_close(planned_when(&nothing, 5), 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_take_two_looks),
		cmocka_unit_test(what_is_counted_stops_at_its_largest),
		cmocka_unit_test(all_together_is_the_sum_of_what_is_known),
		cmocka_unit_test(an_end_is_told_from_a_failure),
		cmocka_unit_test(others_are_named_and_not_shown),
		cmocka_unit_test(producers_come_go_and_come_again),
		cmocka_unit_test(a_page_that_fails_is_said_and_caught_up),
		cmocka_unit_test(a_named_producer_that_is_not_there_is_said),
		cmocka_unit_test(the_plan_begins_with_the_first_event),
		cmocka_unit_test(a_producer_at_work_is_found_in_the_plan),
		cmocka_unit_test(a_plan_runs_by_the_clock_where_there_is_no_page),
		cmocka_unit_test(a_view_has_its_points),
		cmocka_unit_test(rates_of_a_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
