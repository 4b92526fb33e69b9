/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "load/experiment.h"

#include <math.h>

static const struct plan_entry small = {
	.sensors = 3,
	.sample_ms = 200,
	.stabilization_samples = 4,
	.carry_out_samples = 20,
	.start_temperature = 16,
	.lower = 25.5,
	.upper = 26.5,
};

enum { SECOND = 1000000 };

static void
test_moments_in_order_and_time(void **state)
{
	struct experiment *e = experiment_new(&small, 7 * SECOND, 10 * SECOND, 1);
	const struct moment *m;
	int64_t due = experiment_due(e);

	(void)state;
	assert_int_equal(due, 7 * SECOND);
	for (int i = 0; i < 28; i++) {
		int64_t sample = i < 2 ? 0 : i < 6 ? i - 2 : i == 6 ? 4 : i - 3;
		enum event_kind kind = i == 0   ? EVENT_CONFIGURED
				       : i == 1 ? EVENT_STABILIZATION
				       : i == 6 ? EVENT_STARTED
				       : i < 27 ? EVENT_MEASURED
						: EVENT_TERMINATED;

		m = experiment_next(e);
		assert_non_null(m);
		assert_int_equal(m->time, due);
		assert_int_equal(m->kind, kind);
		assert_int_equal(m->time, i == 0 ? 7 * SECOND : 10 * SECOND + sample * 200000);
		due = experiment_due(e);
	}
	assert_true(due == INT64_MAX);
	assert_null(experiment_next(e));
	assert_null(experiment_next(e));
	experiment_free(e);
}

/* Collect the averages of an experiment's samples; how many there were. */
static size_t
averages(struct experiment *e, float *out, size_t cap)
{
	const struct moment *m;
	size_t n = 0;

	while ((m = experiment_next(e)))
		if (m->kind == EVENT_MEASURED && n < cap)
			out[n++] = m->average;
	return n;
}

static void
test_stabilization_is_linear(void **state)
{
	struct experiment *e = experiment_new(&small, 0, 0, 2);
	float a[24];

	(void)state;
	assert_int_equal(averages(e, a, 24), 24);
	assert_true(a[0] == 18.5f && a[1] == 21.0f && a[2] == 23.5f && a[3] == 26.0f);
	experiment_free(e);
}

/* Each step stays within the range's width, both ways, and fills it evenly. */
static void
test_walk_is_uniform(void **state)
{
	struct plan_entry entry = small;
	enum { N = 20000 };
	static float a[N + 4];
	struct experiment *e;
	double sum = 0, square = 0;

	(void)state;
	entry.carry_out_samples = N;
	entry.lower = 100;
	entry.upper = 150;
	e = experiment_new(&entry, 0, 0, 3);
	assert_int_equal(averages(e, a, N + 4), N + 4);
	for (size_t i = 4; i < N + 4; i++) {
		double step = (double)a[i] - (double)a[i - 1];

		assert_true(fabs(step) <= 50.02);
		sum += step;
		square += step * step;
	}
	assert_true(fabs(sum / N) < 1);                              /* sd of the mean: 0.2 */
	assert_true(fabs(sqrt(square / N) - 50 / sqrt(3)) < 0.5);
	experiment_free(e);
}

static void
test_no_sample_on_a_threshold(void **state)
{
	struct plan_entry entry = small;
	enum { N = 20000 };
	static float a[N + 4];
	struct experiment *e;
	size_t nudged = 0;

	(void)state;
	entry.carry_out_samples = N;
	e = experiment_new(&entry, 0, 0, 4);
	averages(e, a, N + 4);
	for (size_t i = 0; i < N; i++) {
		assert_true(fabsf(a[i] - 25.5f) > 0.01f);
		assert_true(fabsf(a[i] - 26.5f) > 0.01f);
		nudged += fabsf(a[i] - 25.511f) < 1e-4f || fabsf(a[i] - 26.489f) < 1e-4f;
	}
	assert_true(nudged > 0);
	experiment_free(e);
}

/* To the last bit, whatever the number of sensors and the size of the numbers. */
static void
test_mean_is_exact(void **state)
{
	static const int64_t sensors[] = {1, 2, 3, 7, 100, 1000};
	static const double middles[] = {0, 1e-3, 26, -40, 12345.678};

	(void)state;
	for (size_t i = 0; i < sizeof(sensors) / sizeof(*sensors); i++)
		for (size_t j = 0; j < sizeof(middles) / sizeof(*middles); j++) {
			struct plan_entry entry = small;
			const struct moment *m;
			struct experiment *e;

			entry.sensors = sensors[i];
			entry.lower = middles[j] - 0.5;
			entry.upper = middles[j] + 0.5;
			e = experiment_new(&entry, 0, 0, 5);
			while ((m = experiment_next(e))) {
				double sum = 0;

				if (m->kind != EVENT_MEASURED)
					continue;
				for (int64_t k = 0; k < sensors[i]; k++)
					sum += (double)m->readings[k];
				assert_true(sum / (double)sensors[i] == (double)m->average);
				for (int64_t k = 0; k + 1 < sensors[i]; k++)
					assert_true(fabsf(m->readings[k] - m->average) < 1.01f);
			}
			experiment_free(e);
		}
}

/* What the definition says, recomputed from the averages. */
static void
test_range_events(void **state)
{
	int stabilized = 0, out = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct experiment *e = experiment_new(&small, 0, 0, seed);
		const struct moment *m;
		int before = -1, started = 0;

		while ((m = experiment_next(e))) {
			int in = m->average >= 25.5f && m->average <= 26.5f;

			started |= m->kind == EVENT_STARTED;
			if (m->kind != EVENT_MEASURED)
				continue;
			assert_int_equal(m->range == RANGE_STABILIZED, !started && in && before != 1);
			assert_int_equal(m->range == RANGE_OUT, started && !in && before != 0);
			stabilized += m->range == RANGE_STABILIZED;
			out += m->range == RANGE_OUT;
			before = in;
		}
		experiment_free(e);
	}
	assert_int_equal(stabilized, 50);
	assert_true(out >= 50);
}

static void
test_seed_decides_all(void **state)
{
	struct experiment *a = experiment_new(&small, 0, 0, 9), *b = experiment_new(&small, 0, 0, 9);
	struct experiment *c = experiment_new(&small, 0, 0, 10);
	const struct moment *m, *n;

	(void)state;
	assert_string_equal(experiment_id(a), experiment_id(b));
	assert_string_not_equal(experiment_id(a), experiment_id(c));
	assert_string_not_equal(experiment_sensor(a, 0), experiment_sensor(a, 1));
	while ((m = experiment_next(a)) && (n = experiment_next(b))) {
		assert_string_equal(m->measurement, n->measurement);
		assert_true(m->average == n->average);
	}
	experiment_free(a);
	experiment_free(b);
	experiment_free(c);
}

static void
test_stages_without_samples(void **state)
{
	struct plan_entry entry = small;
	struct experiment *e;

	(void)state;
	entry.stabilization_samples = entry.carry_out_samples = 0;
	e = experiment_new(&entry, 0, 0, 1);
	assert_int_equal(experiment_next(e)->kind, EVENT_CONFIGURED);
	assert_int_equal(experiment_next(e)->kind, EVENT_STABILIZATION);
	assert_int_equal(experiment_next(e)->kind, EVENT_STARTED);
	assert_int_equal(experiment_next(e)->kind, EVENT_TERMINATED);
	assert_null(experiment_next(e));
	experiment_free(e);
}

/* One may have been asked for a moment in advance, which then never comes. */
static void
test_cut_short(void **state)
{
	struct experiment *e = experiment_new(&small, 0, SECOND, 1);
	const struct moment *m;
	size_t n;

	(void)state;
	experiment_keep(e);
	for (int i = 0; i < 5; i++) /* configured, stabilization, samples at 1, 1.2 and 1.4 s */
		m = experiment_next(e);
	assert_int_equal(m->time, 1400000);
	experiment_cut(e, 1300000);
	assert_int_equal(experiment_due(e), 1300000);
	m = experiment_next(e);
	assert_int_equal(m->kind, EVENT_TERMINATED);
	assert_int_equal(m->time, 1300000);
	assert_non_null(experiment_samples(e, &n));
	assert_int_equal(n, 2);
	assert_null(experiment_next(e));
	experiment_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments_in_order_and_time),
		cmocka_unit_test(test_stabilization_is_linear),
		cmocka_unit_test(test_walk_is_uniform),
		cmocka_unit_test(test_no_sample_on_a_threshold),
		cmocka_unit_test(test_mean_is_exact),
		cmocka_unit_test(test_range_events),
		cmocka_unit_test(test_seed_decides_all),
		cmocka_unit_test(test_stages_without_samples),
		cmocka_unit_test(test_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
