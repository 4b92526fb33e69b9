/* SPDX-License-Identifier: MIT */
/* The user's commands. */
#include "kafka/consumer_inside.h"

/* The user moves the partition at row AT: what is in hand of it belongs to the place before. */
static void
move_row(struct consumer *c, size_t at, int64_t offset)
{
	if (consumer_holds(c, at))
		consumer_disown(c, at, "its partition was moved elsewhere while it was being stored");
	assign_move(c, at, FETCH_MOVE, offset);
}

void
consumer_pause(struct consumer *c, bool on)
{
	if (c->paused == on)
		return;
	c->paused = on;
	assign_pause(c, consumer_is_still(c));
}

size_t
consumer_seek_all(struct consumer *c, bool to_end)
{
	size_t n = 0;

	batch_release(c);
	for (size_t i = 0; i < c->table.n; i++) {
		if (!c->table.status[i].assigned)
			continue;
		c->table.rows[i].seek_used = true;
		move_row(c, i, to_end ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING);
		n++;
	}
	assign_work(c);
	return n;
}

size_t
consumer_reset(struct consumer *c, const struct inquiry *places, const struct seek *to)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
	size_t n;

	batch_release(c);
	for (size_t i = 0; i < c->table.n; i++) {
		const struct partition_status *s = &c->table.status[i];
		const struct inquiry_spot *spot = inquiry_spot(places, s->topic_no, s->partition);
		int64_t offset = spot ? seek_offset(to, spot->low, spot->end, spot->at) : -1;

		if (!s->assigned || offset < 0)
			continue;
		rd_kafka_topic_partition_list_add(list, s->topic, s->partition)->offset = offset;
		c->table.rows[i].seek_used = true;
		c->table.rows[i].sent = offset;
		move_row(c, i, offset);
	}
	n = (size_t)list->cnt;
	if (n > 0) {
		c->commit_wanted = c->commits_sent + 1;
		commit_send(c, list);
	}
	rd_kafka_topic_partition_list_destroy(list);
	assign_work(c);
	return n;
}

struct policy_change
consumer_set_policy(struct consumer *c, enum policy policy)
{
	struct policy_change change = {0};
	const struct row *row;

	batch_release(c);
	c->policy = policy;
	for (size_t i = 0; i < c->table.n; i++) {
		row = &c->table.rows[i];
		if (!fetch_is_started(row->state))
			continue;
		if (c->group && (!row->committed_known || c->table.status[i].committed >= 0 || row->sent >= 0)) {
			change.kept++;
			continue;
		}
		change.moved++;
		move_row(c, i, policy == POLICY_EARLIEST ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END);
	}
	assign_work(c);
	return change;
}

bool
consumer_set_commit(struct consumer *c, enum commit_mode mode, struct err *err)
{
	if (!c->group && mode != COMMIT_NONE)
		return err_set(err, "no group was joined, so nothing can be committed: start with -G GROUP");
	c->commit = mode;
	c->commit_ends = false;
	c->commit_due = c->now + COMMIT_MS;
	return true;
}

size_t
consumer_commit_now(struct consumer *c)
{
	size_t n;

	c->commit_later = requests_rejoining(c->requests);
	if (c->commit_later) {
		c->commit_due = c->now + COMMIT_RETRY_MS;
		return commit_pending(c);
	}
	n = commit_stored(c, NULL);
	if (n > 0 && c->commits_answered < c->commits_sent)
		c->commit_wanted = c->commits_sent;
	return n;
}
