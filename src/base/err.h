/* SPDX-License-Identifier: MIT */
/*
 * Failure as a value: a function that can fail returns bool and takes a struct
 * err that it fills with one sentence naming the thing and the way out. It is
 * printed once, at the edge (a cmd_ or main_ file, or the status line).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

enum { ERR_TEXT = 768 };

struct err {
	char text[ERR_TEXT]; /* empty: no error yet */
};

/* Fill ERR (which may be NULL: the caller does not care why); always false, so
 * that `return err_set(err, ..)` reads well. Longer texts are cut. */
bool err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Put "WHERE: " before what ERR says already; always false. */
bool err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
