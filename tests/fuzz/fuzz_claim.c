/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a measurement_hash, and as what one seals: lines, of which the last is the hash or
 * the text. What does not open is never right, and the counts are those of the answers.
 */
#include "fuzz.h"

#include "base/text.h"
#include "codec/claim.h"
#include "codec/hash.h"

static void
check_one(struct claims *c, const struct event *e, struct slice researcher, struct claim *out, int64_t *checked)
{
	int64_t counts[CLAIM_ANSWERS], sum = 0;

	claims_check(c, e, researcher, out);
	require(out->answer < CLAIM_ANSWERS && (out->answer == CLAIM_OK) == (out->why.text[0] == '\0'));
	require(out->opened || out->answer != CLAIM_OK);
	++*checked;
	claims_counts(c, counts);
	for (int i = 0; i < CLAIM_ANSWERS; i++) {
		require(counts[i] >= 0);
		sum += counts[i];
	}
	require(sum == *checked && counts[out->answer] > 0);
}

/* TEXT sealed opens again as it was, and says what it says. */
static void
check_sealed(struct claims *c, struct event *e, struct slice researcher, struct slice text, int64_t *checked)
{
	static const unsigned char nonce[HASH_NONCE] = "nonce";
	struct hash *key = hash_new(hash_default_key, NULL);
	struct buf sealed = {0}, opened = {0};
	struct claim claim;

	hash_seal(key, &sealed, nonce, text);
	e->hash = (struct slice){sealed.p, sealed.n};
	require(hash_is(key, e->hash) && hash_open(key, &opened, e->hash, NULL));
	require(slice_eq(text, (struct slice){opened.p, opened.n}));
	check_one(c, e, researcher, &claim, checked);
	require(claim.opened == (text.n > 0) || text.n == 0);
	buf_free(&sealed);
	buf_free(&opened);
	hash_free(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size}, researcher;
	struct claims *c = claims_new(hash_default_key, NULL);
	struct event e = {.kind = EVENT_MEASURED};
	struct claim claim;
	int64_t checked = 0;

	e.time = (double)fuzz_byte(&rest) / 2;
	researcher = fuzz_piece(&rest, '\n');
	e.experiment = fuzz_piece(&rest, '\n');
	e.measurement = fuzz_piece(&rest, '\n');
	e.hash = rest;
	check_one(c, &e, researcher, &claim, &checked);
	check_one(c, &e, (struct slice){0}, &claim, &checked);
	check_sealed(c, &e, researcher, rest, &checked);
	e.hash = rest;
	check_one(c, &e, researcher, &claim, &checked);
	claims_free(c);
	return 0;
}
