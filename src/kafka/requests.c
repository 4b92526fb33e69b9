/* SPDX-License-Identifier: MIT */
#include "kafka/requests.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { METADATA = 3, JOIN_GROUP = 11, SYNC_GROUP = 14 }; /* the protocol's numbers */

struct requests {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool rejoining;
	atomic_uint metadata;
};

static void
set(struct requests *r, bool under_way)
{
	pthread_mutex_lock(&r->lock);
	r->rejoining = under_way;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

static rd_kafka_resp_err_t
on_sent(rd_kafka_t *rk, int fd, const char *broker, int32_t id, int16_t api, int16_t version, int32_t correlation,
	size_t size, void *opaque)
{
	(void)rk, (void)fd, (void)broker, (void)id, (void)version, (void)correlation, (void)size;
	if (api == JOIN_GROUP)
		set(opaque, true);
	if (api == METADATA)
		atomic_fetch_add(&((struct requests *)opaque)->metadata, 1);
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t
on_received(rd_kafka_t *rk, int fd, const char *broker, int32_t id, int16_t api, int16_t version, int32_t correlation,
	    size_t size, int64_t rtt, rd_kafka_resp_err_t code, void *opaque)
{
	(void)rk, (void)fd, (void)broker, (void)id, (void)version, (void)correlation, (void)size, (void)rtt, (void)code;
	if (api == SYNC_GROUP)
		set(opaque, false);
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t
on_new(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *said, size_t size)
{
	rd_kafka_resp_err_t code = rd_kafka_interceptor_add_on_request_sent(rk, "requests", on_sent, opaque);

	(void)conf, (void)said, (void)size;
	return code ? code : rd_kafka_interceptor_add_on_response_received(rk, "requests", on_received, opaque);
}

struct requests *
requests_new(rd_kafka_conf_t *conf)
{
	struct requests *r = xcalloc(1, sizeof(*r));
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	rd_kafka_conf_interceptor_add_on_new(conf, "requests", on_new, r);
	return r;
}

void
requests_free(struct requests *r)
{
	if (!r)
		return;
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

bool
requests_rejoining(struct requests *r)
{
	bool under_way;

	pthread_mutex_lock(&r->lock);
	under_way = r->rejoining;
	pthread_mutex_unlock(&r->lock);
	return under_way;
}

void
requests_wait_rejoin(struct requests *r, int timeout_ms)
{
	int64_t end = clock_mono_ms() + timeout_ms;
	const struct timespec deadline = {.tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000};
	int status = 0;

	pthread_mutex_lock(&r->lock);
	while (r->rejoining && status == 0)
		status = pthread_cond_timedwait(&r->changed, &r->lock, &deadline);
	pthread_mutex_unlock(&r->lock);
}

void
requests_rejoined(struct requests *r)
{
	set(r, false);
}

unsigned
requests_metadata(struct requests *r)
{
	return atomic_load(&r->metadata);
}
