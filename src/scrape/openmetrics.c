/* SPDX-License-Identifier: MIT */
#include "scrape/openmetrics.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

enum { NUMBER_TEXT = 64 };

/* ---- pieces of a line ---- */

static bool
at(struct slice s, char c)
{
	return s.n > 0 && *s.p == c;
}

static void
skip(struct slice *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool
take_char(struct slice *s, char c)
{
	if (!at(*s, c))
		return false;
	skip(s, 1);
	return true;
}

/* False: there were none. */
static bool
take_blanks(struct slice *s)
{
	size_t before = s->n;

	while (at(*s, ' ') || at(*s, '\t'))
		skip(s, 1);
	return s->n < before;
}

static bool
take_name(struct slice *s, bool colons, struct slice *out)
{
	size_t n = 0;

	while (n < s->n && (isalpha((unsigned char)s->p[n]) || s->p[n] == '_' || (colons && s->p[n] == ':') ||
			    (n > 0 && isdigit((unsigned char)s->p[n]))))
		n++;
	*out = (struct slice){s->p, n};
	skip(s, n);
	return n > 0;
}

/* What stands between two quotes, escapes as they are. */
static bool
take_quoted(struct slice *s, struct slice *out)
{
	size_t n = 0;

	if (!take_char(s, '"'))
		return false;
	while (n < s->n && s->p[n] != '"')
		n += s->p[n] == '\\' ? 2 : 1;
	if (n >= s->n)
		return false;
	*out = (struct slice){s->p, n};
	skip(s, n + 1);
	return true;
}

static bool
take_label(struct slice *s, struct slice *name, struct slice *value)
{
	take_blanks(s);
	if (!take_name(s, false, name))
		return false;
	take_blanks(s);
	if (!take_char(s, '='))
		return false;
	take_blanks(s);
	return take_quoted(s, value);
}

/* Behind a label: true when another may follow. */
static bool
take_comma(struct slice *s)
{
	bool comma;

	take_blanks(s);
	comma = take_char(s, ',');
	take_blanks(s);
	return comma;
}

/* {a="b",c="d"}, or nothing at all. */
static bool
take_labels(struct slice *s, struct slice *out)
{
	struct slice name, value;
	const char *begin;

	*out = (struct slice){s->p, 0};
	if (!take_char(s, '{'))
		return true;
	begin = s->p;
	take_blanks(s);
	while (!at(*s, '}'))
		if (!take_label(s, &name, &value) || (!take_comma(s) && !at(*s, '}')))
			return false;
	*out = (struct slice){begin, (size_t)(s->p - begin)};
	skip(s, 1);
	return true;
}

static bool
is_word(const char *text)
{
	static const char *const words[] = {"NaN", "Inf", "+Inf", "-Inf"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

static bool
take_number(struct slice *s, double *out)
{
	char text[NUMBER_TEXT], *end;
	size_t n = 0;

	while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
		n++;
	if (n == 0 || n >= sizeof(text) || memchr(s->p, '\0', n))
		return false;
	memcpy(text, s->p, n);
	text[n] = '\0';
	if (strspn(text, "0123456789+-.eE") != n && !is_word(text))
		return false;
	*out = strtod(text, &end);
	skip(s, n);
	return *end == '\0';
}

/* Behind the value: a timestamp, an exemplar with one of its own. */
static bool
take_tail(struct slice *s)
{
	struct slice labels;
	double number;

	take_blanks(s);
	if (s->n > 0 && !at(*s, '#') && !take_number(s, &number))
		return false;
	take_blanks(s);
	if (!take_char(s, '#'))
		return s->n == 0;
	take_blanks(s);
	if (!at(*s, '{') || !take_labels(s, &labels) || !take_blanks(s) || !take_number(s, &number))
		return false;
	take_blanks(s);
	if (s->n > 0 && !take_number(s, &number))
		return false;
	take_blanks(s);
	return s->n == 0;
}

static bool
take_sample(struct slice s, struct openmetrics_sample *out)
{
	bool labelled, apart;

	if (!take_name(&s, true, &out->name))
		return false;
	apart = take_blanks(&s);
	labelled = at(s, '{');
	if (!take_labels(&s, &out->labels))
		return false;
	if (!take_blanks(&s) && !labelled && !apart)
		return false;
	return take_number(&s, &out->value) && take_tail(&s);
}

/* ---- the page ---- */

/* A line without its end; false: the page ends, or has no end of line there. */
static bool
take_line(struct openmetrics *page, struct slice *line)
{
	const char *end = page->rest.n ? memchr(page->rest.p, '\n', page->rest.n) : NULL;

	if (!end)
		return false;
	*line = (struct slice){page->rest.p, (size_t)(end - page->rest.p)};
	skip(&page->rest, line->n + 1);
	page->line++;
	return true;
}

static enum openmetrics_step
bad(const struct openmetrics *page, const char *why, struct err *err)
{
	err_set(err, "line %zu %s", page->line, why);
	return OPENMETRICS_BAD;
}

enum openmetrics_step
openmetrics_next(struct openmetrics *page, struct openmetrics_sample *out, struct err *err)
{
	struct slice line;

	while (take_line(page, &line)) {
		take_blanks(&line);
		if (slice_is(line, "# EOF"))
			return page->rest.n == 0 ? OPENMETRICS_END : bad(page, "says # EOF, and more follows", err);
		if (line.n == 0 || at(line, '#'))
			continue;
		return take_sample(line, out) ? OPENMETRICS_SAMPLE : bad(page, "is no sample", err);
	}
	if (page->rest.n == 0)
		return OPENMETRICS_END;
	page->line++;
	return bad(page, "is cut off", err);
}

static void
unescape(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool escape = text.p[i] == '\\' && i + 1 < text.n;

		i += escape;
		buf_char(out, escape && text.p[i] == 'n' ? '\n' : text.p[i]);
	}
}

bool
openmetrics_label(struct slice labels, const char *name, struct buf *value)
{
	struct slice found, text;

	while (labels.n > 0 && take_label(&labels, &found, &text)) {
		if (slice_is(found, name)) {
			unescape(value, text);
			return true;
		}
		take_comma(&labels);
	}
	return false;
}
