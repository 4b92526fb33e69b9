/* SPDX-License-Identifier: MIT */
#include "base/replace.h"

#include "base/alloc.h"
#include "base/rng.h"
#include "base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 100 };

struct replace {
	char *shown;   /* the file as the user named it */
	char *file;    /* links followed */
	char *beside;  /* the name of what is written, NULL while it has none */
	int fd;
	bool over;
};

/* The folder of FILE; the caller's to free. */
static char *
folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return !slash ? xstrdup(".") : slash == file ? xstrdup("/") : xstrndup(file, (size_t)(slash - file));
}

/* A hidden name in the folder of the file, that nobody has. */
static char *
name_beside(const struct replace *r)
{
	char *folder = folder_of(r->file), *name, id[UUID_TEXT];
	const char *slash = strrchr(r->file, '/');
	struct rng rng = rng_from_system();

	rng_uuid(&rng, id);
	name = xasprintf("%s/.%.200s.%.8s", folder, slash ? slash + 1 : r->file, id);
	free(folder);
	return name;
}

static int
open_nameless(const struct replace *r)
{
	char *folder = folder_of(r->file);
	int fd = access("/proc/self/fd", X_OK) == 0 ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;

	free(folder);
	return fd;
}

static int
open_named(struct replace *r)
{
	int fd = -1;

	for (int i = 0; i < NAME_TRIES && fd < 0; i++) {
		free(r->beside);
		r->beside = name_beside(r);
		fd = open(r->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0) {
		free(r->beside);
		r->beside = NULL;
	}
	return fd;
}

/* As the file that is replaced: who may write it goes on writing it. */
static void
take_mode(const struct replace *r)
{
	struct stat st;

	if (stat(r->file, &st) < 0)
		return; /* a new one has what the umask leaves */
	if (fchown(r->fd, st.st_uid, st.st_gid) < 0)
		st.st_mode &= ~(mode_t)(S_ISUID | S_ISGID);
	fchmod(r->fd, st.st_mode & 07777);
}

/* What could not be written before is not replaced either. */
static int
open_beside(struct replace *r)
{
	int fd;

	if (access(r->file, W_OK) < 0 && errno != ENOENT)
		return -1;
	fd = open_nameless(r);
	return fd >= 0 ? fd : open_named(r);
}

struct replace *
replace_open(const char *file, bool over, struct err *err)
{
	struct replace *r = xcalloc(1, sizeof(*r));
	char *resolved = realpath(file, NULL);

	r->shown = xstrdup(file);
	r->file = resolved ? resolved : xstrdup(file);
	r->over = over;
	r->fd = open_beside(r);
	if (r->fd >= 0) {
		take_mode(r);
		return r;
	}
	err_set(err, "cannot write %s: %s", file, strerror(errno));
	replace_drop(r);
	return NULL;
}

int
replace_fd(const struct replace *r)
{
	return r->fd;
}

/* The name NAME, which nobody has, for what was written. */
static bool
link_to(const struct replace *r, const char *name)
{
	char *self = xasprintf("/proc/self/fd/%d", r->fd);
	bool done = r->beside ? link(r->beside, name) == 0
			      : linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;

	free(self);
	return done;
}

/* Only a name can be renamed. */
static bool
give_name(struct replace *r)
{
	char *name = NULL;
	bool given = r->beside != NULL;

	for (int i = 0; i < NAME_TRIES && !given; i++) {
		free(name);
		name = name_beside(r);
		given = link_to(r, name);
		if (!given && errno != EEXIST)
			break;
	}
	if (given && !r->beside)
		r->beside = name;
	else
		free(name);
	return given;
}

static bool
take_place(struct replace *r)
{
	if (!r->over)
		return link_to(r, r->file);
	if (!give_name(r) || rename(r->beside, r->file) < 0)
		return false;
	free(r->beside);
	r->beside = NULL;
	return true;
}

/* So that a power cut does not undo it. */
static void
sync_folder(const struct replace *r)
{
	char *folder = folder_of(r->file);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

bool
replace_finish(struct replace *r, struct err *err)
{
	/* Who is leaving has 3 s: a disk may take longer, and what was written would be lost with its place. */
	bool done = (signals_leaving() || fsync(r->fd) == 0) && take_place(r);

	if (done)
		sync_folder(r);
	else if (errno == EEXIST)
		err_set(err, "%s is there already: --force overwrites it", r->shown);
	else
		err_set(err, "cannot write %s: %s", r->shown, strerror(errno));
	replace_drop(r);
	return done;
}

void
replace_drop(struct replace *r)
{
	if (!r)
		return;
	if (r->beside)
		unlink(r->beside);
	if (r->fd >= 0)
		close(r->fd);
	free(r->shown);
	free(r->file);
	free(r->beside);
	free(r);
}
