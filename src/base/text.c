/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdio.h>
#include <wchar.h>

static bool utf8_out;

void
text_set_utf8(bool on)
{
	utf8_out = on;
}

bool
text_utf8(void)
{
	return utf8_out;
}

/* Bytes that a first byte announces, 0 when no character starts with it. */
static int
sequence_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if ((c & 0xf0) == 0xe0)
		return 3;
	if (c >= 0xf0 && c <= 0xf4)
		return 4;
	return 0;
}

static bool
is_scalar(uint32_t cp, int length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return cp >= least[length] && cp <= 0x10ffff && !(cp >= 0xd800 && cp <= 0xdfff);
}

bool
text_decode(struct slice *s, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s->p;
	int length = sequence_length(p[0]);
	uint32_t value = length == 1 ? p[0] : p[0] & (0x7fu >> length);
	bool ok = length > 0 && (size_t)length <= s->n;

	for (int i = 1; ok && i < length; i++) {
		ok = (p[i] & 0xc0) == 0x80;
		value = value << 6 | (p[i] & 0x3fu);
	}
	ok = ok && is_scalar(value, length);
	*cp = ok ? value : p[0];
	s->p += ok ? length : 1;
	s->n -= ok ? (size_t)length : 1;
	return ok;
}

static int
encode(char out[4], uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

void
text_encode(struct buf *b, uint32_t cp)
{
	char bytes[4];

	buf_add(b, bytes, (size_t)encode(bytes, cp));
}

/* S behind the ASCII at its front, eight bytes at a time. */
static struct slice
skip_ascii(struct slice s)
{
	uint64_t word;

	while (s.n >= sizeof(word)) {
		memcpy(&word, s.p, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
		s.p += sizeof(word);
		s.n -= sizeof(word);
	}
	return s;
}

bool
text_valid(struct slice s)
{
	uint32_t cp;

	for (s = skip_ascii(s); s.n > 0; s = skip_ascii(s))
		if (!text_decode(&s, &cp))
			return false;
	return true;
}

/* Characters that take a cell or two yet change how their neighbours are shown. */
static bool
is_deceptive(uint32_t cp)
{
	return (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
	       cp == 0x061c || cp == 0xfeff || cp == 0x00ad || (cp >= 0xfff0 && cp <= 0xfffb) ||
	       (cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xe0000;
}

static int
cells_of(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 0x20 && cp < 0x7f ? 1 : -1;
	if (!utf8_out || is_deceptive(cp))
		return -1;
	return wcwidth((wchar_t)cp);
}

static void
escape(struct glyph *g, uint32_t cp, bool valid)
{
	const char *fmt = !valid || cp < 0x80 ? "\\x%02x" : cp < 0x10000 ? "\\u%04x" : "\\U%08x";
	const char *name = cp == '\n' ? "\\n" : cp == '\r' ? "\\r" : cp == '\t' ? "\\t" : NULL;
	char text[sizeof(g->bytes)];
	int n = name ? snprintf(text, sizeof(text), "%s", name) : snprintf(text, sizeof(text), fmt, (unsigned)cp);

	memcpy(g->bytes, text, (size_t)n);
	g->n = g->width = (uint8_t)n;
	g->escaped = true;
}

bool
text_next(struct slice *s, struct glyph *g)
{
	uint32_t cp;
	bool valid;
	int cells;

	if (s->n == 0)
		return false;
	valid = text_decode(s, &cp);
	cells = valid ? cells_of(cp) : -1;
	if (cells < 1) {
		escape(g, cp, valid);
		return true;
	}
	g->n = (uint8_t)encode(g->bytes, cp);
	g->width = (uint8_t)cells;
	g->escaped = false;
	return true;
}

size_t
text_width(struct slice s)
{
	struct glyph g;
	size_t width = 0;

	while (text_next(&s, &g))
		width += g.width;
	return width;
}

void
text_clean(struct buf *out, struct slice s)
{
	struct glyph g;

	while (text_next(&s, &g))
		buf_add(out, g.bytes, g.n);
}
