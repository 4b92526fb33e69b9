/* SPDX-License-Identifier: MIT */
#include "conf/properties.h"

#include "base/alloc.h"
#include "base/text.h"
#include "conf/file.h"

#include <ctype.h>
#include <stdlib.h>

enum { PROPERTIES_BYTES = 1 << 20 };

struct parser {
	struct slice rest;
	const char *file;
	int line;
	struct err *err;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static void
skip_blanks(struct parser *s)
{
	while (s->rest.n > 0 && is_blank(*s->rest.p)) {
		s->rest.p++;
		s->rest.n--;
	}
}

/* Past the end of a line, if one stands here: LF, CR or CRLF. */
static bool
take_newline(struct parser *s)
{
	size_t n;

	if (s->rest.n == 0 || (*s->rest.p != '\n' && *s->rest.p != '\r'))
		return false;
	n = s->rest.n > 1 && s->rest.p[0] == '\r' && s->rest.p[1] == '\n' ? 2 : 1;
	s->rest.p += n;
	s->rest.n -= n;
	s->line++;
	return true;
}

static char
take_char(struct parser *s)
{
	s->rest.n--;
	return *s->rest.p++;
}

static bool
take_hex4(struct parser *s, uint32_t *unit)
{
	*unit = 0;
	if (s->rest.n < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = take_char(s);

		if (!isxdigit((unsigned char)c))
			return false;
		*unit = *unit << 4 | (uint32_t)(isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return true;
}

/* Behind \u: a UTF-16 unit, or two that are one character. */
static bool
take_unicode(struct parser *s, struct buf *out)
{
	uint32_t cp, low;
	bool ok = take_hex4(s, &cp);

	if (ok && cp >= 0xd800 && cp <= 0xdbff) {
		ok = s->rest.n >= 2 && s->rest.p[0] == '\\' && s->rest.p[1] == 'u';
		if (ok) {
			s->rest.p += 2;
			s->rest.n -= 2;
			ok = take_hex4(s, &low) && low >= 0xdc00 && low <= 0xdfff;
			cp = 0x10000 + ((cp & 0x3ff) << 10 | (low & 0x3ff));
		}
	} else if (ok) {
		ok = cp != 0 && !(cp >= 0xdc00 && cp <= 0xdfff);
	}
	if (!ok)
		return err_set(s->err, "%s:%d: expected \\u and the four hexadecimal digits of a character", s->file,
			       s->line);
	text_encode(out, cp);
	return true;
}

/* Behind a backslash: an escape, or the end of a line that goes on in the next. */
static bool
take_escape(struct parser *s, struct buf *out)
{
	static const char names[] = "tnfr", meanings[] = "\t\n\f\r";
	const char *known;
	char c;

	if (s->rest.n == 0)
		return true;
	if (take_newline(s)) {
		skip_blanks(s);
		return true;
	}
	c = take_char(s);
	if (c == 'u')
		return take_unicode(s, out);
	known = strchr(names, c);
	buf_char(out, known ? meanings[known - names] : c);
	return true;
}

static bool
at_line_end(const struct parser *s)
{
	return s->rest.n == 0 || *s->rest.p == '\n' || *s->rest.p == '\r';
}

/* Up to the end of the line or, for a name, to what separates it from the value. */
static bool
take_text(struct parser *s, bool name, struct buf *out)
{
	while (!at_line_end(s) && !(name && (is_blank(*s->rest.p) || *s->rest.p == '=' || *s->rest.p == ':'))) {
		char c = take_char(s);

		if (c != '\\')
			buf_char(out, c);
		else if (!take_escape(s, out))
			return false;
	}
	return true;
}

static void
take_separator(struct parser *s)
{
	skip_blanks(s);
	if (s->rest.n > 0 && (*s->rest.p == '=' || *s->rest.p == ':'))
		take_char(s);
	skip_blanks(s);
}

static bool
take_property(struct parser *s, struct properties *p)
{
	struct buf name = {0}, value = {0};
	int line = s->line;
	bool ok = take_text(s, true, &name);

	if (ok) {
		take_separator(s);
		ok = take_text(s, false, &value);
	}
	if (ok) {
		p->item = xreallocarray(p->item, p->n + 1, sizeof(*p->item));
		p->item[p->n++] = (struct property){xstrdup(buf_cstr(&name)), xstrdup(buf_cstr(&value)), line};
	}
	if (value.p)
		explicit_bzero(value.p, value.cap);
	buf_free(&name);
	buf_free(&value);
	return ok;
}

bool
properties_parse(struct properties *p, struct slice text, const char *file, struct err *err)
{
	struct parser s = {text, file, 1, err};

	if (text.n > 0 && memchr(text.p, '\0', text.n))
		return err_set(err, "%s holds a NUL byte: that is no properties file", file);
	if (s.rest.n >= 3 && memcmp(s.rest.p, "\xef\xbb\xbf", 3) == 0)
		s.rest = (struct slice){s.rest.p + 3, s.rest.n - 3};
	for (;;) {
		skip_blanks(&s);
		if (s.rest.n == 0)
			return true;
		if (*s.rest.p == '#' || *s.rest.p == '!')
			while (!at_line_end(&s))
				take_char(&s);
		else if (!at_line_end(&s) && !take_property(&s, p))
			return false;
		take_newline(&s);
	}
}

bool
properties_read(struct properties *p, const char *file, struct err *err)
{
	struct buf text = {0};
	bool ok = file_read(&text, file, PROPERTIES_BYTES, err) &&
		  properties_parse(p, (struct slice){text.p, text.n}, file, err);

	if (text.p)
		explicit_bzero(text.p, text.cap);
	buf_free(&text);
	return ok;
}

void
properties_fini(struct properties *p)
{
	for (size_t i = 0; i < p->n; i++) {
		explicit_bzero(p->item[i].value, strlen(p->item[i].value));
		free(p->item[i].name);
		free(p->item[i].value);
	}
	free(p->item);
	*p = (struct properties){0};
}

const struct property *
properties_find(const struct properties *p, const char *name)
{
	for (size_t i = p->n; i > 0; i--)
		if (strcmp(p->item[i - 1].name, name) == 0)
			return &p->item[i - 1];
	return NULL;
}

const char *
properties_value(const struct properties *p, const char *name)
{
	const struct property *found = properties_find(p, name);

	return found ? found->value : NULL;
}
