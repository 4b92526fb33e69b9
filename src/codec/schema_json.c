/* SPDX-License-Identifier: MIT */
#include "codec/schema_json.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { NUMBER_MOST = 512, ESCAPE = 6, REPLACEMENT = 0xfffd };

/* The code unit that S begins with as \uNNNN; -1: it does not. */
static long
escaped_unit(struct slice s)
{
	char digits[5] = "";

	if (s.n < ESCAPE || s.p[0] != '\\' || s.p[1] != 'u')
		return -1;
	memcpy(digits, s.p + 2, 4);
	for (int i = 0; i < 4; i++)
		if (!isxdigit((unsigned char)digits[i]))
			return -1;
	return strtol(digits, NULL, 16);
}

static void
take(struct buf *out, struct slice *s, size_t n)
{
	buf_add(out, s->p, n);
	s->p += n;
	s->n -= n;
}

static void
drop(struct slice *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

/* What a backslash begins: half a pair of surrogates becomes U+FFFD. */
static void
take_escape(struct buf *out, struct slice *s)
{
	long unit = escaped_unit(*s), next;

	if (unit < 0xd800 || unit > 0xdfff) {
		take(out, s, s->n < 2 ? s->n : 2);
		return;
	}
	next = unit < 0xdc00 ? escaped_unit((struct slice){s->p + ESCAPE, s->n - ESCAPE}) : -1;
	if (next >= 0xdc00 && next <= 0xdfff) {
		take(out, s, 2 * ESCAPE);
		return;
	}
	buf_str(out, "\\ufffd");
	drop(s, ESCAPE);
}

static void
take_string(struct buf *out, struct slice *s)
{
	uint32_t cp;

	take(out, s, 1);
	while (s->n > 0 && *s->p != '"') {
		if (*s->p == '\\')
			take_escape(out, s);
		else
			text_encode(out, text_decode(s, &cp) ? cp : REPLACEMENT);
	}
	take(out, s, s->n > 0);
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '+' || c == '-' || c == '_';
}

/* Whether S is a number past what a double holds, and its sign. */
static bool
overflows(struct slice s, bool *negative)
{
	char room[NUMBER_MOST];
	double value;

	if (s.n >= sizeof(room))
		return false;
	memcpy(room, s.p, s.n);
	room[s.n] = '\0';
	value = strtod(room, NULL);
	*negative = value < 0;
	return isinf(value) && strspn(room, "+-.0123456789eE") == s.n;
}

/* A number or a bare word: what no double holds becomes the largest there is, NaN -1. */
static void
take_word(struct buf *out, struct slice *s)
{
	struct slice word = {s->p, 0};
	bool negative;

	while (word.n < s->n && is_word(s->p[word.n]))
		word.n++;
	negative = slice_is(word, "-Infinity");
	if (slice_is(word, "NaN"))
		buf_str(out, "-1");
	else if (negative || slice_is(word, "Infinity") || overflows(word, &negative))
		buf_str(out, negative ? "-1e308" : "1e308");
	else
		buf_slice(out, word);
	drop(s, word.n);
}

static void
mend(struct buf *out, struct slice s)
{
	while (s.n > 0) {
		if (*s.p == '"')
			take_string(out, &s);
		else if (is_word(*s.p))
			take_word(out, &s);
		else
			take(out, &s, 1);
	}
}

static json_t *
load(struct slice text, json_error_t *why)
{
	return json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, why);
}

json_t *
schema_json(struct slice text, struct err *err)
{
	struct buf mended = {0};
	json_error_t why, still;
	json_t *json = load(text, &why);

	if (json)
		return json;
	mend(&mended, text);
	json = load((struct slice){buf_cstr(&mended), mended.n}, &still);
	buf_free(&mended);
	if (!json)
		err_set(err, "the schema is no JSON: %s", why.text);
	return json;
}
