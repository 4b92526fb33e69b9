/* SPDX-License-Identifier: MIT */
/* What the messages and errors of a batch become. */
#include "kafka/consumer_inside.h"

#include <stdio.h>

static bool
header_at(const struct record *r, size_t i, struct record_header *out)
{
	rd_kafka_headers_t *headers;
	const char *name;
	const void *value;
	size_t n;

	if (rd_kafka_message_headers(r->source, &headers) || rd_kafka_header_get_all(headers, i, &name, &value, &n))
		return false;
	*out = (struct record_header){slice_str(name), {value, n}};
	return true;
}

int
batch_topic(struct consumer *c, rd_kafka_topic_t *rkt)
{
	if (rkt != c->last_rkt) {
		c->last_rkt = rkt;
		c->last_topic_no = table_topic(&c->table, rd_kafka_topic_name(rkt));
	}
	return c->last_topic_no;
}

static int64_t
row_of_message(struct consumer *c, const rd_kafka_message_t *m)
{
	return m->rkt ? table_at(&c->table, batch_topic(c, m->rkt), m->partition) : -1;
}

static void
clear_problems(struct consumer *c, struct partition_status *s)
{
	if (s->problem[0]) {
		s->problem[0] = '\0';
		c->problems--;
	}
}

static void
read_timestamp(const rd_kafka_message_t *m, struct record *out)
{
	static const enum timestamp_type types[] = {
		[RD_KAFKA_TIMESTAMP_NOT_AVAILABLE] = TIMESTAMP_UNKNOWN,
		[RD_KAFKA_TIMESTAMP_CREATE_TIME] = TIMESTAMP_CREATE,
		[RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME] = TIMESTAMP_APPEND,
	};
	rd_kafka_timestamp_type_t type;

	out->timestamp = rd_kafka_message_timestamp(m, &type);
	out->timestamp_type = types[type];
}

/* The row at AT has its last record among the batch's first N messages. */
static void
note_last(struct consumer *c, size_t at, size_t n)
{
	if (c->table.rows[at].in_batch == 0)
		c->batch_rows[c->n_batch_rows++] = at;
	c->table.rows[at].in_batch = n;
}

static void
remember_last(struct consumer *c)
{
	for (size_t i = 0; i < c->n_batch_rows; i++) {
		struct row *row = &c->table.rows[c->batch_rows[i]];

		row->last = fingerprint_of(c->batch[row->in_batch - 1]);
		row->in_batch = 0;
	}
	c->n_batch_rows = 0;
}

/* False: M belongs to nothing of ours, or comes while nothing may be taken. */
static bool
take_record(struct consumer *c, rd_kafka_message_t *m, size_t at_batch, struct record *out)
{
	int64_t at = row_of_message(c, m);
	struct partition_status *s;
	struct row *row;

	if (at < 0)
		return false;
	s = &c->table.status[at];
	row = &c->table.rows[at];
	assign_note(c, (size_t)at, FETCH_RECORD);
	if (!fetch_is_started(row->state) || fetch_is_moving(row->state))
		return false;
	if (consumer_is_still(c) || c->held.message || c->leaving) {
		if (!c->leaving)
			assign_move(c, (size_t)at, FETCH_MOVE, m->offset); /* read it again later */
		return false;
	}
	s->position = m->offset + 1;
	row->taken = m->offset + 1;
	note_last(c, (size_t)at, at_batch + 1);
	if (c->problems)
		clear_problems(c, s);
	*out = (struct record){
		.topic = s->topic, .topic_no = s->topic_no, .partition = m->partition, .offset = m->offset,
		.key = {m->key, m->key_len}, .value = {m->payload, m->len}, .header = header_at, .source = m,
	};
	read_timestamp(m, out);
	return true;
}

static void
take_end(struct consumer *c, size_t at, int64_t offset)
{
	struct partition_status *s = &c->table.status[at];

	assign_note(c, at, FETCH_END);
	if (fetch_is_moving(c->table.rows[at].state))
		return;
	s->position = offset;
	clear_problems(c, s);
	if (offset > s->end)
		s->end = offset;
	if (!c->leaving) /* then records are passed over */
		commit_end(c, at, offset);
}

static void
take_reset(struct consumer *c, size_t at, int64_t offset)
{
	struct row *row = &c->table.rows[at];

	if (fetch_is_moving(row->state)) {
		assign_note(c, at, FETCH_OUT_OF_RANGE);
		return;
	}
	assign_move(c, at, FETCH_OUT_OF_RANGE, assign_policy_offset(c, at));
	row->lost = row->young && row->last.offset < 0 ? -1 : offset; /* new, it is read from its beginning anyway */
	if (row->last.offset < 0 || offset <= row->last.offset)
		return;
	topics_suspect(c, at); /* we have read beyond it: is it still the same topic? */
	topics_look(c);
}

static void
take_error(struct consumer *c, const rd_kafka_message_t *m)
{
	int64_t at = row_of_message(c, m);
	struct partition_status *s = at >= 0 ? &c->table.status[at] : NULL;

	if (m->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
		if (!c->topic_problem.text[0])
			c->topics_due = c->now; /* the asker says it better: with the nearest name */
		return;
	}
	if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF || m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
		if (!s || !fetch_is_started(c->table.rows[at].state))
			return;
		if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
			take_end(c, (size_t)at, m->offset);
		else
			take_reset(c, (size_t)at, m->offset);
		return;
	}
	if (s) {
		c->problems += s->problem[0] == '\0';
		snprintf(s->problem, sizeof(s->problem), "%s", rd_kafka_err2str(m->err));
		link_once(c, &c->read_problem, FAULT_READING, m->err, s->topic);
	} else if (c->group_state == GROUP_JOINING || c->group_state == GROUP_LOST)
		link_once(c, &c->read_problem, FAULT_ELSE, m->err, NULL);
	else
		link_problem(c, &c->read_problem, m->err, rd_kafka_message_errstr(m));
}

size_t
batch_sort_out(struct consumer *c, size_t n, struct record *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		rd_kafka_message_t *m = c->batch[i];

		if (!m->err && take_record(c, m, kept, &out[kept])) {
			c->batch[kept++] = m;
			continue;
		}
		if (m->err)
			take_error(c, m);
		rd_kafka_message_destroy(m);
	}
	c->n_batch = kept;
	remember_last(c);
	if (kept) {
		link_alive(c);
		c->read_problem.text[0] = '\0';
	} else
		c->last_rkt = NULL;
	return kept;
}

void
batch_release(struct consumer *c)
{
	for (size_t i = 0; i < c->n_batch; i++)
		rd_kafka_message_destroy(c->batch[i]);
	c->n_batch = 0;
	c->last_rkt = NULL;
}
