/* SPDX-License-Identifier: MIT */
#include "load/place.h"

struct cursor {
	const char *p, *end;
	int line;
};

static void
skip_blank(struct cursor *c)
{
	while (c->p < c->end && strchr(" \t\r\n,:", *c->p)) {
		c->line += *c->p == '\n';
		c->p++;
	}
}

static struct slice
take_string(struct cursor *c)
{
	const char *start = ++c->p;

	while (c->p < c->end && *c->p != '"')
		c->p += *c->p == '\\' && c->p + 1 < c->end ? 2 : 1;
	return (struct slice){start, (size_t)((c->p < c->end ? c->p++ : c->p) - start)};
}

/* A number, true, false or null. */
static void
skip_scalar(struct cursor *c)
{
	do
		c->p++;
	while (c->p < c->end && !strchr(",]} \t\r\n", *c->p));
}

/* Step over the value at C: brackets are counted, not matched, as the text is valid. */
static void
skip_value(struct cursor *c)
{
	int depth = 0;

	do {
		skip_blank(c);
		if (c->p >= c->end)
			return;
		if (*c->p == '"') {
			take_string(c);
			continue;
		}
		if (strchr("[{", *c->p))
			depth++;
		if (strchr("]}", *c->p))
			depth--;
		if (strchr("[]{}", *c->p))
			c->p++;
		else
			skip_scalar(c);
	} while (depth > 0);
}

/* From the `{` at C to the value of its member NAME. */
static bool
enter_member(struct cursor *c, struct slice name)
{
	if (c->p >= c->end || *c->p != '{')
		return false;
	c->p++;
	for (skip_blank(c); c->p < c->end && *c->p == '"'; skip_blank(c)) {
		struct slice member = take_string(c);

		skip_blank(c);
		if (slice_eq(member, name))
			return true;
		skip_value(c);
	}
	return false;
}

int
place_line(struct slice text, size_t entry, const char *field)
{
	struct cursor c = {text.p, text.p + text.n, 1};
	int line;

	skip_blank(&c);
	c.p++;
	for (size_t i = 0; i < entry; i++)
		skip_value(&c);
	skip_blank(&c);
	line = c.line;
	while (field && *field) {
		size_t n = strcspn(field, ".");

		if (!enter_member(&c, (struct slice){field, n}))
			break;
		line = c.line;
		field += n + (field[n] == '.');
	}
	return line;
}
