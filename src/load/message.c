/* SPDX-License-Identifier: MIT */
#include "load/message.h"

#include "base/alloc.h"
#include "codec/encode.h"
#include "codec/shortest.h"
#include "codec/hash.h"

#include <jansson.h>
#include <stdlib.h>

struct messages {
	struct encoder *encoder;
	struct hash *key;
	struct buf text, hash; /* of the sample: sealed once for all sensors */
	struct record_header header;
	struct slice *sensors; /* scratch for the configuration */
};

struct messages *
messages_new(const char *secret_key, struct err *err)
{
	struct hash *key = hash_new(secret_key, err);
	struct messages *m;

	if (!key)
		return NULL;
	m = xcalloc(1, sizeof(*m));
	m->encoder = encoder_new();
	m->key = key;
	return m;
}

void
messages_free(struct messages *m)
{
	if (!m)
		return;
	encoder_free(m->encoder);
	hash_free(m->key);
	buf_free(&m->text);
	buf_free(&m->hash);
	free(m->sensors);
	free(m);
}

static double
seconds(const struct moment *at)
{
	return (double)at->time / 1e6;
}

/* The JSON that the reference seals: its fields, in its order. */
static void
seal_sample(struct messages *m, const struct experiment *e, const struct moment *at, struct rng *rng)
{
	const char *quote = at->range == RANGE_NONE ? "" : "\"";
	const char *notification = at->range == RANGE_NONE ? "null" : range_event_name(at->range);
	json_t *name = json_string(experiment_entry(e)->researcher);
	char *researcher = json_dumps(name, JSON_ENCODE_ANY);
	unsigned char nonce[HASH_NONCE];

	buf_clear(&m->text);
	buf_addf(&m->text, "{\"notification_type\":%s%s%s,\"researcher\":%s,\"experiment_id\":\"%s\",",
		 quote, notification, quote, researcher, experiment_id(e));
	buf_addf(&m->text, "\"measurement_id\":\"%s\",\"timestamp\":", at->measurement);
	shortest_add(&m->text, seconds(at));
	buf_char(&m->text, '}');
	rng_bytes(rng, nonce, sizeof(nonce));
	buf_clear(&m->hash);
	hash_seal(m->key, &m->hash, nonce, (struct slice){m->text.p, m->text.n});
	free(researcher);
	json_decref(name);
}

static struct encode_frame
draw_frame(struct rng *rng)
{
	struct encode_frame frame = {.codec_first = rng_next(rng) & 1};

	rng_bytes(rng, frame.sync, sizeof(frame.sync));
	return frame;
}

static void
write_event(struct messages *m, struct buf *out, const struct event *event, struct rng *rng)
{
	const struct encode_frame frame = draw_frame(rng);

	encode_event(m->encoder, out, event, &frame);
}

static void
fill_configured(struct messages *m, struct event *event, const struct experiment *e)
{
	const struct plan_entry *entry = experiment_entry(e);

	event->n_sensors = (size_t)entry->sensors;
	m->sensors = xreallocarray(m->sensors, event->n_sensors, sizeof(*m->sensors));
	for (size_t i = 0; i < event->n_sensors; i++)
		m->sensors[i] = slice_str(experiment_sensor(e, i));
	event->sensors = m->sensors;
	event->researcher = slice_str(entry->researcher);
	event->lower = (float)entry->lower;
	event->upper = (float)entry->upper;
}

static size_t
write_sample(struct messages *m, struct buf *out, struct event *event, const struct experiment *e,
	     const struct moment *at, struct rng *rng)
{
	size_t n = (size_t)experiment_entry(e)->sensors;

	seal_sample(m, e, at, rng);
	event->hash = (struct slice){m->hash.p, m->hash.n};
	event->measurement = slice_str(at->measurement);
	for (size_t i = 0; i < n; i++) {
		event->sensor = slice_str(experiment_sensor(e, i));
		event->temperature = at->readings[i];
		write_event(m, out, event, rng);
	}
	return n;
}

size_t
messages_write(struct messages *m, struct buf *out, const struct experiment *e, const struct moment *at,
	       struct rng *rng)
{
	struct event event = {.kind = at->kind, .experiment = slice_str(experiment_id(e)), .time = seconds(at)};

	if (at->kind == EVENT_MEASURED)
		return write_sample(m, out, &event, e, at, rng);
	if (at->kind == EVENT_CONFIGURED)
		fill_configured(m, &event, e);
	write_event(m, out, &event, rng);
	return 1;
}

bool
messages_document(struct messages *m, struct buf *out, const struct experiment *e, struct rng *rng)
{
	const struct plan_entry *entry = experiment_entry(e);
	const struct event event = {
		.experiment = slice_str(experiment_id(e)),
		.lower = (float)entry->lower,
		.upper = (float)entry->upper,
	};
	const struct encode_frame frame = draw_frame(rng);
	size_t n;
	const struct encode_sample *samples = experiment_samples(e, &n);

	if (n > 0)
		encode_document(m->encoder, out, &event, samples, n, &frame);
	return n > 0;
}

void
messages_address(struct messages *m, struct outgoing *out, const struct experiment *e, const struct moment *at)
{
	m->header = (struct record_header){slice_str("record_name"), slice_str(event_kind_name(at->kind))};
	out->key = slice_str(experiment_id(e));
	out->headers = &m->header;
	out->n_headers = 1;
	out->timestamp = at->time / 1000;
}
