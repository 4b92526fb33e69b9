/* SPDX-License-Identifier: MIT */
#include "base/signals.h"
#include "password.h"
#include "unit.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

/* What the child does on the other end of the pseudo-terminal; its exit status is what it got. */
static int
ask_on_terminal(void)
{
	struct buf password = {0};
	struct termios t;
	bool given, echo;

	signals_begin();
	given = password_ask(NULL, "key\033.p12", &password);
	echo = tcgetattr(0, &t) == 0 && (t.c_lflag & ECHO);
	if (!echo)
		return 3;
	if (!given)
		return 2;
	return strcmp(buf_cstr(&password), "hush hush") == 0 ? 0 : 1;
}

/* Read what the terminal shows up to and with END. */
static void
wait_for(int pty, const char *end, struct buf *shown)
{
	struct pollfd fd = {.fd = pty, .events = POLLIN};
	char c;

	while (!strstr(buf_cstr(shown), end)) {
		assert_true(poll(&fd, 1, PATIENCE_MS) > 0);
		assert_int_equal(read(pty, &c, 1), 1);
		buf_char(shown, c);
	}
}

/* The status of a child that is asked and answers with TYPED; NULL: it gets SIGNAL. */
static int
status_after(const char *typed, int signal_number, struct buf *shown)
{
	int pty, status;
	pid_t child = forkpty(&pty, NULL, NULL, NULL);

	assert_true(child >= 0);
	if (child == 0)
		_exit(ask_on_terminal());
	wait_for(pty, ": ", shown);
	if (typed)
		assert_int_equal(write(pty, typed, strlen(typed)), strlen(typed));
	else
		assert_int_equal(kill(child, signal_number), 0);
	wait_for(pty, "\n", shown);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(pty);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
the_password_is_read_and_not_shown(void **state)
{
	struct buf shown = {0};

	(void)state;
	assert_int_equal(status_after("hush hush\n", 0, &shown), 0);
	assert_string_equal(buf_cstr(&shown), "Password of key\\x1b.p12: \r\n");
	buf_free(&shown);
}

static void
the_user_may_give_up(void **state)
{
	struct buf shown = {0};

	(void)state;
	assert_int_equal(status_after("\004", 0, &shown), 2);
	buf_clear(&shown);
	assert_int_equal(status_after("\003", 0, &shown), 2);
	buf_clear(&shown);
	assert_int_equal(status_after(NULL, SIGTERM, &shown), 2);
	buf_free(&shown);
}

static void
without_a_terminal_nobody_is_asked(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		struct buf password = {0};

		_exit(setsid() < 0 || password_ask(NULL, "f", &password));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_password_is_read_and_not_shown),
		cmocka_unit_test(the_user_may_give_up),
		cmocka_unit_test(without_a_terminal_nobody_is_asked),
	};

	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
