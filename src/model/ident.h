/* SPDX-License-Identifier: MIT */
/*
 * A foreign id in bounded bytes. Ids are kept, compared, sorted and selected by
 * what ident() makes of them: themselves, or if they are longer than the room or
 * hold a NUL their first bytes, a "~" and a hash in hexadecimal. The hash covers
 * the first 4 KiB and the length, so that an id of a megabyte costs no more.
 */
#ifndef MODEL_IDENT_H
#define MODEL_IDENT_H

#include "base/slice.h"

#include <stdint.h>

enum { IDENT_HASH = 17 }; /* bytes that "~" and the hash take; room is never smaller */

/* ID itself (borrowed), or what stands for it written into ROOM of SIZE bytes. */
struct slice ident(struct slice id, char *room, size_t size);

/* That hash. */
uint64_t ident_hash(struct slice id);

#endif
