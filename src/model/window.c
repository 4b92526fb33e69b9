/* SPDX-License-Identifier: MIT */
#include "model/window.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

struct row {
	size_t i;
	struct window_key key;
};

/* The rows that the filter lets through. */
struct rows {
	struct row *row;
	size_t n;
	bool reverse;
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

bool
window_text_holds(struct slice s, const char *text)
{
	size_t n = strlen(text);
	char first = lower(*text);

	if (n == 0)
		return true;
	for (size_t at = 0; at + n <= s.n; at++) {
		size_t same = 1;

		if (lower(s.p[at]) != first)
			continue;
		while (same < n && lower(s.p[at + same]) == lower(text[same]))
			same++;
		if (same == n)
			return true;
	}
	return false;
}

struct window_key
window_text_key(struct slice text)
{
	uint64_t first = 0;

	for (size_t i = 0; i < 6; i++)
		first = first << 8 | (i < text.n ? (unsigned char)text.p[i] : 0);
	return (struct window_key){text.p ? (double)first : NAN, text};
}

static int
compare_text(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int differs = n ? memcmp(a.p, b.p, n) : 0;

	return differs ? differs : (a.n > b.n) - (a.n < b.n);
}

/* Below 0: A stands before B. No two rows are equal. */
static int
compare(const struct row *a, const struct row *b, bool reverse)
{
	bool a_unknown = isnan(a->key.number), b_unknown = isnan(b->key.number);
	int differs = 0;

	if (a_unknown != b_unknown)
		return a_unknown ? 1 : -1;
	if (!a_unknown)
		differs = (a->key.number > b->key.number) - (a->key.number < b->key.number);
	if (differs == 0)
		differs = compare_text(a->key.text, b->key.text);
	if (differs)
		return reverse ? -differs : differs;
	return (a->i > b->i) - (a->i < b->i);
}

static void
swap(struct row *a, struct row *b)
{
	struct row tmp = *a;

	*a = *b;
	*b = tmp;
}

/* Split RS around one of its rows, the middle of three: where that one then stands. */
static size_t
split(struct rows rs)
{
	struct row *a = &rs.row[0], *b = &rs.row[rs.n / 2], *pivot = &rs.row[rs.n - 1];
	size_t kept = 0;

	if (compare(b, a, rs.reverse) < 0)
		swap(a, b);
	if (compare(pivot, b, rs.reverse) > 0)
		swap(pivot, b);
	if (compare(pivot, a, rs.reverse) < 0)
		swap(pivot, a);
	for (size_t i = 0; i + 1 < rs.n; i++)
		if (compare(&rs.row[i], pivot, rs.reverse) < 0)
			swap(&rs.row[i], &rs.row[kept++]);
	swap(&rs.row[kept], pivot);
	return kept;
}

/* Bring into the places FROM up to TO the rows that belong there, in order. The
 * longer part goes round the loop, so that no order digs deep. */
static void
put_in_order(struct rows rs, size_t from, size_t to)
{
	while (rs.n > 1 && from < to) {
		size_t at = split(rs), next = at + 1;
		struct rows left = {rs.row, at, rs.reverse}, right = {rs.row + next, rs.n - next, rs.reverse};
		size_t left_to = to < at ? to : at;
		size_t right_from = from > next ? from - next : 0, right_to = to > next ? to - next : 0;

		if (left.n < right.n) {
			put_in_order(left, from, left_to);
			rs = right;
			from = right_from;
			to = right_to;
		} else {
			put_in_order(right, right_from, right_to);
			rs = left;
			to = left_to;
		}
	}
}

/* How many rows stand before R. */
static size_t
rank(struct rows rs, const struct row *r)
{
	size_t before = 0;

	for (size_t i = 0; i < rs.n; i++)
		before += compare(&rs.row[i], r, rs.reverse) < 0;
	return before;
}

static bool
passes(const struct window_list *list, size_t i, const char *filter)
{
	bool inverted = filter[0] == '!';

	filter += inverted;
	return !*filter || list->holds(list->ctx, i, filter) != inverted;
}

static struct rows
filter(const struct window_list *list, const struct view_query *q)
{
	struct rows rs = {xreallocarray(NULL, list->n, sizeof(struct row)), 0, q->reverse};

	for (size_t i = 0; i < list->n; i++)
		if (passes(list, i, q->filter))
			rs.row[rs.n++] = (struct row){i, list->key(list->ctx, i, q->sort)};
	return rs;
}

/* The row that the cursor stands on before any search; RS is not empty. */
static struct row
at_cursor(const struct window_list *list, const struct view_query *q, struct rows rs)
{
	int64_t i = q->selected[0] && !q->follow ? list->locate(list->ctx, q->selected) : -1;
	size_t cursor = q->cursor > 0 ? (size_t)q->cursor : 0;

	if (i >= 0 && passes(list, (size_t)i, q->filter))
		return (struct row){(size_t)i, list->key(list->ctx, (size_t)i, q->sort)};
	if (cursor >= rs.n || q->follow)
		cursor = rs.n - 1;
	put_in_order(rs, cursor, cursor + 1);
	return rs.row[cursor];
}

/* The next row from CURSOR that holds the text; past the last the first again. NULL: none does. */
static const struct row *
search(const struct window_list *list, const struct view_query *q, struct rows rs, const struct row *cursor)
{
	const struct row *ahead = NULL, *around = NULL;
	int way = q->find_step < 0 ? -1 : 1;

	for (size_t i = 0; i < rs.n; i++) {
		const struct row *r = &rs.row[i];
		int step = way * compare(r, cursor, rs.reverse);

		if (!list->holds(list->ctx, r->i, q->find))
			continue;
		if ((step > 0 || (step == 0 && q->find_step == 0)) &&
		    (!ahead || way * compare(r, ahead, rs.reverse) < 0))
			ahead = r;
		if (!around || way * compare(r, around, rs.reverse) < 0)
			around = r;
	}
	return ahead ? ahead : around;
}

/* Move `first` as little as possible, so that the cursor is in the window. */
static void
scroll(struct view_query *q, int64_t matched)
{
	int64_t height = q->height > 0 ? q->height : 1;

	if (q->first > q->cursor)
		q->first = q->cursor;
	if (q->first < q->cursor - height + 1)
		q->first = q->cursor - height + 1;
	if (q->first > matched - height)
		q->first = matched - height;
	if (q->first < 0)
		q->first = 0;
}

/* The rows from `first` on that the height has room for. */
static void
cut(const struct view_query *q, struct rows rs, struct window *out)
{
	size_t first = (size_t)q->first, height = q->height > 0 ? (size_t)q->height : 0;

	out->n = height < rs.n - first ? height : rs.n - first;
	put_in_order(rs, first, first + out->n);
	out->rows = xreallocarray(NULL, out->n, sizeof(*out->rows));
	for (size_t i = 0; i < out->n; i++)
		out->rows[i] = rs.row[first + i].i;
}

void
window_place(const struct window_list *list, struct view_query *q, struct window *out)
{
	struct rows rs = filter(list, q);
	const struct row *hit;
	struct row cursor;

	*out = (struct window){.matched = rs.n};
	if (rs.n == 0) {
		q->cursor = q->first = 0;
		goto out;
	}
	cursor = at_cursor(list, q, rs);
	hit = q->find[0] ? search(list, q, rs, &cursor) : NULL;
	out->found = hit != NULL;
	q->cursor = (int64_t)rank(rs, hit ? hit : &cursor);
	scroll(q, (int64_t)rs.n);
	cut(q, rs, out);
out:
	free(rs.row);
}

void
window_fini(struct window *w)
{
	free(w->rows);
	*w = (struct window){0};
}
