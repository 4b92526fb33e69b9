/* SPDX-License-Identifier: MIT */
#include "base/signals.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* How long before the end those who wait for others stop, so that they can say whom they waited for. */
enum { MARGIN_MS = 200 };

static const int leave_signals[] = {SIGTERM, SIGINT, SIGHUP};
static const int terminal_signals[] = {SIGWINCH, SIGTSTP, SIGCONT};

/* A fault of the thread that runs: handled where it happens. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};

/* Left as they are: no program can have them, or they end nobody. */
static const int untouched[] = {SIGKILL, SIGSTOP, SIGTTIN, SIGTTOU, SIGCHLD, SIGPIPE, SIGXFSZ};

enum { WAKE = SIGURG }; /* our own: the thread is to look at what changed. Its number is above the others' */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
	pthread_mutex_t lock;
	pthread_cond_t heard;
	sigset_t mine; /* what the thread waits for */
	int leave_fd, terminal_fd; /* eventfds, -1: nobody listens */
	int taken[NSIG]; /* how often each of the leave signals came and was not taken */
	bool leaving;
	struct signals_terminal terminal;
	int64_t continued; /* how often */
	int64_t deadline; /* mono ms; 0: none */
	int status;
	uint64_t asked, answered; /* by WAKE */
} own = {
	.lock = PTHREAD_MUTEX_INITIALIZER, .heard = PTHREAD_COND_INITIALIZER,
	.leave_fd = -1, .terminal_fd = -1, .status = 1,
};

static struct sigaction fault_before[COUNT(faults)];
static bool begun;

static bool
is_one_of(int number, const int *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == number)
			return true;
	return false;
}

/* ---- the thread that hears them ---- */

static void
notify(int fd)
{
	uint64_t one = 1;

	if (fd >= 0 && write(fd, &one, sizeof(one)) < 0)
		fatal("a loop cannot be told of a signal: %s", strerror(errno));
}

/* What the signal does to a program that does not know it; it may stop us here for a while. */
static void
act_by_default(int number)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, number);
	raise(number);
	pthread_sigmask(SIG_UNBLOCK, &one, NULL);
	pthread_sigmask(SIG_BLOCK, &one, NULL);
}

/* Under the lock. */
static void
begin_leaving(void)
{
	own.leaving = true;
	if (own.deadline == 0)
		own.deadline = clock_system_ms() + SIGNALS_LEAVE_MS;
}

/* Under the lock; false: nobody listens. */
static bool
tell_leave(int number)
{
	if (own.leave_fd < 0)
		return false;
	begin_leaving();
	own.taken[number]++;
	notify(own.leave_fd);
	return true;
}

/* Under the lock. */
static bool
tell_terminal(int number)
{
	if (number == SIGCONT)
		own.continued++;
	if (own.terminal_fd < 0)
		return number != SIGTSTP;
	own.terminal.resized |= number == SIGWINCH;
	own.terminal.suspend |= number == SIGTSTP;
	own.terminal.continued |= number == SIGCONT;
	notify(own.terminal_fd);
	return true;
}

static void
handle(int number)
{
	bool told = false;

	pthread_mutex_lock(&own.lock);
	if (number == WAKE) {
		own.answered = own.asked;
		pthread_cond_broadcast(&own.heard);
		told = true;
	} else if (is_one_of(number, leave_signals, COUNT(leave_signals))) {
		told = tell_leave(number);
	} else if (is_one_of(number, terminal_signals, COUNT(terminal_signals))) {
		told = tell_terminal(number);
	}
	pthread_mutex_unlock(&own.lock);
	if (told)
		return;
	if (number != SIGTSTP)
		fatal_restore();
	act_by_default(number);
}

/* What is left of the time to leave, -1: nobody leaves. */
static int64_t
left_ms(void)
{
	int64_t left = -1;

	pthread_mutex_lock(&own.lock);
	if (own.deadline) {
		left = own.deadline - clock_system_ms();
		left = left > 0 ? left : 0;
	}
	pthread_mutex_unlock(&own.lock);
	return left;
}

static _Noreturn void
give_up(void)
{
	int status;

	pthread_mutex_lock(&own.lock);
	status = own.status;
	pthread_mutex_unlock(&own.lock);
	fatal_end(status, "leaving took more than 3 s, brokers, a disk or a reader do not answer: ended without them; "
		  "what was not committed of a topic is read again next time");
}

static void *
hear(void *unused)
{
	for (;;) {
		int64_t left = left_ms();
		struct timespec wait = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
		int number = left < 0 ? sigwaitinfo(&own.mine, NULL) : sigtimedwait(&own.mine, NULL, &wait);

		if (number > 0)
			handle(number);
		else if (left == 0)
			give_up();
	}
	return unused;
}

/* ---- faults ---- */

static void
on_fault(int number)
{
	fatal_restore();
	for (size_t i = 0; i < COUNT(faults); i++)
		if (faults[i] == number)
			sigaction(number, &fault_before[i], NULL);
	raise(number);
}

static void
guard_faults(void)
{
	struct sigaction action = {.sa_handler = on_fault};

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < COUNT(faults); i++)
		sigaction(faults[i], &action, &fault_before[i]);
}

/* ---- for the main thread ---- */

/* Those that somebody else has a use for, as a profiler or nohup, stay theirs. */
static bool
is_ours(int number)
{
	struct sigaction now;

	if (is_one_of(number, untouched, COUNT(untouched)) || is_one_of(number, faults, COUNT(faults)))
		return false;
	if (sigaction(number, NULL, &now) != 0)
		return false;
	return now.sa_handler == SIG_DFL || number == WAKE || number == SIGTERM ||
	       number == SIGINT; /* which a shell's `&` ignores */
}

void
signals_begin(void)
{
	if (begun)
		return;
	begun = true;
	sigemptyset(&own.mine);
	for (int number = 1; number <= SIGRTMAX; number++)
		if (is_ours(number))
			sigaddset(&own.mine, number);
	pthread_sigmask(SIG_BLOCK, &own.mine, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	guard_faults();
	thread_start(hear, NULL);
}

static int
open_event(int *fd)
{
	int opened = -1;

	pthread_mutex_lock(&own.lock);
	if (*fd < 0)
		*fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	opened = *fd;
	pthread_mutex_unlock(&own.lock);
	if (opened < 0)
		fatal("cannot listen for signals: %s", strerror(errno));
	return opened;
}

static void
drain(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		fatal("cannot hear signals: %s", strerror(errno));
}

int
signals_fd(void)
{
	return open_event(&own.leave_fd);
}

int
signals_take(void)
{
	int number = 0, fd = signals_fd();
	bool more = false;

	pthread_mutex_lock(&own.lock);
	drain(fd);
	for (size_t i = 0; i < COUNT(leave_signals); i++) {
		int signal_number = leave_signals[i];

		if (own.taken[signal_number] > 0 && !number) {
			own.taken[signal_number]--;
			number = signal_number;
		}
		more |= own.taken[signal_number] > 0;
	}
	if (more)
		notify(fd);
	pthread_mutex_unlock(&own.lock);
	return number;
}

/* Until the thread has heard all that came before. */
static void
settle(void)
{
	uint64_t mine;

	if (!begun) /* in a test */
		return;
	pthread_mutex_lock(&own.lock);
	mine = ++own.asked;
	kill(getpid(), WAKE);
	while (own.answered < mine)
		pthread_cond_wait(&own.heard, &own.lock);
	pthread_mutex_unlock(&own.lock);
}

void
signals_set_status(int status)
{
	pthread_mutex_lock(&own.lock);
	own.status = status;
	pthread_mutex_unlock(&own.lock);
}

void
signals_leave(int status)
{
	signals_set_status(status);
	pthread_mutex_lock(&own.lock);
	begin_leaving();
	pthread_mutex_unlock(&own.lock);
	settle(); /* it waits with the new deadline */
}

int
signals_leave_ms(void)
{
	int64_t left = left_ms();

	if (left < 0)
		return SIGNALS_LEAVE_MS - MARGIN_MS;
	return left > MARGIN_MS ? (int)left - MARGIN_MS : 0;
}

bool
signals_leaving(void)
{
	bool leaving;

	pthread_mutex_lock(&own.lock);
	leaving = own.leaving;
	pthread_mutex_unlock(&own.lock);
	return leaving;
}

int
signals_terminal_fd(void)
{
	return open_event(&own.terminal_fd);
}

struct signals_terminal
signals_terminal_take(void)
{
	struct signals_terminal happened;
	int fd = signals_terminal_fd();

	pthread_mutex_lock(&own.lock);
	drain(fd);
	happened = own.terminal;
	own.terminal = (struct signals_terminal){0};
	pthread_mutex_unlock(&own.lock);
	return happened;
}

bool
signals_stop(int number)
{
	sigset_t stop;
	int64_t before;
	bool stopped;

	settle();
	pthread_mutex_lock(&own.lock);
	before = own.continued;
	pthread_mutex_unlock(&own.lock);
	sigemptyset(&stop);
	sigaddset(&stop, number);
	pthread_sigmask(SIG_UNBLOCK, &stop, NULL); /* it is this thread's, then, and not the other's */
	kill(0, number);                           /* here we stand still */
	if (number == SIGTSTP)
		pthread_sigmask(SIG_BLOCK, &stop, NULL);
	settle();
	pthread_mutex_lock(&own.lock);
	stopped = own.continued != before;
	pthread_mutex_unlock(&own.lock);
	return stopped;
}
