/* SPDX-License-Identifier: MIT */
#include "engine/feed_idle.h"

#include "base/alloc.h"

#include <stdlib.h>

struct idle_feed {
	struct feed feed;
	struct feed_listener listener;
};

static bool
idle_start(struct feed *feed, const struct feed_listener *l, struct err *err)
{
	(void)err;
	((struct idle_feed *)feed)->listener = *l;
	return true;
}

static int
idle_fd(struct feed *feed)
{
	(void)feed;
	return -1;
}

static size_t
idle_take(struct feed *feed, struct record *out, size_t cap)
{
	(void)feed;
	(void)out;
	(void)cap;
	return 0;
}

static int64_t
idle_due(struct feed *feed)
{
	(void)feed;
	return INT64_MAX;
}

static void
idle_tick(struct feed *feed, int64_t mono_ms)
{
	(void)feed;
	(void)mono_ms;
}

static void
idle_command(struct feed *feed, const struct command *c)
{
	const struct feed_listener *l = &((struct idle_feed *)feed)->listener;

	(void)c;
	l->said(l->ctx, NOTICE_INFO, "no topic is read here: exptop monitor does that");
}

static void
idle_status(struct feed *feed, struct source_status *out)
{
	(void)feed;
	*out = (struct source_status){.now = -1, .generation = -1, .link = LINK_CONNECTING};
}

static bool
idle_ended(struct feed *feed)
{
	(void)feed;
	return false;
}

static void
idle_stop(struct feed *feed)
{
	(void)feed;
}

static bool
idle_free(struct feed *feed)
{
	free(feed);
	return true;
}

/* There are no records to be applied or released. */
static const struct feed_ops idle_ops = {
	.start = idle_start,
	.fd = idle_fd,
	.take = idle_take,
	.due = idle_due,
	.tick = idle_tick,
	.command = idle_command,
	.status = idle_status,
	.ended = idle_ended,
	.stop = idle_stop,
	.free = idle_free,
};

struct feed *
feed_idle_new(void)
{
	struct idle_feed *f = xcalloc(1, sizeof(*f));

	f->feed.ops = &idle_ops;
	return &f->feed;
}
