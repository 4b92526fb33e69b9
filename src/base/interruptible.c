/* SPDX-License-Identifier: MIT */
#include "base/interruptible.h"

#include "base/signals.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

/* Wait until the reader takes PIPE_BUF bytes more, or a signal comes, which nobody
 * who stopped reading holds up. False: it does not take them. */
static bool
reader_takes(FILE *out, bool *done)
{
	struct pollfd fds[] = {
		{.fd = out == stdout ? STDOUT_FILENO : fileno(out), .events = POLLOUT},
		{.fd = signals_fd(), .events = POLLIN},
	};

	if (fds[0].fd < 0) /* it goes to memory */
		return true;
	while (poll(fds, 2, *done ? 0 : -1) < 0)
		;
	if (fds[1].revents && signals_take())
		*done = true;
	return fds[0].revents != 0;
}

void
interruptible_write(FILE *out, struct buf *text, bool *done)
{
	size_t n;

	for (size_t at = 0; at < text->n; at += n) {
		n = text->n - at < PIPE_BUF ? text->n - at : PIPE_BUF;
		if (reader_takes(out, done) && fwrite(text->p + at, 1, n, out) == n && fflush(out) == 0)
			continue;
		*done = true;
		break;
	}
	buf_clear(text);
}
