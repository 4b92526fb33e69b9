/* SPDX-License-Identifier: MIT */
/* Any bytes as a schema, up to the first NUL, and the rest as a value of it. */
/* Words: avro.dict */
#include "fuzz.h"

#include "codec/decode.h"
#include "codec/print.h"

enum { VALUES = 100000, TEXT_LIMIT = 64 * 1024 };

static void
use_value(const struct schema *schema, struct slice bytes)
{
	struct slice rest = bytes;
	int64_t values = VALUES;
	struct buf text = {0};

	if (decode_skip(schema->root, &rest, &values, NULL)) {
		bytes.n -= rest.n;
		for (int notation = PRINT_PYTHON; notation <= PRINT_SCREEN; notation++) {
			struct print to = {.out = &text, .limit = TEXT_LIMIT};

			buf_clear(&text);
			if (!print_to(&to, (enum print_notation)notation, schema->root, bytes) &&
			    text.n <= TEXT_LIMIT && to.left == 0)
				abort();
		}
	}
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	size_t length = strnlen(p, size), skipped = length < size ? length + 1 : size;
	struct err err = {{0}};
	struct schema *schema = schema_new((struct slice){p, length}, &err);

	if ((schema == NULL) != (err.text[0] != '\0'))
		abort();
	if (schema)
		use_value(schema, (struct slice){p + skipped, size - skipped});
	schema_free(schema);
	return 0;
}
