/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a command line, a NUL after each argument; those before the first empty one
 * are the environment. Help and listing of what they say are text for a terminal.
 */
#include "fuzz.h"

#include "base/alloc.h"
#include "base/text.h"
#include "conf/args.h"
#include "conf/environment.h"
#include "conf/listing.h"

enum { MOST = 64, COLUMNS = 80 };

static void
check_text(const struct buf *text, size_t columns)
{
	struct slice rest = {text->p, text->n};

	while (rest.n > 0) {
		struct slice line = fuzz_piece(&rest, '\n');

		require(text_valid(line) && (!columns || text_width(line) <= columns));
		for (size_t i = 0; i < line.n; i++)
			require((unsigned char)line.p[i] >= ' ' && line.p[i] != 0x7f);
	}
}

static void
print_all(const struct options *o)
{
	struct buf text = {0};

	args_usage(&text, o);
	check_text(&text, COLUMNS);
	buf_clear(&text);
	listing_print(&text, o);
	check_text(&text, 0);
	buf_free(&text);
}

static void
free_all(char **strings, int n)
{
	for (int i = 0; i < n; i++)
		free(strings[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size}, piece;
	char *argv[MOST + 2] = {xstrdup("exptop")}, *variables[MOST + 1] = {NULL};
	struct options *o = options_new();
	struct strings warnings = {0};
	struct err err = {{0}};
	int argc = 1, n = 0;

	while (n < MOST && rest.n > 0 && (piece = fuzz_piece(&rest, '\0')).n > 0)
		variables[n++] = xstrndup(piece.p, piece.n);
	while (argc <= MOST && rest.n > 0) {
		piece = fuzz_piece(&rest, '\0');
		argv[argc++] = xstrndup(piece.p, piece.n);
	}
	if (size % 2)
		options_set_verb(o, VERB_EXPERIMENT_PRODUCER);
	if (args_parse(o, argc, argv, &err) && environment_read(o, variables, &warnings, &err) &&
	    options_settle(o, &err))
		print_all(o);
	else
		require(err.text[0]);
	strings_clear(&warnings);
	options_free(o);
	free_all(argv, argc);
	free_all(variables, n);
	return 0;
}
