/* SPDX-License-Identifier: MIT */
#include "ui/prompt.h"

#include "base/text.h"
#include "ui/input.h"

#include <stdio.h>

void
prompt_open(struct prompt *p, const char *label, struct prompt_history *history, const char *text)
{
	*p = (struct prompt){.label = label, .history = history};
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->cursor = strlen(p->text);
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
before(const struct prompt *p, size_t at)
{
	while (at > 0 && is_continuation(p->text[--at]))
		;
	return at;
}

static size_t
after(const struct prompt *p, size_t at)
{
	size_t n = strlen(p->text);

	if (at < n)
		at++;
	while (at < n && is_continuation(p->text[at]))
		at++;
	return at;
}

/* Take the bytes FROM..TO out; the cursor stands where they were. */
static void
cut(struct prompt *p, size_t from, size_t to)
{
	memmove(p->text + from, p->text + to, strlen(p->text + to) + 1);
	p->cursor = from;
}

static void
insert(struct prompt *p, int key)
{
	struct buf bytes = {0};
	size_t rest = strlen(p->text + p->cursor);

	text_encode(&bytes, (uint32_t)key);
	if (p->cursor + rest + bytes.n < sizeof(p->text)) {
		memmove(p->text + p->cursor + bytes.n, p->text + p->cursor, rest + 1);
		memcpy(p->text + p->cursor, bytes.p, bytes.n);
		p->cursor += bytes.n;
	}
	buf_free(&bytes);
}

static size_t
word_start(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at > 0 && p->text[at - 1] == ' ')
		at--;
	while (at > 0 && p->text[at - 1] != ' ')
		at--;
	return at;
}

static void
recall(struct prompt *p, int step)
{
	struct prompt_history *history = p->history;

	if (step > 0 ? p->recalled >= history->n : p->recalled == 0)
		return;
	p->recalled += (size_t)step;
	snprintf(p->text, sizeof(p->text), "%s", p->recalled ? history->lines[p->recalled - 1] : "");
	p->cursor = strlen(p->text);
}

static void
remember(struct prompt_history *history, const char *text)
{
	size_t at = 0;

	if (!*text)
		return;
	while (at < history->n && strcmp(history->lines[at], text) != 0)
		at++;
	if (at == history->n && history->n < PROMPT_HISTORY)
		history->n++;
	if (at == PROMPT_HISTORY)
		at--;
	memmove(history->lines[1], history->lines[0], at * sizeof(history->lines[0]));
	snprintf(history->lines[0], sizeof(history->lines[0]), "%s", text);
}

static void
edit(struct prompt *p, int key)
{
	switch (key) {
	case INPUT_BACKSPACE:
		cut(p, before(p, p->cursor), p->cursor);
		break;
	case INPUT_DELETE:
	case INPUT_CTRL('D'):
		cut(p, p->cursor, after(p, p->cursor));
		break;
	case INPUT_CTRL('U'):
		cut(p, 0, p->cursor);
		break;
	case INPUT_CTRL('W'):
		cut(p, word_start(p), p->cursor);
		break;
	case INPUT_LEFT:
		p->cursor = before(p, p->cursor);
		break;
	case INPUT_RIGHT:
		p->cursor = after(p, p->cursor);
		break;
	case INPUT_HOME:
	case INPUT_CTRL('A'):
		p->cursor = 0;
		break;
	case INPUT_END:
	case INPUT_CTRL('E'):
		p->cursor = strlen(p->text);
		break;
	case INPUT_UP:
		recall(p, 1);
		break;
	case INPUT_DOWN:
		recall(p, -1);
		break;
	default:
		if (key >= ' ' && key < INPUT_UP)
			insert(p, key);
	}
}

enum prompt_result
prompt_key(struct prompt *p, int key)
{
	if (key == INPUT_ESC || key == INPUT_CTRL('C'))
		return PROMPT_CANCELLED;
	if (key == INPUT_ENTER) {
		remember(p->history, p->text);
		return PROMPT_DONE;
	}
	edit(p, key);
	return PROMPT_TYPING;
}

void
prompt_draw(const struct prompt *p, struct canvas *c, int y, int x, int w)
{
	size_t next = after(p, p->cursor);
	struct slice left = {p->text, p->cursor}, under = {p->text + p->cursor, next - p->cursor};
	int end = x + w, at = x + canvas_text(c, y, x, w, STYLE_KEY, p->label);

	if (under.n == 0)
		under = slice_str(" ");
	while (left.n > 0 && (int)text_width(left) > end - at - 2) { /* the start of a long line moves out */
		size_t n = after(p, (size_t)(left.p - p->text)) - (size_t)(left.p - p->text);

		left.p += n;
		left.n -= n;
	}
	at += canvas_slice(c, y, at, end - at, STYLE_STRONG, left);
	at += canvas_slice(c, y, at, end - at, STYLE_SELECTED, under);
	canvas_text(c, y, at, end - at, STYLE_STRONG, p->text + next);
}
