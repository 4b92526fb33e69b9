/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "engine/feed_replay.h"
#include "engine/sink_verify.h"
#include "store/union.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOG_WAIT_MS = 3000, LOG_LOOK_MS = 100, STORE_ROUND = 1000 };

struct run {
	const struct options *options;
	struct strings logs;
	const char *topic; /* NULL: as the options say */
	bool json;
	bool clean;      /* JSON, too: a terminal sees it */
	int status;              /* the program's, when it cannot begin */
	struct cluster *cluster; /* NULL: a recording */
	struct verify *verify;  /* NULL: stores alone */
	struct store_union *stores; /* NULL: a topic or a recording */
	int64_t others;         /* records that are nothing of an experiment */
	struct sink *sink;
	struct engine *engine;
	double taken;    /* when the topic's end was, Unix seconds */
	struct buf line; /* scratch */
};

static double
wall_seconds(void)
{
	return (double)clock_wall_ms() / 1000;
}

/* --- What is compared ------------------------------------------------------ */

/* The first word is the topic where none is named otherwise; all others are logs, as the shell's patterns give. */
static bool
sort_words(struct run *r, struct err *err)
{
	const struct strings *words = options_words(r->options), *logs = options_list(r->options, OPT_LOG);
	bool named = options_text(r->options, OPT_REPLAY) || options_list(r->options, OPT_STORE)->n ||
		     *options_origin(r->options, OPT_TOPIC) == '-';

	for (size_t i = 0; i < logs->n; i++)
		strings_add(&r->logs, logs->item[i]);
	for (size_t i = 0; i < words->n; i++)
		if (i == 0 && !named)
			r->topic = words->item[i];
		else
			strings_add(&r->logs, words->item[i]);
	if (r->logs.n > 0 || options_list(r->options, OPT_STORE)->n > 0)
		return true;
	return err_set(err, "no ground truth: name the producer's logs, as in exptop verify TOPIC --log "
		       "logs/producer.json.log.*");
}

static void
print_difference(void *ctx, const struct difference *d)
{
	struct run *r = ctx;
	struct buf clean = {0};

	buf_clear(&r->line);
	if (r->json)
		difference_json(&r->line, d);
	else
		difference_text(&r->line, d);
	if (!r->json || r->clean)
		text_clean(&clean, (struct slice){r->line.p, r->line.n});
	puts(buf_cstr(!r->json || r->clean ? &clean : &r->line));
	buf_free(&clean);
}

static bool
open_verify(struct run *r, struct err *err)
{
	struct verify_config config = {
		.logs = &r->logs,
		.secret_key = r->stores ? NULL : options_text(r->options, OPT_SECRET_KEY), /* no store keeps hashes */
		.match = {
			.max_experiments = (size_t)options_integer(r->options, OPT_MAX_EXPERIMENTS),
			.max_bytes = (size_t)options_integer(r->options, OPT_MAX_MEMORY) << 20,
			.differs = print_difference,
			.ctx = r,
		},
	};

	r->verify = verify_new(&config, err);
	return r->verify;
}

static struct feed *
open_feed(struct run *r, struct err *err)
{
	const char *recording = options_text(r->options, OPT_REPLAY);

	r->taken = INFINITY;
	if (recording)
		return feed_replay_new(&(struct feed_replay_config){.file = recording});
	r->taken = wall_seconds();
	r->cluster = cmd_cluster(r->options, err);
	if (!r->cluster)
		return NULL;
	if (r->topic)
		cluster_choose(r->cluster, r->topic);
	return cluster_feed(r->cluster, NULL, JOIN_ALWAYS, err);
}

/* --- The run --------------------------------------------------------------- */

/* Until the engine has ended: false when a signal came before, or it failed. */
static bool
wait_for_topic(struct run *r)
{
	struct pollfd fds[] = {
		{.fd = engine_fd(r->engine), .events = POLLIN},
		{.fd = signals_fd(), .events = POLLIN},
		standard_output_watch(),
	};

	for (;;) {
		struct engine_letter *letter;

		poll(fds, 3, -1);
		if (standard_output_gone(&fds[2]))
			return false;
		if (signals_take()) {
			cmd_complain("ended by a signal: not all was compared");
			return false;
		}
		while ((letter = engine_take(r->engine))) {
			bool ended = letter->kind == ENGINE_ENDED, failed = letter->failed;

			if (failed || (letter->kind == ENGINE_NOTICE && letter->level != NOTICE_INFO))
				cmd_complain(letter->text);
			free(letter);
			if (ended)
				return !failed;
		}
	}
}

/* A producer that runs writes its log a little after it sends: look again while records wait for their lines. */
static bool
wait_for_logs(struct run *r, struct err *err)
{
	struct pollfd signal = {.fd = signals_fd(), .events = POLLIN};
	int64_t until = clock_mono_ms() + LOG_WAIT_MS;
	bool ok = verify_read_logs(r->verify, true, err);

	while (ok && verify_waits(r->verify) && clock_mono_ms() < until &&
	       verify_topic_time(r->verify) > wall_seconds() - 2 * LOG_WAIT_MS / 1000.0) {
		if (poll(&signal, 1, LOG_LOOK_MS) > 0)
			return err_set(err, "ended by a signal: not all was compared");
		ok = verify_read_logs(r->verify, true, err);
	}
	return ok;
}

/* --- What came out --------------------------------------------------------- */

/* Records that are not the same in all stores that have them: another of them may be what the log lacks. */
static int64_t
differing(const struct run *r)
{
	return r->stores ? union_counts(r->stores).differing : 0;
}

static bool
is_consistent(const struct run *r, const struct match_totals *t)
{
	return match_differences(t) + differing(r) == 0;
}

/* How many of each kind, and OTHER, of the stores. */
static void
add_counts(struct buf *out, const struct match_totals *t, int64_t other)
{
	const char *before = " (";

	for (int kind = 0; kind < DIFFERENCES; kind++) {
		if (t->differences[kind] == 0)
			continue;
		buf_addf(out, "%s%" PRId64 " %s", before, t->differences[kind],
			 difference_name((enum difference_kind)kind));
		before = ", ";
	}
	if (other > 0)
		buf_addf(out, "%s%" PRId64 " not the same in all stores", before, other);
	buf_char(out, ')');
}

static void
print_hashes(const int64_t hashes[CLAIM_ANSWERS])
{
	printf("measurement_hash: %" PRId64 " ok, %" PRId64 " tampered, %" PRId64 " malformed, %" PRId64
	       " of another key\n",
	       hashes[CLAIM_OK], hashes[CLAIM_TAMPERED], hashes[CLAIM_MALFORMED], hashes[CLAIM_WRONG_KEY]);
}

static void
print_text(struct run *r, const struct match_totals *t, const int64_t hashes[CLAIM_ANSWERS])
{
	int64_t differences = match_differences(t) + differing(r);

	printf("experiments: %" PRId64 " compared, %" PRId64 " in the log, %" PRId64 " in the topic\n", t->experiments,
	       t->logged, t->received);
	printf("records: %" PRId64 " in the topic, %" PRId64 " of them in the log; %" PRId64 " others\n", t->records,
	       t->matched, r->others);
	printf("averages: %" PRId64 ", %" PRId64 " equal to the bit, the others as far as their readings tell\n",
	       t->averages, t->averages_equal);
	printf("range events: %" PRId64 "\n", t->events);
	if (r->stores)
		puts("measurement_hash: no store keeps it");
	else
		print_hashes(hashes);
	printf("log: %" PRId64 " lines\n", verify_lines(r->verify));
	if (t->running > 0 || t->coming > 0 || t->unwritten > 0)
		printf("running: %" PRId64 " experiments; %" PRId64 " records were under way, %" PRId64
		       " not logged yet\n",
		       t->running, t->coming, t->unwritten);
	if (differences == 0) {
		puts("consistent");
		return;
	}
	buf_clear(&r->line);
	add_counts(&r->line, t, differing(r));
	printf("not consistent: %" PRId64 " difference%s%s\n", differences, differences == 1 ? "" : "s",
	       buf_cstr(&r->line));
}

static void
print_json(struct run *r, const struct match_totals *t, const int64_t hashes[CLAIM_ANSWERS])
{
	json_t *kinds = json_object(), *answers = json_object(), *all;
	char *text;

	for (int kind = 0; kind < DIFFERENCES; kind++)
		if (t->differences[kind] > 0)
			json_object_set_new(kinds, difference_name((enum difference_kind)kind),
					    json_integer(t->differences[kind]));
	for (int answer = 0; answer < CLAIM_ANSWERS; answer++)
		json_object_set_new(answers, claim_answer_name((enum claim_answer)answer),
				    json_integer(hashes[answer]));
	all = json_pack("{s:b,s:I,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:I,s:I,s:I,s:I}",
			"consistent", is_consistent(r, t),
			"differences", (json_int_t)(match_differences(t) + differing(r)),
			"by_kind", kinds,
			"experiments", (json_int_t)t->experiments,
			"experiments_in_log", (json_int_t)t->logged,
			"experiments_in_topic", (json_int_t)t->received,
			"records", (json_int_t)t->records,
			"matched", (json_int_t)t->matched,
			"others", (json_int_t)r->others,
			"averages", (json_int_t)t->averages,
			"averages_equal", (json_int_t)t->averages_equal,
			"range_events", (json_int_t)t->events,
			"hashes", answers,
			"lines", (json_int_t)verify_lines(r->verify),
			"running", (json_int_t)t->running,
			"coming", (json_int_t)t->coming,
			"unwritten", (json_int_t)t->unwritten);
	text = json_dumps(all, JSON_COMPACT | JSON_PRESERVE_ORDER);
	puts(text);
	free(text);
	json_decref(all);
}

/* The exit status. */
static int
conclude(struct run *r)
{
	const struct match_totals *t = verify_totals(r->verify);
	double read = r->cluster ? wall_seconds() : INFINITY;
	int64_t hashes[CLAIM_ANSWERS];
	struct err err = {0};

	if (!verify_finish(r->verify, r->taken, read, &err)) {
		cmd_complain(err.text);
		return EXIT_FAILED;
	}
	verify_hashes(r->verify, hashes);
	if (r->json)
		print_json(r, t, hashes);
	else
		print_text(r, t, hashes);
	return is_consistent(r, t) ? EXIT_DONE : EXIT_DIFFERENT;
}

/* --- Stores ---------------------------------------------------------------- */

/* A record of a store, to be compared where there are logs. */
static void
take_entry(struct run *r, const struct entry *x)
{
	const struct event *e = &x->event;
	const char *topic = union_topic(r->stores, (size_t)e->topic_no);
	bool known = !x->problem.p && e->experiment.n > 0 &&
		     (e->kind == EVENT_MEASURED || event_stage(e->kind) != STAGE_UNKNOWN);

	r->others += !known && !x->undecodable;
	if (r->verify && known)
		verify_event(r->verify, e, topic);
	else if (r->verify && x->undecodable)
		verify_undecodable(r->verify, topic, e->partition, e->offset, "kept as undecodable");
}

static bool
read_stores(struct run *r, struct err *err)
{
	struct entry x;

	for (size_t n = 1; union_next(r->stores, &x, err); n++) {
		take_entry(r, &x);
		if (n % STORE_ROUND != 0)
			continue;
		if (signals_take())
			return err_set(err, "ended by a signal: not all was compared");
		if (r->verify && !verify_read_logs(r->verify, false, err))
			return false;
	}
	return !err->text[0] && (!r->verify || verify_read_logs(r->verify, true, err));
}

static void
print_stores(const struct run *r)
{
	struct union_counts c = union_counts(r->stores);

	if (r->json)
		printf("{\"stores\":%zu,\"records\":%" PRId64 ",\"overlaps\":%" PRId64 ",\"differing\":%" PRId64
		       ",\"missing\":%" PRId64 "}\n",
		       options_list(r->options, OPT_STORE)->n, c.records, c.overlaps, c.differing, c.missing);
	else
		printf("stores: %" PRId64 " records; %" PRId64 " in more than one, %" PRId64 " of them not the same; "
		       "%" PRId64 " offsets in none\n",
		       c.records, c.overlaps, c.differing, c.missing);
}

static int
compare_stores(struct run *r)
{
	struct union_counts c;
	struct err err = {0};

	if (!read_stores(r, &err)) {
		cmd_complain(err.text);
		return EXIT_FAILED;
	}
	print_stores(r);
	if (r->verify) /* the log tells what is missing: offsets are, too, that hold no record */
		return conclude(r);
	c = union_counts(r->stores);
	return c.differing + c.missing > 0 ? EXIT_DIFFERENT : EXIT_DONE;
}

static bool
open_stores(struct run *r, struct err *err)
{
	const struct strings *files = options_list(r->options, OPT_STORE);

	r->taken = INFINITY;
	if (files->n > 0 && options_text(r->options, OPT_REPLAY))
		return err_set(err, "--store and --replay are two things to compare: leave out one of them");
	if (files->n > 0)
		r->stores = union_open((const char *const *)files->item, files->n, err);
	if (files->n == 0 || r->stores)
		return true;
	r->status = EXIT_FAILED; /* no wrong usage */
	return false;
}

/* --- A topic or a recording ------------------------------------------------ */

static int
compare(struct run *r, struct feed *feed)
{
	struct engine_config config = {.feed = feed, .count = -1, .run_ms = -1};
	struct err err = {0};
	int status = EXIT_FAILED;

	config.sink = r->sink = sink_verify_new(r->verify);
	r->engine = engine_new(&config);
	engine_start(r->engine);
	if (wait_for_topic(r))
		status = EXIT_DONE;
	cmd_leave(r->engine, EXIT_FAILED);
	r->others = sink_verify_others(r->sink);
	if (status == EXIT_DONE && !wait_for_logs(r, &err)) {
		cmd_complain(err.text);
		status = EXIT_FAILED;
	}
	if (status == EXIT_DONE)
		status = conclude(r);
	if (status == EXIT_DONE && options_text(r->options, OPT_REPLAY) && !feed_replay_whole(feed))
		status = EXIT_FAILED;
	if (!engine_free(r->engine))
		cmd_end(status);
	sink_verify_free(r->sink);
	return status;
}

int
cmd_verify(const struct options *o)
{
	struct run r = {.options = o, .json = options_flag(o, OPT_JSON), .clean = isatty(STDOUT_FILENO),
			.status = EXIT_USAGE};
	struct err err = {0};
	struct feed *feed = NULL;
	int status;

	signals_fd();
	if (sort_words(&r, &err) && open_stores(&r, &err) && (r.logs.n == 0 || open_verify(&r, &err)) && !r.stores)
		feed = open_feed(&r, &err);
	if (feed)
		status = compare(&r, feed);
	else if (r.stores && !err.text[0])
		status = compare_stores(&r);
	else {
		cmd_complain(err.text);
		status = r.status;
	}
	verify_free(r.verify);
	union_close(r.stores);
	cluster_free(r.cluster);
	strings_clear(&r.logs);
	buf_free(&r.line);
	return status;
}
