/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/quit.h"
#include "engine/feed_replay.h"
#include "engine/sink_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

/* A recording needs no cluster. */
static struct feed *
make_feed(const struct options *o, struct cluster **cluster, struct err *err)
{
	const char *recording = options_text(o, OPT_REPLAY);

	if (recording)
		return feed_replay_new(&(struct feed_replay_config){.file = recording});
	*cluster = cmd_cluster(o, err);
	return *cluster ? cluster_feed(*cluster, NULL, JOIN_ALWAYS, err) : NULL;
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
	struct cluster *cluster = NULL;
	struct engine *e;
	int status;

	quit_open();
	config.feed = make_feed(o, &cluster, &err);
	if (!config.feed) {
		cmd_complain(err.text);
		cluster_free(cluster);
		return EXIT_USAGE;
	}
	config.sink = sink_print_new(&print);
	e = engine_new(&config);
	engine_start(e);
	status = cmd_wait(e);
	cmd_leave(e, status);
	if (options_flag(o, OPT_SUMMARY))
		print_summary(sink_print_totals(config.sink));
	if (!engine_free(e))
		cmd_end(status);
	sink_print_free(config.sink);
	cluster_free(cluster);
	return status;
}
