/* SPDX-License-Identifier: MIT */
#include "kafka/start.h"

#include <librdkafka/rdkafka.h>

static bool
is_there(const struct start_facts *f, int64_t offset)
{
	return (f->end < 0 || offset <= f->end) && (f->low < 0 || offset >= f->low);
}

static int64_t
policy_offset(const struct start_facts *f)
{
	const struct seek policy = {f->young || f->policy == POLICY_EARLIEST ? SEEK_BEGINNING : SEEK_TAIL, 0};

	return seek_offset(&policy, f->low, f->end, -1);
}

static struct start
if_there(const struct start_facts *f, int64_t offset)
{
	return is_there(f, offset) ? (struct start){offset, -1} : (struct start){policy_offset(f), offset};
}

/* An offset before the first record is sought as the first, one beyond the end is out of range. */
static struct start
sought(const struct start_facts *f)
{
	if (f->seek->kind == SEEK_OFFSET && f->end >= 0 && f->seek->number > f->end)
		return (struct start){policy_offset(f), f->seek->number};
	return (struct start){seek_offset(f->seek, f->low, f->end, f->at), -1};
}

struct start
start_offset(const struct start_facts *f)
{
	if (f->seek && (f->seek->kind != SEEK_TIME || f->times))
		return sought(f);
	if (f->in_group && !f->committed_known)
		return (struct start){RD_KAFKA_OFFSET_STORED, -1};
	if (f->in_group && f->committed >= 0 && f->committed != f->stale && f->committed > f->next)
		return if_there(f, f->committed);
	if (f->next >= 0) /* it was ours before: what we applied is not read again */
		return if_there(f, f->next);
	return (struct start){policy_offset(f), -1};
}
