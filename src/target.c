/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/signals.h"
#include "cmd.h"
#include "kafka/fault.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	WAIT_MS = 100,
	KEEP_BYTES = 128 << 20, /* what the queue holds, and as much again for what is around it */
	ROOM_MS = 2,   /* for room in the queue: what was delivered wakes nobody */
	QUIET_MS = 500 /* after a signal: brokers that confirm nothing for so long are not waited for */
};

static const char *const reasons[] = {
	[GOING_ON] = "", [TIMED_OUT] = " in time (--timeout)", [SIGNALLED] = " before a signal ended it",
};

/* The topic is there, or made. */
static bool
find_topic(struct target *t, const struct options *o, struct inquirer *a, struct err *err)
{
	struct inquiry *q = inquiry_new(INQUIRY_TOPICS, NULL, NULL);
	bool there, embedded;

	inquiry_add_topic(q, t->topic);
	q = inquirer_ok(a, q, err);
	if (!q)
		return false;
	there = !q->topics[0].problem.text[0];
	embedded = q->embedded;
	t->partitions = there ? q->topics[0].partitions : -1;
	if (!there)
		err_set(err, "%s", q->topics[0].problem.text);
	inquiry_free(q);
	fault_unpromise(err->text);
	if (there || !options_flag(o, OPT_CREATE))
		return there;
	err->text[0] = '\0';
	if (embedded) /* it makes what it is given a record for */
		return true;
	t->partitions = (int32_t)options_integer(o, OPT_PARTITIONS);
	return cmd_create_topic(o, a, t->topic, err);
}

/* Of one request: half of the time that there is for all, as far as the library takes it. */
static int64_t
patience_ms(const struct target *t)
{
	int64_t half = t->timeout_ms / 2;

	return half < 1000 ? 1000 : half > 60000 ? 60000 : half;
}

/* Each record once and in order, those of a pipe compressed, unless the user chose otherwise; a bounded queue. What a
 * broker that froze was sent goes to the next one while there is time for that. */
static bool
open_producer(struct target *t, const struct cluster *cluster, struct err *err)
{
	const struct kafka_config *given = cluster_kafka(cluster);
	bool chosen = kafka_property(given, "acks") || kafka_property(given, "request.required.acks");
	char patience[24];
	const struct kafka_property own[] = {
		{"enable.idempotence", chosen ? "false" : "true"},
		{"queue.buffering.max.kbytes", "65536"},
		{"queue.buffering.max.messages", "100000"},
		{"batch.num.messages", "100000"}, /* as many as fit into a request */
		{"socket.timeout.ms", patience},
		{"compression.codec", t->each_told ? "none" : "lz4"},
		{"delivery.report.only.error", t->each_told ? "false" : "true"},
	};
	size_t n = sizeof(own) / sizeof(*own);
	struct kafka_property *list = xcalloc(n + given->n_properties, sizeof(*list));
	struct kafka_config config = *given;

	alloc_keep(KEEP_BYTES);
	snprintf(patience, sizeof(patience), "%lld", (long long)patience_ms(t));
	memcpy(list, own, sizeof(own));
	if (given->n_properties)
		memcpy(&list[n], given->properties, given->n_properties * sizeof(*list));
	config.properties = list;
	config.n_properties = n + given->n_properties;
	t->producer = producer_new(&config, t->delivered, t->ctx, err);
	free(list);
	return t->producer != NULL;
}

bool
target_open(struct target *t, const struct options *o, struct cluster *c, int *status, struct err *err)
{
	struct inquirer *a = cmd_ask(c, o, err);
	bool opened, found;

	t->timeout_ms = (int64_t)(options_number(o, OPT_TIMEOUT) * 1000);
	opened = a && open_producer(t, c, err); /* it connects while the topic is asked for */
	found = opened && find_topic(t, o, a, err);
	*status = opened ? EXIT_FAILED : EXIT_USAGE;
	if (!inquirer_free(a)) {
		if (err->text[0])
			cmd_complain(err->text);
		cmd_end(EXIT_FAILED);
	}
	t->since = clock_mono_ms();
	return found;
}

void
target_close(struct target *t)
{
	producer_free(t->producer);
	t->producer = NULL;
}

/* Whether what is under way is given up: the brokers had their time, or a signal says so. */
static bool
give_up(struct target *t)
{
	struct producer_counts counts = producer_counts(t->producer);
	int64_t settled = counts.delivered + counts.failed, now = clock_mono_ms(), quiet;

	if (t->deadline == 0 && signals_take())
		t->deadline = now + signals_leave_ms();
	if (settled > t->settled || settled == counts.sent)
		t->since = now;
	t->settled = settled;
	quiet = now - t->since;
	if (quiet >= t->timeout_ms)
		t->gave_up = TIMED_OUT;
	else if (t->deadline > 0 && (quiet >= QUIET_MS || now >= t->deadline))
		t->gave_up = SIGNALLED;
	t->stop = t->stop || t->deadline > 0 || t->gave_up || producer_gave_up(t->producer);
	return t->gave_up != GOING_ON;
}

bool
target_stops(struct target *t)
{
	give_up(t);
	return t->stop;
}

enum produced
target_send(struct target *t, const struct outgoing *r, struct err *err)
{
	enum produced result;

	while ((result = producer_send(t->producer, r, err)) == PRODUCE_FULL && !target_stops(t))
		producer_poll(t->producer, ROOM_MS);
	return result;
}

void
target_confirm(struct target *t)
{
	while (!give_up(t) && !producer_flush(t->producer, WAIT_MS))
		;
	if (t->gave_up)
		producer_drop(t->producer);
}

const char *
target_failure(const struct target *t, struct err *out)
{
	struct err problem = {0};

	err_set(&problem, "%s", producer_problem(t->producer));
	fault_unpromise(problem.text);
	err_set(out, "not %s%s%s%s", t->gave_up ? "confirmed" : "delivered", reasons[t->gave_up],
		problem.text[0] ? ": " : "", problem.text);
	return out->text;
}

bool
target_report(const struct target *t, int64_t refused)
{
	struct producer_counts counts = producer_counts(t->producer);
	int64_t all = counts.sent + refused, missing = all - counts.delivered;
	struct err failure;
	struct buf text = {0};

	if (missing > 0)
		buf_addf(&text, "%lld of %lld records were %s", (long long)missing, (long long)all,
			 target_failure(t, &failure));
	else if (producer_gave_up(t->producer)) /* before the next was taken */
		buf_addf(&text, "nothing was sent after %lld records: %s", (long long)all,
			 producer_problem(t->producer));
	else
		return true;
	cmd_complain(buf_cstr(&text));
	buf_free(&text);
	return false;
}
