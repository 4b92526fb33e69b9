/* SPDX-License-Identifier: MIT */
/* Small text files, those that configure us and loads, and the paths inside them. */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* All of FILE behind what OUT holds; more than LIMIT bytes, and what is no file
 * that can be read, is an error. */
bool file_read(struct buf *out, const char *file, size_t limit, struct err *err);

/* The folder that FILE is in, "." where it names none; the caller frees. */
char *file_folder(const char *file);

/* PATH as it can be opened, when it stands in FILE: ~/ is HOME's (which may be
 * NULL), a relative one is relative to FILE's folder; the caller frees. */
char *file_resolve(const char *path, const char *file, const char *home);

#endif
