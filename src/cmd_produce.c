/* SPDX-License-Identifier: MIT */
#include "inquire.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/quit.h"
#include "base/text.h"
#include "cmd.h"
#include "kafka/fault.h"
#include "kafka/producer.h"
#include "kafka/topic.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BLOCK = 256 << 10,      /* read at once */
	LINE_MAX_BYTES = 16 << 20, /* what is longer cannot be a record: the brokers take 1 MB, unless told otherwise */
	WAIT_MS = 100,
	QUIET_MS = 500,         /* after a signal: brokers that confirm nothing for so long are not waited for */
	OWN_PROPERTIES = 6,     /* that we give the producer */
	TOLD_MOST = 10          /* failures that are told one by one */
};

/* Why what is still under way is given up. */
enum giving_up { GOING_ON, TIMED_OUT, SIGNALLED };

static const char *const reasons[] = {
	[GOING_ON] = "", [TIMED_OUT] = " in time (--timeout)", [SIGNALLED] = " before a signal ended it",
};

/* A run of `exptop produce`. */
struct produce {
	struct producer *producer;
	const char *topic;
	struct record_header *headers;
	size_t n_headers;
	struct slice key;   /* of every record, unless one of the two below says otherwise */
	bool increment;
	char delimiter;     /* '\0': none */
	bool prompt;
	struct buf in;      /* read, and not yet sent: from the beginning of a line on */
	bool skipping;      /* the rest of a line that is too long */
	int64_t line;       /* the number of the last line */
	int64_t refused;    /* lines that were not handed to the producer */
	int64_t told;
	int64_t timeout_ms; /* for the brokers to confirm something */
	int64_t settled;    /* records delivered or failed when last looked */
	int64_t since;      /* when that was last more, or all */
	bool stop;          /* nothing more is read: a signal came, or nothing more gets through */
	int64_t deadline;   /* after a signal */
	enum giving_up gave_up;
};

/* ---- what is said ---- */

static void tell(struct produce *p, int64_t line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Line LINE did not become a record of the topic. */
static void
tell(struct produce *p, int64_t line, const char *fmt, ...)
{
	struct buf text = {0};
	va_list ap;

	if (p->told++ >= TOLD_MOST)
		return;
	buf_addf(&text, "line %lld ", (long long)line);
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	cmd_complain(buf_cstr(&text));
	if (p->told == TOLD_MOST)
		cmd_complain("further lines are only counted");
	buf_free(&text);
}

static void
refuse(struct produce *p, const char *why)
{
	p->refused++;
	tell(p, p->line, "was not sent: %s", why);
}

/* "not delivered: REASON"; what was given up may have arrived all the same. */
static const char *
print_failure(const struct produce *p, struct err *out)
{
	struct err problem = {0};

	err_set(&problem, "%s", producer_problem(p->producer));
	fault_unpromise(problem.text);
	err_set(out, "not %s%s%s%s", p->gave_up ? "confirmed" : "delivered", reasons[p->gave_up],
		problem.text[0] ? ": " : "", problem.text);
	return out->text;
}

static void
on_delivered(void *ctx, void *opaque, int32_t partition, int64_t offset)
{
	struct produce *p = ctx;
	struct err failure;

	if (offset == -1)
		tell(p, (int64_t)(intptr_t)opaque, "was %s", print_failure(p, &failure));
	else if (p->prompt)
		fprintf(stderr, "%s[%d]@%lld\n", p->topic, (int)partition, (long long)offset);
}

static void
prompt(const struct produce *p)
{
	if (p->prompt)
		fputs("> ", stderr);
}

/* ---- lines ---- */

/* The key of LINE, which loses it where it begins with one; false when it should and does not. */
static bool
take_key(struct produce *p, struct slice *line, struct slice *key, char number[24])
{
	const char *at;

	*key = p->key;
	if (p->increment)
		*key = (struct slice){number, (size_t)snprintf(number, 24, "%lld", (long long)p->line - 1)};
	if (!p->delimiter)
		return true;
	at = memchr(line->p, p->delimiter, line->n);
	if (!at)
		return false;
	*key = (struct slice){line->p, (size_t)(at - line->p)};
	*line = (struct slice){at + 1, line->n - key->n - 1};
	return true;
}

/* Whether what is under way is given up: the brokers had their time, or a signal says so. */
static bool
give_up(struct produce *p)
{
	struct producer_counts counts = producer_counts(p->producer);
	int64_t settled = counts.delivered + counts.failed, now = clock_mono_ms(), quiet;

	if (p->deadline == 0 && quit_take())
		p->deadline = now + LEAVE_MS;
	if (settled > p->settled || settled == counts.sent)
		p->since = now;
	p->settled = settled;
	quiet = now - p->since;
	if (quiet >= p->timeout_ms)
		p->gave_up = TIMED_OUT;
	else if (p->deadline > 0 && (quiet >= QUIET_MS || now >= p->deadline))
		p->gave_up = SIGNALLED;
	p->stop = p->stop || p->deadline > 0 || p->gave_up || producer_gave_up(p->producer);
	return p->gave_up != GOING_ON;
}

/* Hand O over, waiting while the producer's queue is full. */
static enum produced
send_patiently(struct produce *p, const struct outgoing *o, struct err *err)
{
	enum produced result;

	while ((result = producer_send(p->producer, o, err)) == PRODUCE_FULL && !give_up(p) && !p->stop)
		producer_poll(p->producer, WAIT_MS);
	return result;
}

/* Until all that was sent is delivered or given up. */
static void
confirm(struct produce *p)
{
	while (!give_up(p) && !producer_flush(p->producer, WAIT_MS))
		;
}

static void
send_line(struct produce *p, struct slice line)
{
	struct outgoing o = {
		.topic = p->topic, .partition = -1, .headers = p->headers, .n_headers = p->n_headers,
		.opaque = (void *)(intptr_t)++p->line,
	};
	char number[24];
	struct err err = {0};

	if (!take_key(p, &line, &o.key, number)) {
		refuse(p, "it has no key: the delimiter is not in it");
		return;
	}
	o.value = line;
	switch (send_patiently(p, &o, &err)) {
	case PRODUCED:
		if (p->prompt)
			confirm(p);
		break;
	case PRODUCE_FULL:
		refuse(p, "the queue is full");
		break;
	case PRODUCE_FAILED:
		refuse(p, err.text);
		break;
	}
}

/* A line that is too long is told when it begins, and passed over to its end. */
static void
skip_line(struct produce *p)
{
	if (!p->skipping) {
		p->line++;
		refuse(p, "it is longer than 16 MiB");
	}
	p->skipping = true;
	buf_clear(&p->in);
}

/* Send the lines that P has whole; what is behind the last stays. */
static void
send_lines(struct produce *p)
{
	const char *at = p->in.p, *end = p->in.p + p->in.n, *newline;

	while (at < end && (newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (p->skipping)
			p->skipping = false;
		else
			send_line(p, (struct slice){at, (size_t)(newline - at)});
		at = newline + 1;
	}
	p->in.n = at < end ? (size_t)(end - at) : 0;
	if (p->in.n)
		memmove(p->in.p, at, p->in.n);
	if (p->skipping || p->in.n > LINE_MAX_BYTES)
		skip_line(p);
}

/* False at the end, and when reading failed. */
static bool
read_block(struct produce *p, struct err *err)
{
	ssize_t n = read(STDIN_FILENO, buf_reserve(&p->in, BLOCK), BLOCK);

	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return err_set(err, "standard input cannot be read: %s", strerror(errno));
	if (n == 0)
		return false;
	if (n > 0)
		p->in.n += (size_t)n;
	return true;
}

static bool
read_all(struct produce *p, struct err *err)
{
	struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = quit_open(), .events = POLLIN}};
	bool more = true;

	prompt(p);
	while (more && !p->stop) {
		int ready = poll(fds, 2, WAIT_MS);

		producer_poll(p->producer, 0);
		if (!give_up(p) && !p->stop && ready > 0 && fds[0].revents) {
			more = read_block(p, err);
			send_lines(p);
			if (more)
				prompt(p);
		}
	}
	if (p->in.n && !p->skipping && !p->stop)
		send_line(p, (struct slice){p->in.p, p->in.n});
	if (p->prompt)
		fputc('\n', stderr);
	return !err->text[0];
}

/* ---- wiring ---- */

static int
report(const struct produce *p, bool read)
{
	struct producer_counts counts = producer_counts(p->producer);
	int64_t all = counts.sent + p->refused, missing = all - counts.delivered;
	struct err failure;
	struct buf text = {0};

	if (missing == 0)
		return read ? EXIT_DONE : EXIT_FAILED;
	buf_addf(&text, "%lld of %lld records were %s", (long long)missing, (long long)all, print_failure(p, &failure));
	cmd_complain(buf_cstr(&text));
	buf_free(&text);
	return EXIT_FAILED;
}

/* Names and values of --header, which stay the options'. */
static bool
take_headers(struct produce *p, const struct options *o, struct err *err)
{
	const struct strings *list = options_list(o, OPT_HEADER);

	p->headers = xcalloc(list->n + 1, sizeof(*p->headers));
	for (size_t i = 0; i < list->n; i++) {
		const char *text = list->item[i], *equals = strchr(text, '=');

		if (!equals || equals == text) {
			err_set(err, "expected NAME=VALUE, not %s", text);
			return options_blame(o, OPT_HEADER, err);
		}
		p->headers[p->n_headers++] = (struct record_header){
			{text, (size_t)(equals - text)}, slice_str(equals + 1)};
	}
	return true;
}

/* Where keys come from: one of three. */
static bool
take_keys(struct produce *p, const struct options *o, struct err *err)
{
	const char *delimiter = options_text(o, OPT_KEY_DELIM), *key = options_text(o, OPT_KEY);

	p->increment = options_flag(o, OPT_KEY_INCREMENT);
	if (options_given(o, OPT_KEY) + p->increment + (delimiter != NULL) > 1)
		return err_set(err, "--key, --key-increment and --key-delim each say what the keys are: give one of "
			       "them");
	if (delimiter && strcmp(delimiter, "\\t") == 0)
		delimiter = "\t";
	if (delimiter && strlen(delimiter) != 1) {
		err_set(err, "expected one character, not \"%s\"", delimiter);
		return options_blame(o, OPT_KEY_DELIM, err);
	}
	p->delimiter = delimiter ? *delimiter : '\0';
	if (key && *key)
		p->key = slice_str(key);
	return true;
}

static bool
take_options(struct produce *p, const struct options *o, struct err *err)
{
	const struct strings *topics = options_list(o, OPT_TOPIC);

	if (topics->n != 1)
		return err_set(err, "produce takes one topic, as in exptop produce client58");
	p->topic = topics->item[0];
	if (options_flag(o, OPT_READ_ONLY))
		return err_set(err, "--read-only: nothing is produced to topic %s", p->topic);
	p->prompt = isatty(STDIN_FILENO);
	p->timeout_ms = (int64_t)(options_number(o, OPT_TIMEOUT) * 1000);
	return topic_valid(p->topic, err) && take_keys(p, o, err) && take_headers(p, o, err);
}

/* The topic is there, or made. */
static bool
find_topic(const struct produce *p, const struct options *o, struct inquirer *a, struct err *err)
{
	struct inquiry *q = inquiry_new(INQUIRY_TOPICS, NULL, NULL);
	bool there, embedded;

	inquiry_add_topic(q, p->topic);
	q = inquirer_ok(a, q, err);
	if (!q)
		return false;
	there = !q->topics[0].problem.text[0];
	embedded = q->embedded;
	if (!there)
		err_set(err, "%s", q->topics[0].problem.text);
	inquiry_free(q);
	fault_unpromise(err->text);
	if (there || !options_flag(o, OPT_CREATE))
		return there;
	err->text[0] = '\0';
	if (embedded) /* it makes what it is given a record for */
		return true;
	return cmd_create_topic(o, a, p->topic, err);
}

/* Of one request: half of the time that there is for all, as far as the library takes it. */
static int64_t
patience_ms(const struct produce *p)
{
	int64_t half = p->timeout_ms / 2;

	return half < 1000 ? 1000 : half > 60000 ? 60000 : half;
}

/* Each record once and in order, a pipe's compressed, unless the user chose otherwise; a bounded queue. What a broker
 * that froze was sent goes to the next one while there is time for that. */
static struct producer *
open_producer(struct produce *p, const struct cluster *cluster, struct err *err)
{
	const struct kafka_config *given = cluster_kafka(cluster);
	struct kafka_property *list = xcalloc(given->n_properties + OWN_PROPERTIES, sizeof(*list));
	struct kafka_config config = *given;
	struct producer *producer;
	char patience[24];
	size_t n = 0;

	snprintf(patience, sizeof(patience), "%lld", (long long)patience_ms(p));
	if (!kafka_property(given, "acks") && !kafka_property(given, "request.required.acks"))
		list[n++] = (struct kafka_property){"enable.idempotence", "true"};
	list[n++] = (struct kafka_property){"queue.buffering.max.kbytes", "65536"};
	list[n++] = (struct kafka_property){"queue.buffering.max.messages", "1000000"};
	list[n++] = (struct kafka_property){"socket.timeout.ms", patience};
	list[n++] = (struct kafka_property){"compression.codec", p->prompt ? "none" : "lz4"};
	list[n++] = (struct kafka_property){"delivery.report.only.error", p->prompt ? "false" : "true"};
	memcpy(&list[n], given->properties, given->n_properties * sizeof(*list));
	config.properties = list;
	config.n_properties = n + given->n_properties;
	producer = producer_new(&config, on_delivered, p, err);
	free(list);
	return producer;
}

static int
run(struct produce *p, const struct options *o, struct cluster *cluster, struct err *err)
{
	struct inquirer *a = cmd_ask(cluster, o, err);
	bool found = a && find_topic(p, o, a, err), read;
	int status = a ? EXIT_FAILED : EXIT_USAGE;

	if (!inquirer_free(a)) {
		cmd_complain(err->text);
		cmd_end(status);
	}
	p->producer = found ? open_producer(p, cluster, err) : NULL;
	if (!p->producer)
		return found ? EXIT_USAGE : status;
	p->since = clock_mono_ms();
	read = read_all(p, err);
	confirm(p);
	if (p->gave_up)
		producer_drop(p->producer);
	return report(p, read);
}

int
cmd_produce(const struct options *o)
{
	struct produce p = {0};
	struct err err = {0};
	struct cluster *cluster;
	int status = EXIT_USAGE;

	quit_open();
	cluster = take_options(&p, o, &err) ? cmd_cluster(o, &err) : NULL;
	if (cluster)
		status = run(&p, o, cluster, &err);
	if (err.text[0])
		cmd_complain(err.text);
	if (p.gave_up) /* ending the client may wait for who does not answer */
		cmd_end(status);
	producer_free(p.producer);
	buf_free(&p.in);
	free(p.headers);
	cluster_free(cluster);
	return status;
}
