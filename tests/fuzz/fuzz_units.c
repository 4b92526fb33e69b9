/* SPDX-License-Identifier: MIT */
/*
 * Eight bytes as a number that people read: short enough for its cells, a dash where it is
 * unknown. The rest as a time: what is read of it prints as what reads the same.
 */
#include "fuzz.h"

#include "base/alloc.h"
#include "base/units.h"
#include "model/record.h"

#include <math.h>

enum { SHORT = 5 };

static void
check_number(const char *text, size_t most, bool known)
{
	require(strlen(text) > 0 && strlen(text) <= most);
	require((strcmp(text, "-") == 0) != known);
	require(!strstr(text, "nan") && !strstr(text, "--") && (!known || text[0] != '-'));
}

static void
check_integer(int64_t n)
{
	char out[UNITS_TEXT];

	check_number(units_count(out, n), UNITS_TEXT - 1, n >= 0);
	check_number(units_short(out, n), SHORT, n >= 0);
	check_number(units_age(out, n), UNITS_TEXT - 1, n >= 0);
	check_number(units_clock(out, n), 8, n >= 0 && n <= LAST_MS);
	check_number(units_timestamp(out, n), 24, n >= 0 && n <= LAST_MS);
}

static void
check_time(const char *text)
{
	struct err err = {{0}};
	char out[UNITS_TEXT];
	int64_t ms, again;

	if (!units_parse_time(text, &ms, &err)) {
		require(err.text[0]);
		return;
	}
	require(ms <= LAST_MS);
	if (ms >= 0)
		require(units_parse_time(units_timestamp(out, ms), &again, &err) && again == ms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t begin = size < sizeof(int64_t) ? size : sizeof(int64_t);
	char out[UNITS_TEXT], *text;
	int64_t n = 0;
	double rate;

	memcpy(&n, data, begin);
	memcpy(&rate, &n, sizeof(rate));
	check_integer(n);
	check_integer(n >> 24);
	check_number(units_rate(out, rate), SHORT, rate >= 0);
	text = xstrndup((const char *)data + begin, size - begin);
	check_time(text);
	free(text);
	return 0;
}
