/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a terminal sends: the keys are the same in whatever pieces they come, there
 * is always room for more, and none is made of nothing. The first byte says how the pieces are cut.
 */
/* Words: input.dict */
#include "fuzz.h"

#include "base/alloc.h"
#include "ui/input.h"
#include "ui/keymap.h"

enum { NOW = 1000, WAITS = 200 };

struct keys {
	int *key;
	size_t n;
};

static void
take(struct keys *keys, struct input *in, int64_t now, size_t most)
{
	char name[KEY_NAME];
	int key;

	while ((key = input_key(in, now)) != 0) {
		require(key > 0 && keys->n < most);
		require(input_name(name, key & ~INPUT_PASTED)[0] && strlen(name) < KEY_NAME);
		require(!(key & INPUT_PASTED) || (key & ~INPUT_PASTED) >= ' ');
		keymap_action(key, AT_ANY);
		keys->key[keys->n++] = key;
	}
}

/* All of BYTES at one moment, in pieces that SEED makes, 0: of as many as there is room for; then nothing more. */
static struct keys
read_keys(struct slice bytes, unsigned seed)
{
	struct keys keys = {xcalloc(bytes.n + 1, sizeof(int)), 0};
	struct input in = {0};
	size_t all = bytes.n;
	int64_t due;

	while (bytes.n > 0) {
		size_t room = input_room(&in), n = seed ? 1 + (seed = seed * 1103515245 + 12345) / 65536 % 7 : room;

		require(room > 0);
		n = n > room ? room : n;
		n = n > bytes.n ? bytes.n : n;
		input_add(&in, bytes.p, n, NOW);
		bytes.p += n;
		bytes.n -= n;
		take(&keys, &in, NOW, all);
	}
	for (int i = 0; (due = input_due(&in)) != INT64_MAX; i++) {
		require(i < WAITS && due > NOW);
		take(&keys, &in, due, all);
	}
	return keys;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = {(const char *)data, size};
	unsigned seed = 1u + fuzz_byte(&bytes);
	struct keys whole = read_keys(bytes, 0), pieces = read_keys(bytes, seed);

	require(whole.n == pieces.n && memcmp(whole.key, pieces.key, whole.n * sizeof(int)) == 0);
	free(whole.key);
	free(pieces.key);
	return 0;
}
