/* SPDX-License-Identifier: MIT */
#include "report/source.h"

#include "base/alloc.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "recording/player.h"

#include <stdlib.h>

enum { BATCH = 500 };

struct source {
	struct player *player;
	struct container_cache *cache;
	struct buf sensors;
	void (*complain)(void *ctx, const char *sentence);
	void *ctx;
};

static void
complain(void *ctx, const char *sentence)
{
	struct source *s = ctx;

	s->complain(s->ctx, sentence);
}

static struct source *
recording_open(const char *file, struct err *err)
{
	struct source *s = xcalloc(1, sizeof(*s));

	s->player = player_open(&(struct player_config){.file = file, .complain = complain, .ctx = s}, err);
	if (!s->player) {
		free(s);
		return NULL;
	}
	s->cache = container_cache_new(0, 0);
	return s;
}

static void
recording_close(struct source *s)
{
	player_free(s->player);
	container_cache_free(s->cache);
	buf_free(&s->sensors);
	free(s);
}

static void
tell_record(struct source *s, struct run *run, const struct record *r)
{
	struct slice name, record;
	struct container c;
	struct event e;
	struct err err;

	if (!run_record(run, r))
		return;
	if (!container_is(r->value)) {
		run_plain(run);
		return;
	}
	if (!container_open(s->cache, r->value, &c, &err)) {
		run_undecodable(run, r, err.text);
		return;
	}
	name = record_header_last(r, "record_name");
	while (container_next(&c, &record)) {
		decode_event(c.schema, record, &s->sensors, &e);
		e.kind = decode_kind(name, c.schema);
		event_place(&e, r);
		run_event(run, &e);
	}
	if (!container_whole(&c, &err))
		run_undecodable(run, r, err.text);
}

static bool
recording_tell(struct source *s, struct run *run, void (*said)(void *ctx, const char *sentence), void *ctx,
	       struct err *err)
{
	struct record batch[BATCH];

	(void)err;
	s->complain = said;
	s->ctx = ctx;
	while (!player_ended(s->player)) {
		size_t n = player_take(s->player, 0, batch, BATCH);

		for (size_t i = 0; i < n; i++)
			tell_record(s, run, &batch[i]);
		player_release(s->player);
	}
	run->bad_lines = player_bad_lines(s->player);
	run->cut = player_failed(s->player);
	return true;
}

/* Anything: what is no record is told line by line. */
static bool
recording_is(struct slice beginning)
{
	(void)beginning;
	return true;
}

const struct source_kind source_recording = {
	.name = "recording",
	.is = recording_is,
	.open = recording_open,
	.tell = recording_tell,
	.close = recording_close,
};
