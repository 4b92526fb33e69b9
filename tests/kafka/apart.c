/* SPDX-License-Identifier: MIT */
#include "apart.h"

#include "base/alloc.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 24 };

struct child {
	pid_t pid;
	FILE *said;
};

static struct child
begin(const struct CMUnitTest *test, CMFixtureFunction setup, CMFixtureFunction teardown)
{
	const struct CMUnitTest one[] = {*test};
	struct child c = {.said = tmpfile()};

	if (!c.said || (c.pid = fork()) < 0) {
		perror("apart");
		exit(1);
	}
	if (c.pid > 0)
		return c;
	dup2(fileno(c.said), STDOUT_FILENO);
	dup2(fileno(c.said), STDERR_FILENO);
	exit(cmocka_run_group_tests(one, setup, teardown) != 0);
}

/* What a test said, where it failed. */
static void
show(FILE *said)
{
	char line[1024];

	rewind(said);
	while (fgets(line, sizeof(line), said))
		printf("# %s", line);
}

static bool
end(struct child *c, const char *name, size_t number)
{
	int status = 0;
	bool good = waitpid(c->pid, &status, 0) == c->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;

	printf("%sok %zu - %s\n", good ? "" : "not ", number, name);
	if (!good)
		show(c->said);
	if (WIFSIGNALED(status))
		printf("# it died of signal %d\n", WTERMSIG(status));
	fclose(c->said);
	fflush(stdout); /* or the next child would say it again */
	return good;
}

int
apart_run(const struct CMUnitTest *tests, size_t n, CMFixtureFunction setup, CMFixtureFunction teardown)
{
	struct child *children = xcalloc(n, sizeof(*children));
	size_t begun = 0;
	int failed = 0;

	printf("1..%zu\n", n);
	fflush(stdout);
	for (size_t i = 0; i < n; i++) {
		for (; begun < n && begun < i + AT_ONCE; begun++)
			children[begun] = begin(&tests[begun], setup, teardown);
		failed += !end(&children[i], tests[i].name, i + 1);
	}
	free(children);
	return failed;
}
