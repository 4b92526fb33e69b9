/* SPDX-License-Identifier: MIT */
/*
 * TERM, INT and HUP as a file descriptor, for loops that poll(2). Call
 * signals_fd() in main before any thread starts: the signals are blocked from
 * then on in every thread, and each is readable here. SIGPIPE is ignored, so
 * that a closed pipe is an error of write().
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

int signals_fd(void);          /* the fd, made once; the same again later */
int signals_take(void);          /* the next signal's number, 0 when there is none */

#endif
