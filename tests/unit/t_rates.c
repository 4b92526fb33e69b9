/* SPDX-License-Identifier: MIT */
#include "events.h"
#include "model/rates.h"
#include "unit.h"

#include <stdio.h>

enum { MANY = 12 };

/* Trial I has I events a second over a minute. */
static void
fill(struct rates *r, struct trial *trials[MANY])
{
	rates_init(r);
	for (int i = 0; i < MANY; i++) {
		char id[8];

		snprintf(id, sizeof(id), "e%d", i);
		trials[i] = trial_new(slice_str(id), (uint64_t)i);
		for (int s = 0; s < 60; s++)
			for (int k = 0; k < i; k++) {
				struct event e = event_of(EVENT_MEASURED, id, T0 + s * 1000);

				trial_apply(trials[i], &e, e.record_time);
				rates_count(r, e.record_time);
			}
	}
}

static void
free_all(struct trial *trials[MANY])
{
	for (int i = 0; i < MANY; i++)
		trial_free(trials[i]);
}

static void
the_busiest_come_first(void **state)
{
	struct rates r;
	struct trial *trials[MANY];
	const struct trial *busiest[RATE_BANDS];

	(void)state;
	fill(&r, trials);
	assert_int_equal(rates_busiest(trials, MANY, T0 + 60000, busiest), RATE_BANDS);
	for (int i = 0; i < RATE_BANDS; i++)
		assert_ptr_equal(busiest[i], trials[MANY - 1 - i]);
	assert_int_equal(rates_busiest(trials, 3, T0 + 60000, busiest), 2); /* the first one is silent */
	assert_int_equal(rates_busiest(trials, MANY, T0 + 600000, busiest), 0);
	assert_int_equal(rates_busiest(NULL, 0, T0, busiest), 0);
	free_all(trials);
}

static void
bands_and_others_make_the_total(void **state)
{
	struct rates r;
	struct trial *trials[MANY];
	const struct trial *busiest[RATE_BANDS];
	struct rate_band total, bands[RATE_BANDS], others;
	const int64_t now = T0 + 60000;
	size_t n;

	(void)state;
	fill(&r, trials);
	n = rates_busiest(trials, MANY, now, busiest);
	rates_total(&r, now, &total);
	for (size_t i = 0; i < n; i++)
		rates_band(busiest[i], now, &bands[i]);
	rates_others(&total, bands, n, &others);
	assert_null(others.id.p);
	assert_close(total.rate, 66, 1e-9);
	assert_close(others.rate, 6, 1e-9);
	assert_int_equal(total.points[RATE_POINTS - 1], 330);
	assert_int_equal(bands[0].points[RATE_POINTS - 1], 55);
	assert_int_equal(others.points[RATE_POINTS - 1], 30);
	assert_int_equal(total.points[RATE_POINTS - 12], 330);
	assert_int_equal(total.points[RATE_POINTS - 13], 0);
	rates_clear(&r);
	rates_total(&r, now, &total);
	assert_true(isnan(total.rate));
	rates_others(&total, bands, n, &others); /* less than its bands is nothing, not a wrap */
	assert_int_equal(others.points[RATE_POINTS - 1], 0);
	assert_true(isnan(others.rate));
	free_all(trials);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_busiest_come_first),
		cmocka_unit_test(bands_and_others_make_the_total),
	};

	return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
