/* SPDX-License-Identifier: MIT */
#include "model/ident.h"

enum { HASHED = 4096 };

/* FNV-1a */
uint64_t
ident_hash(struct slice id)
{
	uint64_t h = 0xcbf29ce484222325 ^ id.n;
	size_t n = id.n < HASHED ? id.n : HASHED;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 0x100000001b3;
	return h;
}

struct slice
ident(struct slice id, char *room, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t kept = size - IDENT_HASH;
	uint64_t h;

	if (id.n <= size && (id.n == 0 || !memchr(id.p, 0, id.n)))
		return id;
	h = ident_hash(id);
	if (kept > id.n)
		kept = id.n;
	for (size_t i = 0; i < kept; i++)
		room[i] = id.p[i] ? id.p[i] : '?';
	room[kept] = '~';
	for (size_t i = 0; i < IDENT_HASH - 1; i++)
		room[kept + 1 + i] = digits[h >> (60 - 4 * i) & 15];
	return (struct slice){room, kept + IDENT_HASH};
}
