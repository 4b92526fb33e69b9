/* SPDX-License-Identifier: MIT */
#include "recording/player.h"

#include "base/alloc.h"
#include "recording/line.h"
#include "recording/tape.h"

#include <math.h>
#include <stdlib.h>

enum {
	TAKE_BYTES = 8 << 20, /* of lines, looked at in one player_take() */
	LINE_COST = 512,      /* .. that each counts beside its text: the reader's objects, and its time */
	TOLD_MOST = 100,      /* bad lines that are told one by one */
	PIPE_MS = 20          /* until a pipe that brought nothing is looked at again */
};

struct player {
	struct player_config config;
	char *file;
	struct line_reader *lines;
	struct range range;
	int64_t bad_lines;
	size_t taken; /* of TAKE_BYTES */
	bool ended, failed, summed;

	/* Without a slider. */
	struct input *in;
	bool started; /* a record with a timestamp was met */

	/* With one. */
	struct tape *tape;
	bool known;           /* the tape is */
	size_t begin, end;    /* of the lines that are played */
	size_t at;            /* the next */
	double speed;
	bool paused;
	int64_t anchor, anchor_now; /* at ANCHOR_NOW it stood at ANCHOR */
};

struct player *
player_open(const struct player_config *config, struct err *err)
{
	struct player *p = xcalloc(1, sizeof(*p));

	p->config = *config;
	p->file = xstrdup(config->file);
	p->range = config->range;
	p->speed = config->speed;
	p->lines = line_reader_new();
	if (config->slider)
		p->tape = tape_open(config->file, config->index_bytes, err);
	else
		p->in = input_open(config->file, LINE_LIMIT, err);
	if (p->tape || p->in)
		return p;
	player_free(p);
	return NULL;
}

void
player_free(struct player *p)
{
	if (!p)
		return;
	tape_close(p->tape);
	input_close(p->in);
	line_reader_free(p->lines);
	free(p->file);
	free(p);
}

void
player_release(struct player *p)
{
	line_release(p->lines);
}

/* ---- lines ---- */

static void
complain_line(struct player *p, const struct input_line *line, const char *what)
{
	struct err err;

	if (p->bad_lines++ >= TOLD_MOST)
		return;
	err_set(&err, "%s:%lld: %s; the line is passed over", p->file, (long long)line->number, what);
	p->config.complain(p->config.ctx, err.text);
}

/* At the end: how many more there were than were told. */
static void
sum_up(struct player *p)
{
	struct err err;

	if (p->summed || p->bad_lines <= TOLD_MOST)
		return;
	p->summed = true;
	err_set(&err, "%s: %lld more lines like these were passed over", p->file, (long long)p->bad_lines - TOLD_MOST);
	p->config.complain(p->config.ctx, err.text);
}

static void
fail(struct player *p, const char *sentence)
{
	p->failed = true;
	p->config.complain(p->config.ctx, sentence);
}

/* False with what is wrong about LINE. */
static bool
read_line(struct player *p, const struct input_line *line, struct record *out, struct err *err)
{
	if (line->cut)
		return err_set(err, "longer than %d MiB", LINE_LIMIT >> 20);
	if (line_read(p->lines, line->text, out, err))
		return true;
	if (line->torn)
		err_set(err, "the file ends in the middle of this line");
	return false;
}

/* ---- without a slider ---- */

static bool
next_in_file(struct player *p, struct record *out)
{
	struct input_line line;
	enum input_got got = INPUT_LINE;
	struct err err;

	while (p->taken < TAKE_BYTES && input_ready(p->in) && (got = input_next(p->in, &line, &err)) == INPUT_LINE) {
		p->taken += line.text.n + LINE_COST;
		if (!read_line(p, &line, out, &err)) {
			complain_line(p, &line, err.text);
			continue;
		}
		if (!p->started && out->timestamp >= 0) {
			range_settle(&p->range, out->timestamp);
			p->started = true;
		}
		if (range_has(&p->range, out))
			return true;
	}
	if (got == INPUT_FAILED)
		fail(p, err.text);
	p->ended = got != INPUT_LINE;
	return false;
}

static size_t
take_from_file(struct player *p, struct record *out, size_t cap)
{
	size_t n = 0;

	while (n < cap && !p->ended && next_in_file(p, &out[n]))
		n++;
	return n;
}

/* ---- with a slider ---- */

static int64_t
last_time(const struct player *p)
{
	return p->end > p->begin ? tape_time(p->tape, p->end - 1) : p->anchor;
}

static int64_t
first_time(const struct player *p)
{
	return p->end > p->begin ? tape_time(p->tape, p->begin) : p->anchor;
}

/* Where it stands at NOW. */
static int64_t
time_at(const struct player *p, int64_t now)
{
	int64_t last = last_time(p);
	double time;

	if (p->paused)
		return p->anchor;
	if (isinf(p->speed))
		return last;
	time = (double)p->anchor + (double)(now - p->anchor_now) * p->speed;
	return time < (double)last ? (int64_t)time : last;
}

/* The same, for the user: at the highest speed that is as far as records were given out. */
static int64_t
stands_at(const struct player *p, int64_t now)
{
	if (p->paused || !isinf(p->speed))
		return time_at(p, now);
	return p->at > p->begin ? tape_time(p->tape, p->at - 1) : first_time(p);
}

/* From NOW on it stands at TIME. */
static void
anchor(struct player *p, int64_t now, int64_t time)
{
	p->anchor = time;
	p->anchor_now = now;
}

/* The times are known: it plays from here on. */
static void
begin(struct player *p, int64_t now)
{
	const struct bound *from = &p->range.from, *to = &p->range.to;
	size_t all = tape_count(p->tape);

	p->known = true;
	if (all > 0)
		range_settle(&p->range, tape_time(p->tape, 0));
	p->begin = from->kind == BOUND_TIME ? tape_until(p->tape, from->number - 1) : 0;
	p->end = to->kind == BOUND_TIME ? tape_until(p->tape, to->number - 1) : all;
	if (p->end < p->begin)
		p->end = p->begin;
	p->at = p->begin;
	anchor(p, now, first_time(p));
	if (tape_problem(p->tape)[0])
		fail(p, tape_problem(p->tape));
}

/* The next line that is good and asked for, of those that come up to TIME. */
static bool
next_on_tape(struct player *p, int64_t time, struct record *out)
{
	struct input_line line;
	struct err err;

	for (; p->at < p->end && p->taken < TAKE_BYTES && tape_time(p->tape, p->at) <= time; p->at++) {
		bool there = tape_line(p->tape, p->at, &line);

		p->taken += line.text.n + LINE_COST;
		if (!there)
			err_set(&err, "the line is no longer there");
		if (there && read_line(p, &line, out, &err)) {
			if (!range_has(&p->range, out))
				continue;
			p->at++;
			return true;
		}
		if (tape_first_complaint(p->tape, p->at))
			complain_line(p, &line, err.text);
	}
	return false;
}

static size_t
take_from_tape(struct player *p, int64_t now, struct record *out, size_t cap)
{
	int64_t time;
	size_t n = 0;

	if (!p->known && tape_index(p->tape))
		return 0;
	if (!p->known)
		begin(p, now);
	time = time_at(p, now);
	while (n < cap && next_on_tape(p, time, &out[n]))
		n++;
	return n;
}

size_t
player_take(struct player *p, int64_t now, struct record *out, size_t cap)
{
	size_t n;

	p->taken = 0;
	n = p->in ? take_from_file(p, out, cap) : take_from_tape(p, now, out, cap);
	if (player_ended(p))
		sum_up(p);
	return n;
}

bool
player_ended(const struct player *p)
{
	return p->in ? p->ended : p->known && p->at == p->end;
}

int64_t
player_due(struct player *p, int64_t now)
{
	double wait;

	if (player_ended(p))
		return INT64_MAX;
	if (p->in ? !input_ready(p->in) : tape_waits(p->tape))
		return now + PIPE_MS;
	if (p->in || !p->known || tape_time(p->tape, p->at) <= time_at(p, now))
		return now;
	if (p->paused)
		return INT64_MAX;
	wait = ceil((double)(tape_time(p->tape, p->at) - p->anchor) / p->speed);
	return p->anchor_now + (int64_t)fmin(wait, (double)LAST_MS); /* however slow */
}

bool
player_idle(struct player *p, int64_t now)
{
	return player_ended(p) || (p->tape && p->paused && player_due(p, now) == INT64_MAX);
}

bool
player_seek(struct player *p, int64_t now, int64_t time)
{
	bool back;

	if (!p->known)
		return false;
	if (time < first_time(p))
		time = first_time(p);
	if (time > last_time(p))
		time = last_time(p);
	back = tape_until(p->tape, time) < p->at;
	if (back)
		p->at = p->begin;
	if (isinf(p->speed)) {
		p->speed = 1;
		p->paused = true;
	}
	anchor(p, now, time);
	return back;
}

void
player_rewind(struct player *p)
{
	if (p->known)
		p->at = p->begin;
	p->paused = false;
}

void
player_pause(struct player *p, int64_t now, bool on)
{
	if (p->known)
		anchor(p, now, stands_at(p, now));
	if (isinf(p->speed))
		p->speed = 1;
	p->paused = on;
}

void
player_set_speed(struct player *p, int64_t now, double speed)
{
	if (p->known)
		anchor(p, now, stands_at(p, now));
	p->speed = speed;
}

void
player_status(struct player *p, int64_t now, struct playback *out)
{
	*out = (struct playback){
		.there = p->tape != NULL, .indexing = p->tape && !p->known, .paused = p->paused, .speed = p->speed,
	};
	if (!p->known)
		return;
	out->first = first_time(p);
	out->last = last_time(p);
	out->at = stands_at(p, now);
}

int64_t
player_bad_lines(const struct player *p)
{
	return p->bad_lines;
}

bool
player_failed(const struct player *p)
{
	return p->failed;
}
