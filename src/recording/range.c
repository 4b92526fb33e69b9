/* SPDX-License-Identifier: MIT */
#include "recording/range.h"

#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

static bool
parse_seconds(const char *text, int64_t *ms, struct err *err)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!isdigit((unsigned char)*text) || *end || !(seconds >= 0 && seconds < 1e12))
		return err_set(err, "expected seconds after the first record, as in +90, not \"+%s\"", text);
	*ms = llround(seconds * 1000);
	return true;
}

static bool
parse_offset(const char *text, int64_t *offset, struct err *err)
{
	char *end;

	errno = 0;
	*offset = strtoll(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno)
		return err_set(err, "expected beginning, end, an offset N, @TIME or +SECONDS, not \"%s\"", text);
	return true;
}

bool
bound_parse(const char *text, struct bound *out, struct err *err)
{
	*out = (struct bound){BOUND_NONE, 0};
	if (strcmp(text, "beginning") == 0 || strcmp(text, "end") == 0)
		return true;
	if (text[0] == '@') {
		out->kind = BOUND_TIME;
		return units_parse_time(text + 1, &out->number, err);
	}
	if (text[0] == '+') {
		out->kind = BOUND_AFTER;
		return parse_seconds(text + 1, &out->number, err);
	}
	out->kind = BOUND_OFFSET;
	return parse_offset(text, &out->number, err);
}

static void
settle(struct bound *bound, int64_t first)
{
	if (bound->kind != BOUND_AFTER)
		return;
	bound->kind = BOUND_TIME;
	if (__builtin_add_overflow(first, bound->number, &bound->number))
		bound->number = INT64_MAX;
}

void
range_settle(struct range *range, int64_t first)
{
	settle(&range->from, first);
	settle(&range->to, first);
}

/* Where R stands by what BOUND counts in; -1 unknown. */
static int64_t
place_of(const struct bound *bound, const struct record *r)
{
	return bound->kind == BOUND_OFFSET ? r->offset : r->timestamp;
}

bool
range_has(const struct range *range, const struct record *r)
{
	int64_t from = place_of(&range->from, r), to = place_of(&range->to, r);

	if (range->from.kind != BOUND_NONE && from >= 0 && from < range->from.number)
		return false;
	return range->to.kind == BOUND_NONE || to < 0 || to < range->to.number;
}
