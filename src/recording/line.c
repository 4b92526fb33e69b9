/* SPDX-License-Identifier: MIT */
#include "recording/line.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/base64.h"
#include "base/text.h"
#include "codec/print.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { PARTITION_MAX = 100000, NUMBER_TEXT = 24 };

static const char default_topic[] = "recording";
static const char *const type_names[] = {
	[TIMESTAMP_UNKNOWN] = NULL, [TIMESTAMP_CREATE] = "create", [TIMESTAMP_APPEND] = "append",
};

/* ---- writing: no format string on the way of a record ---- */

#define LITERAL(out, text) buf_add(out, text, sizeof(text) - 1)

static void
write_number(struct buf *out, int64_t n)
{
	char text[NUMBER_TEXT], *p = text + sizeof(text);
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		*--p = '-';
	buf_add(out, p, (size_t)(text + sizeof(text) - p));
}

static void
write_base64(struct buf *out, struct slice bytes)
{
	if (!bytes.p) {
		LITERAL(out, "null");
		return;
	}
	buf_char(out, '"');
	base64_encode(out, bytes);
	buf_char(out, '"');
}

static void
write_key(struct buf *out, struct slice key)
{
	if (key.p && !text_valid(key)) {
		LITERAL(out, ",\"k64\":");
		write_base64(out, key);
		return;
	}
	LITERAL(out, ",\"k\":");
	if (key.p)
		print_json_string(out, key);
	else
		LITERAL(out, "null");
}

static void
write_headers(struct buf *out, const struct record *r)
{
	struct record_header h;

	LITERAL(out, ",\"h\":[");
	for (size_t i = 0; record_header(r, i, &h); i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_char(out, '[');
		if (text_valid(h.name))
			print_json_string(out, h.name);
		else
			print_json_base64(out, h.name);
		buf_char(out, ',');
		write_base64(out, h.value);
		buf_char(out, ']');
	}
	buf_char(out, ']');
}

void
line_write(struct buf *out, const struct record *r)
{
	LITERAL(out, "{\"t\":");
	print_json_string(out, slice_str(r->topic));
	LITERAL(out, ",\"p\":");
	write_number(out, r->partition);
	LITERAL(out, ",\"o\":");
	write_number(out, r->offset);
	LITERAL(out, ",\"ts\":");
	if (r->timestamp >= 0)
		write_number(out, r->timestamp);
	else
		LITERAL(out, "null");
	if (r->timestamp_type != TIMESTAMP_UNKNOWN) {
		LITERAL(out, ",\"tt\":\"");
		buf_str(out, type_names[r->timestamp_type]);
		buf_char(out, '"');
	}
	if (r->arrived > 0) {
		LITERAL(out, ",\"at\":");
		write_number(out, r->arrived);
	}
	write_key(out, r->key);
	write_headers(out, r);
	LITERAL(out, ",\"v\":");
	write_base64(out, r->value);
	LITERAL(out, "}\n");
}

/* ---- reading ---- */

/* A record's headers, kept in the arena behind record->source. */
struct headers {
	size_t n;
	struct record_header h[];
};

struct line_reader {
	struct arena arena;
	struct buf decoded;
	struct buf rest; /* a line without its value */
	char *topics[LINE_TOPICS];
	int n_topics;
};

struct line_reader *
line_reader_new(void)
{
	return xcalloc(1, sizeof(struct line_reader));
}

void
line_reader_free(struct line_reader *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->n_topics; i++)
		free(l->topics[i]);
	arena_free(&l->arena);
	buf_free(&l->decoded);
	buf_free(&l->rest);
	free(l);
}

void
line_release(struct line_reader *l)
{
	arena_reset(&l->arena);
}

static bool
header_at(const struct record *r, size_t i, struct record_header *out)
{
	const struct headers *headers = r->source;

	if (i >= headers->n)
		return false;
	*out = headers->h[i];
	return true;
}

static struct slice
json_slice(const json_t *j)
{
	return json_is_string(j) ? (struct slice){json_string_value(j), json_string_length(j)} : (struct slice){0};
}

/* No value, or null. */
static bool
is_none(const json_t *j)
{
	return !j || json_is_null(j);
}

static bool
decode(struct line_reader *l, struct slice coded, struct slice *out)
{
	buf_clear(&l->decoded);
	buf_reserve(&l->decoded, 1);
	if (!base64_decode(&l->decoded, coded))
		return false;
	*out = arena_copy(&l->arena, (struct slice){l->decoded.p, l->decoded.n});
	return true;
}

/* The bytes that base64 text J stands for; null when J is none. */
static bool
read_base64(struct line_reader *l, const json_t *j, struct slice *out)
{
	struct slice coded = json_slice(j);

	*out = (struct slice){0};
	return coded.p ? decode(l, coded, out) : is_none(j);
}

/* A text, null when J is none. */
static bool
read_text(struct line_reader *l, const json_t *j, struct slice *out)
{
	*out = arena_copy(&l->arena, json_slice(j));
	return out->p || is_none(j);
}

/* [name, base64 or null], the name a text, or {"base64": ..} where it is no UTF-8. */
static bool
read_pair(struct line_reader *l, const json_t *j, struct record_header *out)
{
	const json_t *name = json_array_get(j, 0);

	if (json_array_size(j) != 2)
		return false;
	if (json_is_object(name))
		return read_base64(l, json_object_get(name, "base64"), &out->name) && out->name.p &&
		       read_base64(l, json_array_get(j, 1), &out->value);
	return read_text(l, name, &out->name) && out->name.p && read_base64(l, json_array_get(j, 1), &out->value);
}

static bool
read_headers(struct line_reader *l, json_t *h, struct record *out)
{
	size_t room = json_is_object(h) ? json_object_size(h) : json_array_size(h), i;
	struct headers *headers = arena_alloc(&l->arena, sizeof(*headers) + room * sizeof(headers->h[0]));
	const char *name;
	json_t *value;

	if (!is_none(h) && !json_is_object(h) && !json_is_array(h))
		return false;
	json_object_foreach (h, name, value) {
		headers->h[headers->n].name = arena_copy(&l->arena, slice_str(name));
		if (!read_text(l, value, &headers->h[headers->n++].value))
			return false;
	}
	json_array_foreach (h, i, value)
		if (!read_pair(l, value, &headers->h[headers->n++]))
			return false;
	out->source = headers;
	out->header = header_at;
	return true;
}

/* The number of topic NAME, or what it would get; -1 when there are too many. */
static int
topic_number(const struct line_reader *l, const char *name)
{
	for (int i = 0; i < l->n_topics; i++)
		if (strcmp(l->topics[i], name) == 0)
			return i;
	return l->n_topics < LINE_TOPICS ? l->n_topics : -1;
}

static bool
read_topic(struct line_reader *l, const json_t *j, struct record *out)
{
	struct slice name = json_slice(j);

	if (!is_none(j) && (!name.p || memchr(name.p, '\0', name.n)))
		return false;
	out->topic = name.p ? name.p : default_topic;
	out->topic_no = topic_number(l, out->topic);
	return out->topic_no >= 0;
}

/* A line that is good has its topic known from now on. */
static void
keep_topic(struct line_reader *l, struct record *out)
{
	if (out->topic_no == l->n_topics)
		l->topics[l->n_topics++] = xstrdup(out->topic);
	out->topic = l->topics[out->topic_no];
}

/* A whole number from 0 to MOST. */
static bool
read_number(const json_t *j, int64_t most, int64_t *out)
{
	*out = json_integer_value(j);
	return json_is_integer(j) && *out >= 0 && *out <= most;
}

static bool
read_place(const json_t *p, const json_t *o, struct record *out, const char **wrong)
{
	int64_t partition;

	*wrong = "p must be a partition number";
	if (!read_number(p, PARTITION_MAX, &partition))
		return false;
	out->partition = (int32_t)partition;
	*wrong = "o must be an offset";
	return read_number(o, INT64_MAX - 1, &out->offset);
}

static bool
read_time(const json_t *ts, const json_t *tt, struct record *out, const char **wrong)
{
	struct slice type = json_slice(tt);

	*wrong = "ts must be a timestamp in ms or null";
	out->timestamp = json_is_integer(ts) ? json_integer_value(ts) : -1;
	if (!is_none(ts) && !json_is_integer(ts))
		return false;
	if (out->timestamp < 0)
		out->timestamp = -1;
	*wrong = "tt must be create or append";
	for (enum timestamp_type i = TIMESTAMP_CREATE; i <= TIMESTAMP_APPEND; i++)
		if (type.p && slice_is(type, type_names[i]))
			out->timestamp_type = i;
	return is_none(tt) || out->timestamp_type != TIMESTAMP_UNKNOWN;
}

static bool
read_arrival(const json_t *at, struct record *out, const char **wrong)
{
	*wrong = "at must be a time in ms";
	return is_none(at) || read_number(at, LAST_MS, &out->arrived);
}

static bool
read_key(struct line_reader *l, const json_t *k, const json_t *k64, struct record *out, const char **wrong)
{
	*wrong = "k64 must be base64, and then there is no k";
	if (k64)
		return is_none(k) && read_base64(l, k64, &out->key) && out->key.p;
	*wrong = "k must be a text or null";
	return read_text(l, k, &out->key);
}

/* Fill OUT from one line's object; false with the field that is wrong. */
static bool
read_record(struct line_reader *l, const json_t *j, struct record *out, const char **wrong)
{
	*out = (struct record){0};
	*wrong = "a line must be an object";
	if (!json_is_object(j))
		return false;
	*wrong = "t must be one of at most 64 topic names";
	if (!read_topic(l, json_object_get(j, "t"), out) ||
	    !read_place(json_object_get(j, "p"), json_object_get(j, "o"), out, wrong) ||
	    !read_time(json_object_get(j, "ts"), json_object_get(j, "tt"), out, wrong) ||
	    !read_arrival(json_object_get(j, "at"), out, wrong) ||
	    !read_key(l, json_object_get(j, "k"), json_object_get(j, "k64"), out, wrong))
		return false;
	*wrong = "h must be an object, or an array of [name, base64 or null]";
	if (!read_headers(l, json_object_get(j, "h"), out))
		return false;
	*wrong = "v must be base64 or null";
	return read_base64(l, json_object_get(j, "v"), &out->value);
}

/*
 * A line mostly is its value, which writers put last. A value in base64 there is taken
 * off, into VALUE, and a null put in its place: the JSON parser sees a tenth of the
 * line. False, and nothing is done, where the line does not end so.
 */
static bool
take_value(struct line_reader *l, struct slice *line, struct slice *value)
{
	static const char field[] = "\"v\":", end[] = "\"}";
	const char *quote, *name;

	if (line->n < sizeof(field) + sizeof(end) || memcmp(line->p + line->n - 2, end, 2) != 0)
		return false;
	quote = memrchr(line->p, '"', line->n - 2);
	if (!quote || quote - line->p < (ptrdiff_t)sizeof(field))
		return false;
	name = quote - (quote[-1] == ' ') - (sizeof(field) - 1);
	if (memcmp(name, field, sizeof(field) - 1) != 0 ||
	    !decode(l, (struct slice){quote + 1, (size_t)(line->p + line->n - 2 - (quote + 1))}, value))
		return false;
	buf_clear(&l->rest);
	buf_add(&l->rest, line->p, (size_t)(quote - line->p));
	LITERAL(&l->rest, "null}");
	*line = (struct slice){l->rest.p, l->rest.n};
	return true;
}

bool
line_read(struct line_reader *l, struct slice line, struct record *out, struct err *err)
{
	json_error_t problem;
	const char *wrong;
	struct slice value;
	bool taken = take_value(l, &line, &value), good;
	json_t *j = json_loadb(line.p, line.n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &problem);

	good = j && read_record(l, j, out, &wrong);
	if (good)
		keep_topic(l, out);
	if (good && taken)
		out->value = value;
	if (!good)
		err_set(err, "%s", j ? wrong : problem.text);
	json_decref(j);
	return good;
}
