/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/signals.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "cmd.h"
#include "recording/output.h"
#include "report/page.h"
#include "report/source.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
complain(void *ctx, const char *sentence)
{
	(void)ctx;
	cmd_complain(sentence);
}

/* FILE is the one that the report was read from: nobody wants that overwritten. */
static bool
is_source(const char *source, const char *file)
{
	struct stat from, to;
	bool standard = strcmp(source, "-") == 0;

	return strcmp(file, "-") != 0 && (standard ? fstat(STDIN_FILENO, &from) : stat(source, &from)) == 0 &&
	       stat(file, &to) == 0 && S_ISREG(to.st_mode) && from.st_dev == to.st_dev && from.st_ino == to.st_ino;
}

/* Everything to the file that is named; else the status that says why not. */
static int
write_page(const struct buf *page, const struct options *o, struct err *err)
{
	unsigned flags = OUTPUT_WHOLE | (options_flag(o, OPT_FORCE) ? OUTPUT_FORCE : 0);
	struct output *output;
	size_t whole;

	signals_fd(); /* a signal does not end us in the middle of it */
	output = output_open(options_text(o, OPT_OUTPUT), flags, err);
	if (!output)
		return EXIT_USAGE;
	if (output_write(output, (struct slice){page->p, page->n}, &whole, err))
		return output_close(output, err) ? EXIT_DONE : EXIT_FAILED;
	output_drop(output);
	return EXIT_FAILED;
}

/* A page is UTF-8, whatever the terminal is. */
static void
write_utf8(struct buf *page, struct run *run, const struct page_config *config)
{
	char *locale = xstrdup(setlocale(LC_CTYPE, NULL));
	bool utf8 = text_utf8();

	text_set_utf8(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	page_write(page, run, config);
	setlocale(LC_CTYPE, locale);
	text_set_utf8(utf8);
	free(locale);
}

static bool
make_page(const struct source_kind *kind, struct source *source, const struct options *o, struct buf *page,
	  bool *whole, struct err *err)
{
	const struct model_limits limits = {.max_experiments = (size_t)options_integer(o, OPT_MAX_EXPERIMENTS)};
	const struct page_config config = {
		.source = options_words(o)->item[0], .charts = (size_t)options_integer(o, OPT_CHARTS),
	};
	struct run run;
	bool told;

	run_init(&run, &limits);
	told = kind->tell(source, &run, complain, NULL, err);
	run_finish(&run);
	*whole = told && !run.bad_lines && !run.cut;
	if (told)
		write_utf8(page, &run, &config);
	run_fini(&run);
	return told;
}

/* The file is made when there is something to write. */
static int
run_report(const struct source_kind *kind, struct source *source, const struct options *o, struct err *err)
{
	struct buf page = {0};
	bool whole = false;
	int status = EXIT_FAILED;

	if (make_page(kind, source, o, &page, &whole, err))
		status = write_page(&page, o, err);
	buf_free(&page);
	return status == EXIT_DONE && !whole ? EXIT_FAILED : status;
}

int
cmd_report(const struct options *o)
{
	const struct strings *words = options_words(o);
	const struct source_kind *kind = NULL;
	struct source *source = NULL;
	struct err err = {0};
	int status = EXIT_USAGE;

	if (words->n != 1)
		err_set(&err, "report takes one recording, as in exptop report lab.jsonl.gz -O lab.html");
	else if (!options_text(o, OPT_OUTPUT))
		err_set(&err, "report needs a file: name it with -O FILE.html");
	else if (is_source(words->item[0], options_text(o, OPT_OUTPUT)))
		err_set(&err, "%s is what the report is made from: name another file with -O", words->item[0]);
	else
		kind = source_of(words->item[0], &err);
	if (kind)
		source = kind->open(words->item[0], &err);
	if (source) {
		status = run_report(kind, source, o, &err);
		kind->close(source);
	}
	if (err.text[0] && !standard_output_error()) /* else program_end() says it */
		cmd_complain(err.text);
	return status;
}
