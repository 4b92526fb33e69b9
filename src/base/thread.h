/* SPDX-License-Identifier: MIT */
/* Threads that leave every signal to the main thread and can be waited for with
 * a bound. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stdbool.h>

struct thread;

/* Run MAIN(ARG) in a thread with all signals blocked; a system that has no
 * thread to give ends the program with one sentence. */
struct thread *thread_start(void *(*main)(void *), void *arg);

/* False when the thread still runs after TIMEOUT_MS (-1: wait for ever). Once
 * true, THREAD is freed. */
bool thread_join(struct thread *thread, int timeout_ms);

#endif
