/* SPDX-License-Identifier: MIT */
/*
 * A file that is replaced, or made, as a whole: what is written to replace_fd()
 * stands beside it, without a name where the file system can do that, and takes
 * its place only when it is all on the disk. Until then the old file is as it
 * was, whatever ends us. One thread; where a name is needed it is left behind by
 * a signal that kills, so hold those of base/signals.h.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "base/err.h"

struct replace;

/* FILE is a regular file, or not there; a link is followed. Its mode is kept, as is its owner where we may give it
 * away. OVER: a file that is there by then is replaced. NULL with a sentence. */
struct replace *replace_open(const char *file, bool over, struct err *err);

int replace_fd(const struct replace *r); /* stays R's */

/* Put what was written in its place. False: FILE is as it was. Frees R. */
bool replace_finish(struct replace *r, struct err *err);

/* FILE stays as it was. Frees R, which may be NULL. */
void replace_drop(struct replace *r);

#endif
