/* SPDX-License-Identifier: MIT */
/* Any bytes as a .properties file: what is read is text, in the order of its lines, and the last of a name wins. */
/* Words: properties.dict */
#include "fuzz.h"

#include "base/text.h"
#include "conf/properties.h"

static void
check(const struct properties *p, struct slice text)
{
	size_t bytes = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct property *one = &p->item[i], *last = properties_find(p, one->name);

		require(one->line >= 1 && (i == 0 || one->line > p->item[i - 1].line));
		require(!text_valid(text) || (text_valid(slice_str(one->name)) && text_valid(slice_str(one->value))));
		require(last >= one && strcmp(last->name, one->name) == 0);
		require(properties_value(p, one->name) == last->value);
		bytes += strlen(one->name) + strlen(one->value);
	}
	require(bytes <= 2 * text.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice text = {(const char *)data, size};
	struct properties p = {0};
	struct err err = {{0}};

	if (properties_parse(&p, text, "f", &err))
		check(&p, text);
	else
		require(strncmp(err.text, "f", 1) == 0);
	properties_fini(&p);
	return 0;
}
