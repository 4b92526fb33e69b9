/* SPDX-License-Identifier: MIT */
/*
 * Text for a reader who may stop reading: it goes out in pieces as they are taken,
 * and a signal (base/signals.h) is heard all the while. For the main thread.
 */
#ifndef BASE_INTERRUPTIBLE_H
#define BASE_INTERRUPTIBLE_H

#include "base/buf.h"

#include <stdio.h>

/* Write TEXT to OUT and clear it. A signal, and an OUT that takes no more, set *DONE; once
 * that is set nobody is waited for. */
void interruptible_write(FILE *out, struct buf *text, bool *done);

#endif
