/* SPDX-License-Identifier: MIT */
/*
 * The producer that experiment-producer's figures are ratios of: librdkafka
 * alone, which sends one measurement over and over, with the key and the header
 * that they have, from 100 experiments, as fast as it goes or at a rate.
 *
 * Usage: bare_produce BROKERS TOPIC COUNT EVENTS_PER_S [PROPERTY=VALUE..]   (0: no pacing)
 * It prints `per_s N` and `cpu_s N`, of the whole run.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXPERIMENTS = 100, VALUE = 834, AT_ONCE = 100 };

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "bare_produce: %s: %s\n", what, why);
	exit(1);
}

static double
now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
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
producer_new(const char *brokers, char **properties)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[512], name[64];
	rd_kafka_t *rk;

	if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why)))
		fail("brokers", why);
	for (; *properties; properties++) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*properties, "="), *properties);
		if (rd_kafka_conf_set(conf, name, *properties + strlen(name) + 1, why, sizeof(why)))
			fail(*properties, why);
	}
	rd_kafka_conf_set_dr_msg_cb(conf, delivered);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (!rk)
		fail("rd_kafka_new", why);
	return rk;
}

static void
send_one(rd_kafka_t *rk, const char *topic, long i)
{
	static char value[VALUE];
	char key[40];
	rd_kafka_resp_err_t code;

	snprintf(key, sizeof(key), "%08lx-0000-4000-8000-000000000000", i / AT_ONCE % EXPERIMENTS);
	while ((code = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, 36),
					 RD_KAFKA_V_VALUE(value, sizeof(value)),
					 RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
					 RD_KAFKA_V_HEADER("record_name", "sensor_temperature_measured", -1),
					 RD_KAFKA_V_END)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
		rd_kafka_poll(rk, 100);
	if (code)
		fail(topic, rd_kafka_err2str(code));
}

int
main(int argc, char **argv)
{
	double rate, start = now(CLOCK_MONOTONIC);
	rd_kafka_t *rk;
	long count;

	if (argc < 5)
		fail("usage", "bare_produce BROKERS TOPIC COUNT EVENTS_PER_S [PROPERTY=VALUE..]");
	count = atol(argv[3]);
	rate = atof(argv[4]);
	rk = producer_new(argv[1], argv + 5);
	for (long i = 0; i < count; i++) {
		double ahead = rate > 0 && i % AT_ONCE == 0 ? start + (double)i / rate - now(CLOCK_MONOTONIC) : 0;

		if (ahead > 0)
			usleep((useconds_t)(ahead * 1e6));
		send_one(rk, argv[2], i);
		if (i % AT_ONCE == 0)
			rd_kafka_poll(rk, 0);
	}
	if (rd_kafka_flush(rk, 120000))
		fail("flush", "records are left");
	printf("per_s %.0f\n", (double)count / (now(CLOCK_MONOTONIC) - start));
	printf("cpu_s %.2f\n", now(CLOCK_PROCESS_CPUTIME_ID));
	rd_kafka_destroy(rk);
	return 0;
}
