/* SPDX-License-Identifier: MIT */
#include "cmd_groups.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/units.h"
#include "cmd.h"
#include "columns.h"
#include "model/lag.h"
#include "model/pace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE_MS = 1000 };

/* A group at one moment. */
struct look {
	struct inquiry *group; /* about every partition of the cluster */
	const struct inquiry_spot **spots; /* the group's: those it has to do with */
	size_t n_spots;
	int64_t committed, end, lag; /* sums over the `summed` that it committed on; lag -1: one is unknown */
	int64_t *member_lag;   /* of each member; -1: of a partition of its unknown */
	size_t summed, beyond; /* beyond: committed beyond the end */
};

static void
look_free(struct look *l)
{
	inquiry_free(l->group);
	free(l->spots);
	free(l->member_lag);
	*l = (struct look){0};
}

/* One more of the partitions that the group has to do with. */
static void
add_spot(struct look *l, const struct inquiry_spot *s)
{
	int64_t lag = lag_of(s->committed, s->end);

	l->spots[l->n_spots++] = s;
	l->beyond += lag_beyond(s->committed, s->end);
	if (s->committed >= 0) {
		l->committed += s->committed;
		l->end += s->end;
		l->summed++;
		lag_add(&l->lag, lag);
	}
	if (s->member >= 0)
		lag_add(&l->member_lag[s->member], lag);
}

/* One answer: its ends were asked after the commits. */
static bool
take_look(const struct groups_run *run, const struct inquiry *catalog, struct look *l, struct err *err)
{
	bool *topics, any;

	*l = (struct look){.group = cmd_groups_ask(run, INQUIRY_GROUP, run->group, catalog, NULL, err)};
	if (!l->group)
		return false;
	l->spots = xcalloc(l->group->n_spots + 1, sizeof(*l->spots));
	l->member_lag = xcalloc(l->group->n_members + 1, sizeof(*l->member_lag));
	topics = inquiry_group_topics(l->group, &any);
	for (size_t i = 0; i < l->group->n_spots; i++)
		if (topics[l->group->spots[i].topic_no])
			add_spot(l, &l->group->spots[i]);
	free(topics);
	if (l->summed == 0)
		l->lag = -1;
	return true;
}

static bool
is_there(const struct groups_run *run, const struct look *l, struct err *err)
{
	const struct inquiry *q = l->group;

	if (q->n_groups > 0 || q->n_members > 0 || l->n_spots > 0)
		return true;
	if (q->err.text[0]) {
		*err = q->err;
		return false;
	}
	if (q->embedded)
		return err_set(err, "group %s has committed nothing, and the embedded broker does not tell more",
			       run->group);
	return err_set(err, "there is no group %s; exptop groups lists those there are", run->group);
}

/* --- Text ------------------------------------------------------------------- */

static const char *
host_of(const struct inquiry_member *m)
{
	return m->host + (m->host[0] == '/');
}

static void
print_head(const struct groups_run *run, const struct look *l)
{
	const struct inquiry_group unknown = {.members = -1}, *g = l->group->n_groups ? l->group->groups : &unknown;
	struct columns line;
	static const struct column columns[] = {
		{"GROUP", false}, {"STATE", false}, {"PROTOCOL", false}, {"MEMBERS", true}, {"LAG", true},
	};
	char protocol[128];

	cmd_groups_protocol(g, protocol, sizeof(protocol));
	line = columns_new(columns, sizeof(columns) / sizeof(columns[0]));
	columns_text(&line, run->group);
	columns_text(&line, g->state);
	columns_text(&line, protocol);
	columns_number(&line, g->members);
	columns_number(&line, l->lag);
	columns_print(&line);
	columns_free(&line);
}

static void
print_partitions(const struct look *l)
{
	static const struct column columns[] = {
		{"TOPIC", false}, {"PARTITION", true}, {"COMMITTED", true}, {"END", true}, {"LAG", true},
		{"MEMBER", false}, {"HOST", false},
	};
	struct columns table = columns_new(columns, sizeof(columns) / sizeof(columns[0]));

	for (size_t i = 0; i < l->n_spots; i++) {
		const struct inquiry_spot *s = l->spots[i];
		const struct inquiry_member *m = s->member >= 0 ? &l->group->members[s->member] : NULL;

		columns_text(&table, l->group->topics[s->topic_no].name);
		columns_number(&table, s->partition);
		columns_number(&table, s->committed);
		columns_number(&table, s->end);
		columns_number(&table, lag_of(s->committed, s->end));
		columns_text(&table, m ? m->client : NULL);
		columns_text(&table, m ? host_of(m) : NULL);
	}
	putchar('\n');
	columns_print(&table);
	columns_free(&table);
}

/* What the dashes among the lags mean, one line for all partitions. */
static void
print_beyond(const struct look *l)
{
	if (l->beyond == 0)
		return;
	printf("\nCommitted beyond the end on %zu partition%s: the topic was made anew or lost records; the lag is not "
	       "known.\n", l->beyond, l->beyond == 1 ? "" : "s");
}

static void
print_members(const struct look *l)
{
	static const struct column columns[] = {
		{"MEMBER", false}, {"HOST", false}, {"PARTITIONS", true}, {"LAG", true}, {"ID", false},
	};
	const struct inquiry *q = l->group;
	struct columns table;

	if (q->known != MEMBERS_KNOWN)
		printf("\nIts members are not known: %s.\n", members_reason(q->known));
	if (q->n_members == 0)
		return;
	table = columns_new(columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < q->n_members; i++) {
		columns_text(&table, q->members[i].client);
		columns_text(&table, host_of(&q->members[i]));
		columns_number(&table, (int64_t)q->members[i].owns);
		columns_number(&table, l->member_lag[i]);
		columns_text(&table, q->members[i].id);
	}
	putchar('\n');
	columns_print(&table);
	columns_free(&table);
}

static const char *const trends[] = {
	[TREND_UNKNOWN] = "unknown", [TREND_KEEPS_UP] = "keeps up", [TREND_STEADY] = "steady",
	[TREND_GROWING] = "growing", [TREND_DRAINING] = "draining",
};

static void
print_pace(const struct pace *pace, int64_t lag)
{
	char consumed[UNITS_TEXT], produced[UNITS_TEXT], age[UNITS_TEXT];
	double eta = pace_eta(pace, lag);

	printf("\nreads %s/s of %s/s produced: %s", units_rate(consumed, pace->consumption),
	       units_rate(produced, pace->production), trends[pace->trend]);
	if (isfinite(eta) && eta > 0)
		printf(", caught up in %s", units_age(age, (int64_t)(eta * 1000)));
	putchar('\n');
}

/* --- JSON ------------------------------------------------------------------- */

static json_t *
partition_json(const struct look *l, const struct inquiry_spot *s)
{
	const struct inquiry_member *m = s->member >= 0 ? &l->group->members[s->member] : NULL;

	return json_pack("{s:o s:I s:o s:o s:o s:b s:o s:o s:o}", "topic",
			 cmd_groups_text(l->group->topics[s->topic_no].name), "partition", (json_int_t)s->partition,
			 "committed", cmd_groups_number(s->committed), "end", cmd_groups_number(s->end), "lag",
			 cmd_groups_number(lag_of(s->committed, s->end)), "beyond_end",
			 (int)lag_beyond(s->committed, s->end), "member", cmd_groups_text(m ? m->client : NULL),
			 "member_id", cmd_groups_text(m ? m->id : NULL), "host",
			 cmd_groups_text(m ? host_of(m) : NULL));
}

static json_t *
members_json(const struct look *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->group->n_members; i++) {
		const struct inquiry_member *m = &l->group->members[i];

		json_array_append_new(list, json_pack("{s:o s:o s:o s:I s:o}", "client", cmd_groups_text(m->client),
						      "host", cmd_groups_text(host_of(m)), "id",
						      cmd_groups_text(m->id), "owned", (json_int_t)m->owns,
						      "total_lag", cmd_groups_number(l->member_lag[i])));
	}
	return list;
}

static json_t *
real_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static void
print_json(const struct groups_run *run, const struct look *l, const struct pace *pace)
{
	const struct inquiry *q = l->group;
	const struct inquiry_group unknown = {.members = -1}, *g = q->n_groups ? q->groups : &unknown;
	json_t *partitions = json_array(), *root;

	for (size_t i = 0; i < l->n_spots; i++)
		json_array_append_new(partitions, partition_json(l, l->spots[i]));
	root = json_pack("{s:o s:o s:o s:o s:o s:o s:o s:o s:o}", "group", cmd_groups_text(run->group), "state",
			 cmd_groups_text(g->state), "type", cmd_groups_text(g->type), "assignor",
			 cmd_groups_text(g->assignor), "partitions", partitions, "members",
			 q->known == MEMBERS_KNOWN ? members_json(l) : json_null(), "members_unknown",
			 cmd_groups_text(q->known == MEMBERS_KNOWN ? NULL : members_reason(q->known)), "total_lag",
			 cmd_groups_number(l->lag), "problem",
			 cmd_groups_text(q->err.text));
	if (pace)
		json_object_set_new(root, "rates", json_pack("{s:o s:o s:s s:o}", "consumption",
							     real_json(pace->consumption), "production",
							     real_json(pace->production), "trend", trends[pace->trend],
							     "caught_up_in_s", real_json(pace_eta(pace, l->lag))));
	cmd_groups_print(root);
}

/* --- */

/* Where the lag is not known, nor is how it changes. */
static void
add_pace(struct pace *pace, int64_t now, const struct look *l)
{
	if (l->lag >= 0)
		pace_add(pace, now, l->committed, l->end, l->summed);
}

/* Look on for --seconds; what was seen last stands in L. */
static bool
sample(const struct groups_run *run, const struct inquiry *catalog, struct look *l, struct pace *pace, struct err *err)
{
	int64_t now = clock_mono_ms(), end = now + cmd_run_ms(run->options), left;

	add_pace(pace, now, l);
	while ((left = end - clock_mono_ms()) > 0) {
		if (!inquirer_rest(run->inquirer, (int)(left < SAMPLE_MS ? left : SAMPLE_MS)))
			return err_set(err, "ended by a signal before the rates were measured");
		look_free(l);
		if (!take_look(run, catalog, l, err))
			return false;
		add_pace(pace, clock_mono_ms(), l);
	}
	return true;
}

static void
print_text(const struct groups_run *run, const struct look *l, const struct pace *pace)
{
	print_head(run, l);
	if (l->n_spots)
		print_partitions(l);
	print_beyond(l);
	print_members(l);
	if (pace)
		print_pace(pace, l->lag);
}

static bool
describe(const struct groups_run *run, const struct inquiry *catalog, struct look *l, struct err *err)
{
	bool measured = cmd_run_ms(run->options) >= 0 && l->summed > 0;
	struct pace pace = {0};

	if (!is_there(run, l, err))
		return false;
	if (cmd_run_ms(run->options) >= 0 && !measured)
		cmd_complain("no rate can be measured: the group has committed nothing");
	if (measured && !sample(run, catalog, l, &pace, err))
		return false;
	if (run->json)
		print_json(run, l, measured ? &pace : NULL);
	else
		print_text(run, l, measured ? &pace : NULL);
	if (l->group->err.text[0])
		cmd_complain(l->group->err.text); /* of one half; the other is printed */
	return true;
}

int
cmd_groups_describe(const struct groups_run *run, struct err *err)
{
	struct inquiry *catalog = cmd_groups_catalog(run, err);
	struct look look = {0};
	bool good = catalog && take_look(run, catalog, &look, err) && describe(run, catalog, &look, err);

	look_free(&look);
	inquiry_free(catalog);
	return good ? EXIT_DONE : EXIT_FAILED;
}
