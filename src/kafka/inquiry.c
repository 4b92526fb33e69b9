/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "kafka/asker.h"

#include <stdlib.h>

struct inquiry *
inquiry_new(enum inquiry_kind kind, struct mailbox *reply, const char *group)
{
	struct inquiry *q = xcalloc(1, sizeof(*q));

	q->kind = kind;
	q->reply = reply;
	q->group = xstrdup(group);
	q->time = -1;
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
		.low = -1, .end = -1, .at = -1, .committed = -1, .member = -1,
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

struct inquiry_spot *
inquiry_spot(const struct inquiry *q, int topic_no, int32_t partition)
{
	const struct inquiry_spot key = {.topic_no = topic_no, .partition = partition};

	return q->n_spots ? bsearch(&key, q->spots, q->n_spots, sizeof(key), compare_spots) : NULL;
}

void
inquiry_free(struct inquiry *q)
{
	if (!q)
		return;
	for (size_t i = 0; i < q->n_topics; i++)
		free(q->topics[i].name);
	free(q->topics);
	free(q->spots);
	free(q->members);
	free(q->group);
	free(q);
}
