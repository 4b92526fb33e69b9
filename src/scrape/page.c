/* SPDX-License-Identifier: MIT */
#include "scrape/page.h"

#include "scrape/openmetrics.h"

#include <math.h>
#include <stdio.h>

static const double most_events = 9007199254740992; /* 2^53: up to there a double counts */

/* FNV-1a */
static uint64_t
hash(struct slice s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h;
}

/* The counter's own topic goes into TOPIC. */
static bool
is_wanted(const struct strings *topics, struct slice labels, struct buf *topic)
{
	bool wanted = topics->n == 0;

	buf_clear(topic);
	if (openmetrics_label(labels, "topic", topic))
		for (size_t i = 0; i < topics->n && !wanted; i++)
			wanted = slice_is((struct slice){topic->p, topic->n}, topics->item[i]);
	return wanted;
}

/* The old witness where it is found again, else the first counter of the page; of one that
 * stands there twice the first. */
static void
look_for_witness(struct page *page, const struct page_witness *before, const struct openmetrics_sample *s)
{
	uint64_t labels = hash(s->labels);
	bool found = before->known && labels == before->labels;

	if (page->witness.known && page->witness.labels == labels)
		return;
	if (found && s->value < before->count)
		page->restarted = true;
	if (found || !page->witness.known)
		page->witness = (struct page_witness){true, labels, s->value};
}

static bool
take_counter(struct page *page, double *sums, const struct openmetrics_sample *s, bool wanted, struct err *err)
{
	if (!(s->value >= 0) || sums[0] + s->value > most_events)
		return err_set(err, "%g is no count of events", s->value);
	sums[0] += s->value;
	if (wanted)
		sums[1] += s->value;
	page->all = (int64_t)sums[0];
	page->events = (int64_t)sums[1];
	return true;
}

/* A sample that is of no other family; KNOWN: it is one of ours. */
static bool
take_sample(struct page *page, double *sums, const struct openmetrics_sample *s, bool wanted, bool *known,
	    struct err *err)
{
	if (slice_is(s->name, "experiment_producer_event_count_total")) {
		*known = true;
		return take_counter(page, sums, s, wanted, err);
	}
	if (slice_is(s->name, "experiment_producer_num_experiments")) {
		*known = true;
		if (!(fabs(s->value) <= most_events))
			return err_set(err, "%g is no number of experiments", s->value);
		page->running = (int64_t)s->value;
	}
	return true;
}

bool
page_read(struct page *page, struct slice text, const struct strings *topics, struct err *err)
{
	struct openmetrics metrics = {.rest = text};
	struct openmetrics_sample s;
	enum openmetrics_step step;
	struct page next = {.running = -1};
	double sums[2] = {0, 0};
	struct buf topic = {0};
	bool known = false, good = true;

	while (good && (step = openmetrics_next(&metrics, &s, err)) != OPENMETRICS_END) {
		good = step == OPENMETRICS_SAMPLE &&
		       take_sample(&next, sums, &s, is_wanted(topics, s.labels, &topic), &known, err);
		if (good && slice_is(s.name, "experiment_producer_event_count_total")) {
			look_for_witness(&next, &page->witness, &s);
			if (!next.topic[0])
				snprintf(next.topic, sizeof(next.topic), "%s", buf_cstr(&topic));
		}
	}
	buf_free(&topic);
	if (!good)
		return false;
	if (!known)
		return err_set(err, "it counts no experiment_producer events");
	next.restarted |= next.all < page->all ||
			  (page->witness.known && next.witness.labels != page->witness.labels);
	*page = next;
	return true;
}
