/* SPDX-License-Identifier: MIT */
#include "base/units.h"
#include "unit.h"

#include <math.h>
#include <string.h>

static void
counts(void **state)
{
	char s[UNITS_TEXT];

	(void)state;
	assert_string_equal(units_count(s, 0), "0");
	assert_string_equal(units_count(s, 999), "999");
	assert_string_equal(units_count(s, 1234567), "1,234,567");
	assert_string_equal(units_count(s, -1), "-");
	assert_string_equal(units_short(s, 999), "999");
	assert_string_equal(units_short(s, 1234), "1.2k");
	assert_string_equal(units_short(s, 999499), "999k");
	assert_string_equal(units_short(s, 999999), "1.0M");
	assert_string_equal(units_short(s, INT64_MAX), "9.2E");
}

static void
rates(void **state)
{
	char s[UNITS_TEXT];

	(void)state;
	assert_string_equal(units_rate(s, 0), "0");
	assert_string_equal(units_rate(s, 12.34), "12.3");
	assert_string_equal(units_rate(s, 99.96), "100");
	assert_string_equal(units_rate(s, 12345), "12.3k");
	assert_string_equal(units_rate(s, 999.4e18), "999E");
	assert_string_equal(units_rate(s, 1e21), ">999E");
	assert_string_equal(units_rate(s, INFINITY), ">999E");
	assert_string_equal(units_rate(s, NAN), "-");
}

static void
ages_step_so_that_the_screen_stays_still(void **state)
{
	char s[UNITS_TEXT];

	(void)state;
	assert_string_equal(units_age(s, 7900), "7s");
	assert_string_equal(units_age(s, 19000), "10s");
	assert_string_equal(units_age(s, 59999), "50s");
	assert_string_equal(units_age(s, 60000), "1m");
	assert_string_equal(units_age(s, 7200000), "2h");
	assert_string_equal(units_age(s, 4 * 86400000LL), "4d");
	assert_string_equal(units_age(s, -1), "-");
}

static void
times(void **state)
{
	char s[UNITS_TEXT];
	int64_t ms;
	struct err err = {0};

	(void)state;
	assert_string_equal(units_clock(s, 1795437310146), "12:35:10");
	assert_string_equal(units_timestamp(s, 1795437310146), "2026-11-23T12:35:10.146Z");
	assert_true(units_parse_time("2026-11-23T14:35:10.146+02:00", &ms, &err));
	assert_int_equal(ms, 1795437310146);
	assert_true(units_parse_time("2026-11-23T12:35:10Z", &ms, &err));
	assert_int_equal(ms, 1795437310000);
	assert_true(units_parse_time("1795437310.5", &ms, &err));
	assert_int_equal(ms, 1795437310500);
	assert_false(units_parse_time("yesterday", &ms, &err));
	assert_non_null(strstr(err.text, "\"yesterday\" is no time"));
	assert_false(units_parse_time("2026-11-23T12:35:10", &ms, &err));
	assert_false(units_parse_time("-5", &ms, &err));
}

static void
a_time_is_digits_in_their_places_up_to_the_year_9999(void **state)
{
	static const char *const none[] = {
		"2026-11-23T14:35:10.5e300Z", "2026-11-23T14:35:10.nanZ", "2026-11-23T14:35:10+-1:-1",
		"2026-11-23T14:35:10+24:00", "2026-11-23T14:35:10+01:60", "2026-11-23T14:35:10+01 00", "0x10", "1e9",
		"253402300800", "9999-12-31T23:59:59-00:01", "1.5.5", "",
		"1969-12-31T23:59:59Z",
	};
	char s[UNITS_TEXT];
	int64_t ms;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(units_parse_time(none[i], &ms, &err));
	assert_true(units_parse_time("9999-12-31T23:59:59.9999Z", &ms, &err));
	assert_int_equal(ms, UNITS_LAST_MS);
	assert_int_equal(units_ms(1.2345), 1235);
	assert_int_equal(units_ms(NAN), -1);
	assert_int_equal(units_ms(INFINITY), -1);
	assert_int_equal(units_ms(-0.001), -1);
	assert_string_equal(units_timestamp(s, UNITS_LAST_MS), "9999-12-31T23:59:59.999Z");
	assert_string_equal(units_timestamp(s, UNITS_LAST_MS + 1), "-");
	assert_string_equal(units_clock(s, INT64_MAX), "-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(rates),
		cmocka_unit_test(ages_step_so_that_the_screen_stays_still),
		cmocka_unit_test(times),
		cmocka_unit_test(a_time_is_digits_in_their_places_up_to_the_year_9999),
	};

	return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
