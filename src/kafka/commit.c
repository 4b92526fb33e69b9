/* SPDX-License-Identifier: MIT */
#include "kafka/consumer_inside.h"

/* What the brokers said about one partition of a commit. */
static void
take_answer(struct consumer *c, const rd_kafka_topic_partition_t *p, int code)
{
	int64_t at = table_at(&c->table, table_topic(&c->table, p->topic), p->partition);
	struct row *row;

	if (at < 0)
		return;
	row = &c->table.rows[at];
	if (row->sent == p->offset)
		row->sent = -1;
	if (code || p->offset < 0)
		return;
	c->table.status[at].committed = p->offset;
	row->committed_known = true;
}

/* A commit that fails is said once while it lasts: mode each would say it with every record. */
static void
complain(struct consumer *c, int code, const char *topic)
{
	if (code)
		link_once(c, &c->commit_problem, FAULT_COMMITTING, code, topic);
	else
		c->commit_problem.text[0] = '\0';
}

void
commit_answered(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list, void *opaque)
{
	struct consumer *c = opaque;
	const char *topic = NULL;
	size_t good = 0;
	int each, failed = 0;

	(void)rk;
	for (int i = 0; i < list->cnt; i++) {
		each = list->elems[i].err ? list->elems[i].err : code;
		take_answer(c, &list->elems[i], each);
		if (!each)
			good++;
		else if (!failed) {
			failed = each;
			topic = list->elems[i].topic;
		}
	}
	complain(c, failed, topic);
	c->commits_answered++;
	if (c->commit_wanted && c->commits_answered >= c->commit_wanted) {
		c->commit_wanted = 0;
		c->listener->committed(c->ctx, good, failed ? rd_kafka_err2str(failed) : NULL);
	}
}

/* A doubt that its offsets did not give is no reason to lose a commit. */
static bool
is_believed(const struct topic_row *life)
{
	return life->state == TOPIC_THERE || (life->state == TOPIC_DOUBTED && !life->suspect);
}

static bool
is_new(const struct consumer *c, size_t at)
{
	const struct partition_status *s = &c->table.status[at];
	const struct row *row = &c->table.rows[at];

	return s->assigned && is_believed(table_life(&c->table, at)) && s->stored >= 0 &&
	       s->stored != row->sent &&
	       (row->sent >= 0 || s->stored != s->committed);
}

static void
add_if_new(struct consumer *c, rd_kafka_topic_partition_list_t *list, size_t at)
{
	const struct partition_status *s = &c->table.status[at];

	if (!is_new(c, at))
		return;
	rd_kafka_topic_partition_list_add(list, s->topic, s->partition)->offset = s->stored;
	c->table.rows[at].sent = s->stored;
}

size_t
commit_pending(const struct consumer *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->table.n; i++)
		n += is_new(c, i);
	return n;
}

static rd_kafka_topic_partition_list_t *
list_stored(struct consumer *c, const rd_kafka_topic_partition_list_t *only)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
	int64_t at;

	for (size_t i = 0; !only && i < c->table.n; i++)
		add_if_new(c, list, i);
	for (int i = 0; only && i < only->cnt; i++) {
		at = table_at(&c->table, table_topic(&c->table, only->elems[i].topic), only->elems[i].partition);
		if (at >= 0)
			add_if_new(c, list, (size_t)at);
	}
	return list;
}

/* What the group took away may be another member's by now, also before we were told; a place
 * that a keeper refused is none of this topic's. */
static bool
may_commit(const struct consumer *c)
{
	return c->group && !c->refused && !rd_kafka_assignment_lost(c->rk);
}

void
commit_send(struct consumer *c, rd_kafka_topic_partition_list_t *list)
{
	rd_kafka_resp_err_t code = rd_kafka_commit(c->rk, list, 1);

	c->commits_sent++;
	if (code) /* not sent: there will be no answer */
		commit_answered(c->rk, code, list, c);
}

/* Behind the last record there may be offsets that no record has (markers of transactions, aborted records): at the
 * end they are passed, too. */
static void
store_offset(struct consumer *c, size_t at, int64_t next)
{
	const struct row *row = &c->table.rows[at];

	c->table.status[at].stored = row->taken == row->applied && row->end > next ? row->end : next;
}

void
commit_applied(struct consumer *c, size_t at, int64_t next)
{
	c->table.rows[at].applied = next;
	store_offset(c, at, next);
}

void
commit_end(struct consumer *c, size_t at, int64_t end)
{
	struct row *row = &c->table.rows[at];
	int64_t stored = c->table.status[at].stored;

	bool says_nothing = end == 0 && c->table.status[at].committed < 0 && row->stale < 0; /* never written to */

	row->end = end;
	if (row->taken != row->applied || says_nothing)
		return;
	store_offset(c, at, end);
	if (c->commit == COMMIT_EACH && c->table.status[at].stored != stored) {
		c->commit_ends = true;
		c->commit_due = c->now;
	}
}

size_t
commit_stored(struct consumer *c, const rd_kafka_topic_partition_list_t *only)
{
	rd_kafka_topic_partition_list_t *list;
	size_t n;

	if (!may_commit(c))
		return 0;
	list = list_stored(c, only);
	n = (size_t)list->cnt;
	if (n > 0)
		commit_send(c, list);
	rd_kafka_topic_partition_list_destroy(list);
	return n;
}

bool
commit_record(struct consumer *c, size_t row, int64_t next, struct err *err)
{
	const struct partition_status *s = &c->table.status[row];
	rd_kafka_topic_partition_list_t *list;
	rd_kafka_resp_err_t code;

	requests_wait_rejoin(c->requests, (int)c->session_ms);
	if (!may_commit(c))
		return err_set(err, "the group has counted us out");
	list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, s->topic, s->partition)->offset = next;
	code = rd_kafka_commit(c->rk, list, 0);
	if (!code)
		code = list->elems[0].err;
	take_answer(c, &list->elems[0], code);
	complain(c, code, s->topic);
	rd_kafka_topic_partition_list_destroy(list);
	return !code || err_set(err, "%s", c->commit_problem.text[0] ? c->commit_problem.text : rd_kafka_err2str(code));
}
