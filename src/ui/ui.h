/* SPDX-License-Identifier: MIT */
/*
 * The user's side: which screen, where the cursor stands, what was typed, what
 * the status line says. Keys and views go in; a canvas, view queries and
 * commands come out. It knows no terminal, no engine and no clock, so that
 * tests drive it like a user. UI thread only.
 */
#ifndef UI_UI_H
#define UI_UI_H

#include "engine/command.h"
#include "model/view.h"
#include "ui/canvas.h"

struct ui;

struct screen;

struct ui_config {
	const struct screen *const *screens; /* NULL: the monitor's */
	/* As the user named them, for the time before the first view; topics NULL: none is named. */
	const char *cluster, *topics;
	const char *group, *watch;    /* NULL: none */
	enum policy policy;
	enum commit_mode commit;
	int64_t interval_ms;
	bool read_only;
};

/* What a key asks of the program. */
enum effect {
	EFFECT_ASK = 1,      /* a view is wanted at once */
	EFFECT_COMMAND = 2,  /* ui_command() has something */
	EFFECT_SUSPEND = 4,
	EFFECT_REPAINT = 8,
	EFFECT_QUIT = 16     /* ui_chosen() may say what for */
};

struct ui *ui_new(const struct ui_config *config);
void ui_free(struct ui *ui);

void ui_resize(struct ui *ui, int rows, int columns);
unsigned ui_key(struct ui *ui, int key, int64_t now); /* effects, or'ed; now: mono ms */

/* The next command a key gave; false when there is none. */
bool ui_command(struct ui *ui, struct command *out);

/* The query to be asked now. */
void ui_query(struct ui *ui, struct view_query *out);

/* Show VIEW, the answer to the last query; what comes back is for the next one:
 * the view shown before, or VIEW itself when the picture is frozen. */
struct view *ui_answer(struct ui *ui, struct view *view, int64_t now);

/* True when the view shown has all that its source had. */
bool ui_at_end(const struct ui *ui);

/* True while views are wanted every interval. */
bool ui_running(const struct ui *ui);
int64_t ui_interval_ms(const struct ui *ui);

/* A sentence for the status line; the last error is kept for ui_last_error(). */
void ui_say(struct ui *ui, enum notice_level level, const char *sentence, int64_t now);

/* A yes-or-no question of the engine: COMMAND_ANSWER follows. */
unsigned ui_question(struct ui *ui, const char *question, int64_t now);

/* No record follows: SENTENCE stays in the status line when it FAILED. */
void ui_ended(struct ui *ui, bool failed, const char *sentence);
const char *ui_last_error(const struct ui *ui); /* empty: none */

/* The row that was chosen to go on with, empty: none. */
const char *ui_chosen(const struct ui *ui);

/* When the picture changes by time alone (mono ms), INT64_MAX never. */
int64_t ui_due(const struct ui *ui);
void ui_draw(struct ui *ui, struct canvas *c, int64_t now);

#endif
