/* SPDX-License-Identifier: MIT */
/* Any bytes as a producer's metrics page, read twice: the second continues the first; then what is behind a NUL as
 * the page that comes next. */
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
		require(s.name.n > 0 && s.name.p >= text.p && s.labels.p + s.labels.n <= text.p + text.n);
		buf_clear(&value);
		require(!openmetrics_label(s.labels, "topic", &value) || value.n <= s.labels.n);
	}
	buf_free(&value);
}

/* The page that comes next, of the same producer or of one that was started again. */
static void
read_next(struct page page, struct slice text, const struct strings *topics)
{
	const struct page before = page;
	struct err err = {{0}};

	if (page_read(&page, text, topics, &err))
		require(page.events >= 0 && page.events <= page.all);
	else
		require(err.text[0] && page.events == before.events && page.all == before.all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size}, text = fuzz_piece(&rest, '\0');
	char *topic[] = {(char[]){"t"}};
	const struct strings topics = {topic, size % 2};
	struct page page = {0};
	struct err err = {{0}};
	bool good = page_read(&page, text, &topics, &err);

	require(!good || (page.events >= 0 && page.events <= page.all && !page.restarted));
	require(!good || (page_read(&page, text, &topics, &err) && !page.restarted));
	require(good || (err.text[0] && page.all == 0));
	read_next(page, rest, &topics);
	use_labels(text);
	return 0;
}
