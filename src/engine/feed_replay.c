/* SPDX-License-Identifier: MIT */
#include "engine/feed_replay.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/hashtable.h"
#include "model/partition.h"
#include "recording/player.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 500 };

/* Where in `partitions` one is. */
struct place {
	uint64_t key;
	size_t index;
	UT_hash_handle hh;
};

struct replay {
	struct feed feed;
	struct feed_replay_config config;
	struct player *player;
	struct partition_status *partitions;
	size_t n_partitions, cap_partitions; /* the first PARTITIONS_KEPT */
	struct place *places;
	int64_t newest; /* largest timestamp so far, -1 */
	struct feed_listener listener;
};

static struct replay *
replay_of(struct feed *f)
{
	return (struct replay *)f;
}

/* NULL past the bound. */
static struct partition_status *
partition_at(struct replay *r, const struct record *record)
{
	uint64_t key = (uint64_t)(uint32_t)record->topic_no << 32 | (uint32_t)record->partition;
	struct place *place;

	HASH_FIND(hh, r->places, &key, sizeof(key), place);
	if (place)
		return &r->partitions[place->index];
	if (r->n_partitions == PARTITIONS_KEPT)
		return NULL;
	if (r->n_partitions == r->cap_partitions) {
		r->cap_partitions = r->cap_partitions * 2 + 16;
		r->partitions = xreallocarray(r->partitions, r->cap_partitions, sizeof(*r->partitions));
	}
	place = xcalloc(1, sizeof(*place));
	*place = (struct place){.key = key, .index = r->n_partitions};
	HASH_ADD(hh, r->places, key, sizeof(place->key), place);
	r->partitions[r->n_partitions] = (struct partition_status){
		.topic = record->topic, .topic_no = record->topic_no, .partition = record->partition, .assigned = true,
		.committed = -1, .low = record->offset,
		.committed_end = -1, .watch_committed = -1, .watch_end = -1, .again = -1,
	};
	return &r->partitions[r->n_partitions++];
}

static void
note_position(struct replay *r, const struct record *record)
{
	struct partition_status *p = partition_at(r, record);

	if (record->timestamp > r->newest)
		r->newest = record->timestamp;
	if (!p)
		return;
	if (record->offset < p->low)
		p->low = record->offset;
	p->position = p->stored = record->offset + 1;
	if (p->position > p->end)
		p->end = p->position;
}

static void
complain(void *ctx, const char *sentence)
{
	struct replay *r = ctx;

	r->listener.said(r->listener.ctx, NOTICE_WARN, sentence);
}

static bool
replay_start(struct feed *f, const struct feed_listener *l, struct err *err)
{
	struct replay *r = replay_of(f);

	r->listener = *l;
	r->player = player_open(&(struct player_config){
		.file = r->config.file, .slider = r->config.slider, .speed = r->config.speed,
		.index_bytes = r->config.index_bytes, .complain = complain, .ctx = r}, err);
	return r->player != NULL;
}

static int
replay_fd(struct feed *f)
{
	(void)f;
	return -1;
}

static size_t
replay_take(struct feed *f, struct record *out, size_t cap)
{
	struct replay *r = replay_of(f);

	if (!r->player)
		return 0;
	return player_take(r->player, clock_mono_ms(), out, cap < BATCH ? cap : BATCH);
}

static void
replay_applied(struct feed *f, const struct record *records, size_t n)
{
	for (size_t i = 0; i < n; i++)
		note_position(replay_of(f), &records[i]);
}

static void
replay_release(struct feed *f)
{
	player_release(replay_of(f)->player);
}

/* There is no fd to wait for. */
static int64_t
replay_due(struct feed *f)
{
	struct replay *r = replay_of(f);

	return r->player ? player_due(r->player, clock_mono_ms()) : INT64_MAX;
}

static void
replay_tick(struct feed *f, int64_t mono_ms)
{
	(void)f;
	(void)mono_ms;
}

/* ---- the slider ---- */

/* All comes again: nothing was read yet. */
static void
restart(struct replay *r)
{
	for (size_t i = 0; i < r->n_partitions; i++)
		r->partitions[i].position = r->partitions[i].stored = -1;
	r->newest = -1;
	r->listener.restarted(r->listener.ctx);
}

static void
play_at(struct replay *r, int64_t time)
{
	if (player_seek(r->player, clock_mono_ms(), time))
		restart(r);
}

static void
play_by(struct replay *r, int64_t ms)
{
	struct playback playback;

	player_status(r->player, clock_mono_ms(), &playback);
	play_at(r, playback.at + ms);
}

static void
play_from_beginning(struct replay *r)
{
	struct playback playback;

	player_status(r->player, clock_mono_ms(), &playback);
	if (isinf(playback.speed))
		player_rewind(r->player);
	else
		player_seek(r->player, clock_mono_ms(), playback.first);
	restart(r);
	r->listener.said(r->listener.ctx, NOTICE_INFO, "reading the recording from its beginning");
}

static void
play_to_end(struct replay *r)
{
	struct playback playback;

	player_status(r->player, clock_mono_ms(), &playback);
	if (isinf(playback.speed))
		r->listener.said(r->listener.ctx, NOTICE_INFO, "a recording is read to its end at once");
	else
		play_at(r, INT64_MAX);
}

static void
toggle_pause(struct replay *r)
{
	struct playback playback;

	player_status(r->player, clock_mono_ms(), &playback);
	player_pause(r->player, clock_mono_ms(), !playback.paused);
}

static void
replay_command(struct feed *f, const struct command *c)
{
	struct replay *r = replay_of(f);

	if (!r->player || !r->config.slider)
		return;
	switch (c->kind) {
	case COMMAND_SEEK_BEGINNING:
		play_from_beginning(r);
		break;
	case COMMAND_SEEK_END:
		play_to_end(r);
		break;
	case COMMAND_PLAY_BY:
		play_by(r, c->ms);
		break;
	case COMMAND_PLAY_PAUSE:
		toggle_pause(r);
		break;
	case COMMAND_PLAY_SPEED:
		player_set_speed(r->player, clock_mono_ms(), c->speed);
		break;
	default:
		r->listener.said(r->listener.ctx, NOTICE_INFO, "a recording has no group: nothing is committed");
		break;
	}
}

static void
replay_status(struct feed *f, struct source_status *out)
{
	struct replay *r = replay_of(f);
	int64_t now = clock_mono_ms();

	*out = (struct source_status){
		.link = LINK_OFFLINE, .generation = -1, .now = r->newest,
		.partitions = r->partitions, .n_partitions = r->n_partitions,
	};
	if (!r->player)
		return;
	out->at_end = player_idle(r->player, now);
	player_status(r->player, now, &out->playback);
	/* Time goes on between records, but not ahead of those that are still to be read. */
	if (out->playback.at > out->now && r->newest >= 0 && player_due(r->player, now) > now)
		out->now = out->playback.at;
	if (player_bad_lines(r->player))
		snprintf(out->note, sizeof(out->note), "%lld bad lines passed over",
			 (long long)player_bad_lines(r->player));
}

static bool
replay_ended(struct feed *f)
{
	struct replay *r = replay_of(f);

	return r->player && player_ended(r->player);
}

static void
replay_stop(struct feed *f)
{
	(void)f;
}

static bool
replay_free(struct feed *f)
{
	struct replay *r = replay_of(f);
	struct place *place, *next;

	HASH_ITER (hh, r->places, place, next) {
		HASH_DEL(r->places, place);
		free(place);
	}
	player_free(r->player);
	free(r->partitions);
	free(r);
	return true;
}

static const struct feed_ops replay_ops = {
	.start = replay_start,
	.fd = replay_fd,
	.take = replay_take,
	.applied = replay_applied,
	.release = replay_release,
	.due = replay_due,
	.tick = replay_tick,
	.command = replay_command,
	.status = replay_status,
	.ended = replay_ended,
	.stop = replay_stop,
	.free = replay_free,
};

struct feed *
feed_replay_new(const struct feed_replay_config *config)
{
	struct replay *r = xcalloc(1, sizeof(*r));

	r->feed.ops = &replay_ops;
	r->config = *config;
	r->newest = -1;
	return &r->feed;
}

bool
feed_replay_whole(const struct feed *f)
{
	const struct replay *r = (const struct replay *)f;

	return r->player && player_bad_lines(r->player) == 0 && !player_failed(r->player);
}
