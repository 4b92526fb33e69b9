/* SPDX-License-Identifier: MIT */
#include "base/thread.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

pthread_t
thread_start(void *(*main)(void *), void *arg)
{
	sigset_t all, before;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, main, arg) != 0) {
		fputs("exptop: the system gives no thread\n", stderr);
		abort();
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return thread;
}

bool
thread_join(pthread_t thread, int timeout_ms)
{
	struct timespec until;

	/* Not pthread_clockjoin_np: gcc 12's ThreadSanitizer does not know it and sees no join. */
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return pthread_timedjoin_np(thread, NULL, &until) == 0;
}
