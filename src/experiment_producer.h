/* SPDX-License-Identifier: MIT */
/*
 * The program experiment-producer between its options and its exit status: the
 * load, its log and its metrics page put together, watched and taken apart again.
 * Main thread.
 */
#ifndef EXPERIMENT_PRODUCER_H
#define EXPERIMENT_PRODUCER_H

#include "conf/options.h"

/* O may get the credentials folder that was found. Returns the exit status. */
int experiment_producer(struct options *o);

#endif
