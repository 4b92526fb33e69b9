/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/signals.h"
#include "cmd.h"
#include "kafka/topic.h"
#include "recording/player.h"
#include "target.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 500, WAIT_MS = 100, HEADERS_AT_ONCE = 16 };

/* A run of `exptop replay`. */
struct replay {
	struct target target;
	struct player *player;
	bool by_key;
	int64_t left;     /* records still to be sent, -1: no limit */
	int64_t deadline; /* mono ms */
	int64_t refused;  /* records that were not handed to the producer */
	int64_t misplaced; /* .. because the topic has no such partition */
	struct record_header *headers; /* of the record at hand */
	size_t cap_headers;
};

static void
complain(void *ctx, const char *sentence)
{
	(void)ctx;
	cmd_complain(sentence);
}

static void
collect_headers(struct replay *p, const struct record *r, struct outgoing *o)
{
	struct record_header h;
	size_t n;

	for (n = 0; record_header(r, n, &h); n++) {
		if (n == p->cap_headers) {
			p->cap_headers += HEADERS_AT_ONCE;
			p->headers = xreallocarray(p->headers, p->cap_headers, sizeof(*p->headers));
		}
		p->headers[n] = h;
	}
	o->headers = p->headers;
	o->n_headers = n;
}

/* Whether the topic has the partition that R was in; it is said once that it has not. */
static bool
has_place(struct replay *p, const struct record *r)
{
	char text[ERR_TEXT];

	if (p->by_key || p->target.partitions < 0 || r->partition < p->target.partitions)
		return true;
	if (p->misplaced++ == 0) {
		snprintf(text, sizeof(text), "topic %s has %d partition%s, and the recording one of number %d: with "
			 "--by-key records go where their keys belong", p->target.topic, (int)p->target.partitions,
			 p->target.partitions == 1 ? "" : "s", (int)r->partition);
		cmd_complain(text);
	}
	return false;
}

/* False: nothing more can be sent. */
static bool
send_record(struct replay *p, const struct record *r)
{
	struct outgoing o = {
		.topic = p->target.topic, .partition = p->by_key ? -1 : r->partition, .key = r->key, .value = r->value,
		.timestamp = r->timestamp > 0 ? r->timestamp : 0,
	};
	struct err err = {0};
	enum produced result;

	if (!has_place(p, r)) {
		p->refused++;
		return true;
	}
	collect_headers(p, r, &o);
	result = target_send(&p->target, &o, &err);
	if (result == PRODUCED) {
		p->left -= p->left > 0;
		return true;
	}
	if (result == PRODUCE_FULL) /* a signal: it is as if it had come before this record */
		return false;
	p->refused++;
	if (!producer_gave_up(p->target.producer)) {
		char text[ERR_TEXT + 64];

		snprintf(text, sizeof(text), "partition %d, offset %lld was not sent: %s", (int)r->partition,
			 (long long)r->offset, err.text);
		cmd_complain(text);
		return true;
	}
	return false;
}

/* What is due, and then a rest; false when it is over. */
static bool
step(struct replay *p)
{
	struct record batch[BATCH];
	size_t cap = p->left >= 0 && p->left < BATCH ? (size_t)p->left : BATCH;
	int64_t now = clock_mono_ms(), due;
	size_t n = player_take(p->player, now, batch, cap);
	bool going = true;

	for (size_t i = 0; i < n && going; i++)
		going = send_record(p, &batch[i]);
	player_release(p->player);
	now = clock_mono_ms();
	due = player_due(p->player, now);
	if (due > p->deadline)
		due = p->deadline;
	producer_poll(p->target.producer, due <= now ? 0 : due - now > WAIT_MS ? WAIT_MS : (int)(due - now));
	return going && !target_stops(&p->target) && p->left != 0 && !player_ended(p->player) && now < p->deadline;
}

static void
tell(const struct options *o, const struct replay *p)
{
	char text[ERR_TEXT];

	if (options_flag(o, OPT_QUIET))
		return;
	snprintf(text, sizeof(text), "replayed %lld records to %s",
		 (long long)producer_counts(p->target.producer).delivered, p->target.topic);
	cmd_complain(text);
}

static int
run(struct replay *p, const struct options *o, struct cluster *cluster, struct err *err)
{
	bool whole;
	int status;

	if (!target_open(&p->target, o, cluster, &status, err))
		return status;
	while (step(p))
		;
	target_confirm(&p->target);
	whole = target_report(&p->target, p->refused);
	tell(o, p);
	return whole && player_bad_lines(p->player) == 0 && !player_failed(p->player) ? EXIT_DONE : EXIT_FAILED;
}

static bool
read_bound(const struct options *o, enum option_id id, struct bound *out, struct err *err)
{
	const char *text = options_text(o, id);

	return !text || bound_parse(text, out, err) || options_blame(o, id, err);
}

static bool
open_player(struct replay *p, const struct options *o, struct err *err)
{
	struct player_config config = {
		.index_bytes = (size_t)options_integer(o, OPT_INDEX_MB) << 20, .complain = complain,
	};

	if (options_words(o)->n != 1)
		return err_set(err, "replay takes one recording, as in exptop replay lab.jsonl.gz -t lab");
	config.file = options_words(o)->item[0];
	if (!cmd_speed(o, 1, &config.speed, err) || !read_bound(o, OPT_FROM, &config.range.from, err) ||
	    !read_bound(o, OPT_TO, &config.range.to, err))
		return false;
	config.slider = !isinf(config.speed);
	p->player = player_open(&config, err);
	return p->player != NULL;
}

static bool
take_options(struct replay *p, const struct options *o, struct err *err)
{
	const struct strings *topics = options_list(o, OPT_TOPIC);
	int64_t run_ms = cmd_run_ms(o);

	if (topics->n != 1)
		return err_set(err, "replay writes to one topic: name it with -t TOPIC");
	p->target.topic = topics->item[0];
	if (options_flag(o, OPT_READ_ONLY))
		return err_set(err, "--read-only: nothing is replayed to topic %s", p->target.topic);
	p->by_key = options_flag(o, OPT_BY_KEY);
	p->left = options_integer(o, OPT_COUNT);
	p->deadline = run_ms < 0 ? INT64_MAX : clock_mono_ms() + run_ms;
	return topic_valid(p->target.topic, err) && open_player(p, o, err);
}

int
cmd_replay(const struct options *o)
{
	struct replay p = {0};
	struct err err = {0};
	struct cluster *cluster;
	int status = EXIT_USAGE;

	signals_fd();
	cluster = take_options(&p, o, &err) ? cmd_cluster(o, &err) : NULL;
	if (cluster)
		status = run(&p, o, cluster, &err);
	if (err.text[0])
		cmd_complain(err.text);
	target_close(&p.target);
	player_free(p.player);
	free(p.headers);
	cluster_free(cluster);
	return status;
}
