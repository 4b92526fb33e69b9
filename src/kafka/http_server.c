/* SPDX-License-Identifier: MIT */
#include "kafka/http_server.h"

#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BROKERS_ASKED = 3, WAIT_MS = 400, ALL_MS = 1000, NAME_BYTES = 300 };

static bool
ready(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	return poll(&p, 1, WAIT_MS) == 1 && (p.revents & events);
}

static bool
greets(int fd)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n", answer[] = "HTTP/";
	char said[sizeof(answer)] = "";

	return ready(fd, POLLOUT) && send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 && ready(fd, POLLIN) &&
	       recv(fd, said, sizeof(answer) - 1, 0) > 0 && strcmp(said, answer) == 0;
}

static bool
address_greets(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool yes = fd >= 0 && (connect(fd, at->ai_addr, at->ai_addrlen) == 0 || errno == EINPROGRESS) && greets(fd);

	if (fd >= 0)
		close(fd);
	return yes;
}

/* BROKER is HOST:PORT, [HOST]:PORT or SCHEME://HOST:PORT. */
static bool
broker_greets(const char *broker, int64_t until)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	char host[NAME_BYTES], *port;
	const char *scheme = strstr(broker, "://");
	struct addrinfo *all;
	bool yes = false;
	size_t n;

	snprintf(host, sizeof(host), "%s", scheme ? scheme + 3 : broker);
	port = strrchr(host, ':');
	if (!port)
		return false;
	*port++ = '\0';
	n = strlen(host);
	if (n > 1 && host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		memmove(host, host + 1, n - 1);
	}
	if (getaddrinfo(host, port, &hints, &all) != 0)
		return false;
	for (const struct addrinfo *at = all; at && !yes && clock_mono_ms() < until; at = at->ai_next)
		yes = address_greets(at);
	freeaddrinfo(all);
	return yes;
}

bool
http_server_among(const char *brokers, char *out, size_t size)
{
	int64_t until = clock_mono_ms() + ALL_MS;
	char broker[NAME_BYTES];
	size_t n;

	for (int i = 0; brokers && *brokers && i < BROKERS_ASKED && clock_mono_ms() < until; i++) {
		n = strcspn(brokers, ",");
		snprintf(broker, sizeof(broker), "%.*s", (int)n, brokers);
		if (broker_greets(broker, until)) {
			snprintf(out, size, "%s", broker);
			return true;
		}
		brokers += n + (brokers[n] == ',');
	}
	return false;
}
