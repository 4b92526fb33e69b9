/* SPDX-License-Identifier: MIT */
/*
 * The terminal: canvases out, keys in. Nothing here ever waits: curses draws
 * into memory and the bytes go out as the terminal takes them, so a terminal
 * whose reader has stopped holds nobody, and old pictures are skipped. There is
 * one at a time. Every way out of the program (exit, base/fatal.h) restores it.
 * In the background of a shell it is not touched. UI thread only.
 */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include "base/err.h"
#include "ui/canvas.h"

#include <stdint.h>

struct terminal;

/* Take over the terminal that standard output is. TERM is what curses is told. */
struct terminal *terminal_start(bool colour, struct err *err);
void terminal_stop(struct terminal *t); /* restores and frees; NULL is fine */

int terminal_fd(const struct terminal *t);         /* readable: keys; writable: see below */
bool terminal_behind(const struct terminal *t);    /* bytes wait until the fd is writable */
int64_t terminal_bytes(const struct terminal *t);  /* written so far */
void terminal_size(const struct terminal *t, int *rows, int *columns);

/* Show C. While bytes of an older picture wait, only those go out, and it
 * returns false: draw again once the fd is writable. */
bool terminal_draw(struct terminal *t, const struct canvas *c);
void terminal_repaint(struct terminal *t); /* all of the next picture goes out */

/* Read what has come by NOW (mono ms); false: the terminal is gone. */
bool terminal_read(struct terminal *t, int64_t now);

/* The next key of what was read, 0: none; and when to ask again though nothing came. As input_key(). */
int terminal_key(struct terminal *t, int64_t now);
int64_t terminal_key_due(const struct terminal *t);

enum terminal_event { TERMINAL_NOTHING, TERMINAL_RESIZED, TERMINAL_SUSPEND };

/* What happened since, by signal (signals_terminal_fd() in base/signals.h). */
enum terminal_event terminal_signal(struct terminal *t);

/* Give the terminal back, stop the job, and take it again when that is in the foreground again; not when
 * signals_leaving() comes first. Its size may be another one then. */
void terminal_suspend(struct terminal *t);

#endif
