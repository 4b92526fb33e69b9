/* SPDX-License-Identifier: MIT */
#include "password.h"

#include "base/signals.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_BYTES = 1024 };

static bool
say(int tty, const char *before, const char *name, const char *after)
{
	struct buf line = {0};
	bool ok;

	buf_str(&line, before);
	text_clean(&line, slice_str(name));
	buf_str(&line, after);
	ok = write(tty, line.p, line.n) == (ssize_t)line.n;
	buf_free(&line);
	return ok;
}

/* A line without its end; false at end of file, and when a signal wants us to quit. */
static bool
read_line(int tty, int quit, struct buf *out)
{
	struct pollfd fds[2] = {{.fd = tty, .events = POLLIN}, {.fd = quit, .events = POLLIN}};
	char c;

	while (out->n < PASSWORD_BYTES) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return false;
		if (fds[1].revents)
			return false;
		if (!fds[0].revents)
			continue;
		if (read(tty, &c, 1) != 1)
			return false;
		if (c == '\n')
			return true;
		buf_char(out, c);
	}
	return false;
}

bool
password_ask(void *ctx, const char *file, struct buf *password)
{
	int quit = signals_fd(), tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct termios before, silent;
	bool ok = false;

	(void)ctx;
	if (tty < 0)
		return false;
	if (tcgetattr(tty, &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		ok = tcsetattr(tty, TCSAFLUSH, &silent) == 0 && say(tty, "Password of ", file, ": ") &&
		     read_line(tty, quit, password);
		tcsetattr(tty, TCSAFLUSH, &before);
		say(tty, "", "", "\n");
	}
	close(tty);
	return ok;
}
