/* SPDX-License-Identifier: MIT */
/*
 * The end of a program that cannot go on: one sentence on standard error and
 * status 1. The terminal is given back first, so that the sentence can be read.
 * Any thread; the first one that calls is heard.
 */
#ifndef BASE_FATAL_H
#define BASE_FATAL_H

/* RESTORE gives the terminal back; async-signal-safe, and harmless when called twice. */
void fatal_set_restore(void (*restore)(void));
void fatal_restore(void); /* calls it, if it was set; async-signal-safe */

_Noreturn void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same with STATUS and a sentence that is ready. */
_Noreturn void fatal_end(int status, const char *sentence);

#endif
