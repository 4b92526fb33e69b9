/* SPDX-License-Identifier: MIT */
#include "ui/ui.h"

#include "base/alloc.h"
#include "ui/bar.h"
#include "ui/help.h"
#include "ui/input.h"
#include "ui/slider.h"
#include "ui/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEAST_ROWS = 8, LEAST_COLUMNS = 40 };

/* What is known before the engine has answered: the names, and that we are connecting. */
static struct view *
first_view(const struct ui_config *config)
{
	struct view *view = xcalloc(1, sizeof(*view));
	struct view_head *head = &view->head;

	head->cluster = arena_copy(&view->arena, slice_str(config->cluster));
	head->topics = arena_copy(&view->arena, slice_str(config->topics));
	head->group = arena_copy(&view->arena, slice_str(config->group));
	head->watch = arena_copy(&view->arena, slice_str(config->watch));
	head->status.link = LINK_CONNECTING;
	head->status.generation = -1;
	head->status.policy = config->policy;
	head->status.commit = config->commit;
	head->reading = NAN;
	head->lag = head->watch_lag = head->watch_committed = head->again = head->there = -1;
	return view;
}

struct ui *
ui_new(const struct ui_config *config)
{
	struct ui *ui = xcalloc(1, sizeof(*ui));

	ui->config = *config;
	if (!ui->config.screens)
		ui->config.screens = screens;
	ui->view = first_view(config);
	for (size_t i = 0; ui->config.screens[i]; i++) {
		const struct screen *screen = ui->config.screens[i];
		struct view_query *q = &ui->states[i].query;

		q->kind = screen->list;
		q->sort = screen->sort;
		q->reverse = screen->reverse;
		q->follow = screen->list == VIEW_RECORDS;
	}
	ui->screen = ui->config.screens[0];
	ui->view->query = ui->states[0].query;
	return ui;
}

void
ui_free(struct ui *ui)
{
	if (!ui)
		return;
	view_free(ui->view);
	free(ui);
}

struct screen_state *
ui_state(struct ui *ui)
{
	return &ui->states[ui->screen_no];
}

static bool
sorts(const struct screen *screen)
{
	for (size_t i = 0; i < screen->n_columns; i++)
		if (screen->columns[i].sort != SORT_NONE)
			return true;
	return false;
}

enum place
ui_place(const struct ui *ui)
{
	if (ui->help)
		return AT_HELP;
	if (ui->states[ui->screen_no].detail)
		return AT_DETAIL;
	if (ui->screen->chooses)
		return AT_CHOICE;
	if (ui->screen->list == VIEW_PRODUCERS)
		return AT_PRODUCERS;
	if (ui->screen->list == VIEW_HEAD)
		return AT_LOG;
	if (ui->screen->detail == VIEW_HEAD)
		return AT_GRAPH;
	return sorts(ui->screen) ? AT_TABLE : AT_TAIL;
}

enum place
ui_places(const struct ui *ui)
{
	enum place place = ui_place(ui);

	return ui->view->head.status.playback.there ? place | AT_PLAYBACK : place;
}

/* Between head and the status line, which has the line above the footer. */
struct rect
ui_body(const struct ui *ui)
{
	int top = bar_head_height(ui->view);

	return (struct rect){top, 0, ui->rows - top - 2, ui->columns};
}

bool
ui_row_name(const struct view *view, char out[ROW_TEXT])
{
	int64_t i = view->query.cursor - view->query.first;
	struct slice text;

	out[0] = '\0';
	if (i < 0 || i >= (int64_t)view->n)
		return false;
	switch (view->query.kind) {
	case VIEW_EXPERIMENTS:
		text = view->experiments[i].id;
		snprintf(out, ROW_TEXT, "%.*s", (int)text.n, text.p);
		return true;
	case VIEW_PARTITIONS:
		text = view->partitions[i].topic;
		snprintf(out, ROW_TEXT, "%.*s/%d", (int)text.n, text.p, (int)view->partitions[i].status.partition);
		return true;
	case VIEW_GROUPS:
	case VIEW_TOPICS:
		text = view->query.kind == VIEW_GROUPS ? view->groups[i].name : view->topics[i].name;
		snprintf(out, ROW_TEXT, "%.*s", (int)text.n, text.p);
		return true;
	case VIEW_RECORDS:
		snprintf(out, ROW_TEXT, "%llu", (unsigned long long)view->records[i].number);
		return true;
	case VIEW_CHECKS:
		text = view->checks[i].key;
		snprintf(out, ROW_TEXT, "%d/%.*s", view->checks[i].topic_no, (int)text.n, text.p);
		return true;
	default:
		return false;
	}
}

void
ui_resize(struct ui *ui, int rows, int columns)
{
	ui->rows = rows;
	ui->columns = columns;
	ui->changes++;
	ui->requested = true;
}

unsigned
ui_key(struct ui *ui, int key, int64_t now)
{
	char name[KEY_NAME], text[64];
	enum action action;
	bool pasted = key & INPUT_PASTED, prompt = ui->mode != MODE_ACTIONS && ui->mode != MODE_QUESTION;

	if (pasted && !prompt) /* it would be taken for commands */
		return 0;
	if (ui->mode == MODE_QUESTION)
		return act_question(ui, key, now);
	if (prompt)
		return act_prompt(ui, key & ~INPUT_PASTED, now);
	ui->status.text[0] = '\0';
	action = keymap_action(key, ui_places(ui));
	if (action != ACTION_NONE)
		return act(ui, action, key, now);
	snprintf(text, sizeof(text), "%s does nothing here: ? lists the keys", input_name(name, key));
	ui_say(ui, NOTICE_INFO, text, now);
	return 0;
}

unsigned
ui_send(struct ui *ui, struct command command)
{
	if (ui->n_commands < UI_COMMANDS)
		ui->commands[ui->n_commands++] = command;
	return EFFECT_COMMAND | EFFECT_ASK;
}

bool
ui_command(struct ui *ui, struct command *out)
{
	if (ui->n_commands == 0)
		return false;
	*out = ui->commands[0];
	memmove(ui->commands, ui->commands + 1, --ui->n_commands * sizeof(*out));
	return true;
}

void
ui_query(struct ui *ui, struct view_query *out)
{
	struct view_query *q = &ui_state(ui)->query;

	q->height = screen_rows(ui->screen, ui_body(ui).h);
	*out = *q;
	q->find[0] = '\0'; /* a search is asked once */
	ui->asked_at = ui->changes;
}

/* Take over where the engine placed the cursor. */
static void
adopt(struct ui *ui, const struct view *view, int64_t now)
{
	struct view_query *q = &ui_state(ui)->query;
	bool searched = view->query.find[0], held = q->selected[0];
	char text[QUERY_TEXT + 32];

	if (view->query.kind != q->kind || ui_state(ui)->detail)
		return;
	q->cursor = view->query.cursor;
	q->first = view->query.first;
	if (held || (searched && view->found))
		ui_row_name(view, q->selected);
	if (!searched || view->found)
		return;
	snprintf(text, sizeof(text), "no row holds \"%s\"", view->query.find);
	ui_say(ui, NOTICE_INFO, text, now);
}

/* The user moved on while VIEW was under way: show its rows with the newer cursor. */
static void
keep_cursor(struct ui *ui, struct view *view)
{
	const struct view_query *q = &ui_state(ui)->query;
	int64_t last = view->query.first + (int64_t)view->n - 1;

	if (view->query.kind != q->kind || view->n == 0)
		return;
	view->query.cursor = q->cursor < view->query.first ? view->query.first : q->cursor > last ? last : q->cursor;
}

struct view *
ui_answer(struct ui *ui, struct view *view, int64_t now)
{
	bool fresh = ui->asked_at == ui->changes;
	struct view *before = ui->view;

	if (ui->frozen && !(ui->requested && fresh))
		return view;
	if (fresh) {
		adopt(ui, view, now);
		ui->requested = false;
	} else {
		keep_cursor(ui, view);
	}
	ui->view = view;
	return before;
}

bool
ui_at_end(const struct ui *ui)
{
	return ui->view->head.status.at_end;
}

bool
ui_running(const struct ui *ui)
{
	return !ui->frozen;
}

int64_t
ui_interval_ms(const struct ui *ui)
{
	return ui->config.interval_ms;
}

void
ui_say(struct ui *ui, enum notice_level level, const char *sentence, int64_t now)
{
	static const int64_t stays_ms[] = {8000, 20000, 60000};

	snprintf(ui->status.text, sizeof(ui->status.text), "%s", sentence);
	ui->status.level = level;
	ui->status.until = now + stays_ms[level];
	if (level == NOTICE_ERROR)
		snprintf(ui->last_error, sizeof(ui->last_error), "%s", sentence);
}

unsigned
ui_question(struct ui *ui, const char *question, int64_t now)
{
	if (ui->config.read_only) {
		ui_say(ui, NOTICE_WARN, "--read-only: the group is not joined", now);
		return ui_send(ui, (struct command){.kind = COMMAND_ANSWER});
	}
	if (ui->mode != MODE_ACTIONS && ui->mode != MODE_QUESTION)
		act_prompt(ui, INPUT_ESC, now);
	snprintf(ui->question.text, sizeof(ui->question.text), "%s", question);
	ui->question.from_engine = true;
	ui->mode = MODE_QUESTION;
	return 0;
}

void
ui_ended(struct ui *ui, bool failed, const char *sentence)
{
	if (!failed)
		return;
	snprintf(ui->failed, sizeof(ui->failed), "%s", sentence);
	snprintf(ui->last_error, sizeof(ui->last_error), "%s", sentence);
}

const char *
ui_last_error(const struct ui *ui)
{
	return ui->last_error;
}

const char *
ui_chosen(const struct ui *ui)
{
	return ui->chosen;
}

int64_t
ui_due(const struct ui *ui)
{
	return ui->status.text[0] ? ui->status.until : INT64_MAX;
}

/* ---- drawing ---- */

static void
draw_body(struct ui *ui, struct canvas *c)
{
	struct rect area = ui_body(ui);
	struct screen_state state = *ui_state(ui);

	ui->page_height = area.h;
	if (ui->frozen && !state.scroll && ui->screen->list == VIEW_HEAD)
		state.scroll = ui->frozen_log;
	canvas_clip(c, area);
	if (ui->help)
		ui->page_lines = help_draw(c, area, ui->help_state.scroll);
	else if (state.detail && ui->view->query.kind == state.query.kind)
		ui->page_lines = ui->screen->draw_detail(c, area, ui->view, &state);
	else if (!state.detail)
		ui->screen->draw(c, area, ui->view, &state);
	canvas_unclip(c);
}

static enum style
level_style(enum notice_level level)
{
	static const enum style styles[] = {STYLE_STATUS, STYLE_WARN, STYLE_BAD};

	return styles[level];
}

/* An empty list says itself what the source suffers from. */
static bool
body_says_why(const struct ui *ui)
{
	const struct view_head *head = &ui->view->head;
	bool list = !ui->help && !ui->states[ui->screen_no].detail && ui->screen->list != VIEW_HEAD;

	if (ui->view->query.kind != ui->screen->list || ui->view->n > 0)
		return false;
	return list && head->records == 0 && (head->status.link != LINK_UP || !head->status.at_end);
}

/* The most pressing sentence: a question, the last notice, why it ended, what the source suffers from. */
static void
draw_status(struct ui *ui, struct canvas *c)
{
	const struct source_status *source = &ui->view->head.status;
	bool said = body_says_why(ui);
	char text[ERR_TEXT + 16];

	if (ui->mode == MODE_QUESTION) {
		snprintf(text, sizeof(text), "%s: y/n", ui->question.text);
		bar_draw_status(c, ui->rows - 1, ui->columns, STYLE_WARN, text);
	} else if (ui->mode != MODE_ACTIONS) {
		prompt_draw(&ui->prompt, c, ui->rows - 2, 1, ui->columns - 2);
	} else if (ui->status.text[0] && !(said && strcmp(ui->status.text, source->sentence) == 0)) {
		bar_draw_status(c, ui->rows - 1, ui->columns, level_style(ui->status.level), ui->status.text);
	} else if (ui->failed[0]) {
		bar_draw_status(c, ui->rows - 1, ui->columns, STYLE_BAD, ui->failed);
	} else if (said) {
		return;
	} else if (source->sentence[0]) {
		bar_draw_status(c, ui->rows - 1, ui->columns, STYLE_BAD, source->sentence);
	} else if (source->group_sentence[0]) {
		bar_draw_status(c, ui->rows - 1, ui->columns, STYLE_WARN, source->group_sentence);
	}
}

void
ui_draw(struct ui *ui, struct canvas *c, int64_t now)
{
	const struct playback *playback = &ui->view->head.status.playback;
	const struct bar bar = {ui->config.screens, ui->view, ui->screen, ui_state(ui), ui->frozen, ui->help};

	if (ui->status.until <= now)
		ui->status.text[0] = '\0';
	canvas_clear(c);
	if (ui->rows < LEAST_ROWS || ui->columns < LEAST_COLUMNS) {
		canvas_wrap(c, canvas_rect(c), STYLE_NORMAL, slice_str("too small: exptop needs 40x8; q quits"));
		return;
	}
	draw_body(ui, c);
	bar_draw_head(c, (struct rect){0, 0, bar_head_height(ui->view), ui->columns}, &bar);
	if (playback->there && (ui->mode == MODE_ACTIONS || ui->mode == MODE_QUESTION))
		slider_draw(c, ui->rows - 2, 1, ui->columns - 2, playback);
	draw_status(ui, c);
	bar_draw_footer(c, ui->rows - 1, ui->columns, ui_places(ui));
}
