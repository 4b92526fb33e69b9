/* SPDX-License-Identifier: MIT */
#include "recording/input.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
	PIECE = 256 * 1024,
	GZIP_ONLY = 16 /* to zlib */
};

struct input {
	char *name;
	int fd;
	bool regular;
	bool known, packed;   /* whether it is compressed, once its first bytes are there */
	z_stream z;           /* its input is what was read into RAW and not used */
	unsigned char *raw;
	size_t members;       /* of the compressed file, that have ended */
	size_t limit;
	char *bytes;
	size_t cap, from, to; /* what is read and not given out: bytes[from..to) */
	int64_t number, at;
	bool ended, failed;
	struct err problem;
};

struct input *
input_open(const char *file, size_t limit, struct err *err)
{
	bool standard = strcmp(file, "-") == 0;
	int fd = standard ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC);
	struct stat st = {0};
	struct input *in;
	bool folder = fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);

	if (fd < 0 || folder) {
		err_set(err, "cannot read the recording %s: %s", file, folder ? "it is a folder" : strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	in = xcalloc(1, sizeof(*in));
	in->name = xstrdup(standard ? "standard input" : file);
	in->fd = fd;
	in->regular = S_ISREG(st.st_mode) && !standard;
	in->limit = limit;
	in->raw = xmalloc(PIECE);
	return in;
}

void
input_close(struct input *in)
{
	if (!in)
		return;
	if (in->packed)
		inflateEnd(&in->z);
	close(in->fd);
	free(in->raw);
	free(in->bytes);
	free(in->name);
	free(in);
}

/* What there is, at most SIZE bytes of it: nobody waits for more. 0 at the end, and when reading failed. */
static size_t
read_some(struct input *in, void *out, size_t size)
{
	ssize_t n;

	do
		n = read(in->fd, out, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		err_set(&in->problem, "cannot read %s: %s", in->name, strerror(errno));
	return n > 0 ? (size_t)n : 0;
}

/* Whether it is compressed is in its first two bytes. */
static void
look(struct input *in)
{
	size_t n = 0, more;

	if (in->known)
		return;
	in->known = true;
	while (n < 2 && (more = read_some(in, in->raw + n, PIECE - n)) > 0)
		n += more;
	in->packed = n >= 2 && in->raw[0] == 0x1f && in->raw[1] == 0x8b &&
		     inflateInit2(&in->z, MAX_WBITS + GZIP_ONLY) == Z_OK;
	in->z.next_in = in->raw;
	in->z.avail_in = (uInt)n;
}

int
input_file(struct input *in)
{
	if (!in->regular)
		return -1;
	look(in);
	return in->packed ? -1 : in->fd;
}

static size_t
read_plain(struct input *in, char *out)
{
	size_t n = in->z.avail_in;

	if (n == 0)
		return read_some(in, out, PIECE);
	memcpy(out, in->z.next_in, n);
	in->z.avail_in = 0;
	return n;
}

/* Compressed bytes to go on with; false at the end, which should not be inside a member. */
static bool
refill(struct input *in)
{
	if (in->z.avail_in > 0)
		return true;
	in->z.next_in = in->raw;
	in->z.avail_in = (uInt)read_some(in, in->raw, PIECE);
	if (in->z.avail_in == 0 && in->z.total_in > 0 && !in->problem.text[0])
		err_set(&in->problem, "%s: the compressed data ends in its middle; what stood before is read",
			in->name);
	return in->z.avail_in > 0;
}

/* A file may have several members, one behind the other; what is none behind the last is not looked at. */
static size_t
read_packed(struct input *in, char *out)
{
	int code = Z_OK;

	in->z.next_out = (unsigned char *)out;
	in->z.avail_out = PIECE;
	while (code == Z_OK && in->z.avail_out == PIECE && refill(in)) {
		code = inflate(&in->z, Z_SYNC_FLUSH);
		if (code == Z_STREAM_END) {
			in->members++;
			code = inflateReset(&in->z);
		}
	}
	if (code != Z_OK && (in->members == 0 || in->z.total_out > 0))
		err_set(&in->problem, "%s: the compressed data is damaged from line %lld on (%s)", in->name,
			(long long)in->number + 1, in->z.msg ? in->z.msg : zError(code));
	return PIECE - in->z.avail_out;
}

/* Read another piece; false when nothing came. */
static bool
fill(struct input *in)
{
	size_t n;

	if (in->ended)
		return false;
	look(in);
	if (in->from > 0)
		memmove(in->bytes, in->bytes + in->from, in->to - in->from);
	in->to -= in->from;
	in->from = 0;
	if (in->cap - in->to < PIECE) {
		in->cap = in->cap * 2 + PIECE;
		in->bytes = xreallocarray(in->bytes, in->cap, 1);
	}
	n = in->packed ? read_packed(in, in->bytes + in->to) : read_plain(in, in->bytes + in->to);
	in->to += n;
	in->failed = in->problem.text[0] != '\0';
	in->ended = n == 0 || in->failed;
	return n > 0;
}

/* Drop the rest of a line that is too long. */
static void
pass_over(struct input *in)
{
	const char *newline;

	do {
		newline = in->to > in->from ? memchr(in->bytes + in->from, '\n', in->to - in->from) : NULL;
		if (newline) {
			in->at += newline + 1 - (in->bytes + in->from);
			in->from = (size_t)(newline + 1 - in->bytes);
			return;
		}
		in->at += (int64_t)(in->to - in->from);
		in->from = in->to;
	} while (fill(in));
}

/* The place of the newline behind the line at hand, -1 when none came (yet). */
static int64_t
find_newline(struct input *in)
{
	size_t seen = 0;

	for (;;) {
		size_t n = in->to - in->from;
		const char *newline = n > seen ? memchr(in->bytes + in->from + seen, '\n', n - seen) : NULL;

		if (newline)
			return newline - (in->bytes + in->from);
		seen = n;
		if (n > in->limit || !fill(in))
			return -1;
	}
}

bool
input_ready(const struct input *in)
{
	struct pollfd fd = {.fd = in->fd, .events = POLLIN};

	return in->regular || in->ended || in->z.avail_in > 0 ||
	       (in->to > in->from && memchr(in->bytes + in->from, '\n', in->to - in->from)) ||
	       poll(&fd, 1, 0) != 0;
}

enum input_got
input_next(struct input *in, struct input_line *out, struct err *err)
{
	int64_t newline = find_newline(in);
	size_t n = newline >= 0 ? (size_t)newline : in->to - in->from;

	if (newline < 0 && n == 0) {
		if (in->failed)
			*err = in->problem;
		return in->failed ? INPUT_FAILED : INPUT_END;
	}
	*out = (struct input_line){
		.text = {in->bytes + in->from, n}, .number = ++in->number, .at = in->at, .cut = n > in->limit,
		.torn = newline < 0 && in->ended,
	};
	in->at += (int64_t)n + (newline >= 0);
	in->from += n + (newline >= 0);
	if (out->cut) {
		out->text.n = 0;
		if (newline < 0)
			pass_over(in);
	}
	out->next = in->at;
	return INPUT_LINE;
}
