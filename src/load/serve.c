/* SPDX-License-Identifier: MIT */
#include "load/serve.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct serve {
	struct MHD_Daemon *daemon;
	char *address;
	serve_page_fn page;
	void *ctx;
	_Atomic int64_t looked; /* when a page was out last, mono ms; 0: never */
	int looks;              /* readable once a page is out: eventfd(2) */
};

/* --- Answers --------------------------------------------------------------- */

static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status, const char *type, struct buf *text)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(text->n, text->p, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result = MHD_NO;

	if (!r) {
		buf_free(text);
		return MHD_NO;
	}
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = MHD_queue_response(connection, status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result
refuse(struct MHD_Connection *connection, unsigned status, const char *sentence)
{
	struct buf text = {0};

	buf_str(&text, sentence);
	return answer(connection, status, "text/plain; charset=utf-8", &text);
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
	   const char *upload, size_t *upload_size, void **seen)
{
	struct serve *s = ctx;
	struct buf text = {0};

	(void)version;
	(void)upload;
	if (!*seen) { /* the head alone: the body, if any, comes in calls of its own */
		*seen = s;
		return MHD_YES;
	}
	if (*upload_size > 0) {
		*upload_size = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are answered\n");
	if (strcmp(url, "/metrics") != 0)
		return refuse(connection, MHD_HTTP_NOT_FOUND, "the page is /metrics\n");
	s->page(s->ctx, &text);
	return answer(connection, MHD_HTTP_OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", &text);
}

/* Whatever was answered is out. */
static void
on_answered(void *ctx, struct MHD_Connection *connection, void **seen, enum MHD_RequestTerminationCode how)
{
	struct serve *s = ctx;

	(void)connection;
	(void)seen;
	if (how != MHD_REQUEST_TERMINATED_COMPLETED_OK)
		return;
	atomic_store(&s->looked, clock_mono_ms());
	eventfd_write(s->looks, 1);
}

/* --- The port -------------------------------------------------------------- */

/* The two parts of ADDRESS, HOST to be freed. */
static bool
split(const char *address, char **host, const char **port, struct err *err)
{
	const char *colon = strrchr(address, ':');
	size_t n = colon ? (size_t)(colon - address) : 0;
	bool bracketed = n > 2 && address[0] == '[' && address[n - 1] == ']';

	if (n == 0 || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) || atoll(colon + 1) > 65535)
		return err_set(err, "expected ADDR or ADDR:PORT, as in 127.0.0.1:3001, or none, not \"%s\"", address);
	*host = bracketed ? xstrndup(address + 1, n - 2) : xstrndup(address, n);
	*port = colon + 1;
	return true;
}

/* A socket that listens there; -1 with errno. */
static int
listen_at(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, why;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, to->ai_addr, to->ai_addrlen) == 0 && listen(fd, SERVE_CONNECTIONS) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

/* TAKEN says whether it is another program's, where it cannot be had. */
static int
open_port(const char *address, bool *taken, struct err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *to = NULL;
	const char *port = NULL;
	char *host = NULL;
	int fd = -1, code;

	*taken = false;
	if (!split(address, &host, &port, err))
		return -1;
	code = getaddrinfo(host, port, &hints, &to);
	free(host);
	if (code) {
		err_set(err, "%s: %s", address, gai_strerror(code));
		return -1;
	}
	fd = listen_at(to);
	code = errno;
	freeaddrinfo(to);
	*taken = fd < 0 && code == EADDRINUSE;
	if (fd < 0)
		err_set(err, "cannot serve at %s: %s", address,
			*taken ? "another program has that port" : strerror(code));
	return fd;
}

/* A name or number of a host, with nothing behind it. */
static bool
has_no_port(const char *address)
{
	size_t n = strlen(address);

	return n > 0 && strspn(address, "0123456789") < n && (!strchr(address, ':') || address[n - 1] == ']');
}

static int
open_any(const char *host, struct err *err)
{
	bool taken = true;
	int fd = -1;

	for (int port = SERVE_FIRST_PORT; taken && port <= SERVE_LAST_PORT; port++) {
		char *address = xasprintf("%s:%d", host, port);

		fd = open_port(address, &taken, err);
		free(address);
	}
	if (taken)
		err_set(err, "the ports %d to %d of %s are all taken", SERVE_FIRST_PORT, SERVE_LAST_PORT, host);
	return fd;
}

/* Where FD listens, as text. */
static char *
address_of(int fd)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(fd, (struct sockaddr *)&at, &n) < 0 ||
	    getnameinfo((struct sockaddr *)&at, n, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		return xstrdup("-");
	return xasprintf(at.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

struct serve *
serve_start(const char *address, serve_page_fn page, void *ctx, struct err *err)
{
	bool taken;
	int fd = has_no_port(address) ? open_any(address, err) : open_port(address, &taken, err);
	struct serve *s;

	if (fd < 0)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->page = page;
	s->ctx = ctx;
	s->address = address_of(fd);
	s->looks = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, on_request, s,
				     MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
				     (unsigned)SERVE_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
				     (unsigned)SERVE_IDLE_S, MHD_OPTION_NOTIFY_COMPLETED, on_answered, s,
				     MHD_OPTION_END);
	if (s->daemon)
		return s;
	err_set(err, "cannot serve at %s: libmicrohttpd does not start", address);
	close(fd);
	serve_stop(s);
	return NULL;
}

const char *
serve_address(const struct serve *s)
{
	return s->address;
}

void
serve_linger(struct serve *s, int stop_fd)
{
	struct pollfd fds[] = {{.fd = s->looks, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
	int64_t looked = atomic_load(&s->looked);
	eventfd_t looks;

	if (!looked || clock_mono_ms() - looked > SERVE_LOOKS_MS)
		return;
	eventfd_read(s->looks, &looks); /* those before */
	poll(fds, 2, SERVE_LOOKS_MS);
}

void
serve_stop(struct serve *s)
{
	if (!s)
		return;
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	if (s->looks >= 0)
		close(s->looks);
	free(s->address);
	free(s);
}
