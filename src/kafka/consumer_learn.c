/* SPDX-License-Identifier: MIT */
/* An inquiry about every partition, and what is learnt from its answer. */
#include "kafka/consumer_inside.h"

#include <stdio.h>
#include <string.h>

/* Marks never go back, and nobody reads beyond an end: else it may be another topic. */
static void
check_marks(struct consumer *c, size_t at, const struct inquiry_spot *spot)
{
	struct row *row = &c->table.rows[at];

	if (table_life(&c->table, at)->state == TOPIC_THERE &&
	    ((spot->end >= 0 && (spot->end < spot->read || spot->end < row->marks_end)) ||
	     (spot->low >= 0 && spot->low < row->marks_low)))
		topics_suspect(c, at);
	if (spot->low >= 0)
		row->marks_low = spot->low;
	if (spot->end >= 0)
		row->marks_end = spot->end;
}

/* What Q says of one partition. */
static void
learn_spot(struct consumer *c, const struct inquiry *q, const struct inquiry_spot *spot, bool ours)
{
	int64_t at = table_at(&c->table, spot->topic_no, spot->partition);
	struct partition_status *s = at >= 0 ? &c->table.status[at] : NULL;
	struct row *row = at >= 0 ? &c->table.rows[at] : NULL;

	if (!s)
		return;
	check_marks(c, (size_t)at, spot);
	if (spot->low >= 0)
		s->low = spot->low;
	if (spot->end >= 0)
		s->end = spot->end;
	if (fetch_is_started(row->state) && row->goal < 0)
		row->goal = spot->end;
	if (q->committed && ours && (!s->assigned || !row->committed_known)) {
		s->committed = spot->committed;
		s->committed_end = spot->end;
		row->committed_known = true;
	} else if (q->committed && !ours) {
		s->watch_committed = spot->committed;
		s->watch_end = spot->end;
	}
	if (q->kind == INQUIRY_GROUP)
		snprintf(s->watch_member, sizeof(s->watch_member), "%s",
			 spot->member >= 0 ? q->members[spot->member].client : "");
}

void
consumer_learn(struct consumer *c, const struct inquiry *q)
{
	bool ours = q->group && c->group && strcmp(q->group, c->group) == 0, whole = q->ok;

	for (size_t i = 0; i < q->n_spots; i++) {
		learn_spot(c, q, &q->spots[i], ours);
		whole = whole && q->spots[i].end >= 0;
	}
	if (q->kind == INQUIRY_GROUP && q->ok && !q->err.text[0])
		c->group_problem.text[0] = '\0';
	else if (q->kind == INQUIRY_GROUP && ours && c->group_state != GROUP_MEMBER)
		return; /* why we are not in it is said already */
	else if (q->kind == INQUIRY_GROUP)
		link_remember(c, &c->group_problem, &q->err, false);
	else if (whole)
		link_whole(c);
	else if (!q->ok)
		link_silent(c, &q->err);
}

struct inquiry *
consumer_inquire(const struct consumer *c, enum inquiry_kind kind, struct mailbox *reply, const char *group)
{
	struct inquiry *q;

	if (c->table.n == 0)
		return NULL;
	q = inquiry_new(kind, reply, group);
	for (size_t i = 0; i < c->table.n_topics; i++)
		inquiry_add_topic(q, c->table.topics[i]);
	for (size_t i = 0; i < c->table.n; i++)
		inquiry_add_spot(q, c->table.status[i].topic_no, c->table.status[i].partition);
	for (size_t i = 0; i < c->table.n; i++)
		q->spots[i].read = c->table.rows[i].last.offset < 0 ? -1 : c->table.rows[i].last.offset + 1;
	inquiry_sort(q);
	return q;
}
