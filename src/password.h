/* SPDX-License-Identifier: MIT */
/*
 * Asks the user for the password of a keystore: on the terminal itself, whatever
 * standard input and output are, without showing it. Before the screen starts.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "base/buf.h"

/* An auth_request's prompt; CTX is not looked at. False without a terminal, at
 * end of file, and when one of the signals of base/signals.h came (it stays there). */
bool password_ask(void *ctx, const char *file, struct buf *password);

#endif
