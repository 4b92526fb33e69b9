/* SPDX-License-Identifier: MIT */
/* Base64 (RFC 4648, standard alphabet) over libcrypto. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

void base64_encode(struct buf *out, struct slice in); /* with padding */

/* Padding may be missing; false (OUT as it was) when IN is not base64. */
bool base64_decode(struct buf *out, struct slice in);

#endif
