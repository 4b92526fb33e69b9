/* SPDX-License-Identifier: MIT */
#include "engine/reset.h"

#include "base/buf.h"
#include "base/units.h"
#include "engine/join.h"

#include <stdio.h>
#include <string.h>

static bool
is_member(const struct inquiry_member *m, const char *id)
{
	return strcmp(m->id, id) == 0;
}

bool
reset_allowed(const struct inquiry *q, const char *member, struct err *why)
{
	struct buf others = {0};
	size_t n;

	if (!q->ok)
		return err_set(why, "nothing was reset: %s", q->err.text);
	if (q->known != MEMBERS_KNOWN)
		return err_set(why, "nothing was reset: the members of group %s cannot be listed (%s), and others "
			       "would go on from their old place", q->group,
			       q->known == MEMBERS_HIDDEN ? "its protocol is the new one" : "no such call here");
	n = join_name_others(q, is_member, member, &others);
	if (n > 0)
		err_set(why, "nothing was reset: group %s has %zu other member%s (%s), which would go on from %s old "
			"place; end %s first", q->group, n, n == 1 ? "" : "s", buf_cstr(&others),
			n == 1 ? "its" : "their", n == 1 ? "it" : "them");
	else if (q->n_members == 0)
		err_set(why, "nothing was reset: we are no member of group %s just now", q->group);
	buf_free(&others);
	return n == 0 && q->n_members > 0;
}

bool
reset_sum(const struct inquiry *q, const struct seek *to, enum policy policy, struct reset_sums *out, struct err *why)
{
	const struct seek start = {policy == POLICY_EARLIEST ? SEEK_BEGINNING : SEEK_TAIL, 0};
	int64_t from, target;

	*out = (struct reset_sums){0};
	if (!q->ok)
		return err_set(why, "nothing was reset: %s", q->err.text);
	if (to->kind == SEEK_TIME && !q->times)
		return err_set(why, "nothing was reset: this broker does not know times; beginning, end, N and -N "
			       "work");
	for (size_t i = 0; i < q->n_spots; i++) {
		const struct inquiry_spot *s = &q->spots[i];

		if (s->low < 0 || s->end < 0 || !q->committed)
			return err_set(why, "nothing was reset: not every partition's place is known just now");
		from = s->committed >= 0 ? s->committed : seek_offset(&start, s->low, s->end, -1);
		target = seek_offset(to, s->low, s->end, s->at);
		out->partitions++;
		if (target < from)
			out->again += from - target;
		else
			out->skipped += target - from;
	}
	return true;
}

static const char *
words(const struct seek *to, char *out, size_t size)
{
	char text[UNITS_TEXT];

	switch (to->kind) {
	case SEEK_TAIL:
		if (to->number == 0)
			return "the end";
		snprintf(out, size, "%s offsets before the end", units_count(text, to->number));
		return out;
	case SEEK_OFFSET:
		snprintf(out, size, "offset %s", units_count(text, to->number));
		return out;
	case SEEK_TIME:
		return units_timestamp(out, to->number);
	default:
		return "the beginning";
	}
}

void
reset_question(const char *group, const struct seek *to, const struct reset_sums *sums, struct err *out)
{
	char place[UNITS_TEXT + 32], n[UNITS_TEXT], counts[3 * UNITS_TEXT + 64], skipped[UNITS_TEXT];

	if (sums->again > 0 && sums->skipped > 0)
		snprintf(counts, sizeof(counts), "%s offsets will be read again, %s skipped",
			 units_count(n, sums->again), units_count(skipped, sums->skipped));
	else if (sums->skipped > 0)
		snprintf(counts, sizeof(counts), "%s offsets will be skipped", units_count(n, sums->skipped));
	else
		snprintf(counts, sizeof(counts), "%s offsets will be read again", units_count(n, sums->again));
	err_set(out, "R sets group %s to %s: %zu partition%s, %s", group, words(to, place, sizeof(place)),
		sums->partitions, sums->partitions == 1 ? "" : "s", counts);
}
