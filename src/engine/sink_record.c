/* SPDX-License-Identifier: MIT */
#include "engine/sink_record.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "recording/line.h"

#include <stdlib.h>

enum { WRITE_BYTES = 256 * 1024, FLUSH_MS = 5000 };

struct sink_record {
	struct sink sink;
	struct sink_record_config config;
	struct buf lines;
	int64_t waiting;    /* records in `lines` */
	int64_t written;
	int64_t flushed_at; /* wall clock, ms */
	size_t wanted;      /* of the batch given last: those inside of the range */
	bool unflushed;
};

static struct sink_record *
record_of(struct sink *s)
{
	return (struct sink_record *)s;
}

/* Hand over what waits. */
static bool
write_lines(struct sink_record *s, struct err *err)
{
	size_t whole = 0;
	bool ok = output_write(s->config.output, (struct slice){s->lines.p, s->lines.n}, &whole, err);

	s->written += ok ? s->waiting : (int64_t)whole;
	s->unflushed = true;
	s->waiting = 0;
	buf_clear(&s->lines);
	return ok;
}

static void
write_record(struct sink_record *s, const struct record *r, int64_t wall_ms)
{
	struct record copy = *r;

	if (!range_has(&s->config.range, r))
		return;
	copy.arrived = s->config.arrival ? wall_ms : 0;
	line_write(&s->lines, &copy);
	s->waiting++;
	s->wanted++;
}

static size_t
record_records(struct sink *sink, const struct record *r, size_t n, struct err *err)
{
	struct sink_record *s = record_of(sink);
	int64_t now = clock_wall_ms();
	size_t done = 0;

	s->wanted = 0;
	for (size_t i = 0; i < n; i++) {
		write_record(s, &r[i], now);
		if (s->lines.n < WRITE_BYTES && i + 1 < n)
			continue;
		if (!write_lines(s, err))
			return done;
		done = i + 1;
	}
	return n;
}

static size_t
record_wanted(const struct sink *sink)
{
	return ((const struct sink_record *)sink)->wanted;
}

/* A recording that lacks records says so while they are missed. */
static void
record_said(struct sink *sink, enum notice_level level, const char *sentence)
{
	if (level != NOTICE_INFO)
		record_of(sink)->config.complain(sentence);
}

/* Who reads the file meanwhile finds what came, where it is compressed now and then. */
static void
record_idle(struct sink *sink, int64_t wall_ms)
{
	struct sink_record *s = record_of(sink);

	if (!s->unflushed || (wall_ms >= s->flushed_at && wall_ms - s->flushed_at < FLUSH_MS))
		return;
	output_flush(s->config.output, NULL); /* what fails here fails the next write, and the end */
	s->unflushed = false;
	s->flushed_at = wall_ms;
}

static const struct sink_ops record_ops = {
	.records = record_records,
	.wanted = record_wanted,
	.said = record_said,
	.idle = record_idle,
};

struct sink *
sink_record_new(const struct sink_record_config *config)
{
	struct sink_record *s = xcalloc(1, sizeof(*s));

	s->sink.ops = &record_ops;
	s->config = *config;
	return &s->sink;
}

void
sink_record_free(struct sink *sink)
{
	struct sink_record *s = record_of(sink);

	buf_free(&s->lines);
	free(s);
}

int64_t
sink_record_written(const struct sink *s)
{
	return ((const struct sink_record *)s)->written;
}
