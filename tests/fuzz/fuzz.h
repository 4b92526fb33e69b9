/* SPDX-License-Identifier: MIT */
/*
 * A fuzzer is one function. Linked with replay.c it goes over the files of a
 * corpus (make check); built by clang with -fsanitize=fuzzer it makes up its own.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
