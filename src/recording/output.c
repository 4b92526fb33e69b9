/* SPDX-License-Identifier: MIT */
#include "recording/output.h"

#include "base/alloc.h"
#include "base/standard_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct output {
	char *name;
	int fd;
	bool standard;
	bool made;    /* here: it was not there before */
	int why;      /* the error of the first write that failed */
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

static int
open_file(const char *file, bool force, bool *made, struct err *err)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0666);
	struct stat st;

	*made = fd >= 0;
	if (fd < 0 && errno == EEXIST && force)
		fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC, 0666);
	if (fd < 0 && errno == EEXIST && stat(file, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		fd = open(file, O_WRONLY | O_CLOEXEC); /* a pipe or device holds nothing that could be lost */
	if (fd >= 0)
		return fd;
	if (errno == EEXIST)
		err_set(err, "%s is there already: --force overwrites it", file);
	else
		err_set(err, "cannot write %s: %s", file, strerror(errno));
	return -1;
}

struct output *
output_open(const char *file, bool force, struct err *err)
{
	bool standard = strcmp(file, "-") == 0, packed = ends_in(file, ".gz"), made = false;
	struct output *o;
	struct stat st;
	gzFile gz;
	int fd;

	if (!check_name(file, err))
		return NULL;
	fd = standard ? dup(STDOUT_FILENO) : open_file(file, force, &made, err);
	if (fd < 0 && standard)
		err_set(err, "cannot write standard output: %s", strerror(errno));
	if (fd < 0)
		return NULL;
	gz = packed ? gzdopen(fd, "wb2") : NULL;
	if (packed && !gz) {
		err_set(err, "cannot compress %s: %s", file, strerror(errno));
		close(fd);
		return NULL;
	}
	o = xcalloc(1, sizeof(*o));
	o->name = xstrdup(standard ? "standard output" : file);
	o->fd = fd;
	o->standard = standard;
	o->made = made;
	o->gz = gz;
	o->whole = !standard && !o->gz && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? 0 : -1;
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
output_close(struct output *o, struct err *err)
{
	bool regular, ok;
	struct stat st;

	if (!o)
		return true;
	regular = fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode);
	ok = !o->gz || gzflush(o->gz, Z_FINISH) == Z_OK || complain(o, err);
	if (ok && regular && fsync(o->fd) != 0)
		ok = complain(&(struct output){.name = o->name, .standard = o->standard}, err);
	if ((o->gz ? gzclose_w(o->gz) != Z_OK : close(o->fd) != 0) && ok)
		ok = complain(&(struct output){.name = o->name, .standard = o->standard}, err);
	free(o->name);
	free(o);
	return ok;
}

bool
output_remove(const struct output *o)
{
	struct stat opened, named;

	return o->made && fstat(o->fd, &opened) == 0 && stat(o->name, &named) == 0 &&
	       opened.st_dev == named.st_dev && opened.st_ino == named.st_ino && unlink(o->name) == 0;
}
