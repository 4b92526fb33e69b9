/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/signals.h"
#include "base/text.h"
#include "cmd.h"
#include "kafka/topic.h"
#include "target.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BLOCK = 256 << 10,      /* read at once */
	LINE_MAX_BYTES = 16 << 20, /* what is longer cannot be a record: the brokers take 1 MB, unless told otherwise */
	WAIT_MS = 100,
	TOLD_MOST = 10          /* failures that are told one by one */
};

/* A run of `exptop produce`. */
struct produce {
	struct target target;
	struct record_header *headers;
	size_t n_headers;
	struct slice key;   /* of every record, unless one of the two below says otherwise */
	bool increment;
	char delimiter;     /* '\0': none */
	bool tombstones;    /* an empty value is none */
	bool prompt;
	struct buf in;      /* read, and not yet sent: from the beginning of a line on */
	bool skipping;      /* the rest of a line that is too long */
	int64_t line;       /* the number of the last line */
	int64_t refused;    /* lines that were not handed to the producer */
	int64_t told;
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

static void
on_delivered(void *ctx, void *opaque, int32_t partition, int64_t offset)
{
	struct produce *p = ctx;

	struct err failure;

	if (offset == -1)
		tell(p, (int64_t)(intptr_t)opaque, "was %s", target_failure(&p->target, &failure));
	else if (p->prompt)
		fprintf(stderr, "%s[%d]@%lld\n", p->target.topic, (int)partition, (long long)offset);
}

static void
prompt(const struct produce *p)
{
	if (p->prompt)
		fputs("> ", stderr);
}

/* ---- lines ---- */

static const char signalled[] = "a signal came first";

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

static void
send_line(struct produce *p, struct slice line)
{
	struct outgoing o = {
		.topic = p->target.topic, .partition = -1, .headers = p->headers, .n_headers = p->n_headers,
		.opaque = (void *)(intptr_t)++p->line,
	};
	char number[24];
	struct err err = {0};

	if (p->target.deadline) { /* it would come behind one that was left out */
		refuse(p, signalled);
		return;
	}
	if (!take_key(p, &line, &o.key, number)) {
		refuse(p, "it has no key: the delimiter is not in it");
		return;
	}
	if (line.n > 0 || !p->tombstones)
		o.value = line;
	switch (target_send(&p->target, &o, &err)) {
	case PRODUCED:
		if (p->prompt)
			target_confirm(&p->target);
		break;
	case PRODUCE_FULL:
		refuse(p, p->target.deadline ? signalled : "the queue is full");
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
	struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};
	bool more = true;

	prompt(p);
	while (more && !p->target.stop) {
		int ready = poll(fds, 2, WAIT_MS);

		producer_poll(p->target.producer, 0);
		if (!target_stops(&p->target) && ready > 0 && fds[0].revents) {
			more = read_block(p, err);
			send_lines(p);
			if (more)
				prompt(p);
		}
	}
	if (p->in.n && !p->skipping && !p->target.stop)
		send_line(p, (struct slice){p->in.p, p->in.n});
	if (p->prompt)
		fputc('\n', stderr);
	return !err->text[0];
}

/* ---- wiring ---- */

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
	p->tombstones = options_flag(o, OPT_TOMBSTONES);
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
	p->target.topic = topics->item[0];
	if (options_flag(o, OPT_READ_ONLY))
		return err_set(err, "--read-only: nothing is produced to topic %s", p->target.topic);
	p->prompt = isatty(STDIN_FILENO);
	p->target.each_told = p->prompt;
	return topic_valid(p->target.topic, err) && take_keys(p, o, err) && take_headers(p, o, err);
}

static int
run(struct produce *p, const struct options *o, struct cluster *cluster, struct err *err)
{
	bool read;
	int status;

	if (!target_open(&p->target, o, cluster, &status, err))
		return status;
	read = read_all(p, err);
	target_confirm(&p->target);
	return target_report(&p->target, p->refused) && read ? EXIT_DONE : EXIT_FAILED;
}

int
cmd_produce(const struct options *o)
{
	struct produce p = {.target = {.delivered = on_delivered, .ctx = &p}};
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
	buf_free(&p.in);
	free(p.headers);
	cluster_free(cluster);
	return status;
}
