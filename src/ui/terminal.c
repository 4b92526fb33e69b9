/* SPDX-License-Identifier: MIT */
#include "ui/terminal.h"

#include "base/alloc.h"
#include "base/fatal.h"
#include "base/signals.h"
#include "base/text.h"
#include "ui/input.h"

#include <curses.h>
#include <term.h>
#undef lines /* term.h: the terminal type's, not ours */
#undef columns

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

/* Bytes that take over or give back the screen, ready before they are needed. */
struct sequence_bytes {
	char p[256];
	size_t n;
};

struct terminal {
	int fd;
	FILE *memory; /* what curses writes to */
	SCREEN *screen;
	int colours;
	struct cell *shown; /* what curses has, ROWS x COLUMNS */
	int rows, columns;
	struct buf pending;
	size_t sent; /* of pending */
	int64_t bytes;
	struct input input;
	bool lost;
	struct sequence_bytes enter;
};

/* What restoring needs, where a signal handler or another thread finds it. */
static struct {
	int fd;
	atomic_bool taken;
	struct termios cooked, raw;
	struct sequence_bytes leave[2]; /* one is used while the other is made */
	atomic_int used;
} own = {.fd = -1};

/* ---- taking and giving back ---- */

/* Async-signal-safe. Our job has the terminal, or it knows no jobs. */
static bool
in_foreground(void)
{
	pid_t job = tcgetpgrp(own.fd);

	return job == getpgrp() || (job < 0 && errno == ENOTTY);
}

/* Waits a little for a slow terminal, not for a stopped one. */
static void
write_leave(void)
{
	const struct sequence_bytes *leave = &own.leave[own.used];
	size_t sent = 0;

	for (int tries = 0; sent < leave->n && tries < 5; tries++) {
		struct pollfd p = {.fd = own.fd, .events = POLLOUT};
		ssize_t n = write(own.fd, leave->p + sent, leave->n - sent);

		if (n > 0)
			sent += (size_t)n;
		else if (errno != EAGAIN || poll(&p, 1, 100) < 0)
			break;
	}
}

/* Async-signal-safe, from any thread. In the background the modes are the shell's, and TTOU would stop us. */
static void
restore(void)
{
	sigset_t stop, before;
	bool taken = atomic_exchange(&own.taken, false);

	if (!taken)
		return;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &stop, &before);
	write_leave();
	if (in_foreground())
		tcsetattr(own.fd, TCSANOW, &own.cooked);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void
guard_exits(void)
{
	static bool guarded;

	if (guarded)
		return;
	guarded = true;
	fatal_set_restore(restore);
	atexit(restore);
}

/* Until our job is in the foreground; false: we are to leave instead, or nobody is there to bring us there. */
static bool
wait_for_foreground(struct terminal *t)
{
	while (!t->lost && !signals_leaving()) {
		if (in_foreground())
			return true;
		t->lost = !signals_stop(SIGTTOU);
	}
	return false;
}

static void
take(struct terminal *t)
{
	if (!wait_for_foreground(t))
		return;
	atomic_store(&own.taken, true);
	tcsetattr(own.fd, TCSANOW, &own.raw);
}

/* The same when the screen was another's meanwhile. */
static void
take_again(struct terminal *t)
{
	take(t);
	buf_add(&t->pending, t->enter.p, t->enter.n);
	terminal_repaint(t);
}

static bool
open_tty(struct terminal *t, struct err *err)
{
	const char *path = ttyname(STDOUT_FILENO);

	/* A description of our own: O_NONBLOCK on the shell's would outlive us. */
	t->fd = open(path ? path : "/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0 || tcgetattr(t->fd, &own.cooked) != 0)
		return err_set(err, "cannot open the terminal %s: %s; --text needs none", path ? path : "/dev/tty",
			       strerror(errno));
	own.fd = t->fd;
	own.raw = own.cooked;
	own.raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | BRKINT | PARMRK);
	own.raw.c_oflag &= ~(tcflag_t)OPOST;
	own.raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG | IEXTEN);
	own.raw.c_cc[VMIN] = 1;
	own.raw.c_cc[VTIME] = 0;
	return true;
}

static struct sequence_bytes *collecting;

static int
collect(int byte)
{
	if (collecting->n < sizeof(collecting->p))
		collecting->p[collecting->n++] = (char)byte;
	return byte;
}

static void
add_text(struct sequence_bytes *out, const char *s)
{
	collecting = out;
	while (*s)
		collect(*s++);
}

/* Append the terminal's string called NAME, without its padding. */
static void
add_string(struct sequence_bytes *out, const char *name)
{
	const char *s = tigetstr(name);

	collecting = out;
	if (s && s != (const char *)-1)
		tputs(s, 1, collect);
}

static bool
has_string(const char *name)
{
	const char *s = tigetstr(name);

	return s && s != (const char *)-1;
}

/* Pasted text comes in brackets, so that its characters are not taken for keys. */
static const char *
paste_mode(bool on)
{
	const char *move = tigetstr("cup");

	if (!move || move == (const char *)-1 || strncmp(move, "\x1b[", 2) != 0)
		return ""; /* it would print it */
	return on ? "\x1b[?2004h" : "\x1b[?2004l";
}

/* What gives a screen of so many ROWS back. Without a second screen our picture stays: what follows goes below it. */
static void
learn_leave(int rows)
{
	struct sequence_bytes *leave = &own.leave[!own.used];

	leave->n = 0;
	add_text(leave, paste_mode(false));
	add_string(leave, "sgr0");
	add_string(leave, "op");
	add_string(leave, "cnorm");
	add_string(leave, "rmcup");
	if (!has_string("rmcup") && has_string("cup"))
		tputs(tiparm(tigetstr("cup"), rows > 0 ? rows - 1 : 0, 0), 1, collect);
	add_text(leave, has_string("rmcup") ? "\r" : "\r\n");
	own.used = !own.used;
}

static void
learn_sequences(struct terminal *t)
{
	add_string(&t->enter, "smcup");
	add_string(&t->enter, "civis");
	add_text(&t->enter, paste_mode(true));
	learn_leave(24);
}

static void
learn_colours(struct terminal *t, bool colour)
{
	bool defaults;

	if (!colour || start_color() == ERR || !has_colors())
		return;
	defaults = use_default_colors() == OK;
	t->colours = COLORS;
	theme_set_mono(t->colours < 8);
	for (int style = 0; style < STYLE_COUNT; style++) {
		struct look look = theme_look((enum style)style, t->colours);

		if (!defaults && look.fg < 0)
			look.fg = COLOR_WHITE;
		if (!defaults && look.bg < 0)
			look.bg = COLOR_BLACK;
		init_pair((short)(style + 1), look.fg, look.bg);
	}
}

/* Curses draws into a file in memory: it can neither wait for the terminal nor change its modes. */
static bool
start_curses(struct terminal *t, bool colour, struct err *err)
{
	int fd = memfd_create("screen", MFD_CLOEXEC);

	t->memory = fd >= 0 ? fdopen(fd, "w+") : NULL;
	if (!t->memory)
		return err_set(err, "no memory for the screen: %s", strerror(errno));
	use_env(FALSE);
	use_tioctl(TRUE); /* without it a terminal whose entry names no size, as linux, is refused */
	t->screen = newterm(NULL, t->memory, t->memory);
	if (!t->screen)
		return err_set(err, "curses does not know this terminal: set TERM, or use --text");
	nonl();
	typeahead(-1);
	curs_set(0);
	leaveok(stdscr, TRUE);
	idlok(stdscr, TRUE);
	learn_colours(t, colour);
	learn_sequences(t);
	return true;
}

struct terminal *
terminal_start(bool colour, struct err *err)
{
	struct terminal *t = xcalloc(1, sizeof(*t));

	t->fd = -1;
	if (!open_tty(t, err) || !start_curses(t, colour, err)) {
		terminal_stop(t);
		return NULL;
	}
	guard_exits();
	take(t);
	buf_str(&t->pending, paste_mode(true)); /* the rest comes from curses */
	return t;
}

void
terminal_stop(struct terminal *t)
{
	if (!t)
		return;
	restore();
	if (t->screen)
		delscreen(t->screen);
	if (t->memory)
		fclose(t->memory);
	if (t->fd >= 0)
		close(t->fd);
	own.fd = -1;
	free(t->shown);
	buf_free(&t->pending);
	free(t);
}

/* ---- output ---- */

static void
flush(struct terminal *t)
{
	while (own.taken && t->sent < t->pending.n) {
		ssize_t n = write(t->fd, t->pending.p + t->sent, t->pending.n - t->sent);

		if (n < 0) {
			t->lost = t->lost || (errno != EAGAIN && errno != EINTR);
			return;
		}
		t->sent += (size_t)n;
		t->bytes += n;
	}
	t->sent = 0;
	buf_clear(&t->pending);
}

/* Move what curses wrote from its file to the bytes for the terminal. */
static void
fetch(struct terminal *t)
{
	int fd = fileno(t->memory);
	off_t size = lseek(fd, 0, SEEK_CUR);
	ssize_t n;

	if (size <= 0)
		return;
	n = pread(fd, buf_reserve(&t->pending, (size_t)size), (size_t)size, 0);
	if (n > 0)
		t->pending.n += (size_t)n;
	if (lseek(fd, 0, SEEK_SET) != 0 || ftruncate(fd, 0) != 0)
		t->lost = true;
}

static attr_t
attributes_of(struct look look)
{
	return (look.attributes & LOOK_BOLD ? A_BOLD : 0) | (look.attributes & LOOK_DIM ? A_DIM : 0) |
	       (look.attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0) | (look.attributes & LOOK_REVERSE ? A_REVERSE : 0);
}

static void
blit_cell(struct terminal *t, int y, int x, const struct cell *cell)
{
	struct look look = theme_look(cell->style, t->colours);
	struct slice bytes = slice_str(cell->bytes);
	wchar_t text[2] = {L' ', 0};
	uint32_t cp;
	cchar_t c;

	if (bytes.n > 0 && text_decode(&bytes, &cp))
		text[0] = (wchar_t)cp;
	setcchar(&c, text, attributes_of(look), t->colours ? (short)(cell->style + 1) : 0, NULL);
	mvadd_wch(y, x, &c);
}

static bool
same_cell(const struct cell *a, const struct cell *b)
{
	return a->style == b->style && strcmp(a->bytes, b->bytes) == 0;
}

static void
resize(struct terminal *t, int rows, int columns)
{
	t->rows = rows;
	t->columns = columns;
	learn_leave(rows);
	t->shown = xreallocarray(t->shown, (size_t)rows * (size_t)columns + 1, sizeof(*t->shown));
	memset(t->shown, 0xff, (size_t)rows * (size_t)columns * sizeof(*t->shown)); /* equal to no cell */
	resize_term(rows > 0 ? rows : 1, columns > 0 ? columns : 1);
	clear();
}

bool
terminal_draw(struct terminal *t, const struct canvas *c)
{
	flush(t);
	if (t->sent < t->pending.n)
		return false;
	if (canvas_rows(c) != t->rows || canvas_columns(c) != t->columns)
		resize(t, canvas_rows(c), canvas_columns(c));
	for (int y = 0; y < t->rows; y++)
		for (int x = 0; x < t->columns; x++) {
			struct cell *shown = &t->shown[(size_t)y * (size_t)t->columns + (size_t)x];
			const struct cell *cell = canvas_cell(c, y, x);

			if (same_cell(shown, cell))
				continue;
			*shown = *cell;
			if (cell->bytes[0])
				blit_cell(t, y, x, cell);
		}
	refresh();
	fetch(t);
	flush(t);
	return true;
}

void
terminal_repaint(struct terminal *t)
{
	(void)t;
	clearok(curscr, TRUE);
}

/* ---- input ---- */

bool
terminal_read(struct terminal *t, int64_t now)
{
	char bytes[INPUT_HELD];
	size_t room = input_room(&t->input);
	ssize_t n;

	if (t->lost || room == 0 || !own.taken)
		return !t->lost;
	n = read(t->fd, bytes, room);
	if (n > 0)
		input_add(&t->input, bytes, (size_t)n, now);
	t->lost = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	return !t->lost;
}

int
terminal_key(struct terminal *t, int64_t now)
{
	return input_key(&t->input, now);
}

int64_t
terminal_key_due(const struct terminal *t)
{
	return input_due(&t->input);
}

/* ---- signals ---- */

enum terminal_event
terminal_signal(struct terminal *t)
{
	struct signals_terminal happened = signals_terminal_take();

	if (happened.suspend)
		return TERMINAL_SUSPEND;
	if (happened.continued) /* the shell may have changed the modes meanwhile */
		take_again(t);
	return happened.resized || happened.continued ? TERMINAL_RESIZED : TERMINAL_NOTHING;
}

void
terminal_suspend(struct terminal *t)
{
	flush(t);
	restore();
	t->sent = 0;
	buf_clear(&t->pending);
	signals_stop(SIGTSTP);
	signals_terminal_take();
	take_again(t);
}

/* ---- what the loop asks ---- */

int
terminal_fd(const struct terminal *t)
{
	return t->fd;
}

bool
terminal_behind(const struct terminal *t)
{
	return t->sent < t->pending.n;
}

int64_t
terminal_bytes(const struct terminal *t)
{
	return t->bytes;
}

void
terminal_size(const struct terminal *t, int *rows, int *columns)
{
	struct winsize size = {0};

	*rows = 24;
	*columns = 80;
	if (ioctl(t->fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		*rows = size.ws_row;
		*columns = size.ws_col;
	}
}
