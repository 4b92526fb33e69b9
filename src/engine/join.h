/* SPDX-License-Identifier: MIT */
/* Whether a group may be joined without a word: what its members say, no state, any thread. */
#ifndef ENGINE_JOIN_H
#define ENGINE_JOIN_H

#include "base/buf.h"
#include "kafka/asker.h"

/* Q is an answered INQUIRY_GROUP, CLIENT_ID ours as configured (NULL: the usual).
 * True when other programs are members, or when nobody can say: WHY names them.
 * The embedded broker, which lists nobody, is joined without asking. */
bool join_needs_a_yes(const struct inquiry *q, const char *client_id, struct err *why);

/* Name the members of Q that are not OURS (which is asked with NAME), the first few; how many they are. */
size_t join_name_others(const struct inquiry *q, bool (*ours)(const struct inquiry_member *m, const char *name),
			const char *name, struct buf *out);

#endif
