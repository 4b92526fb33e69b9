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
use_record(const struct schema *schema, struct slice record, struct buf *text, struct buf *room)
{
	struct event e = {0};
	size_t items = 0;

	require(decode_event(schema, record, room, &e));
	buf_clear(text);
	if (!print_python(text, schema->root, record, TEXT_LIMIT))
		require(text->n > TEXT_LIMIT);
	buf_clear(text);
	if (!print_json(text, schema->root, record, TEXT_LIMIT))
		require(text->n > TEXT_LIMIT);
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
	}
	container_cache_free(cache);
	buf_free(&text);
	buf_free(&room);
	return 0;
}
