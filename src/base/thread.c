/* SPDX-License-Identifier: MIT */
#include "base/thread.h"

#include "base/alloc.h"
#include "base/fatal.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* The bound is kept on a condition, not by pthread_timedjoin_np, which helgrind
 * does not know as a join. */
struct thread {
	pthread_t id;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool has_ended;
	void *(*main)(void *);
	void *arg;
};

static void *
run(void *arg)
{
	struct thread *t = arg;

	t->main(t->arg);
	pthread_mutex_lock(&t->lock);
	t->has_ended = true;
	pthread_cond_signal(&t->ended);
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

static struct thread *
thread_new(void *(*main)(void *), void *arg)
{
	struct thread *t = xcalloc(1, sizeof(*t));
	pthread_condattr_t attr;

	t->main = main;
	t->arg = arg;
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->ended, &attr);
	pthread_condattr_destroy(&attr);
	return t;
}

struct thread *
thread_start(void *(*main)(void *), void *arg)
{
	struct thread *t = thread_new(main, arg);
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&t->id, NULL, run, t) != 0)
		fatal("the system gives no thread; ulimit -u and -v say how much of it there is");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return t;
}

static struct timespec
after(int ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += ms % 1000 * 1000000L;
	if (at.tv_nsec >= 1000000000L) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000L;
	}
	return at;
}

static bool
wait_for_end(struct thread *t, int timeout_ms)
{
	struct timespec until = after(timeout_ms);
	bool ended;

	pthread_mutex_lock(&t->lock);
	while (!t->has_ended && pthread_cond_timedwait(&t->ended, &t->lock, &until) == 0)
		;
	ended = t->has_ended;
	pthread_mutex_unlock(&t->lock);
	return ended;
}

bool
thread_join(struct thread *t, int timeout_ms)
{
	if (timeout_ms >= 0 && !wait_for_end(t, timeout_ms))
		return false;
	pthread_join(t->id, NULL);
	pthread_cond_destroy(&t->ended);
	pthread_mutex_destroy(&t->lock);
	free(t);
	return true;
}
