/* SPDX-License-Identifier: MIT */
#include "ui/screen.h"

#include "base/units.h"

#include <stdio.h>

enum { TEXT_W = 66 };

const struct screen *const screens[] = {
	&screen_experiments, &screen_partitions, &screen_records, &screen_rates,
	&screen_groups, &screen_checks, &screen_log, NULL,
};

const struct screen *const chooser_screens[] = {&screen_topics, &screen_log, NULL};

const struct screen *const rate_screens[] = {&screen_producers, &screen_log, NULL};

int
screen_rows(const struct screen *screen, int h)
{
	int rows = screen->rows ? screen->rows(h) : h - 1;

	return rows > 1 ? rows : 1;
}

bool
screen_many_topics(const struct view *view)
{
	return view->head.topics.p && memchr(view->head.topics.p, ',', view->head.topics.n);
}

bool
screen_has_rows(struct canvas *c, struct rect area, const struct view *view, enum view_kind kind)
{
	bool ours = view->query.kind == kind;

	if (ours && view->n > 0)
		return true;
	if (ours || view->head.status.link == LINK_CONNECTING)
		screen_draw_empty(c, area, view);
	return false;
}

int
screen_rows_and_remark(int h)
{
	return h - 2;
}

struct rect
screen_draw_remark(struct canvas *c, struct rect area, const struct view *view, const char *remark)
{
	enum { LINES = 3 };
	struct canvas *nowhere = canvas_new(0, 0);
	enum style style = view->survey_problem.p || view->beyond > 0 ? STYLE_WARN : STYLE_DIM;
	char beyond[64], n[UNITS_TEXT];
	struct slice text = view->survey_problem;
	int lines;

	snprintf(beyond, sizeof(beyond), "%s more are there, and not shown", units_count(n, view->beyond));
	if (!text.p)
		text = slice_str(view->beyond > 0 ? beyond : remark);
	lines = canvas_wrap(nowhere, (struct rect){0, 0, LINES, area.w - 2}, style, text);
	canvas_free(nowhere);
	area.h -= lines;
	canvas_wrap(c, (struct rect){area.y + area.h, area.x + 1, lines, area.w - 2}, style, text);
	return area;
}

/* ---- the empty list ---- */

/* Sentences one below the other: what is so, why, what to press. */
struct notice {
	struct canvas *c;
	struct rect rest;
	const struct view_head *head;
};

static struct notice
notice_in(struct canvas *c, struct rect area, const struct view_head *head)
{
	int w = area.w - 4 < TEXT_W ? area.w - 4 : TEXT_W, above = area.h / 4;

	return (struct notice){c, {area.y + above, area.x + (area.w - w) / 2, area.h - above, w}, head};
}

static void
skip_lines(struct notice *n, int lines)
{
	n->rest.y += lines;
	n->rest.h -= lines;
}

static void notice_say(struct notice *n, enum mark mark, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The headline: what is so. */
static void
notice_say(struct notice *n, enum mark mark, enum style style, const char *fmt, ...)
{
	struct rect text = {n->rest.y, n->rest.x + 2, n->rest.h, n->rest.w - 2};
	struct buf line = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&line, fmt, ap);
	va_end(ap);
	if (n->rest.h > 0)
		canvas_text(n->c, n->rest.y, n->rest.x, 1, style, theme_mark(mark));
	skip_lines(n, canvas_wrap(n->c, text, STYLE_STRONG, (struct slice){line.p, line.n}));
	buf_free(&line);
}

/* Below it: why. Nothing when SENTENCE is empty. */
static void
notice_why(struct notice *n, const char *sentence)
{
	struct rect text = {n->rest.y, n->rest.x + 2, n->rest.h, n->rest.w - 2};

	if (sentence[0])
		skip_lines(n, canvas_wrap(n->c, text, STYLE_NORMAL, slice_str(sentence)));
}

static void notice_key(struct notice *n, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A line further down: what to press. */
static void
notice_key(struct notice *n, const char *key, const char *fmt, ...)
{
	int x = n->rest.x + 2, end = n->rest.x + n->rest.w;
	struct buf line = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&line, fmt, ap);
	va_end(ap);
	if (n->rest.h > 0) {
		x += canvas_text(n->c, n->rest.y, x, end - x, STYLE_KEY, key) + 1;
		canvas_slice(n->c, n->rest.y, x, end - x, STYLE_NORMAL, (struct slice){line.p, line.n});
	}
	skip_lines(n, 1);
	buf_free(&line);
}

#define SLICE(s) (int)(s).n, (s).p

static void
say_filtered(struct notice *n, const struct view *view)
{
	char total[UNITS_TEXT];

	notice_say(n, MARK_WAIT, STYLE_WARN, "None of the %s rows matches the filter \"%s\".",
		   units_count(total, view->total), view->query.filter);
	skip_lines(n, 1);
	notice_key(n, "\\", "changes the filter");
	notice_key(n, "Esc", "shows all rows");
}

static void
say_link(struct notice *n)
{
	const struct view_head *head = n->head;

	if (head->status.link == LINK_CONNECTING && !head->status.sentence[0]) {
		notice_say(n, MARK_WAIT, STYLE_WARN, "Connecting to %.*s ..", SLICE(head->cluster));
		skip_lines(n, 1);
		notice_key(n, "q", "quits");
		return;
	}
	notice_say(n, MARK_BAD, STYLE_BAD, "No connection to %.*s.", SLICE(head->cluster));
	notice_why(n, head->status.sentence[0] ? head->status.sentence : "Trying on.");
	skip_lines(n, 1);
	notice_key(n, "7", "the log has the details");
	notice_key(n, "q", "quits");
}

/* True when the group is what we wait for. */
static bool
say_group(struct notice *n)
{
	const struct source_status *status = &n->head->status;
	const struct slice group = n->head->group;

	switch (status->group_state) {
	case GROUP_LOOKING:
		notice_say(n, MARK_WAIT, STYLE_WARN, "Looking who is in group %.*s ..", SLICE(group));
		break;
	case GROUP_DECLINED:
		notice_say(n, MARK_WAIT, STYLE_WARN, "Group %.*s was not joined, as you wished: nothing is read. "
			   "To read without a group start without -G; to see what the group does, with --watch %.*s.",
			   SLICE(group), SLICE(group));
		break;
	case GROUP_ASKING:
		notice_say(n, MARK_WAIT, STYLE_WARN,
			   "Group %.*s is not joined yet: the question below waits for your answer.", SLICE(group));
		break;
	case GROUP_JOINING:
		notice_say(n, MARK_WAIT, STYLE_WARN, "Joining group %.*s ..", SLICE(group));
		break;
	case GROUP_LOST:
		notice_say(n, MARK_BAD, STYLE_BAD, "Group %.*s has put us out; joining it again.", SLICE(group));
		break;
	case GROUP_MEMBER:
		if (n->head->assigned > 0)
			return false;
		notice_say(n, MARK_WAIT, STYLE_WARN,
			   "We are a member of group %.*s, but it has more members than partitions: "
			   "none is left for us.", SLICE(group));
		break;
	case GROUP_NONE:
		return false;
	}
	notice_why(n, status->group_sentence);
	notice_why(n, status->sentence);
	skip_lines(n, 1);
	if (status->group_state == GROUP_ASKING) {
		notice_key(n, "y", "joins");
		notice_key(n, "n", "does not");
	}
	notice_key(n, "q", "quits");
	return true;
}

static const char *
partitions_text(char out[64], size_t n)
{
	char count[UNITS_TEXT];

	snprintf(out, 64, "%s partition%s", units_count(count, (int64_t)n), n == 1 ? "" : "s");
	return out;
}

static void
say_waiting(struct notice *n)
{
	const struct view_head *head = n->head;
	char partitions[64], there[UNITS_TEXT];

	partitions_text(partitions, head->assigned);
	if (head->there == 0) {
		notice_say(n, MARK_IN, STYLE_GOOD, "%.*s is empty: no record in %s, waiting.", SLICE(head->topics),
			   partitions);
		skip_lines(n, 1);
		notice_key(n, "q", "quits");
		return;
	}
	notice_say(n, MARK_IN, STYLE_GOOD, "At the end of %s, waiting.", partitions);
	skip_lines(n, 1);
	if (head->there > 0)
		notice_key(n, "b", "reads what is already there, %s offset%s", units_count(there, head->there),
			   head->there == 1 ? "" : "s");
	else
		notice_key(n, "b", "reads what is already there");
}

/* Records came, but none that would make a row here. */
static void
say_nothing_known(struct notice *n)
{
	const struct view_head *head = n->head;
	char records[UNITS_TEXT], undecodable[UNITS_TEXT];

	notice_say(n, MARK_WAIT, STYLE_WARN, "%s record%s, but nothing to show here.",
		   units_count(records, head->records), head->records == 1 ? "" : "s");
	if (head->undecodable > 0) {
		notice_say(n, MARK_BAD, STYLE_BAD, "%s could not be decoded, the last:",
			   units_count(undecodable, head->undecodable));
		skip_lines(n, canvas_wrap(n->c, (struct rect){n->rest.y, n->rest.x + 2, n->rest.h, n->rest.w - 2},
					  STYLE_NORMAL, head->last_undecodable));
	}
	skip_lines(n, 1);
	notice_key(n, "3", "shows the records");
}

static void
say_reading(struct notice *n)
{
	const struct view_head *head = n->head;
	char partitions[64];

	if (head->status.link == LINK_OFFLINE) {
		notice_say(n, MARK_WAIT, STYLE_WARN, head->status.at_end ? "The recording %.*s holds no record."
									 : "Reading the recording %.*s ..",
			   SLICE(head->cluster));
	} else if (head->partitions == 0 && head->status.sentence[0]) {
		notice_say(n, MARK_BAD, STYLE_BAD, "No partitions of %.*s.", SLICE(head->topics));
		notice_why(n, head->status.sentence);
	} else if (head->partitions == 0) {
		notice_say(n, MARK_WAIT, STYLE_WARN, "Asking %.*s for the partitions of %.*s ..", SLICE(head->cluster),
			   SLICE(head->topics));
	} else {
		notice_say(n, MARK_WAIT, STYLE_WARN, "Reading %s of %.*s ..",
			   partitions_text(partitions, head->assigned), SLICE(head->topics));
		notice_why(n, head->status.sentence);
	}
	skip_lines(n, 1);
	notice_key(n, "q", "quits");
}

/* The list of the whole cluster's groups or topics is not there yet, or is empty. */
static void
say_survey(struct notice *n, const struct view *view, const char *what)
{
	const struct slice cluster = n->head->cluster;

	if (n->head->status.link == LINK_OFFLINE) {
		notice_say(n, MARK_WAIT, STYLE_WARN, "A recording knows no %ss: it holds records only.", what);
	} else if (view->survey_problem.p) {
		notice_say(n, MARK_BAD, STYLE_BAD, "The %ss of %.*s are not known.", what, SLICE(cluster));
		skip_lines(n, canvas_wrap(n->c, (struct rect){n->rest.y, n->rest.x + 2, n->rest.h, n->rest.w - 2},
					  STYLE_NORMAL, view->survey_problem));
	} else if (!view->surveyed) {
		notice_say(n, MARK_WAIT, STYLE_WARN, "Asking %.*s for its %ss ..", SLICE(cluster), what);
	} else {
		notice_say(n, MARK_IN, STYLE_GOOD, "There is no %s on %.*s yet, or none that we may see.", what,
			   SLICE(cluster));
	}
	skip_lines(n, 1);
}

static void
say_no_group(struct notice *n, const struct view *view)
{
	say_survey(n, view, "group");
	if (view->surveyed && !view->survey_problem.p) {
		notice_why(n, "A group is there as soon as a consumer joins it or commits for it, as with "
			      "exptop consume -G GROUP TOPIC in another terminal.");
		skip_lines(n, 1);
	}
	notice_key(n, "1", "goes back to the experiments");
}

static void
say_no_topic(struct notice *n, const struct view *view)
{
	say_survey(n, view, "topic");
	if (view->surveyed && !view->survey_problem.p) {
		notice_why(n, "In another terminal, exptop topics create NAME makes one, and exptop produce --create "
			      "NAME makes it with its first record; it will be listed here.");
		skip_lines(n, 1);
	}
	notice_key(n, "q", "quits");
}

void
screen_draw_empty(struct canvas *c, struct rect area, const struct view *view)
{
	const struct view_head *head = &view->head;
	struct notice n = notice_in(c, area, head);

	if (n.rest.w < 4 || n.rest.h <= 0)
		return;
	if (view->total > 0 && view->query.filter[0])
		say_filtered(&n, view);
	else if (head->status.link == LINK_CONNECTING || head->status.link == LINK_DOWN)
		say_link(&n);
	else if (view->query.kind == VIEW_GROUPS)
		say_no_group(&n, view);
	else if (view->query.kind == VIEW_TOPICS)
		say_no_topic(&n, view);
	else if (say_group(&n))
		return;
	else if (head->records > 0)
		say_nothing_known(&n);
	else if (head->status.at_end && head->status.link != LINK_OFFLINE)
		say_waiting(&n);
	else
		say_reading(&n);
}
