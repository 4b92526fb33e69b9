/* SPDX-License-Identifier: MIT */
/*
 * A fuzzer is one function. Linked with replay.c it goes over the files of a
 * corpus (make check); built by clang with -fsanitize=fuzzer (make fuzzers) it
 * makes up its own.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline _Noreturn void
fuzz_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

/* An invariant: what does not hold is found, in each build. */
#define require(holds) ((holds) ? (void)0 : fuzz_fail(#holds, __FILE__, __LINE__))

enum { FUZZ_PATH = 32 };

/* BYTES as a file that is in memory only; its name goes into PATH. To be closed. */
static inline int
fuzz_file(char path[FUZZ_PATH], struct slice bytes)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	require(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
	return fd;
}

/* What stands in REST up to the next SEPARATOR, which is dropped; all of it where there is none. */
static inline struct slice
fuzz_piece(struct slice *rest, char separator)
{
	const char *end = rest->n ? memchr(rest->p, separator, rest->n) : NULL;
	struct slice piece = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
	size_t taken = piece.n + (end != NULL);

	rest->p += taken;
	rest->n -= taken;
	return piece;
}

/* Bytes of the input as numbers; 0 when it has none left. */
static inline uint8_t
fuzz_byte(struct slice *rest)
{
	if (rest->n == 0)
		return 0;
	rest->n--;
	return (uint8_t)*rest->p++;
}


#endif
