/* SPDX-License-Identifier: MIT */
/* The bytes of a seeded experiment, all of them: what changes here changes every topic. */
#include "base/buf.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "codec/hash.h"
#include "load/message.h"
#include "unit.h"

#include <openssl/evp.h>
#include <stdio.h>

static const struct plan_entry entry = {
	.researcher = (char *)(uintptr_t)"golden", .sensors = 3, .sample_ms = 200, .stabilization_samples = 4,
	.carry_out_samples = 20, .start_temperature = 16, .lower = 25.5, .upper = 26.5,
};

enum { START_US = 1000000 };

static const char golden[] = "0e2108f08a85a8b87c755955363ff7e0e165810e5c0a2efc2ea843c2a66a71ae";

static void
add_message(EVP_MD_CTX *digest, const struct outgoing *o, struct slice value)
{
	EVP_DigestUpdate(digest, o->key.p, o->key.n);
	EVP_DigestUpdate(digest, value.p, value.n);
	EVP_DigestUpdate(digest, &o->timestamp, sizeof(o->timestamp));
	for (size_t i = 0; i < o->n_headers; i++)
		EVP_DigestUpdate(digest, o->headers[i].value.p, o->headers[i].value.n);
}

/* The digest of all messages of a run with SEED, in hexadecimal; how many there were. */
static size_t
digest_of(uint64_t seed, char out[65])
{
	struct experiment *e = experiment_new(&entry, 0, START_US, seed);
	struct messages *m = messages_new(hash_default_key, NULL);
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	struct rng rng = {seed};
	const struct moment *at;
	unsigned char bytes[32];
	struct outgoing o = {0};
	struct buf values = {0};
	size_t n = 0;

	EVP_DigestInit_ex(digest, EVP_sha256(), NULL);
	experiment_keep(e);
	while ((at = experiment_next(e))) {
		size_t messages, length;

		buf_clear(&values);
		messages = messages_write(m, &values, e, at, &rng);
		length = values.n / messages;
		messages_address(m, &o, e, at);
		for (size_t i = 0; i < messages; i++)
			add_message(digest, &o, (struct slice){values.p + i * length, length});
		n += messages;
	}
	buf_clear(&values);
	o.n_headers = 0;
	if (messages_document(m, &values, e, &rng))
		add_message(digest, &o, (struct slice){values.p, values.n});
	EVP_DigestFinal_ex(digest, bytes, NULL);
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	EVP_MD_CTX_free(digest);
	messages_free(m);
	experiment_free(e);
	buf_free(&values);
	return n;
}

static void
a_seed_gives_the_same_bytes_for_ever(void **state)
{
	char digest[65], other[65];

	(void)state;
	assert_int_equal(digest_of(42, digest), 4 + 24 * 3);
	assert_string_equal(digest, golden);
	digest_of(43, other);
	assert_string_not_equal(other, golden);
}

static void
the_document_has_all_averages(void **state)
{
	struct experiment *e = experiment_new(&entry, 0, START_US, 7);
	struct messages *m = messages_new(hash_default_key, NULL);
	struct container_cache *cache = container_cache_new(0, 0);
	float averages[24], temperature;
	const struct moment *at;
	struct rng rng = {7};
	struct buf value = {0};
	struct container c;
	struct slice record;
	double time;
	size_t n = 0;

	(void)state;
	experiment_keep(e);
	while ((at = experiment_next(e)) && at->kind != EVENT_TERMINATED)
		if (at->kind == EVENT_MEASURED)
			averages[n++] = at->average;
	assert_true(messages_document(m, &value, e, &rng));
	assert_true(container_open(cache, (struct slice){value.p, value.n}, &c, NULL));
	assert_true(container_next(&c, &record));
	record.p += 1 + 36; /* the id, a block of 24 samples */
	assert_int_equal(*record.p++, 2 * 24);
	for (size_t i = 0; i < 24; i++) {
		memcpy(&time, record.p + 12 * i, sizeof(time));
		memcpy(&temperature, record.p + 12 * i + 8, sizeof(temperature));
		assert_close(time, 1 + 0.2 * (double)i, 1e-9);
		assert_true(temperature == averages[i]);
	}
	container_cache_free(cache);
	messages_free(m);
	experiment_free(e);
	buf_free(&value);
}

static void
who_kept_nothing_has_no_document(void **state)
{
	struct experiment *e = experiment_new(&entry, 0, START_US, 7);
	struct messages *m = messages_new(hash_default_key, NULL);
	struct rng rng = {7};
	struct buf value = {0};

	(void)state;
	while (experiment_next(e))
		;
	assert_false(messages_document(m, &value, e, &rng));
	assert_int_equal(value.n, 0);
	messages_free(m);
	experiment_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_gives_the_same_bytes_for_ever),
		cmocka_unit_test(the_document_has_all_averages),
		cmocka_unit_test(who_kept_nothing_has_no_document),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
