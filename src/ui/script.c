/* SPDX-License-Identifier: MIT */
#include "ui/script.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/units.h"
#include "ui/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZE_MOST = 1000, TICK_MOST_MS = 86400000 };

struct script {
	const char *dump_dir;
	const struct script_host *host;
};

static bool
run_size(struct script *s, const char *argument, struct err *err)
{
	unsigned columns, rows;
	int end = 0;

	if (sscanf(argument, "%4ux%4u%n", &columns, &rows, &end) != 2 || argument[end] || columns < 1 || rows < 1 ||
	    columns > SIZE_MOST || rows > SIZE_MOST)
		return err_set(err, "a size is COLUMNSxROWS, each up to %d, not %s", SIZE_MOST, argument);
	s->host->resize(s->host->ctx, (int)rows, (int)columns);
	return true;
}

static bool
run_clock(struct script *s, const char *argument, struct err *err)
{
	int64_t ms;

	(void)s;
	if (!units_parse_time(argument, &ms, err))
		return false;
	clock_fix(ms);
	return true;
}

static bool
run_tick(struct script *s, const char *argument, struct err *err)
{
	char *end;
	long ms = strtol(argument, &end, 10);

	if (*end || end == argument || ms < 0 || ms > TICK_MOST_MS)
		return err_set(err, "a tick is a number of milliseconds, a day at most, not %s", argument);
	clock_advance(ms);
	return s->host->tick(s->host->ctx, err);
}

/* The characters of WORD, one after the other. */
static bool
type_word(struct script *s, const char *word, struct err *err)
{
	struct input in = {0};
	int key;

	for (; *word; word++) {
		input_add(&in, word, 1, 0);
		key = input_key(&in, 0);
		if (key && !s->host->key(s->host->ctx, key, err))
			return false;
	}
	return true;
}

static bool
run_keys(struct script *s, const char *argument, struct err *err)
{
	char *words = xstrdup(argument), *rest, *word;
	bool ok = true;

	for (word = strtok_r(words, " ", &rest); word && ok; word = strtok_r(NULL, " ", &rest)) {
		int key = input_parse(word, strlen(word));

		ok = key ? s->host->key(s->host->ctx, key, err) : type_word(s, word, err);
	}
	free(words);
	return ok;
}

static bool
run_settle(struct script *s, const char *argument, struct err *err)
{
	(void)argument;
	return s->host->settle(s->host->ctx, err);
}

static bool
dump(struct script *s, const char *name, const char *ending, void (*print)(const struct canvas *, struct buf *),
     struct err *err)
{
	char *path = xasprintf("%s/%s.%s", s->dump_dir ? s->dump_dir : ".", name, ending);
	FILE *out = fopen(path, "we");
	struct buf text = {0};
	bool ok = out;

	print(s->host->draw(s->host->ctx), &text);
	if (out) {
		ok = fwrite(text.p, 1, text.n, out) == text.n;
		ok = fclose(out) == 0 && ok;
	}
	if (!ok)
		err_set(err, "cannot write %s: %s", path, strerror(errno));
	buf_free(&text);
	free(path);
	return ok;
}

static bool
run_dump(struct script *s, const char *argument, struct err *err)
{
	return dump(s, argument, "screen", canvas_dump, err);
}

static bool
run_dump_styles(struct script *s, const char *argument, struct err *err)
{
	return dump(s, argument, "styles", canvas_dump_styles, err);
}

static const struct {
	const char *name;
	bool (*run)(struct script *s, const char *argument, struct err *err);
	bool takes; /* an argument */
} steps[] = {
	{"size", run_size, true},     {"clock", run_clock, true}, {"tick", run_tick, true},
	{"keys", run_keys, true},     {"settle", run_settle, false}, {"dump", run_dump, true},
	{"dump-styles", run_dump_styles, true},
};

static bool
run_line(struct script *s, char *line, struct err *err)
{
	size_t n = strcspn(line, " \n");
	char *argument = line + n + strspn(line + n, " ");

	argument[strcspn(argument, "\n")] = '\0';
	if (n == 0 || line[0] == '#')
		return true;
	line[n] = '\0';
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (strcmp(steps[i].name, line) == 0 && steps[i].takes == (argument[0] != '\0'))
			return steps[i].run(s, argument, err);
	return err_set(err, "expected size, clock, tick, keys, settle, dump or dump-styles with its argument, not %s",
		       line);
}

bool
script_run(const char *file, const char *dump_dir, const struct script_host *host, struct err *err)
{
	struct script script = {dump_dir, host};
	FILE *in = fopen(file, "re");
	char *line = NULL;
	size_t cap = 0;
	bool ok = true;

	if (!in)
		return err_set(err, "cannot read the script %s: %s", file, strerror(errno));
	for (int number = 1; ok && getline(&line, &cap, in) > 0; number++) {
		ok = run_line(&script, line, err);
		if (!ok)
			err_prefix(err, "%s:%d", file, number);
	}
	free(line);
	fclose(in);
	return ok;
}
