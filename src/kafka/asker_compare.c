/* SPDX-License-Identifier: MIT */
/*
 * Whether records that were read of a topic are still at their offsets, for INQUIRY_COMPARE. They are read from
 * the partitions' leaders of this moment, with a fetch of their own; one that is found, or another in its stead,
 * answers for the topic.
 */
#include "base/clock.h"
#include "kafka/asker_inside.h"

enum { WAIT_MS = 50 };

/* What M, read at the offset of SPOT's record, says of it. */
static enum compared
compare(const struct inquiry_spot *spot, const rd_kafka_message_t *m)
{
	struct fingerprint found;

	if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
		return COMPARED_UNKNOWN; /* the marks said that it is there: they are of another moment */
	if (m->err)
		return COMPARED_UNKNOWN;
	found = fingerprint_of(m);
	if (found.offset != spot->last.offset)
		return COMPARED_NONE; /* it was compacted away */
	if (found.timestamp != spot->last.timestamp || (spot->last.hash && found.hash != spot->last.hash))
		return COMPARED_OTHER;
	return COMPARED_SAME;
}

static bool
is_decided(const struct inquiry *q)
{
	for (size_t i = 0; i < q->n_spots; i++)
		if (q->spots[i].compared == COMPARED_SAME || q->spots[i].compared == COMPARED_OTHER)
			return true;
	return false;
}

static void
take(struct inquiry *q, rd_kafka_message_t *m, size_t *open)
{
	struct inquiry_spot *spot = inquiry_spot(q, 0, m->partition);

	if (spot && spot->compared == COMPARED_READING) {
		spot->compared = compare(spot, m);
		(*open)--;
	}
	rd_kafka_message_destroy(m);
}

/* Read what is to be compared until something is decided, or for MS. */
static void
read_records(struct inquiry *q, rd_kafka_topic_t *rkt, rd_kafka_queue_t *queue, int ms)
{
	int64_t deadline = clock_mono_ms() + ms;
	rd_kafka_message_t *m;
	size_t open = 0;

	for (size_t i = 0; i < q->n_spots; i++) {
		struct inquiry_spot *spot = &q->spots[i];

		if (spot->compared != COMPARED_READING)
			continue;
		if (rd_kafka_consume_start_queue(rkt, spot->partition, spot->last.offset, queue))
			spot->compared = COMPARED_UNKNOWN;
		else
			open++;
	}
	while (open > 0 && !is_decided(q) && clock_mono_ms() < deadline)
		if ((m = rd_kafka_consume_queue(queue, WAIT_MS)))
			take(q, m, &open);
}

static void
stop_reading(struct inquiry *q, rd_kafka_topic_t *rkt, rd_kafka_queue_t *queue, const bool *started)
{
	rd_kafka_message_t *m;

	for (size_t i = 0; i < q->n_spots; i++)
		if (started[i])
			rd_kafka_consume_stop(rkt, q->spots[i].partition);
	while ((m = rd_kafka_consume_queue(queue, 0)))
		rd_kafka_message_destroy(m);
}

/* The marks may answer already; what they do not is to be read. */
static void
compare_marks(struct inquiry_spot *spot)
{
	if (spot->last.offset < 0 || spot->end < 0)
		spot->compared = COMPARED_UNKNOWN;
	else if (spot->end <= spot->last.offset)
		spot->compared = COMPARED_SHORT;
	else if (spot->low > spot->last.offset)
		spot->compared = COMPARED_NONE;
	else
		spot->compared = COMPARED_READING;
}

bool
asker_compare(struct asker *a, struct inquiry *q)
{
	bool started[COMPARE_MOST] = {0};
	rd_kafka_topic_t *rkt;
	rd_kafka_queue_t *queue;

	if (!asker_topic_there(a, q))
		return q->topics[0].missing;
	if (!asker_marks(a, q))
		return false;
	rkt = rd_kafka_topic_new(a->rk, q->topics[0].name, NULL);
	if (!rkt)
		return asker_end(a, q, rd_kafka_last_error(), NULL);
	queue = rd_kafka_queue_new(a->rk);
	for (size_t i = 0; i < q->n_spots; i++) {
		compare_marks(&q->spots[i]);
		started[i] = q->spots[i].compared == COMPARED_READING;
	}
	read_records(q, rkt, queue, a->patience_ms);
	stop_reading(q, rkt, queue, started);
	for (size_t i = 0; i < q->n_spots; i++)
		if (q->spots[i].compared == COMPARED_READING)
			q->spots[i].compared = COMPARED_UNKNOWN;
	rd_kafka_queue_destroy(queue);
	rd_kafka_topic_destroy(rkt);
	return true;
}
