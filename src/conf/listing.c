/* SPDX-License-Identifier: MIT */
#include "conf/listing.h"

#include "base/alloc.h"
#include "base/text.h"
#include "model/credentials.h"

#include <stdlib.h>
#include <string.h>

enum { ORIGIN_COLUMN = 40 };

/* Escapes as libconfig reads them; no byte that a terminal would obey. */
static void
add_quoted(struct buf *out, const char *text)
{
	struct slice rest = slice_str(text), before;
	struct glyph g;

	buf_char(out, '"');
	for (before = rest; text_next(&rest, &g); before = rest) {
		if (*before.p == '"' || *before.p == '\\')
			buf_addf(out, "\\%c", *before.p);
		else if (!g.escaped)
			buf_add(out, g.bytes, g.n);
		else
			for (; before.p < rest.p; before.p++)
				buf_addf(out, "\\x%02x", (unsigned char)*before.p);
	}
	buf_char(out, '"');
}

static void
add_item(struct buf *out, enum option_id id, const char *item)
{
	char *shown;

	if (option_row(id)->type != TYPE_PAIRS || !credentials_secret(item)) {
		add_quoted(out, item);
		return;
	}
	shown = xasprintf("%.*s=(hidden)", (int)strcspn(item, "="), item);
	add_quoted(out, shown);
	free(shown);
}

static void
add_origin(struct buf *out, size_t line, const char *origin)
{
	int column = (int)(out->n - line);

	buf_addf(out, "%*s # ", column < ORIGIN_COLUMN ? ORIGIN_COLUMN - column : 0, "");
	text_clean(out, slice_str(origin));
	buf_char(out, '\n');
}

static void
print_list(struct buf *out, const struct options *o, enum option_id id)
{
	const struct strings *items = options_list(o, id);
	const char *mark = option_row(id)->flags & NOT_IN_FILE ? "# " : "";
	size_t line = out->n;

	if (items->n == 0) {
		buf_addf(out, "%s%s = [ ];", mark, option_row(id)->name);
		add_origin(out, line, options_origin(o, id));
		return;
	}
	buf_addf(out, "%s%s = [\n", mark, option_row(id)->name);
	for (size_t i = 0; i < items->n; i++) {
		line = out->n;
		buf_addf(out, "%s    ", mark);
		add_item(out, id, items->item[i]);
		if (i + 1 < items->n)
			buf_char(out, ',');
		add_origin(out, line, options_item_origin(o, id, i));
	}
	buf_addf(out, "%s];\n", mark);
}

static void
print_option(struct buf *out, const struct options *o, enum option_id id)
{
	const struct option *row = option_row(id);
	const char *text = options_text(o, id);
	size_t line = out->n;

	if (!text) {
		buf_addf(out, "# %s", row->name);
		add_origin(out, line, row->unset ? row->unset : "not set");
		return;
	}
	buf_addf(out, "%s%s = ", row->flags & NOT_IN_FILE ? "# " : "", row->name);
	if (row->type == TYPE_FLAG)
		buf_str(out, options_flag(o, id) ? "true" : "false");
	else if (row->type == TYPE_INTEGER || row->type == TYPE_NUMBER)
		buf_str(out, text);
	else
		add_quoted(out, id == OPT_SECRET_KEY && strcmp(text, row->fallback) != 0 ? "(hidden)" : text);
	buf_char(out, ';');
	add_origin(out, line, options_origin(o, id));
}

void
listing_print(struct buf *out, const struct options *o)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *row = option_row(id);

		if (!option_applies(id, VERB_CONFIG))
			continue;
		if (row->type == TYPE_FLAG && (row->flags & NOT_IN_FILE))
			continue; /* help and version: not what we are printing for */
		if (row->type == TYPE_LIST || row->type == TYPE_PAIRS)
			print_list(out, o, id);
		else
			print_option(out, o, id);
	}
}
