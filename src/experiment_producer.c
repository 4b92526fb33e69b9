/* SPDX-License-Identifier: MIT */
#include "experiment_producer.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/interruptible.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "cluster.h"
#include "kafka/topic.h"
#include "load/forecast.h"
#include "codec/hash.h"
#include "load/metrics.h"
#include "load/progress.h"
#include "load/serve.h"
#include "load/truth.h"
#include "program.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	DOCUMENT_SAMPLES = 1000000, /* what an experiment_document can be asked to hold */
	LOOK_MS = 100,
	DRAW_MS = 250,
	REACHED_MS = 5000,      /* many experiments sample once a second */
	LEAVE_FLUSH_MS = 10000, /* for what is under way when --seconds are over */
	PIPE_BYTES = 4096,      /* what a pipe takes at once when it takes any */
	KEEP_BYTES = 64 << 20   /* twice what waits to be sent */
};

static const char default_topic[] = "experiment", default_password[] = "cc2023", log_folder[] = "logs";

struct run {
	struct options *o;
	struct plan plan;
	const char *topic;
	struct cluster *cluster;
	struct kafka_config kafka;
	struct kafka_property *properties;
	struct truth *truth;
	struct metrics *metrics;
	struct serve *page;
	struct progress *progress; /* NULL: quiet, or drawn on a terminal */
	bool draws;                /* on a terminal: a line again and again */
	struct emit *emit;

	int64_t begun, drawn; /* ms, monotonic */
	struct progress_look looks[2]; /* REACHED_MS apart: the rate reached is that since the first */
	struct buf out;    /* for standard output, not yet written */
	uint64_t log_line; /* the last that was shown */
	bool ending, gone; /* told to end; told twice */
	bool signalled;    /* told by a signal: nobody is waited for who does not read */
	bool log_failed;   /* the ground-truth log lacks lines: it was said */
};

/* --- What is run ----------------------------------------------------------- */

/* The one experiment that the options describe. */
static bool
plan_options(struct run *r, struct err *err)
{
	const struct options *o = r->o;
	const struct plan_entry entry = {
		.researcher = (char *)(uintptr_t)"experiment-producer",
		.sensors = options_integer(o, OPT_NUM_SENSORS),
		.sample_ms = options_integer(o, OPT_SAMPLE_RATE),
		.stabilization_samples = options_integer(o, OPT_STABILIZATION_SAMPLES),
		.carry_out_samples = options_integer(o, OPT_CARRY_OUT_SAMPLES),
		.start_temperature = options_number(o, OPT_START_TEMPERATURE),
		.lower = options_number(o, OPT_LOWER_THRESHOLD),
		.upper = options_number(o, OPT_UPPER_THRESHOLD),
	};

	return plan_one(&r->plan, &entry, err);
}

static void
warn_unused(const struct options *o)
{
	static const enum option_id unused[] = {
		OPT_NUM_SENSORS, OPT_SAMPLE_RATE, OPT_STABILIZATION_SAMPLES, OPT_CARRY_OUT_SAMPLES,
		OPT_START_TEMPERATURE, OPT_LOWER_THRESHOLD, OPT_UPPER_THRESHOLD,
	};

	for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++)
		if (options_given(o, unused[i])) {
			char *text = xasprintf("--%s is not looked at: the experiments are those of --config-file",
					       option_row(unused[i])->name);

			program_complain(text);
			free(text);
		}
}

/* The plan; every complaint about a loads file is printed, the first is ERR's, too. */
static bool
read_plan(struct run *r, struct err *err)
{
	const char *file = options_text(r->o, OPT_CONFIG_FILE);
	struct buf notes = {0};
	bool ok;

	if (!file)
		return plan_options(r, err);
	warn_unused(r->o);
	ok = plan_read(&r->plan, file, &notes, err);
	if (ok || notes.n > 0)
		program_complain_lines(&notes);
	buf_free(&notes);
	return ok;
}

static bool
check_documents(struct run *r, struct err *err)
{
	for (size_t i = 0; options_text(r->o, OPT_TOPIC_DOCUMENT) && i < r->plan.n; i++) {
		int64_t samples = r->plan.entries[i].stabilization_samples + r->plan.entries[i].carry_out_samples;

		if (samples > DOCUMENT_SAMPLES)
			return err_set(err, "--topic-document: experiment %zu has %lld samples, and a document holds "
				       "%d at most", i + 1, (long long)samples, DOCUMENT_SAMPLES);
	}
	return true;
}

static bool
choose_topics(struct run *r, struct err *err)
{
	const struct strings *topics = options_list(r->o, OPT_TOPIC);
	const char *document = options_text(r->o, OPT_TOPIC_DOCUMENT);

	if (topics->n > 1)
		return err_set(err, "--topic was given %zu times: all experiments are written to one", topics->n);
	r->topic = topics->n ? topics->item[0] : default_topic;
	return topic_valid(r->topic, err) && (!document || topic_valid(document, err));
}

/* --- The cluster ----------------------------------------------------------- */

static bool
known_password(void *ctx, const char *file, struct buf *password)
{
	(void)ctx;
	(void)file;
	buf_str(password, default_password);
	return true;
}

/* -X says itself how the brokers are spoken to. */
static bool
has_protocol(const struct options *o)
{
	static const char name[] = "security.protocol=";
	const struct strings *properties = options_list(o, OPT_PROPERTY);

	for (size_t i = 0; i < properties->n; i++)
		if (strncmp(properties->item[i], name, strlen(name)) == 0)
			return true;
	return false;
}

/* SSL is the rule: where no folder was named it is one of the reference's two. */
static bool
find_credentials(struct options *o, struct err *err)
{
	static const char *const folders[] = {"auth", "experiment-producer/auth"};

	if (options_flag(o, OPT_NO_SSL) && options_given(o, OPT_AUTH))
		return err_set(err, "--no-ssl and --auth exclude each other: leave out one of the two");
	if (options_flag(o, OPT_NO_SSL) || options_given(o, OPT_AUTH) || has_protocol(o))
		return true;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (access(folders[i], F_OK) == 0)
			return options_set(o, OPT_AUTH, folders[i], FROM_DEFAULT, "default", err);
	return err_set(err, "no credentials: there is neither auth nor experiment-producer/auth here; name the folder "
		       "with --auth DIR, or give --no-ssl where the brokers want none");
}

/* Ours, which -X overrides: at most 32 MiB wait in the queue, and nothing arrives twice or in another order. */
static void
list_properties(struct run *r)
{
	static const char *const acks[] = {"all", "1", "0"};
	int chosen = options_choice(r->o, OPT_ACKS);
	const struct kafka_property ours[] = {
		{"client.id", "experiment-producer"},
		{"queue.buffering.max.kbytes", "32768"},
		{"queue.buffering.max.messages", "1000000"},
		{"linger.ms", "25"}, /* longer than it takes to hand over what is due at one instant */
		{"acks", acks[chosen]},
		{"enable.idempotence", chosen == 0 ? "true" : "false"},
	};
	const size_t n = sizeof(ours) / sizeof(ours[0]);
	const struct kafka_config *theirs = cluster_kafka(r->cluster);

	r->properties = xcalloc(n + theirs->n_properties, sizeof(*r->properties));
	memcpy(r->properties, ours, sizeof(ours));
	if (theirs->n_properties > 0)
		memcpy(r->properties + n, theirs->properties, theirs->n_properties * sizeof(*theirs->properties));
	r->kafka = *theirs;
	r->kafka.properties = r->properties;
	r->kafka.n_properties = n + theirs->n_properties;
}

static bool
find_cluster(struct run *r, struct err *err)
{
	struct strings warnings = {0};
	const struct cluster_user user = {getenv("EXPTOP_KEYSTORE_PASSWORD"), known_password, &warnings};

	if (!find_credentials(r->o, err))
		return false;
	descriptors_require(DESCRIPTORS_CLUSTER, "a cluster");
	r->cluster = cluster_new(r->o, &user, err);
	for (size_t i = 0; i < warnings.n; i++)
		program_complain(warnings.item[i]);
	strings_clear(&warnings);
	if (!r->cluster)
		return false;
	list_properties(r);
	return r->kafka.brokers || options_flag(r->o, OPT_DRY_RUN) ||
	       err_set(err, "no brokers: name them with -b HOST:PORT");
}

/* --- Who watches ----------------------------------------------------------- */

static void
on_moment(void *ctx, size_t i, const struct experiment *e, const struct moment *at)
{
	struct run *r = ctx;

	if (r->truth)
		truth_moment(r->truth, e, at);
	if (r->progress)
		progress_moment(r->progress, e, at);
	if (at->kind == EVENT_CONFIGURED)
		metrics_begin(r->metrics, i, experiment_id(e));
	else if (at->kind == EVENT_TERMINATED)
		metrics_end(r->metrics);
}

static void
on_delivered(void *ctx, size_t i)
{
	struct run *r = ctx;

	metrics_count(r->metrics, i);
}

static void
on_rest(void *ctx)
{
	struct run *r = ctx;

	if (r->truth)
		truth_flush(r->truth);
}

static void
fill_page(void *ctx, struct buf *out)
{
	metrics_page(ctx, out);
}

static bool
open_page(struct run *r, struct err *err)
{
	const char *address = options_text(r->o, OPT_METRICS);

	char *why;

	r->metrics = metrics_new(r->plan.n, r->topic);
	if (address && strcmp(address, "none") == 0)
		return true;
	r->page = serve_start(address ? address : "127.0.0.1", fill_page, r->metrics, err);
	if (r->page)
		return true;
	if (address)
		return options_blame(r->o, OPT_METRICS, err);
	why = xasprintf("no metrics page: %s", err->text);
	program_complain(why);
	free(why);
	return true;
}

static bool
open_truth(struct run *r, struct err *err)
{
	int level = options_choice(r->o, OPT_LOG_LEVEL);
	const char *rust = getenv("RUST_LOG");
	struct truth_levels levels = {TRUTH_DEBUG, TRUTH_DEBUG};

	if (!options_flag(r->o, OPT_FILE_SUBSCRIBER))
		return true;
	if (level >= 0)
		levels = (struct truth_levels){(enum truth_level)level, (enum truth_level)level};
	else if (rust && *rust)
		levels = truth_levels_parse(rust);
	r->truth = truth_open(log_folder, levels, clock_wall_ms() * 1000, err);
	if (!r->truth && !options_flag(r->o, OPT_STRICT_LOG)) {
		program_complain(err->text);
		program_complain("going on without the log; --strict-log would not");
		r->log_failed = true;
		return true;
	}
	return r->truth != NULL;
}

/* --- Standard output ------------------------------------------------------- */

/* As much as it takes now, so that a reader who stopped reading holds nothing up. */
static void
write_some(struct run *r)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
	ssize_t n;

	while (r->out.n > 0 && poll(&out, 1, 0) == 1) {
		n = write(STDOUT_FILENO, r->out.p, r->out.n < PIPE_BYTES ? r->out.n : PIPE_BYTES);
		if (n < 0 && errno != EINTR && errno != EAGAIN) {
			standard_output_failed(errno);
			buf_clear(&r->out);
			return;
		}
		if (n > 0) {
			memmove(r->out.p, r->out.p + n, r->out.n - (size_t)n);
			r->out.n -= (size_t)n;
		}
	}
}

static size_t
terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79;
}

/* What is planned to take, and what has passed of it, in real seconds. */
static double
left_s(const struct run *r, const struct emit_counts *c)
{
	double left = plan_duration(&r->plan) / options_number(r->o, OPT_TIME_SCALE) -
		      (double)(clock_mono_ms() - r->begun) / 1000;

	if (!c->begun)
		return (double)NAN;
	left += (double)c->late_us / 1e6;
	return left > 0 ? left : 0;
}

static void
draw(struct run *r, const struct emit_counts *c)
{
	struct progress_look now = {*c, clock_mono_ms()};

	if (!r->draws || now.time - r->drawn < DRAW_MS || r->out.n > 0)
		return;
	r->drawn = now.time;
	buf_char(&r->out, '\r');
	if (c->begun) {
		progress_line(&r->out, r->plan.n, &r->looks[0], &now, left_s(r, c), terminal_width());
	} else {
		buf_str(&r->out, "no broker has answered yet");
		r->looks[0] = r->looks[1] = now;
	}
	buf_str(&r->out, "\033[K");
	if (now.time - r->looks[1].time >= REACHED_MS) {
		r->looks[0] = r->looks[1];
		r->looks[1] = now;
	}
}

/* The line that is drawn goes, for what is said in its place. */
static void
clear_line(struct run *r)
{
	if (r->draws && r->out.n == 0) {
		buf_str(&r->out, "\r\033[K");
		write_some(r);
	}
}

/* --- While it runs --------------------------------------------------------- */

/* What the load complains about; the library's own lines are for --log-file. */
static void
show_log(struct run *r)
{
	static struct log_line lines[LOG_LINES];
	size_t n = log_take(lines, LOG_LINES, r->log_line);

	for (size_t i = 0; i < n; i++) {
		r->log_line = lines[i].number;
		if (lines[i].level > LOG_WARN || strcmp(lines[i].from, "load") != 0)
			continue;
		clear_line(r);
		program_complain(lines[i].text);
	}
}

static void
end_load(struct run *r)
{
	r->gone = r->ending;
	r->ending = true;
	emit_end(r->emit, r->gone ? 0 : r->signalled ? signals_leave_ms() - 2 * LOOK_MS : LEAVE_FLUSH_MS);
}

/* A log that cannot be written: said once, and the end where it is wanted strictly. */
static void
check_truth(struct run *r)
{
	struct err err;

	if (r->log_failed || !r->truth || truth_problem(r->truth, &err) < 0)
		return;
	r->log_failed = true;
	clear_line(r);
	program_complain(err.text);
	if (options_flag(r->o, OPT_STRICT_LOG))
		end_load(r);
}

static void
watch(struct run *r, struct emit_counts *c)
{
	double seconds = options_number(r->o, OPT_SECONDS);
	struct pollfd quit = {.fd = signals_fd(), .events = POLLIN};

	for (emit_counts(r->emit, c); !c->ended; emit_counts(r->emit, c)) {
		if (!c->begun)
			r->begun = clock_mono_ms();
		poll(&quit, 1, LOOK_MS);
		while (signals_take()) {
			r->signalled = true;
			end_load(r);
		}
		if (!r->ending && (double)(clock_mono_ms() - r->begun) >= seconds * 1000)
			end_load(r);
		show_log(r);
		check_truth(r);
		if (r->progress && r->out.n == 0) /* what is not taken waits there, bounded */
			progress_take(r->progress, &r->out);
		draw(r, c);
		write_some(r);
		if (standard_output_error() == EPIPE && !r->ending) /* as if SIGPIPE were not ignored */
			end_load(r);
	}
}

/* --- The end --------------------------------------------------------------- */

static void
say_missing(const struct emit_counts *c)
{
	char *text = xasprintf("%lld of %lld messages did not arrive: %lld failed, %lld were not confirmed, %lld "
			       "were not sent",
			       (long long)(c->asked - c->delivered), (long long)c->asked, (long long)c->failed,
			       (long long)(c->asked - c->delivered - c->failed - c->unsent), (long long)c->unsent);

	program_complain(text);
	free(text);
}

/* Whether the ground-truth log is whole, as far as one is wanted. */
static bool
say_log(const struct run *r)
{
	struct err err;
	int64_t lost;
	char *text;

	if (!r->truth)
		return !r->log_failed;
	lost = truth_finish(r->truth, &err);
	if (lost > 0) {
		text = xasprintf("the log lacks %lld lines%s%s", (long long)lost, r->log_failed ? "" : ": ",
				 r->log_failed ? "" : err.text);
		program_complain(text);
		free(text);
	}
	return lost == 0;
}

static int
conclude(struct run *r, const struct emit_counts *c)
{
	struct err err;
	bool ok;

	clear_line(r);
	show_log(r);
	if (emit_problem(r->emit, &err)) {
		program_complain(err.text);
		return EXIT_FAILED;
	}
	if (!options_flag(r->o, OPT_QUIET)) {
		if (r->progress)
			progress_take(r->progress, &r->out);
		progress_summary(&r->out, c, (double)(clock_mono_ms() - r->begun) / 1000);
		interruptible_write(stdout, &r->out, &r->signalled);
	}
	if (c->delivered < c->asked)
		say_missing(c);
	ok = say_log(r) && c->delivered == c->asked && (c->over || r->ending);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static uint64_t
seed_of(const struct options *o)
{
	struct rng rng = rng_from_system();

	return options_given(o, OPT_SEED) ? (uint64_t)options_integer(o, OPT_SEED) : rng_next(&rng);
}

static int
produce(struct run *r)
{
	const struct emit_watch watchers = {on_moment, on_delivered, on_rest, r};
	const struct emit_config config = {
		.kafka = &r->kafka,
		.topic = r->topic,
		.document_topic = options_text(r->o, OPT_TOPIC_DOCUMENT),
		.plan = &r->plan,
		.secret_key = options_text(r->o, OPT_SECRET_KEY),
		.seed = seed_of(r->o),
		.time_scale = options_number(r->o, OPT_TIME_SCALE),
		.max_rate = options_given(r->o, OPT_MAX_RATE) ? options_number(r->o, OPT_MAX_RATE) : 0,
		.terminate = options_flag(r->o, OPT_TERMINATE_ON_EXIT),
		.find_ms = (int)(options_number(r->o, OPT_TIMEOUT) * 1000),
		.watch = &watchers,
	};
	struct emit_counts counts;
	struct err err;
	int status;

	r->emit = emit_start(&config, &err);
	if (!r->emit)
		return program_refuse(err.text);
	r->begun = clock_mono_ms();
	watch(r, &counts);
	status = conclude(r, &counts);
	if (r->page && counts.over && !r->signalled)
		serve_linger(r->page, signals_fd());
	signals_leave(status);
	emit_stop(r->emit, 0);
	return status;
}

/* What would be run, on standard output. */
static int
rehearse(const struct run *r)
{
	double scale = options_number(r->o, OPT_TIME_SCALE);
	struct forecast f;

	for (size_t i = 0; i < r->plan.n; i++) {
		const struct plan_entry *e = &r->plan.entries[i];
		struct buf line = {0};

		buf_addf(&line, "experiment %zu: from %g s to %g s, %lld sensors, %g events/s, %lld measurements, ",
			 i + 1, e->start_time / scale, (e->start_time + plan_entry_duration(e)) / scale,
			 (long long)e->sensors, plan_entry_rate(e) * scale, (long long)forecast_measurements(e));
		text_clean(&line, slice_str(e->researcher));
		puts(buf_cstr(&line));
		buf_free(&line);
	}
	forecast_make(&f, &r->plan);
	printf("%zu experiment%s in %g s, %lld messages to topic %s; nothing was sent\n", r->plan.n,
	       r->plan.n == 1 ? "" : "s", f.duration / scale, (long long)f.events, r->topic);
	forecast_fini(&f);
	return EXIT_DONE;
}

/* All that may be refused before anything is opened. */
static bool
prepare(struct run *r, struct err *err)
{
	struct hash *key;

	if (!choose_topics(r, err) || !read_plan(r, err) || !check_documents(r, err) || !find_cluster(r, err))
		return false;
	key = hash_new(options_text(r->o, OPT_SECRET_KEY), err);
	hash_free(key);
	return key != NULL;
}

static int
begin(struct run *r)
{
	bool quiet = options_flag(r->o, OPT_QUIET);
	struct err err;

	if (options_flag(r->o, OPT_DRY_RUN))
		return rehearse(r);
	alloc_keep(KEEP_BYTES);
	signals_fd();
	if (!open_page(r, &err) || !open_truth(r, &err)) {
		program_complain(err.text);
		return EXIT_FAILED;
	}
	if (r->page && !quiet)
		buf_addf(&r->out, "metrics: http://%s/metrics\n", serve_address(r->page));
	if (options_choice(r->o, OPT_ACKS) > 0)
		program_complain("with --acks 1 and 0 the producer is not idempotent: messages may be lost, arrive "
				 "twice or in another order");
	r->draws = !quiet && isatty(STDOUT_FILENO);
	r->progress = quiet || r->draws ? NULL : progress_new();
	return produce(r);
}

int
experiment_producer(struct options *o)
{
	struct run r = {.o = o};
	struct err err = {""};
	int status = prepare(&r, &err) ? begin(&r) : program_refuse(err.text);

	serve_stop(r.page);
	metrics_free(r.metrics);
	truth_free(r.truth);
	progress_free(r.progress);
	cluster_free(r.cluster);
	plan_fini(&r.plan);
	free(r.properties);
	buf_free(&r.out);
	return status;
}
