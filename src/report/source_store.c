/* SPDX-License-Identifier: MIT */
/* A store keeps what records say, not their bytes and keys: the key is taken to be the experiment, as in the course. */
#include "report/source.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "store/union.h"

#include <stdlib.h>

struct source {
	struct store_union *stores;
	struct buf reason;
};

static bool
store_is(struct slice beginning)
{
	return slice_eq(beginning, (struct slice){"SQLite format 3", 16});
}

static struct source *
store_open_source(const char *file, struct err *err)
{
	struct store_union *stores = union_open(&file, 1, err);
	struct source *s = stores ? xcalloc(1, sizeof(*s)) : NULL;

	if (s)
		s->stores = stores;
	return s;
}

static void
store_close_source(struct source *s)
{
	union_close(s->stores);
	buf_free(&s->reason);
	free(s);
}

static void
tell_entry(struct source *s, struct run *run, const struct entry *x)
{
	const struct record r = {
		.topic = union_topic(s->stores, (size_t)x->event.topic_no), .topic_no = x->event.topic_no,
		.partition = x->event.partition, .offset = x->event.offset, .timestamp = x->event.record_time,
		.key = x->event.experiment,
	};

	if (!run_record(run, &r))
		return;
	if (x->undecodable) {
		buf_clear(&s->reason);
		buf_slice(&s->reason, x->problem);
		run_undecodable(run, &r, buf_cstr(&s->reason));
	} else if (x->problem.p) {
		run_plain(run);
	} else {
		run_event(run, &x->event);
	}
}

static bool
store_tell(struct source *s, struct run *run, void (*complain)(void *ctx, const char *sentence), void *ctx,
	   struct err *err)
{
	struct entry x;

	(void)complain;
	(void)ctx;
	run->no_bytes = true;
	while (union_next(s->stores, &x, err))
		tell_entry(s, run, &x);
	return !err->text[0];
}

const struct source_kind source_store = {
	.name = "store",
	.is = store_is,
	.open = store_open_source,
	.tell = store_tell,
	.close = store_close_source,
};
