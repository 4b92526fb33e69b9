/* SPDX-License-Identifier: MIT */
#include "kafka/members.h"

#include "base/alloc.h"
#include "base/slice.h"

#include <stdio.h>
#include <string.h>

/* The big-endian number in the SIZE bytes that R starts with; false when there are fewer. */
static bool
take_number(struct slice *r, size_t size, int32_t *out)
{
	uint32_t number = 0;

	if (r->n < size)
		return false;
	for (size_t i = 0; i < size; i++)
		number = number << 8 | (unsigned char)r->p[i];
	*out = size == 2 ? (int16_t)number : (int32_t)number;
	r->p += size;
	r->n -= size;
	return true;
}

static bool
take_name(struct slice *r, struct slice *out)
{
	int32_t length;

	if (!take_number(r, 2, &length) || length < 0 || (size_t)length > r->n)
		return false;
	*out = (struct slice){r->p, (size_t)length};
	r->p += length;
	r->n -= (size_t)length;
	return true;
}

static int
topic_number(const struct inquiry *q, struct slice name)
{
	for (size_t i = 0; i < q->n_topics; i++)
		if (slice_is(name, q->topics[i].name))
			return (int)i;
	return -1;
}

/* The partitions of one topic. */
static bool
take_topic(struct inquiry *q, int member, struct slice *r)
{
	struct inquiry_spot *spot;
	int32_t count, partition;
	struct slice name;
	int topic_no;

	if (!take_name(r, &name) || !take_number(r, 4, &count))
		return false;
	topic_no = topic_number(q, name);
	for (int32_t i = 0; i < count; i++) {
		if (!take_number(r, 4, &partition))
			return false;
		q->members[member].owns++;
		spot = topic_no >= 0 ? inquiry_spot(q, topic_no, partition) : NULL;
		if (spot)
			spot->member = member;
	}
	return true;
}

/* version, then topics; what follows them is the assignor's own. */
static void
take_assignment(struct inquiry *q, int member, struct slice r)
{
	int32_t version, topics;

	if (!take_number(&r, 2, &version) || !take_number(&r, 4, &topics))
		return;
	for (int32_t i = 0; i < topics; i++)
		if (!take_topic(q, member, &r))
			return;
}

void
members_take(struct inquiry *q, const struct rd_kafka_group_info *group)
{
	bool consumers = !group->protocol_type || strcmp(group->protocol_type, "consumer") == 0;

	q->members = xcalloc((size_t)group->member_cnt + 1, sizeof(*q->members));
	q->n_members = (size_t)group->member_cnt;
	for (int i = 0; i < group->member_cnt; i++) {
		const struct rd_kafka_group_member_info *from = &group->members[i];
		struct inquiry_member *m = &q->members[i];

		snprintf(m->id, sizeof(m->id), "%s", from->member_id);
		snprintf(m->client, sizeof(m->client), "%s", from->client_id);
		snprintf(m->host, sizeof(m->host), "%s", from->client_host);
		if (consumers && from->member_assignment_size > 0)
			take_assignment(q, i,
			    (struct slice){from->member_assignment, (size_t)from->member_assignment_size});
	}
}
