/* SPDX-License-Identifier: MIT */
#include "base/rng.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>

struct rng
rng_from_system(void)
{
	struct rng r;

	if (getrandom(&r.state, sizeof(r.state), 0) != sizeof(r.state))
		r.state = (uint64_t)clock_mono_us();
	return r;
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

double
rng_uniform(struct rng *r, double low, double high)
{
	return low + (high - low) * ((double)(rng_next(r) >> 11) * 0x1p-53);
}

void
rng_bytes(struct rng *r, void *out, size_t n)
{
	unsigned char *p = out;

	while (n > 0) {
		uint64_t word = rng_next(r);
		size_t take = n < sizeof(word) ? n : sizeof(word);

		memcpy(p, &word, take);
		p += take;
		n -= take;
	}
}

void
rng_uuid(struct rng *r, char out[UUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char b[16];
	char *p = out;

	rng_bytes(r, b, sizeof(b));
	b[6] = (unsigned char)(0x40 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	for (size_t i = 0; i < sizeof(b); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[b[i] >> 4];
		*p++ = digits[b[i] & 15];
	}
	*p = '\0';
}
