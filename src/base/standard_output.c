/* SPDX-License-Identifier: MIT */
#include "base/standard_output.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int first_error;

void
standard_output_failed(int why)
{
	int none = 0;

	atomic_compare_exchange_strong(&first_error, &none, why);
}

int
standard_output_error(void)
{
	return atomic_load(&first_error);
}

struct pollfd
standard_output_watch(void)
{
	struct stat st;
	bool read = fstat(STDOUT_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));

	return (struct pollfd){.fd = read ? STDOUT_FILENO : -1};
}

bool
standard_output_gone(const struct pollfd *watch)
{
	if (!(watch->revents & (POLLERR | POLLHUP)))
		return false;
	standard_output_failed(EPIPE);
	return true;
}

/* Whoever shares the descriptor with us may have made it one that does not block. */
static void
wait_for_room(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	poll(&out, 1, -1);
}

/* stdio's way out: all of it, or 0, and the stream has an error. */
static ssize_t
write_all(void *cookie, const char *bytes, size_t n)
{
	size_t done = 0;

	(void)cookie;
	while (done < n) {
		ssize_t written = write(STDOUT_FILENO, bytes + done, n - done);

		if (written >= 0) {
			done += (size_t)written;
		} else if (errno == EAGAIN) {
			wait_for_room();
		} else if (errno != EINTR) {
			standard_output_failed(errno);
			return 0;
		}
	}
	return (ssize_t)n;
}

void
standard_output_open(void)
{
	FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_all});

	if (!stream)
		return; /* a stream that forgets is better than none */
	if (isatty(STDOUT_FILENO))
		setvbuf(stream, NULL, _IOLBF, BUFSIZ);
	stdout = stream;
}
