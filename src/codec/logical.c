/* SPDX-License-Identifier: MIT */
#include "codec/logical.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

/* -- Dates and times -- */

enum { SECONDS_A_DAY = 86400, UUID_DIGITS = 32 };

static const int64_t FIRST_DAY = -719162; /* of the year 1 .. */
static const int64_t LAST_DAY = 2932896;  /* .. and of the year 9999, from 1970 */

struct date {
	int year, month, day;
};

/* DAYS from 1970-01-01, in the Gregorian calendar; counted in years that begin in March. */
static struct date
date_of(int64_t days)
{
	const int64_t era_days = 146097;
	int64_t day = days + 719468, era = day / era_days, of_era = day % era_days;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct date d = {.day = (int)(of_year - (153 * month + 2) / 5 + 1)};

	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = (int)(year + era * 400 + (d.month <= 2));
	return d;
}

/* N parts of a second since midnight or 1970: how many make one, and how many digits that is. */
struct unit {
	int64_t per_s;
	int digits;
};

static struct unit
unit_of(enum schema_logical logical)
{
	switch (logical) {
	case LOGICAL_TIME_MICROS:
	case LOGICAL_TIMESTAMP_MICROS:
	case LOGICAL_LOCAL_MICROS:
		return (struct unit){1000000, 6};
	case LOGICAL_TIMESTAMP_NANOS:
	case LOGICAL_LOCAL_NANOS:
		return (struct unit){1000000000, 9};
	default:
		return (struct unit){1000, 3};
	}
}

static int64_t
floor_div(int64_t n, int64_t by)
{
	return n / by - (n % by < 0);
}

/* "14, 35, 10, 123000", without the zeros at the end that Python leaves out. */
static void
add_python_clock(struct buf *out, int64_t second, int64_t micros)
{
	buf_addf(out, "%d, %d", (int)(second / 3600), (int)(second / 60 % 60));
	if (second % 60 || micros)
		buf_addf(out, ", %d", (int)(second % 60));
	if (micros)
		buf_addf(out, ", %d", (int)micros);
}

static void
add_iso_clock(struct buf *out, int64_t second, int64_t part, struct unit unit)
{
	buf_addf(out, "%02d:%02d:%02d.%0*" PRId64, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60),
		 unit.digits, part);
}

static bool
add_date(struct buf *out, int64_t days, enum logical_style style)
{
	struct date d;

	if (days < FIRST_DAY || days > LAST_DAY)
		return false;
	d = date_of(days);
	buf_addf(out, style == LOGICAL_PYTHON ? "datetime.date(%d, %d, %d)" : "%04d-%02d-%02d", d.year, d.month, d.day);
	return true;
}

static bool
add_time(struct buf *out, int64_t n, struct unit unit, enum logical_style style)
{
	if (n < 0 || n >= SECONDS_A_DAY * unit.per_s)
		return false;
	if (style == LOGICAL_ISO) {
		add_iso_clock(out, n / unit.per_s, n % unit.per_s, unit);
		return true;
	}
	buf_str(out, "datetime.time(");
	add_python_clock(out, n / unit.per_s, n % unit.per_s * (1000000 / unit.per_s));
	buf_char(out, ')');
	return true;
}

static bool
add_timestamp(struct buf *out, int64_t n, struct unit unit, bool local, enum logical_style style)
{
	int64_t seconds = floor_div(n, unit.per_s), part = n - seconds * unit.per_s;
	int64_t days = floor_div(seconds, SECONDS_A_DAY), second = seconds - days * SECONDS_A_DAY;
	struct date d;

	if (days < FIRST_DAY || days > LAST_DAY || (style == LOGICAL_PYTHON && unit.per_s > 1000000))
		return false;
	d = date_of(days);
	if (style == LOGICAL_ISO) {
		buf_addf(out, "%04d-%02d-%02dT", d.year, d.month, d.day);
		add_iso_clock(out, second, part, unit);
		buf_str(out, local ? "" : "Z");
		return true;
	}
	buf_addf(out, "datetime.datetime(%d, %d, %d, ", d.year, d.month, d.day);
	add_python_clock(out, second, part * (1000000 / unit.per_s));
	buf_str(out, local ? ")" : ", tzinfo=datetime.timezone.utc)");
	return true;
}

bool
logical_number(struct buf *out, const struct schema_node *node, int64_t n, enum logical_style style)
{
	struct unit unit = unit_of(node->logical);

	switch (node->logical) {
	case LOGICAL_DATE:
		return add_date(out, n, style);
	case LOGICAL_TIME_MILLIS:
	case LOGICAL_TIME_MICROS:
		return add_time(out, n, unit, style);
	case LOGICAL_TIMESTAMP_MILLIS:
	case LOGICAL_TIMESTAMP_MICROS:
	case LOGICAL_TIMESTAMP_NANOS:
		return add_timestamp(out, n, unit, false, style);
	case LOGICAL_LOCAL_MILLIS:
	case LOGICAL_LOCAL_MICROS:
	case LOGICAL_LOCAL_NANOS:
		return add_timestamp(out, n, unit, true, style);
	default:
		return false;
	}
}

/* -- Decimals -- */

enum {
	LIMB = 1000000000, LIMB_DIGITS = 9,
	LIMBS = LOGICAL_DECIMAL_MAX * 8 / 29 + 2, /* a limb holds more than 29 bits */
	DIGITS = LIMBS * LIMB_DIGITS + 1,
};

struct decimal {
	bool negative;
	int n, exponent;
	char digits[DIGITS + 1];
};

/* Multiply by 256 and add, in limbs of nine digits, the lowest first. */
static size_t
limbs_of(struct slice bytes, bool negative, uint32_t limbs[LIMBS])
{
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		uint64_t carry = (uint8_t)bytes.p[i] ^ (negative ? 0xffu : 0);

		for (size_t l = 0; l < n; l++) {
			carry += (uint64_t)limbs[l] << 8;
			limbs[l] = (uint32_t)(carry % LIMB);
			carry /= LIMB;
		}
		if (carry)
			limbs[n++] = (uint32_t)carry;
	}
	for (size_t l = 0; negative && ++limbs[l] == LIMB; l++)
		limbs[l] = 0;
	return n;
}

/* Two's complement, the highest byte first. */
static void
decimal_read(struct decimal *d, struct slice bytes)
{
	uint32_t limbs[LIMBS + 1] = {0};
	size_t n;

	d->negative = bytes.n > 0 && (bytes.p[0] & 0x80);
	n = limbs_of(bytes, d->negative, limbs);
	if (limbs[n] > 0)
		n++;
	d->n = sprintf(d->digits, "%" PRIu32, n > 0 ? limbs[n - 1] : 0);
	while (n > 1)
		d->n += sprintf(d->digits + d->n, "%09" PRIu32, limbs[--n - 1]);
}

/* To PRECISION digits, half to even. */
static void
decimal_round(struct decimal *d, int precision)
{
	int i = precision - 1, cut = d->n - precision;
	bool more = false, up;

	if (cut <= 0)
		return;
	for (int k = precision + 1; k < d->n; k++)
		more = more || d->digits[k] != '0';
	up = d->digits[precision] > '5' ||
	     (d->digits[precision] == '5' && (more || (d->digits[precision - 1] - '0') % 2 == 1));
	d->n = precision;
	d->exponent += cut;
	while (up && i >= 0 && d->digits[i] == '9')
		d->digits[i--] = '0';
	if (up && i >= 0) {
		d->digits[i]++;
	} else if (up) {
		d->digits[0] = '1';
		d->exponent++;
	}
}

static void
add_zeros(struct buf *out, int n)
{
	while (n-- > 0)
		buf_char(out, '0');
}

/* The digits with the point behind POINT of them, which may be outside. */
static void
add_digits(struct buf *out, const struct decimal *d, int point)
{
	int whole = point < 0 ? 0 : point < d->n ? point : d->n;

	if (d->negative)
		buf_char(out, '-');
	if (point <= 0)
		buf_char(out, '0');
	buf_add(out, d->digits, (size_t)whole);
	add_zeros(out, point - d->n);
	if (whole == d->n)
		return;
	buf_char(out, '.');
	add_zeros(out, -point);
	buf_add(out, d->digits + whole, (size_t)(d->n - whole));
}

/* As Decimal's str(): with an exponent where it would begin or end with many zeros. */
static void
add_python_decimal(struct buf *out, const struct decimal *d)
{
	int left = d->exponent + d->n;
	bool plain = d->exponent <= 0 && left > -6;

	buf_str(out, "Decimal('");
	add_digits(out, d, plain ? left : 1);
	if (!plain && left != 1)
		buf_addf(out, "E%+d", left - 1);
	buf_str(out, "')");
}

bool
logical_bytes(struct buf *out, const struct schema_node *node, struct slice bytes, enum logical_style style)
{
	struct decimal d;

	if (node->logical != LOGICAL_DECIMAL || bytes.n > LOGICAL_DECIMAL_MAX)
		return false;
	d.exponent = -(int)node->scale;
	decimal_read(&d, bytes);
	if (style == LOGICAL_ISO) {
		add_digits(out, &d, d.n + d.exponent);
		return true;
	}
	decimal_round(&d, (int)node->precision);
	add_python_decimal(out, &d);
	return true;
}

/* -- UUIDs -- */

static bool
drop_prefix(struct slice *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || memcmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* The digits of what Python's UUID() takes: with or without hyphens, braces and urn:uuid: */
static bool
uuid_digits(struct slice s, char digits[UUID_DIGITS])
{
	size_t n = 0;

	drop_prefix(&s, "urn:");
	drop_prefix(&s, "uuid:");
	while (s.n > 0 && (s.p[0] == '{' || s.p[0] == '}'))
		s = (struct slice){s.p + 1, s.n - 1};
	while (s.n > 0 && (s.p[s.n - 1] == '{' || s.p[s.n - 1] == '}'))
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '-')
			continue;
		if (n == UUID_DIGITS || !isxdigit((unsigned char)s.p[i]))
			return false;
		digits[n++] = (char)tolower((unsigned char)s.p[i]);
	}
	return n == UUID_DIGITS;
}

bool
logical_text(struct buf *out, const struct schema_node *node, struct slice text, enum logical_style style)
{
	char d[UUID_DIGITS];

	if (node->logical != LOGICAL_UUID || style != LOGICAL_PYTHON || !uuid_digits(text, d))
		return false;
	buf_addf(out, "UUID('%.8s-%.4s-%.4s-%.4s-%.12s')", d, d + 8, d + 12, d + 16, d + 20);
	return true;
}
