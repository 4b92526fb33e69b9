/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/quit.h"
#include "engine/sink_record.h"

#include <stdio.h>

/* What of --from and --to the brokers cannot tell: times, where they know none, and the end. */
static bool
read_range(const struct options *o, struct range *out, struct err *err)
{
	const char *from = options_text(o, OPT_FROM), *to = options_text(o, OPT_TO);

	*out = (struct range){0};
	if (from && options_given(o, OPT_SEEK))
		return err_set(err, "--from and --seek both say where to start: give one of them");
	if (from && from[0] == '@' && !bound_parse(from, &out->from, err))
		return options_blame(o, OPT_FROM, err);
	if (!to)
		return true;
	if (to[0] == '+') {
		err_set(err, "expected end, an offset N or @TIME, not \"%s\"", to);
		return options_blame(o, OPT_TO, err);
	}
	return bound_parse(to, &out->to, err) || options_blame(o, OPT_TO, err);
}

static const char *
output_name(const struct options *o, struct err *err)
{
	const char *name = options_text(o, OPT_OUTPUT);

	if (!name)
		err_set(err, "record needs a file: name it with -O FILE, as in exptop record lab -O lab.jsonl.gz");
	return name;
}

static void
tell(const struct options *o, int64_t records, bool complete)
{
	const char *file = options_text(o, OPT_OUTPUT);
	char text[ERR_TEXT];

	if (complete && options_flag(o, OPT_QUIET))
		return;
	snprintf(text, sizeof(text), complete ? "recorded %lld records to %s" : "%lld records are whole in %s",
		 (long long)records, strcmp(file, "-") == 0 ? "standard output" : file);
	cmd_complain(text);
}

/* Record until the end; the exit status. */
static int
run(const struct options *o, struct feed *feed, struct output *output, const struct range *range)
{
	struct sink *sink = sink_record_new(&(struct sink_record_config){
		output, *range, options_flag(o, OPT_ARRIVAL)});
	struct engine *e = engine_new(&(struct engine_config){
		.feed = feed, .sink = sink, .count = options_integer(o, OPT_COUNT), .run_ms = cmd_run_ms(o)});
	struct err err = {0};
	int status;

	engine_start(e);
	status = cmd_wait(e);
	cmd_leave(e, status);
	if (!output_close(output, &err)) {
		if (status == EXIT_DONE)
			cmd_complain(err.text);
		status = EXIT_FAILED;
	}
	tell(o, sink_record_written(sink), status == EXIT_DONE);
	if (!engine_free(e))
		cmd_end(status);
	sink_record_free(sink);
	return status;
}

int
cmd_record(const struct options *o)
{
	struct err err = {0};
	struct range range;
	struct cluster *cluster = NULL;
	struct feed *feed = NULL;
	struct output *output = NULL;
	const char *name = output_name(o, &err);
	int status = EXIT_USAGE;

	quit_open();
	if (name && read_range(o, &range, &err))
		cluster = cmd_cluster(o, &err);
	if (cluster)
		feed = cluster_feed(cluster, NULL, JOIN_ALWAYS, &err);
	if (feed)
		output = output_open(name, options_flag(o, OPT_FORCE), &err);
	if (output)
		status = run(o, feed, output, &range);
	else
		cmd_complain(err.text);
	if (feed && !output)
		feed->ops->free(feed);
	cluster_free(cluster);
	return status;
}
