/* SPDX-License-Identifier: MIT */
#include "model/rule.h"
#include "unit.h"

#include <string.h>

static void
the_average_is_the_mean_rounded_once(void **state)
{
	const float two[] = {25.5f, 25.3f}, one[] = {18.5f};

	(void)state;
	assert_true(rule_average(two, 2) == (float)((25.5 + (double)25.3f) / 2));
	assert_true(rule_average(one, 1) == 18.5f);
	assert_true(isnan(rule_average(one, 0)));
}

/* Two measurements of the reference run: readings, and the average that it logged. */
static void
an_average_fits_that_the_reference_made_these_readings_of(void **state)
{
	const float exact[] = {18.187868118286133f, 19.21531867980957f, 18.096813201904297f};
	const float rounded[] = {26.288496017456055f, 24.894502639770508f, 24.950912475585938f};

	(void)state;
	assert_true(rule_average(exact, 3) == 18.5f);
	assert_true(rule_average_fits(exact, 3, 18.5f));
	assert_true(rule_average(rounded, 3) != 25.377971649169922f); /* one ulp beside it */
	assert_true(rule_average_fits(rounded, 3, 25.377971649169922f));
}

static void
an_average_one_bit_beside_does_not_fit(void **state)
{
	const float readings[] = {18.187868118286133f, 19.21531867980957f, 18.096813201904297f};

	(void)state;
	assert_false(rule_average_fits(readings, 3, nextafterf(18.5f, 19)));
	assert_false(rule_average_fits(readings, 3, nextafterf(18.5f, 18)));
	assert_false(rule_average_fits(readings, 3, NAN));
	assert_false(rule_average_fits(readings, 0, 18.5f));
}

static void
a_threshold_belongs_to_the_range(void **state)
{
	(void)state;
	assert_int_equal(rule_place(25.5f, 25.5f, 26.5f), RANGE_IN);
	assert_int_equal(rule_place(26.5f, 25.5f, 26.5f), RANGE_IN);
	assert_int_equal(rule_place(nextafterf(25.5f, 0), 25.5f, 26.5f), RANGE_BELOW);
	assert_int_equal(rule_place(nextafterf(26.5f, 99), 25.5f, 26.5f), RANGE_ABOVE);
	assert_int_equal(rule_place(NAN, 25.5f, 26.5f), RANGE_UNKNOWN);
	assert_int_equal(rule_place(26, NAN, 26.5f), RANGE_UNKNOWN);
}

/* Places and events as letters: i in, o out, ? unknown; S, O, - none, p perhaps. */
static void
expect(struct rule *r, const char *places, const char *events)
{
	for (size_t i = 0; places[i]; i++) {
		enum range_place place = places[i] == 'i' ? RANGE_IN : places[i] == 'o' ? RANGE_ABOVE : RANGE_UNKNOWN;

		assert_int_equal(events[i], "-SOp"[rule_sample(r, place)]);
	}
	assert_int_equal(strlen(places), strlen(events));
}

static void
stabilized_is_the_first_in_range(void **state)
{
	struct rule r;

	(void)state;
	rule_begin(&r, false, false);
	expect(&r, "oooiioi", "---S--S");
	rule_begin(&r, false, false);
	expect(&r, "iio", "S--");
}

static void
out_of_range_is_the_first_that_is(void **state)
{
	struct rule r;

	(void)state;
	rule_begin(&r, true, false);
	expect(&r, "iiooio", "--O--O");
	rule_begin(&r, true, false); /* whatever was before: the stage is new */
	expect(&r, "oo", "O-");
}

static void
what_is_not_known_makes_no_event(void **state)
{
	struct rule r;

	(void)state;
	rule_begin(&r, true, true);
	expect(&r, "oo", "p-");
	rule_begin(&r, true, true);
	expect(&r, "io", "-O");
	rule_begin(&r, true, false);
	expect(&r, "o?oi?oo", "O-p-pp-");
	rule_begin(&r, false, false);
	expect(&r, "o?i", "-pp");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_average_is_the_mean_rounded_once),
		cmocka_unit_test(an_average_fits_that_the_reference_made_these_readings_of),
		cmocka_unit_test(an_average_one_bit_beside_does_not_fit),
		cmocka_unit_test(a_threshold_belongs_to_the_range),
		cmocka_unit_test(stabilized_is_the_first_in_range),
		cmocka_unit_test(out_of_range_is_the_first_that_is),
		cmocka_unit_test(what_is_not_known_makes_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
