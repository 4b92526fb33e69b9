/* SPDX-License-Identifier: MIT */
#include "conf/file.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
file_read(struct buf *out, const char *file, size_t limit, struct err *err)
{
	size_t start = out->n;
	ssize_t n = 1;
	int fd;

	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, "cannot read %s: %s", file, strerror(errno));
	while (n > 0 && out->n - start <= limit) {
		char *p = buf_reserve(out, 4096);

		n = read(fd, p, 4096);
		if (n > 0)
			out->n += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		err_set(err, "cannot read %s: %s", file, strerror(errno));
	else if (out->n - start > limit)
		err_set(err, "%s is larger than %zu bytes: that is no file of ours", file, limit);
	close(fd);
	return n >= 0 && out->n - start <= limit;
}

char *
file_folder(const char *file)
{
	const char *slash = strrchr(file, '/');

	if (!slash)
		return xstrdup(".");
	return xstrndup(file, slash == file ? 1 : (size_t)(slash - file));
}

char *
file_resolve(const char *path, const char *file, const char *home)
{
	char *folder, *resolved;

	if (home && path[0] == '~' && path[1] == '/')
		return xasprintf("%s%s", home, path + 1);
	if (path[0] == '/' || !strchr(file, '/'))
		return xstrdup(path);
	folder = file_folder(file);
	resolved = xasprintf("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path);
	free(folder);
	return resolved;
}
