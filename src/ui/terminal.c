/* SPDX-License-Identifier: MIT */
#include "ui/terminal.h"

#include "base/alloc.h"
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
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* Bytes that take over or give back the screen, ready before they are needed. */
struct sequence_bytes {
	char p[256];
	size_t n;
};

struct terminal {
	int fd, signals;
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

/* What restoring needs, where a signal handler finds it. */
static struct {
	int fd;
	volatile sig_atomic_t taken;
	struct termios cooked, raw;
	struct sequence_bytes leave;
} own = {.fd = -1};

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT, SIGSYS};
static struct sigaction fatal_before[sizeof(fatal_signals) / sizeof(*fatal_signals)];

/* ---- taking and giving back ---- */

/* Async-signal-safe. Waits a little for a slow terminal, not for a stopped one. */
static void
restore(void)
{
	size_t sent = 0;

	if (!own.taken)
		return;
	own.taken = 0;
	for (int tries = 0; sent < own.leave.n && tries < 5; tries++) {
		struct pollfd p = {.fd = own.fd, .events = POLLOUT};
		ssize_t n = write(own.fd, own.leave.p + sent, own.leave.n - sent);

		if (n > 0)
			sent += (size_t)n;
		else if (errno != EAGAIN || poll(&p, 1, 100) < 0)
			break;
	}
	tcsetattr(own.fd, TCSANOW, &own.cooked);
}

static void
on_fatal(int signal_number)
{
	restore();
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++)
		if (fatal_signals[i] == signal_number)
			sigaction(signal_number, &fatal_before[i], NULL);
	raise(signal_number);
}

static void
guard_exits(void)
{
	struct sigaction action = {.sa_handler = on_fatal};
	static bool guarded;

	if (guarded)
		return;
	guarded = true;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++)
		sigaction(fatal_signals[i], &action, &fatal_before[i]);
	atexit(restore);
}

static void
take(void)
{
	own.taken = 1;
	tcsetattr(own.fd, TCSANOW, &own.raw);
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

/* Append the terminal's string called NAME, without its padding. */
static void
add_string(struct sequence_bytes *out, const char *name)
{
	const char *s = tigetstr(name);

	collecting = out;
	if (s && s != (const char *)-1)
		tputs(s, 1, collect);
}

static void
learn_sequences(struct terminal *t)
{
	add_string(&t->enter, "smcup");
	add_string(&t->enter, "civis");
	own.leave.n = 0;
	add_string(&own.leave, "sgr0");
	add_string(&own.leave, "op");
	add_string(&own.leave, "cnorm");
	add_string(&own.leave, "rmcup");
	collect('\r');
	if (!tigetstr("rmcup"))
		collect('\n');
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

static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

struct terminal *
terminal_start(bool colour, struct err *err)
{
	struct terminal *t = xcalloc(1, sizeof(*t));

	t->fd = t->signals = -1;
	if (!open_tty(t, err) || !start_curses(t, colour, err)) {
		terminal_stop(t);
		return NULL;
	}
	t->signals = open_signals();
	guard_exits();
	take();
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
	if (t->signals >= 0)
		close(t->signals);
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
	while (t->sent < t->pending.n) {
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
terminal_read(struct terminal *t)
{
	char bytes[INPUT_HELD];
	size_t room = input_room(&t->input);
	ssize_t n;

	if (t->lost || room == 0)
		return !t->lost;
	n = read(t->fd, bytes, room);
	if (n > 0)
		input_add(&t->input, bytes, (size_t)n);
	t->lost = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	return !t->lost;
}

int
terminal_key(struct terminal *t, bool lone_esc)
{
	return input_key(&t->input, lone_esc);
}

bool
terminal_key_pending(const struct terminal *t)
{
	return t->input.n > 0;
}

/* ---- signals ---- */

enum terminal_event
terminal_signal(struct terminal *t)
{
	enum terminal_event event = TERMINAL_NOTHING;
	struct signalfd_siginfo info;

	while (read(t->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGTSTP)
			event = TERMINAL_SUSPEND;
		else if (event == TERMINAL_NOTHING)
			event = TERMINAL_RESIZED;
		if (info.ssi_signo == SIGCONT) {
			take(); /* the shell may have changed the modes meanwhile */
			terminal_repaint(t);
		}
	}
	return event;
}

void
terminal_suspend(struct terminal *t)
{
	sigset_t stop;

	flush(t);
	restore();
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	kill(0, SIGTSTP); /* the whole job, as the terminal itself would */
	sigprocmask(SIG_UNBLOCK, &stop, NULL); /* here we stand still */
	sigprocmask(SIG_BLOCK, &stop, NULL);
	take();
	buf_add(&t->pending, t->enter.p, t->enter.n);
	terminal_repaint(t);
	terminal_signal(t);
}

/* ---- what the loop asks ---- */

int
terminal_fd(const struct terminal *t)
{
	return t->fd;
}

int
terminal_signal_fd(const struct terminal *t)
{
	return t->signals;
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
