/* SPDX-License-Identifier: MIT */
/* Any bytes as a producer's metrics page, read twice: the second continues the first. */
#include "fuzz.h"

#include "scrape/openmetrics.h"
#include "scrape/page.h"

static void
use_labels(struct slice text)
{
	struct openmetrics page = {.rest = text};
	struct openmetrics_sample s;
	struct buf value = {0};
	struct err err;

	while (openmetrics_next(&page, &s, &err) == OPENMETRICS_SAMPLE) {
		if (s.name.n == 0 || s.name.p < text.p || s.labels.p + s.labels.n > text.p + text.n)
			abort();
		buf_clear(&value);
		if (openmetrics_label(s.labels, "topic", &value) && value.n > s.labels.n)
			abort();
	}
	buf_free(&value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	char *topic[] = {(char[]){"t"}};
	const struct strings topics = {topic, size % 2};
	struct page page = {0};
	struct err err = {{0}};
	bool good = page_read(&page, text, &topics, &err);

	if (good && (page.events < 0 || page.events > page.all || page.restarted))
		abort();
	if (good && (!page_read(&page, text, &topics, &err) || page.restarted))
		abort();
	if (!good && (!err.text[0] || page.all != 0))
		abort();
	use_labels(text);
	return 0;
}
