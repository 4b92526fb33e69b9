/* SPDX-License-Identifier: MIT */
#include "codec/container.h"
#include "codec/decode.h"
#include "codec/encode.h"
#include "codec/print.h"
#include "reference.h"
#include "unit.h"

#include <avro.h>
#include <stdio.h>

/* The sync marker and the order of the metadata that MESSAGE was written with. */
static struct encode_frame
frame_of(const struct reference_message *message)
{
	struct encode_frame frame = {.codec_first = message->value.p[5] == 20};

	memcpy(frame.sync, message->value.p + message->value.n - ENCODE_SYNC, ENCODE_SYNC);
	return frame;
}

static void
the_reference_run_is_written_byte_for_byte(void **state)
{
	struct reference_message *messages = reference_load();
	struct container_cache *cache = container_cache_new(0, 0);
	struct encoder *encoder = encoder_new();
	struct buf out = {0}, room = {0};
	struct container c;
	struct slice record;
	struct event e = {0};
	int codec_first = 0;

	(void)state;
	for (int i = 0; i < REFERENCE_MESSAGES; i++) {
		struct encode_frame frame = frame_of(&messages[i]);

		assert_true(container_open(cache, (struct slice){messages[i].value.p, messages[i].value.n}, &c, NULL));
		assert_true(container_next(&c, &record));
		assert_true(decode_event(c.schema, record, &room, &e));
		e.kind = decode_kind(slice_str(messages[i].name), c.schema);
		buf_clear(&out);
		assert_true(encode_event(encoder, &out, &e, &frame));
		assert_int_equal(out.n, messages[i].value.n);
		assert_memory_equal(out.p, messages[i].value.p, out.n);
		codec_first += frame.codec_first;
	}
	assert_in_range(codec_first, 1, REFERENCE_MESSAGES - 1);
	encoder_free(encoder);
	container_cache_free(cache);
	reference_free(messages);
	buf_free(&out);
	buf_free(&room);
}

static void
a_document_holds_its_samples(void **state)
{
	const struct encode_sample samples[] = {{1795437310.5, 25.5f}, {1795437311.5, 26}};
	const struct event e = {.experiment = slice_str("an id"), .lower = 25.5f, .upper = 26.5f};
	const struct encode_frame frame = {.codec_first = true};
	struct container_cache *cache = container_cache_new(0, 0);
	struct encoder *encoder = encoder_new();
	struct buf out = {0}, text = {0};
	struct container c;
	struct slice record;

	(void)state;
	encode_document(encoder, &out, &e, samples, 2, &frame);
	assert_true(container_open(cache, (struct slice){out.p, out.n}, &c, NULL));
	assert_int_equal(c.schema->kind, EVENT_DOCUMENT);
	assert_true(container_next(&c, &record));
	assert_true(print_python(&text, c.schema->root, record, PRINT_LIMIT));
	assert_string_equal(buf_cstr(&text),
			    "{'experiment': 'an id', 'measurements': ["
			    "{'timestamp': 1795437310.5, 'temperature': 25.5}, "
			    "{'timestamp': 1795437311.5, 'temperature': 26.0}], "
			    "'temperature_range': {'upper_threshold': 26.5, 'lower_threshold': 25.5}}");
	encoder_free(encoder);
	container_cache_free(cache);
	buf_free(&out);
	buf_free(&text);
}

/* avro-c takes our record for one of the schema, to its last byte, and would write the same. */
static void
check_by_avro(struct slice record, enum event_kind kind)
{
	struct slice json = encode_schema(kind);
	char again[2048];
	avro_reader_t reader = avro_reader_memory(record.p, (int64_t)record.n);
	avro_writer_t writer = avro_writer_memory(again, sizeof(again));
	avro_value_iface_t *iface;
	avro_schema_t schema;
	avro_value_t value;

	assert_int_equal(avro_schema_from_json_length(json.p, json.n, &schema), 0);
	iface = avro_generic_class_from_schema(schema);
	assert_int_equal(avro_generic_value_new(iface, &value), 0);
	assert_int_equal(avro_value_read(reader, &value), 0);
	assert_int_equal(avro_value_write(writer, &value), 0);
	assert_int_equal(avro_writer_tell(writer), record.n);
	assert_memory_equal(again, record.p, record.n);
	avro_value_decref(&value);
	avro_value_iface_decref(iface);
	avro_schema_decref(schema);
	avro_reader_free(reader);
	avro_writer_free(writer);
}

static void
avro_reads_what_we_write(void **state)
{
	const struct slice sensors[] = {slice_str("a"), slice_str(""), slice_str("c")};
	char researcher[201];
	struct container_cache *cache = container_cache_new(0, 0);
	struct encoder *encoder = encoder_new();
	const struct encode_frame frame = {.codec_first = false};
	struct buf out = {0};
	struct container c;
	struct slice record;

	(void)state;
	memset(researcher, 'r', 200);
	researcher[200] = '\0';
	for (int kind = 0; kind < EVENT_DOCUMENT; kind++)
		for (size_t n = 0; n <= 3; n++) {
			const struct event e = {
				.kind = (enum event_kind)kind, .experiment = slice_str("an id"),
				.researcher = slice_str(researcher), .sensors = sensors, .n_sensors = n,
				.sensor = slice_str("s"), .measurement = slice_str("m"), .hash = slice_str(""),
				.time = 1795437310.25 * (double)n, .temperature = -0.1f, .lower = 25.5f, .upper = 1e30f,
			};

			buf_clear(&out);
			assert_true(encode_event(encoder, &out, &e, &frame));
			assert_true(container_open(cache, (struct slice){out.p, out.n}, &c, NULL));
			assert_true(container_next(&c, &record));
			check_by_avro(record, e.kind);
			assert_false(container_next(&c, &record));
		}
	encoder_free(encoder);
	container_cache_free(cache);
	buf_free(&out);
}

static void
what_has_no_schema_is_not_written(void **state)
{
	const struct event other = {.kind = EVENT_OTHER};
	const struct encode_frame frame = {.codec = NULL};
	struct encoder *encoder = encoder_new();
	struct buf out = {0};

	(void)state;
	assert_null(encode_schema(EVENT_OTHER).p);
	assert_false(encode_event(encoder, &out, &other, &frame));
	assert_int_equal(out.n, 0);
	encoder_free(encoder);
}

static void
the_schemas_are_those_of_the_files(void **state)
{
	(void)state;
	for (int kind = 0; kind < EVENT_OTHER; kind++) {
		char path[128];
		struct buf file;

		snprintf(path, sizeof(path), "schemas/%s.avsc", event_kind_name((enum event_kind)kind));
		file = reference_file(path);
		assert_int_equal(file.p[file.n - 1], '\n');
		file.p[file.n - 1] = '\0';
		assert_string_equal(file.p, encode_schema((enum event_kind)kind).p);
		buf_free(&file);
	}
}

static void
check_long(int64_t n, const char *bytes, size_t length)
{
	struct buf out = {0};

	encode_long(&out, n);
	assert_int_equal(out.n, length);
	assert_memory_equal(out.p, bytes, length);
	buf_free(&out);
}

static void
longs_are_zigzag(void **state)
{
	(void)state;
	check_long(0, "\0", 1);
	check_long(-1, "\1", 1);
	check_long(1, "\2", 1);
	check_long(64, "\x80\1", 2);
	check_long(INT64_MAX, "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\1", 10);
	check_long(INT64_MIN, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_run_is_written_byte_for_byte),
		cmocka_unit_test(a_document_holds_its_samples),
		cmocka_unit_test(avro_reads_what_we_write),
		cmocka_unit_test(what_has_no_schema_is_not_written),
		cmocka_unit_test(the_schemas_are_those_of_the_files),
		cmocka_unit_test(longs_are_zigzag),
	};

	return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
