/* SPDX-License-Identifier: MIT */
/*
 * After Raffaello Giulietti, "The Schubfach way to render doubles": the bounds of
 * the interval that rounds to the value are scaled by a power of ten, in 128 bits
 * rounded to odd, so that the digits can be chosen with integers alone.
 */
#include "codec/shortest.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

__extension__ typedef unsigned __int128 u128;

enum { POWER_MIN = -292, POWER_MAX = 324, POWERS = POWER_MAX - POWER_MIN + 1 };

/* 10^k scaled to 128 bits, the first of them set, rounded up. */
struct power {
	uint64_t high, low;
};

static struct power powers[POWERS];
static pthread_once_t powers_made = PTHREAD_ONCE_INIT;

/* -- The table -- */

/* A natural number, the least 32 bits first: 5^324 has 753 bits, and the scaled
 * quotients 2^BIG_ONE / 5^292 as many as make 128 good ones. */
enum { BIG_WORDS = 28, BIG_ONE = 32 * BIG_WORDS - 1 };

struct big {
	uint32_t word[BIG_WORDS];
};

static void
big_times_5(struct big *b)
{
	uint64_t carry = 0;

	for (int i = 0; i < BIG_WORDS; i++) {
		carry += (uint64_t)b->word[i] * 5;
		b->word[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void
big_over_5(struct big *b)
{
	uint64_t rest = 0;

	for (int i = BIG_WORDS; i-- > 0;) {
		rest = rest << 32 | b->word[i];
		b->word[i] = (uint32_t)(rest / 5);
		rest %= 5;
	}
}

static int
big_bit(const struct big *b, int i)
{
	return i < 0 ? 0 : b->word[i / 32] >> (i % 32) & 1;
}

/* The first 128 bits of B, one more where bits follow or EXACT says that they would. */
static struct power
big_top(const struct big *b, bool exact)
{
	int top = BIG_ONE, i;
	u128 bits = 0;

	while (!big_bit(b, top))
		top--;
	for (i = top; i > top - 128; i--)
		bits = bits << 1 | (u128)big_bit(b, i);
	for (; exact && i >= 0; i--)
		exact = !big_bit(b, i);
	bits += !exact;
	return (struct power){(uint64_t)(bits >> 64), (uint64_t)bits};
}

/* 10^k and 5^k differ by a power of two, which the scaling takes out. */
static void
make_powers(void)
{
	struct big up = {{1}}, down = {{0}};

	down.word[BIG_WORDS - 1] = 1u << 31;
	for (int k = 0; k <= POWER_MAX; k++, big_times_5(&up))
		powers[k - POWER_MIN] = big_top(&up, true);
	for (int k = -1; k >= POWER_MIN; k--) {
		big_over_5(&down);
		powers[k - POWER_MIN] = big_top(&down, false);
	}
}

/* -- The digits -- */

/* digits * 10^exponent */
struct decimal {
	uint64_t digits;
	int exponent;
};

static int
floor_log2_of_10_to(int k)
{
	return (k * 1741647) >> 19;
}

static int
floor_log10_of_2_to(int q, bool three_quarters)
{
	return (q * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

/* The high 64 bits of POWER * C, the last one set where anything follows. */
static uint64_t
scale(struct power power, uint64_t c)
{
	u128 low = (u128)power.low * c, high = (u128)power.high * c + (uint64_t)(low >> 64);

	return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static struct decimal
find_shortest(uint64_t c, int q, bool closer_below)
{
	const uint64_t out = c & 1; /* an odd significand's bounds round away from it */
	const int k = floor_log10_of_2_to(q, closer_below);
	const int shift = q + floor_log2_of_10_to(-k) + 1;
	const struct power power = powers[-k - POWER_MIN];
	const uint64_t lower = scale(power, (4 * c - 2 + closer_below) << shift) + out;
	const uint64_t value = scale(power, (4 * c) << shift);
	const uint64_t upper = scale(power, (4 * c + 2) << shift) - out;
	const uint64_t s = value / 4, tens = s / 10;
	bool below, above;

	if (s >= 10) {
		below = lower <= 40 * tens;
		above = 40 * tens + 40 <= upper;
		if (below != above)
			return (struct decimal){tens + above, k + 1};
	}
	below = lower <= 4 * s;
	above = 4 * s + 4 <= upper;
	if (below == above)
		above = value > 4 * s + 2 || (value == 4 * s + 2 && (s & 1));
	return (struct decimal){s + above, k};
}

/* VALUE is finite and above zero. */
static struct decimal
to_decimal(double value)
{
	enum { FRACTION = 52, BIAS = 1075 };
	uint64_t bits, c;
	int exponent, q;

	memcpy(&bits, &value, sizeof(bits));
	c = bits & ((UINT64_C(1) << FRACTION) - 1);
	exponent = (int)(bits >> FRACTION);
	if (exponent == 0)
		return find_shortest(c, 1 - BIAS, false);
	q = exponent - BIAS;
	if (q <= 0 && q > -FRACTION - 1 && ((c | UINT64_C(1) << FRACTION) & ((UINT64_C(1) << -q) - 1)) == 0)
		return (struct decimal){(c | UINT64_C(1) << FRACTION) >> -q, 0};
	return find_shortest(c | UINT64_C(1) << FRACTION, q, c == 0 && exponent > 1);
}

/* -- The text -- */

static int
write_digits(char *end, uint64_t n)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
				    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	char *p = end;

	for (; n >= 100; n /= 100)
		memcpy(p -= 2, pairs + n % 100 * 2, 2);
	if (n >= 10)
		memcpy(p -= 2, pairs + n * 2, 2);
	else
		*--p = (char)('0' + n);
	return (int)(end - p);
}

static char *
put(char *p, const char *from, int n)
{
	memcpy(p, from, (size_t)n);
	return p + n;
}

static char *
put_zeros(char *p, int n)
{
	memset(p, '0', (size_t)n);
	return p + n;
}

/* DIGITS with the point behind the first POINT of them. */
static char *
put_plain(char *p, const char *digits, int n, int point)
{
	if (point <= 0) {
		p = put(p, "0.", 2);
		p = put_zeros(p, -point);
		return put(p, digits, n);
	}
	if (point >= n) {
		p = put(p, digits, n);
		p = put_zeros(p, point - n);
		return put(p, ".0", 2);
	}
	p = put(p, digits, point);
	*p++ = '.';
	return put(p, digits + point, n - point);
}

static char *
put_scientific(char *p, const char *digits, int n, int exponent)
{
	*p++ = digits[0];
	if (n > 1) {
		*p++ = '.';
		p = put(p, digits + 1, n - 1);
	}
	return p + snprintf(p, 6, "e%c%02d", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
}

static char *
put_decimal(char *p, struct decimal d)
{
	enum { PLAIN_LEAST = -3, PLAIN_MOST = 16 };
	char room[20], *end = room + sizeof(room), *digits;
	int n, point;

	n = write_digits(end, d.digits);
	digits = end - n;
	point = n + d.exponent;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	if (point < PLAIN_LEAST || point > PLAIN_MOST)
		return put_scientific(p, digits, n, point - 1);
	return put_plain(p, digits, n, point);
}

void
shortest_add(struct buf *out, double value)
{
	char *start = buf_reserve(out, SHORTEST_TEXT), *p = start;

	if (isnan(value)) {
		out->n += 3;
		memcpy(p, "nan", 3);
		return;
	}
	if (signbit(value))
		*p++ = '-';
	value = fabs(value);
	pthread_once(&powers_made, make_powers);
	if (isinf(value))
		p = put(p, "inf", 3);
	else if (value == 0)
		p = put(p, "0.0", 3);
	else
		p = put_decimal(p, to_decimal(value));
	out->n += (size_t)(p - start);
}
