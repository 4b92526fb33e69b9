/* SPDX-License-Identifier: MIT */
#include "cmd_groups.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "cmd.h"
#include "columns.h"
#include "model/lag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Groups between two looks at the ends of the partitions: a second or so. */
enum { ROUND = 32 };

/* What is asked of a group by itself, through a client that names it. */
struct group_lag {
	int64_t topics, partitions, lag; /* of those committed on; -1 unknown */
	int64_t beyond;                  /* committed beyond the end */
	char *why;                       /* why not, NULL: known, or not asked */
};

struct all_lags {
	struct group_lag *of; /* as the groups of the list */
	size_t not_asked;
	struct err problem; /* empty, or why an end was not known */
};

/* Those with members first: where the time does not suffice, they matter most. */
static size_t *
in_order(const struct inquiry *list)
{
	size_t *order = xcalloc(list->n_groups + 1, sizeof(*order)), n = 0;

	for (int empty = 0; empty < 2; empty++)
		for (size_t i = 0; i < list->n_groups; i++)
			if ((strcmp(list->groups[i].state, "Empty") == 0) == (empty == 1))
				order[n++] = i;
	return order;
}

/* Ask what the N groups of ROUND committed, a few at a time; the answers, which come in any order, tell by their tag
 * whose they are. False when nobody answers any more. */
static bool
ask_commits(const struct groups_run *run, const struct inquiry *list, const struct inquiry *catalog,
	    const size_t *round, size_t n, struct inquiry **answers)
{
	struct err err;

	for (size_t i = 0; i < n; i++) {
		struct inquiry *q = inquiry_new(INQUIRY_GROUP, NULL, list->groups[round[i]].name);

		inquiry_add_spots(q, catalog);
		q->commits_only = true;
		q->tag = i;
		inquirer_post(run->inquirer, q);
	}
	for (size_t i = 0; i < n; i++) {
		struct inquiry *q = inquirer_take(run->inquirer, &err);

		if (!q)
			return false;
		answers[q->tag] = q;
	}
	return true;
}

static void
sum_up(const struct inquiry *q, const struct inquiry *ends, struct group_lag *out)
{
	int topic = -1;

	*out = (struct group_lag){0};
	for (size_t i = 0; i < q->n_spots; i++) {
		struct inquiry_spot s = q->spots[i];

		if (s.committed < 0)
			continue;
		s.end = ends->spots[i].end;
		out->partitions++;
		out->topics += s.topic_no != topic;
		topic = s.topic_no;
		lag_add(&out->lag, lag_of(s.committed, s.end));
		out->beyond += lag_beyond(s.committed, s.end);
	}
	if (out->partitions == 0)
		out->lag = -1;
}

/* The ends are asked after the commits: a group that reads meanwhile is never ahead of them. */
static bool
ask_round(const struct groups_run *run, const struct inquiry *list, const struct inquiry *catalog, const size_t *round,
	  size_t n, struct all_lags *lags)
{
	struct inquiry *answers[ROUND] = {0}, *ends = NULL;
	struct err err = {0};

	if (ask_commits(run, list, catalog, round, n, answers))
		ends = cmd_groups_ask(run, INQUIRY_MARKS, NULL, catalog, NULL, &err);
	if (ends && !ends->ok)
		lags->problem = ends->err;
	for (size_t i = 0; ends && i < n; i++) {
		if (answers[i]->ok)
			sum_up(answers[i], ends, &lags->of[round[i]]);
		else
			lags->of[round[i]].why = xstrdup(answers[i]->err.text);
		lags->not_asked--;
	}
	for (size_t i = 0; i < n; i++)
		inquiry_free(answers[i]);
	inquiry_free(ends);
	return ends != NULL;
}

/* False when nobody answers any more. */
static bool
ask_lags(const struct groups_run *run, const struct inquiry *list, const struct inquiry *catalog, struct all_lags *lags)
{
	int64_t end = clock_mono_ms() + (int64_t)(options_number(run->options, OPT_TIMEOUT) * 1000);
	size_t *order = in_order(list), n = 0;
	bool good = true;

	lags->not_asked = list->n_groups;
	for (size_t i = 0; i < list->n_groups && good && clock_mono_ms() < end; i += n) {
		n = list->n_groups - i < ROUND ? list->n_groups - i : ROUND;
		good = ask_round(run, list, catalog, &order[i], n, lags);
	}
	free(order);
	return good;
}

/* What is not known of a group, and why; empty: all is. */
static void
add_note(struct buf *note, const struct inquiry_group *g, const struct group_lag *lag)
{
	if (g->known != MEMBERS_KNOWN)
		buf_addf(note, "members: %s", members_reason(g->known));
	if (lag->why)
		buf_addf(note, "%soffsets: %s", note->n ? "; " : "", lag->why);
	if (lag->beyond > 0)
		buf_addf(note, "%scommitted beyond the end on %lld partition%s", note->n ? "; " : "",
			 (long long)lag->beyond, lag->beyond == 1 ? "" : "s");
}

static void
print_text(const struct inquiry *list, const struct all_lags *lags)
{
	static const struct column columns[] = {
		{"GROUP", false}, {"STATE", false}, {"PROTOCOL", false}, {"MEMBERS", true}, {"TOPICS", true},
		{"PARTITIONS", true}, {"LAG", true}, {"NOTE", false},
	};
	struct columns table = columns_new(columns, sizeof(columns) / sizeof(columns[0]));
	struct buf note = {0};
	char protocol[128];

	for (size_t i = 0; i < list->n_groups; i++) {
		const struct inquiry_group *g = &list->groups[i];

		cmd_groups_protocol(g, protocol, sizeof(protocol));
		buf_clear(&note);
		add_note(&note, g, &lags->of[i]);
		columns_text(&table, g->name);
		columns_text(&table, g->state);
		columns_text(&table, protocol);
		columns_number(&table, g->members);
		columns_number(&table, lags->of[i].topics);
		columns_number(&table, lags->of[i].partitions);
		columns_number(&table, lags->of[i].lag);
		columns_text(&table, buf_cstr(&note));
	}
	columns_print(&table);
	columns_free(&table);
	buf_free(&note);
}

static json_t *
group_json(const struct inquiry_group *g, const struct group_lag *lag)
{
	struct buf note = {0};
	json_t *json;

	add_note(&note, g, lag);
	json = json_pack("{s:o s:o s:o s:o s:o s:o s:o s:o s:o}", "group", cmd_groups_text(g->name), "state",
			 cmd_groups_text(g->state), "type", cmd_groups_text(g->type), "assignor",
			 cmd_groups_text(g->assignor), "members", cmd_groups_number(g->members), "topics",
			 cmd_groups_number(lag->topics), "committed_partitions", cmd_groups_number(lag->partitions),
			 "total_lag", cmd_groups_number(lag->lag), "note", cmd_groups_text(buf_cstr(&note)));
	buf_free(&note);
	return json;
}

static void
print_json(const struct inquiry *list, const struct all_lags *lags)
{
	json_t *groups = json_array();

	for (size_t i = 0; i < list->n_groups; i++)
		json_array_append_new(groups, group_json(&list->groups[i], &lags->of[i]));
	cmd_groups_print(json_pack("{s:o s:I s:I s:o}", "groups", groups, "not_asked", (json_int_t)lags->not_asked,
				    "left_out", (json_int_t)list->groups_left, "problem",
				    cmd_groups_text(list->err.text)));
}

/* What the list lacks, on stderr. */
static void
say_limits(const struct groups_run *run, const struct inquiry *list, const struct all_lags *lags)
{
	struct err said;

	if (list->err.text[0])
		cmd_complain(list->err.text);
	if (lags->problem.text[0])
		cmd_complain(lags->problem.text);
	if (list->groups_left) {
		err_set(&said, "%zu more groups are left out: %zu are listed at most", list->groups_left,
			list->n_groups);
		cmd_complain(said.text);
	}
	if (lags->not_asked) {
		err_set(&said, "%zu of %zu groups were not asked for their lag within %.10g s: give them more with "
			"--timeout", lags->not_asked, list->n_groups, options_number(run->options, OPT_TIMEOUT));
		cmd_complain(said.text);
	}
}

static int
list_with_lags(const struct groups_run *run, const struct inquiry *list, struct err *err)
{
	struct inquiry *catalog = cmd_groups_catalog(run, err);
	struct all_lags lags = {.of = xcalloc(list->n_groups + 1, sizeof(*lags.of))};
	bool good = catalog != NULL;

	for (size_t i = 0; i < list->n_groups; i++)
		lags.of[i] = (struct group_lag){-1, -1, -1, 0, NULL};
	if (good && !ask_lags(run, list, catalog, &lags))
		good = err_set(err, "the brokers stopped answering: what was not asked is shown as -");
	if (run->json)
		print_json(list, &lags);
	else
		print_text(list, &lags);
	if (catalog)
		say_limits(run, list, &lags);
	for (size_t i = 0; i < list->n_groups; i++)
		free(lags.of[i].why);
	free(lags.of);
	inquiry_free(catalog);
	return good ? EXIT_DONE : EXIT_FAILED;
}

int
cmd_groups_list(const struct groups_run *run, struct err *err)
{
	struct inquiry *list = inquirer_ask(run->inquirer, inquiry_new(INQUIRY_GROUPS, NULL, NULL), err);
	int status = EXIT_FAILED;

	if (list && list->ok)
		status = list_with_lags(run, list, err);
	else if (list)
		*err = list->err;
	inquiry_free(list);
	return status;
}
