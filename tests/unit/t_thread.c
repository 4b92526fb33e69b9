/* SPDX-License-Identifier: MIT */
#include "base/thread.h"
#include "unit.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

static void *
report_signals(void *blocked)
{
	pthread_sigmask(SIG_SETMASK, NULL, blocked);
	return NULL;
}

static void
a_thread_leaves_signals_to_its_starter(void **state)
{
	sigset_t inside, after;

	(void)state;
	assert_true(thread_join(thread_start(report_signals, &inside), 10000));
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	assert_true(sigismember(&inside, SIGINT) && sigismember(&inside, SIGWINCH));
	assert_false(sigismember(&after, SIGINT) || sigismember(&after, SIGWINCH));
}

static void *
wait_for_post(void *post)
{
	sem_wait(post);
	return NULL;
}

static void
waiting_has_an_end(void **state)
{
	struct thread *thread;
	sem_t post;

	(void)state;
	sem_init(&post, 0, 0);
	thread = thread_start(wait_for_post, &post);
	assert_false(thread_join(thread, 1));
	sem_post(&post);
	assert_true(thread_join(thread, 10000));
	sem_destroy(&post);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_leaves_signals_to_its_starter),
		cmocka_unit_test(waiting_has_an_end),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
