/* SPDX-License-Identifier: MIT */
/* uthash with memory that is always there: hash tables whose items carry a UT_hash_handle. */
#ifndef BASE_HASHTABLE_H
#define BASE_HASHTABLE_H

#include "base/alloc.h"

#include <stdlib.h>

#define uthash_malloc(size) xmalloc(size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

#endif
