/* SPDX-License-Identifier: MIT */
#include "model/topics.h"

#include "base/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void
clear(struct topic *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(all[i].name);
		free(all[i].problem);
	}
	free(all);
}

void
topics_fini(struct topics *t)
{
	clear(t->all, t->n);
	*t = (struct topics){0};
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct topic *)a)->name, ((const struct topic *)b)->name);
}

const struct topic *
topics_named(const struct topics *t, const char *name)
{
	const struct topic key = {.name = (char *)name};

	return t->n ? bsearch(&key, t->all, t->n, sizeof(key), compare) : NULL;
}

/* Sum what the places say of topic NO; those of a topic stand together, the next one's from *I on. */
static void
sum_places(struct topic *topic, const struct news *news, int no, size_t *i)
{
	topic->offsets = topic->end = topic->partitions < 0 ? -1 : 0;
	for (; *i < news->n_places && news->places[*i].topic_no == no; ++*i) {
		const struct news_place *place = &news->places[*i];

		if (place->end < 0)
			topic->end = -1;
		if (place->end < 0 || place->low < 0)
			topic->offsets = -1;
		if (topic->end >= 0)
			topic->end += place->end;
		if (topic->offsets >= 0)
			topic->offsets += place->end - place->low;
	}
}

/* What OLD, the topic as it was (NULL: it was not there), tells of its pace. */
static void
measure(struct topic *topic, const struct topic *old, int64_t now)
{
	const struct topic_look look = {now, topic->end};

	topic->rate = NAN;
	topic->before = topic->recent = (struct topic_look){.time = -1};
	if (topic->end < 0)
		return;
	topic->before = topic->recent = look;
	if (!old || old->before.time < 0 || old->partitions != topic->partitions || old->end > topic->end)
		return;
	topic->before = old->before;
	topic->recent = old->recent;
	if (now - topic->recent.time >= TOPIC_STEP_MS) {
		topic->before = topic->recent;
		topic->recent = look;
	}
	if (now > topic->before.time)
		topic->rate = (double)(topic->end - topic->before.end) * 1000 / (double)(now - topic->before.time);
}

void
topics_learn(struct topics *t, const struct news *news, int64_t now)
{
	size_t n = news->n_topics < TOPICS_KEPT ? news->n_topics : TOPICS_KEPT, place = 0;
	struct topic *all;

	t->surveyed = true;
	snprintf(t->problem, sizeof(t->problem), "%s", news->problem ? news->problem : "");
	if (!news->ok)
		return;
	all = xcalloc(n + 1, sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		const struct news_topic *from = &news->topics[i];

		all[i] = (struct topic){.name = xstrdup(from->name), .problem = xstrdup(from->problem),
					.partitions = from->partitions};
		sum_places(&all[i], news, (int)i, &place);
		measure(&all[i], topics_named(t, from->name), now);
	}
	clear(t->all, t->n);
	t->all = all;
	t->n = n;
	t->beyond = news->n_topics - n;
}
