/* SPDX-License-Identifier: MIT */
#include "load/message.h"

#include "base/alloc.h"
#include "codec/encode.h"
#include "codec/shortest.h"
#include "load/hash.h"

#include <jansson.h>
#include <stdlib.h>

struct messages {
	struct encoder *encoder;
	struct hash *key;
	struct rng rng;
	const struct experiment *experiment;
	const struct moment *at;
	size_t next, n;        /* of the moment's messages */
	struct buf text, hash; /* of the sample: sealed once for all sensors */
	struct buf value;
	struct record_header header;
	struct slice *sensors; /* scratch for the configuration */
};

struct messages *
messages_new(const char *secret_key, uint64_t seed, struct err *err)
{
	struct hash *key = hash_new(secret_key, err);
	struct messages *m;

	if (!key)
		return NULL;
	m = xcalloc(1, sizeof(*m));
	m->encoder = encoder_new();
	m->key = key;
	m->rng.state = seed;
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
	buf_free(&m->value);
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
seal_sample(struct messages *m)
{
	const char *quote = m->at->range == RANGE_NONE ? "" : "\"";
	const char *notification = m->at->range == RANGE_NONE ? "null" : range_event_name(m->at->range);
	json_t *name = json_string(experiment_entry(m->experiment)->researcher);
	char *researcher = json_dumps(name, JSON_ENCODE_ANY);
	unsigned char nonce[HASH_NONCE];

	buf_clear(&m->text);
	buf_addf(&m->text, "{\"notification_type\":%s%s%s,\"researcher\":%s,\"experiment_id\":\"%s\",", quote,
		 notification, quote, researcher, experiment_id(m->experiment));
	buf_addf(&m->text, "\"measurement_id\":\"%s\",\"timestamp\":", m->at->measurement);
	shortest_add(&m->text, seconds(m->at));
	buf_char(&m->text, '}');
	rng_bytes(&m->rng, nonce, sizeof(nonce));
	buf_clear(&m->hash);
	hash_seal(m->key, &m->hash, nonce, (struct slice){m->text.p, m->text.n});
	free(researcher);
	json_decref(name);
}

void
messages_begin(struct messages *m, const struct experiment *e, const struct moment *at)
{
	m->experiment = e;
	m->at = at;
	m->next = 0;
	m->n = 1;
	if (at->kind != EVENT_MEASURED)
		return;
	m->n = (size_t)experiment_entry(e)->sensors;
	seal_sample(m);
}

/* What only one kind of event says. */
static void
fill_configured(struct messages *m, struct event *e)
{
	const struct plan_entry *entry = experiment_entry(m->experiment);

	e->n_sensors = (size_t)entry->sensors;
	m->sensors = xreallocarray(m->sensors, e->n_sensors, sizeof(*m->sensors));
	for (size_t i = 0; i < e->n_sensors; i++)
		m->sensors[i] = slice_str(experiment_sensor(m->experiment, i));
	e->sensors = m->sensors;
	e->researcher = slice_str(entry->researcher);
	e->lower = (float)entry->lower;
	e->upper = (float)entry->upper;
}

static void
fill_measured(struct messages *m, struct event *e)
{
	e->sensor = slice_str(experiment_sensor(m->experiment, m->next));
	e->measurement = slice_str(m->at->measurement);
	e->hash = (struct slice){m->hash.p, m->hash.n};
	e->temperature = m->at->readings[m->next];
}

static bool
encode_next(struct messages *m)
{
	struct event e = {
		.kind = m->at->kind,
		.experiment = slice_str(experiment_id(m->experiment)),
		.time = seconds(m->at),
	};
	struct encode_frame frame = {.codec_first = rng_next(&m->rng) & 1};

	if (e.kind == EVENT_CONFIGURED)
		fill_configured(m, &e);
	else if (e.kind == EVENT_MEASURED)
		fill_measured(m, &e);
	rng_bytes(&m->rng, frame.sync, sizeof(frame.sync));
	buf_clear(&m->value);
	return encode_event(m->encoder, &m->value, &e, &frame);
}

bool
messages_next(struct messages *m, struct outgoing *out)
{
	if (m->next == m->n || !encode_next(m))
		return false;
	m->next++;
	out->key = slice_str(experiment_id(m->experiment));
	out->value = (struct slice){m->value.p, m->value.n};
	m->header = (struct record_header){slice_str("record_name"), slice_str(event_kind_name(m->at->kind))};
	out->headers = &m->header;
	out->n_headers = 1;
	out->timestamp = m->at->time / 1000;
	return true;
}

bool
messages_document(struct messages *m, struct outgoing *out)
{
	const struct plan_entry *entry = experiment_entry(m->experiment);
	const struct event e = {
		.experiment = slice_str(experiment_id(m->experiment)),
		.lower = (float)entry->lower,
		.upper = (float)entry->upper,
	};
	struct encode_frame frame = {.codec_first = rng_next(&m->rng) & 1};
	const struct encode_sample *samples;
	size_t n;

	samples = experiment_samples(m->experiment, &n);
	if (n == 0)
		return false;
	rng_bytes(&m->rng, frame.sync, sizeof(frame.sync));
	buf_clear(&m->value);
	encode_document(m->encoder, &m->value, &e, samples, n, &frame);
	out->key = e.experiment;
	out->value = (struct slice){m->value.p, m->value.n};
	out->n_headers = 0;
	out->timestamp = m->at->time / 1000;
	return true;
}
