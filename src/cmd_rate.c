/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interruptible.h"
#include "base/pairs.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/units.h"
#include "engine/feed_idle.h"
#include "engine/sink_monitor.h"
#include "producing.h"
#include "ui/app.h"
#include "ui/screen.h"

#include <jansson.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

static const struct strings all_topics;

/* ---- the screen ---- */

static int
run_screen(const struct options *o, struct producing *p)
{
	struct sink_monitor_config sink = {
		.cluster = p->producers->where, .producers = p->producers, .only_producers = true,
	};
	struct engine_config engine = {
		.feed = feed_idle_new(),
		.sink = sink_monitor_new(&sink, NULL),
		.scrapes = producing_letters(p),
		.count = -1,
		.run_ms = cmd_run_ms(o),
	};
	struct app_config app = {
		.engine = engine_new(&engine),
		.colour = cmd_wants_colour(o),
		.end_with_engine = true,
		.ui = {
			.screens = rate_screens,
			.cluster = p->producers->where,
			.interval_ms = (int64_t)(options_number(o, OPT_INTERVAL) * 1000),
		},
	};
	struct app_result result;
	struct err err = {0};
	bool good = app_run(&app, &result, &err) && !result.failed;

	if (!good)
		cmd_complain(err.text[0] ? err.text : result.last_error);
	if (!result.stopped)
		cmd_end(good ? EXIT_DONE : EXIT_FAILED);
	engine_free(app.engine);
	sink_monitor_free(engine.sink);
	return good ? EXIT_DONE : EXIT_FAILED;
}

/* ---- lines: what an interval was ---- */

/* Of one producer, or of all together; unknown is -1 and NaN. */
struct figures {
	double rate, planned;
	int64_t running, events;
};

/* What was counted when the line before was written. */
struct told {
	int64_t counted, known;
};

struct run {
	struct producers *producers;
	struct mailbox *letters;
	struct told *marks; /* one a producer */
	bool json, quiet;
	bool none_told;     /* that no producer answers */
	int64_t interval_ms, due, end; /* mono ms */
	int64_t lines;
	struct buf text;
	bool done;
};

/* Of one that does not answer: what its last page said stands; of the time since the line before only the rate that
 * this page came to is told. */
static struct figures
past_figures(const struct producer *p, const struct told *m)
{
	struct figures f = {NAN, NAN, p->state == PRODUCER_ENDED ? 0 : -1, p->events};

	if (m->known >= 0 && p->counted > m->counted)
		f.rate = (double)(p->counted - m->counted) * 1000 / (double)(p->known - m->known);
	return f;
}

/* Since the line before, or else between the last two looks. */
static struct figures
figures_of(const struct run *r, size_t i)
{
	const struct producer *p = &r->producers->all[i];
	const struct told *m = &r->marks[i];
	bool fresh = m->known >= 0 && p->known > m->known;
	struct figures f;

	if (p->state != PRODUCER_ANSWERS)
		return past_figures(p, m);
	f = (struct figures){p->rate, producer_planned(r->producers, p, fresh ? m->known : p->before, p->known),
			     p->running, p->events};
	if (fresh)
		f.rate = (double)(p->counted - m->counted) * 1000 / (double)(p->known - m->known);
	return f;
}

static void
add_figures(struct figures *sum, const struct figures *f)
{
	if (!isnan(f->rate))
		sum->rate = (isnan(sum->rate) ? 0 : sum->rate) + f->rate;
	if (!isnan(f->planned))
		sum->planned = (isnan(sum->planned) ? 0 : sum->planned) + f->planned;
	if (f->running >= 0)
		sum->running = (sum->running < 0 ? 0 : sum->running) + f->running;
	if (f->events >= 0)
		sum->events = (sum->events < 0 ? 0 : sum->events) + f->events;
}

static struct figures
together(const struct run *r)
{
	struct figures sum = {NAN, NAN, -1, -1}, f;

	for (size_t i = 0; i < r->producers->n; i++) {
		f = figures_of(r, i);
		add_figures(&sum, &f);
	}
	return sum;
}

static void
set_marks(struct run *r)
{
	for (size_t i = 0; i < r->producers->n; i++)
		r->marks[i] = (struct told){r->producers->all[i].counted, r->producers->all[i].known};
}

/* True when a line would say what none before has. */
static bool
has_news(const struct run *r)
{
	for (size_t i = 0; i < r->producers->n; i++)
		if (r->producers->all[i].state == PRODUCER_ANSWERS && r->producers->all[i].known > r->marks[i].known)
			return true;
	return r->lines == 0;
}

/* ---- lines: as text ---- */

static void
add_text(struct run *r)
{
	struct figures sum = together(r);

	pairs_begin(&r->text, clock_wall_ms());
	buf_addf(&r->text, "producers %zu", producers_in(r->producers, PRODUCER_ANSWERS));
	pairs_rate(&r->text, "rate", sum.rate);
	pairs_rate(&r->text, "planned", sum.planned);
	pairs_count(&r->text, "experiments", sum.running);
	pairs_count(&r->text, "events", sum.events);
	for (size_t i = 0; i < r->producers->n; i++)
		if (producers_shows(r->producers, &r->producers->all[i]))
			pairs_rate(&r->text, r->producers->all[i].name, figures_of(r, i).rate);
	buf_char(&r->text, '\n');
}

/* ---- lines: as JSON ---- */

static json_t *
real_or_null(double v)
{
	return isnan(v) ? json_null() : json_real(v);
}

static json_t *
count_or_null(int64_t n)
{
	return n < 0 ? json_null() : json_integer(n);
}

/* Foreign texts are valid UTF-8 once they went through the sanitiser. */
static json_t *
clean_json(const char *s)
{
	struct buf text = {0};
	json_t *out;

	text_clean(&text, slice_str(s));
	out = json_string(buf_cstr(&text));
	buf_free(&text);
	return out;
}

static void
set_figures(json_t *object, const struct figures *f)
{
	json_object_set_new(object, "rate", real_or_null(f->rate));
	json_object_set_new(object, "planned", real_or_null(f->planned));
	json_object_set_new(object, "experiments", count_or_null(f->running));
	json_object_set_new(object, "events", count_or_null(f->events));
}

static json_t *
producer_json(const struct run *r, size_t i)
{
	const struct producer *p = &r->producers->all[i];
	struct figures f = figures_of(r, i);
	json_t *object = json_object();

	json_object_set_new(object, "producer", clean_json(p->name));
	json_object_set_new(object, "state", json_string(producer_state_name(p->state)));
	set_figures(object, &f);
	json_object_set_new(object, "restarts", json_integer(p->restarts));
	json_object_set_new(object, "problem", p->problem[0] ? clean_json(p->problem) : json_null());
	return object;
}

static void
add_json(struct run *r)
{
	struct figures sum = together(r);
	json_t *object = json_object(), *list = json_array();
	char time[UNITS_TEXT], *text;

	json_object_set_new(object, "time", json_string(units_timestamp(time, clock_wall_ms())));
	set_figures(object, &sum);
	json_object_set_new(object, "answering",
			    json_integer((json_int_t)producers_in(r->producers, PRODUCER_ANSWERS)));
	for (size_t i = 0; i < r->producers->n; i++)
		if (producers_shows(r->producers, &r->producers->all[i]))
			json_array_append_new(list, producer_json(r, i));
	json_object_set_new(object, "producers", list);
	text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9));
	buf_addf(&r->text, "%s\n", text);
	free(text);
	json_decref(object);
}

/* ---- lines: the loop ---- */

/* A line of its own among the text; with --json on standard error. */
static void
say(struct run *r, const char *sentence)
{
	if (r->json && !r->quiet)
		cmd_complain(sentence);
	if (!r->json)
		pairs_say(&r->text, clock_wall_ms(), "note", sentence);
}

/* That none answers is said once, each time it comes to be so. */
static void
say_none(struct run *r)
{
	bool none = producers_asked(r->producers) && producers_in(r->producers, PRODUCER_ANSWERS) == 0;
	struct err err;

	if (none && !r->none_told) {
		producers_nobody(r->producers, &err);
		say(r, err.text);
	}
	r->none_told = none;
}

static void
add_line(struct run *r)
{
	if (r->json)
		add_json(r);
	else
		add_text(r);
	set_marks(r);
	r->lines++;
}

static void
take_letters(struct run *r)
{
	struct scrape *s;
	struct err said;

	while ((s = mailbox_take(r->letters))) {
		if (producers_take(r->producers, s, &said))
			say(r, said.text);
		free(s);
	}
	say_none(r);
}

static void
work(struct run *r)
{
	struct pollfd fds[] = {
		{.fd = signals_fd(), .events = POLLIN},
		{.fd = mailbox_fd(r->letters), .events = POLLIN},
	};
	int64_t now = clock_mono_ms(), until = r->end < r->due ? r->end : r->due;

	poll(fds, 2, until <= now ? 0 : until - now > 60000 ? 60000 : (int)(until - now));
	if (fds[0].revents && signals_take())
		r->done = true;
	take_letters(r);
	now = clock_mono_ms();
	if (now >= r->end)
		r->done = true;
	if (now >= r->due) {
		add_line(r);
		r->due += (now - r->due) / r->interval_ms * r->interval_ms + r->interval_ms;
	} else if (r->done && has_news(r)) {
		add_line(r);
	}
	interruptible_write(stdout, &r->text, &r->done);
}

/* A line is due half a second after the looks that it tells of: each has its own. */
static int
run_lines(const struct options *o, struct producing *p)
{
	int64_t interval_ms = (int64_t)(options_number(o, OPT_INTERVAL) * 1000), run_ms = cmd_run_ms(o);
	int64_t now = clock_mono_ms();
	struct run r = {
		.producers = p->producers,
		.letters = producing_letters(p),
		.marks = xcalloc(p->producers->n + 1, sizeof(*r.marks)),
		.json = options_flag(o, OPT_JSON),
		.quiet = options_flag(o, OPT_QUIET),
		.interval_ms = interval_ms,
		.due = now + interval_ms + (interval_ms < SCRAPE_INTERVAL_MS ? interval_ms : SCRAPE_INTERVAL_MS) / 2,
		.end = run_ms < 0 ? INT64_MAX : now + run_ms,
	};

	set_marks(&r);
	while (!r.done)
		work(&r);
	free(r.marks);
	buf_free(&r.text);
	return EXIT_DONE;
}

int
cmd_rate(const struct options *o)
{
	bool lines = options_flag(o, OPT_TEXT) || options_flag(o, OPT_JSON) || !cmd_has_screen();
	struct producing p = {0};
	struct err err = {0};
	int status = EXIT_USAGE;

	signals_fd();
	if (producing_open(&p, o, true, &all_topics, NULL, &err))
		status = lines ? run_lines(o, &p) : run_screen(o, &p);
	else
		cmd_complain(err.text);
	if (!producing_close(&p))
		cmd_end(status);
	return status;
}
