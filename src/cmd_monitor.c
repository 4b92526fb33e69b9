/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/alloc.h"
#include "base/rng.h"
#include "base/signals.h"
#include "engine/feed_replay.h"
#include "engine/sink_monitor.h"
#include "keep.h"
#include "load/demo.h"
#include "producing.h"
#include "ui/app.h"
#include "ui/screen.h"
#include "ui/terminal.h"
#include "ui/twin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What a monitor is made of; what was not made is NULL. */
struct monitor {
	const struct options *options;
	bool text; /* the text twin, not the screen */
	struct cluster *cluster;
	struct demo *demo;
	struct keep keep;
	bool unkept; /* the store cannot be used */
	struct producing producing;
	struct strings counted; /* topics of which what is produced counts; none: all */
	char *topics;
	const char *name, *group; /* of the cluster, for the head */
	char chosen[ROW_TEXT];     /* the topic, where none was named; empty: none */
	struct terminal *terminal; /* open from the choice on, NULL: not yet */
	bool left_behind;          /* a library's threads go on: only _exit is left */
	struct sink *sink;
	struct engine *engine;
};

static bool
wants_text(const struct options *o)
{
	if (options_flag(o, OPT_TEXT))
		return true;
	if (options_text(o, OPT_SCRIPT))
		return false;
	return !cmd_has_screen();
}

/* Start the embedded broker and its load; what the feed has to know of it. */
static bool
start_demo(struct monitor *m, struct cluster_demo *out, struct err *err)
{
	const struct options *o = m->options;
	const struct strings *topics = options_list(o, OPT_TOPIC);
	struct rng rng = rng_from_system();
	struct demo_config config = {
		.kafka = cluster_kafka(m->cluster),
		.topic = topics->n ? topics->item[0] : NULL,
		.load_file = options_text(o, OPT_LOAD),
		.seed = rng_next(&rng),
	};

	if (options_flag(o, OPT_READ_ONLY) && options_text(o, OPT_BROKERS))
		return err_set(err, "--read-only: --demo would write its load to %s; leave out one of the two",
			       options_text(o, OPT_BROKERS));
	m->demo = demo_start(&config, err);
	if (!m->demo)
		return false;
	*out = (struct cluster_demo){
		.brokers = demo_brokers(m->demo),
		.topic = config.topic ? config.topic : DEMO_TOPIC,
		.group = options_text(o, OPT_BROKERS) ? NULL : "exptop-demo",
	};
	return true;
}

static struct feed *
replay(const struct options *o, const char *recording, struct err *err)
{
	struct feed_replay_config config = {
		.file = recording, .slider = true, .index_bytes = (size_t)options_integer(o, OPT_INDEX_MB) << 20,
	};

	return cmd_speed(o, INFINITY, &config.speed, err) ? feed_replay_new(&config) : NULL;
}

static struct feed *
make_feed(struct monitor *m, struct err *err)
{
	const struct options *o = m->options;
	const char *recording = options_text(o, OPT_REPLAY);
	bool demo = options_flag(o, OPT_DEMO);
	struct cluster_demo details = {0};

	m->group = options_text(o, OPT_GROUP);
	m->topics = m->chosen[0] ? xstrdup(m->chosen) : cmd_topic_names(o);
	m->name = options_text(o, OPT_BROKERS);
	if (!keep_check(o, err))
		return NULL;
	if (recording) {
		m->name = recording;
		return replay(o, recording, err);
	}
	if (!m->cluster)
		m->cluster = cmd_cluster(o, err);
	if (!m->cluster || (demo && !start_demo(m, &details, err)))
		return NULL;
	if (demo) {
		m->name = m->name ? m->name : "demo";
		m->group = m->group ? m->group : details.group;
		free(m->topics);
		m->topics = xstrdup(details.topic);
	}
	m->unkept = !keep_open(&m->keep, o, m->cluster, demo ? &details : NULL, err);
	if (m->unkept)
		return NULL;
	return cluster_feed(m->cluster, demo ? &details : NULL, demo ? JOIN_ALWAYS : m->text ? JOIN_REFUSE : JOIN_ASK,
			    err);
}

static int64_t
demo_began(void *ctx)
{
	struct emit_counts counts;

	demo_counts(ctx, &counts);
	return counts.round_began;
}

/* What is made and planned, beside what is read; the demo's plan is known. */
static bool
open_producing(struct monitor *m, struct sink_monitor_config *sink, struct err *err)
{
	const struct options *o = m->options;
	const struct strings *topics = options_list(o, OPT_TOPIC);
	bool planned = options_text(o, OPT_PLAN), asked = planned || options_list(o, OPT_PRODUCER_CONNECTION)->n > 0;

	if (!asked && !m->demo)
		return true;
	for (size_t i = 0; i < topics->n; i++)
		strings_add(&m->counted, topics->item[i]);
	if (m->chosen[0])
		strings_add(&m->counted, m->chosen);
	if (!producing_open(&m->producing, o, asked, &m->counted, m->demo && !planned ? demo_plan(m->demo) : NULL, err))
		return false;
	sink->producers = m->producing.producers;
	if (m->demo && !planned) {
		sink->plan_begun = demo_began;
		sink->plan_ctx = m->demo;
	}
	return true;
}

static bool
open_monitor(struct monitor *m, struct err *err)
{
	const struct options *o = m->options;
	struct engine_config engine = {.count = options_integer(o, OPT_COUNT), .run_ms = cmd_run_ms(o)};
	struct sink_monitor_config sink = {
		.watch = options_text(o, OPT_WATCH),
		.limits.max_experiments = (size_t)options_integer(o, OPT_MAX_EXPERIMENTS),
		.check_names = options_flag(o, OPT_CHECK_NAMES),
		.secret_key = options_text(o, OPT_SECRET_KEY),
		.logs = options_list(o, OPT_LOG),
	};

	engine.feed = make_feed(m, err);
	if (!engine.feed)
		return false;
	sink.cluster = m->name;
	sink.topics = m->topics;
	sink.group = m->group;
	if (open_producing(m, &sink, err))
		m->sink = sink_monitor_new(&sink, err);
	if (!m->sink) {
		engine.feed->ops->free(engine.feed);
		return false;
	}
	engine.sink = m->sink;
	engine.scrapes = producing_letters(&m->producing);
	engine.keep = m->keep.sink;
	m->engine = engine_new(&engine);
	return true;
}

static void
close_monitor(struct monitor *m, int status)
{
	bool whole;

	signals_set_status(status);
	whole = engine_free(m->engine);
	keep_close(&m->keep);
	if (!whole || !producing_close(&m->producing) || m->left_behind)
		cmd_end(status);
	sink_monitor_free(m->sink);
	if (m->demo)
		signals_leave(status); /* its broker may never end */
	demo_stop(m->demo);
	strings_clear(&m->counted);
	cluster_free(m->cluster);
	free(m->topics);
}

static void
describe(const struct monitor *m, struct ui_config *ui)
{
	const struct options *o = m->options;

	*ui = (struct ui_config){
		.cluster = m->name,
		.topics = m->topics,
		.group = m->group,
		.watch = options_text(o, OPT_WATCH),
		.policy = (enum policy)options_choice(o, OPT_OFFSET_RESET),
		.interval_ms = (int64_t)(options_number(o, OPT_INTERVAL) * 1000),
		.read_only = options_flag(o, OPT_READ_ONLY),
	};
}

static int
run_screen(struct monitor *m)
{
	const struct options *o = m->options;
	struct app_config app = {
		.engine = m->engine,
		.terminal = m->terminal,
		.colour = cmd_wants_colour(o),
		.end_with_engine = !options_text(o, OPT_REPLAY),
		.script = options_text(o, OPT_SCRIPT),
	};
	struct app_result result = {0};
	struct err err = {0};

	describe(m, &app.ui);
	if (!app_run(&app, &result, &err)) {
		result.failed = true;
		cmd_complain(err.text);
	} else if (*result.last_error)
		cmd_complain(result.last_error);
	if (!result.stopped)
		cmd_abandon(result.failed ? EXIT_FAILED : EXIT_DONE);
	return result.failed ? EXIT_FAILED : EXIT_DONE;
}

static int
run_text(struct monitor *m)
{
	const struct twin_config twin = {
		.engine = m->engine,
		.out = stdout,
		.interval_ms = (int64_t)(options_number(m->options, OPT_INTERVAL) * 1000),
	};
	struct twin_result result;

	twin_run(&twin, &result);
	if (result.failed)
		cmd_complain(result.last_error);
	if (!result.stopped)
		cmd_abandon(result.failed ? EXIT_FAILED : EXIT_DONE);
	return result.failed ? EXIT_FAILED : EXIT_DONE;
}

/* ---- where no topic was named ---- */

static bool
wants_choice(const struct monitor *m)
{
	const struct options *o = m->options;

	return !m->text && !options_text(o, OPT_SCRIPT) && !options_text(o, OPT_REPLAY) && !options_flag(o, OPT_DEMO) &&
	       options_list(o, OPT_TOPIC)->n == 0;
}

/* The list of topics, until one is chosen; false when the user leaves instead, with STATUS. */
static bool
run_choice(struct monitor *m, int *status)
{
	const char *brokers = cluster_kafka(m->cluster)->brokers;
	struct sink *sink = sink_monitor_new(&(struct sink_monitor_config){.cluster = brokers}, NULL);
	struct engine *engine = engine_new(&(struct engine_config){
		.feed = cluster_topics(m->cluster), .sink = sink, .count = -1, .run_ms = -1});
	struct app_config app = {
		.engine = engine,
		.colour = cmd_wants_colour(m->options),
		.ui = {
			.screens = chooser_screens,
			.cluster = brokers,
			.interval_ms = (int64_t)(options_number(m->options, OPT_INTERVAL) * 1000),
		},
	};
	struct app_result result;
	struct err err = {0};

	*status = app_run(&app, &result, &err) && !result.failed ? EXIT_DONE : EXIT_FAILED;
	if (*status == EXIT_FAILED)
		cmd_complain(err.text[0] ? err.text : result.last_error);
	m->left_behind = !result.stopped || !engine_free(engine);
	if (result.stopped)
		sink_monitor_free(sink);
	m->terminal = result.terminal;
	memcpy(m->chosen, result.chosen, sizeof(m->chosen));
	cluster_choose(m->cluster, m->chosen);
	return m->chosen[0];
}

/* False: it is over, with STATUS. */
static bool
choose(struct monitor *m, int *status)
{
	struct err err = {0};

	if (!wants_choice(m))
		return true;
	m->cluster = cmd_cluster(m->options, &err);
	if (!m->cluster)
		cmd_complain(err.text);
	else if (!cluster_kafka(m->cluster)->brokers)
		return true; /* which will be said */
	return m->cluster && run_choice(m, status);
}

int
cmd_monitor(const struct options *o)
{
	struct monitor m = {.options = o, .text = wants_text(o)};
	struct err err = {0};
	int status = EXIT_USAGE;

	signals_fd();
	if (!choose(&m, &status)) {
		close_monitor(&m, status);
		return status;
	}
	if (open_monitor(&m, &err)) {
		status = m.text ? run_text(&m) : run_screen(&m);
		if (!keep_end(&m.keep, &err) && status == EXIT_DONE) {
			cmd_complain(err.text);
			status = EXIT_FAILED;
		}
	} else {
		terminal_stop(m.terminal);
		cmd_complain(err.text);
		status = m.unkept ? EXIT_FAILED : EXIT_USAGE;
	}
	close_monitor(&m, status);
	return status;
}
