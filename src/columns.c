/* SPDX-License-Identifier: MIT */
#include "columns.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

static void
add_cell(struct columns *c, const char *text)
{
	size_t start = c->text.n, at = c->cells++ % c->n, width;

	text_clean(&c->text, slice_str(text));
	width = text_width((struct slice){c->text.p + start, c->text.n - start});
	buf_char(&c->text, '\0');
	if (width > c->width[at])
		c->width[at] = width;
}

struct columns
columns_new(const struct column *column, size_t n)
{
	struct columns c = {.column = column, .n = n};

	for (size_t i = 0; i < n; i++)
		add_cell(&c, column[i].title);
	return c;
}

void
columns_text(struct columns *c, const char *text)
{
	add_cell(c, text && *text ? text : "-");
}

void
columns_number(struct columns *c, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	add_cell(c, number < 0 ? "-" : text);
}

/* The last column is not filled up, so that no line ends in blanks. */
static void
print_cell(const struct columns *c, size_t at, const char *text)
{
	int blanks = (int)(c->width[at] - text_width(slice_str(text)));

	if (c->column[at].right)
		printf("%*s%s", blanks, "", text);
	else
		printf("%s%*s", text, at + 1 < c->n ? blanks : 0, "");
	fputs(at + 1 < c->n ? "  " : "\n", stdout);
}

void
columns_print(const struct columns *c)
{
	const char *text = c->text.p;

	for (size_t i = 0; i < c->cells; i++) {
		print_cell(c, i % c->n, text);
		text += strlen(text) + 1;
	}
}

void
columns_free(struct columns *c)
{
	buf_free(&c->text);
}
