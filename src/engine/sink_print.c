/* SPDX-License-Identifier: MIT */
#include "engine/sink_print.h"

#include "base/alloc.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "codec/container.h"
#include "codec/decode.h"
#include "codec/print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	FLUSH_BYTES = 256 * 1024,
	SHORT = 1024 * 1024, /* a message with more text than this is measured before it is printed */
	REMARKS_PER_S = 10,
};

struct sink_print {
	struct sink sink;
	struct sink_print_config config;
	struct container_cache *cache;
	struct buf out, cleaned, remark, measured;
	struct err failed;        /* what stopped the output within a record; empty: nothing */
	struct print_totals totals;
	int64_t first_us;         /* when the first batch arrived, 0 before */
	int64_t remark_second;    /* of the clock, for the bound on remarks */
	int64_t remarks, unsaid;  /* made and left out since */
};

static struct sink_print *
print_of(struct sink *s)
{
	return (struct sink_print *)s;
}

static bool
write_all(int fd, struct slice s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			s.p += n;
			s.n -= (size_t)n;
		}
	}
	return true;
}

/* The lines of TEXT, each sanitised. */
static void
clean_lines(struct buf *out, struct slice text)
{
	while (text.n > 0) {
		const char *newline = memchr(text.p, '\n', text.n);
		size_t n = newline ? (size_t)(newline - text.p) : text.n;

		text_clean(out, (struct slice){text.p, n});
		if (newline) {
			buf_char(out, '\n');
			n++;
		}
		text.p += n;
		text.n -= n;
	}
}

static bool
flush(struct sink_print *p, struct err *err)
{
	struct slice text = {p->out.p, p->out.n};

	if (p->failed.text[0])
		return err_set(err, "%s", p->failed.text);
	if (p->config.clean) {
		buf_clear(&p->cleaned);
		clean_lines(&p->cleaned, text);
		text = (struct slice){p->cleaned.p, p->cleaned.n};
	}
	if (write_all(p->config.out, text)) {
		buf_clear(&p->out);
		return true;
	}
	if (p->config.out == STDOUT_FILENO)
		standard_output_failed(errno);
	return err_set(err, "cannot write to standard output: %s", strerror(errno));
}

/* Where the text of a message goes while it is made. */
struct outlet {
	struct sink_print *sink; /* NULL: nowhere, it is only measured */
	size_t gone;             /* bytes so far */
};

static void
hand_on(void *ctx, struct buf *out)
{
	struct outlet *o = ctx;
	size_t before = out->n;
	struct err err;

	if (!o->sink)
		buf_clear(out);
	else if (before >= FLUSH_BYTES && !flush(o->sink, &err)) {
		o->sink->failed = err;
		buf_clear(out);
	}
	o->gone += before - out->n;
}

/* What stands in p->remark, as a line. */
static void
say(struct sink_print *p)
{
	buf_char(&p->remark, '\n');
	write_all(p->config.remarks, (struct slice){p->remark.p, p->remark.n});
	buf_clear(&p->remark);
}

static void
say_unsaid(struct sink_print *p)
{
	if (p->unsaid == 0)
		return;
	buf_addf(&p->remark, "%" PRId64 " more undecodable records", p->unsaid);
	p->unsaid = 0;
	say(p);
}

/* At most REMARKS_PER_S a second, the others are counted. */
static bool
may_remark(struct sink_print *p)
{
	int64_t second = clock_mono_ms() / 1000;

	if (second != p->remark_second) {
		say_unsaid(p);
		p->remark_second = second;
		p->remarks = 0;
	}
	if (p->remarks < REMARKS_PER_S) {
		p->remarks++;
		return true;
	}
	p->unsaid++;
	return false;
}

static void
remark_undecodable(struct sink_print *p, const struct record *r, const char *reason)
{
	p->totals.undecodable++;
	if (!may_remark(p))
		return;
	text_clean(&p->remark, slice_str(r->topic));
	buf_addf(&p->remark, "[%" PRId32 "]@%" PRId64 ": ", r->partition, r->offset);
	text_clean(&p->remark, slice_str(reason));
	say(p);
}

/* A key, a header's value, a payload: text when it is one. */
static void
print_json_bytes(struct buf *out, struct slice bytes)
{
	if (!bytes.p)
		buf_str(out, "null");
	else if (text_valid(bytes))
		print_json_string(out, bytes);
	else
		print_json_base64(out, bytes);
}

static bool
header_seen_before(const struct record *r, size_t before, struct slice name)
{
	struct record_header h;

	for (size_t i = 0; i < before && record_header(r, i, &h); i++)
		if (slice_eq(h.name, name))
			return true;
	return false;
}

/* The values of all headers called NAME from the Ith on: one alone, several as an array. */
static void
print_json_values(struct buf *out, const struct record *r, size_t i, struct slice name)
{
	struct record_header h;
	size_t start = out->n, values = 0;

	for (; record_header(r, i, &h); i++) {
		if (!slice_eq(h.name, name))
			continue;
		if (values++ > 0)
			buf_char(out, ',');
		print_json_bytes(out, h.value);
	}
	if (values > 1) {
		buf_reserve(out, 2);
		memmove(out->p + start + 1, out->p + start, out->n - start);
		out->p[start] = '[';
		out->n++;
		buf_char(out, ']');
	}
}

static void
print_json_headers(struct buf *out, const struct record *r)
{
	struct record_header h;
	bool first = true;

	buf_char(out, '{');
	for (size_t i = 0; record_header(r, i, &h); i++) {
		if (header_seen_before(r, i, h.name))
			continue;
		if (!first)
			buf_char(out, ',');
		first = false;
		print_json_string(out, h.name);
		buf_char(out, ':');
		print_json_values(out, r, i, h.name);
	}
	buf_char(out, '}');
}

/* What every JSON line starts with; the caller goes on behind a comma. */
static void
begin_json(struct buf *out, const struct record *r)
{
	buf_str(out, "{\"topic\":");
	print_json_string(out, slice_str(r->topic));
	buf_addf(out, ",\"partition\":%" PRId32 ",\"offset\":%" PRId64 ",\"timestamp\":", r->partition, r->offset);
	if (r->timestamp >= 0)
		buf_addf(out, "%" PRId64, r->timestamp);
	else
		buf_str(out, "null");
	buf_str(out, ",\"key\":");
	print_json_bytes(out, r->key);
	buf_str(out, ",\"headers\":");
	print_json_headers(out, r);
}

static void
json_name(struct buf *out, struct slice header, const struct schema *schema)
{
	buf_str(out, ",\"record_name\":");
	print_json_bytes(out, header.p ? header : schema ? schema_name(schema) : header);
	buf_str(out, ",\"decoded_as\":");
	buf_str(out, !schema ? "null" : header.p ? "\"header\"" : "\"schema\"");
}

/* What every JSON line says of a record, up to its value. */
static void
begin_json_value(struct buf *out, const struct record *r, const struct schema *schema)
{
	begin_json(out, r);
	json_name(out, record_header_last(r, "record_name"), schema);
	buf_str(out, ",\"value\":");
}

/* One record of a container. */
static bool
print_json_line(struct print *to, const struct record *r, const struct schema *schema, struct slice record)
{
	bool whole;

	begin_json_value(to->out, r, schema);
	whole = print_to(to, PRINT_JSON, schema->root, record);
	buf_str(to->out, "}\n");
	return whole;
}

static void
print_json_undecodable(struct buf *out, const struct record *r, const char *reason)
{
	begin_json(out, r);
	buf_str(out, ",\"error\":");
	print_json_string(out, slice_str(reason));
	buf_str(out, ",\"value_base64\":\"");
	base64_encode(out, r->value);
	buf_str(out, "\"}\n");
}

/* A header's value as a line of its own: what would break the line is escaped. */
static void
print_name(struct buf *out, struct slice name)
{
	bool plain = text_valid(name);

	for (size_t i = 0; i < name.n; i++)
		plain = plain && (unsigned char)name.p[i] >= 0x20;
	if (!name.p)
		buf_str(out, "None");
	else if (plain)
		buf_slice(out, name);
	else
		text_clean(out, name);
	buf_char(out, '\n');
}

static bool
print_python_record(struct print *to, const struct record *r, const struct schema *schema, struct slice record)
{
	bool whole;

	print_name(to->out, record_header_last(r, "record_name"));
	whole = print_to(to, PRINT_PYTHON, schema->root, record);
	buf_char(to->out, '\n');
	return whole;
}

/* False when the text is longer than LIMIT. */
static bool
print_all(const struct sink_print *p, const struct record *r, struct container c, struct print *to,
	  const struct outlet *o, size_t limit)
{
	size_t start = to->out->n, done = 0;
	struct slice record;
	bool whole = true;

	while (whole && done < limit && container_next(&c, &record)) {
		to->limit = limit - done;
		if (p->config.format == FORMAT_JSON)
			whole = print_json_line(to, r, c.schema, record);
		else if (p->config.format == FORMAT_PYTHON)
			whole = print_python_record(to, r, c.schema, record);
		if (to->hand_on && to->out->n >= PRINT_PIECE)
			to->hand_on(to->ctx, to->out);
		done = o->gone + to->out->n - start;
	}
	return whole && done < limit;
}

static size_t
most_text(const struct container *c)
{
	return c->plain < (SIZE_MAX - PRINT_LIMIT) / PRINT_LIMIT_PER_BYTE
		       ? PRINT_LIMIT + c->plain * PRINT_LIMIT_PER_BYTE : SIZE_MAX;
}

/* False when the text is past its limit: nothing of the message is printed then. A
 * long one is measured first, and written while it is made. */
static bool
print_decoded(struct sink_print *p, const struct record *r, const struct container *c)
{
	struct outlet shorter = {0}, nowhere = {0}, out = {.sink = p};
	struct print to = {.out = &p->out};
	size_t start = p->out.n;

	if (print_all(p, r, *c, &to, &shorter, SHORT))
		return true;
	p->out.n = start;
	buf_clear(&p->measured);
	to = (struct print){.out = &p->measured, .hand_on = hand_on, .ctx = &nowhere};
	if (!print_all(p, r, *c, &to, &nowhere, most_text(c)))
		return false;
	to = (struct print){.out = &p->out, .hand_on = hand_on, .ctx = &out};
	return print_all(p, r, *c, &to, &out, most_text(c));
}

/* A value that is no container: a tombstone, or somebody's own bytes. */
static void
print_plain(struct sink_print *p, const struct record *r)
{
	struct outlet o = {.sink = p};
	struct print to = {.out = &p->out, .limit = SIZE_MAX, .hand_on = hand_on, .ctx = &o};
	bool is_json = p->config.format == FORMAT_JSON;

	if (!is_json && p->config.format != FORMAT_PYTHON)
		return;
	if (is_json)
		begin_json_value(&p->out, r, NULL);
	if (!r->value.p)
		buf_str(&p->out, is_json ? "null" : "None");
	else if (is_json)
		print_slice_to(&to, PRINT_JSON, r->value, text_valid(r->value));
	else
		print_slice_to(&to, PRINT_PYTHON, r->value, false);
	buf_str(&p->out, is_json ? "}\n" : "\n");
}

static void
print_raw(struct sink_print *p, const struct record *r)
{
	buf_slice(&p->out, r->value);
	buf_char(&p->out, '\n');
}

/* Decode R, and print it unless only counting is asked for. */
static bool
print_container(struct sink_print *p, const struct record *r, struct err *err)
{
	struct container c;

	if (!container_open(p->cache, r->value, &c, err))
		return false;
	if (p->config.format != FORMAT_NONE && !print_decoded(p, r, &c))
		return err_set(err, "more than %zu MiB as text, or a map of more than a million entries",
			       most_text(&c) >> 20);
	if (!container_whole(&c, err))
		return false;
	p->totals.decoded++;
	return true;
}

static void
print_record(struct sink_print *p, const struct record *r)
{
	struct err err;

	p->totals.bytes += (int64_t)(r->key.n + r->value.n);
	if (p->config.check_names)
		record_header_last(r, "record_name");
	if (p->config.format == FORMAT_RAW) {
		print_raw(p, r);
	} else if (!container_is(r->value)) {
		print_plain(p, r);
	} else if (!print_container(p, r, &err)) {
		remark_undecodable(p, r, err.text);
		if (p->config.format == FORMAT_JSON)
			print_json_undecodable(&p->out, r, err.text);
	}
}

static void
count(struct sink_print *p)
{
	if (++p->totals.records % 1000 == 0 && p->config.counts) {
		buf_addf(&p->remark, "%" PRId64, p->totals.records);
		say(p);
	}
}

static size_t
print_records(struct sink *s, const struct record *r, size_t n, struct err *err)
{
	struct sink_print *p = print_of(s);
	size_t written = 0;

	if (p->first_us == 0)
		p->first_us = clock_mono_us();
	for (size_t i = 0; i < n; i++) {
		print_record(p, &r[i]);
		count(p);
		if (p->out.n < FLUSH_BYTES && i + 1 < n)
			continue;
		if (!flush(p, err))
			return written;
		written = i + 1;
	}
	p->totals.seconds = (double)(clock_mono_us() - p->first_us) / 1e6;
	return n;
}

static void
print_storing(struct sink *s, enum storing what)
{
	static const char *const lines[] = {
		[STORING_BEGINS] = "Start Storing",
		[STORING_ENDS] = "End Storing",
		[STORING_COMMITTED] = "Message committed",
	};
	struct sink_print *p = print_of(s);

	buf_str(&p->remark, lines[what]);
	say(p);
}

static void
print_assignment(struct sink *s, const struct assignment *a)
{
	static const char *const changes[] = {"assigned", "revoked", "lost"};
	struct sink_print *p = print_of(s);

	buf_addf(&p->remark, "%s: ", changes[a->change]);
	text_clean(&p->remark, slice_str(a->count ? a->text : "no partition"));
	say(p);
}

static void
print_said(struct sink *s, enum notice_level level, const char *sentence)
{
	struct sink_print *p = print_of(s);

	(void)level;
	buf_str(&p->remark, "exptop: ");
	text_clean(&p->remark, slice_str(sentence));
	say(p);
}

static void
print_idle(struct sink *s, int64_t now)
{
	(void)now;
	say_unsaid(print_of(s));
}

static const struct sink_ops print_ops = {
	.records = print_records,
	.storing = print_storing,
	.assignment = print_assignment,
	.said = print_said,
	.idle = print_idle,
};

struct sink *
sink_print_new(const struct sink_print_config *config)
{
	struct sink_print *p = xcalloc(1, sizeof(*p));

	p->sink.ops = &print_ops;
	p->config = *config;
	p->cache = container_cache_new(0, 0);
	return &p->sink;
}

void
sink_print_free(struct sink *s)
{
	struct sink_print *p = print_of(s);

	container_cache_free(p->cache);
	buf_free(&p->out);
	buf_free(&p->cleaned);
	buf_free(&p->remark);
	buf_free(&p->measured);
	free(p);
}

struct print_totals
sink_print_totals(const struct sink *s)
{
	return ((const struct sink_print *)s)->totals;
}
