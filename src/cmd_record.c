/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/signals.h"
#include "base/standard_output.h"
#include "engine/sink_record.h"
#include "recording/line.h"

#include <errno.h>
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
	size_t topics = options_list(o, OPT_TOPIC)->n;

	if (name && topics > LINE_TOPICS) {
		err_set(err, "a recording holds at most %d topics, not %zu: make several", LINE_TOPICS, topics);
		return NULL;
	}
	if (!name)
		err_set(err, "record needs a file: name it with -O FILE, as in exptop record lab -O lab.jsonl.gz");
	return name;
}

/* "exptop: BEFORE 76 records BEHIND FILE" */
static void
tell(const struct options *o, const char *before, int64_t records, const char *behind)
{
	const char *file = options_text(o, OPT_OUTPUT);
	char text[ERR_TEXT];

	snprintf(text, sizeof(text), "%s%lld records %s %s", before, (long long)records, behind,
		 strcmp(file, "-") == 0 ? "standard output" : file);
	cmd_complain(text);
}

/* It failed: what is left of the file, in words. */
static void
give_up(const struct options *o, struct output *output, int64_t records)
{
	bool hidden = output_hidden(output), packed = output_packed(output), drop = hidden || records == 0;
	bool kept = !drop || !output_drop(output), closed = drop || output_close(output, NULL);
	char text[ERR_TEXT];

	if (standard_output_error() == EPIPE)
		return;
	if (kept)
		tell(o, packed && !closed ? "at most " : "", records, "are whole in");
	if (hidden) {
		snprintf(text, sizeof(text), "%s stays as it was", options_text(o, OPT_OUTPUT));
		cmd_complain(text);
	}
}

/* End the file and say what is in it; the exit status. */
static int
conclude(const struct options *o, struct output *output, int64_t records, int status)
{
	bool hidden = output_hidden(output), packed = output_packed(output);
	struct err err = {0};

	if (status != EXIT_DONE) {
		give_up(o, output, records);
		return EXIT_FAILED;
	}
	if (output_close(output, &err)) {
		if (!options_flag(o, OPT_QUIET))
			tell(o, "recorded ", records, "to");
		return EXIT_DONE;
	}
	if (!standard_output_error())
		cmd_complain(err.text);
	if (!hidden && standard_output_error() != EPIPE)
		tell(o, packed ? "at most " : "", records, "are whole in");
	return EXIT_FAILED;
}

/* Record until the end; the exit status. */
static int
run(const struct options *o, struct feed *feed, struct output *output, const struct range *range)
{
	struct sink *sink = sink_record_new(&(struct sink_record_config){
		output, *range, options_flag(o, OPT_ARRIVAL), cmd_complain});
	struct engine *e = engine_new(&(struct engine_config){
		.feed = feed, .sink = sink, .count = options_integer(o, OPT_COUNT), .run_ms = cmd_run_ms(o)});
	int status;

	engine_start(e);
	status = cmd_wait(e, strcmp(options_text(o, OPT_OUTPUT), "-") == 0);
	cmd_leave(e, status);
	status = conclude(o, output, sink_record_written(sink), status);
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

	signals_fd();
	if (name && read_range(o, &range, &err))
		cluster = cmd_cluster(o, &err);
	if (cluster)
		feed = cluster_feed(cluster, NULL, JOIN_ALWAYS, &err);
	if (feed)
		output = output_open(name, options_flag(o, OPT_FORCE) ? OUTPUT_FORCE : 0, &err);
	if (output)
		status = run(o, feed, output, &range);
	else
		cmd_complain(err.text);
	if (feed && !output)
		feed->ops->free(feed);
	cluster_free(cluster);
	return status;
}
