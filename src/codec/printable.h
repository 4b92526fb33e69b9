/* SPDX-License-Identifier: MIT */
/* Which characters Python's repr() shows as they are: str.isprintable(). */
#ifndef CODEC_PRINTABLE_H
#define CODEC_PRINTABLE_H

#include <stdbool.h>
#include <stdint.h>

bool printable_is(uint32_t cp);

#endif
