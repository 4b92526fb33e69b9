/* SPDX-License-Identifier: MIT */
#include "load/metrics.h"

#include "base/alloc.h"
#include "base/rng.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct counter {
	char id[UUID_TEXT]; /* empty: not begun */
	_Atomic int64_t n;
};

struct metrics {
	char *topic;
	struct counter *counters;
	size_t n;
	struct counter others;
	pthread_mutex_t lock; /* of the ids and what follows */
	int64_t running;
};

struct metrics *
metrics_new(size_t experiments, const char *topic)
{
	struct metrics *m = xcalloc(1, sizeof(*m));

	m->topic = xstrdup(topic);
	m->n = experiments < METRICS_EXPERIMENTS ? experiments : METRICS_EXPERIMENTS;
	m->counters = xcalloc(m->n + 1, sizeof(*m->counters));
	pthread_mutex_init(&m->lock, NULL);
	return m;
}

void
metrics_free(struct metrics *m)
{
	if (!m)
		return;
	pthread_mutex_destroy(&m->lock);
	free(m->counters);
	free(m->topic);
	free(m);
}

static struct counter *
counter_of(struct metrics *m, size_t i)
{
	return i < m->n ? &m->counters[i] : &m->others;
}

void
metrics_begin(struct metrics *m, size_t i, const char *id)
{
	struct counter *c = counter_of(m, i);

	pthread_mutex_lock(&m->lock);
	snprintf(c->id, sizeof(c->id), "%s", c == &m->others ? "others" : id);
	m->running++;
	pthread_mutex_unlock(&m->lock);
}

void
metrics_end(struct metrics *m)
{
	pthread_mutex_lock(&m->lock);
	m->running--;
	pthread_mutex_unlock(&m->lock);
}

void
metrics_count(struct metrics *m, size_t i)
{
	atomic_fetch_add_explicit(&counter_of(m, i)->n, 1, memory_order_relaxed);
}

/* A label's value: what would end it is escaped. */
static void
add_label(struct buf *out, const char *value)
{
	for (; *value; value++)
		if (*value == '\n')
			buf_str(out, "\\n");
		else if (*value == '"' || *value == '\\')
			buf_addf(out, "\\%c", *value);
		else
			buf_char(out, *value);
}

static void
add_counter(struct buf *out, const struct metrics *m, struct counter *c)
{
	if (!c->id[0])
		return;
	buf_addf(out, "experiment_producer_event_count_total{key=\"%s\",topic=\"", c->id);
	add_label(out, m->topic);
	buf_addf(out, "\"} %lld\n", (long long)atomic_load_explicit(&c->n, memory_order_relaxed));
}

void
metrics_page(struct metrics *m, struct buf *out)
{
	buf_str(out, "# HELP experiment_producer_event_count Messages that the brokers have confirmed, by experiment.\n"
		     "# TYPE experiment_producer_event_count counter\n");
	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < m->n; i++)
		add_counter(out, m, &m->counters[i]);
	add_counter(out, m, &m->others);
	buf_addf(out,
		 "# HELP experiment_producer_num_experiments Experiments that are running.\n"
		 "# TYPE experiment_producer_num_experiments gauge\n"
		 "experiment_producer_num_experiments %lld\n",
		 (long long)m->running);
	pthread_mutex_unlock(&m->lock);
	buf_str(out, "# EOF\n");
}
