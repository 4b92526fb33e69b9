/* SPDX-License-Identifier: MIT */
#include "report/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct source_kind *const kinds[] = {&source_store, &source_recording};

const struct source_kind *
source_of(const char *file, struct err *err)
{
	char bytes[16] = "";
	FILE *in = strcmp(file, "-") == 0 ? NULL : fopen(file, "re");
	size_t n = in ? fread(bytes, 1, sizeof(bytes), in) : 0;

	if (!in && strcmp(file, "-") != 0) {
		err_set(err, "cannot read %s: %s", file, strerror(errno));
		return NULL;
	}
	if (in)
		fclose(in);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i]->is((struct slice){bytes, n}))
			return kinds[i];
	err_set(err, "%s is neither a recording nor a store", file);
	return NULL;
}
