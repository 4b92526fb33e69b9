/* SPDX-License-Identifier: MIT */
#include "report/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct source_kind *const kinds[] = {&source_store, &source_recording};

/* What FILE begins with, of a regular file: what is taken from a pipe is gone. False: it cannot be read. */
static bool
peek(const char *file, char *bytes, size_t *n)
{
	struct stat st;
	FILE *in;

	if (stat(file, &st) != 0)
		return false;
	if (!S_ISREG(st.st_mode))
		return true;
	in = fopen(file, "re");
	if (!in)
		return false;
	*n = fread(bytes, 1, *n, in);
	fclose(in);
	return true;
}

const struct source_kind *
source_of(const char *file, struct err *err)
{
	char bytes[16] = "";
	size_t n = sizeof(bytes), kind = 0;

	if (strcmp(file, "-") != 0 && !peek(file, bytes, &n)) {
		err_set(err, "cannot read %s: %s", file, strerror(errno));
		return NULL;
	}
	while (!kinds[kind]->is((struct slice){bytes, n})) /* the last is any file */
		kind++;
	return kinds[kind];
}
