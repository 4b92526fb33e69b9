/* SPDX-License-Identifier: MIT */
#include "engine/join.h"

#include <string.h>

enum { NAMED = 4 };

static bool
is_ours(const struct inquiry_member *m, const char *client_id)
{
	return strcmp(m->client, "exptop") == 0 || (client_id && strcmp(m->client, client_id) == 0);
}

size_t
join_name_others(const struct inquiry *q, bool (*ours)(const struct inquiry_member *m, const char *name),
		 const char *name, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < q->n_members; i++) {
		const struct inquiry_member *m = &q->members[i];

		if (ours(m, name))
			continue;
		if (n < NAMED)
			buf_addf(out, "%s%s on %s", n ? ", " : "", m->client, m->host + (m->host[0] == '/'));
		else if (n == NAMED)
			buf_str(out, ", ..");
		n++;
	}
	return n;
}

bool
join_needs_a_yes(const struct inquiry *q, const char *client_id, struct err *why)
{
	struct buf others = {0};
	size_t n;

	if (q->embedded)
		return false;
	if (q->known != MEMBERS_KNOWN) {
		err_set(why, "the members of group %s cannot be listed (%s): joining may take partitions away from "
			"others", q->group, members_reason(q->known));
		return true;
	}
	n = join_name_others(q, is_ours, client_id, &others);
	if (n > 0)
		err_set(why, "group %s has %zu member%s of other programs (%s): joining takes partitions away from %s",
			q->group, n, n == 1 ? "" : "s", buf_cstr(&others), n == 1 ? "it" : "them");
	buf_free(&others);
	return n > 0;
}
