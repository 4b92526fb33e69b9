/* SPDX-License-Identifier: MIT */
#include "recording/tape.h"

#include "base/alloc.h"
#include "base/hashtable.h"
#include "recording/line.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 4 << 20, LANES = 20000 };

struct entry {
	uint64_t at : 63; /* in the unpacked text */
	uint64_t complained : 1;
	int64_t time;
};

/* A partition: the latest timestamp so far. */
struct lane {
	uint64_t key;
	int64_t time;
	UT_hash_handle hh;
};

struct tape {
	struct input *in;
	FILE *copy;   /* the unpacked text, NULL: the file itself has it */
	int fd;       /* where it can be read again */
	struct entry *entries; /* in the order of the file */
	size_t n, cap, most;
	int64_t end;  /* of the text */
	uint32_t *order; /* entries by time; NULL: they are */
	struct lane *lanes; /* LANES at most */
	struct lane others; /* of all further partitions together */
	int64_t time; /* of the last line */
	bool sorted, known;
	int no_room;  /* the error by which the copy ended */
	struct err problem;
	char *line;
	size_t line_cap;
};

/* ---- what is looked at of a line ---- */

/* What stands behind the field NAME (with its quotes) of an object; null: it has none. A
 * quote inside a text is escaped, so NAME and a colon are no text. */
static struct slice
find_field(struct slice line, const char *name)
{
	const char *end = line.p + line.n;
	size_t length = strlen(name);

	while ((line.p = memmem(line.p, line.n, name, length))) {
		line.p += length;
		while (line.p < end && (*line.p == ' ' || *line.p == '\t'))
			line.p++;
		if (line.p < end && *line.p == ':') {
			do
				line.p++;
			while (line.p < end && (*line.p == ' ' || *line.p == '\t'));
			return (struct slice){line.p, (size_t)(end - line.p)};
		}
		line.n = (size_t)(end - line.p);
	}
	return (struct slice){0};
}

/* -1: no whole number from 0 on. */
static int64_t
find_number(struct slice line, const char *name)
{
	struct slice s = line;
	int64_t n = 0;

	do /* a header may be named like it */
		s = find_field(s, name);
	while (s.p && (s.n == 0 || !isdigit((unsigned char)*s.p)));
	if (!s.p)
		return -1;
	for (; s.n > 0 && isdigit((unsigned char)*s.p); s.p++, s.n--)
		n = n > LAST_MS ? n : n * 10 + (*s.p - '0');
	return n;
}

/* Something that differs between partitions, FNV-1a of their topic and number. */
static uint64_t
lane_key(struct slice line)
{
	struct slice topic = find_field(line, "\"t\"");
	uint64_t key = UINT64_C(14695981039346656037);

	if (topic.n > 0 && *topic.p == '"')
		for (size_t i = 1; i < topic.n && (topic.p[i] != '"' || topic.p[i - 1] == '\\'); i++)
			key = (key ^ (unsigned char)topic.p[i]) * UINT64_C(1099511628211);
	return (key ^ (uint64_t)find_number(line, "\"p\"")) * UINT64_C(1099511628211);
}

static struct lane *
lane_of(struct tape *t, struct slice line)
{
	uint64_t key = lane_key(line);
	struct lane *lane;

	HASH_FIND(hh, t->lanes, &key, sizeof(key), lane);
	if (lane)
		return lane;
	if (HASH_COUNT(t->lanes) == LANES)
		return &t->others;
	lane = xcalloc(1, sizeof(*lane));
	lane->key = key;
	lane->time = -1;
	HASH_ADD(hh, t->lanes, key, sizeof(lane->key), lane);
	return lane;
}

/* -1: no timestamp was met yet. */
static int64_t
time_of(struct tape *t, struct slice line)
{
	struct lane *lane = lane_of(t, line);
	int64_t time = find_number(line, "\"ts\"");

	if (time > LAST_MS)
		time = LAST_MS;
	if (time < 0)
		time = lane->time >= 0 ? lane->time : t->time;
	if (time > lane->time)
		lane->time = time;
	return lane->time;
}

/* ---- the index ---- */

struct tape *
tape_open(const char *file, size_t most_bytes, struct err *err)
{
	struct input *in = input_open(file, LINE_LIMIT, err);
	struct tape *t;

	if (!in)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	t->in = in;
	t->fd = input_file(in);
	t->most = most_bytes / TAPE_LINE_BYTES;
	if (t->most > UINT32_MAX)
		t->most = UINT32_MAX;
	t->sorted = true;
	t->time = t->others.time = -1;
	if (t->fd < 0)
		t->copy = tmpfile();
	if (t->fd >= 0 || t->copy)
		return t;
	err_set(err, "cannot unpack %s to a temporary file in " P_tmpdir ": %s", file, strerror(errno));
	tape_close(t);
	return NULL;
}

void
tape_close(struct tape *t)
{
	struct lane *lane, *next;

	if (!t)
		return;
	HASH_ITER (hh, t->lanes, lane, next) {
		HASH_DEL(t->lanes, lane);
		free(lane);
	}
	input_close(t->in);
	if (t->copy)
		fclose(t->copy);
	free(t->entries);
	free(t->order);
	free(t->line);
	free(t);
}

static bool
copy_line(struct tape *t, const struct input_line *line)
{
	if (!t->copy || (fwrite(line->text.p, 1, line->text.n, t->copy) == line->text.n &&
			 (line->torn || fputc('\n', t->copy) != EOF)))
		return true;
	t->no_room = errno;
	return false;
}

/* Put LINE on the tape; false: the tape ends before it. */
static bool
add_line(struct tape *t, const struct input_line *line)
{
	int64_t time = time_of(t, line->text);

	if (t->n == t->most)
		return err_set(&t->problem, "the index of the recording is full at %zu records: --index-mb makes room "
			       "for more", t->n);
	if (!copy_line(t, line))
		return false;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 1024;
		t->entries = xreallocarray(t->entries, t->cap, sizeof(*t->entries));
	}
	t->sorted = t->sorted && time >= t->time;
	t->time = time;
	t->entries[t->n++] = (struct entry){.at = (uint64_t)t->end, .time = time};
	/* A line that is too long stays in its place, empty in a copy. */
	t->end = t->copy ? t->end + (int64_t)line->text.n + !line->torn : line->next;
	return true;
}

static int
by_time(const void *a, const void *b, void *entries)
{
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	const struct entry *x = (const struct entry *)entries + i, *y = (const struct entry *)entries + j;

	return x->time != y->time ? (x->time > y->time) - (x->time < y->time) : (i > j) - (i < j);
}

/* Lines before the first timestamp are as old as the oldest. */
static void
fill_times(struct tape *t)
{
	int64_t oldest = -1;

	for (size_t i = 0; i < t->n; i++)
		if (t->entries[i].time >= 0 && (oldest < 0 || t->entries[i].time < oldest))
			oldest = t->entries[i].time;
	for (size_t i = 0; i < t->n && t->entries[i].time < 0; i++)
		t->entries[i].time = oldest < 0 ? 0 : oldest;
}

/* Of the copy what reached the disk is played: whole lines, whatever became of the rest. */
static void
keep_written(struct tape *t)
{
	struct stat st = {0};

	if (fflush(t->copy) != 0 && !t->no_room)
		t->no_room = errno;
	t->fd = fileno(t->copy);
	fstat(t->fd, &st);
	while (t->n > 0 && t->end > st.st_size)
		t->end = (int64_t)t->entries[--t->n].at;
	if (t->no_room)
		err_set(&t->problem, "no room in " P_tmpdir " to unpack more than %zu records of the recording: %s",
			t->n, strerror(t->no_room));
}

static void
finish(struct tape *t)
{
	t->known = true;
	if (t->copy)
		keep_written(t);
	fill_times(t);
	if (t->sorted || t->n == 0)
		return;
	t->order = xreallocarray(NULL, t->n, sizeof(*t->order));
	for (size_t i = 0; i < t->n; i++)
		t->order[i] = (uint32_t)i;
	qsort_r(t->order, t->n, sizeof(*t->order), by_time, t->entries);
}

bool
tape_index(struct tape *t)
{
	struct input_line line;
	int64_t piece = t->end + PIECE_BYTES;

	while (!t->known && t->end < piece && input_ready(t->in)) {
		enum input_got got = input_next(t->in, &line, &t->problem);

		if (got != INPUT_LINE || !add_line(t, &line))
			finish(t);
	}
	return !t->known;
}

bool
tape_waits(const struct tape *t)
{
	return !t->known && !input_ready(t->in);
}

const char *
tape_problem(const struct tape *t)
{
	return t->problem.text;
}

/* ---- the tape ---- */

static size_t
entry_of(const struct tape *t, size_t i)
{
	return t->order ? t->order[i] : i;
}

size_t
tape_count(const struct tape *t)
{
	return t->n;
}

int64_t
tape_time(const struct tape *t, size_t i)
{
	return t->entries[entry_of(t, i)].time;
}

size_t
tape_until(const struct tape *t, int64_t time)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (tape_time(t, middle) <= time)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Read N bytes at AT; how many came. */
static size_t
read_at(int fd, char *out, size_t n, uint64_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, out + done, n - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return done;
}

bool
tape_line(struct tape *t, size_t i, struct input_line *out)
{
	size_t number = entry_of(t, i);
	uint64_t at = t->entries[number].at, end = number + 1 < t->n ? t->entries[number + 1].at : (uint64_t)t->end;
	size_t n = end - at;

	*out = (struct input_line){.number = (int64_t)number + 1, .at = (int64_t)at};
	if (n > (size_t)LINE_LIMIT + 1) {
		out->cut = true;
		return true;
	}
	if (n > t->line_cap) {
		t->line_cap = n * 2;
		t->line = xreallocarray(t->line, t->line_cap, 1);
	}
	n = read_at(t->fd, t->line, n, at);
	out->torn = n == 0 || t->line[n - 1] != '\n';
	out->text = (struct slice){t->line, n - !out->torn};
	return n > 0;
}

bool
tape_first_complaint(struct tape *t, size_t i)
{
	struct entry *e = &t->entries[entry_of(t, i)];
	bool first = !e->complained;

	e->complained = true;
	return first;
}
