/* SPDX-License-Identifier: MIT */
/*
 * The program's log: the last LOG_LINES lines kept in memory for the Log
 * screen, and every line appended to a file when one was named. Nothing here
 * ever writes to the terminal. There is one log per process; any thread may
 * write or read (a short lock around a copy).
 *
 * Texts may hold foreign bytes: whoever shows a line sanitises it (base/text.h).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { LOG_LINES = 1000, LOG_TEXT = 400 };

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log_line {
	uint64_t number; /* counts from 1, never reused */
	int64_t time;    /* wall clock, ms */
	enum log_level level;
	char from[16];   /* the part that speaks: "exptop", "librdkafka", "engine" .. */
	char text[LOG_TEXT];
};

/* Append to FILE from now on. Its first line that cannot be written is told in a line that is kept for the screen. */
bool log_open(const char *file, struct err *err);

/* False where the file lacks lines, with how many and why. */
bool log_close(struct err *err);

/* Lines above LEVEL are neither kept nor written; LOG_INFO at first. */
void log_set_level(enum log_level level);
const char *log_level_name(enum log_level level);

void log_write(enum log_level level, const char *from, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Copy the newest CAP lines at most, with number > AFTER, oldest first. */
size_t log_take(struct log_line *out, size_t cap, uint64_t after);
uint64_t log_last(void); /* number of the newest line, 0 before any */

void log_forget(void); /* drop all lines: tests */

#endif
