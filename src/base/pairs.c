/* SPDX-License-Identifier: MIT */
#include "base/pairs.h"

#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <math.h>

void
pairs_begin(struct buf *out, int64_t wall_ms)
{
	char time[UNITS_TEXT];

	units_timestamp(time, wall_ms);
	time[strcspn(time, ".")] = '\0';
	buf_addf(out, "%sZ  ", time);
}

void
pairs_count(struct buf *out, const char *name, int64_t n)
{
	if (n < 0)
		buf_addf(out, "  %s -", name);
	else
		buf_addf(out, "  %s %" PRId64, name, n);
}

void
pairs_rate(struct buf *out, const char *name, double per_s)
{
	buf_str(out, "  ");
	text_clean(out, slice_str(name));
	if (isnan(per_s))
		buf_str(out, " -");
	else
		buf_addf(out, " %.1f/s", per_s);
}

void
pairs_say(struct buf *out, int64_t wall_ms, const char *what, const char *sentence)
{
	pairs_begin(out, wall_ms);
	buf_addf(out, "%s: ", what);
	text_clean(out, slice_str(sentence));
	buf_char(out, '\n');
}
