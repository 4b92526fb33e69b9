/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "codec/hash.h"

/* Three hashes of a run of the reference producer, with what they seal. */
static const struct {
	const char *hash, *text;
} reference[] = {
	{"zAF0tmllLJ1FxuKK.rGZqB8oITxshD93MORpFRRvA5fL7znijKk/IdG5KlT4AjaYzb4wz8V5liA04r5u"
	 "2vnE2DL0lox7vUsswRanlKqMzan7b18jm5j7o5I7BtcXZD1K+s22Wc2d/Xz9t/chOnPgpkoFOqVcrc6T"
	 "XOT3lqkmr9xkf/QDPw+UJ27l2ZcRUtAbiSOMSRy84gTx5A9E9Zk4Q0TgrR+VlFx8FeCKUsAClOPpaDWJ"
	 "AyPQxOLoBRwURklG++G1t9qSOYtB5RfS+mIAIjfg+WRH3SGcHmpCCzujFSDfP",
	 "{\"notification_type\":null,\"researcher\":\"d.landau@uu.nl\","
	 "\"experiment_id\":\"b58fd3ba-6abf-43fc-ba4d-93134d702a17\","
	 "\"measurement_id\":\"55f2268c-f859-471d-b380-0942f2c08208\",\"timestamp\":1795437310.438618}"},
	{"hMRKjC/V4Dicenph.Lc1quTTOOigInEAm2xnGIq3kODQx82XkQTvjLwXaWXIcDA9ZQjQv26QmirFt6xv"
	 "798ZKuinLow78dMq5cgtNWzOQvjbTC8MymbIfaautPeHA/9WV5I9Bi9wRf/6UvtSsDsWnwG1RlNmA3rB"
	 "anlsVhYvhrxjKTB9Kll97gCDjiwxWCtOl5GcwdV+CpFEkik42iC2D26VA6rda+GLMKTj9jm3Dd8YtPVk"
	 "dyotkxmXRnvxzpVgWFQbUwZDwJSEu6QZyBvfyOJcCCH6f8ISMEDDee6Q5P1qzErIaUOSSJIU",
	 "{\"notification_type\":\"Stabilized\",\"researcher\":\"d.landau@uu.nl\","
	 "\"experiment_id\":\"b58fd3ba-6abf-43fc-ba4d-93134d702a17\","
	 "\"measurement_id\":\"95d15806-96cf-4a62-b8b5-0dc6737d89ea\",\"timestamp\":1795437311.041926}"},
	{"taULWxYq/OrzbyVz.ZLUTzslRoSrLFmdAvl5nQm/L48+NJS5mvbe+9jBYRVIKQl4xnGNXgfGuwNTmLzX"
	 "AkD+mwBBQgP+6zLFlXTwlPOKInZRVrBlC9Kf6dH+cHPeUhM+aqlwZjO59axCneF08xZS5OtLmAQtlfyV"
	 "Sp/E/w88n5+H0yHRcpSlnSrWe3yn1xisIKZdtxKoBAje+G66n35XGF357Pqy+ztt8LNKLHdJIZP0B2rX"
	 "cbXFA/HyFYX6XgDgmm0f1JLNHE+lgIxUsFIAJ0ywKECQmlhLPktaBvH9ZWhXZFUvoONch2KQv",
	 "{\"notification_type\":\"OutOfRange\",\"researcher\":\"d.landau@uu.nl\","
	 "\"experiment_id\":\"b58fd3ba-6abf-43fc-ba4d-93134d702a17\","
	 "\"measurement_id\":\"28ce5ad7-429f-4ab1-afde-4d37608dc12b\",\"timestamp\":1795437311.3987534}"},
};

static void
test_reference_opens(void **state)
{
	struct hash *h = hash_new(hash_default_key, NULL);
	struct buf text = {0};

	(void)state;
	assert_non_null(h);
	for (size_t i = 0; i < sizeof(reference) / sizeof(*reference); i++) {
		buf_clear(&text);
		assert_true(hash_open(h, &text, slice_str(reference[i].hash), NULL));
		assert_string_equal(buf_cstr(&text), reference[i].text);
	}
	buf_free(&text);
	hash_free(h);
}

/* Of the same text and nonce comes the same hash: ours is the reference's. */
static void
test_seal_is_the_reference(void **state)
{
	static const unsigned char nonce[HASH_NONCE] = {0xcc, 0x01, 0x74, 0xb6, 0x69, 0x65,
							0x2c, 0x9d, 0x45, 0xc6, 0xe2, 0x8a};
	struct hash *h = hash_new(hash_default_key, NULL);
	struct buf hash = {0};

	(void)state;
	hash_seal(h, &hash, nonce, slice_str(reference[0].text));
	assert_string_equal(buf_cstr(&hash), reference[0].hash);
	buf_free(&hash);
	hash_free(h);
}

static void
test_wrong_key_and_damage(void **state)
{
	struct hash *mine = hash_new("0123456789abcdef0123456789abcdef", NULL);
	struct hash *right = hash_new(hash_default_key, NULL);
	struct buf out = {0};
	struct err err = {""};
	char damaged[600];

	(void)state;
	assert_false(hash_open(mine, &out, slice_str(reference[0].hash), &err));
	assert_string_equal(err.text, "the hash was sealed with another key, or altered");
	strcpy(damaged, reference[0].hash);
	damaged[60] = damaged[60] == 'A' ? 'B' : 'A';
	assert_false(hash_open(right, &out, slice_str(damaged), &err));
	for (size_t n = 0; n < 40; n++)
		assert_false(hash_open(right, &out, (struct slice){reference[0].hash, n}, &err));
	assert_false(hash_open(right, &out, slice_str("!!.??"), &err));
	assert_string_equal(err.text, "the hash is not two parts of base64 with a dot between them");
	assert_int_equal(out.n, 0);
	buf_free(&out);
	hash_free(mine);
	hash_free(right);
}

static void
test_round_trip_of_any_length(void **state)
{
	struct hash *h = hash_new(hash_default_key, NULL);
	struct buf hash = {0}, back = {0};
	unsigned char nonce[HASH_NONCE] = {0};
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t n = 0; n < sizeof(text); n++) {
		buf_clear(&hash);
		buf_clear(&back);
		nonce[0] = (unsigned char)n;
		hash_seal(h, &hash, nonce, (struct slice){text, n});
		assert_null(memchr(hash.p, '=', hash.n));
		assert_true(hash_open(h, &back, (struct slice){hash.p, hash.n}, NULL));
		assert_int_equal(back.n, n);
		assert_memory_equal(back.p ? back.p : "", text, n);
	}
	buf_free(&hash);
	buf_free(&back);
	hash_free(h);
}

static void
test_key_length(void **state)
{
	struct err err = {""};

	(void)state;
	assert_null(hash_new("short", &err));
	assert_string_equal(err.text, "the secret key has 5 characters: it must have 32");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_opens),
		cmocka_unit_test(test_seal_is_the_reference),
		cmocka_unit_test(test_wrong_key_and_damage),
		cmocka_unit_test(test_round_trip_of_any_length),
		cmocka_unit_test(test_key_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
