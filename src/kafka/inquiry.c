/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "kafka/asker.h"

#include <stdlib.h>
#include <string.h>

struct inquiry *
inquiry_new(enum inquiry_kind kind, struct mailbox *reply, const char *group)
{
	struct inquiry *q = xcalloc(1, sizeof(*q));

	q->kind = kind;
	q->reply = reply;
	q->group = xstrdup(group);
	q->time = -1;
	q->replication = -1;
	return q;
}

int
inquiry_add_topic(struct inquiry *q, const char *name)
{
	q->topics = xreallocarray(q->topics, q->n_topics + 1, sizeof(*q->topics));
	q->topics[q->n_topics] = (struct inquiry_topic){.name = xstrdup(name), .partitions = -1};
	return (int)q->n_topics++;
}

void
inquiry_add_spot(struct inquiry *q, int topic_no, int32_t partition)
{
	if ((q->n_spots & (q->n_spots - 1)) == 0)
		q->spots = xreallocarray(q->spots, q->n_spots ? q->n_spots * 2 : 1, sizeof(*q->spots));
	q->spots[q->n_spots++] = (struct inquiry_spot){
		.topic_no = topic_no, .partition = partition,
		.low = -1, .end = -1, .at = -1, .committed = -1, .member = -1, .read = -1,
		.last.offset = -1,
	};
}

static int
compare_spots(const void *a, const void *b)
{
	const struct inquiry_spot *x = a, *y = b;

	if (x->topic_no != y->topic_no)
		return x->topic_no < y->topic_no ? -1 : 1;
	return x->partition < y->partition ? -1 : x->partition > y->partition;
}

void
inquiry_sort(struct inquiry *q)
{
	if (q->n_spots)
		qsort(q->spots, q->n_spots, sizeof(*q->spots), compare_spots);
}

/* The first N of Q's topics are looked through. */
static bool
has_topic(const struct inquiry *q, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(q->topics[i].name, name) == 0)
			return true;
	return false;
}

void
inquiry_add_spots(struct inquiry *q, const struct inquiry *from)
{
	size_t own = q->n_topics, at = 0;

	for (size_t no = 0; no < from->n_topics; no++) {
		bool there = has_topic(q, own, from->topics[no].name);
		int to = there ? -1 : inquiry_add_topic(q, from->topics[no].name);

		for (; at < from->n_spots && from->spots[at].topic_no == (int)no; at++)
			if (!there)
				inquiry_add_spot(q, to, from->spots[at].partition);
	}
	inquiry_sort(q);
}

bool *
inquiry_group_topics(const struct inquiry *q, bool *any)
{
	bool *topics = xcalloc(q->n_topics + 1, sizeof(*topics));

	*any = false;
	for (size_t i = 0; i < q->n_spots; i++)
		if (q->spots[i].committed >= 0 || q->spots[i].member >= 0)
			*any = topics[q->spots[i].topic_no] = true;
	return topics;
}

struct inquiry_spot *
inquiry_spot(const struct inquiry *q, int topic_no, int32_t partition)
{
	const struct inquiry_spot key = {.topic_no = topic_no, .partition = partition};

	return q->n_spots ? bsearch(&key, q->spots, q->n_spots, sizeof(key), compare_spots) : NULL;
}

struct inquiry_group *
inquiry_add_group(struct inquiry *q, const char *name)
{
	if ((q->n_groups & (q->n_groups - 1)) == 0)
		q->groups = xreallocarray(q->groups, q->n_groups ? q->n_groups * 2 : 1, sizeof(*q->groups));
	q->groups[q->n_groups] = (struct inquiry_group){.name = xstrdup(name), .members = -1};
	return &q->groups[q->n_groups++];
}

const char *
members_reason(enum members_known known)
{
	static const char *const reasons[] = {
		[MEMBERS_KNOWN] = "they are known",
		[MEMBERS_HIDDEN] = "its protocol is the new one",
		[MEMBERS_UNSUPPORTED] = "no such call here",
		[MEMBERS_DENIED] = "no permission to describe it",
		[MEMBERS_UNANSWERED] = "its coordinator does not answer",
	};

	return reasons[known];
}

void
inquiry_forget_topics(struct inquiry *q)
{
	for (size_t i = 0; i < q->n_topics; i++)
		free(q->topics[i].name);
	q->n_topics = q->n_spots = 0;
}

void
inquiry_free(struct inquiry *q)
{
	if (!q)
		return;
	inquiry_forget_topics(q);
	free(q->topics);
	free(q->spots);
	free(q->members);
	for (size_t i = 0; i < q->n_groups; i++)
		free(q->groups[i].name);
	free(q->groups);
	free(q->group);
	free(q);
}
