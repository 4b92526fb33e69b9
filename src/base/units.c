/* SPDX-License-Identifier: MIT */
#include "base/units.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *
unknown(char *out)
{
	return strcpy(out, "-");
}

const char *
units_count(char *out, int64_t n)
{
	char digits[UNITS_TEXT];
	int length, o = 0;

	if (n < 0)
		return unknown(out);
	length = snprintf(digits, sizeof(digits), "%" PRId64, n);
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[o++] = ',';
		out[o++] = digits[i];
	}
	out[o] = '\0';
	return out;
}

/* VALUE scaled by STEP with one letter of LETTERS, three significant digits. */
static const char *
scaled(char *out, double value, double step, const char *letters)
{
	size_t i = 0;

	while (value >= 999.5 && letters[i + 1]) {
		value /= step;
		i++;
	}
	if (value >= 999.5)
		snprintf(out, UNITS_TEXT, ">999%c", letters[i]);
	else if (i == 0)
		snprintf(out, UNITS_TEXT, "%.0f", value);
	else if (value < 99.95)
		snprintf(out, UNITS_TEXT, "%.1f%c", value, letters[i]);
	else
		snprintf(out, UNITS_TEXT, "%.0f%c", value, letters[i]);
	return out;
}

const char *
units_short(char *out, int64_t n)
{
	return n < 0 ? unknown(out) : scaled(out, (double)n, 1000, " kMGTPE");
}

const char *
units_rate(char *out, double per_s)
{
	if (isnan(per_s) || per_s < 0)
		return unknown(out);
	if (per_s == 0)
		return strcpy(out, "0");
	if (per_s < 99.95)
		snprintf(out, UNITS_TEXT, "%.1f", per_s);
	else
		scaled(out, per_s, 1000, " kMGTPE");
	return out;
}

const char *
units_age(char *out, int64_t ms)
{
	int64_t s = ms / 1000;

	if (ms < 0)
		return unknown(out);
	if (s >= 10 && s < 60)
		s -= s % 10;
	if (s < 60)
		snprintf(out, UNITS_TEXT, "%" PRId64 "s", s);
	else if (s < 3600)
		snprintf(out, UNITS_TEXT, "%" PRId64 "m", s / 60);
	else if (s < 86400)
		snprintf(out, UNITS_TEXT, "%" PRId64 "h", s / 3600);
	else
		snprintf(out, UNITS_TEXT, "%" PRId64 "d", s / 86400);
	return out;
}

static const char *
format_time(char *out, int64_t wall_ms, const char *fmt)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (wall_ms < 0 || wall_ms > UNITS_LAST_MS || !gmtime_r(&seconds, &tm) ||
	    strftime(out, UNITS_TEXT, fmt, &tm) == 0)
		return unknown(out);
	return out;
}

const char *
units_clock(char *out, int64_t wall_ms)
{
	return format_time(out, wall_ms, "%H:%M:%S");
}

const char *
units_timestamp(char *out, int64_t wall_ms)
{
	size_t n;

	if (*format_time(out, wall_ms, "%Y-%m-%dT%H:%M:%S") == '-')
		return out;
	n = strlen(out);
	snprintf(out + n, UNITS_TEXT - n, ".%03dZ", (int)(wall_ms % 1000));
	return out;
}

int64_t
units_ms(double seconds)
{
	return seconds >= 0 && seconds <= (double)UNITS_LAST_MS / 1000 ? (int64_t)llround(seconds * 1000) : -1;
}

/* The two digits at P as a number of at most MOST. */
static bool
two_digits(const char *p, int most, int *out)
{
	if (!isdigit((unsigned char)p[0]) || !isdigit((unsigned char)p[1]))
		return false;
	*out = (p[0] - '0') * 10 + p[1] - '0';
	return *out <= most;
}

/* The zone behind an RFC 3339 time: Z or +HH:MM; false when it is neither. */
static bool
parse_zone(const char *p, int *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if ((*p == 'Z' || *p == 'z') && p[1] == '\0')
		return true;
	if ((*p != '+' && *p != '-') || strlen(p) != 6 || p[3] != ':' || !two_digits(p + 1, 23, &hours) ||
	    !two_digits(p + 4, 59, &minutes))
		return false;
	*seconds = (hours * 60 + minutes) * 60 * (*p == '-' ? -1 : 1);
	return true;
}

/* A point and digits, if they stand at *REST, to whole milliseconds. */
static int
parse_fraction(char **rest)
{
	int ms = 0, scale = 100;

	if (**rest != '.' || !isdigit((unsigned char)(*rest)[1]))
		return 0;
	for (++*rest; isdigit((unsigned char)**rest); ++*rest, scale /= 10)
		ms += (**rest - '0') * scale;
	return ms;
}

static bool
parse_rfc3339(const char *text, int64_t *ms)
{
	struct tm tm = {0};
	int fraction, zone;
	char *rest;

	if (!isdigit((unsigned char)*text))
		return false;
	rest = strptime(text, "%Y-%m-%d", &tm);
	if (!rest || (*rest != 'T' && *rest != 't' && *rest != ' '))
		return false;
	rest = strptime(rest + 1, "%H:%M:%S", &tm);
	if (!rest)
		return false;
	fraction = parse_fraction(&rest);
	if (!parse_zone(rest, &zone))
		return false;
	*ms = ((int64_t)timegm(&tm) - zone) * 1000 + fraction;
	return *ms >= 0 && *ms <= UNITS_LAST_MS;
}

/* Digits, and a fraction perhaps: nothing else that strtod() would take. */
static bool
parse_seconds(const char *text, int64_t *ms)
{
	size_t digits = strspn(text, "0123456789"), n = digits;

	if (text[n] == '.')
		n += 1 + strspn(text + n + 1, "0123456789");
	if (digits == 0 || text[n])
		return false;
	*ms = units_ms(strtod(text, NULL));
	return *ms >= 0;
}

bool
units_parse_time(const char *text, int64_t *ms, struct err *err)
{
	if (parse_rfc3339(text, ms) || parse_seconds(text, ms))
		return true;
	return err_set(err, "\"%s\" is no time: give Unix seconds or RFC 3339, like 2026-11-23T14:35:10Z", text);
}
