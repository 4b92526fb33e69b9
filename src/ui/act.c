/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "base/units.h"
#include "ui/input.h"
#include "ui/screen_log.h"
#include "ui/ui_state.h"

#include <math.h>
#include <stdio.h>

enum { BIT_MS = 10000 };

static void
say(struct ui *ui, int64_t now, const char *sentence)
{
	ui_say(ui, NOTICE_INFO, sentence, now);
}

/* The query of the screen shown was changed by a key: ask. */
static unsigned
changed(struct ui *ui)
{
	ui->changes++;
	ui->requested = true;
	return EFFECT_ASK;
}

/* ---- moving ---- */

/* What PgDn passes over: the rows of a list, the lines of a page but one. */
static int
page(const struct ui *ui)
{
	int h = ui_body(ui).h;

	if (ui_place(ui) & AT_LIST)
		return screen_rows(ui->screen, h);
	return h > 1 ? h - 1 : 1;
}

static int64_t
clamp(int64_t n, int64_t least, int64_t most)
{
	return n > most ? (most > least ? most : least) : n < least ? least : n;
}

/* The cursor's row to INDEX: at once where the view shown has it, else with the next view. */
static unsigned
move_to(struct ui *ui, int64_t index)
{
	struct view_query *q = &ui_state(ui)->query, *shown = &ui->view->query;
	bool ours = shown->kind == q->kind;
	int64_t last = ours ? ui->view->matched - 1 : INT64_MAX;

	if (ours && ui->frozen)
		index = clamp(index, shown->first, shown->first + (int64_t)ui->view->n - 1);
	q->follow = ui_place(ui) == AT_TAIL && index >= last && index > shown->cursor;
	q->cursor = clamp(index, 0, last);
	q->selected[0] = '\0';
	ui->changes++;
	if (ours && q->cursor >= shown->first && q->cursor < shown->first + (int64_t)ui->view->n) {
		shown->cursor = q->cursor;
		ui_row_name(ui->view, q->selected);
	}
	return ui->frozen ? 0 : EFFECT_ASK;
}

static unsigned
scroll_log(struct ui *ui, int64_t delta)
{
	struct screen_state *state = ui_state(ui);
	int64_t last = (int64_t)log_last(), oldest = last > LOG_LINES ? last - LOG_LINES + 1 : 1;
	int64_t first_page = screen_log_first_page(ui_body(ui));

	if (first_page == 0)
		return 0;
	state->scroll = clamp((state->scroll ? state->scroll : last) + delta, oldest, last);
	if (state->scroll < first_page)
		state->scroll = first_page;
	if (state->scroll == last)
		state->scroll = 0;
	return 0;
}

static unsigned
scroll_page(struct ui *ui, int64_t delta)
{
	struct screen_state *state = ui->help ? &ui->help_state : ui_state(ui);

	state->scroll = clamp(state->scroll + delta, 0, ui->page_lines - ui->page_height);
	return 0;
}

static unsigned
move(struct ui *ui, int64_t delta)
{
	switch (ui_place(ui)) {
	case AT_TABLE:
	case AT_TAIL:
	case AT_CHOICE:
		return move_to(ui, (ui->view->query.kind == ui_state(ui)->query.kind ? ui->view->query.cursor
										     : ui_state(ui)->query.cursor) +
					   delta);
	case AT_LOG:
		return scroll_log(ui, delta);
	default:
		return scroll_page(ui, delta);
	}
}

static unsigned
move_first(struct ui *ui)
{
	unsigned effects;

	if (!(ui_place(ui) & AT_LIST))
		return move(ui, -INT32_MAX);
	effects = move_to(ui, 0);
	ui_state(ui)->query.selected[0] = '\0'; /* the first row, whichever it will be */
	return effects;
}

static unsigned
move_last(struct ui *ui)
{
	if (!(ui_place(ui) & AT_LIST))
		return move(ui, INT32_MAX);
	if (ui_place(ui) == AT_TAIL && !ui->frozen) {
		ui_state(ui)->query.follow = true;
		ui_state(ui)->query.selected[0] = '\0';
		return changed(ui);
	}
	return move_to(ui, ui->view->matched - 1);
}

/* ---- screens ---- */

static unsigned
show_screen(struct ui *ui, size_t number)
{
	ui->help = false;
	ui->screen_no = number;
	ui->screen = ui->config.screens[number];
	return changed(ui);
}

static unsigned
step_screen(struct ui *ui, int step)
{
	size_t count = 0;

	while (ui->config.screens[count])
		count++;
	return show_screen(ui, (ui->screen_no + count + (size_t)step) % count);
}

static unsigned
choose_screen(struct ui *ui, int key, int64_t now)
{
	for (size_t i = 0; ui->config.screens[i]; i++)
		if (ui->config.screens[i]->key == key)
			return show_screen(ui, i);
	say(ui, now, "there is no screen of that number");
	return 0;
}

static unsigned
open_detail(struct ui *ui, int64_t now)
{
	struct screen_state *state = ui_state(ui);
	char name[ROW_TEXT];

	if (ui->view->query.kind != state->query.kind || !ui_row_name(ui->view, name)) {
		say(ui, now, "there is no row to open");
		return 0;
	}
	ui->lists[ui->screen_no] = state->query;
	snprintf(ui->lists[ui->screen_no].selected, ROW_TEXT, "%s", name);
	state->query = (struct view_query){.kind = ui->screen->detail};
	snprintf(state->query.selected, sizeof(state->query.selected), "%s", name);
	state->detail = true;
	state->scroll = 0;
	return changed(ui);
}

static unsigned
choose(struct ui *ui, int64_t now)
{
	bool row = ui->view->query.kind == ui_state(ui)->query.kind && ui_row_name(ui->view, ui->chosen);

	if (row && !ui->requested)
		return EFFECT_QUIT;
	ui->chosen[0] = '\0'; /* the row shown may not be the one that is meant */
	say(ui, now, row ? "the list is on its way: Enter again" : "there is no row to choose");
	return 0;
}

static unsigned
go_back(struct ui *ui)
{
	struct screen_state *state = ui_state(ui);

	if (ui->help) {
		ui->help = false;
		return 0;
	}
	state->query = ui->lists[ui->screen_no];
	state->detail = false;
	return changed(ui);
}

/* ---- finding and ordering ---- */

static unsigned
open_prompt(struct ui *ui, enum ui_mode mode)
{
	struct view_query *q = &ui_state(ui)->query;

	ui->before_prompt = *q;
	ui->mode = mode;
	if (mode == MODE_SEARCH)
		prompt_open(&ui->prompt, "search: ", &ui->searches, "");
	else
		prompt_open(&ui->prompt, "filter: ", &ui->filters, q->filter);
	return 0;
}

static unsigned
search(struct ui *ui, int step, int64_t now)
{
	struct view_query *q = &ui_state(ui)->query;

	if (!ui->search[0]) {
		say(ui, now, "nothing was searched for yet: / searches");
		return 0;
	}
	snprintf(q->find, sizeof(q->find), "%s", ui->search);
	q->find_step = step;
	q->follow = false;
	return changed(ui);
}

static unsigned
filter(struct ui *ui, const char *text)
{
	struct view_query *q = &ui_state(ui)->query;

	snprintf(q->filter, sizeof(q->filter), "%s", text);
	return changed(ui);
}

static unsigned
unfilter(struct ui *ui, int64_t now)
{
	if (!ui_state(ui)->query.filter[0]) {
		say(ui, now, "nothing is filtered; q quits");
		return 0;
	}
	return filter(ui, "");
}

static unsigned
typed(struct ui *ui, int64_t now)
{
	struct view_query *q = &ui_state(ui)->query;

	if (ui->mode == MODE_FILTER)
		return filter(ui, ui->prompt.text);
	*q = ui->before_prompt;
	snprintf(ui->search, sizeof(ui->search), "%s", ui->prompt.text);
	ui->changes++;
	return ui->search[0] ? search(ui, 0, now) : EFFECT_ASK;
}

/* The target of R is typed: it goes to the engine, which asks before it does anything. */
static unsigned
type_target(struct ui *ui, int key)
{
	enum prompt_result result = prompt_key(&ui->prompt, key);
	struct command command = {.kind = COMMAND_RESET};

	if (result == PROMPT_TYPING)
		return 0;
	ui->mode = MODE_ACTIONS;
	if (result == PROMPT_CANCELLED || !ui->prompt.text[0])
		return 0;
	snprintf(command.to, sizeof(command.to), "%s", ui->prompt.text);
	return ui_send(ui, command);
}

unsigned
act_prompt(struct ui *ui, int key, int64_t now)
{
	char text[QUERY_TEXT];
	enum prompt_result result;

	if (ui->mode == MODE_RESET)
		return type_target(ui, key);
	snprintf(text, sizeof(text), "%s", ui->prompt.text);
	result = prompt_key(&ui->prompt, key);
	if (result == PROMPT_TYPING)
		return strcmp(text, ui->prompt.text) != 0 ? typed(ui, now) : 0;
	ui->mode = MODE_ACTIONS;
	if (result == PROMPT_DONE)
		return 0;
	ui_state(ui)->query = ui->before_prompt;
	return changed(ui);
}

static unsigned
sort(struct ui *ui, int step)
{
	struct view_query *q = &ui_state(ui)->query;

	q->sort = table_sort_step(ui->screen->columns, ui->screen->n_columns, q->sort, step);
	return changed(ui);
}

static unsigned
reverse(struct ui *ui)
{
	ui_state(ui)->query.reverse = !ui_state(ui)->query.reverse;
	return changed(ui);
}

/* ---- Kafka ---- */

static bool
has_group(const struct ui *ui)
{
	return ui->view->head.group.p;
}

static bool
commits(const struct ui *ui)
{
	return has_group(ui) && ui->view->head.status.commit != COMMIT_NONE;
}

static unsigned
ask_first(struct ui *ui, struct command yes, const char *text)
{
	ui->question.from_engine = false;
	ui->question.yes = yes;
	snprintf(ui->question.text, sizeof(ui->question.text), "%s", text);
	ui->mode = MODE_QUESTION;
	return 0;
}

static unsigned
seek_beginning(struct ui *ui)
{
	const struct command command = {.kind = COMMAND_SEEK_BEGINNING};
	const struct slice group = ui->view->head.group;
	char text[ERR_TEXT];

	if (!commits(ui))
		return ui_send(ui, command);
	snprintf(text, sizeof(text), "b reads everything again, and commits from the beginning on, for group %.*s",
		 (int)group.n, group.p);
	return ask_first(ui, command, text);
}

static unsigned
seek_end(struct ui *ui)
{
	const struct command command = {.kind = COMMAND_SEEK_END};
	const struct slice group = ui->view->head.group;
	bool all = ui->view->head.lag < 0 || ui->view->head.without > 0;
	char text[ERR_TEXT], lag[UNITS_TEXT];

	if (!commits(ui))
		return ui_send(ui, command);
	snprintf(text, sizeof(text), "e skips %s unread offsets for group %.*s",
		 all ? "all" : units_count(lag, ui->view->head.lag), (int)group.n, group.p);
	return ask_first(ui, command, text);
}

static unsigned
toggle_policy(struct ui *ui, int64_t now)
{
	bool latest = ui->view->head.status.policy == POLICY_LATEST;

	if (has_group(ui))
		return ui_send(ui, (struct command){.kind = COMMAND_POLICY,
						 .policy = latest ? POLICY_EARLIEST : POLICY_LATEST});
	say(ui, now, "without a group nothing is committed: this would be the same as b (earliest) or e (latest)");
	return 0;
}

/* Why nothing can be committed, or NULL. */
static const char *
commit_refusal(const struct ui *ui)
{
	if (!has_group(ui))
		return "without a group nothing is committed: start with -G to join one";
	if (ui->config.read_only)
		return "--read-only: nothing is committed";
	return NULL;
}

static unsigned
cycle_commit_mode(struct ui *ui, int64_t now)
{
	const enum commit_mode next = (ui->view->head.status.commit + 1) % (COMMIT_EACH + 1);
	const char *refusal = commit_refusal(ui);

	if (refusal) {
		say(ui, now, refusal);
		return 0;
	}
	if (next == COMMIT_EACH)
		ui_say(ui, NOTICE_WARN, "commit mode each: a round trip a record, about 150 to 200 a second", now);
	return ui_send(ui, (struct command){.kind = COMMAND_COMMIT_MODE, .commit = next});
}

static unsigned
commit_now(struct ui *ui, int64_t now)
{
	const char *refusal = commit_refusal(ui);

	if (!refusal)
		return ui_send(ui, (struct command){.kind = COMMAND_COMMIT_NOW});
	say(ui, now, refusal);
	return 0;
}

static unsigned
reset_group(struct ui *ui, int64_t now)
{
	const char *refusal = commit_refusal(ui);

	if (refusal) {
		say(ui, now, refusal);
		return 0;
	}
	ui->mode = MODE_RESET;
	prompt_open(&ui->prompt, "reset to (beginning, end, N, -N, @TIME): ", &ui->resets, "");
	return 0;
}

static unsigned
answer_engine(struct ui *ui, bool yes)
{
	return ui_send(ui, (struct command){.kind = COMMAND_ANSWER, .yes = yes});
}

unsigned
act_question(struct ui *ui, int key, int64_t now)
{
	bool yes = key == 'y' || key == 'Y', no = key == 'n' || key == 'N' || key == INPUT_ESC;

	if (key == 'q' || key == INPUT_CTRL('C'))
		return EFFECT_QUIT;
	if (!yes && !no) {
		say(ui, now, "y for yes, n for no");
		return 0;
	}
	ui->mode = MODE_ACTIONS;
	if (ui->question.from_engine)
		return answer_engine(ui, yes);
	return yes ? ui_send(ui, ui->question.yes) : 0;
}

/* ---- the program ---- */

static unsigned
freeze(struct ui *ui)
{
	ui->frozen = !ui->frozen;
	ui->requested = false;
	ui->frozen_log = (int64_t)log_last();
	return ui->frozen ? 0 : EFFECT_ASK;
}

static unsigned
step_interval(struct ui *ui, int step, int64_t now)
{
	static const int64_t steps[] = {200, 500, 1000, 2000, 5000, 10000, 30000, 60000};
	enum { COUNT = sizeof(steps) / sizeof(*steps) };
	int i = 0;
	char text[64];

	while (i < COUNT - 1 && steps[i] < ui->config.interval_ms)
		i++;
	if (step < 0 || steps[i] == ui->config.interval_ms)
		i = (int)clamp(i + step, 0, COUNT - 1);
	ui->config.interval_ms = steps[i];
	snprintf(text, sizeof(text), "refresh every %g s", (double)steps[i] / 1000);
	say(ui, now, text);
	return EFFECT_ASK;
}

static unsigned
show_help(struct ui *ui)
{
	ui->help = !ui->help;
	ui->help_state.scroll = 0;
	return 0;
}

static unsigned
act_move(struct ui *ui, enum action action, int key, int64_t now)
{
	switch (action) {
	case ACTION_DOWN:
		return move(ui, 1);
	case ACTION_UP:
		return move(ui, -1);
	case ACTION_PAGE_DOWN:
		return move(ui, page(ui));
	case ACTION_PAGE_UP:
		return move(ui, -page(ui));
	case ACTION_HALF_DOWN:
		return move(ui, (page(ui) + 1) / 2);
	case ACTION_HALF_UP:
		return move(ui, -(page(ui) + 1) / 2);
	case ACTION_FIRST:
		return move_first(ui);
	case ACTION_LAST:
		return move_last(ui);
	case ACTION_OPEN:
		return open_detail(ui, now);
	case ACTION_CHOOSE:
		return choose(ui, now);
	case ACTION_BACK:
		return go_back(ui);
	case ACTION_SCREEN:
		return choose_screen(ui, key, now);
	case ACTION_NEXT_SCREEN:
		return step_screen(ui, 1);
	case ACTION_PREVIOUS_SCREEN:
		return step_screen(ui, -1);
	default:
		return 0;
	}
}

static unsigned
act_find(struct ui *ui, enum action action, int64_t now)
{
	switch (action) {
	case ACTION_SEARCH:
		return open_prompt(ui, MODE_SEARCH);
	case ACTION_SEARCH_NEXT:
		return search(ui, 1, now);
	case ACTION_SEARCH_BACK:
		return search(ui, -1, now);
	case ACTION_FILTER:
		return open_prompt(ui, MODE_FILTER);
	case ACTION_UNFILTER:
		return unfilter(ui, now);
	case ACTION_SORT_LEFT:
		return sort(ui, -1);
	case ACTION_SORT_RIGHT:
		return sort(ui, 1);
	case ACTION_REVERSE:
		return reverse(ui);
	default:
		return 0;
	}
}

static unsigned
act_kafka(struct ui *ui, enum action action, int64_t now)
{
	switch (action) {
	case ACTION_BEGINNING:
		return seek_beginning(ui);
	case ACTION_END:
		return seek_end(ui);
	case ACTION_POLICY:
		return toggle_policy(ui, now);
	case ACTION_COMMIT_MODE:
		return cycle_commit_mode(ui, now);
	case ACTION_COMMIT_NOW:
		return commit_now(ui, now);
	case ACTION_RESET:
		return reset_group(ui, now);
	default:
		return 0;
	}
}

static unsigned
act_program(struct ui *ui, enum action action, int64_t now)
{
	switch (action) {
	case ACTION_HELP:
		return show_help(ui);
	case ACTION_QUIT:
		return EFFECT_QUIT;
	case ACTION_FREEZE:
		return freeze(ui);
	case ACTION_SLOWER:
		return step_interval(ui, 1, now);
	case ACTION_FASTER:
		return step_interval(ui, -1, now);
	case ACTION_REPAINT:
		return EFFECT_REPAINT;
	case ACTION_SUSPEND:
		return EFFECT_SUSPEND;
	default:
		return 0;
	}
}

/* ---- a recording ---- */

static unsigned
play_by(struct ui *ui, int64_t ms)
{
	return ui_send(ui, (struct command){.kind = COMMAND_PLAY_BY, .ms = ms});
}

static unsigned
step_speed(struct ui *ui, int step)
{
	static const double steps[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, INFINITY};
	enum { COUNT = sizeof(steps) / sizeof(*steps) };
	double speed = ui->view->head.status.playback.speed;
	int i = 0;

	while (i < COUNT - 1 && steps[i] < speed)
		i++;
	if (step < 0 || steps[i] == speed)
		i = (int)clamp(i + step, 0, COUNT - 1);
	return ui_send(ui, (struct command){.kind = COMMAND_PLAY_SPEED, .speed = steps[i]});
}

static unsigned
act_play(struct ui *ui, enum action action, int64_t now)
{
	const struct playback *playback = &ui->view->head.status.playback;
	int64_t part = (playback->last - playback->first) / 20;

	if (playback->indexing) {
		say(ui, now, "the times of the recording are not known yet: it is being read");
		return 0;
	}
	switch (action) {
	case ACTION_PLAY_BACK:
		return play_by(ui, -part);
	case ACTION_PLAY_ON:
		return play_by(ui, part);
	case ACTION_PLAY_BIT_BACK:
		return play_by(ui, -BIT_MS);
	case ACTION_PLAY_BIT_ON:
		return play_by(ui, BIT_MS);
	case ACTION_PLAY_PAUSE:
		return ui_send(ui, (struct command){.kind = COMMAND_PLAY_PAUSE});
	default:
		return step_speed(ui, action == ACTION_PLAY_FASTER ? 1 : -1);
	}
}

unsigned
act(struct ui *ui, enum action action, int key, int64_t now)
{
	switch (actions[action].group) {
	case GROUP_MOVE:
		return act_move(ui, action, key, now);
	case GROUP_FIND:
		return act_find(ui, action, now);
	case GROUP_KAFKA:
		return act_kafka(ui, action, now);
	case GROUP_PLAY:
		return act_play(ui, action, now);
	default:
		return act_program(ui, action, now);
	}
}
