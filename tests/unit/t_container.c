/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "codec/container.h"
#include "codec/encode.h"
#include "reference.h"
#include "unit.h"

#include <stdlib.h>

/* Schema texts that several tests write by. */
#define LIST \
	"{\"type\":\"record\",\"name\":\"Node\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"}," \
	"{\"name\":\"next\",\"type\":[\"null\",\"Node\"]}]}"
#define NULLS "{\"type\":\"array\",\"items\":\"null\"}"

static struct container_cache *cache;

static int
setup(void **state)
{
	(void)state;
	cache = container_cache_new(0, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	container_cache_free(cache);
	return 0;
}

static struct encode_frame
frame(const char *schema, const char *codec)
{
	return (struct encode_frame){.schema = slice_str(schema), .codec = codec, .sync = "sync marker 16b"};
}

static struct slice
buf_slice_of(const struct buf *b)
{
	return (struct slice){b->p, b->n};
}

static struct slice
bytes(const char *p, size_t n)
{
	return (struct slice){p, n};
}

#define BYTES(literal) bytes(literal, sizeof(literal) - 1)

/* A container of one block. */
static struct buf
message(const char *schema, const char *codec, size_t count, struct slice records)
{
	struct encode_frame f = frame(schema, codec);
	struct buf out = {0};

	encode_header(&out, &f);
	encode_block(&out, &f, count, records);
	return out;
}

static void
check_refused(const struct buf *value, const char *reason)
{
	struct container c;
	struct err err = {{0}};

	if (container_open(cache, buf_slice_of(value), &c, &err))
		fail_msg("let pass, should say \"%s\"", reason);
	if (!strstr(err.text, reason))
		fail_msg("said \"%s\", not \"%s\"", err.text, reason);
}

static void
check_records(const struct buf *value, size_t blocks, size_t records)
{
	struct container c;
	struct slice record;
	struct err err = {{0}};
	size_t n = 0;

	if (!container_open(cache, buf_slice_of(value), &c, &err))
		fail_msg("%s", err.text);
	assert_int_equal(c.blocks, blocks);
	assert_int_equal(c.records, records);
	while (container_next(&c, &record))
		n++;
	assert_int_equal(n, records);
}

static void
check_message(const char *schema, size_t count, struct slice records, const char *reason)
{
	static const char *const codecs[] = {"null", "deflate"};

	for (int i = 0; i < 2; i++) {
		struct buf value = message(schema, codecs[i], count, records);

		if (reason)
			check_refused(&value, reason);
		else
			check_records(&value, 1, count);
		buf_free(&value);
	}
}

/* Cut anywhere but behind the header, which leaves a container of no records. */
static void
a_message_cut_short_is_refused(void **state)
{
	struct reference_message *messages = reference_load();
	struct slice whole = buf_slice_of(&messages[2].value);
	struct container c;
	int empty = 0;

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		char *exact = xmemdup(whole.p, n);
		struct err err = {{0}};

		if (container_open(cache, (struct slice){exact, n}, &c, &err)) {
			assert_int_equal(c.records, 0);
			empty++;
		} else {
			assert_true(err.text[0] != '\0');
		}
		free(exact);
	}
	assert_int_equal(empty, 1);
	reference_free(messages);
}

static void
any_byte_may_be_wrong(void **state)
{
	struct reference_message *messages = reference_load();
	struct buf *value = &messages[0].value;
	struct container c;
	struct slice record;

	(void)state;
	for (size_t i = 0; i < value->n; i++)
		for (int bit = 0; bit < 8; bit++) {
			value->p[i] ^= (char)(1 << bit);
			if (container_open(cache, buf_slice_of(value), &c, NULL))
				while (container_next(&c, &record))
					assert_in_range(record.n, 0, value->n);
			value->p[i] ^= (char)(1 << bit);
		}
	reference_free(messages);
}

static void
what_is_around_the_records_is_checked(void **state)
{
	struct buf value = message("\"int\"", NULL, 2, BYTES("\2\4"));
	size_t n = value.n;

	(void)state;
	check_records(&value, 1, 2);
	value.p[n - 1] ^= 1;
	check_refused(&value, "sync marker");
	value.p[n - 1] ^= 1;
	buf_char(&value, 'x');
	check_refused(&value, "block 2 is cut short");
	value.n = n;
	value.p[0] = 'o';
	check_refused(&value, "no Avro container");
	buf_free(&value);
	check_refused(&(struct buf){0}, "no Avro container");
	assert_false(container_is((struct slice){0}));
	assert_false(container_is(BYTES("Obj")));
	assert_true(container_is(BYTES("Obj\1")));
}

static void
counts_and_lengths_that_lie_are_refused(void **state)
{
	struct encode_frame f = frame("\"int\"", NULL);
	struct buf value = {0};

	(void)state;
	check_message("\"int\"", 3, BYTES("\2\4"), "record 3 of 3");
	check_message("\"int\"", 1, BYTES("\2\4"), "1 bytes are left over");
	check_message("\"int\"", (size_t)1 << 60, BYTES("\2\4"), "record 3 of 1152921504606846976");
	check_message("\"null\"", 1000, BYTES(""), NULL);
	check_message("\"string\"", 1, BYTES("\x0a" "abcd"), "no valid string");
	check_message("\"string\"", 1, BYTES("\1"), "no valid string");
	check_message("\"bytes\"", 1, BYTES("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\1"), "no valid bytes");

	encode_header(&value, &f);
	encode_long(&value, -1);
	check_refused(&value, "block 1 is cut short, or its lengths are wrong");
	value.n--;
	encode_long(&value, 1);
	encode_long(&value, INT64_MAX);
	buf_add(&value, f.sync, sizeof(f.sync));
	check_refused(&value, "lengths are wrong");
	buf_free(&value);
}

static void
values_that_take_no_bytes_are_bounded(void **state)
{
	struct buf items = {0}, wide = {0};

	(void)state;
	encode_long(&items, (int64_t)1 << 60);
	encode_long(&items, 0);
	check_message(NULLS, 1, buf_slice_of(&items), "1 records not decoded: they are past the limit of");
	check_message(NULLS, 1, BYTES("\xd0\x0f\0"), NULL);
	check_message(NULLS, 1, BYTES("\xc0\x9a\x0c\0"), NULL); /* 100,000 */

	/* Each record has two of the one before: 2^40 of no bytes. */
	buf_str(&wide, "{\"type\":\"record\",\"name\":\"Top\",\"fields\":["
		       "{\"name\":\"f0\",\"type\":{\"type\":\"record\",\"name\":\"R0\",\"fields\":[]}}");
	for (int i = 1; i < 40; i++)
		buf_addf(&wide, ",{\"name\":\"f%d\",\"type\":{\"type\":\"record\",\"name\":\"R%d\",\"fields\":["
				"{\"name\":\"a\",\"type\":\"R%d\"},{\"name\":\"b\",\"type\":\"R%d\"}]}}",
			 i, i, i - 1, i - 1);
	buf_str(&wide, "]}");
	check_message(buf_cstr(&wide), 1, BYTES(""), "1 records not decoded: they are past the limit of");
	buf_free(&items);
	buf_free(&wide);
}

/* What is past the limit is counted, whatever it is: records without bytes .. */
static void
records_past_the_limit_are_counted(void **state)
{
	static const char *const schemas[] = {
		"\"null\"", "{\"type\":\"record\",\"name\":\"r\",\"fields\":[]}",
		"{\"type\":\"fixed\",\"name\":\"f\",\"size\":0}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(schemas) / sizeof(*schemas); i++) {
		struct buf value = message(schemas[i], "null", (size_t)1 << 60, BYTES(""));
		uint64_t most = CONTAINER_VALUES + CONTAINER_VALUES_PER_BYTE * value.n;
		struct err err = {{0}};
		struct container c;
		struct slice record;
		size_t n = 0;

		assert_true(container_open(cache, buf_slice_of(&value), &c, &err));
		while (container_next(&c, &record))
			n++;
		assert_int_equal(n, c.records);
		assert_in_range(n, 1, most);
		assert_int_equal(c.left_out, ((uint64_t)1 << 60) - n);
		assert_false(container_whole(&c, &err));
		assert_non_null(strstr(err.text, " records not decoded: they are past the limit of "));
		buf_free(&value);
	}
}

/* .. small ones of which many are in few bytes, in blocks that go on behind it. */
static void
compressed_records_past_the_limit_are_counted(void **state)
{
	enum { RECORDS = 2000000, BLOCKS = 3 };
	struct encode_frame f = frame("{\"type\":\"array\",\"items\":\"int\"}", "deflate");
	struct buf records = {0}, value = {0};
	struct slice record;
	struct container c;
	struct err err = {{0}};
	size_t n = 0;

	(void)state;
	memset(buf_reserve(&records, RECORDS), 0, RECORDS);
	records.n = RECORDS;
	encode_header(&value, &f);
	for (int i = 0; i < BLOCKS; i++)
		encode_block(&value, &f, RECORDS, buf_slice_of(&records));
	assert_true(container_open(cache, buf_slice_of(&value), &c, &err));
	while (container_next(&c, &record))
		n += record.n == 1;
	assert_int_equal(n, c.records);
	assert_in_range(n, CONTAINER_VALUES, CONTAINER_VALUES + CONTAINER_VALUES_PER_BYTE * value.n);
	assert_int_equal(c.blocks, BLOCKS);
	assert_int_equal(c.left_out, BLOCKS * RECORDS - n);
	value.n--;
	check_refused(&value, "block 3 is cut short");
	buf_free(&records);
	buf_free(&value);
}

/* Writers that flush without a record leave such blocks, and some have bytes in them. */
static void
bytes_of_a_block_without_records_are_passed_over(void **state)
{
	struct encode_frame f = frame("\"int\"", "deflate");
	struct buf value = {0};

	(void)state;
	check_message("\"int\"", 0, BYTES("\2"), NULL);
	encode_header(&value, &f);
	encode_block(&value, &f, 0, BYTES("xyz"));
	encode_block(&value, &f, 1, BYTES("\2"));
	encode_block(&value, &f, 0, BYTES("xyz"));
	encode_block(&value, &f, 2, BYTES("\2\4"));
	encode_long(&value, 0);
	encode_string(&value, BYTES("not deflate"));
	buf_add(&value, f.sync, sizeof(f.sync));
	check_records(&value, 5, 3);
	buf_free(&value);
}

static void
values_nest_to_a_depth_of_64(void **state)
{
	char nodes[65 * 2];

	(void)state;
	memset(nodes, 2, sizeof(nodes));
	nodes[127] = 0;
	check_message(LIST, 1, (struct slice){nodes, 128}, NULL);
	nodes[127] = 2;
	nodes[129] = 0;
	check_message(LIST, 1, (struct slice){nodes, 130}, "nest deeper than 64");
}

static void
malformed_values_are_refused(void **state)
{
	(void)state;
	check_message("\"boolean\"", 2, BYTES("\0\1"), NULL);
	check_message("\"boolean\"", 1, BYTES("\2"), "no valid boolean");
	check_message("\"int\"", 1, BYTES("\xfe\xff\xff\xff\x0f"), NULL);
	check_message("\"int\"", 1, BYTES("\x80\x80\x80\x80\x10"), "no valid int");
	check_message("\"long\"", 1, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), NULL);
	check_message("\"long\"", 1, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\2"), "no valid long");
	check_message("\"long\"", 1, BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\0"), "no valid long");
	check_message("\"double\"", 1, BYTES("1234567"), "no valid double");
	check_message("[\"null\",\"int\"]", 1, BYTES("\4"), "no valid union");
	check_message("[\"null\",\"int\"]", 1, BYTES("\1"), "no valid union");
	check_message("{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}", 1, BYTES("\2"), "no valid enum");
	check_message("{\"type\":\"fixed\",\"name\":\"F\",\"size\":4}", 1, BYTES("123"), "no valid fixed");
	check_message("{\"type\":\"map\",\"values\":\"int\"}", 1, BYTES("\2\x0a" "a"), "no valid map key");
	check_message("{\"type\":\"array\",\"items\":\"int\"}", 1, BYTES("\3\4\2\4\0"), NULL);
	check_message("{\"type\":\"array\",\"items\":\"int\"}", 1, BYTES("\3\2\2\4\0"), "not as long as it says");
	check_message("{\"type\":\"array\",\"items\":\"int\"}", 1, BYTES("\3\x7e\2\4\0"), "no valid array");
	check_message("{\"type\":\"array\",\"items\":\"int\"}", 1,
		      BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\2\4\0"), "no valid array");
}

static void
add_entry(struct buf *out, const char *name, const char *value)
{
	encode_string(out, slice_str(name));
	encode_string(out, slice_str(value));
}

/* A container of one int behind a metadata map. */
static struct buf
message_with(struct slice metadata)
{
	struct encode_frame f = frame("\"int\"", NULL);
	struct buf out = {0};

	buf_str(&out, "Obj\1");
	buf_slice(&out, metadata);
	buf_add(&out, f.sync, sizeof(f.sync));
	encode_block(&out, &f, 1, BYTES("\2"));
	return out;
}

static void
metadata_comes_in_any_shape(void **state)
{
	struct buf entries = {0}, map = {0}, value;

	(void)state;
	add_entry(&entries, "who", "anyone");
	add_entry(&entries, "avro.schema", "\"int\"");
	for (int extra = 0; extra < 2; extra++) {
		/* A block that says its length, and perhaps one byte too much. */
		buf_clear(&map);
		encode_long(&map, -2);
		encode_long(&map, (int64_t)entries.n + extra);
		buf_slice(&map, buf_slice_of(&entries));
		encode_long(&map, 0);
		value = message_with(buf_slice_of(&map));
		if (extra)
			check_refused(&value, "metadata is broken");
		else
			check_records(&value, 1, 1);
		buf_free(&value);
	}
	buf_clear(&map);
	encode_long(&map, 1);
	add_entry(&map, "avro.schema", "\"string\"");
	encode_long(&map, 2);
	add_entry(&map, "avro.schema", "\"int\"");
	add_entry(&map, "avro.codec", "null");
	encode_long(&map, 0);
	value = message_with(buf_slice_of(&map));
	check_records(&value, 1, 1);
	buf_free(&value);
	buf_free(&map);
	buf_free(&entries);
}

static void
check_metadata(const char *name, const char *text, const char *reason)
{
	struct buf map = {0}, value;

	encode_long(&map, 1 + (name != NULL));
	add_entry(&map, strstr(reason, "avro.schema") ? "avro.other" : "avro.schema", "\"int\"");
	if (name)
		add_entry(&map, name, text);
	encode_long(&map, 0);
	value = message_with(buf_slice_of(&map));
	check_refused(&value, reason);
	check_refused(&value, reason); /* the same from the cache */
	buf_free(&value);
	buf_free(&map);
}

static void
a_header_that_cannot_be_used_says_why(void **state)
{
	static const char *const codecs[] = {"lz4", "Deflate", "zstd", ""};
	struct container_cache_use before = container_cache_use(cache);
	char *long_text;

	(void)state;
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
		char *reason = xasprintf("its codec is \"%s\", which exptop does not read", codecs[i]);

		check_metadata("avro.codec", codecs[i], reason);
		free(reason);
	}
	check_metadata(NULL, NULL, "no avro.schema");
	long_text = xmalloc(CONTAINER_HEADER_MAX + 1);
	memset(long_text, 'x', CONTAINER_HEADER_MAX);
	long_text[CONTAINER_HEADER_MAX] = '\0';
	check_metadata("more", long_text, "header is longer than 2097152 bytes");
	free(long_text);
	check_metadata("avro.schema", "\"strin\"", "does not define");
	check_metadata("avro.schema", "", "no JSON");
	assert_int_equal(container_cache_use(cache).misses - before.misses, 7);
}

static void
blocks_and_records_may_be_many(void **state)
{
	static const char *const codecs[] = {"null", "deflate"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct encode_frame f = frame("\"int\"", codecs[i]);
		struct buf value = {0};
		struct container c;
		struct slice record;
		const char expected[] = "\2\4\6\x08";

		encode_header(&value, &f);
		check_records(&value, 0, 0);
		encode_block(&value, &f, 0, BYTES(""));
		encode_block(&value, &f, 3, BYTES("\2\4\6"));
		encode_block(&value, &f, 0, BYTES(""));
		encode_block(&value, &f, 1, BYTES("\x08"));
		encode_block(&value, &f, 0, BYTES(""));
		check_records(&value, 5, 4);
		assert_true(container_open(cache, buf_slice_of(&value), &c, NULL));
		assert_true(slice_is(c.codec, codecs[i]));
		for (int n = 0; n < 4; n++) {
			assert_true(container_next(&c, &record));
			assert_int_equal(record.n, 1);
			assert_int_equal(record.p[0], expected[n]);
		}
		assert_false(container_next(&c, &record));
		assert_false(container_next(&c, &record));
		encode_block(&value, &f, 2, BYTES("\2"));
		check_refused(&value, "record 2 of 2");
		buf_free(&value);
	}
}

/* A deflate block around DATA as it is. */
static struct buf
deflate_message(struct slice data)
{
	struct encode_frame f = frame("\"int\"", "deflate");
	struct buf value = {0};

	encode_header(&value, &f);
	encode_long(&value, 1);
	encode_string(&value, data);
	buf_add(&value, f.sync, sizeof(f.sync));
	return value;
}

static void
check_deflate(struct slice data, const char *reason)
{
	struct buf value = deflate_message(data);

	if (reason)
		check_refused(&value, reason);
	else
		check_records(&value, 1, 1);
	buf_free(&value);
}

static void
deflated_blocks_are_read_to_their_end(void **state)
{
	(void)state;
	/* One stored byte; then cut, of a kind there is not, and with what Python's writers leave behind it. */
	check_deflate(BYTES("\1\1\0\xfe\xff\2"), NULL);
	check_deflate(BYTES("\1\1\0\xfe\xff"), "corrupt or cut short");
	check_deflate(BYTES(""), "corrupt or cut short");
	check_deflate(BYTES("\7"), "corrupt or cut short");
	check_deflate(BYTES("\1\1\0\xfe\xfe\2"), "corrupt or cut short");
	check_deflate(BYTES("\1\1\0\xfe\xff\2\0\3\0"), NULL);
	check_deflate(BYTES("\1\2\0\xfd\xff\2\2"), "1 bytes are left over");
}

static void
what_comes_out_of_deflate_is_bounded(void **state)
{
	size_t half = CONTAINER_PLAIN_MAX / 2;
	struct encode_frame f = frame("\"bytes\"", "deflate");
	struct buf record = {0}, value = {0};
	struct err err = {{0}};
	struct container c;

	(void)state;
	encode_long(&record, (int64_t)half - 4);
	memset(buf_reserve(&record, half - 4), 0, half - 4);
	record.n += half - 4;
	assert_int_equal(record.n, half);
	encode_header(&value, &f);
	encode_block(&value, &f, 1, buf_slice_of(&record));
	encode_block(&value, &f, 1, buf_slice_of(&record));
	assert_in_range(value.n, 1, 200 * 1024);
	check_records(&value, 2, 2);
	encode_block(&value, &f, 1, BYTES("\2x"));
	encode_block(&value, &f, 3, BYTES("\2x\2x\2x"));
	assert_true(container_open(cache, buf_slice_of(&value), &c, &err));
	assert_int_equal(c.records, 2);
	assert_int_equal(c.left_out, 4);
	assert_false(container_whole(&c, &err));
	assert_non_null(strstr(err.text, "4 records not decoded: its deflate blocks come to more than the limit of "
					 "67108864 bytes"));
	buf_free(&record);
	buf_free(&value);
}

static void
the_cache_stays_bounded_under_ever_new_schemas(void **state)
{
	enum { ENTRIES = 10, SCHEMAS = 500 };
	struct container_cache *own = container_cache_new(ENTRIES, 0);
	struct container_cache_use use;
	struct container c;

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < SCHEMAS; i++) {
			char *schema = xasprintf("{\"type\":\"fixed\",\"name\":\"F%d\",\"size\":%d}", i, i % 3);
			char *name = xasprintf("F%d", i);
			struct buf value = message(schema, NULL, 1, (struct slice){"ab", (size_t)i % 3});

			assert_true(container_open(own, buf_slice_of(&value), &c, NULL));
			assert_true(slice_is(schema_name(c.schema), name));
			assert_true(container_open(own, buf_slice_of(&value), &c, NULL));
			assert_true(slice_is(schema_name(c.schema), name));
			use = container_cache_use(own);
			assert_in_range(use.entries, 1, ENTRIES);
			buf_free(&value);
			free(schema);
			free(name);
		}
	assert_int_equal(use.misses, 2 * SCHEMAS);
	assert_int_equal(use.hits, 2 * SCHEMAS);
	container_cache_free(own);
}

static void
the_cache_is_bounded_by_bytes_too(void **state)
{
	enum { BYTES_MAX = 200 * 1024 };
	struct container_cache *own = container_cache_new(0, BYTES_MAX);
	struct container c;

	(void)state;
	for (int i = 0; i < 100; i++) {
		char *schema = xasprintf("{\"type\":\"fixed\",\"name\":\"F\",\"size\":0,\"doc\":\"%030000d\"}", i);
		struct buf value = message(schema, NULL, 1, BYTES(""));

		assert_true(container_open(own, buf_slice_of(&value), &c, NULL));
		assert_in_range(container_cache_use(own).bytes, 60000, BYTES_MAX);
		buf_free(&value);
		free(schema);
	}
	container_cache_free(own);
}

static void
the_longest_unused_header_goes_first(void **state)
{
	static const char *const order[] = {"\"int\"",    "\"long\"", "\"bytes\"", "\"int\"",
					    "\"string\"", "\"int\"",  "\"long\""};
	static const uint64_t misses[] = {1, 2, 3, 3, 4, 4, 5};
	struct container_cache *own = container_cache_new(3, 0);
	struct container c;

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		struct buf value = message(order[i], NULL, 1, BYTES("\0"));

		assert_true(container_open(own, buf_slice_of(&value), &c, NULL));
		assert_true(slice_is(c.schema->text, order[i]));
		assert_int_equal(container_cache_use(own).misses, misses[i]);
		buf_free(&value);
	}
	container_cache_free(own);
}

/* Same length, same beginning, another name near the end. */
static void
headers_that_are_nearly_equal_are_told_apart(void **state)
{
	char *schema = xasprintf("{\"type\":\"record\",\"name\":\"R\",\"doc\":\"%0300d\",\"fields\":["
				 "{\"name\":\"aaa\",\"type\":\"int\"}]}", 0);
	struct container c;

	(void)state;
	for (int i = 0; i < 200; i++) {
		char *name = strstr(schema, "\"aaa\"") ? strstr(schema, "\"aaa\"") : strstr(schema, "\"aab\"");
		struct buf value;

		name[3] = i % 2 ? 'a' : 'b';
		value = message(schema, NULL, 1, BYTES("\2"));
		assert_true(container_open(cache, buf_slice_of(&value), &c, NULL));
		assert_true(slice_is(c.schema->root->fields[0].name, i % 2 ? "aaa" : "aab"));
		buf_free(&value);
	}
	free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_cut_short_is_refused),
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(what_is_around_the_records_is_checked),
		cmocka_unit_test(counts_and_lengths_that_lie_are_refused),
		cmocka_unit_test(values_that_take_no_bytes_are_bounded),
		cmocka_unit_test(records_past_the_limit_are_counted),
		cmocka_unit_test(compressed_records_past_the_limit_are_counted),
		cmocka_unit_test(bytes_of_a_block_without_records_are_passed_over),
		cmocka_unit_test(values_nest_to_a_depth_of_64),
		cmocka_unit_test(malformed_values_are_refused),
		cmocka_unit_test(metadata_comes_in_any_shape),
		cmocka_unit_test(a_header_that_cannot_be_used_says_why),
		cmocka_unit_test(blocks_and_records_may_be_many),
		cmocka_unit_test(deflated_blocks_are_read_to_their_end),
		cmocka_unit_test(what_comes_out_of_deflate_is_bounded),
		cmocka_unit_test(the_cache_stays_bounded_under_ever_new_schemas),
		cmocka_unit_test(the_cache_is_bounded_by_bytes_too),
		cmocka_unit_test(the_longest_unused_header_goes_first),
		cmocka_unit_test(headers_that_are_nearly_equal_are_told_apart),
	};

	return cmocka_run_group_tests_name("container", tests, setup, teardown);
}
