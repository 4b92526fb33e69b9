/* SPDX-License-Identifier: MIT */
/*
 * Fills a topic with measurements in the generator's wire format, as fast as it
 * goes or at a rate: 50 experiments that were configured and have started, either
 * order of the container's metadata, a random sync marker and one header each,
 * 820 bytes.
 *
 * Usage: load BROKERS TOPIC COUNT [EVENTS_PER_S]
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/rng.h"
#include "codec/encode.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXPERIMENTS = 50, SENSORS = 10, HASH = 325 };

struct source {
	char id[UUID_TEXT], sensors[SENSORS][UUID_TEXT], measurement[UUID_TEXT];
	int next; /* sensor */
	float average;
};

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "load: %s: %s\n", what, why);
	exit(1);
}

static void
add_text(struct buf *b, const char *text)
{
	encode_string(b, slice_str(text));
}

static void
make_record(struct buf *b, struct source *s, struct rng *rng)
{
	double time = (double)clock_wall_ms() / 1000;
	float temperature = s->average + (float)rng_uniform(rng, -1, 1);
	char hash[HASH + 1];

	if (s->next == 0) {
		rng_uuid(rng, s->measurement);
		s->average += (float)rng_uniform(rng, -1, 1);
	}
	for (int i = 0; i < HASH; i++)
		hash[i] = (char)('A' + rng_next(rng) % 26);
	hash[16] = '.';
	hash[HASH] = '\0';
	buf_clear(b);
	add_text(b, s->id);
	add_text(b, s->sensors[s->next]);
	add_text(b, s->measurement);
	buf_add(b, &time, sizeof(time));
	buf_add(b, &temperature, sizeof(temperature));
	add_text(b, hash);
	s->next = (s->next + 1) % SENSORS;
}

static void
make_message(struct buf *b, struct source *s, struct rng *rng)
{
	static struct buf record;
	struct encode_frame frame = {
		.schema = encode_schema(EVENT_MEASURED),
		.codec_first = rng_next(rng) & 1,
	};

	rng_bytes(rng, frame.sync, sizeof(frame.sync));
	make_record(&record, s, rng);
	buf_clear(b);
	encode_header(b, &frame);
	encode_block(b, &frame, 1, (struct slice){record.p, record.n});
}

static void
delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	(void)rk;
	(void)opaque;
	if (m->err)
		fail("delivery", rd_kafka_err2str(m->err));
}

static rd_kafka_t *
producer_new(const char *brokers)
{
	static const char *const props[][2] = {{"linger.ms", "20"}, {"batch.num.messages", "10000"}, {"acks", "1"}};
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *rk;
	char why[512];

	if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why)))
		fail("brokers", why);
	for (size_t i = 0; i < sizeof(props) / sizeof(*props); i++)
		if (rd_kafka_conf_set(conf, props[i][0], props[i][1], why, sizeof(why)))
			fail(props[i][0], why);
	rd_kafka_conf_set_dr_msg_cb(conf, delivered);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (!rk)
		fail("rd_kafka_new", why);
	return rk;
}

static void
send_message(rd_kafka_t *rk, const char *topic, const char *key, enum event_kind kind, struct buf *value)
{
	rd_kafka_resp_err_t code;

	while ((code = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)),
					 RD_KAFKA_V_VALUE(value->p, value->n), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
					 RD_KAFKA_V_HEADER("record_name", event_kind_name(kind), -1),
					 RD_KAFKA_V_END)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
		rd_kafka_poll(rk, 100);
	if (code)
		fail(topic, rd_kafka_err2str(code));
}

static void
sources_new(struct source *sources, struct rng *rng)
{
	for (int i = 0; i < EXPERIMENTS; i++) {
		rng_uuid(rng, sources[i].id);
		for (int k = 0; k < SENSORS; k++)
			rng_uuid(rng, sources[i].sensors[k]);
	}
}

/* What comes before the measurements of each. */
static void
announce(rd_kafka_t *rk, const char *topic, struct source *sources)
{
	static const enum event_kind kinds[] = {EVENT_CONFIGURED, EVENT_STABILIZATION, EVENT_STARTED};
	struct encoder *encoder = encoder_new();
	struct buf value = {0};

	for (int i = 0; i < EXPERIMENTS; i++) {
		struct slice sensors[SENSORS];
		struct event e = {
			.experiment = slice_str(sources[i].id), .researcher = slice_str("bench"),
			.lower = -2, .upper = 2, .sensors = sensors, .n_sensors = SENSORS,
			.time = (double)clock_wall_ms() / 1000,
		};

		for (int k = 0; k < SENSORS; k++)
			sensors[k] = slice_str(sources[i].sensors[k]);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			e.kind = kinds[k];
			buf_clear(&value);
			encode_event(encoder, &value, &e, &(struct encode_frame){0});
			send_message(rk, topic, sources[i].id, e.kind, &value);
		}
	}
	buf_free(&value);
	encoder_free(encoder);
}

int
main(int argc, char **argv)
{
	static struct source sources[EXPERIMENTS];
	struct rng rng = {1};
	struct buf value = {0};
	int64_t count, start = clock_mono_us();
	double rate;
	rd_kafka_t *rk;

	if (argc < 4)
		fail("usage", "load BROKERS TOPIC COUNT [EVENTS_PER_S]");
	count = atoll(argv[3]);
	rate = argc > 4 ? atof(argv[4]) : 0;
	rk = producer_new(argv[1]);
	sources_new(sources, &rng);
	announce(rk, argv[2], sources);
	for (int64_t i = 0; i < count; i++) {
		struct source *s = &sources[rng_next(&rng) % EXPERIMENTS];
		int64_t ahead = rate > 0 ? start + (int64_t)((double)i * 1e6 / rate) - clock_mono_us() : 0;

		if (ahead > 0)
			usleep((useconds_t)ahead);
		make_message(&value, s, &rng);
		send_message(rk, argv[2], s->id, EVENT_MEASURED, &value);
		if (i % 1000 == 0)
			rd_kafka_poll(rk, 0);
	}
	if (rd_kafka_flush(rk, 60000))
		fail("flush", "records are left");
	rd_kafka_destroy(rk);
	buf_free(&value);
	return 0;
}
