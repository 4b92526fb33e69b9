/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <limits.h>
#include <openssl/evp.h>

void
base64_encode(struct buf *out, struct slice in)
{
	size_t room = (in.n + 2) / 3 * 4;

	out->n += (size_t)EVP_EncodeBlock((unsigned char *)buf_reserve(out, room + 1), (const unsigned char *)in.p,
					  (int)in.n);
}

/* The library passes over blanks at both ends, and takes = for a zero: then fewer bytes come, or it stood there. */
static bool
decode(unsigned char *dst, const char *src, size_t n)
{
	return EVP_DecodeBlock(dst, (const unsigned char *)src, (int)n) == (int)(n / 4 * 3);
}

bool
base64_decode(struct buf *out, struct slice in)
{
	unsigned char *dst;
	char tail[4] = "====";
	size_t whole, rest;

	while (in.n > 0 && in.p[in.n - 1] == '=')
		in.n--;
	whole = in.n / 4 * 4;
	rest = in.n - whole;
	if (rest == 1 || in.n > INT_MAX || (in.n > 0 && memchr(in.p, '=', in.n)))
		return false;
	dst = (unsigned char *)buf_reserve(out, in.n / 4 * 3 + 3);
	if (whole && !decode(dst, in.p, whole))
		return false;
	if (rest) {
		memcpy(tail, in.p + whole, rest);
		if (!decode(dst + whole / 4 * 3, tail, sizeof(tail)))
			return false;
	}
	out->n += whole / 4 * 3 + (rest ? rest - 1 : 0);
	return true;
}
