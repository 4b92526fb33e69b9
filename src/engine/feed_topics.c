/* SPDX-License-Identifier: MIT */
#include "engine/feed_topics.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/survey.h"

#include <stdio.h>
#include <stdlib.h>

enum { ASKER_MS = 200 };

struct topics_feed {
	struct feed feed;
	const struct kafka_config *kafka;
	const char *note;
	struct feed_listener listener;
	struct asker *asker;
	struct mailbox *answers;
	struct survey survey;
	enum link_state link;
	struct err problem; /* of the last answer; empty: none */
	bool abandoned;
};

static struct topics_feed *
feed_of(struct feed *f)
{
	return (struct topics_feed *)f;
}

static bool
topics_start(struct feed *feed, const struct feed_listener *l, struct err *err)
{
	struct topics_feed *f = feed_of(feed);

	f->listener = *l;
	f->asker = asker_new(f->kafka, err);
	survey_init(&f->survey, f->asker, f->answers, &f->listener);
	return f->asker != NULL;
}

static int
topics_fd(struct feed *feed)
{
	return mailbox_fd(feed_of(feed)->answers);
}

static void
take_answer(struct topics_feed *f, struct inquiry *q)
{
	f->link = q->ok ? LINK_UP : LINK_DOWN;
	f->problem = q->err;
	survey_take(&f->survey, &q, clock_mono_ms());
	inquiry_free(q);
}

/* There are no records; what was answered is taken meanwhile. */
static size_t
topics_take(struct feed *feed, struct record *out, size_t cap)
{
	struct topics_feed *f = feed_of(feed);
	struct inquiry *q;

	(void)out;
	(void)cap;
	while ((q = mailbox_take(f->answers)))
		take_answer(f, q);
	return 0;
}

static void
topics_applied(struct feed *feed, const struct record *r, size_t n)
{
	(void)feed;
	(void)r;
	(void)n;
}

static void
topics_release(struct feed *feed)
{
	(void)feed;
}

static int64_t
topics_due(struct feed *feed)
{
	(void)feed;
	return INT64_MAX;
}

static void
topics_tick(struct feed *feed, int64_t mono_ms)
{
	(void)feed;
	(void)mono_ms;
}

static void
topics_command(struct feed *feed, const struct command *c)
{
	struct topics_feed *f = feed_of(feed);

	(void)c;
	f->listener.said(f->listener.ctx, NOTICE_INFO, "no topic is read yet: choose one first");
}

static void
topics_status(struct feed *feed, struct source_status *out)
{
	const struct topics_feed *f = feed_of(feed);

	*out = (struct source_status){.now = -1, .generation = -1, .link = f->link, .at_end = f->link == LINK_UP};
	snprintf(out->sentence, sizeof(out->sentence), "%s", f->problem.text);
	snprintf(out->note, sizeof(out->note), "%s", f->note ? f->note : "");
}

static void
topics_looked_at(struct feed *feed, const struct view *view, int64_t mono_ms)
{
	struct topics_feed *f = feed_of(feed);

	if (f->asker)
		survey_look(&f->survey, view, mono_ms);
}

static bool
topics_ended(struct feed *feed)
{
	(void)feed;
	return false;
}

static void
topics_stop(struct feed *feed)
{
	struct topics_feed *f = feed_of(feed);

	f->abandoned = !asker_free(f->asker, ASKER_MS);
	f->asker = NULL;
}

static void
free_inquiry(void *q)
{
	inquiry_free(q);
}

static bool
topics_free(struct feed *feed)
{
	struct topics_feed *f = feed_of(feed);

	if (f->abandoned)
		return false;
	mailbox_free(f->answers, free_inquiry);
	survey_fini(&f->survey);
	free(f);
	return true;
}

static const struct feed_ops topics_ops = {
	.start = topics_start,
	.fd = topics_fd,
	.take = topics_take,
	.applied = topics_applied,
	.release = topics_release,
	.due = topics_due,
	.tick = topics_tick,
	.command = topics_command,
	.status = topics_status,
	.looked_at = topics_looked_at,
	.ended = topics_ended,
	.stop = topics_stop,
	.free = topics_free,
};

struct feed *
feed_topics_new(const struct kafka_config *kafka, const char *note)
{
	struct topics_feed *f = xcalloc(1, sizeof(*f));

	f->feed.ops = &topics_ops;
	f->kafka = kafka;
	f->note = note;
	f->answers = mailbox_new();
	return &f->feed;
}
