/* SPDX-License-Identifier: MIT */
/*
 * Standard output as the programs write to it. Whoever writes there, stdio or
 * write(2), the first failure is kept, so that the end of the program tells it
 * once (program_end() in program.h). Any thread.
 */
#ifndef BASE_STANDARD_OUTPUT_H
#define BASE_STANDARD_OUTPUT_H

#include <poll.h>
#include <stdbool.h>

/* stdout keeps its failures from now on. In main, before anything is printed. */
void standard_output_open(void);

/* A write(2) to it failed with the error WHY. */
void standard_output_failed(int why);

/* What poll(2) is to look at beside other descriptors, so that a reader that goes is noticed though nothing is
 * written: to be
 * asked of standard_output_gone(). Where nobody reads, as of a file, poll passes over it. */
struct pollfd standard_output_watch(void);
bool standard_output_gone(const struct pollfd *watch);

/* The errno of the first write that failed, 0: none did. EPIPE: its reader has gone. */
int standard_output_error(void);

#endif
