/* SPDX-License-Identifier: MIT */
#include "model/record.h"

struct slice
record_header_last(const struct record *r, const char *name)
{
	struct record_header h;
	struct slice found = {0};

	for (size_t i = 0; record_header(r, i, &h); i++)
		if (slice_is(h.name, name))
			found = h.value;
	return found;
}
