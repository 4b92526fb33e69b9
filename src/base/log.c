/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct log_line lines[LOG_LINES];
static uint64_t last, forgotten;
static enum log_level most = LOG_INFO;
static FILE *file;
static char *file_name;
static int file_error;     /* of the first line that could not be written, 0: none */
static uint64_t unwritten; /* lines */

bool
log_open(const char *name, struct err *err)
{
	FILE *opened = fopen(name, "ae");

	if (!opened)
		return err_set(err, "cannot append to the log file %s: %s", name, strerror(errno));
	setvbuf(opened, NULL, _IOLBF, 0);
	log_close(NULL);
	pthread_mutex_lock(&lock);
	file = opened;
	file_name = xstrdup(name);
	pthread_mutex_unlock(&lock);
	return true;
}

/* Under the lock: WHY the file did not take a line. */
static void
miss_line(int why)
{
	unwritten++;
	if (!file_error)
		file_error = why;
}

bool
log_close(struct err *err)
{
	bool whole;

	pthread_mutex_lock(&lock);
	if (file && fclose(file) != 0)
		miss_line(errno);
	file = NULL;
	whole = !file_error;
	if (!whole)
		err_set(err, "the log file %s lacks %llu lines: %s", file_name, (unsigned long long)unwritten,
			strerror(file_error));
	free(file_name);
	file_name = NULL;
	file_error = 0;
	unwritten = 0;
	pthread_mutex_unlock(&lock);
	return whole;
}

void
log_set_level(enum log_level level)
{
	pthread_mutex_lock(&lock);
	most = level;
	pthread_mutex_unlock(&lock);
}

const char *
log_level_name(enum log_level level)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};

	return names[level];
}

/* The stream keeps nothing back: a line that it did not take is not written later. */
static bool
write_to_file(const struct log_line *line)
{
	time_t seconds = (time_t)(line->time / 1000);
	struct tm tm;
	char when[32];

	gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	clearerr(file);
	return fprintf(file, "%s.%03dZ %s %s: %s\n", when, (int)(line->time % 1000), log_level_name(line->level),
		       line->from, line->text) >= 0 && fflush(file) == 0;
}

static struct log_line *
add_line(enum log_level level, const char *from)
{
	struct log_line *line = &lines[last % LOG_LINES];

	line->number = ++last;
	line->time = clock_wall_ms();
	line->level = level;
	snprintf(line->from, sizeof(line->from), "%s", from);
	return line;
}

/* The first failure also stands where the log is seen. */
static void
keep_in_file(const struct log_line *line)
{
	bool first = !file_error;

	if (write_to_file(line))
		return;
	miss_line(errno);
	if (first)
		snprintf(add_line(LOG_ERROR, "exptop")->text, LOG_TEXT, "cannot write the log file %s: %s", file_name,
			 strerror(file_error));
}

void
log_write(enum log_level level, const char *from, const char *fmt, ...)
{
	struct log_line *line;
	va_list ap;

	pthread_mutex_lock(&lock);
	if (level <= most) {
		line = add_line(level, from);
		va_start(ap, fmt);
		vsnprintf(line->text, sizeof(line->text), fmt, ap);
		va_end(ap);
		if (file)
			keep_in_file(line);
	}
	pthread_mutex_unlock(&lock);
}

size_t
log_take(struct log_line *out, size_t cap, uint64_t after)
{
	uint64_t first;
	size_t n = 0;

	pthread_mutex_lock(&lock);
	first = after > forgotten ? after : forgotten;
	if (last > LOG_LINES && first < last - LOG_LINES)
		first = last - LOG_LINES;
	if (last > cap && first < last - cap)
		first = last - cap;
	for (uint64_t i = first; i < last; i++)
		out[n++] = lines[i % LOG_LINES];
	pthread_mutex_unlock(&lock);
	return n;
}

uint64_t
log_last(void)
{
	uint64_t number;

	pthread_mutex_lock(&lock);
	number = last;
	pthread_mutex_unlock(&lock);
	return number;
}

void
log_forget(void)
{
	pthread_mutex_lock(&lock);
	forgotten = last;
	pthread_mutex_unlock(&lock);
}
