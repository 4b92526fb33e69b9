/* SPDX-License-Identifier: MIT */
#include "cmd.h"
#include "cmd_groups.h"

#include "base/alloc.h"
#include "base/signals.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static const struct sub_verb {
	const char *name;
	size_t words; /* behind it */
	int (*run)(const struct groups_run *run, struct err *err);
} sub_verbs[] = {
	{"list", 0, cmd_groups_list},
	{"describe", 1, cmd_groups_describe},
	{"reset", 1, cmd_groups_reset},
};

struct inquiry *
cmd_groups_catalog(const struct groups_run *run, struct err *err)
{
	struct inquiry *q = inquirer_ask(run->inquirer, inquiry_new(INQUIRY_CATALOG, NULL, NULL), err);

	if (!q || q->ok || q->n_spots > 0)
		return q;
	*err = q->err;
	inquiry_free(q);
	return NULL;
}

struct inquiry *
cmd_groups_ask(const struct groups_run *run, enum inquiry_kind kind, const char *group, const struct inquiry *from,
	   bool (*wanted)(const struct inquiry_spot *spot), struct err *err)
{
	struct inquiry *q = inquiry_new(kind, NULL, group);

	for (size_t i = 0; i < from->n_topics; i++)
		inquiry_add_topic(q, from->topics[i].name);
	for (size_t i = 0; i < from->n_spots; i++)
		if (!wanted || wanted(&from->spots[i])) {
			inquiry_add_spot(q, from->spots[i].topic_no, from->spots[i].partition);
			q->spots[q->n_spots - 1].at = from->spots[i].at; /* of a reset */
		}
	q = inquirer_ask(run->inquirer, q, err);
	if (!q || q->ok || kind == INQUIRY_RESET || kind == INQUIRY_MARKS)
		return q;
	*err = q->err;
	inquiry_free(q);
	return NULL;
}

void
cmd_groups_protocol(const struct inquiry_group *g, char *out, size_t size)
{
	snprintf(out, size, "%s%s%s", g->type, g->type[0] && g->assignor[0] ? "/" : "", g->assignor);
}

json_t *
cmd_groups_text(const char *text)
{
	struct buf clean = {0};
	json_t *json = text && *text ? json_string(text) : json_null();

	if (json)
		return json;
	text_clean(&clean, slice_str(text));
	json = json_string(buf_cstr(&clean));
	buf_free(&clean);
	return json;
}

json_t *
cmd_groups_number(int64_t number)
{
	return number < 0 ? json_null() : json_integer(number);
}

void
cmd_groups_print(json_t *root)
{
	json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

/* What the words ask for; NULL: nothing that there is. */
static const struct sub_verb *
choose(const struct strings *words)
{
	const size_t n = sizeof(sub_verbs) / sizeof(sub_verbs[0]);

	if (words->n == 0)
		return &sub_verbs[0];
	for (const struct sub_verb *s = sub_verbs; s < sub_verbs + n; s++)
		if (strcmp(s->name, words->item[0]) == 0 && words->n == 1 + s->words)
			return s;
	return NULL;
}

/* A library's threads may still wait for a broker: then it is left as it stands. */
static int
finish(struct groups_run *run, struct cluster *cluster, int status, const struct err *err)
{
	if (err->text[0])
		cmd_complain(err->text);
	if (inquirer_gave_up(run->inquirer) || !inquirer_free(run->inquirer))
		cmd_end(status);
	cluster_free(cluster);
	return status;
}

int
cmd_groups(const struct options *o)
{
	const struct strings *words = options_words(o);
	const struct sub_verb *sub = choose(words);
	struct groups_run run = {.options = o, .json = options_flag(o, OPT_JSON)};
	struct cluster *cluster;
	struct err err = {0};

	if (!sub) {
		cmd_complain("groups takes list, describe GROUP or reset GROUP, as in exptop groups describe GROUP");
		return EXIT_USAGE;
	}
	signals_fd();
	run.group = words->n > 1 ? words->item[1] : NULL;
	cluster = cmd_cluster(o, &err);
	if (cluster)
		run.inquirer = cmd_ask(cluster, o, &err);
	if (!run.inquirer) {
		cmd_complain(err.text);
		cluster_free(cluster);
		return EXIT_USAGE;
	}
	return finish(&run, cluster, sub->run(&run, &err), &err);
}
