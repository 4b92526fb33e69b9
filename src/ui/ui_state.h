/* SPDX-License-Identifier: MIT */
/* What ui.c and act.c share: the state behind ui.h. Nobody else includes this. */
#ifndef UI_UI_STATE_H
#define UI_UI_STATE_H

#include "ui/keymap.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/ui.h"

enum { UI_SCREENS = 9, UI_COMMANDS = 8 };

/* What keys go to. */
enum ui_mode { MODE_ACTIONS, MODE_SEARCH, MODE_FILTER, MODE_RESET, MODE_QUESTION };

struct ui_question {
	char text[ERR_TEXT];
	bool from_engine;   /* the answer is a COMMAND_ANSWER, whatever it is */
	struct command yes; /* else sent on yes */
};

struct ui_status {
	char text[ERR_TEXT];
	enum notice_level level;
	int64_t until; /* mono ms; INT64_MAX: stays */
};

struct ui {
	struct ui_config config;
	int rows, columns;
	const struct screen *screen;
	size_t screen_no;
	struct screen_state states[UI_SCREENS];
	struct view_query lists[UI_SCREENS]; /* what Esc in a detail goes back to */
	bool help;
	struct screen_state help_state;
	int page_lines, page_height; /* of the detail, log or help drawn last */
	bool frozen, requested;      /* requested: one more view although frozen */
	int64_t frozen_log;          /* the newest log line then */
	unsigned changes, asked_at;  /* of the query: by keys, and when it was asked */
	struct view *view;           /* shown */
	enum ui_mode mode;
	struct prompt prompt;
	struct prompt_history searches, filters, resets;
	struct view_query before_prompt;
	char search[QUERY_TEXT];
	struct ui_question question;
	struct ui_status status;
	char failed[ERR_TEXT], last_error[ERR_TEXT];
	struct command commands[UI_COMMANDS];
	size_t n_commands;
	char chosen[ROW_TEXT];
};

struct screen_state *ui_state(struct ui *ui); /* of the screen shown */
enum place ui_place(const struct ui *ui);
enum place ui_places(const struct ui *ui); /* the same, and whether a recording is played */
struct rect ui_body(const struct ui *ui);

/* The name of the row at the cursor of VIEW, as a query selects it; false when there is no such row. */
bool ui_row_name(const struct view *view, char out[ROW_TEXT]);

/* Queue COMMAND for ui_command(); effects. */
unsigned ui_send(struct ui *ui, struct command command);

/* Do ACTION, for which KEY was pressed; effects. */
unsigned act(struct ui *ui, enum action action, int key, int64_t now);

/* The keys of prompts and questions. */
unsigned act_prompt(struct ui *ui, int key, int64_t now);
unsigned act_question(struct ui *ui, int key, int64_t now);

#endif
