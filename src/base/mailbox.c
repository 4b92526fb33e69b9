/* SPDX-License-Identifier: MIT */
#include "base/mailbox.h"

#include "base/alloc.h"
#include "base/fatal.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct letter {
	struct letter *next;
	void *content;
};

struct mailbox {
	pthread_mutex_t lock;
	struct letter *first, **end;
	size_t waiting;
	int fd;
};

struct mailbox *
mailbox_new(void)
{
	struct mailbox *m = xcalloc(1, sizeof(*m));

	pthread_mutex_init(&m->lock, NULL);
	m->end = &m->first;
	m->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (m->fd < 0)
		fatal("no file descriptor for a mailbox: %s; raise the limit, as with ulimit -n 256", strerror(errno));
	return m;
}

void
mailbox_free(struct mailbox *m, void (*free_letter)(void *))
{
	void *content;

	if (!m)
		return;
	while ((content = mailbox_take(m)))
		if (free_letter)
			free_letter(content);
	close(m->fd);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

void
mailbox_post(struct mailbox *m, void *content)
{
	struct letter *letter = xcalloc(1, sizeof(*letter));
	uint64_t one = 1;

	letter->content = content;
	pthread_mutex_lock(&m->lock);
	if (!m->first && write(m->fd, &one, sizeof(one)) < 0)
		fatal("a mailbox does not wake its reader: %s", strerror(errno));
	*m->end = letter;
	m->end = &letter->next;
	m->waiting++;
	pthread_mutex_unlock(&m->lock);
}

void *
mailbox_take(struct mailbox *m)
{
	struct letter *letter;
	void *content = NULL;
	uint64_t count;

	pthread_mutex_lock(&m->lock);
	letter = m->first;
	if (letter) {
		m->first = letter->next;
		m->waiting--;
		if (!m->first) {
			m->end = &m->first;
			if (read(m->fd, &count, sizeof(count)) < 0)
				fatal("a mailbox does not rest: %s", strerror(errno));
		}
		content = letter->content;
	}
	pthread_mutex_unlock(&m->lock);
	free(letter);
	return content;
}

size_t
mailbox_waiting(struct mailbox *m)
{
	size_t n;

	pthread_mutex_lock(&m->lock);
	n = m->waiting;
	pthread_mutex_unlock(&m->lock);
	return n;
}

int
mailbox_fd(const struct mailbox *m)
{
	return m->fd;
}
