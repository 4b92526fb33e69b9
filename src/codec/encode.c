/* SPDX-License-Identifier: MIT */
#include "codec/encode.h"

#include "base/alloc.h"

#include <endian.h>
#include <stdlib.h>
#include <zlib.h>

#define RECORD(name, fields) "{\"type\":\"record\",\"name\":\"" name "\",\"fields\":[" fields "]}"
#define ARRAY(items) "{\"type\":\"array\",\"items\":" items "}"
#define FIELD_OF(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define FIELD(name, type) FIELD_OF(name, "\"" type "\"")
#define RANGE \
	RECORD("temperature_range", FIELD("upper_threshold", "float") "," FIELD("lower_threshold", "float"))

/* Each is the file of its name in schemas/, which a test compares. */
static const char *const schemas[EVENT_KINDS] = {
	[EVENT_CONFIGURED] =
		RECORD("ExperimentConfig",
		       FIELD("experiment", "string") "," FIELD("researcher", "string") ","
		       FIELD_OF("sensors", ARRAY("\"string\"")) "," FIELD_OF("temperature_range", RANGE)),
	[EVENT_STABILIZATION] =
		RECORD("stabilization_started", FIELD("experiment", "string") "," FIELD("timestamp", "double")),
	[EVENT_STARTED] =
		RECORD("experiment_started", FIELD("experiment", "string") "," FIELD("timestamp", "double")),
	[EVENT_MEASURED] =
		RECORD("sensor_temperature_measured",
		       FIELD("experiment", "string") "," FIELD("sensor", "string") ","
		       FIELD("measurement_id", "string") "," FIELD("timestamp", "double") ","
		       FIELD("temperature", "float") "," FIELD("measurement_hash", "string")),
	[EVENT_TERMINATED] =
		RECORD("experiment_started", FIELD("experiment", "string") "," FIELD("timestamp", "double")),
	[EVENT_DOCUMENT] =
		RECORD("experiment_document",
		       FIELD("experiment", "string") ","
		       FIELD_OF("measurements",
				ARRAY(RECORD("measurement",
					     FIELD("timestamp", "double") "," FIELD("temperature", "float")))) ","
		       FIELD_OF("temperature_range", RANGE)),
};

struct slice
encode_schema(enum event_kind kind)
{
	return slice_str(schemas[kind]);
}

/* -- The container -- */

void
encode_long(struct buf *out, int64_t n)
{
	uint64_t value = (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0);

	for (; value >= 0x80; value >>= 7)
		buf_char(out, (char)(value | 0x80));
	buf_char(out, (char)value);
}

void
encode_string(struct buf *out, struct slice s)
{
	encode_long(out, (int64_t)s.n);
	buf_slice(out, s);
}

static void
encode_metadata(struct buf *out, const char *name, struct slice value)
{
	encode_string(out, slice_str(name));
	encode_string(out, value);
}

static const char *
frame_codec(const struct encode_frame *frame)
{
	return frame->codec ? frame->codec : "null";
}

/* The header up to its marker. */
static void
encode_head(struct buf *out, const struct encode_frame *frame)
{
	struct slice codec = slice_str(frame_codec(frame));

	buf_add(out, "Obj\1", 4);
	encode_long(out, 2);
	if (frame->codec_first)
		encode_metadata(out, "avro.codec", codec);
	encode_metadata(out, "avro.schema", frame->schema);
	if (!frame->codec_first)
		encode_metadata(out, "avro.codec", codec);
	encode_long(out, 0);
}

void
encode_header(struct buf *out, const struct encode_frame *frame)
{
	encode_head(out, frame);
	buf_add(out, frame->sync, sizeof(frame->sync));
}

static void
deflate_records(struct buf *out, struct slice records)
{
	const int raw = -15; /* no zlib header, the largest window */
	z_stream z = {0};
	size_t most;

	deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw, 8, Z_DEFAULT_STRATEGY);
	most = deflateBound(&z, records.n);
	z.next_in = (Bytef *)(uintptr_t)records.p;
	z.avail_in = (uInt)records.n;
	z.next_out = (Bytef *)buf_reserve(out, most);
	z.avail_out = (uInt)most;
	deflate(&z, Z_FINISH);
	out->n += most - z.avail_out;
	deflateEnd(&z);
}

static void
encode_packed(struct buf *out, const struct encode_frame *frame, size_t count, struct slice packed)
{
	encode_long(out, (int64_t)count);
	encode_string(out, packed);
	buf_add(out, frame->sync, sizeof(frame->sync));
}

void
encode_block(struct buf *out, const struct encode_frame *frame, size_t count, struct slice records)
{
	struct buf packed = {0};

	if (strcmp(frame_codec(frame), "deflate") == 0) {
		deflate_records(&packed, records);
		records = (struct slice){packed.p, packed.n};
	}
	encode_packed(out, frame, count, records);
	buf_free(&packed);
}

/* -- Records -- */

struct encoder {
	struct buf record;
	struct buf heads[EVENT_KINDS][2]; /* by codec_first, made when first asked for: most of a message is its head */
};

static void
encode_float(struct buf *out, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	bits = htole32(bits);
	buf_add(out, &bits, sizeof(bits));
}

static void
encode_double(struct buf *out, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	bits = htole64(bits);
	buf_add(out, &bits, sizeof(bits));
}

static void
encode_range(struct buf *out, const struct event *e)
{
	encode_float(out, e->upper);
	encode_float(out, e->lower);
}

/* An array is blocks of items, each behind its count, and a count of 0. */
static void
encode_sensors(struct buf *out, const struct event *e)
{
	if (e->n_sensors > 0)
		encode_long(out, (int64_t)e->n_sensors);
	for (size_t i = 0; i < e->n_sensors; i++)
		encode_string(out, e->sensors[i]);
	encode_long(out, 0);
}

static void
encode_samples(struct buf *out, const struct encode_sample *samples, size_t n)
{
	if (n > 0)
		encode_long(out, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		encode_double(out, samples[i].time);
		encode_float(out, samples[i].temperature);
	}
	encode_long(out, 0);
}

/* The fields of E in the order of its schema. */
static void
encode_fields(struct buf *out, const struct event *e)
{
	encode_string(out, e->experiment);
	switch (e->kind) {
	case EVENT_CONFIGURED:
		encode_string(out, e->researcher);
		encode_sensors(out, e);
		encode_range(out, e);
		break;
	case EVENT_MEASURED:
		encode_string(out, e->sensor);
		encode_string(out, e->measurement);
		encode_double(out, e->time);
		encode_float(out, e->temperature);
		encode_string(out, e->hash);
		break;
	default:
		encode_double(out, e->time);
	}
}

struct encoder *
encoder_new(void)
{
	return xcalloc(1, sizeof(struct encoder));
}

void
encoder_free(struct encoder *encoder)
{
	if (!encoder)
		return;
	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		buf_free(&encoder->heads[kind][false]);
		buf_free(&encoder->heads[kind][true]);
	}
	buf_free(&encoder->record);
	free(encoder);
}

static struct slice
head_of(struct encoder *encoder, enum event_kind kind, bool codec_first)
{
	struct buf *head = &encoder->heads[kind][codec_first];

	if (head->n == 0)
		encode_head(head, &(struct encode_frame){.schema = encode_schema(kind), .codec_first = codec_first});
	return (struct slice){head->p, head->n};
}

/* The record at hand as a container of one. */
static void
encode_container(struct encoder *encoder, struct buf *out, enum event_kind kind, const struct encode_frame *frame)
{
	buf_slice(out, head_of(encoder, kind, frame->codec_first));
	buf_add(out, frame->sync, sizeof(frame->sync));
	encode_packed(out, frame, 1, (struct slice){encoder->record.p, encoder->record.n});
}

bool
encode_event(struct encoder *encoder, struct buf *out, const struct event *e, const struct encode_frame *frame)
{
	if (e->kind == EVENT_OTHER || e->kind == EVENT_DOCUMENT)
		return false;
	buf_clear(&encoder->record);
	encode_fields(&encoder->record, e);
	encode_container(encoder, out, e->kind, frame);
	return true;
}

void
encode_document(struct encoder *encoder, struct buf *out, const struct event *e, const struct encode_sample *samples,
		size_t n, const struct encode_frame *frame)
{
	struct buf *record = &encoder->record;

	buf_clear(record);
	encode_string(record, e->experiment);
	encode_samples(record, samples, n);
	encode_range(record, e);
	encode_container(encoder, out, EVENT_DOCUMENT, frame);
}
