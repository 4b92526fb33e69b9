/* SPDX-License-Identifier: MIT */
/*
 * What the tests against the embedded broker share: a consumer with everything
 * it said written down, and waiting for a state with a bound.
 */
#ifndef TESTS_KAFKA_PROBE_H
#define TESTS_KAFKA_PROBE_H

#include "kafka/broker.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "model/model.h"

enum { PROBE_PARTITIONS = 16, PROBE_SEEN = 4000, PROBE_WAIT_MS = 60000 };

struct probe {
	struct asker *asker;
	struct consumer *consumer;
	size_t batch;      /* records a round at most */
	size_t limit;      /* take that many in all, then none; 0: no limit */
	size_t records;    /* taken and applied */
	struct model *model; /* counts them, too; NULL: none. The test's own */
	unsigned char seen[PROBE_PARTITIONS][PROBE_SEEN]; /* how often */
	size_t got, revoked, lost, held;
	int32_t generation;
	char first_held[192]; /* text of the first assignment */
	size_t stops;
	char said[8192];   /* every sentence, a line each */
	size_t commits, committed; /* answers to commit_now, partitions in the last */
};

struct probe_options {
	const char *brokers, *topic, *group;
	enum policy policy;
	enum commit_mode commit;
	struct seek seek;
	bool exit_at_end;
	const struct keeper *keeper;
	const struct kafka_property *properties;
	size_t n_properties;
};

/* Fails the test when it cannot be made. */
struct probe *probe_new(const struct probe_options *o);

/* One round without waiting longer than WAIT_MS; records taken. */
size_t probe_round(struct probe *p, int wait_ms);

typedef bool (*probe_state_fn)(struct probe *p, const void *arg);

/* Rounds of P (and OTHER, which may be NULL) until STATE holds; false after PROBE_WAIT_MS. */
bool probe_until(struct probe *p, struct probe *other, probe_state_fn state, const void *arg);

bool probe_read_all(struct probe *p, size_t records); /* until that many were taken */

/* Leave and free; the time leaving took, ms. */
int64_t probe_leave(struct probe *p);

/* Records of partition PARTITION with offsets FROM to TO-1 were each seen TIMES times. */
bool probe_saw(const struct probe *p, int partition, int64_t from, int64_t to, int times);
struct source_status probe_status(struct probe *p);

/* N records to each of PARTITIONS, values "PARTITION/NUMBER", header record_name=probe. */
void probe_produce(const char *brokers, const char *topic, int partitions, int n);

/* What GROUP committed, the sum over the topic's partitions; -1 for none at all. */
int64_t probe_committed(const char *brokers, const char *topic, const char *group);

#endif
