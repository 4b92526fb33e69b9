/* SPDX-License-Identifier: MIT */
#include "recording/input.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 256 * 1024 };

struct input {
	char *name;
	gzFile gz; /* reads what is not compressed as it is */
	int fd;    /* the gzFile's */
	bool regular;
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
	gzFile gz = fd >= 0 && !folder ? gzdopen(fd, "rb") : NULL;

	if (!gz) {
		err_set(err, "cannot read the recording %s: %s", file, folder ? "it is a folder" : strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	in = xcalloc(1, sizeof(*in));
	in->gz = gz;
	in->name = xstrdup(standard ? "standard input" : file);
	in->fd = fd;
	in->regular = S_ISREG(st.st_mode) && !standard;
	in->limit = limit;
	gzbuffer(in->gz, PIECE);
	return in;
}

void
input_close(struct input *in)
{
	if (!in)
		return;
	gzclose_r(in->gz);
	free(in->bytes);
	free(in->name);
	free(in);
}

int
input_file(struct input *in)
{
	return in->regular && gzdirect(in->gz) ? in->fd : -1;
}

/* Why the library stopped; false: it did not, the file is at its end. */
static bool
note_problem(struct input *in)
{
	int code;
	const char *text = gzerror(in->gz, &code);

	if (code == Z_OK || code == Z_STREAM_END)
		return false;
	if (code == Z_ERRNO)
		err_set(&in->problem, "cannot read %s: %s", in->name, strerror(errno));
	else if (code == Z_BUF_ERROR)
		err_set(&in->problem, "%s: the compressed data ends in its middle; what stood before is read",
			in->name);
	else
		err_set(&in->problem, "%s: the compressed data is damaged from line %lld on (%s)", in->name,
			(long long)in->number + 1, text);
	return true;
}

/* Read another piece; false when nothing came. */
static bool
fill(struct input *in)
{
	int n;

	if (in->ended)
		return false;
	if (in->from > 0)
		memmove(in->bytes, in->bytes + in->from, in->to - in->from);
	in->to -= in->from;
	in->from = 0;
	if (in->cap - in->to < PIECE) {
		in->cap = in->cap * 2 + PIECE;
		in->bytes = xreallocarray(in->bytes, in->cap, 1);
	}
	n = gzread(in->gz, in->bytes + in->to, PIECE);
	in->to += n > 0 ? (size_t)n : 0;
	in->ended = n <= 0;
	if (in->ended)
		in->failed = note_problem(in);
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
