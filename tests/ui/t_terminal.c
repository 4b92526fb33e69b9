/* SPDX-License-Identifier: MIT */
/* The monitor on a terminal that is resized, stopped, suspended and taken away. */
#include "ui/app.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/text.h"
#include "ui/terminal.h"
#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { BOUND_MS = 20000, BATCH = 100 };

#define ENTER "\x1b[?1049h"
#define LEAVE "\x1b[?1049l"
#define PASTES "\x1b[?2004h"
#define PASTES_NO_MORE "\x1b[?2004l"

/* What the monitor's process tells this one. */
struct shared {
	_Atomic int64_t records, views;
};

static struct shared *shared;

/* ---- a feed that never ends, or is always idle, and its sink ---- */

struct fake_feed {
	struct feed feed;
	bool busy;
	struct record records[BATCH];
};

static bool
fake_start(struct feed *f, const struct feed_listener *l, struct err *err)
{
	(void)f;
	(void)l;
	(void)err;
	return true;
}

static int
fake_fd(struct feed *f)
{
	(void)f;
	return -1;
}

static size_t
fake_take(struct feed *f, struct record *out, size_t cap)
{
	struct fake_feed *fake = (struct fake_feed *)f;
	size_t n = !fake->busy ? 0 : cap < BATCH ? cap : BATCH;

	memcpy(out, fake->records, n * sizeof(*out));
	return n;
}

static void
fake_applied(struct feed *f, const struct record *r, size_t n)
{
	(void)f;
	(void)r;
	shared->records += (int64_t)n;
}

static void
fake_nothing(struct feed *f)
{
	(void)f;
}

static int64_t
fake_due(struct feed *f)
{
	return ((struct fake_feed *)f)->busy ? 0 : INT64_MAX;
}

static void
fake_tick(struct feed *f, int64_t mono_ms)
{
	(void)f;
	(void)mono_ms;
}

static void
fake_command(struct feed *f, const struct command *c)
{
	(void)f;
	(void)c;
}

static void
fake_status(struct feed *f, struct source_status *out)
{
	(void)f;
	*out = (struct source_status){.link = LINK_UP, .generation = -1, .now = -1};
}

static bool
fake_ended(struct feed *f)
{
	(void)f;
	return false;
}

static bool
fake_free(struct feed *f)
{
	(void)f;
	return true;
}

static const struct feed_ops fake_feed_ops = {
	.start = fake_start,
	.fd = fake_fd,
	.take = fake_take,
	.applied = fake_applied,
	.release = fake_nothing,
	.due = fake_due,
	.tick = fake_tick,
	.command = fake_command,
	.status = fake_status,
	.ended = fake_ended,
	.stop = fake_nothing,
	.free = fake_free,
};

static size_t
sink_records(struct sink *s, const struct record *r, size_t n, struct err *err)
{
	(void)s;
	(void)r;
	(void)err;
	return n;
}

static void
sink_view(struct sink *s, struct view *view, int64_t wall_ms)
{
	(void)s;
	view->now = wall_ms;
	view->head.cluster = slice_str("fake:9092");
	view->head.topics = slice_str("fake-topic");
	view->head.status = (struct source_status){.link = LINK_UP, .generation = -1, .now = -1};
	view->head.records = shared->records;
	shared->views++;
}

static const struct sink_ops fake_sink_ops = {
	.records = sink_records,
	.view = sink_view,
};

/* The monitor itself; the exit status says how it ended. */
static void
monitor(bool busy, bool colour)
{
	struct fake_feed feed = {.feed.ops = &fake_feed_ops, .busy = busy};
	struct sink sink = {&fake_sink_ops};
	const struct engine_config wiring = {.feed = &feed.feed, .sink = &sink, .count = -1, .run_ms = -1};
	struct app_config config = {
		.ui = {.cluster = "fake:9092", .topics = "fake-topic", .interval_ms = 200},
		.colour = colour,
	};
	struct app_result result;
	struct err err = {0};

	signals_begin();
	config.engine = engine_new(&wiring);
	if (!app_run(&config, &result, &err) || !result.stopped)
		_exit(1);
	engine_free(config.engine);
	_exit(0);
}

/* ---- a terminal with a monitor on it ---- */

struct session {
	pid_t pid;
	int fd;
	struct buf out; /* all that came */
	size_t seen;    /* of it, by expect() */
};

static const struct winsize usual = {.ws_row = 24, .ws_col = 80};

static void
begin(struct session *s, void (*run)(void))
{
	*s = (struct session){0};
	shared->records = shared->views = 0;
	s->pid = forkpty(&s->fd, NULL, NULL, &usual);
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		run();
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

static void
run_idle(void)
{
	monitor(false, true);
}

static void
run_busy(void)
{
	monitor(true, true);
}

static void
run_colourless(void)
{
	monitor(false, false);
}

/* Take what the terminal has within MS; false: nothing came. */
static bool
drain(struct session *s, int ms)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return false;
	n = read(s->fd, buf_reserve(&s->out, 65536), 65536);
	if (n > 0)
		s->out.n += (size_t)n;
	return n > 0;
}

static const char *
find(const struct session *s, const char *text)
{
	return s->out.n > s->seen ? memmem(s->out.p + s->seen, s->out.n - s->seen, text, strlen(text)) : NULL;
}

static void
expect(struct session *s, const char *text)
{
	int64_t end = clock_mono_ms() + BOUND_MS;
	const char *found;

	while (!(found = find(s, text))) {
		if (clock_mono_ms() > end)
			fail_msg("\"%s\" did not come", text);
		drain(s, 100);
	}
	s->seen = (size_t)(found - s->out.p) + strlen(text);
}

static void
press(struct session *s, const char *keys)
{
	assert_int_equal(write(s->fd, keys, strlen(keys)), strlen(keys));
}

static void
resize(struct session *s, int rows, int columns)
{
	const struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	assert_int_equal(ioctl(s->fd, TIOCSWINSZ, &size), 0);
}

/* Until COUNTER has grown by MORE. */
static void
expect_growth(struct session *s, _Atomic int64_t *counter, int64_t more, bool draining)
{
	int64_t end = clock_mono_ms() + BOUND_MS, goal = *counter + more;

	while (*counter < goal) {
		assert_true(clock_mono_ms() < end);
		if (draining)
			drain(s, 10);
		else
			poll(NULL, 0, 10);
	}
}

static int
wait_end(struct session *s, bool draining)
{
	int64_t end = clock_mono_ms() + BOUND_MS;
	int status;

	while (waitpid(s->pid, &status, WNOHANG) == 0) {
		if (clock_mono_ms() > end)
			kill(s->pid, SIGKILL);
		if (draining)
			drain(s, 10);
		else
			poll(NULL, 0, 10);
	}
	while (draining && drain(s, 0))
		;
	return status;
}

static void
finish(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	buf_free(&s->out);
}

/* ---- the tests ---- */

static void
check_quit(const char *keys, int signal_number)
{
	struct session s;
	struct termios modes;

	begin(&s, run_idle);
	expect(&s, ENTER);
	expect(&s, "connecting");
	expect(&s, "connected");
	if (keys)
		press(&s, keys);
	else
		kill(s.pid, signal_number);
	assert_int_equal(wait_end(&s, true), 0);
	expect(&s, LEAVE);
	assert_int_equal(tcgetattr(s.fd, &modes), 0);
	assert_true((modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) && (modes.c_oflag & OPOST));
	finish(&s);
}

static void
keys_and_signals_end_it(void **state)
{
	(void)state;
	check_quit("q", 0);
	check_quit("\x03", 0);
	check_quit(NULL, SIGTERM);
	check_quit(NULL, SIGINT);
	check_quit(NULL, SIGHUP);
}

/* In brackets from the first picture on, until the terminal is given back. */
static void
a_paste_is_no_command(void **state)
{
	struct session s;

	(void)state;
	begin(&s, run_idle);
	expect(&s, PASTES);
	expect(&s, "connected");
	press(&s, "\x1b[200~q\x03\x1a\rq\x1b[201~/");
	expect(&s, "search: ");
	press(&s, "\x1b[200~needle\rq\x1b[201~");
	expect(&s, "needle q");
	press(&s, "\x1b\x1a"); /* out of the prompt, and suspended: nobody is there who would stop us */
	expect(&s, PASTES_NO_MORE);
	expect(&s, PASTES);
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	expect(&s, PASTES_NO_MORE);
	finish(&s);
}

/* What a terminal answers late, and the mouse of an old one. */
static void
a_reply_is_no_command(void **state)
{
	struct session s;

	(void)state;
	begin(&s, run_idle);
	expect(&s, "connected");
	press(&s, "\x1b]11;rgb:qqqq/\x1b\\\x1bP>|q\x1b\\\x1b[Mqqq\x1b[?1;2c");
	press(&s, "?");
	expect(&s, "Moving about");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	finish(&s);
}

static void
an_idle_picture_costs_nothing(void **state)
{
	struct session s;
	size_t before;

	(void)state;
	begin(&s, run_idle);
	expect(&s, "connected");
	expect_growth(&s, &shared->views, 3, true);
	before = s.out.n;
	expect_growth(&s, &shared->views, 10, true);
	assert_int_equal(s.out.n, before);
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	finish(&s);
}

static void
any_size_is_survived(void **state)
{
	static const int sizes[][2] = {{1, 1}, {2, 300}, {100, 1}, {7, 39}, {8, 40}, {300, 500}};
	struct session s;

	(void)state;
	begin(&s, run_busy);
	expect(&s, "connected");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		resize(&s, sizes[i][0], sizes[i][1]);
		expect_growth(&s, &shared->views, 3, true);
		press(&s, "?j1k\x0c?");
	}
	resize(&s, 24, 80);
	expect(&s, "fake-topic");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	finish(&s);
}

static void
check_lost(void (*run)(void))
{
	struct session s;

	begin(&s, run);
	expect(&s, "connected");
	close(s.fd);
	s.fd = -1;
	assert_int_equal(wait_end(&s, false), 0);
	finish(&s);
}

static void
run_deaf(void)
{
	signal(SIGHUP, SIG_IGN);
	monitor(true, true);
}

static void
a_lost_terminal_ends_it(void **state)
{
	(void)state;
	check_lost(run_busy);
	check_lost(run_deaf); /* nohup: only the read tells */
}

/* Nobody reads: repaints pile up until the terminal takes no more. */
static void
a_stopped_terminal_holds_nobody(void **state)
{
	struct session s;

	(void)state;
	begin(&s, run_busy);
	expect(&s, "connected");
	for (int i = 0; i < 200; i++) {
		press(&s, "\x0c");
		expect_growth(&s, &shared->records, 1, false);
	}
	expect_growth(&s, &shared->records, 100000, false);
	expect_growth(&s, &shared->views, 5, false);
	kill(s.pid, SIGTERM);
	assert_int_equal(wait_end(&s, false), 0);
	finish(&s);
}

static void
a_slow_reader_sees_the_newest(void **state)
{
	struct session s;

	(void)state;
	begin(&s, run_busy);
	expect(&s, "connected");
	for (int i = 0; i < 200; i++) {
		press(&s, "\x0c");
		expect_growth(&s, &shared->records, 1, false);
	}
	press(&s, "?");
	expect(&s, "Moving about");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	expect(&s, LEAVE);
	finish(&s);
}

static void
colour_can_be_left_out(void **state)
{
	struct session s;

	(void)state;
	begin(&s, run_idle);
	expect(&s, "38;5;");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	finish(&s);
	begin(&s, run_colourless);
	expect(&s, "connected");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	assert_null(memmem(s.out.p, s.out.n, "38;5;", 5));
	assert_non_null(memmem(s.out.p, s.out.n, "7m", 2)); /* reverse is still there */
	finish(&s);
}

/* Its parent is of another session: the kernel does not stop it. */
static void
suspending_without_a_shell_comes_right_back(void **state)
{
	struct session s;

	(void)state;
	begin(&s, run_idle);
	expect(&s, "connected");
	press(&s, "\x1a");
	expect(&s, LEAVE);
	expect(&s, ENTER);
	expect(&s, "fake-topic");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	finish(&s);
}

/* A shell with job control: runs the monitor, says `stopped`, and on Enter brings it back. */
static void
run_shell(void)
{
	pid_t job = fork();
	char go;
	int status;

	signal(SIGTTOU, SIG_IGN);
	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		monitor(true, true);
	}
	setpgid(job, job);
	tcsetpgrp(STDIN_FILENO, job);
	waitpid(job, &status, WUNTRACED);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	printf("%s\n", WIFSTOPPED(status) ? "stopped" : "not stopped");
	fflush(stdout);
	if (read(STDIN_FILENO, &go, 1) != 1)
		_exit(1);
	tcsetpgrp(STDIN_FILENO, job);
	kill(-job, SIGCONT);
	waitpid(job, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void
suspend_gives_the_terminal_back(void **state)
{
	struct session s;
	struct termios modes;

	(void)state;
	begin(&s, run_shell);
	expect(&s, "connected");
	press(&s, "\x1a");
	expect(&s, LEAVE);
	expect(&s, "stopped");
	assert_int_equal(tcgetattr(s.fd, &modes), 0);
	assert_true((modes.c_lflag & ICANON) && (modes.c_lflag & ECHO));
	press(&s, "\n");
	expect(&s, ENTER);
	expect(&s, "fake-topic");
	press(&s, "q");
	assert_int_equal(wait_end(&s, true), 0);
	expect(&s, LEAVE);
	finish(&s);
}

static void
check_restored_after(int signal_number)
{
	struct session s;
	struct termios modes;
	int status;

	begin(&s, run_busy);
	expect(&s, "connected");
	kill(s.pid, signal_number);
	status = wait_end(&s, true);
	if (signal_number == SIGSEGV) /* a sanitizer, or cmocka, has it first */
		assert_int_not_equal(status, 0);
	else
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signal_number);
	expect(&s, LEAVE);
	assert_int_equal(tcgetattr(s.fd, &modes), 0);
	assert_true((modes.c_lflag & ICANON) && (modes.c_lflag & ECHO));
	finish(&s);
}

/* It ends by the signal, as who started it wants to know. */
static void
whatever_ends_it_restores_it(void **state)
{
	static const int signals[] = {SIGSEGV, SIGABRT, SIGQUIT, SIGALRM, SIGUSR1, SIGXCPU, SIGPOLL};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		check_restored_after(signals[i]);
	check_restored_after(SIGRTMIN);
}

/* A sanitizer's malloc, too, says that there is no memory. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
run_out_of_memory(void)
{
	volatile size_t more = SIZE_MAX / 4; /* than there can be */

	signals_begin();
	terminal_start(true, &(struct err){0});
	xmalloc(more);
	_exit(0);
}

/* On the screen that is there to stay. */
static void
the_last_words_can_be_read(void **state)
{
	struct session s;
	int status;

	(void)state;
	begin(&s, run_out_of_memory);
	status = wait_end(&s, true);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	expect(&s, "\r");
	expect(&s, ": out of memory (4611686018427387903 bytes asked for)");
	finish(&s);
}

static void
run_hung(void)
{
	signals_begin();
	signals_fd();
	if (!terminal_start(true, &(struct err){0}))
		_exit(9);
	signals_set_status(0);
	puts("hung");
	fflush(stdout);
	for (;;)
		pause();
}

static void
leaving_has_an_end(void **state)
{
	struct session s;
	int64_t start;

	(void)state;
	begin(&s, run_hung);
	expect(&s, "hung");
	start = clock_mono_ms();
	kill(s.pid, SIGTERM);
	assert_int_equal(wait_end(&s, true), 0);
	assert_in_range(clock_mono_ms() - start, 2900, BOUND_MS / 2);
	expect(&s, "leaving took more than 3 s");
	finish(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_signals_end_it),
		cmocka_unit_test(a_paste_is_no_command),
		cmocka_unit_test(a_reply_is_no_command),
		cmocka_unit_test(an_idle_picture_costs_nothing),
		cmocka_unit_test(any_size_is_survived),
		cmocka_unit_test(a_lost_terminal_ends_it),
		cmocka_unit_test(a_stopped_terminal_holds_nobody),
		cmocka_unit_test(a_slow_reader_sees_the_newest),
		cmocka_unit_test(colour_can_be_left_out),
		cmocka_unit_test(suspending_without_a_shell_comes_right_back),
		cmocka_unit_test(suspend_gives_the_terminal_back),
		cmocka_unit_test(whatever_ends_it_restores_it),
		cmocka_unit_test(the_last_words_can_be_read),
		cmocka_unit_test(leaving_has_an_end),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	setenv("TERM", "xterm-256color", 1);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
