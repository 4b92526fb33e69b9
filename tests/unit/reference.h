/* SPDX-License-Identifier: MIT */
/* The recorded run of the reference producer, tests/data/reference-run. */
#ifndef TESTS_UNIT_REFERENCE_H
#define TESTS_UNIT_REFERENCE_H

#include "base/buf.h"

#include <stddef.h>

enum { REFERENCE_MESSAGES = 76 };

struct reference_message {
	char name[64]; /* the record_name header */
	struct buf value;
};

/* REFERENCE_MESSAGES of them, in their order; they live until reference_free(). */
struct reference_message *reference_load(void);
void reference_free(struct reference_message *messages);

/* Where a file of the source tree is; the caller's to free. */
char *reference_path(const char *path);

/* A file of the source tree, all of it. */
struct buf reference_file(const char *path);

#endif
