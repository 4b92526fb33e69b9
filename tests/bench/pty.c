/* SPDX-License-Identifier: MIT */
/*
 * Runs a program on a terminal of its own and measures it from outside:
 *
 *   pty [OPTION..] PROGRAM [ARGUMENT..]
 *     -g COLUMNSxROWS  the terminal's size (80x24)
 *     -u TEXT          first_paint_ms: from exec until TEXT was written
 *     -k KEYS          pressed after the first paint
 *     -s SECONDS       then left alone (1)
 *     -d SECONDS       then bytes_per_s, cpu_percent and rss_kb are taken (0: not at all)
 *     -n COUNT         then so often a letter is typed into the search: key_p50_ms, key_p99_ms
 *     -e               wait_s: until the program ends by itself; otherwise it is terminated
 *
 * Each figure is a line on standard output, NAME VALUE.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ = 65536, TAIL = 64, KEYS_MAX = 10000, LINE = 50, PATIENCE_S = 120 };

/* What is typed to see it answered: on no screen, so it comes from the key alone. */
static const char asked[] = "~";

static struct {
	pid_t pid;
	int fd;
	double started;
	long bytes;
	bool gone;
	char seen[TAIL + READ]; /* the end of what was read before, and what was read now */
	size_t tail;
} term;

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
fail(const char *what)
{
	fprintf(stderr, "pty: %s: %s\n", what, strerror(errno));
	if (term.pid > 0)
		kill(term.pid, SIGKILL);
	exit(1);
}

static void
start(char **argv, struct winsize size)
{
	term.started = now();
	term.pid = forkpty(&term.fd, NULL, NULL, &size);
	if (term.pid < 0)
		fail("forkpty");
	if (term.pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
}

/* Read once, waiting until DEADLINE at most; whether TEXT (NULL: none) has come. */
static bool
read_once(double deadline, const char *text)
{
	struct pollfd p = {.fd = term.fd, .events = POLLIN};
	double left = deadline - now();
	ssize_t n;
	bool found;

	if (poll(&p, 1, left > 0 ? (int)(left * 1000) + 1 : 0) <= 0)
		return false;
	n = read(term.fd, term.seen + term.tail, READ);
	if (n <= 0) {
		term.gone = true;
		return false;
	}
	term.bytes += n;
	found = text && memmem(term.seen, term.tail + (size_t)n, text, strlen(text));
	n += (ssize_t)term.tail;
	term.tail = found ? 0 : n < TAIL ? (size_t)n : TAIL;
	memmove(term.seen, term.seen + n - term.tail, term.tail);
	return found;
}

/* Read for SECONDS or until TEXT comes: whether it did. */
static bool
read_for(double seconds, const char *text)
{
	double deadline = now() + seconds;

	while (!term.gone && now() < deadline)
		if (read_once(deadline, text))
			return true;
	return false;
}

static void
press(const char *keys)
{
	for (; *keys; keys++) {
		if (write(term.fd, keys, 1) != 1)
			fail("write");
		read_for(0.1, NULL);
	}
}

static double
cpu_s(void)
{
	struct timespec ts = {0};
	clockid_t id;

	if (clock_getcpuclockid(term.pid, &id) == 0)
		clock_gettime(id, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static long
rss_kb(void)
{
	char path[64], line[256];
	long kb = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)term.pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "VmRSS: %ld", &kb);
	if (f)
		fclose(f);
	return kb;
}

static void
measure(double seconds)
{
	long bytes = term.bytes;
	double cpu = cpu_s(), since = now();

	read_for(seconds, NULL);
	since = now() - since;
	printf("bytes_per_s %.1f\n", (double)(term.bytes - bytes) / since);
	printf("cpu_percent %.3f\n", (cpu_s() - cpu) / since * 100);
	printf("rss_kb %ld\n", rss_kb());
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Type a line, each letter at another moment of the program's own rhythm, and a new line when it is full. */
static void
measure_keys(int count)
{
	static double ms[KEYS_MAX];

	for (int i = 0; i < count; i++) {
		double since;

		if (i % LINE == 0)
			press(i == 0 ? "/" : "\x1b/");
		since = now();
		if (write(term.fd, asked, 1) != 1 || !read_for(5, asked))
			fail("a key was not answered within 5 s");
		ms[i] = (now() - since) * 1000;
		read_for(0.002 + 0.001 * (i * 7 % 17), NULL);
	}
	press("\x1b");
	qsort(ms, (size_t)count, sizeof(*ms), compare);
	printf("key_p50_ms %.2f\nkey_p99_ms %.2f\n", ms[count / 2], ms[count * 99 / 100]);
}

/* A terminal whose program has ended reads as EIO. */
static void
end(bool wait_for_it)
{
	int status;

	if (!wait_for_it)
		kill(term.pid, SIGTERM);
	read_for(wait_for_it ? PATIENCE_S : 5, NULL);
	if (!term.gone)
		fail("the program does not end");
	waitpid(term.pid, &status, 0);
	if (wait_for_it)
		printf("wait_s %.3f\n", now() - term.started);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fprintf(stderr, "pty: the program failed\n");
}

int
main(int argc, char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	const char *until = NULL, *keys = "";
	double settle = 1, seconds = 0;
	bool wait_for_it = false;
	int count = 0, opt;

	while ((opt = getopt(argc, argv, "+g:u:k:s:d:n:e")) != -1)
		switch (opt) {
		case 'g': sscanf(optarg, "%hux%hu", &size.ws_col, &size.ws_row); break;
		case 'u': until = optarg; break;
		case 'k': keys = optarg; break;
		case 's': settle = atof(optarg); break;
		case 'd': seconds = atof(optarg); break;
		case 'n': count = atoi(optarg); break;
		case 'e': wait_for_it = true; break;
		default: return 2;
		}
	if (optind == argc || count > KEYS_MAX)
		return 2;
	start(argv + optind, size);
	if (until && !read_for(5, until))
		fail("the text did not come within 5 s");
	if (until)
		printf("first_paint_ms %.1f\n", (now() - term.started) * 1000);
	press(keys);
	if (!wait_for_it)
		read_for(settle, NULL);
	if (seconds > 0)
		measure(seconds);
	if (count > 0)
		measure_keys(count);
	end(wait_for_it);
	return 0;
}
