/* SPDX-License-Identifier: MIT */
#include "ui/app.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/signals.h"
#include "ui/script.h"
#include "ui/terminal.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	PATIENCE_MS = 30, /* how long a key's picture waits for the view it asked for */
	ANSWER_MS = 20000 /* a script gives up on the engine */
};

struct app {
	const struct app_config *config;
	struct ui *ui;
	struct terminal *terminal; /* NULL: a script runs */
	struct canvas *canvas;
	struct view *spare; /* NULL while the engine has it */
	bool started, want, dirty, quit;
	int64_t asked, paint_at; /* mono ms */
	struct app_result *result;
};

/* ---- its size ---- */

static void
resize(struct app *a, int rows, int columns)
{
	canvas_resize(a->canvas, rows, columns);
	ui_resize(a->ui, rows, columns);
	a->want = true;
}

static void
fit_terminal(struct app *a)
{
	int rows, columns;

	terminal_size(a->terminal, &rows, &columns);
	resize(a, rows, columns);
}

/* ---- the engine ---- */

static void
ask(struct app *a, int64_t now)
{
	view_clear(a->spare);
	ui_query(a->ui, &a->spare->query);
	engine_ask(a->config->engine, a->spare);
	a->spare = NULL;
	a->want = false;
	a->asked = now;
}

static void
ask_when_due(struct app *a, int64_t now)
{
	bool due = ui_running(a->ui) && now - a->asked >= ui_interval_ms(a->ui);

	if (a->started && a->spare && (a->want || due))
		ask(a, now);
}

/* Paint at NOW, or a little later when a view is under way that belongs to it. */
static void
spoil(struct app *a, int64_t now)
{
	if (!a->dirty)
		a->paint_at = now + (a->want && a->started ? PATIENCE_MS : 0);
	a->dirty = true;
}

/* Asked for by the user, a signal or a terminal that went. */
static void
leave(struct app *a)
{
	a->quit = true;
	if (!ui_chosen(a->ui)[0])
		signals_leave(a->result->failed);
}

static void
obey(struct app *a, unsigned effects, int64_t now)
{
	struct command command;

	while (ui_command(a->ui, &command))
		engine_command(a->config->engine, &command);
	a->want = a->want || (effects & EFFECT_ASK);
	if (effects & EFFECT_QUIT)
		leave(a);
	if ((effects & EFFECT_REPAINT) && a->terminal)
		terminal_repaint(a->terminal);
	if ((effects & EFFECT_SUSPEND) && a->terminal) {
		terminal_suspend(a->terminal);
		fit_terminal(a);
	}
	spoil(a, now);
}

static void
ended(struct app *a, const struct engine_letter *letter)
{
	ui_ended(a->ui, letter->failed, letter->text);
	a->result->failed = a->result->failed || letter->failed;
	a->quit = a->quit || a->config->end_with_engine;
}

static void
open_letter(struct app *a, const struct engine_letter *letter, int64_t now)
{
	switch (letter->kind) {
	case ENGINE_VIEW:
		a->spare = ui_answer(a->ui, letter->view, now);
		a->paint_at = now;
		a->dirty = a->dirty || a->spare != letter->view;
		return;
	case ENGINE_NOTICE:
		ui_say(a->ui, letter->level, letter->text, now);
		break;
	case ENGINE_FRESH:
		a->want = a->want || ui_running(a->ui);
		return;
	case ENGINE_QUESTION:
		obey(a, ui_question(a->ui, letter->text, now), now);
		break;
	case ENGINE_ENDED:
		ended(a, letter);
		break;
	}
	spoil(a, now);
}

static void
take_letters(struct app *a, int64_t now)
{
	struct engine_letter *letter;

	while ((letter = engine_take(a->config->engine))) {
		open_letter(a, letter, now);
		free(letter);
	}
}

static void
start_engine(struct app *a)
{
	if (a->started)
		return;
	engine_start(a->config->engine);
	a->started = true;
}

/* ---- the terminal ---- */

static void
paint(struct app *a, int64_t now)
{
	ui_draw(a->ui, a->canvas, now);
	a->dirty = !terminal_draw(a->terminal, a->canvas);
}

static void
handle_signals(struct app *a, int64_t now)
{
	switch (terminal_signal(a->terminal)) {
	case TERMINAL_SUSPEND:
		obey(a, EFFECT_SUSPEND, now);
		break;
	case TERMINAL_RESIZED:
		fit_terminal(a);
		spoil(a, now);
		break;
	case TERMINAL_NOTHING:
		break;
	}
}

static void
handle_keys(struct app *a, bool readable, int64_t now)
{
	int key;

	if (readable && !terminal_read(a->terminal, now))
		leave(a);
	while (!a->quit && (key = terminal_key(a->terminal, now)))
		obey(a, ui_key(a->ui, key, now), now);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the loop has something to do although nothing came. */
static int64_t
next_due(const struct app *a)
{
	int64_t due = ui_due(a->ui);

	if (a->spare && ui_running(a->ui))
		due = least(due, a->asked + ui_interval_ms(a->ui));
	if (a->dirty && !terminal_behind(a->terminal))
		due = least(due, a->paint_at);
	return least(due, terminal_key_due(a->terminal));
}

static void
wait_and_handle(struct app *a)
{
	int64_t due = next_due(a), now = clock_mono_ms();
	struct pollfd fds[] = {
		{.fd = terminal_fd(a->terminal), .events = POLLIN | (terminal_behind(a->terminal) ? POLLOUT : 0)},
		{.fd = signals_terminal_fd(), .events = POLLIN},
		{.fd = signals_fd(), .events = POLLIN},
		{.fd = engine_fd(a->config->engine), .events = POLLIN},
	};

	poll(fds, 4, due == INT64_MAX ? -1 : due > now ? (int)least(due - now, 3600000) : 0);
	now = clock_mono_ms();
	if (fds[2].revents && signals_take())
		leave(a);
	if (fds[1].revents && !a->quit)
		handle_signals(a, now);
	if (a->quit)
		return;
	handle_keys(a, fds[0].revents & ~POLLOUT, now);
	take_letters(a, now);
	if (ui_due(a->ui) <= now || (fds[0].revents & POLLOUT))
		spoil(a, now);
	ask_when_due(a, now);
	if (a->dirty && (now >= a->paint_at || !(a->want || !a->spare)))
		paint(a, now);
}

static bool
run_terminal(struct app *a, struct err *err)
{
	signals_fd();
	a->terminal = a->config->terminal ? a->config->terminal : terminal_start(a->config->colour, err);
	if (!a->terminal)
		return false;
	fit_terminal(a);
	paint(a, clock_mono_ms());
	start_engine(a);
	ask(a, clock_mono_ms());
	while (!a->quit)
		wait_and_handle(a);
	a->result->bytes = terminal_bytes(a->terminal);
	if (ui_chosen(a->ui)[0])
		a->result->terminal = a->terminal;
	else
		terminal_stop(a->terminal);
	return true;
}

/* ---- a script instead ---- */

static void
script_resize(void *ctx, int rows, int columns)
{
	resize(ctx, rows, columns);
}

/* Ask and wait for the answer, as often as somebody wants one. */
static bool
script_exchange(struct app *a, struct err *err)
{
	struct pollfd p = {.fd = engine_fd(a->config->engine), .events = POLLIN};

	if (!a->started)
		return true;
	do {
		ask(a, clock_mono_ms());
		while (!a->spare) {
			if (poll(&p, 1, ANSWER_MS) <= 0)
				return err_set(err, "the engine does not answer");
			take_letters(a, clock_mono_ms());
		}
	} while (a->want);
	return true;
}

static bool
script_tick(void *ctx, struct err *err)
{
	struct app *a = ctx;

	return !ui_running(a->ui) || script_exchange(a, err);
}

static bool
script_key(void *ctx, int key, struct err *err)
{
	struct app *a = ctx;

	obey(a, ui_key(a->ui, key, clock_mono_ms()), clock_mono_ms());
	return !a->want || script_exchange(a, err);
}

static bool
script_settle(void *ctx, struct err *err)
{
	struct app *a = ctx;

	start_engine(a);
	do {
		if (!script_exchange(a, err))
			return false;
	} while (!ui_at_end(a->ui) && !a->result->failed);
	return true;
}

static const struct canvas *
script_draw(void *ctx)
{
	struct app *a = ctx;

	ui_draw(a->ui, a->canvas, clock_mono_ms());
	return a->canvas;
}

static bool
run_script(struct app *a, struct err *err)
{
	const struct script_host host = {
		.ctx = a,
		.resize = script_resize,
		.tick = script_tick,
		.key = script_key,
		.settle = script_settle,
		.draw = script_draw,
	};

	clock_fix(1767225600000); /* 2026 begins; a line of the script says otherwise */
	resize(a, 24, 80);
	return script_run(a->config->script, a->config->dump_dir, &host, err);
}

bool
app_run(const struct app_config *config, struct app_result *result, struct err *err)
{
	struct app a = {
		.config = config,
		.ui = ui_new(&config->ui),
		.canvas = canvas_new(0, 0),
		.spare = xcalloc(1, sizeof(*a.spare)),
		.result = result,
	};
	bool ok;

	*result = (struct app_result){.stopped = true};
	ok = config->script ? run_script(&a, err) : run_terminal(&a, err);
	if (a.started) {
		engine_stop(config->engine);
		result->stopped = engine_wait(config->engine, signals_leave_ms());
	}
	take_letters(&a, clock_mono_ms());
	snprintf(result->last_error, sizeof(result->last_error), "%s", ui_last_error(a.ui));
	snprintf(result->chosen, sizeof(result->chosen), "%s", ui_chosen(a.ui));
	if (result->stopped) /* else the engine may still hold the view */
		view_free(a.spare);
	ui_free(a.ui);
	canvas_free(a.canvas);
	return ok;
}
