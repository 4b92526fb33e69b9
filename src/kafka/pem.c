/* SPDX-License-Identifier: MIT */
#include "kafka/pem.h"

#include <ctype.h>
#include <string.h>

enum { LINE_BYTES = 64 };

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

struct block {
	struct slice label, body; /* "CERTIFICATE", and what stands between the two lines of dashes */
};

static const char *
find(struct slice text, const char *what)
{
	return text.n > 0 ? memmem(text.p, text.n, what, strlen(what)) : NULL;
}

static struct slice
from(struct slice text, const char *p)
{
	return (struct slice){p, text.n - (size_t)(p - text.p)};
}

/* The next block of TEXT, which is what follows it then. */
static bool
take_block(struct slice *text, struct block *b)
{
	const char *p = find(*text, begin), *q;

	if (!p)
		return false;
	*text = from(*text, p + strlen(begin));
	b->label.p = text->p;
	q = find(*text, dashes);
	if (!q)
		return false;
	b->label.n = (size_t)(q - b->label.p);
	*text = from(*text, q + strlen(dashes));
	b->body.p = text->p;
	p = find(*text, end);
	q = p ? find(from(*text, p + strlen(end)), dashes) : NULL;
	if (!q)
		return false;
	b->body.n = (size_t)(p - b->body.p);
	*text = from(*text, q + strlen(dashes));
	return true;
}

static bool
is_base64(struct slice body)
{
	for (size_t i = 0; i < body.n; i++) {
		unsigned char c = (unsigned char)body.p[i];

		if (!isalnum(c) && !isspace(c) && c != '+' && c != '/' && c != '=')
			return false;
	}
	return true;
}

static void
add_lines(struct buf *out, struct slice body)
{
	size_t column = 0;

	for (size_t i = 0; i < body.n; i++) {
		if (isspace((unsigned char)body.p[i]))
			continue;
		buf_char(out, body.p[i]);
		if (++column % LINE_BYTES == 0)
			buf_char(out, '\n');
	}
	if (column % LINE_BYTES != 0)
		buf_char(out, '\n');
}

/* A body with headers (Proc-Type: ..) needs its lines, and has them. */
static void
add_block(struct buf *out, const struct block *b)
{
	buf_addf(out, "%s%.*s%s\n", begin, (int)b->label.n, b->label.p, dashes);
	if (is_base64(b->body)) {
		add_lines(out, b->body);
	} else {
		struct slice body = b->body;

		while (body.n > 0 && isspace((unsigned char)*body.p))
			body = from(body, body.p + 1);
		buf_slice(out, body);
	}
	buf_addf(out, "%s%.*s%s\n", end, (int)b->label.n, b->label.p, dashes);
}

void
pem_unfold(struct buf *out, struct slice text)
{
	struct block b;

	while (take_block(&text, &b))
		add_block(out, &b);
}
