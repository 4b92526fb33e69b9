/* SPDX-License-Identifier: MIT */
/* What the status says, and whether everything was read. */
#include "kafka/consumer_inside.h"

#include <stdio.h>

/* What the fetches have told about the marks meanwhile costs no network. */
static void
refresh_marks(struct consumer *c, size_t at)
{
	struct partition_status *s = &c->table.status[at];
	int64_t low, high;

	enum fetch_state state = c->table.rows[at].state;

	if ((state != FETCH_READING && state != FETCH_CAUGHT_UP) ||
	    rd_kafka_get_watermark_offsets(c->rk, s->topic, s->partition, &low, &high))
		return;
	if (low > s->low)
		s->low = low;
	if (high > s->end)
		s->end = high;
	if (s->position > s->end)
		s->end = s->position;
}

/* What is read again when we vanish now: from the committed offset on, or from where the
 * policy starts; at the end there is nothing to be read again. */
static int64_t
read_again(const struct consumer *c, size_t at)
{
	const struct partition_status *s = &c->table.status[at];
	int64_t from = s->committed >= 0 ? s->committed : c->policy == POLICY_LATEST ? s->position : s->low;

	if (!c->group || !s->assigned || s->position < 0 || from < 0 || !c->table.rows[at].committed_known)
		return -1;
	return s->position > from ? s->position - from : 0;
}

static void
tell_in_hand(const struct consumer *c, struct in_hand *out)
{
	const struct held *h = &c->held;

	*out = (struct in_hand){0};
	if (!h->message)
		return;
	snprintf(out->topic, sizeof(out->topic), "%s", c->table.topics[h->topic_no]);
	out->partition = h->partition;
	out->offset = h->message->offset;
	out->since_ms = c->now - h->since;
	out->whole_ms = h->ms;
}

static const char *
worst_problem(const struct consumer *c)
{
	const struct err *const problems[] = {&c->link_problem, &c->topic_problem, &c->read_problem,
						&c->commit_problem, &c->group_problem};
	size_t i = 0;

	while (i + 1 < sizeof(problems) / sizeof(problems[0]) && !problems[i]->text[0])
		i++;
	return problems[i]->text;
}

void
consumer_status(struct consumer *c, struct source_status *out)
{
	size_t assigned = 0, ended = 0;

	for (size_t i = 0; i < c->table.n; i++) {
		refresh_marks(c, i);
		c->table.status[i].again = read_again(c, i);
		assigned += c->table.status[i].assigned;
		ended += c->table.status[i].assigned && c->table.status[i].end >= 0 &&
			 c->table.status[i].position >= c->table.status[i].end;
	}
	out->link = c->link;
	snprintf(out->sentence, sizeof(out->sentence), "%s", worst_problem(c));
	out->group_state = c->group_state;
	join_explain(c, out->group_sentence, sizeof(out->group_sentence));
	out->generation = c->group ? c->generation : -1;
	snprintf(out->member, sizeof(out->member), "%s", c->member);
	out->policy = c->policy;
	out->commit = c->commit;
	tell_in_hand(c, &out->in_hand);
	out->at_end = assigned > 0 && ended == assigned;
	out->partitions = c->table.status;
	out->n_partitions = c->table.n;
}

bool
consumer_at_end(const struct consumer *c)
{
	bool any = false;

	if (!c->exit_at_end || c->rebalance != REBALANCE_NONE || c->lookup || c->n_batch || c->held.message ||
	    (c->group && c->group_state != GROUP_MEMBER) || (!c->group && c->topic_problem.text[0]))
		return false;
	for (size_t i = 0; i < c->table.n; i++) {
		const struct row *row = &c->table.rows[i];

		if (!c->table.status[i].assigned)
			continue;
		any = true;
		if (row->state != FETCH_CAUGHT_UP && (row->goal < 0 || c->table.status[i].position < row->goal))
			return false;
	}
	return any || c->group_state == GROUP_MEMBER;
}
