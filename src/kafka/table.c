/* SPDX-License-Identifier: MIT */
#include "kafka/table.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

void
table_init(struct table *t, const char *const *topics, size_t n_topics)
{
	*t = (struct table){.n_topics = n_topics};
	t->topics = xcalloc(n_topics, sizeof(*t->topics));
	t->life = xcalloc(n_topics, sizeof(*t->life));
	t->base = xcalloc(n_topics, sizeof(*t->base));
	t->count = xcalloc(n_topics, sizeof(*t->count));
	for (size_t i = 0; i < n_topics; i++)
		t->topics[i] = xstrdup(topics[i]);
}

void
table_fini(struct table *t)
{
	for (size_t i = 0; i < t->n_topics; i++)
		free(t->topics[i]);
	free(t->topics);
	free(t->life);
	free(t->base);
	free(t->count);
	free(t->status);
	free(t->rows);
	*t = (struct table){0};
}

int
table_topic(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n_topics; i++)
		if (strcmp(t->topics[i], name) == 0)
			return (int)i;
	return -1;
}

static void
blank(struct table *t, size_t i, int topic_no, int32_t partition)
{
	t->rows[i] = (struct row){.start = OFFSET_UNSET, .target = OFFSET_UNSET, .next = -1, .taken = -1,
				  .applied = -1, .end = -1, .lost = -1, .stale = -1, .marks_low = -1,
				  .marks_end = -1, .last.offset = -1, .sent = -1, .goal = -1};
	t->status[i] = (struct partition_status){
		.topic = t->topics[topic_no], .topic_no = topic_no, .partition = partition,
		.position = -1, .stored = -1, .committed = -1, .low = -1, .end = -1,
		.committed_end = -1, .watch_committed = -1, .watch_end = -1, .again = -1,
	};
}

void
table_grow(struct table *t, int topic_no, size_t count, bool young)
{
	size_t old = t->count[topic_no], more, at, behind;

	if (count <= old)
		return;
	more = count - old;
	at = t->base[topic_no] + old;
	behind = t->n - at;
	t->rows = xreallocarray(t->rows, t->n + more, sizeof(*t->rows));
	t->status = xreallocarray(t->status, t->n + more, sizeof(*t->status));
	memmove(&t->rows[at + more], &t->rows[at], behind * sizeof(*t->rows));
	memmove(&t->status[at + more], &t->status[at], behind * sizeof(*t->status));
	t->n += more;
	t->count[topic_no] = count;
	for (size_t i = (size_t)topic_no + 1; i < t->n_topics; i++)
		t->base[i] += more;
	for (size_t i = 0; i < more; i++)
		blank(t, at + i, topic_no, (int32_t)(old + i));
	for (size_t i = 0; i < more; i++)
		t->rows[at + i].young = young;
}
