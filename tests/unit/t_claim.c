/* SPDX-License-Identifier: MIT */
#include "codec/claim.h"
#include "codec/hash.h"
#include "unit.h"

#include <stdlib.h>

static const char text[] = "{\"notification_type\":\"Stabilized\",\"researcher\":\"d.landau@uu.nl\","
			   "\"experiment_id\":\"e1\",\"measurement_id\":\"m1\",\"timestamp\":1795437311.041926}";

static struct buf sealed;

static struct event
measured(const char *what)
{
	static const unsigned char nonce[HASH_NONCE] = {1};
	struct hash *h = hash_new(hash_default_key, NULL);

	buf_clear(&sealed);
	hash_seal(h, &sealed, nonce, slice_str(what));
	hash_free(h);
	return (struct event){
		.kind = EVENT_MEASURED, .experiment = slice_str("e1"), .measurement = slice_str("m1"),
		.time = 1795437311.041926, .hash = {sealed.p, sealed.n},
	};
}

static struct claims *
opener(void)
{
	struct claims *c = claims_new(hash_default_key, NULL);

	assert_non_null(c);
	return c;
}

static void
expect(struct claims *c, const struct event *e, const char *researcher, enum claim_answer answer, const char *why)
{
	struct claim claim;

	claims_check(c, e, slice_str(researcher), &claim);
	assert_string_equal(claim_answer_name(claim.answer), claim_answer_name(answer));
	assert_string_equal(claim.why.text, why);
}

static void
what_is_claimed_is_what_came(void **state)
{
	struct claims *c = opener();
	struct event e = measured(text);
	struct claim claim;

	(void)state;
	claims_check(c, &e, slice_str("d.landau@uu.nl"), &claim);
	assert_int_equal(claim.answer, CLAIM_OK);
	assert_true(claim.opened);
	assert_int_equal(claim.event, RANGE_STABILIZED);
	assert_true(slice_is(claim.text, text));
	expect(c, &e, NULL, CLAIM_OK, "");
	claims_free(c);
}

static void
each_field_that_is_another_is_named(void **state)
{
	struct claims *c = opener();
	struct event e = measured(text);

	(void)state;
	e.experiment = slice_str("e2");
	expect(c, &e, NULL, CLAIM_TAMPERED, "the hash claims the experiment_id e1");
	e = measured(text);
	e.measurement = slice_str("m2");
	expect(c, &e, NULL, CLAIM_TAMPERED, "the hash claims the measurement_id m1");
	e = measured(text);
	e.time = nextafter(e.time, 0);
	expect(c, &e, NULL, CLAIM_TAMPERED, "the hash claims the timestamp 1795437311.041926");
	e = measured(text);
	expect(c, &e, "other", CLAIM_TAMPERED, "the hash claims the researcher d.landau@uu.nl");
	claims_free(c);
}

/* Of one that does not open only the others tell what it is. */
static void
altered_and_another_key_differ_once_one_has_opened(void **state)
{
	struct claims *c = opener();
	struct event e = measured(text);
	int64_t counts[CLAIM_ANSWERS];

	(void)state;
	sealed.p[30] ^= 1;
	expect(c, &e, NULL, CLAIM_WRONG_KEY, "the hash was sealed with another key, or altered");
	claims_counts(c, counts);
	assert_int_equal(counts[CLAIM_WRONG_KEY], 1);
	e = measured(text);
	expect(c, &e, NULL, CLAIM_OK, "");
	sealed.p[30] ^= 1;
	expect(c, &e, NULL, CLAIM_TAMPERED, "the hash was altered: others open with this key");
	claims_counts(c, counts);
	assert_int_equal(counts[CLAIM_WRONG_KEY], 0);
	assert_int_equal(counts[CLAIM_TAMPERED], 2);
	assert_int_equal(counts[CLAIM_OK], 1);
	claims_free(c);
}

static void
what_is_no_claim_is_malformed(void **state)
{
	static const char *const wrong[][2] = {
		{"[]", "what the hash seals is not the claim of a measurement"},
		{"{}", "what the hash seals has no notification_type that is null, Stabilized or OutOfRange"},
		{"{\"notification_type\":null}", "what the hash seals is not the claim of a measurement"},
		{"nothing", "what the hash seals is not the claim of a measurement"},
	};
	struct claims *c = opener();
	struct event e;
	int64_t counts[CLAIM_ANSWERS];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		e = measured(wrong[i][0]);
		expect(c, &e, NULL, CLAIM_MALFORMED, wrong[i][1]);
	}
	e.hash = slice_str("nothing");
	expect(c, &e, NULL, CLAIM_MALFORMED, "the hash is not two parts of base64 with a dot between them");
	e.hash = (struct slice){0};
	expect(c, &e, NULL, CLAIM_MALFORMED, "the hash is not two parts of base64 with a dot between them");
	claims_counts(c, counts);
	assert_int_equal(counts[CLAIM_MALFORMED], 6);
	claims_free(c);
}

static void
a_key_that_is_none_is_refused(void **state)
{
	struct err err;

	(void)state;
	assert_null(claims_new("short", &err));
	assert_string_equal(err.text, "the secret key has 5 characters: it must have 32");
}

static int
free_sealed(void **state)
{
	(void)state;
	buf_free(&sealed);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_claimed_is_what_came),
		cmocka_unit_test(each_field_that_is_another_is_named),
		cmocka_unit_test(altered_and_another_key_differ_once_one_has_opened),
		cmocka_unit_test(what_is_no_claim_is_malformed),
		cmocka_unit_test(a_key_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, free_sealed);
}
