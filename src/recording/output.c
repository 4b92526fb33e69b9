/* SPDX-License-Identifier: MIT */
#include "recording/output.h"

#include "base/alloc.h"
#include "base/replace.h"
#include "base/signals.h"
#include "base/standard_output.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct output {
	char *name;
	int fd;
	bool standard; /* it is standard output */
	bool made;    /* here: it was not there before */
	int why;      /* the error of the first write that failed */
	struct replace *replace; /* whose FD it is; NULL: it is written where it is */
	gzFile gz;    /* NULL: written as it is */
	off_t whole;  /* bytes of whole lines in the file; -1: it cannot be shortened */
};

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

/* Names that promise what is not written here. */
static bool
check_name(const char *file, struct err *err)
{
	static const char *const others[] = {".zst", ".lz4", ".xz", ".bz2"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (ends_in(file, others[i]))
			return err_set(err, "%s: of the compressed formats .gz alone is written; for %s name the "
				       "output - and pipe it through that program", file, others[i]);
	return true;
}

/* /dev/stdout and its kind are links to where a descriptor goes, which is not what they mean: -1, FILE is none. */
static int
named_descriptor(const char *file)
{
	static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
	char *end;
	long fd;

	if (strcmp(file, "-") == 0 || strcmp(file, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(file, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		size_t n = strlen(folders[i]);

		if (strncmp(file, folders[i], n) != 0 || !isdigit((unsigned char)file[n]))
			continue;
		fd = strtol(file + n, &end, 10);
		return *end || fd > INT_MAX ? -1 : (int)fd;
	}
	return -1;
}

static bool
open_hidden(struct output *o, bool over, struct err *err)
{
	o->replace = replace_open(o->name, over, err);
	if (o->replace)
		o->fd = replace_fd(o->replace);
	return o->replace;
}

static bool
open_visible(struct output *o, int flags, struct err *err)
{
	o->fd = open(o->name, O_WRONLY | O_CLOEXEC | flags, 0666);
	o->made = flags & O_EXCL;
	return o->fd >= 0 || err_set(err, "cannot write %s: %s", o->name, strerror(errno));
}

/* A pipe or device holds nothing that could be lost; nor does a link that leads nowhere yet. */
static bool
open_file(struct output *o, unsigned flags, struct err *err)
{
	struct stat st, link;

	if (stat(o->name, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return open_visible(o, 0, err);
		if (flags & OUTPUT_FORCE)
			return open_hidden(o, true, err);
		return err_set(err, "%s is there already: --force overwrites it", o->name);
	}
	if (lstat(o->name, &link) == 0)
		return open_visible(o, O_CREAT, err);
	return flags & OUTPUT_WHOLE ? open_hidden(o, flags & OUTPUT_FORCE, err)
				    : open_visible(o, O_CREAT | O_EXCL, err);
}

static bool
open_output(struct output *o, const char *file, unsigned flags, struct err *err)
{
	int named = named_descriptor(file);

	if (named < 0)
		return open_file(o, flags, err);
	o->standard = named == STDOUT_FILENO;
	o->fd = fcntl(named, F_DUPFD_CLOEXEC, 0);
	return o->fd >= 0 || err_set(err, "cannot write %s: %s", o->name, strerror(errno));
}

/* Compressed through a descriptor of its own, which closing it takes along. */
static bool
open_packed(struct output *o, struct err *err)
{
	int fd = fcntl(o->fd, F_DUPFD_CLOEXEC, 0);

	o->gz = fd >= 0 ? gzdopen(fd, "wb2") : NULL;
	if (!o->gz && fd >= 0)
		close(fd);
	return o->gz || err_set(err, "cannot compress %s: %s", o->name, strerror(errno));
}

static void
output_free(struct output *o)
{
	if (o->replace)
		replace_drop(o->replace);
	else if (o->fd >= 0)
		close(o->fd);
	free(o->name);
	free(o);
}

struct output *
output_open(const char *file, unsigned flags, struct err *err)
{
	struct output *o;
	struct stat st;

	if (!check_name(file, err))
		return NULL;
	o = xcalloc(1, sizeof(*o));
	o->fd = -1;
	o->whole = -1;
	o->name = xstrdup(strcmp(file, "-") == 0 ? "standard output" : file);
	if (!open_output(o, file, flags, err) || (ends_in(file, ".gz") && !open_packed(o, err))) {
		output_free(o);
		return NULL;
	}
	if (named_descriptor(file) < 0 && !o->gz && fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode))
		o->whole = 0;
	return o;
}

/* What failed once fails again: by the error that it was then. */
static bool
complain(struct output *o, struct err *err)
{
	int code = Z_ERRNO;
	const char *text = o->gz ? gzerror(o->gz, &code) : NULL;

	if (!o->why)
		o->why = errno;
	if (o->standard)
		standard_output_failed(o->why);
	return err_set(err, "cannot write %s: %s", o->name, code == Z_ERRNO ? strerror(o->why) : text);
}

static size_t
count_lines(struct slice text, size_t *bytes)
{
	size_t n = 0;

	*bytes = 0;
	for (const char *p = text.p, *end = text.p + text.n; p < end && (p = memchr(p, '\n', (size_t)(end - p)));) {
		*bytes = (size_t)(++p - text.p);
		n++;
	}
	return n;
}

/* Of LINES only DONE bytes were written: none of them stays in half. */
static size_t
give_up(struct output *o, struct slice lines, size_t done)
{
	int why = errno;
	size_t bytes, whole = count_lines((struct slice){lines.p, done}, &bytes);

	if (o->whole >= 0 && ftruncate(o->fd, o->whole + (off_t)bytes) != 0)
		o->whole = -1;
	errno = why;
	return whole;
}

bool
output_write(struct output *o, struct slice lines, size_t *whole, struct err *err)
{
	size_t done = 0;

	while (done < lines.n) {
		size_t left = lines.n - done, most = left < 1 << 30 ? left : 1 << 30;
		ssize_t n = o->gz ? gzwrite(o->gz, lines.p + done, (unsigned)most) : write(o->fd, lines.p + done, most);

		if (n <= 0 && !(n < 0 && errno == EINTR && !o->gz)) {
			*whole = o->gz ? 0 : give_up(o, lines, done);
			return complain(o, err);
		}
		done += n > 0 ? (size_t)n : 0;
	}
	if (o->whole >= 0)
		o->whole += (off_t)lines.n;
	return true;
}

bool
output_flush(struct output *o, struct err *err)
{
	return !o->gz || gzflush(o->gz, Z_SYNC_FLUSH) == Z_OK || complain(o, err);
}

bool
output_packed(const struct output *o)
{
	return o->gz != NULL;
}

bool
output_hidden(const struct output *o)
{
	return o->replace != NULL;
}

/* All that was written is with the system, and on the disk where it is a file. */
static bool
finish(struct output *o, struct err *err)
{
	struct stat st;
	bool ok = !o->gz || gzflush(o->gz, Z_FINISH) == Z_OK || complain(o, err);
	bool closed = !o->gz || gzclose_w(o->gz) == Z_OK;

	o->gz = NULL;
	if (ok && !closed)
		ok = complain(o, err);
	if (ok && !signals_leaving() && fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode) && fsync(o->fd) != 0)
		ok = complain(o, err);
	return ok && (!o->why || !o->replace);
}

bool
output_close(struct output *o, struct err *err)
{
	struct replace *replace;
	bool ok;

	if (!o)
		return true;
	ok = finish(o, err);
	replace = o->replace;
	if (ok && replace) {
		o->replace = NULL;
		o->fd = -1;
		ok = replace_finish(replace, err);
	} else if (ok) {
		ok = close(o->fd) == 0 || complain(o, err);
		o->fd = -1;
	}
	output_free(o);
	return ok;
}

/* The file that was made is still the one of that name. */
static bool
remove_made(const struct output *o)
{
	struct stat opened, named;

	return o->made && fstat(o->fd, &opened) == 0 && stat(o->name, &named) == 0 &&
	       opened.st_dev == named.st_dev && opened.st_ino == named.st_ino && unlink(o->name) == 0;
}

bool
output_drop(struct output *o)
{
	bool gone = o->replace || remove_made(o);

	if (o->gz)
		gzclose_w(o->gz);
	output_free(o);
	return gone;
}
