/* SPDX-License-Identifier: MIT */
/*
 * TERM, INT and HUP as a file descriptor, for loops that poll(2). Call
 * quit_open() in main before any thread starts: the signals are blocked from
 * then on in every thread, and each is readable here. SIGPIPE is ignored, so
 * that a closed pipe is an error of write().
 */
#ifndef BASE_QUIT_H
#define BASE_QUIT_H

int quit_open(void);          /* the fd, made once; the same again later */
int quit_take(void);          /* the next signal's number, 0 when there is none */

#endif
