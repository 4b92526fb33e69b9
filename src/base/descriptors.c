/* SPDX-License-Identifier: MIT */
#include "base/descriptors.h"

#include "base/alloc.h"
#include "base/fatal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void
descriptors_require(int n, const char *what)
{
	int *held = xcalloc((size_t)n, sizeof(*held)), count = 0;

	while (count < n && (held[count] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0)
		count++;
	for (int i = 0; i < count; i++)
		close(held[i]);
	free(held);
	if (count < n)
		fatal("too few file descriptors for %s: %d are free and %d are needed; raise the limit, as with "
		      "ulimit -n 256", what, count, n);
}
