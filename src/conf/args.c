/* SPDX-License-Identifier: MIT */
#include "conf/args.h"

#include <stdio.h>
#include <string.h>

enum { HELP_WIDTH = 80, HELP_COLUMN = 30 };

struct parser {
	struct options *o;
	char *const *next, *const *end; /* arguments not looked at yet */
	bool given[OPTION_COUNT];
	struct err *err;
};

/* "--brokers", and "-X" for the one whose letter is its name. */
static const char *
spelling(char *out, size_t cap, enum option_id id)
{
	if (option_row(id)->type == TYPE_PAIRS)
		snprintf(out, cap, "-%c", option_row(id)->letter);
	else
		snprintf(out, cap, "--%s", option_row(id)->name);
	return out;
}

static const char *
program(enum verb verb)
{
	return verb_row(verb)->is_program ? verb_row(verb)->name : "exptop";
}

/* How VERB is called: "exptop consume", "experiment-producer". */
static void
add_command(struct buf *out, enum verb verb)
{
	buf_str(out, program(verb));
	if (!verb_row(verb)->is_program)
		buf_addf(out, " %s", verb_row(verb)->name);
}

/* VALUE is what is attached to the option, NULL when nothing is: then the next
 * argument is the value, except for flags. */
static bool
take_option(struct parser *p, enum option_id id, const char *value)
{
	const struct option *row = option_row(id);
	char where[64];

	spelling(where, sizeof(where), id);
	if (!value && row->type == TYPE_FLAG)
		value = "true";
	if (!value && p->next < p->end)
		value = *p->next++;
	if (!value)
		return err_set(p->err, "%s wants a value: %s", where, option_metavar(id, options_verb(p->o)));
	p->given[id] = true;
	return options_set(p->o, id, value, row->type == TYPE_PAIRS ? FROM_PROPERTY : FROM_ARGUMENT, where, p->err);
}

static bool
take_long(struct parser *p, const char *text)
{
	struct slice name = {text, strcspn(text, "=")};
	const char *value = text[name.n] ? text + name.n + 1 : NULL;
	const char *nearest;
	enum option_id id;

	if (option_find(name, &id))
		return take_option(p, id, value);
	nearest = option_nearest_name(name);
	if (nearest)
		return err_set(p->err, "unknown option --%.*s; did you mean --%s?", (int)name.n, name.p, nearest);
	return err_set(p->err, "unknown option --%.*s; %s --help lists them", (int)name.n, name.p,
		       program(options_verb(p->o)));
}

/* -q, -eq, -n5, -en5, -n 5: TEXT is what stands behind the dash. */
static bool
take_letters(struct parser *p, const char *text)
{
	enum option_id id;

	for (; *text; text++) {
		if (!option_find_letter(*text, &id))
			return err_set(p->err, "unknown option -%c; %s --help lists them", *text,
				       program(options_verb(p->o)));
		if (option_row(id)->type != TYPE_FLAG)
			return take_option(p, id, text[1] ? text + 1 : NULL);
		if (!take_option(p, id, NULL))
			return false;
	}
	return true;
}

static bool
refuse_plain(struct parser *p, const char *text)
{
	struct buf command = {0};

	add_command(&command, options_verb(p->o));
	err_set(p->err, "unexpected argument \"%s\"; %s takes options only", text, buf_cstr(&command));
	buf_free(&command);
	return false;
}

/* The first plain argument may be the verb, any other is a word of that verb or a topic. */
static bool
take_plain(struct parser *p, const char *text, bool first)
{
	enum verb verb = options_verb(p->o);

	if (!verb_row(verb)->arguments)
		return refuse_plain(p, text);
	if (first && verb_find(slice_str(text), &verb)) {
		options_set_verb(p->o, verb);
		return true;
	}
	if (verb_row(options_verb(p->o))->takes_words) {
		options_add_word(p->o, text);
		return true;
	}
	return options_set(p->o, OPT_TOPIC, text, FROM_ARGUMENT, "argument", p->err);
}

static bool
check_verb(struct parser *p)
{
	enum verb verb = options_verb(p->o), other = 0;
	struct buf theirs = {0}, ours = {0};
	char name[64];

	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		if (!p->given[id] || option_applies(id, verb))
			continue;
		while (!option_applies(id, other))
			other++;
		add_command(&theirs, other);
		add_command(&ours, verb);
		err_set(p->err, "%s is an option of %s, not of %s", spelling(name, sizeof(name), id),
			buf_cstr(&theirs), buf_cstr(&ours));
		buf_free(&theirs);
		buf_free(&ours);
		return false;
	}
	return true;
}

bool
args_parse(struct options *o, int argc, char *const *argv, struct err *err)
{
	struct parser p = {.o = o, .next = argv + (argc > 0), .end = argv + argc, .err = err};
	bool only_plain = false, first = true, ok = true;

	while (ok && p.next < p.end) {
		const char *arg = *p.next++;

		if (only_plain || arg[0] != '-' || arg[1] == '\0') {
			ok = take_plain(&p, arg, first && !only_plain);
			first = false;
		} else if (strcmp(arg, "--") == 0) {
			only_plain = true;
		} else {
			ok = arg[1] == '-' ? take_long(&p, arg + 2) : take_letters(&p, arg + 1);
		}
	}
	return ok && check_verb(&p);
}

/* The words of TEXT in lines from column INDENT on; the first line is at COLUMN already. */
static void
add_wrapped(struct buf *out, size_t indent, size_t column, const char *text)
{
	size_t n;

	if (indent > 0 && column + 2 > indent) {
		buf_char(out, '\n');
		column = 0;
	}
	buf_addf(out, "%*s", (int)(indent - column), "");
	column = indent;
	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		if (column > indent && column + 1 + n > HELP_WIDTH) {
			buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_char(out, ' ');
			column++;
		}
		buf_add(out, text, n);
		column += n;
	}
	buf_char(out, '\n');
}

static void
add_option(struct buf *out, enum option_id id, enum verb verb)
{
	const struct option *row = option_row(id);
	const char *metavar = option_metavar(id, verb);
	struct buf help = {0};
	size_t start = out->n;

	if (row->letter)
		buf_addf(out, "  -%c, --%s", row->letter, row->name);
	else
		buf_addf(out, "      --%s", row->name);
	if (metavar)
		buf_addf(out, " %s", metavar);
	buf_str(&help, option_help(id, verb));
	if (row->fallback && row->type != TYPE_FLAG)
		buf_addf(&help, " (default %s)", row->fallback);
	else if (row->unset)
		buf_addf(&help, " (default: %s)", row->unset);
	add_wrapped(out, HELP_COLUMN, out->n - start, buf_cstr(&help));
	buf_free(&help);
}

static void
add_section(struct buf *out, enum option_section section, enum verb verb)
{
	bool titled = false;

	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		if (option_row(id)->section != section || !option_applies(id, verb))
			continue;
		if (!titled)
			buf_addf(out, "\n%s:\n", option_section_title(section));
		titled = true;
		add_option(out, id, verb);
	}
}

static void
add_verbs(struct buf *out)
{
	buf_str(out, "\nVerbs (exptop VERB --help says more):\n");
	for (enum verb v = 0; v < VERB_COUNT; v++)
		if (!verb_row(v)->is_program)
			buf_addf(out, "  %-10s %s\n", verb_row(v)->name, verb_row(v)->summary);
}

void
args_usage(struct buf *out, const struct options *o)
{
	enum verb verb = options_verb(o);
	const struct verb_row *row = verb_row(verb);

	buf_str(out, "Usage: ");
	if (options_verb_named(o))
		add_command(out, verb);
	else
		buf_str(out, "exptop [VERB]");
	buf_addf(out, " [OPTION]...%s%s\n", row->arguments ? " " : "", row->arguments ? row->arguments : "");
	for (size_t i = 0; i < VERB_PARAGRAPHS && row->about[i]; i++) {
		buf_char(out, '\n');
		add_wrapped(out, 0, 0, row->about[i]);
	}
	if (!options_verb_named(o))
		add_verbs(out);
	for (enum option_section s = 0; s < SECTION_COUNT; s++)
		add_section(out, s, verb);
}
