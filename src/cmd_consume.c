/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/signals.h"
#include "engine/feed_replay.h"
#include "engine/sink_print.h"
#include "keep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
print_summary(const struct sink *sink, const struct keep *keep)
{
	struct print_totals t = sink_print_totals(sink);
	struct store_status kept;

	printf("{\"records\":%" PRId64 ",\"decoded\":%" PRId64 ",\"undecodable\":%" PRId64 ",\"bytes\":%" PRId64
	       ",\"seconds\":%.6f,\"records_per_s\":",
	       t.records, t.decoded, t.undecodable, t.bytes, t.seconds);
	if (t.seconds > 0)
		printf("%.1f", (double)t.records / t.seconds);
	else
		fputs("null", stdout);
	if (keep->store) {
		store_status(keep->store, 0, &kept);
		printf(",\"stored\":%" PRId64 ",\"duplicates\":%" PRId64, kept.stored, kept.duplicates);
	}
	puts("}");
}

/* The engine is stopped: the end, and the status. */
static int
finish(const struct options *o, struct engine *e, struct sink *print, struct keep *keep, int status)
{
	struct err err;

	if (!keep_end(keep, &err) && status == EXIT_DONE) {
		cmd_complain(err.text);
		status = EXIT_FAILED;
	}
	if (options_flag(o, OPT_SUMMARY))
		print_summary(print, keep);
	if (!engine_free(e)) {
		keep_close(keep);
		cmd_end(status);
	}
	keep_close(keep);
	sink_print_free(print);
	return status;
}

/* A recording needs no cluster. */
static struct feed *
make_feed(const struct options *o, struct cluster **cluster, struct keep *keep, int *status, struct err *err)
{
	const char *recording = options_text(o, OPT_REPLAY);

	*status = EXIT_USAGE;
	if (!keep_check(o, err))
		return NULL;
	if (recording)
		return feed_replay_new(&(struct feed_replay_config){.file = recording});
	*cluster = cmd_cluster(o, err);
	if (!*cluster)
		return NULL;
	if (!keep_open(keep, o, *cluster, NULL, err)) { /* no wrong usage */
		*status = EXIT_FAILED;
		return NULL;
	}
	return cluster_feed(*cluster, NULL, JOIN_ALWAYS, err);
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
	struct keep keep = {0};
	struct err err = {0};
	struct cluster *cluster = NULL;
	struct engine *e;
	int status;

	signals_fd();
	config.feed = make_feed(o, &cluster, &keep, &status, &err);
	if (!config.feed) {
		keep_close(&keep);
		cmd_complain(err.text);
		cluster_free(cluster);
		return status;
	}
	config.sink = sink_print_new(&print);
	config.keep = keep.sink;
	e = engine_new(&config);
	engine_start(e);
	status = cmd_wait(e, print.format != FORMAT_NONE);
	cmd_leave(e, status);
	if (status == EXIT_DONE && options_text(o, OPT_REPLAY) && !feed_replay_whole(config.feed))
		status = EXIT_FAILED;
	status = finish(o, e, config.sink, &keep, status);
	cluster_free(cluster);
	return status;
}
