/* SPDX-License-Identifier: MIT */
#include "kafka/seek.h"

#include "base/units.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

static bool
parse_number(const char *text, struct seek *out, struct err *err)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (end == text || *end || errno || n < -INT64_MAX)
		return err_set(err, "expected beginning, end, an offset N, -N (so many before the end) or @TIME, "
			       "not \"%s\"", text);
	*out = text[0] == '-' ? (struct seek){SEEK_TAIL, -n} : (struct seek){SEEK_OFFSET, n};
	return true;
}

bool
seek_parse(const char *text, struct seek *out, struct err *err)
{
	*out = (struct seek){0};
	if (strcmp(text, "beginning") == 0)
		out->kind = SEEK_BEGINNING;
	else if (strcmp(text, "end") == 0)
		out->kind = SEEK_TAIL;
	else if (text[0] == '@') {
		out->kind = SEEK_TIME;
		return units_parse_time(text + 1, &out->number, err);
	} else
		return parse_number(text, out, err);
	return true;
}

static int64_t
between(int64_t offset, int64_t low, int64_t end)
{
	if (end >= 0 && offset > end)
		return end;
	return low >= 0 && offset < low ? low : offset;
}

int64_t
seek_offset(const struct seek *s, int64_t low, int64_t end, int64_t at)
{
	switch (s->kind) {
	case SEEK_BEGINNING:
		return low >= 0 ? low : RD_KAFKA_OFFSET_BEGINNING;
	case SEEK_TAIL:
		if (end < 0)
			return s->number ? RD_KAFKA_OFFSET_TAIL(s->number) : RD_KAFKA_OFFSET_END;
		return between(s->number > end ? 0 : end - s->number, low, end);
	case SEEK_OFFSET:
		return between(s->number, low, end);
	case SEEK_TIME:
		return at >= 0 ? at : end >= 0 ? end : RD_KAFKA_OFFSET_END;
	case SEEK_NONE:
		break;
	}
	return RD_KAFKA_OFFSET_INVALID;
}
