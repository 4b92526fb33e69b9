/* SPDX-License-Identifier: MIT */
#include "codec/print.h"

#include "base/alloc.h"
#include "base/base64.h"
#include "base/text.h"
#include "codec/decode.h"
#include "codec/logical.h"
#include "codec/printable.h"
#include "codec/read.h"
#include "codec/shortest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What the notations differ in. Texts and bytes are added piece by piece. */
struct notation {
	const char *null, *no, *yes;
	void (*text)(struct buf *out, struct slice piece, char quote);
	void (*bytes)(struct buf *out, struct slice piece, char quote);
	void (*number)(struct buf *out, double value);
	bool is_json;
	enum logical_style logical;
};

enum {
	ENTRIES_MAX = 1024 * 1024,
	ENTRY_LEAST = 6,  /* bytes of a map's entry as text */
	PIECE = 3 * 1024, /* of a text or bytes, at most; a multiple of three, for base64 */
	LONGEST = 6,      /* bytes of text that one of them becomes */
};

struct printer {
	struct print *print;
	struct buf *out;
	const struct notation *notation;
	size_t most;     /* of out->n */
	size_t entries;  /* of the maps within each other that are at hand, how many there may still be */
	const char *cut; /* where the text ended in the record; NULL: it did not */
};

static bool print_value(struct printer *p, const struct schema_node *node, struct slice *in);

/* -- Texts -- */

/* ASCII that stands for itself in every notation: no quotes, no backslash. */
static inline bool
is_plain(char c)
{
	return ((c >= 0x20) & (c < 0x7f) & (c != '\'') & (c != '"') & (c != '\\')) != 0;
}

#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))

/* Non-zero when a byte of WORD is zero. */
static inline uint64_t
any_zero(uint64_t word)
{
	return (word - BYTES(1)) & ~word & BYTES(0x80);
}

/* is_plain() for eight at once. */
static inline bool
are_plain(uint64_t word)
{
	uint64_t odd = word | ((word - BYTES(0x20)) & ~word);

	return (odd & BYTES(0x80)) == 0 && !any_zero(word ^ BYTES(0x7f)) && !any_zero(word ^ BYTES('\'')) &&
	       !any_zero(word ^ BYTES('"')) && !any_zero(word ^ BYTES('\\'));
}

/* Take what is plain off the front of S. */
static void
add_plain(struct buf *out, struct slice *s)
{
	size_t n = 0;
	uint64_t word;

	for (; n + sizeof(word) <= s->n; n += sizeof(word)) {
		memcpy(&word, s->p + n, sizeof(word));
		if (!are_plain(word))
			break;
	}
	while (n < s->n && is_plain(s->p[n]))
		n++;
	buf_add(out, s->p, n);
	s->p += n;
	s->n -= n;
}

static void
add_hex(struct buf *out, const char *prefix, unsigned value, int digits)
{
	static const char hex[] = "0123456789abcdef";

	buf_str(out, prefix);
	while (digits-- > 0)
		buf_char(out, hex[value >> (4 * digits) & 15]);
}

/* Python prefers ', and takes " where that spares escapes. */
static char
choose_quote(struct slice s)
{
	return s.n > 0 && memchr(s.p, '\'', s.n) && !memchr(s.p, '"', s.n) ? '"' : '\'';
}

/* The escapes that str and bytes have in common; false when C is none of them. */
static bool
add_escape(struct buf *out, uint32_t c, char quote)
{
	switch (c) {
	case '\n':
		buf_str(out, "\\n");
		return true;
	case '\r':
		buf_str(out, "\\r");
		return true;
	case '\t':
		buf_str(out, "\\t");
		return true;
	default:
		if (c != '\\' && c != (unsigned char)quote)
			return false;
		buf_char(out, '\\');
		buf_char(out, (char)c);
		return true;
	}
}

static void
add_python_char(struct buf *out, uint32_t cp)
{
	if (printable_is(cp))
		text_encode(out, cp);
	else if (cp <= 0xff)
		add_hex(out, "\\x", cp, 2);
	else if (cp <= 0xffff)
		add_hex(out, "\\u", cp, 4);
	else
		add_hex(out, "\\U", cp, 8);
}

static void
add_python_text(struct buf *out, struct slice s, char quote)
{
	uint32_t cp;

	for (add_plain(out, &s); s.n > 0; add_plain(out, &s)) {
		if (!text_decode(&s, &cp))
			cp |= 0xdc00;
		if (!add_escape(out, cp, quote))
			add_python_char(out, cp);
	}
}

void
print_str_repr(struct buf *out, struct slice s)
{
	char quote = choose_quote(s);

	buf_char(out, quote);
	add_python_text(out, s, quote);
	buf_char(out, quote);
}

static void
add_python_bytes(struct buf *out, struct slice s, char quote)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (add_escape(out, c, quote))
			continue;
		if (c >= 0x20 && c < 0x7f)
			buf_char(out, (char)c);
		else
			add_hex(out, "\\x", c, 2);
	}
}

void
print_bytes_repr(struct buf *out, struct slice s)
{
	char quote = choose_quote(s);

	buf_char(out, 'b');
	buf_char(out, quote);
	add_python_bytes(out, s, quote);
	buf_char(out, quote);
}

static void
add_json_char(struct buf *out, uint32_t cp)
{
	if (printable_is(cp)) {
		text_encode(out, cp);
	} else if (cp <= 0xffff) {
		add_hex(out, "\\u", cp, 4);
	} else {
		add_hex(out, "\\u", 0xd800 + ((cp - 0x10000) >> 10), 4);
		add_hex(out, "\\u", 0xdc00 + ((cp - 0x10000) & 0x3ff), 4);
	}
}

static void
add_json_text(struct buf *out, struct slice s, char quote)
{
	uint32_t cp;

	for (add_plain(out, &s); s.n > 0; add_plain(out, &s)) {
		if (!text_decode(&s, &cp))
			cp = 0xfffd;
		if (!add_escape(out, cp, quote))
			add_json_char(out, cp);
	}
}

void
print_json_string(struct buf *out, struct slice s)
{
	buf_char(out, '"');
	add_json_text(out, s, '"');
	buf_char(out, '"');
}

static void
add_base64(struct buf *out, struct slice s, char quote)
{
	(void)quote;
	base64_encode(out, s);
}

void
print_json_base64(struct buf *out, struct slice bytes)
{
	buf_str(out, "{\"base64\": \"");
	base64_encode(out, bytes);
	buf_str(out, "\"}");
}

static void
add_json_number(struct buf *out, double value)
{
	if (isnan(value))
		buf_str(out, "\"NaN\"");
	else if (isinf(value))
		buf_str(out, value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
	else
		shortest_add(out, value);
}

/* -- Values -- */

static const struct notation notations[] = {
	[PRINT_PYTHON] = {"None", "False", "True", add_python_text, add_python_bytes, shortest_add, false,
			  LOGICAL_PYTHON},
	[PRINT_JSON] = {"null", "false", "true", add_json_text, add_base64, add_json_number, true, LOGICAL_ISO},
	[PRINT_SCREEN] = {"None", "False", "True", add_python_text, add_python_bytes, shortest_add, false, LOGICAL_ISO},
};

/* Whether there may be more text, which stands for the record's bytes from AT on. */
static bool
has_room(struct printer *p, const char *at)
{
	size_t before = p->out->n;

	if (before > p->most) {
		p->cut = at;
		return false;
	}
	if (p->print->hand_on && before >= PRINT_PIECE) {
		p->print->hand_on(p->print->ctx, p->out);
		p->most -= before - p->out->n;
	}
	return true;
}

/* How much of S the next piece is; of a text N bytes or, where that is within a character, fewer. */
static size_t
whole_characters(struct slice s, size_t n)
{
	size_t back = 0;

	if (n >= s.n)
		return s.n;
	while (back < 3 && back + 1 < n && ((unsigned char)s.p[n - back] & 0xc0) == 0x80)
		back++;
	return ((unsigned char)s.p[n - back] & 0xc0) == 0x80 ? n : n - back;
}

/* In pieces of a multiple of three bytes, as base64 wants them. */
static bool
add_pieces(struct printer *p, struct slice s, char quote, bool is_text)
{
	while (s.n > 0) {
		size_t room, n;

		if (!has_room(p, s.p))
			return false;
		room = (p->most - p->out->n) / LONGEST / 3 * 3;
		n = room == 0 ? 3 : room < PIECE ? room : PIECE;
		n = is_text ? whole_characters(s, n) : n < s.n ? n : s.n;
		(is_text ? p->notation->text : p->notation->bytes)(p->out, (struct slice){s.p, n}, quote);
		s.p += n;
		s.n -= n;
	}
	return true;
}

/* A quote that is good for all of S that can be printed. */
static char
quote_for(const struct printer *p, struct slice s)
{
	if (p->notation->is_json)
		return '"';
	return choose_quote((struct slice){s.p, s.n <= p->print->limit ? s.n : p->print->limit});
}

/* Whether a text of N bytes has room in one piece, as nearly all do. */
static bool
is_short(const struct printer *p, size_t n)
{
	return n < PIECE && p->out->n <= p->most && n * LONGEST < p->most - p->out->n;
}

static bool
print_string(struct printer *p, struct slice s)
{
	char quote = quote_for(p, s);

	buf_char(p->out, quote);
	if (is_short(p, s.n))
		p->notation->text(p->out, s, quote);
	else if (!add_pieces(p, s, quote, true))
		return false;
	buf_char(p->out, quote);
	return true;
}

static bool
print_raw_bytes(struct printer *p, struct slice s)
{
	char quote = quote_for(p, s);

	if (p->notation->is_json)
		buf_str(p->out, "{\"base64\": \"");
	else
		buf_add(p->out, (char[]){'b', quote}, 2);
	if (!add_pieces(p, s, quote, false))
		return false;
	if (p->notation->is_json)
		buf_str(p->out, "\"}");
	else
		buf_char(p->out, quote);
	return true;
}

static bool
print_fields(struct printer *p, const struct schema_node *node, struct slice *in)
{
	buf_char(p->out, '{');
	for (uint32_t i = 0; i < node->n; i++) {
		if (i > 0)
			buf_str(p->out, ", ");
		if (!print_string(p, node->fields[i].name)) {
			p->cut = in->p;
			return false;
		}
		buf_str(p->out, ": ");
		if (!print_value(p, node->fields[i].node, in))
			return false;
	}
	buf_char(p->out, '}');
	return true;
}

static bool
print_array(struct printer *p, const struct schema_node *node, struct slice *in)
{
	struct read_block block;
	bool first = true;

	buf_char(p->out, '[');
	do {
		if (!read_block(in, &block))
			return false;
		for (size_t i = 0; i < block.count; i++, first = false) {
			if (!first)
				buf_str(p->out, ", ");
			if (!print_value(p, node->items, in))
				return false;
		}
	} while (block.count > 0);
	buf_char(p->out, ']');
	return true;
}

/* A map's entry: its value's bytes, and its place among the entries. */
struct entry {
	struct slice key, value;
	size_t place;
	bool again; /* an entry before it has the same key */
};

static int
by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->key.p, y->key.p, x->key.n < y->key.n ? x->key.n : y->key.n);

	if (order == 0)
		order = (x->key.n > y->key.n) - (x->key.n < y->key.n);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int
by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

/* Of equal keys the first gets the last one's value. */
static void
merge_entries(struct entry *entries, size_t n)
{
	size_t first = 0;

	qsort(entries, n, sizeof(*entries), by_key);
	for (size_t i = 1; i < n; i++) {
		entries[i].again = slice_eq(entries[i].key, entries[first].key);
		if (entries[i].again)
			entries[first].value = entries[i].value;
		else
			first = i;
	}
	qsort(entries, n, sizeof(*entries), by_place);
}

/* At most MOST entries; the map goes on where *MORE. */
static bool
read_entries(const struct schema_node *node, struct slice *in, size_t most, struct buf *entries, bool *more)
{
	int64_t values = INT64_MAX;
	struct entry e = {.place = 0};
	struct read_block block;

	do {
		if (!read_block(in, &block))
			return false;
		for (size_t i = 0; i < block.count; i++, e.place++) {
			*more = e.place == most;
			if (*more)
				return true;
			if (!read_string(in, &e.key))
				return false;
			e.value = *in;
			if (!decode_skip(node->items, in, &values, NULL))
				return false;
			e.value.n -= in->n;
			buf_add(entries, &e, sizeof(e));
		}
	} while (block.count > 0);
	return true;
}

static bool
print_entries(struct printer *p, const struct schema_node *node, struct entry *entries, size_t n)
{
	buf_char(p->out, '{');
	if (n > 1)
		merge_entries(entries, n);
	for (size_t i = 0; i < n; i++) {
		if (entries[i].again)
			continue;
		if (i > 0)
			buf_str(p->out, ", ");
		if (!print_string(p, entries[i].key))
			return false;
		buf_str(p->out, ": ");
		if (!print_value(p, node->items, &entries[i].value))
			return false;
	}
	return true;
}

/* How many entries of a map are looked at: no more than there is room for. */
static size_t
most_entries(const struct printer *p)
{
	size_t room = p->most > p->out->n ? (p->most - p->out->n) / ENTRY_LEAST + 2 : 2;

	return room < p->entries ? room : p->entries;
}

static bool
print_map(struct printer *p, const struct schema_node *node, struct slice *in)
{
	struct buf entries = {0};
	bool more = false, ok = read_entries(node, in, most_entries(p), &entries, &more);
	size_t n = entries.n / sizeof(struct entry);

	p->entries -= n;
	ok = ok && print_entries(p, node, (struct entry *)(void *)entries.p, n);
	p->entries += n;
	buf_free(&entries);
	if (ok && more) {
		p->cut = in->p;
		return false;
	}
	if (ok)
		buf_char(p->out, '}');
	return ok;
}

static bool
print_number(struct printer *p, const struct schema_node *node, struct slice *in)
{
	double d;
	float f;

	if (node->type == SCHEMA_DOUBLE) {
		if (!read_double(in, &d))
			return false;
	} else {
		if (!read_float(in, &f))
			return false;
		d = f;
	}
	p->notation->number(p->out, d);
	return true;
}

/* A value of a logical type goes as a text in JSON. */
static void
begin_logical(struct printer *p)
{
	if (p->notation->is_json)
		buf_char(p->out, '"');
}

static bool
end_logical(struct printer *p, bool printed)
{
	if (p->notation->is_json && printed)
		buf_char(p->out, '"');
	else if (p->notation->is_json)
		p->out->n--;
	return printed;
}

static bool
print_text(struct printer *p, const struct schema_node *node, struct slice *in)
{
	struct slice s;

	if (!read_string(in, &s))
		return false;
	if (node->logical) {
		begin_logical(p);
		if (end_logical(p, logical_text(p->out, node, s, p->notation->logical)))
			return true;
	}
	return print_string(p, s);
}

static bool
print_symbol(struct printer *p, const struct schema_node *node, struct slice *in)
{
	const char *at = in->p;
	size_t i;

	if (!read_size(in, &i) || i >= node->n)
		return false;
	if (print_string(p, node->symbols[i]))
		return true;
	p->cut = at;
	return false;
}

static bool
print_bytes(struct printer *p, const struct schema_node *node, struct slice *in)
{
	struct slice s;

	if (!(node->type == SCHEMA_FIXED ? read_bytes(in, node->n, &s) : read_string(in, &s)))
		return false;
	if (node->logical) {
		begin_logical(p);
		if (end_logical(p, logical_bytes(p->out, node, s, p->notation->logical)))
			return true;
	}
	return print_raw_bytes(p, s);
}

static bool
print_long(struct printer *p, const struct schema_node *node, struct slice *in)
{
	char room[24];
	int64_t n;

	if (!read_long(in, &n))
		return false;
	if (node->logical) {
		begin_logical(p);
		if (end_logical(p, logical_number(p->out, node, n, p->notation->logical)))
			return true;
	}
	buf_add(p->out, room, (size_t)snprintf(room, sizeof(room), "%lld", (long long)n));
	return true;
}

static bool
print_boolean(struct printer *p, struct slice *in)
{
	struct slice raw;

	if (!read_bytes(in, 1, &raw))
		return false;
	buf_str(p->out, raw.p[0] ? p->notation->yes : p->notation->no);
	return true;
}

static bool
print_value(struct printer *p, const struct schema_node *node, struct slice *in)
{
	size_t branch;

	if (!has_room(p, in->p))
		return false;
	switch (node->type) {
	case SCHEMA_NULL:
		buf_str(p->out, p->notation->null);
		return true;
	case SCHEMA_BOOLEAN:
		return print_boolean(p, in);
	case SCHEMA_INT:
	case SCHEMA_LONG:
		return print_long(p, node, in);
	case SCHEMA_FLOAT:
	case SCHEMA_DOUBLE:
		return print_number(p, node, in);
	case SCHEMA_STRING:
		return print_text(p, node, in);
	case SCHEMA_ENUM:
		return print_symbol(p, node, in);
	case SCHEMA_BYTES:
	case SCHEMA_FIXED:
		return print_bytes(p, node, in);
	case SCHEMA_ARRAY:
		return print_array(p, node, in);
	case SCHEMA_MAP:
		return print_map(p, node, in);
	case SCHEMA_RECORD:
		return print_fields(p, node, in);
	case SCHEMA_UNION:
		return read_size(in, &branch) && branch < node->n && print_value(p, node->branches[branch], in);
	case SCHEMA_TYPES:
		break;
	}
	return false;
}

static struct printer
printer_for(struct print *print, enum print_notation notation)
{
	size_t before = print->out->n;

	return (struct printer){
		.print = print, .out = print->out, .notation = &notations[notation], .entries = ENTRIES_MAX,
		.most = print->limit < SIZE_MAX - before ? before + print->limit : SIZE_MAX,
	};
}

bool
print_to(struct print *print, enum print_notation notation, const struct schema_node *node, struct slice bytes)
{
	struct printer p = printer_for(print, notation);
	struct slice in = bytes;
	bool whole = print_value(&p, node, &in);

	print->left = p.cut ? bytes.n - (size_t)(p.cut - bytes.p) : 0;
	return whole;
}

bool
print_slice_to(struct print *print, enum print_notation notation, struct slice s, bool is_text)
{
	struct printer p = printer_for(print, notation);
	bool whole = is_text ? print_string(&p, s) : print_raw_bytes(&p, s);

	print->left = p.cut ? s.n - (size_t)(p.cut - s.p) : 0;
	return whole;
}

bool
print_python(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit)
{
	struct print p = {.out = out, .limit = limit};

	return print_to(&p, PRINT_PYTHON, node, bytes);
}

bool
print_json(struct buf *out, const struct schema_node *node, struct slice bytes, size_t limit)
{
	struct print p = {.out = out, .limit = limit};

	return print_to(&p, PRINT_JSON, node, bytes);
}
