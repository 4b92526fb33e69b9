/* SPDX-License-Identifier: MIT */
/* Any bytes as a configuration file: what it comes to is listed, and the list is such a file again. */
#include "fuzz.h"

#include "base/text.h"
#include "conf/config.h"
#include "conf/listing.h"

/* libconfig's scanner drops a text that is not closed. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig\n";
}

static void
check_text(const struct buf *text)
{
	require(text_valid((struct slice){text->p, text->n}));
	for (size_t i = 0; i < text->n; i++)
		require(text->p[i] == '\n' || ((unsigned char)text->p[i] >= ' ' && text->p[i] != 0x7f));
}

/* What is listed can be read. */
static void
list_and_read(const struct options *o)
{
	struct options *again = options_new();
	struct strings warnings = {0};
	struct buf text = {0};
	struct err err = {{0}};
	char path[FUZZ_PATH];
	int fd;

	listing_print(&text, o);
	check_text(&text);
	fd = fuzz_file(path, (struct slice){text.p, text.n});
	require(config_load_file(again, path, "/home/user", &warnings, &err));
	close(fd);
	strings_clear(&warnings);
	buf_free(&text);
	options_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct options *o = options_new();
	struct strings warnings = {0};
	struct err err = {{0}};
	char path[FUZZ_PATH];
	int fd = fuzz_file(path, (struct slice){(const char *)data, size});
	bool ok = config_load_file(o, path, "/home/user", &warnings, &err);

	require(ok == (err.text[0] == '\0'));
	if (ok && options_settle(o, &err))
		list_and_read(o);
	for (size_t i = 0; i < warnings.n; i++)
		require(warnings.item[i][0]);
	strings_clear(&warnings);
	options_free(o);
	close(fd);
	return 0;
}
