/* SPDX-License-Identifier: MIT */
#include "cmd_groups.h"

#include "base/alloc.h"
#include "cmd.h"
#include "columns.h"
#include "kafka/seek.h"
#include "kafka/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED = 4 };

struct reset {
	struct seek to;
	bool dry;
	size_t clamped;    /* partitions that have no such offset */
	size_t unreadable; /* .. whose marks nobody tells */
	int64_t again, skipped; /* offsets, in all */
};

/* --- Which partitions ------------------------------------------------------- */

/* Only what the command line names: topics of the configuration file are to be read. */
static bool
is_argument(const struct options *o, size_t i)
{
	return options_item_origin(o, OPT_TOPIC, i)[0] == '-';
}

static bool
no_such_topic(const struct inquiry *catalog, const char *name, struct err *err)
{
	const char **names = xcalloc(catalog->n_topics + 1, sizeof(*names));
	const char *nearest;

	for (size_t i = 0; i < catalog->n_topics; i++)
		names[i] = catalog->topics[i].name;
	nearest = topic_nearest(name, names, catalog->n_topics);
	if (nearest)
		err_set(err, "there is no topic %s; did you mean %s?", name, nearest);
	else
		err_set(err, "there is no topic %s", name);
	free(names);
	return false;
}

static bool
choose_topic(const struct inquiry *catalog, const char *name, bool *topics, struct err *err)
{
	for (size_t i = 0; i < catalog->n_topics; i++)
		if (strcmp(catalog->topics[i].name, name) == 0)
			return topics[i] = true;
	return no_such_topic(catalog, name, err);
}

/* The topics of --topic, else those that the group committed on. NULL with a sentence. */
static bool *
choose_topics(const struct groups_run *run, const struct inquiry *group, struct err *err)
{
	const struct strings *named = options_list(run->options, OPT_TOPIC);
	bool *topics = xcalloc(group->n_topics + 1, sizeof(*topics)), any = false, good = true;

	for (size_t i = 0; i < named->n && good; i++)
		if (is_argument(run->options, i))
			any = good = choose_topic(group, named->item[i], topics, err);
	if (good && !any) {
		free(topics);
		topics = inquiry_group_topics(group, &any);
		good = any || err_set(err, "group %s has committed nothing: name a topic with --topic to make it "
				      "start there", run->group);
	}
	if (good)
		return topics;
	free(topics);
	return NULL;
}

/* --- Whether it may be ------------------------------------------------------ */

static bool
refuse_members(const struct groups_run *run, const struct inquiry *q, struct err *err)
{
	struct buf names = {0};

	if (q->n_members == 0)
		return true;
	for (size_t i = 0; i < q->n_members && i < NAMED; i++)
		buf_addf(&names, "%s%s on %s", i ? ", " : "", q->members[i].client,
			 q->members[i].host + (q->members[i].host[0] == '/'));
	if (q->n_members > NAMED)
		buf_str(&names, ", ..");
	err_set(err, "group %s has %zu member%s (%s): end %s first, then reset it", run->group, q->n_members,
		q->n_members == 1 ? "" : "s", buf_cstr(&names), q->n_members == 1 ? "it" : "them");
	buf_free(&names);
	return false;
}

/* --- Where to --------------------------------------------------------------- */

static void
aim(struct reset *r, struct inquiry_spot *s, const struct inquiry_spot *before)
{
	int64_t at = s->at;

	s->committed = before->committed;
	s->at = -1;
	if (s->low < 0 || s->end < 0) {
		r->unreadable++;
		return;
	}
	s->at = seek_offset(&r->to, s->low, s->end, at);
	if (r->to.kind == SEEK_OFFSET && s->at != r->to.number)
		r->clamped++;
}

/* The marks of the chosen partitions, `committed` as it was, `at` where to. */
static struct inquiry *
aim_all(const struct groups_run *run, struct reset *r, const struct inquiry *group, struct err *err)
{
	bool *topics = choose_topics(run, group, err);
	struct inquiry *q;

	if (!topics)
		return NULL;
	q = inquiry_new(INQUIRY_PLACES, NULL, NULL);
	for (size_t i = 0; i < group->n_topics; i++)
		inquiry_add_topic(q, group->topics[i].name);
	for (size_t i = 0; i < group->n_spots; i++)
		if (topics[group->spots[i].topic_no])
			inquiry_add_spot(q, group->spots[i].topic_no, group->spots[i].partition);
	free(topics);
	q->time = r->to.kind == SEEK_TIME ? r->to.number : -1;
	q = inquirer_ask(run->inquirer, q, err);
	if (!q)
		return NULL;
	if (!q->ok || (q->time >= 0 && !q->times)) {
		if (q->ok)
			err_set(err, "this broker does not translate times into offsets: take beginning, end or an "
				"offset instead of @TIME");
		else
			*err = q->err;
		inquiry_free(q);
		return NULL;
	}
	for (size_t i = 0; i < q->n_spots; i++)
		aim(r, &q->spots[i], inquiry_spot(group, q->spots[i].topic_no, q->spots[i].partition));
	return q;
}

/* --- What it did ------------------------------------------------------------ */

/* Offsets that are read again (below 0) or skipped by it; false where it is not known. */
static bool
difference(const struct inquiry_spot *s, int64_t *out)
{
	int64_t from = s->committed < s->low ? s->low : s->committed;

	if (s->committed < 0 || s->at < 0 || s->refused)
		return false;
	*out = s->at - (from > s->end ? s->end : from);
	return true;
}

static void
add_effect(struct columns *table, const struct inquiry_spot *s)
{
	char text[128] = "";
	int64_t n;

	if (s->refused)
		snprintf(text, sizeof(text), "refused: %s", s->refused);
	else if (s->at < 0)
		snprintf(text, sizeof(text), "left alone: its marks are not known");
	else if (!difference(s, &n))
		snprintf(text, sizeof(text), "first commit");
	else if (n)
		snprintf(text, sizeof(text), "%lld %s", (long long)(n < 0 ? -n : n), n < 0 ? "read again" : "skipped");
	else
		snprintf(text, sizeof(text), "none");
	columns_text(table, text);
}

static void
print_text(const struct groups_run *run, const struct reset *r, const struct inquiry *q)
{
	static const struct column columns[] = {
		{"TOPIC", false}, {"PARTITION", true}, {"BEFORE", true}, {"AFTER", true}, {"OFFSETS", false},
	};
	struct columns table = columns_new(columns, sizeof(columns) / sizeof(columns[0]));

	for (size_t i = 0; i < q->n_spots; i++) {
		const struct inquiry_spot *s = &q->spots[i];

		columns_text(&table, q->topics[s->topic_no].name);
		columns_number(&table, s->partition);
		columns_number(&table, s->committed);
		columns_number(&table, s->refused ? s->committed : s->at);
		add_effect(&table, s);
	}
	columns_print(&table);
	columns_free(&table);
	printf("\n%lld offsets %s read again, %lld skipped%s\n", (long long)r->again, r->dry ? "would be" : "will be",
	       (long long)r->skipped, r->dry ? "; nothing was committed (--dry-run)" : "");
	(void)run;
}

static json_t *
spot_json(const struct inquiry *q, const struct inquiry_spot *s)
{
	int64_t n;
	bool known = difference(s, &n);

	return json_pack("{s:o s:I s:o s:o s:o s:o s:o}", "topic", cmd_groups_text(q->topics[s->topic_no].name),
			 "partition", (json_int_t)s->partition, "before", cmd_groups_number(s->committed), "after",
			 cmd_groups_number(s->refused ? s->committed : s->at), "read_again",
			 known ? json_integer(n < 0 ? -n : 0) : json_null(), "skipped",
			 known ? json_integer(n > 0 ? n : 0) : json_null(), "refused", cmd_groups_text(s->refused));
}

static void
print_json(const struct groups_run *run, const struct reset *r, const struct inquiry *q)
{
	json_t *partitions = json_array();

	for (size_t i = 0; i < q->n_spots; i++)
		json_array_append_new(partitions, spot_json(q, &q->spots[i]));
	cmd_groups_print(json_pack("{s:o s:b s:o s:I s:I}", "group", cmd_groups_text(run->group), "dry_run",
				   (int)r->dry, "partitions", partitions, "read_again", (json_int_t)r->again, "skipped",
				    (json_int_t)r->skipped));
}

static void
say_exceptions(const struct reset *r)
{
	struct err said;

	if (r->clamped) {
		err_set(&said, "%zu partition%s no offset %lld: the nearest there is was taken", r->clamped,
			r->clamped == 1 ? " has" : "s have", (long long)r->to.number);
		cmd_complain(said.text);
	}
	if (r->unreadable) {
		err_set(&said, "the marks of %zu partition%s are not known: left alone", r->unreadable,
			r->unreadable == 1 ? "" : "s");
		cmd_complain(said.text);
	}
}

/* --- */

static bool
is_aimed(const struct inquiry_spot *spot)
{
	return spot->at >= 0;
}

/* False when something was refused; AIMED knows then what. */
static bool
commit(const struct groups_run *run, struct inquiry *aimed, struct err *err)
{
	struct inquiry *q = cmd_groups_ask(run, INQUIRY_RESET, run->group, aimed, is_aimed, err);
	bool good = q && q->ok, some = false;

	for (size_t i = 0; q && i < q->n_spots; i++) {
		struct inquiry_spot *s = inquiry_spot(aimed, q->spots[i].topic_no, q->spots[i].partition);

		s->refused = q->spots[i].refused;
		some |= !s->refused;
	}
	if (!good && q)
		*err = q->err;
	aimed->ok = good || (some && q && q->n_spots > 0 && aimed->ok);
	inquiry_free(q);
	return good;
}

static bool
is_partly_done(const struct inquiry *q)
{
	bool done = false, refused = false;

	for (size_t i = 0; i < q->n_spots; i++) {
		refused |= q->spots[i].refused != NULL;
		done |= q->spots[i].at >= 0 && !q->spots[i].refused;
	}
	return done && refused;
}

static void
count(struct reset *r, const struct inquiry *q)
{
	int64_t n;

	for (size_t i = 0; i < q->n_spots; i++)
		if (difference(&q->spots[i], &n) && n < 0)
			r->again -= n;
		else if (difference(&q->spots[i], &n))
			r->skipped += n;
}

static bool
carry_out(const struct groups_run *run, struct reset *r, struct inquiry *aimed, struct err *err)
{
	bool good = r->dry || commit(run, aimed, err);

	if (!good && !is_partly_done(aimed))
		return false;
	count(r, aimed);
	if (run->json)
		print_json(run, r, aimed);
	else
		print_text(run, r, aimed);
	say_exceptions(r);
	return good && !r->unreadable;
}

static bool
reset_group(const struct groups_run *run, struct reset *r, const struct inquiry *catalog, struct err *err)
{
	struct inquiry *group = cmd_groups_ask(run, INQUIRY_GROUP, run->group, catalog, NULL, err), *aimed = NULL;
	bool good = false;

	if (group && !group->committed && catalog->n_spots)
		*err = group->err;
	else if (group && refuse_members(run, group, err))
		aimed = aim_all(run, r, group, err);
	if (aimed)
		good = carry_out(run, r, aimed, err);
	inquiry_free(aimed);
	inquiry_free(group);
	return good;
}

static bool
check_usage(const struct groups_run *run, struct reset *r, struct err *err)
{
	const char *to = options_text(run->options, OPT_TO);

	if (!to)
		return err_set(err, "groups reset wants to know where to: --to beginning, end, an offset N, -N (so "
			       "many before the end) or @TIME");
	if (!seek_parse(to, &r->to, err))
		return options_blame(run->options, OPT_TO, err);
	if (options_flag(run->options, OPT_READ_ONLY) && !r->dry)
		return err_set(err, "--read-only: groups reset would write to the cluster; --dry-run only says what it "
			       "would do");
	return true;
}

int
cmd_groups_reset(const struct groups_run *run, struct err *err)
{
	struct reset r = {.dry = options_flag(run->options, OPT_DRY_RUN)};
	struct inquiry *catalog;
	bool good;

	if (!check_usage(run, &r, err))
		return EXIT_USAGE;
	catalog = cmd_groups_catalog(run, err);
	good = catalog && reset_group(run, &r, catalog, err);
	inquiry_free(catalog);
	return good ? EXIT_DONE : EXIT_FAILED;
}
