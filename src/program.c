/* SPDX-License-Identifier: MIT */
#include "program.h"

#include "base/descriptors.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "conf/args.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *program;

/* A closed standard stream's number would go to the next file opened, and what is printed into that one. */
static void
hold_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Characters as the locale has them; numbers stay with a decimal point. */
static void
choose_characters(void)
{
	setlocale(LC_CTYPE, "");
	text_set_utf8(strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
}

void
program_begin(const char *name)
{
	program = name;
	hold_streams();
	signals_begin();
	standard_output_open();
	choose_characters();
}

void
program_complain(const char *sentence)
{
	struct buf text = {0};

	text_clean(&text, slice_str(sentence));
	fprintf(stderr, "%s: %s\n", program, buf_cstr(&text));
	buf_free(&text);
}

void
program_complain_lines(struct buf *notes)
{
	char *line, *rest = (char *)buf_cstr(notes);

	while ((line = strsep(&rest, "\n")))
		if (*line)
			program_complain(line);
}

int
program_refuse(const char *sentence)
{
	program_complain(sentence);
	fprintf(stderr, "Try '%s --help'.\n", program);
	return EXIT_USAGE;
}

/* Some file systems tell only now that there was no room. */
static int
close_standard_output(void)
{
	int copy = dup(STDOUT_FILENO); /* a thread that is left behind may still write to the number itself */

	fflush(stdout);
	if (copy >= 0 && close(copy) < 0)
		standard_output_failed(errno);
	return standard_output_error();
}

int
program_end(int status)
{
	int why = close_standard_output();
	struct err err;

	if (!log_close(&err)) {
		program_complain(err.text);
		status = status == EXIT_DONE ? EXIT_FAILED : status;
	}
	if (why == EPIPE)
		return EXIT_NO_READER;
	if (!why)
		return status;
	err_set(&err, "cannot write to standard output: %s", strerror(why));
	program_complain(err.text);
	return EXIT_FAILED;
}

static int
print_help(const struct options *o)
{
	struct buf text = {0};

	args_usage(&text, o);
	fputs(buf_cstr(&text), stdout);
	buf_free(&text);
	return EXIT_DONE;
}

static int
print_version(void)
{
	printf("%s %s\n", program, PACKAGE_VERSION);
	return EXIT_DONE;
}

static int
run_logged(struct options *o, int (*run)(struct options *o))
{
	const char *log_file = options_text(o, OPT_LOG_FILE);
	struct err err;

	descriptors_require(DESCRIPTORS_VERB, "its files");
	if (options_flag(o, OPT_ASCII))
		text_set_utf8(false);
	if (options_flag(o, OPT_VERBOSE))
		log_set_level(LOG_DEBUG);
	if (log_file && !log_open(log_file, &err))
		return program_refuse(err.text);
	return run(o);
}

int
program_run(struct options *o, const char *problem, int (*run)(struct options *o))
{
	int status;

	if (problem)
		status = program_refuse(problem);
	else if (options_flag(o, OPT_HELP))
		status = print_help(o);
	else if (options_flag(o, OPT_VERSION))
		status = print_version();
	else
		status = run_logged(o, run);
	options_free(o);
	return program_end(status);
}
