/* SPDX-License-Identifier: MIT */
#include "report/html.h"

#include "base/text.h"

static void
add_char(struct buf *out, char c)
{
	switch (c) {
	case '&':
		buf_str(out, "&amp;");
		break;
	case '<':
		buf_str(out, "&lt;");
		break;
	case '>':
		buf_str(out, "&gt;");
		break;
	case '"':
		buf_str(out, "&quot;");
		break;
	case '\'':
		buf_str(out, "&#39;");
		break;
	default:
		buf_char(out, c);
	}
}

void
html_text(struct buf *out, struct slice text)
{
	struct glyph g;

	while (text_next(&text, &g))
		for (size_t i = 0; i < g.n; i++)
			add_char(out, g.bytes[i]);
}

void
html_element(struct buf *out, const char *element, struct slice text)
{
	buf_addf(out, "<%s>", element);
	html_text(out, text);
	buf_addf(out, "</%s>", element);
}
