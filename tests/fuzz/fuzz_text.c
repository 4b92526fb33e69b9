/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a text for a terminal or a page: what comes out has no control characters and is
 * UTF-8, it takes as many cells as was said, and HTML takes none of it as its own.
 */
#include "fuzz.h"

#include "base/text.h"
#include "report/html.h"
#include "ui/canvas.h"

#include <locale.h>
#include <wchar.h>

/* The cells that a terminal gives TEXT; nothing in it may be of no width. */
static size_t
cells(struct slice text)
{
	size_t sum = 0;
	uint32_t cp;

	while (text.n > 0) {
		require(text_decode(&text, &cp) && cp >= ' ' && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0));
		require(!(cp >= 0x202a && cp <= 0x202e) && !(cp >= 0x2066 && cp <= 0x2069));
		require(wcwidth((wchar_t)cp) > 0);
		sum += (size_t)wcwidth((wchar_t)cp);
	}
	return sum;
}

static void
check_glyphs(struct slice text, const struct buf *clean)
{
	size_t width = 0, bytes = 0;
	struct glyph g;

	while (text_next(&text, &g)) {
		require(g.n > 0 && g.n <= sizeof(g.bytes));
		require(g.escaped ? g.width == g.n : g.width == 1 || g.width == 2);
		width += g.width;
		bytes += g.n;
	}
	require(bytes == clean->n && width == cells((struct slice){clean->p, clean->n}));
}

/* What HTML stands for, unescaped: the clean text. */
static void
check_html(struct slice text, const struct buf *clean)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}};
	struct buf html = {0}, back = {0};

	html_text(&html, text);
	for (size_t i = 0; i < html.n; i++) {
		size_t k = 0, many = sizeof(entities) / sizeof(*entities);

		require(!strchr("<>\"'", html.p[i]));
		while (html.p[i] == '&' &&
		       strncmp(buf_cstr(&html) + i, entities[k].entity, strlen(entities[k].entity)) != 0)
			require(++k < many);
		buf_char(&back, html.p[i] == '&' ? entities[k].c : html.p[i]);
		i += html.p[i] == '&' ? strlen(entities[k].entity) - 1 : 0;
	}
	require(slice_eq((struct slice){back.p, back.n}, (struct slice){clean->p, clean->n}));
	buf_free(&html);
	buf_free(&back);
}

/* Drawn, it stays in its place. */
static void
check_canvas(struct slice text, int w)
{
	struct canvas *c = canvas_new(4, 20);
	int used = canvas_slice(c, 1, 2, w, STYLE_NORMAL, text);

	require(used >= 0 && used <= w);
	require(canvas_wrap(c, (struct rect){2, 0, 2, w}, STYLE_NORMAL, text) <= 2);
	for (int x = 0; x < 20; x++)
		require(strcmp(canvas_cell(c, 0, x)->bytes, " ") == 0 &&
			(x < w + 2 || canvas_cell(c, 1, x)->bytes[0] == ' '));
	canvas_free(c);
}

static void
check_all(struct slice text, int w)
{
	struct buf clean = {0}, twice = {0};

	text_clean(&clean, text);
	text_clean(&twice, (struct slice){clean.p, clean.n});
	require(slice_eq((struct slice){clean.p, clean.n}, (struct slice){twice.p, twice.n}));
	require(text_width(text) == cells((struct slice){clean.p, clean.n}));
	check_glyphs(text, &clean);
	check_html(text, &clean);
	check_canvas(text, w);
	buf_free(&clean);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size}, rest = text;
	bool valid = true;
	uint32_t cp;

	require(setlocale(LC_CTYPE, "C.UTF-8"));
	while (rest.n > 0)
		valid = text_decode(&rest, &cp) && valid;
	require(text_valid(text) == valid);
	text_set_utf8(true);
	check_all(text, (int)(size % 18));
	text_set_utf8(false);
	check_all(text, (int)(size % 18));
	return 0;
}
