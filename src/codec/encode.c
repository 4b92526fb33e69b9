/* SPDX-License-Identifier: MIT */
#include "codec/encode.h"

#include "base/alloc.h"

#include <avro.h>
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

void
encode_header(struct buf *out, const struct encode_frame *frame)
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

void
encode_block(struct buf *out, const struct encode_frame *frame, size_t count, struct slice records)
{
	struct buf packed = {0};

	if (strcmp(frame_codec(frame), "deflate") == 0) {
		deflate_records(&packed, records);
		records = (struct slice){packed.p, packed.n};
	}
	encode_long(out, (int64_t)count);
	encode_string(out, records);
	buf_add(out, frame->sync, sizeof(frame->sync));
	buf_free(&packed);
}

/* -- Records, by avro-c -- */

/* A kind's schema as avro-c has it, made when first asked for, and a value of it
 * that is filled anew for each record. */
struct writer {
	avro_schema_t schema;
	avro_value_iface_t *iface;
	avro_value_t value;
};

struct encoder {
	struct writer writers[EVENT_KINDS];
	avro_writer_t to;
	struct buf record;
};

/* What a record is filled from. */
struct content {
	const struct event *event;
	const struct encode_sample *samples;
	size_t n_samples;
};

static int set_record(avro_value_t *record, const struct content *c);

/* avro-c wants the size with a NUL behind the text, which it does not look at:
 * the text is lent, until the value is reset. */
static int
set_text(avro_value_t *field, struct slice s)
{
	avro_wrapped_buffer_t lent;

	return avro_wrapped_buffer_new(&lent, s.p ? s.p : "", s.n + 1) || avro_value_give_string_len(field, &lent);
}

static int
set_experiment(avro_value_t *field, const struct content *c)
{
	return set_text(field, c->event->experiment);
}

static int
set_researcher(avro_value_t *field, const struct content *c)
{
	return set_text(field, c->event->researcher);
}

static int
set_sensor(avro_value_t *field, const struct content *c)
{
	return set_text(field, c->event->sensor);
}

static int
set_measurement(avro_value_t *field, const struct content *c)
{
	return set_text(field, c->event->measurement);
}

static int
set_hash(avro_value_t *field, const struct content *c)
{
	return set_text(field, c->event->hash);
}

static int
set_timestamp(avro_value_t *field, const struct content *c)
{
	return avro_value_set_double(field, c->event->time);
}

static int
set_temperature(avro_value_t *field, const struct content *c)
{
	return avro_value_set_float(field, c->event->temperature);
}

static int
set_upper(avro_value_t *field, const struct content *c)
{
	return avro_value_set_float(field, c->event->upper);
}

static int
set_lower(avro_value_t *field, const struct content *c)
{
	return avro_value_set_float(field, c->event->lower);
}

static int
set_sensors(avro_value_t *field, const struct content *c)
{
	avro_value_t item;

	for (size_t i = 0; i < c->event->n_sensors; i++)
		if (avro_value_append(field, &item, NULL) || set_text(&item, c->event->sensors[i]))
			return 1;
	return 0;
}

static int
set_samples(avro_value_t *field, const struct content *c)
{
	avro_value_t item;

	for (size_t i = 0; i < c->n_samples; i++) {
		const struct event sample = {.time = c->samples[i].time, .temperature = c->samples[i].temperature};

		if (avro_value_append(field, &item, NULL) || set_record(&item, &(struct content){.event = &sample}))
			return 1;
	}
	return 0;
}

static const struct {
	const char *name;
	int (*set)(avro_value_t *field, const struct content *c);
} setters[] = {
	{"experiment", set_experiment},   {"sensor", set_sensor},
	{"measurement_id", set_measurement}, {"timestamp", set_timestamp},
	{"temperature", set_temperature}, {"measurement_hash", set_hash},
	{"researcher", set_researcher},   {"sensors", set_sensors},
	{"temperature_range", set_record}, {"upper_threshold", set_upper},
	{"lower_threshold", set_lower},   {"measurements", set_samples},
};

static int
set_field(avro_value_t *field, const char *name, const struct content *c)
{
	for (size_t i = 0; i < sizeof(setters) / sizeof(setters[0]); i++)
		if (strcmp(name, setters[i].name) == 0)
			return setters[i].set(field, c);
	return 1;
}

static int
set_record(avro_value_t *record, const struct content *c)
{
	avro_value_t field;
	const char *name;
	size_t n;

	if (avro_value_get_size(record, &n))
		return 1;
	for (size_t i = 0; i < n; i++)
		if (avro_value_get_by_index(record, i, &field, &name) || set_field(&field, name, c))
			return 1;
	return 0;
}

struct encoder *
encoder_new(void)
{
	struct encoder *encoder = xcalloc(1, sizeof(*encoder));

	encoder->to = avro_writer_memory(NULL, 0);
	return encoder;
}

void
encoder_free(struct encoder *encoder)
{
	if (!encoder)
		return;
	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		struct writer *w = &encoder->writers[kind];

		if (!w->schema)
			continue;
		avro_value_decref(&w->value);
		avro_value_iface_decref(w->iface);
		avro_schema_decref(w->schema);
	}
	avro_writer_free(encoder->to);
	buf_free(&encoder->record);
	free(encoder);
}

static bool
writer_open(struct writer *w, const char *schema)
{
	if (w->schema)
		return true;
	if (avro_schema_from_json_length(schema, strlen(schema), &w->schema))
		return false;
	w->iface = avro_generic_class_from_schema(w->schema);
	return w->iface && avro_generic_value_new(w->iface, &w->value) == 0;
}

static bool
write_record(struct encoder *encoder, struct writer *w, const struct content *c)
{
	struct buf *out = &encoder->record;
	size_t n;
	bool ok;

	buf_clear(out);
	ok = set_record(&w->value, c) == 0 && avro_value_sizeof(&w->value, &n) == 0;
	if (ok) {
		avro_writer_memory_set_dest(encoder->to, buf_reserve(out, n), (int64_t)n);
		ok = avro_value_write(encoder->to, &w->value) == 0;
		out->n = n;
	}
	avro_value_reset(&w->value);
	return ok;
}

static bool
encode_content(struct encoder *encoder, struct buf *out, enum event_kind kind, const struct content *c,
	       const struct encode_frame *frame, struct err *err)
{
	struct encode_frame own = *frame;

	own.schema = encode_schema(kind);
	if (!writer_open(&encoder->writers[kind], schemas[kind]) ||
	    !write_record(encoder, &encoder->writers[kind], c))
		return err_set(err, "cannot write a record %s: %s", event_kind_name(kind), avro_strerror());
	encode_header(out, &own);
	encode_block(out, &own, 1, (struct slice){encoder->record.p, encoder->record.n});
	return true;
}

bool
encode_event(struct encoder *encoder, struct buf *out, const struct event *e, const struct encode_frame *frame,
	     struct err *err)
{
	if (e->kind == EVENT_OTHER || e->kind == EVENT_DOCUMENT)
		return err_set(err, "there is no event to write for a record \"%s\"", event_kind_name(e->kind));
	return encode_content(encoder, out, e->kind, &(struct content){.event = e}, frame, err);
}

bool
encode_document(struct encoder *encoder, struct buf *out, const struct event *e, const struct encode_sample *samples,
		size_t n, const struct encode_frame *frame, struct err *err)
{
	return encode_content(encoder, out, EVENT_DOCUMENT, &(struct content){e, samples, n}, frame, err);
}
