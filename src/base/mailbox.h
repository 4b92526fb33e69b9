/* SPDX-License-Identifier: MIT */
/*
 * A mailbox: how one thread hands another something. Letters are pointers,
 * first in first out; ownership goes with them. The reader sleeps in poll(2) on
 * mailbox_fd() and is woken once when the mailbox stops being empty. Any number
 * of threads may post, one reads.
 */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stddef.h>

struct mailbox;

struct mailbox *mailbox_new(void);

/* Letters still inside are given to FREE_LETTER, which may be NULL. */
void mailbox_free(struct mailbox *m, void (*free_letter)(void *));

void mailbox_post(struct mailbox *m, void *letter);

/* The oldest letter, or NULL when there is none. */
void *mailbox_take(struct mailbox *m);

/* Letters that wait: who can do without posting looks first, and so bounds them. */
size_t mailbox_waiting(struct mailbox *m);

/* Readable while there are letters. */
int mailbox_fd(const struct mailbox *m);

#endif
