/* SPDX-License-Identifier: MIT */
#include "verify/truthlog.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 256 << 10 };

struct truthlog {
	char *file;
	int fd;
	struct buf in;  /* read and not yet taken */
	size_t at;      /* where the next line begins */
	size_t seen;    /* up to here there is no end of it */
	bool skipping;  /* over the rest of a line that is too long */
	int64_t lines;
	json_t *json;   /* of the last item, where a parser was needed */
};

/* --- What both ways of reading a line share -------------------------------- */

static bool
stage_event(struct slice name, enum event_kind *kind)
{
	static const char *const names[EVENT_KINDS] = {
		[EVENT_CONFIGURED] = "configuration",
		[EVENT_STABILIZATION] = "stabilization",
		[EVENT_STARTED] = "carry out",
		[EVENT_TERMINATED] = "terminated",
	};

	for (int k = 0; k < EVENT_KINDS; k++)
		if (names[k] && slice_is(name, names[k])) {
			*kind = (enum event_kind)k;
			return true;
		}
	return false;
}

static bool
range_event(struct slice name, enum range_event *event)
{
	*event = slice_is(name, "Stabilized") ? RANGE_STABILIZED : RANGE_OUT;
	return *event == RANGE_STABILIZED || slice_is(name, "OutOfRange");
}

static int
digits(const char *p, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = 10 * value + (p[i] - '0');
	}
	return value;
}

/* Seconds that ZONE (Z, +HH, +HHMM, +HH:MM) is ahead of UTC; NaN: it is none. */
static double
zone_seconds(struct slice zone)
{
	int hours, minutes = 0;

	if (slice_is(zone, "Z"))
		return 0;
	if (zone.n < 3 || zone.n > 6 || (zone.p[0] != '+' && zone.p[0] != '-'))
		return NAN;
	hours = digits(zone.p + 1, 2);
	if (zone.n > 4)
		minutes = digits(zone.p + zone.n - 2, 2);
	if (hours < 0 || minutes < 0)
		return NAN;
	return (zone.p[0] == '-' ? -60.0 : 60.0) * (60 * hours + minutes);
}

/* That of the hour that TEXT, YYYY-MM-DDTHH, begins with; the hour of the line before is mostly the same. */
static double
hour_seconds(const char *text)
{
	static _Thread_local char last[13];
	static _Thread_local double seconds;
	struct tm tm = {0};

	if (memcmp(text, last, sizeof(last)) == 0)
		return seconds;
	tm.tm_year = digits(text, 4) - 1900;
	tm.tm_mon = digits(text + 5, 2) - 1;
	tm.tm_mday = digits(text + 8, 2);
	tm.tm_hour = digits(text + 11, 2);
	if (tm.tm_year < 0 || tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 || tm.tm_hour < 0)
		return NAN;
	memcpy(last, text, sizeof(last));
	return seconds = (double)timegm(&tm);
}

/* YYYY-MM-DDTHH:MM:SS.FRACTION and a zone. */
static double
parse_time(struct slice text)
{
	double fraction = 0, scale = 1;
	int minute, second;
	size_t i = 19;

	if (text.n < 20 || text.p[4] != '-' || text.p[10] != 'T' || text.p[13] != ':' || text.p[16] != ':')
		return NAN;
	minute = digits(text.p + 14, 2);
	second = digits(text.p + 17, 2);
	if (minute < 0 || second < 0)
		return NAN;
	if (text.p[i] == '.')
		for (i++; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
			fraction = 10 * fraction + (text.p[i] - '0'), scale *= 10;
	return hour_seconds(text.p) + 60 * minute + second + fraction / scale -
	       zone_seconds((struct slice){text.p + i, text.n - i});
}

/* --- As the producers write it --------------------------------------------- */

struct scan {
	const char *p, *end;
};

static inline bool
skip(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, text, n) != 0)
		return false;
	s->p += n;
	return true;
}

/* The rest of a string, whose quotation mark was skipped, and its end; not with an escape in it. */
static inline bool
scan_text(struct scan *s, struct slice *text)
{
	const char *end = memchr(s->p, '"', (size_t)(s->end - s->p));

	if (!end)
		return false;
	*text = (struct slice){s->p, (size_t)(end - s->p)};
	s->p = end + 1;
	return !memchr(text->p, '\\', text->n);
}

static bool
scan_number(struct scan *s, float *value)
{
	static const char signs[] = "0123456789+-.eE";
	char text[48];
	size_t n = 0;
	char *end;

	while (s->p + n < s->end && n + 1 < sizeof(text) && memchr(signs, s->p[n], sizeof(signs) - 1)) {
		text[n] = s->p[n];
		n++;
	}
	text[n] = '\0';
	*value = (float)strtod(text, &end);
	s->p += n;
	return n > 0 && end == text + n && text[0] != '+';
}

static bool
scan_fields(struct scan *s, struct truthlog_item *item)
{
	struct slice text;

	if (skip(s, "sensor\":\"")) {
		item->kind = TRUTHLOG_READING;
		return scan_text(s, &item->sensor) && skip(s, ",\"temperature\":") && scan_number(s, &item->value);
	}
	if (skip(s, "avg_temperature\":")) {
		item->kind = TRUTHLOG_AVERAGE;
		return scan_number(s, &item->value);
	}
	if (skip(s, "range_event\":\"")) {
		item->kind = TRUTHLOG_RANGE;
		return scan_text(s, &text) && range_event(text, &item->event);
	}
	return false; /* stages are few, and have more fields */
}

static bool
scan_spans(struct scan *s, struct truthlog_item *item)
{
	struct slice id;

	return skip(s, ",\"span\":{\"measurement_id\":\"") && scan_text(s, &id) &&
	       skip(s, ",\"name\":\"measurement\"},\"spans\":[{\"experiment_id\":\"") &&
	       scan_text(s, &item->experiment) && skip(s, ",\"name\":\"experiment\"},{\"measurement_id\":\"") &&
	       scan_text(s, &item->measurement) && skip(s, ",\"name\":\"measurement\"}]}") && s->p == s->end;
}

static bool
scan_line(struct slice line, struct truthlog_item *item)
{
	struct scan s = {line.p, line.p + line.n};
	struct slice time, other;

	if (!skip(&s, "{\"timestamp\":\"") || !scan_text(&s, &time) || !skip(&s, ",\"level\":\"") ||
	    !scan_text(&s, &other) || !skip(&s, ",\"fields\":{\"") || !scan_fields(&s, item) ||
	    !skip(&s, "},\"target\":\"") || !scan_text(&s, &other) || !scan_spans(&s, item))
		return false;
	item->time = parse_time(time);
	return item->experiment.n > 0 && item->measurement.n > 0;
}

/* --- Any JSON -------------------------------------------------------------- */

static struct slice
text_of(const json_t *value)
{
	return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)}
				     : (struct slice){0};
}

static void
find_ids(const json_t *spans, struct truthlog_item *item)
{
	size_t i;
	json_t *span;

	json_array_foreach (spans, i, span) {
		struct slice experiment = text_of(json_object_get(span, "experiment_id"));
		struct slice measurement = text_of(json_object_get(span, "measurement_id"));

		if (experiment.n > 0)
			item->experiment = experiment;
		if (measurement.n > 0)
			item->measurement = measurement;
	}
}

static bool
read_fields(const json_t *fields, struct truthlog_item *item)
{
	const json_t *average = json_object_get(fields, "avg_temperature");
	const json_t *temperature = json_object_get(fields, "temperature");

	item->sensor = text_of(json_object_get(fields, "sensor"));
	if (stage_event(text_of(json_object_get(fields, "stage")), &item->stage)) {
		item->kind = TRUTHLOG_STAGE;
		return true;
	}
	if (range_event(text_of(json_object_get(fields, "range_event")), &item->event)) {
		item->kind = TRUTHLOG_RANGE;
		return item->measurement.n > 0;
	}
	item->kind = json_is_number(average) ? TRUTHLOG_AVERAGE : TRUTHLOG_READING;
	item->value = (float)json_number_value(json_is_number(average) ? average : temperature);
	return item->measurement.n > 0 && (json_is_number(average) || (json_is_number(temperature) && item->sensor.n));
}

/* The slices are the JSON's. */
static enum truthlog_answer
read_json(const json_t *json, struct truthlog_item *item)
{
	find_ids(json_object_get(json, "spans"), item);
	if (item->experiment.n == 0 || !read_fields(json_object_get(json, "fields"), item))
		return TRUTHLOG_END;
	item->time = parse_time(text_of(json_object_get(json, "timestamp")));
	return TRUTHLOG_ITEM;
}

static enum truthlog_answer
parse(struct slice line, struct truthlog_item *item, json_t **json, struct err *err)
{
	int64_t number = item->line;
	json_error_t problem;

	*item = (struct truthlog_item){.line = number};
	if (scan_line(line, item))
		return TRUTHLOG_ITEM;
	*item = (struct truthlog_item){.line = number};
	json_decref(*json);
	*json = json_loadb(line.p, line.n, JSON_ALLOW_NUL, &problem);
	if (json_is_object(*json))
		return read_json(*json, item);
	err_set(err, "the line is cut, or no JSON object (%zu bytes)", line.n);
	return TRUTHLOG_BAD;
}

/* --- The file -------------------------------------------------------------- */

struct truthlog *
truthlog_open(const char *file, struct err *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct truthlog *l;

	if (fd < 0) {
		err_set(err, "cannot read the log %s: %s%s", file, strerror(errno),
			errno == ENOENT ? " (a producer makes it when it begins, with --file-subscriber)" : "");
		return NULL;
	}
	l = xcalloc(1, sizeof(*l));
	l->file = xstrdup(file);
	l->fd = fd;
	return l;
}

void
truthlog_close(struct truthlog *l)
{
	if (!l)
		return;
	close(l->fd);
	json_decref(l->json);
	buf_free(&l->in);
	free(l->file);
	free(l);
}

/* Read on, behind what is there: bytes, 0 at the end of the file. */
static ssize_t
fill(struct truthlog *l)
{
	ssize_t n;

	buf_reserve(&l->in, CHUNK);
	memmove(l->in.p, l->in.p + l->at, l->in.n - l->at);
	l->in.n -= l->at;
	l->seen -= l->at;
	l->at = 0;
	do
		n = read(l->fd, l->in.p + l->in.n, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		l->in.n += (size_t)n;
	return n;
}

static bool
take_line(struct truthlog *l, struct slice *line)
{
	char *end = l->in.n > l->seen ? memchr(l->in.p + l->seen, '\n', l->in.n - l->seen) : NULL;

	if (!end) {
		l->seen = l->in.n;
		return false;
	}
	*line = (struct slice){l->in.p + l->at, (size_t)(end - l->in.p) - l->at};
	l->at = l->seen = (size_t)(end - l->in.p) + 1;
	l->lines++;
	return true;
}

/* What is there of a line that has become too long goes; the rest of it will. */
static void
drop_long(struct truthlog *l)
{
	if (l->in.n - l->at <= TRUTHLOG_LINE_MAX)
		return;
	l->at = l->seen = l->in.n;
	l->skipping = true;
}

/* The next line, or with LAST what is there of one. */
static enum truthlog_answer
next_line(struct truthlog *l, bool last, struct slice *line, struct err *err)
{
	while (!take_line(l, line)) {
		ssize_t n;

		drop_long(l);
		n = fill(l);
		if (n < 0) {
			err_set(err, "cannot read the log %s: %s", l->file, strerror(errno));
			return TRUTHLOG_FAILED;
		}
		if (n > 0)
			continue;
		if (!last || (l->in.n == l->at && !l->skipping))
			return TRUTHLOG_END;
		*line = (struct slice){l->in.p + l->at, l->in.n - l->at};
		l->at = l->seen = l->in.n;
		l->lines++;
		return TRUTHLOG_ITEM;
	}
	return TRUTHLOG_ITEM;
}

enum truthlog_answer
truthlog_next(struct truthlog *l, bool last, struct truthlog_item *item, struct err *err)
{
	enum truthlog_answer answer;
	struct slice line;

	while ((answer = next_line(l, last, &line, err)) == TRUTHLOG_ITEM) {
		item->line = l->lines;
		if (l->skipping) {
			l->skipping = false;
			err_set(err, "the line is longer than 1 MiB");
			return TRUTHLOG_BAD;
		}
		if (line.n == 0)
			continue;
		answer = parse(line, item, &l->json, err);
		if (answer != TRUTHLOG_END)
			return answer;
	}
	return answer;
}

const char *
truthlog_name(const struct truthlog *l)
{
	return l->file;
}

int64_t
truthlog_lines(const struct truthlog *l)
{
	return l->lines;
}

size_t
truthlog_rest(const struct truthlog *l)
{
	return l->in.n - l->at;
}
