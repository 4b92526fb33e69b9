/* SPDX-License-Identifier: MIT */
#include "ui/pretty.h"

enum { INDENT = 2, DEPTH_MOST = 64 };

struct printer {
	struct buf *out;
	struct slice in;
	int width;
	size_t line; /* where in out the line began */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the string that begins at I of S. */
static size_t
string_end(struct slice s, size_t i)
{
	for (i++; i < s.n && s.p[i] != '"'; i++)
		if (s.p[i] == '\\')
			i++;
	return i + 1 < s.n ? i + 1 : s.n;
}

/* Whether the object or array that S begins with can be printed in ROOM bytes. */
static bool
fits(struct slice s, int room)
{
	int depth = 0;

	for (size_t i = 0; i < s.n && room >= 0;) {
		size_t end = s.p[i] == '"' ? string_end(s, i) : i + 1;

		if (!is_space(s.p[i]))
			room -= (int)(end - i) + (s.p[i] == ',' || s.p[i] == ':');
		depth += (s.p[i] == '{' || s.p[i] == '[') - (s.p[i] == '}' || s.p[i] == ']');
		if (depth == 0)
			return room >= 0;
		i = end;
	}
	return false;
}

static void
end_line(struct printer *p)
{
	while (p->out->n > p->line && p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
	buf_char(p->out, '\n');
}

static void
new_line(struct printer *p, int depth)
{
	end_line(p);
	p->line = p->out->n;
	for (int i = 0; i < (depth < DEPTH_MOST ? depth : DEPTH_MOST) * INDENT; i++)
		buf_char(p->out, ' ');
}

/* Take one string, sign or other byte off the input. */
static char
take(struct printer *p)
{
	size_t n = *p->in.p == '"' ? string_end(p->in, 0) : 1;
	char first = *p->in.p;

	if (!is_space(first))
		buf_add(p->out, p->in.p, n);
	if (first == ':' || first == ',')
		buf_char(p->out, ' ');
	p->in.p += n;
	p->in.n -= n;
	return first;
}

/* The object or array at the input's start, which fits, up to its end. */
static void
take_flat(struct printer *p)
{
	int depth = 0;

	do {
		char c = take(p);

		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
	} while (depth > 0 && p->in.n > 0);
}

void
pretty_json(struct buf *out, struct slice json, int width)
{
	struct printer p = {out, json, width, out->n};
	int depth = 0;

	while (p.in.n > 0) {
		char c = *p.in.p;
		bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';

		if (opens && fits(p.in, width - (int)(out->n - p.line))) {
			take_flat(&p);
			continue;
		}
		if (closes && depth > 0)
			new_line(&p, --depth);
		take(&p);
		if (opens)
			new_line(&p, ++depth);
		else if (c == ',')
			new_line(&p, depth);
	}
	end_line(&p);
}
