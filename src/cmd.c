/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/descriptors.h"
#include "base/signals.h"
#include "base/standard_output.h"
#include "password.h"

#include <ctype.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
cmd_complain(const char *sentence)
{
	program_complain(sentence);
}

bool
cmd_has_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

bool
cmd_wants_colour(const struct options *o)
{
	const char *none = getenv("NO_COLOR");

	return !options_flag(o, OPT_NO_COLOR) && !(none && *none);
}

char *
cmd_topic_names(const struct options *o)
{
	const struct strings *topics = options_list(o, OPT_TOPIC);
	struct buf text = {0};

	for (size_t i = 0; i < topics->n; i++) {
		if (i > 0)
			buf_str(&text, ", ");
		buf_str(&text, topics->item[i]);
	}
	buf_cstr(&text);
	return text.p;
}

void
cmd_end(int status)
{
	_exit(program_end(status));
}

void
cmd_abandon(int status)
{
	cmd_complain("the brokers, who writes the recording, or who reads our output, do not answer: leaving without "
		     "them; what was not committed of a topic is read again next time");
	cmd_end(status);
}

void
cmd_leave(struct engine *e, int status)
{
	signals_set_status(status);
	engine_stop(e);
	if (!engine_wait(e, signals_leave_ms()))
		cmd_abandon(status);
}

int
cmd_wait(struct engine *e, bool printing)
{
	struct pollfd fds[] = {
		{.fd = engine_fd(e), .events = POLLIN},
		{.fd = signals_fd(), .events = POLLIN},
		standard_output_watch(),
	};
	struct engine_letter *letter;
	int status;

	for (;;) {
		poll(fds, printing ? 3 : 2, -1);
		if (printing && standard_output_gone(&fds[2]))
			return EXIT_DONE;
		if (signals_take()) {
			fputs("EXITING SAFELY!\n", stderr);
			return EXIT_DONE;
		}
		while ((letter = engine_take(e))) {
			bool ended = letter->kind == ENGINE_ENDED;

			if (ended && letter->failed && !standard_output_error()) /* else program_end() says it */
				cmd_complain(letter->text);
			status = letter->failed ? EXIT_FAILED : EXIT_DONE;
			free(letter);
			if (ended)
				return status;
		}
	}
}

struct cluster *
cmd_cluster(const struct options *o, struct err *err)
{
	struct strings warnings = {0};
	struct cluster_user user = {getenv("EXPTOP_KEYSTORE_PASSWORD"), password_ask, &warnings};
	struct cluster *c;

	descriptors_require(DESCRIPTORS_CLUSTER, "a cluster");
	c = cluster_new(o, &user, err);
	for (size_t i = 0; i < warnings.n; i++)
		cmd_complain(warnings.item[i]);
	strings_clear(&warnings);
	return c;
}

struct inquirer *
cmd_ask(struct cluster *c, const struct options *o, struct err *err)
{
	if (cluster_kafka(c)->brokers)
		return inquirer_new(cluster_kafka(c), (int)(options_number(o, OPT_TIMEOUT) * 1000), err);
	err_set(err, "no brokers: name them with -b HOST:PORT, or start some with exptop broker");
	return NULL;
}

int64_t
cmd_run_ms(const struct options *o)
{
	double seconds = options_number(o, OPT_SECONDS);

	return isnan(seconds) ? -1 : (int64_t)(seconds * 1000);
}

bool
cmd_speed(const struct options *o, double fallback, double *speed, struct err *err)
{
	const char *text = options_text(o, OPT_SPEED);
	char *end;

	*speed = fallback;
	if (!text)
		return true;
	*speed = strcmp(text, "max") == 0 ? 0 : strtod(text, &end);
	if (strcmp(text, "max") != 0 && (!isdigit((unsigned char)*text) || *end || !(*speed <= 1e6))) {
		err_set(err, "expected how many times as fast, up to 1000000, or max, not \"%s\"", text);
		return options_blame(o, OPT_SPEED, err);
	}
	if (*speed == 0)
		*speed = INFINITY;
	return true;
}
