/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <openssl/evp.h>

void
base64_encode(struct buf *out, struct slice in)
{
	size_t room = (in.n + 2) / 3 * 4;

	out->n += (size_t)EVP_EncodeBlock((unsigned char *)buf_reserve(out, room + 1), (const unsigned char *)in.p,
					  (int)in.n);
}

static bool
in_alphabet(struct slice s)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || !strchr(alphabet, s.p[i]))
			return false;
	return true;
}

bool
base64_decode(struct buf *out, struct slice in)
{
	unsigned char *dst;
	unsigned char tail[4] = "====";
	size_t whole, rest;

	while (in.n > 0 && in.p[in.n - 1] == '=')
		in.n--;
	whole = in.n / 4 * 4;
	rest = in.n - whole;
	if (rest == 1 || !in_alphabet(in))
		return false;
	dst = (unsigned char *)buf_reserve(out, in.n / 4 * 3 + 3);
	EVP_DecodeBlock(dst, (const unsigned char *)in.p, (int)whole);
	if (rest) {
		memcpy(tail, in.p + whole, rest);
		EVP_DecodeBlock(dst + whole / 4 * 3, tail, 4);
	}
	out->n += whole / 4 * 3 + (rest ? rest - 1 : 0);
	return true;
}
