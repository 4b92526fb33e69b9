/* SPDX-License-Identifier: MIT */
/*
 * Whose programs listen on ports of this machine, as the kernel lists them (Linux:
 * /proc/net/tcp and tcp6, of our own network namespace). Any thread.
 */
#ifndef BASE_LISTENER_H
#define BASE_LISTENER_H

#include "base/slice.h"

#include <stdbool.h>
#include <sys/types.h>

enum listener {
	LISTENER_NONE,
	LISTENER_OURS,
	LISTENER_OTHERS, /* of another user, also where one of ours listens beside it */
	LISTENER_UNKNOWN /* the system does not tell */
};

/* Who listens on PORT; of LISTENER_OTHERS the user goes into OWNER. */
enum listener listener_of(int port, uid_t *owner);

/* The same out of TABLE, the text of such a list, as US sees it. Pure. */
enum listener listener_in(struct slice table, int port, uid_t us, uid_t *owner);

/* The name of USER, else its number. */
void listener_name(uid_t user, char *out, size_t size);

#endif
