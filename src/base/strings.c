/* SPDX-License-Identifier: MIT */
#include "base/strings.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static void
add_owned(struct strings *s, char *text)
{
	s->item = xreallocarray(s->item, s->n + 1, sizeof(*s->item));
	s->item[s->n++] = text;
}

void
strings_add(struct strings *s, const char *text)
{
	add_owned(s, xstrdup(text));
}

void
strings_addf(struct strings *s, const char *fmt, ...)
{
	struct buf text = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	add_owned(s, xstrdup(buf_cstr(&text)));
	buf_free(&text);
}

void
strings_remove(struct strings *s, size_t i)
{
	free(s->item[i]);
	s->n--;
	memmove(s->item + i, s->item + i + 1, (s->n - i) * sizeof(*s->item));
}

void
strings_clear(struct strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->item[i]);
	free(s->item);
	*s = (struct strings){0};
}
