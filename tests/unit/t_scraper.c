/* SPDX-License-Identifier: MIT */
/* The scraper against servers made here, one for each way in which a page can be answered. */
#include "scrape/scraper.h"

#include "base/alloc.h"
#include "base/thread.h"
#include "model/producers.h"
#include "unit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 20000, LOOKS = 10 };

#define COUNT "experiment_producer_event_count_total"

/* One of the test's servers: what it does with a connection. */
struct server {
	const char *answer; /* the bytes that go out; NULL: nothing, the connection stays open */
	int repeat;         /* so often the last line of it again */
	bool holds;         /* the connection stays open behind it */
	int fd;
	char address[32];
	struct thread *thread;
	atomic_bool stop;
	atomic_int asked;
};

/* A socket of loopback with a port of the system's choice. */
static int
bound(char address[32])
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	snprintf(address, 32, "127.0.0.1:%d", ntohs(at.sin_port));
	return fd;
}

static bool
put(int fd, const char *p, size_t n)
{
	ssize_t put = 0;

	for (; n > 0 && (put = send(fd, p, n, MSG_NOSIGNAL)) > 0; p += put)
		n -= (size_t)put;
	return n == 0;
}

static void
answer(struct server *s, int fd)
{
	char request[4096];
	const char *last = s->answer ? strrchr(s->answer, '\n') : NULL;
	bool taken = read(fd, request, sizeof(request)) > 0;

	atomic_fetch_add(&s->asked, 1);
	while (last && last > s->answer && last[-1] != '\n')
		last--;
	if (s->answer)
		taken = taken && put(fd, s->answer, strlen(s->answer));
	for (int i = 0; taken && i < s->repeat; i++)
		taken = put(fd, last, strlen(last));
}

static void *
serve(void *arg)
{
	struct server *s = arg;
	int open = -1;

	while (!atomic_load(&s->stop)) {
		struct pollfd p = {.fd = s->fd, .events = POLLIN};
		int fd = poll(&p, 1, 50) > 0 ? accept(s->fd, NULL, NULL) : -1;

		if (fd < 0)
			continue;
		answer(s, fd);
		if (open >= 0)
			close(open);
		open = s->holds ? fd : (close(fd), -1);
	}
	if (open >= 0)
		close(open);
	return NULL;
}

static void
start(struct server *s)
{
	s->fd = bound(s->address);
	assert_int_equal(listen(s->fd, 8), 0);
	s->thread = thread_start(serve, s);
}

static void
stop(struct server *s)
{
	atomic_store(&s->stop, true);
	thread_join(s->thread, -1);
	close(s->fd);
}

/* The next letter about PRODUCER, whatever comes of others. */
static struct scrape
letter(struct scraper *s, size_t producer)
{
	struct pollfd p = {.fd = mailbox_fd(scraper_letters(s)), .events = POLLIN};

	for (;;) {
		struct scrape *got, copy;

		assert_int_equal(poll(&p, 1, WAIT_MS), 1);
		got = mailbox_take(scraper_letters(s));
		copy = *got;
		free(got);
		if (copy.producer == producer)
			return copy;
	}
}

/* The letter that has PROBLEM: a machine that is busy may be too slow for it at first. */
static struct scrape
letter_saying(struct scraper *s, size_t producer, const char *problem)
{
	struct scrape got = letter(s, producer);

	for (int looks = 1; looks < LOOKS && strcmp(got.problem, problem) != 0; looks++)
		got = letter(s, producer);
	return got;
}

static const struct strings all;

#define LONG_LINE "# " SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR \
	SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR "\n"
#define SIXTY_FOUR "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"

static const struct {
	struct server server;
	enum scrape_result result;
	const char *problem;
} cases[] = {
	{{.answer = OK COUNT "{key=\"1\",topic=\"t\"} 42\nexperiment_producer_num_experiments 2\n# EOF\n"},
	 SCRAPE_READ, ""},
	{{.answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n"}, SCRAPE_FAILED,
	 "it answers with status 404 instead of a metrics page"},
	{{.answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"}, SCRAPE_FAILED,
	 "it answers with status 302 instead of a metrics page"},
	{{.answer = OK "<html>\n"}, SCRAPE_FAILED,
	 "what it serves is no metrics page of a producer: line 1 is no sample"},
	{{.answer = OK COUNT "{key=\"1\"} 4"}, SCRAPE_FAILED,
	 "what it serves is no metrics page of a producer: line 1 is cut off"},
	{{.answer = OK LONG_LINE, .repeat = SCRAPE_BYTES / 1024 + 1}, SCRAPE_FAILED, "its page is larger than 4 MiB"},
	{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx 1\n", .holds = true}, SCRAPE_FAILED,
	 "its page is larger than 4 MiB"},
	{{.answer = ""}, SCRAPE_FAILED, "it closed the connection without an answer"},
	{{.answer = NULL, .holds = true}, SCRAPE_FAILED, "it does not answer within 2 s"},
	{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx 1\n", .holds = true}, SCRAPE_FAILED,
	 "its page did not come whole within 2 s"},
	{{.answer = "SSH-2.0-OpenSSH_9.2p1\r\n", .holds = true}, SCRAPE_FAILED,
	 "what listens there does not speak HTTP"},
};

enum { CASES = sizeof(cases) / sizeof(*cases) };

/* All at once, and the slow ones hold up none of the others. */
static void
each_way_to_answer_is_told(void **state)
{
	struct server servers[CASES];
	struct strings addresses = {0};
	struct scraper *s;
	char nobody[32];
	int unused = bound(nobody);
	struct err err;

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		memcpy(&servers[i], &cases[i].server, sizeof(servers[i]));
		start(&servers[i]);
		strings_add(&addresses, servers[i].address);
	}
	strings_add(&addresses, nobody);
	s = scraper_start(&addresses, &all, false, &err);
	assert_non_null(s);
	for (size_t i = 0; i < CASES; i++) {
		struct scrape got = letter_saying(s, i, cases[i].problem);

		assert_string_equal(got.problem, cases[i].problem);
		assert_int_equal(got.result, cases[i].result);
		assert_true(got.result == SCRAPE_READ ? got.events == 42 && got.running == 2 : got.running == -1);
		assert_true(got.time > 0);
	}
	assert_int_equal(letter(s, CASES).result, SCRAPE_NOBODY);
	letter(s, 0); /* and so on, each second */
	letter(s, 0);
	assert_true(scraper_stop(s));
	for (size_t i = 0; i < CASES; i++)
		stop(&servers[i]);
	close(unused);
	strings_clear(&addresses);
}

static void
a_producer_may_come_later_and_go(void **state)
{
	struct server server = {.answer = OK COUNT "{key=\"1\",topic=\"t\"} 7\n"};
	struct strings addresses = {0};
	struct scraper *s;
	struct err err;

	(void)state;
	server.fd = bound(server.address);
	strings_add(&addresses, server.address);
	s = scraper_start(&addresses, &all, false, &err);
	assert_int_equal(letter(s, 0).result, SCRAPE_NOBODY);
	assert_int_equal(listen(server.fd, 8), 0);
	server.thread = thread_start(serve, &server);
	while (letter(s, 0).result != SCRAPE_READ)
		;
	stop(&server);
	while (letter(s, 0).result != SCRAPE_NOBODY)
		;
	assert_true(scraper_stop(s));
	strings_clear(&addresses);
}

static void
it_stops_at_once(void **state)
{
	struct strings addresses = {0};
	struct scraper *s;
	struct err err;

	(void)state;
	strings_add(&addresses, "127.0.0.1:1");
	strings_add(&addresses, "no-such-host.invalid:1");
	s = scraper_start(&addresses, &all, false, &err);
	assert_true(scraper_stop(s));
	assert_true(scraper_stop(NULL));
	strings_clear(&addresses);
}

static void
addresses_are_checked(void **state)
{
	static const char *const good[] = {"localhost:3001", "lab-3.example:1", "[::1]:65535", "127.0.0.1:80", "a_b:9"};
	static const char *const bad[] = {"", ":", "localhost", "localhost:", ":3001", "localhost:0", "localhost:65536",
					  "localhost:3001/", "http://localhost:3001", "a b:1", "a@b:1", "a?:1", "::1:1",
					  "[]:1", "[x]:1", "[::1:1", "localhost:30 1", "localhost:-1", "a\nb:1",
					  "h:123456"};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(scraper_address(good[i], &err));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(scraper_address(bad[i], &err));
	assert_string_equal(err.text, "expected HOST:PORT, as in localhost:3001, not \"h:123456\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_to_answer_is_told),
		cmocka_unit_test(a_producer_may_come_later_and_go),
		cmocka_unit_test(it_stops_at_once),
		cmocka_unit_test(addresses_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
