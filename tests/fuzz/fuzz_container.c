/* SPDX-License-Identifier: MIT */
/* Any bytes as a message's value: opened, decoded, printed in each way. What
 * container_open() lets pass must decode and print to its end. */
/* Words: avro.dict */
#include "fuzz.h"

#include "codec/container.h"
#include "codec/decode.h"
#include "codec/print.h"

enum { TEXT_LIMIT = 64 * 1024 };

static bool
count_item(void *count, const struct decode_item *item)
{
	(void)item;
	return ++*(size_t *)count < TEXT_LIMIT;
}

static void
count_text(void *count, struct buf *out)
{
	*(size_t *)count += out->n;
	buf_clear(out);
}

/* A text that is not whole is cut where it is too long, or before a map that is. */
static void
print_whole(const struct schema *schema, struct slice record, struct buf *text, enum print_notation notation,
	    size_t limit)
{
	size_t gone = 0;
	struct print to = {.out = text, .limit = limit};

	buf_clear(text);
	if (!print_to(&to, notation, schema->root, record)) {
		require(text->n > limit || to.left > 0);
		require(to.left <= record.n);
		return;
	}
	limit = text->n;
	buf_clear(text);
	to = (struct print){.out = text, .limit = SIZE_MAX, .hand_on = count_text, .ctx = &gone};
	require(print_to(&to, notation, schema->root, record));
	require(gone + text->n == limit);
}

static void
use_record(const struct schema *schema, struct slice record, struct buf *text, struct buf *room)
{
	struct event e = {0};
	size_t items = 0;

	require(decode_event(schema, record, room, &e));
	for (int notation = PRINT_PYTHON; notation <= PRINT_SCREEN; notation++) {
		print_whole(schema, record, text, (enum print_notation)notation, TEXT_LIMIT);
		print_whole(schema, record, text, (enum print_notation)notation, 100);
	}
	if (!decode_items(schema->root, record, count_item, &items))
		require(items == TEXT_LIMIT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct container_cache *cache = container_cache_new(2, 0);
	struct slice value = {(const char *)data, size}, record;
	struct buf text = {0}, room = {0};
	struct container c;
	struct err err = {{0}};
	size_t records = 0;

	print_bytes_repr(&text, value);
	print_str_repr(&text, value);
	print_json_string(&text, value);
	if (!container_open(cache, value, &c, &err)) {
		require(err.text[0] != '\0');
	} else {
		for (; records < 100 && container_next(&c, &record); records++)
			use_record(c.schema, record, &text, &room);
		require(records == (c.records < 100 ? c.records : 100));
		require(c.records > 0 || !c.limit);
		require(container_whole(&c, &err) == (c.limit == CONTAINER_WHOLE));
	}
	container_cache_free(cache);
	buf_free(&text);
	buf_free(&room);
	return 0;
}
