/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/quit.h"
#include "engine/sink_print.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Wait until the engine ends or a signal asks for it; the exit status. */
static int
wait_for_end(struct engine *e)
{
	struct pollfd fds[2] = {{.fd = engine_fd(e), .events = POLLIN}, {.fd = quit_open(), .events = POLLIN}};
	struct engine_letter *letter;
	int status;

	for (;;) {
		poll(fds, 2, -1);
		if (quit_take()) {
			fputs("EXITING SAFELY!\n", stderr);
			return EXIT_DONE;
		}
		while ((letter = engine_take(e))) {
			bool ended = letter->kind == ENGINE_ENDED;

			if (ended && letter->failed)
				cmd_complain(letter->text);
			status = letter->failed ? EXIT_FAILED : EXIT_DONE;
			free(letter);
			if (ended)
				return status;
		}
	}
}

static void
print_summary(struct print_totals t)
{
	printf("{\"records\":%" PRId64 ",\"decoded\":%" PRId64 ",\"undecodable\":%" PRId64 ",\"bytes\":%" PRId64
	       ",\"seconds\":%.6f,\"records_per_s\":",
	       t.records, t.decoded, t.undecodable, t.bytes, t.seconds);
	if (t.seconds > 0)
		printf("%.1f}\n", (double)t.records / t.seconds);
	else
		puts("null}");
}

int
cmd_consume(const struct options *o)
{
	struct sink_print_config print = {
		.format = (enum print_format)options_choice(o, OPT_FORMAT),
		.out = STDOUT_FILENO,
		.remarks = STDERR_FILENO,
		.clean = isatty(STDOUT_FILENO),
		.counts = !options_flag(o, OPT_QUIET),
		.check_names = options_flag(o, OPT_CHECK_NAMES),
	};
	struct engine_config config = {
		.count = options_integer(o, OPT_COUNT),
		.run_ms = cmd_run_ms(o),
	};
	struct err err = {0};
	struct cluster *cluster = cmd_cluster(o, &err);
	struct engine *e;
	int status;

	quit_open();
	config.feed = cluster ? cluster_feed(cluster, NULL, JOIN_ALWAYS, &err) : NULL;
	if (!config.feed) {
		cmd_complain(err.text);
		cluster_free(cluster);
		return EXIT_USAGE;
	}
	config.sink = sink_print_new(&print);
	e = engine_new(&config);
	engine_start(e);
	status = wait_for_end(e);
	cmd_leave(e, status);
	if (options_flag(o, OPT_SUMMARY))
		print_summary(sink_print_totals(config.sink));
	if (!engine_free(e))
		cmd_end(status);
	sink_print_free(config.sink);
	cluster_free(cluster);
	return status;
}
