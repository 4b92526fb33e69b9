/* SPDX-License-Identifier: MIT */
#include "engine/feed_replay.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/base64.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { TOPICS = 64, LINE_LIMIT = 32 << 20 };

static const char default_topic[] = "recording";

/* A record's headers, kept in the batch's arena behind record->source. */
struct headers {
	size_t n;
	struct record_header h[];
};

struct replay {
	struct feed feed;
	char *file;
	FILE *in;
	char *line;
	size_t line_cap;
	int64_t line_number, bad_lines;
	struct arena arena; /* the batch in hand */
	struct buf decoded;
	char *topics[TOPICS];
	int n_topics;
	struct partition_status *partitions;
	size_t n_partitions;
	int64_t newest; /* largest timestamp so far, -1 */
	bool ended;
	struct feed_listener listener;
};

static struct replay *
replay_of(struct feed *f)
{
	return (struct replay *)f;
}

static bool
header_at(const struct record *r, size_t i, struct record_header *out)
{
	const struct headers *headers = r->source;

	if (i >= headers->n)
		return false;
	*out = headers->h[i];
	return true;
}

static struct slice
json_slice(const json_t *j)
{
	return json_is_string(j) ? (struct slice){json_string_value(j), json_string_length(j)} : (struct slice){0};
}

/* The bytes that base64 text J stands for, in the batch's arena; null when J is no string. */
static bool
decoded_slice(struct replay *r, const json_t *j, struct slice *out)
{
	struct slice coded = json_slice(j);

	*out = (struct slice){0};
	if (!coded.p)
		return !j || json_is_null(j);
	buf_clear(&r->decoded);
	buf_reserve(&r->decoded, 1);
	if (!base64_decode(&r->decoded, coded))
		return false;
	*out = arena_copy(&r->arena, (struct slice){r->decoded.p, r->decoded.n});
	return true;
}

static bool
read_headers(struct replay *r, json_t *h, struct record *out)
{
	size_t room = json_is_object(h) ? json_object_size(h) : json_array_size(h), i;
	struct headers *headers = arena_alloc(&r->arena, sizeof(*headers) + room * sizeof(headers->h[0]));
	const char *name;
	json_t *value;

	json_object_foreach (h, name, value) {
		headers->h[headers->n].name = arena_copy(&r->arena, slice_str(name));
		headers->h[headers->n++].value = arena_copy(&r->arena, json_slice(value));
	}
	json_array_foreach (h, i, value) {
		struct record_header *header = &headers->h[headers->n++];

		header->name = arena_copy(&r->arena, json_slice(json_array_get(value, 0)));
		if (!header->name.p || !decoded_slice(r, json_array_get(value, 1), &header->value))
			return false;
	}
	out->source = headers;
	out->header = header_at;
	return true;
}

/* The number of topic NAME, -1 when there are too many. */
static int
topic_number(struct replay *r, const char *name)
{
	for (int i = 0; i < r->n_topics; i++)
		if (strcmp(r->topics[i], name) == 0)
			return i;
	if (r->n_topics == TOPICS)
		return -1;
	r->topics[r->n_topics] = xstrdup(name);
	return r->n_topics++;
}

static bool
read_key(struct replay *r, json_t *j, struct record *out)
{
	json_t *coded = json_object_get(j, "k64");

	if (coded)
		return decoded_slice(r, coded, &out->key);
	out->key = arena_copy(&r->arena, json_slice(json_object_get(j, "k")));
	return true;
}

/* Fill OUT from one line's object; false with the field that is wrong. */
static bool
read_record(struct replay *r, json_t *j, struct record *out, const char **wrong)
{
	json_t *topic = json_object_get(j, "t"), *partition = json_object_get(j, "p");
	json_t *offset = json_object_get(j, "o"), *timestamp = json_object_get(j, "ts");

	*out = (struct record){.timestamp = json_is_integer(timestamp) ? json_integer_value(timestamp) : -1};
	*wrong = "t must be one of at most 64 topic names";
	out->topic_no = topic_number(r, json_is_string(topic) ? json_string_value(topic) : default_topic);
	if (out->topic_no < 0)
		return false;
	out->topic = r->topics[out->topic_no];
	*wrong = "p must be a partition number";
	if (!json_is_integer(partition) || json_integer_value(partition) < 0 || json_integer_value(partition) > 100000)
		return false;
	out->partition = (int32_t)json_integer_value(partition);
	*wrong = "o must be an offset";
	if (!json_is_integer(offset) || json_integer_value(offset) < 0)
		return false;
	out->offset = json_integer_value(offset);
	*wrong = "k64 must be base64";
	if (!read_key(r, j, out))
		return false;
	*wrong = "h must be an object, or an array of [name, base64 or null]";
	if (!read_headers(r, json_object_get(j, "h"), out))
		return false;
	*wrong = "v must be base64 or null";
	return decoded_slice(r, json_object_get(j, "v"), &out->value);
}

static struct partition_status *
partition_at(struct replay *r, const struct record *record)
{
	struct partition_status *p;

	for (size_t i = 0; i < r->n_partitions; i++)
		if (r->partitions[i].topic_no == record->topic_no && r->partitions[i].partition == record->partition)
			return &r->partitions[i];
	r->partitions = xreallocarray(r->partitions, r->n_partitions + 1, sizeof(*r->partitions));
	p = &r->partitions[r->n_partitions++];
	*p = (struct partition_status){
		.topic = record->topic, .topic_no = record->topic_no, .partition = record->partition, .assigned = true,
		.committed = -1, .low = record->offset, .watch_committed = -1, .again = -1,
	};
	return p;
}

static void
note_position(struct replay *r, const struct record *record)
{
	struct partition_status *p = partition_at(r, record);

	if (record->offset < p->low)
		p->low = record->offset;
	p->position = p->stored = record->offset + 1;
	if (p->position > p->end)
		p->end = p->position;
	if (record->timestamp > r->newest)
		r->newest = record->timestamp;
}

static void
complain(struct replay *r, const char *what)
{
	char text[ERR_TEXT];

	r->bad_lines++;
	snprintf(text, sizeof(text), "%s:%lld: %s; the line is passed over", r->file, (long long)r->line_number, what);
	r->listener.said(r->listener.ctx, NOTICE_WARN, text);
}

/* The next good record of the file; false at its end. */
static bool
next_record(struct replay *r, struct record *out)
{
	json_error_t problem;
	const char *wrong;
	ssize_t n;

	while ((n = getline(&r->line, &r->line_cap, r->in)) > 0) {
		json_t *j = n <= LINE_LIMIT ? json_loadb(r->line, (size_t)n, 0, &problem) : NULL;
		bool good;

		r->line_number++;
		good = j && read_record(r, j, out, &wrong);
		if (!good)
			complain(r, n > LINE_LIMIT ? "longer than 32 MiB" : j ? wrong : problem.text);
		json_decref(j);
		if (good)
			return true;
	}
	return false;
}

static bool
replay_start(struct feed *f, const struct feed_listener *l, struct err *err)
{
	struct replay *r = replay_of(f);

	r->listener = *l;
	r->in = fopen(r->file, "re");
	if (!r->in)
		return err_set(err, "cannot read the recording %s: %s", r->file, strerror(errno));
	return true;
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
	size_t n = 0;

	if (!r->in || r->ended)
		return 0;
	if (cap > 500)
		cap = 500;
	while (n < cap && next_record(r, &out[n]))
		n++;
	r->ended = n < cap;
	return n;
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
	arena_reset(&replay_of(f)->arena);
}

/* Due at once while there is something to read: there is no fd to wait for. */
static int64_t
replay_due(struct feed *f)
{
	const struct replay *r = replay_of(f);

	return r->in && !r->ended ? 0 : INT64_MAX;
}

static void
replay_tick(struct feed *f, int64_t mono_ms)
{
	(void)f;
	(void)mono_ms;
}

static void
rewind_file(struct replay *r)
{
	if (!r->in)
		return;
	rewind(r->in);
	r->line_number = 0;
	r->ended = false;
	r->listener.restarted(r->listener.ctx);
	r->listener.said(r->listener.ctx, NOTICE_INFO, "reading the recording from its beginning");
}

static void
replay_command(struct feed *f, const struct command *c)
{
	struct replay *r = replay_of(f);

	switch (c->kind) {
	case COMMAND_SEEK_BEGINNING:
		rewind_file(r);
		break;
	case COMMAND_SEEK_END:
		r->listener.said(r->listener.ctx, NOTICE_INFO, "a recording is read to its end at once");
		break;
	default:
		r->listener.said(r->listener.ctx, NOTICE_INFO, "a recording has no group: nothing is committed");
		break;
	}
}

static void
replay_status(struct feed *f, struct source_status *out)
{
	const struct replay *r = replay_of(f);

	*out = (struct source_status){
		.link = LINK_OFFLINE, .generation = -1, .at_end = r->ended, .now = r->newest,
		.partitions = r->partitions, .n_partitions = r->n_partitions,
	};
	if (r->bad_lines)
		snprintf(out->note, sizeof(out->note), "%lld bad lines passed over", (long long)r->bad_lines);
}

static bool
replay_ended(struct feed *f)
{
	return replay_of(f)->ended;
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

	if (r->in)
		fclose(r->in);
	for (int i = 0; i < r->n_topics; i++)
		free(r->topics[i]);
	arena_free(&r->arena);
	buf_free(&r->decoded);
	free(r->partitions);
	free(r->line);
	free(r->file);
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
feed_replay_new(const char *file)
{
	struct replay *r = xcalloc(1, sizeof(*r));

	r->feed.ops = &replay_ops;
	r->file = xstrdup(file);
	r->newest = -1;
	return &r->feed;
}
