/* SPDX-License-Identifier: MIT */
/*
 * The monitor's loop: a terminal (or a script), an engine, and the user between
 * them. It paints before the engine starts, lends the engine one view at a
 * time, and sleeps while nothing is due. One thread.
 */
#ifndef UI_APP_H
#define UI_APP_H

#include "engine/engine.h"
#include "ui/ui.h"

struct terminal;

struct app_config {
	struct engine *engine; /* not started yet; freed by the caller, if `stopped` */
	struct ui_config ui;
	struct terminal *terminal; /* NULL: one is started; else left open by the app before */
	bool colour;
	bool end_with_engine;  /* leave when the engine has ended: -e, -n, --seconds */
	const char *script;    /* NULL, or this file instead of a terminal (ui/script.h) */
	const char *dump_dir;  /* where its dumps go, NULL: here */
};

struct app_result {
	bool stopped;  /* the engine thread has ended; else 3 s were not enough, and only _exit is left */
	bool failed;   /* the engine ended with an error */
	char last_error[ERR_TEXT]; /* for stderr; empty: none */
	int64_t bytes; /* written to the terminal */
	char chosen[ROW_TEXT];     /* the row to go on with, empty: none */
	struct terminal *terminal; /* still open where one was chosen, for the next app: no picture in between */
};

/* Run until the user, a signal or a lost terminal ends it, then stop the engine.
 * False: the terminal or the script could not be used. The terminal is restored
 * in any case but that of a choice. */
bool app_run(const struct app_config *config, struct app_result *result, struct err *err);

#endif
