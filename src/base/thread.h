/* SPDX-License-Identifier: MIT */
/* Threads that leave every signal to the main thread. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Run MAIN(ARG) in a thread with all signals blocked; a system that has no
 * thread to give ends the program with one sentence. */
pthread_t thread_start(void *(*main)(void *), void *arg);

/* False when the thread still runs after TIMEOUT_MS. */
bool thread_join(pthread_t thread, int timeout_ms);

#endif
