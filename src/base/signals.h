/* SPDX-License-Identifier: MIT */
/*
 * Every signal of the program, in one place. signals_begin() blocks them before
 * any other thread starts, so that no thread of a library is interrupted; a
 * thread of this module waits for them:
 *
 * TERM, INT, HUP    ask a loop to leave, which hears them by signals_fd(). Nobody
 *                   leaves for longer than SIGNALS_LEAVE_MS. A verb that did not
 *                   call signals_fd() is ended by them. HUP that was ignored
 *                   when we started, as by nohup, stays so.
 * WINCH, TSTP, CONT go to the terminal (ui/terminal.h) by signals_terminal_fd();
 *                   where there is none they do what they do by default.
 * PIPE, XFSZ        are ignored: the write fails.
 * all others        that end a program give the terminal back and end it.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stdbool.h>

enum { SIGNALS_LEAVE_MS = 3000 };

/* In main, before all else. */
void signals_begin(void);

/* Readable once one of TERM, INT, HUP came; the same fd at each call. */
int signals_fd(void);
int signals_take(void); /* the next one's number, 0 when there is none */

/*
 * From now on, or from the signal that came before, the program has
 * SIGNALS_LEAVE_MS to end by itself. Then it is ended with STATUS and a sentence,
 * whatever its threads wait for.
 */
void signals_leave(int status);
void signals_set_status(int status); /* what it would end with, once it leaves; 1 at first */
int signals_leave_ms(void);          /* how long a loop that leaves may still wait for others */

/* What happened since to the terminal. */
struct signals_terminal {
	bool resized, suspend, continued;
};

int signals_terminal_fd(void); /* readable: signals_terminal_take() */
struct signals_terminal signals_terminal_take(void);

/* Stop the whole job by SIGNAL (TSTP or TTOU) as the terminal would, and come back when it is continued: false, if
 * the kernel did not stop us, because no shell is there that could continue us. */
bool signals_stop(int signal_number);
bool signals_leaving(void); /* somebody has asked us to leave; up to date after signals_stop() */

#endif
