/* SPDX-License-Identifier: MIT */
/*
 * What the programs of this tree do alike at their edge: standard streams, the
 * locale's characters, sentences on standard error, help and version. Main thread.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "conf/options.h"

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_DIFFERENT = 3,  /* verify found a difference */
	EXIT_NO_READER = 141 /* the reader of standard output went: the status of SIGPIPE, which is ignored here */
};

/* Before all else; NAME stands before each sentence. */
void program_begin(const char *name);

/* "NAME: SENTENCE" on stderr, sanitised. */
void program_complain(const char *sentence);

/* Each line of NOTES, which may be empty. */
void program_complain_lines(struct buf *notes);

/* The same as program_complain(), with where to look; the status of wrong usage. */
int program_refuse(const char *sentence);

/* What O asks for: help, the version, or RUN, with its log open; PROBLEM says why
 * the options are none, NULL: they are fine. Frees O; the exit status. */
int program_run(struct options *o, const char *problem, int (*run)(struct options *o));

/* The exit status at the end of the program: STATUS, unless standard output or the log did not take all that was
 * written to them, which is said; a reader of standard output that went is passed over in silence. Closes the log. */
int program_end(int status);

#endif
