/* SPDX-License-Identifier: MIT */
#include "base/fatal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { SENTENCE_BYTES = 512 };

static void (*_Atomic restore)(void);
static atomic_flag ending = ATOMIC_FLAG_INIT;

void
fatal_set_restore(void (*function)(void))
{
	atomic_store(&restore, function);
}

void
fatal_restore(void)
{
	void (*function)(void) = atomic_load(&restore);

	if (function)
		function();
}

void
fatal_end(int status, const char *sentence)
{
	char line[SENTENCE_BYTES];
	int n;

	while (atomic_flag_test_and_set(&ending))
		pause(); /* another thread ends the program */
	fatal_restore();
	n = snprintf(line, sizeof(line), "%s: %s\n", program_invocation_short_name, sentence);
	if (n >= (int)sizeof(line))
		n = (int)sizeof(line) - 1;
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		status = status ? status : 1;
	_exit(status);
}

void
fatal(const char *fmt, ...)
{
	char sentence[SENTENCE_BYTES / 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	fatal_end(1, sentence);
}
