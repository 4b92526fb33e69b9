/* SPDX-License-Identifier: MIT */
#include "ui/twin.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interruptible.h"
#include "base/pairs.h"
#include "base/signals.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>

#define uthash_malloc(size) xmalloc(size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

/* An experiment as it was said last. */
struct known {
	UT_hash_handle hh;
	enum stage stage;
	bool revoked;
	uint64_t round; /* in which it was seen last */
	size_t n;
	char id[];
};

struct twin {
	struct known *known;
	uint64_t round;
	bool began, cut_told;
	enum link_state link;
	enum group_state group;
	struct assignment assignment; /* the newest that was said */
	int64_t undecodable;
	char sentence[ERR_TEXT], group_sentence[256];
	char said[ERR_TEXT]; /* the notice told last: as the status it is no news */
};

struct twin *
twin_new(void)
{
	return xcalloc(1, sizeof(struct twin));
}

static void
forget(struct twin *t, struct known *k)
{
	HASH_DEL(t->known, k);
	free(k);
}

void
twin_free(struct twin *t)
{
	struct known *k, *next;

	if (!t)
		return;
	HASH_ITER(hh, t->known, k, next)
		forget(t, k);
	free(t);
}

/* ---- lines ---- */

static void
say(struct buf *out, const char *sentence)
{
	text_clean(out, slice_str(sentence));
}

static void
add_stages(struct buf *out, const struct view_head *head)
{
	for (int stage = STAGE_CONFIGURED; stage < STAGES; stage++)
		pairs_count(out, stage_name((enum stage)stage), head->stages[stage]);
}

void
twin_line(struct buf *out, const struct view *experiments)
{
	const struct view_head *head = &experiments->head;

	pairs_begin(out, experiments->now);
	buf_addf(out, "records %" PRId64, head->records);
	pairs_rate(out, "reading", head->reading);
	pairs_count(out, "lag", head->lag);
	pairs_count(out, "experiments", head->experiments);
	add_stages(out, head);
	pairs_count(out, "undecodable", head->undecodable);
	pairs_count(out, "repeated", head->repeated);
	pairs_count(out, "assigned", (int64_t)head->assigned);
	pairs_count(out, "partitions", (int64_t)head->partitions);
	pairs_count(out, "keys", head->checks.keys);
	pairs_count(out, "out-of-order", head->checks.faulty);
	if (head->watch.p) {
		buf_str(out, "  watched ");
		text_clean(out, head->watch);
		pairs_count(out, "watched-committed", head->watch_committed);
		pairs_count(out, "watched-lag", head->watch_lag);
	}
	if (head->group.p)
		pairs_count(out, "again", head->again);
	if (head->store.file.p) {
		pairs_count(out, "stored", head->store.records);
		pairs_count(out, "unstored", head->store.waiting);
	}
	if (head->producers.compared) {
		pairs_rate(out, "produced", head->producers.produced);
		pairs_rate(out, "planned", head->producers.planned);
	}
	if (head->watch.p)
		pairs_count(out, "watched-age", head->status.watch_age < 0 ? -1 : head->status.watch_age / 1000);
	buf_char(out, '\n');
}

/* ---- changes ---- */

static void
tell_link(struct twin *t, struct buf *out, const struct view *view)
{
	static const char *const words[] = {
		[LINK_CONNECTING] = "connecting",
		[LINK_UP] = "connected",
		[LINK_DOWN] = "disconnected, trying on",
		[LINK_OFFLINE] = "a recording",
		[LINK_ENDED] = "the producers have ended",
	};
	const struct view_head *head = &view->head;

	if (t->began && t->link == head->status.link)
		return;
	t->link = head->status.link;
	pairs_begin(out, view->now);
	buf_str(out, "cluster ");
	text_clean(out, head->cluster);
	buf_addf(out, ": %s\n", words[t->link]);
}

static void
tell_error(struct twin *t, struct buf *out, const struct view *view)
{
	const char *sentence = view->head.status.sentence;

	if (strcmp(t->sentence, sentence) == 0)
		return;
	snprintf(t->sentence, sizeof(t->sentence), "%s", sentence);
	if (*sentence && strcmp(sentence, t->said) == 0)
		t->said[0] = '\0';
	else if (*sentence)
		pairs_say(out, view->now, "error", sentence);
	else
		pairs_say(out, view->now, "error", "none any more");
}

void
twin_notice(struct twin *t, struct buf *out, int64_t now, enum notice_level level, const char *sentence)
{
	static const char *const levels[] = {"note", "warning", "error"};

	pairs_say(out, now, levels[level], sentence);
	snprintf(t->said, sizeof(t->said), "%s", sentence);
}

static void
tell_group(struct twin *t, struct buf *out, const struct view *view)
{
	static const char *const words[] = {
		[GROUP_NONE] = "none",
		[GROUP_LOOKING] = "looking who is in it",
		[GROUP_DECLINED] = "not joined",
		[GROUP_ASKING] = "it has members of other programs",
		[GROUP_JOINING] = "joining",
		[GROUP_MEMBER] = "joined",
		[GROUP_LOST] = "lost, joining again",
	};
	const struct source_status *status = &view->head.status;

	if (t->group == status->group_state && strcmp(t->group_sentence, status->group_sentence) == 0)
		return;
	t->group = status->group_state;
	snprintf(t->group_sentence, sizeof(t->group_sentence), "%s", status->group_sentence);
	pairs_begin(out, view->now);
	buf_str(out, "group ");
	text_clean(out, view->head.group);
	buf_addf(out, ": %s", words[t->group]);
	if (*t->group_sentence) {
		buf_str(out, ", ");
		say(out, t->group_sentence);
	}
	buf_char(out, '\n');
}

static bool
same_assignment(const struct assignment *a, const struct assignment *b)
{
	return a->time == b->time && a->change == b->change && a->count == b->count && a->held == b->held &&
	       strcmp(a->text, b->text) == 0;
}

static void
tell_assignment(struct buf *out, const struct assignment *a)
{
	static const char *const words[] = {
		[ASSIGNMENT_GOT] = "assigned",
		[ASSIGNMENT_REVOKED] = "revoked",
		[ASSIGNMENT_LOST] = "lost",
	};

	pairs_begin(out, a->time);
	buf_addf(out, "%s: ", words[a->change]);
	say(out, a->text);
	buf_addf(out, "  count %zu  held %zu", a->count, a->held);
	pairs_count(out, "generation", a->generation);
	buf_char(out, '\n');
}

/* The timeline's newest is its first; those since the last call are told in their order. */
static void
tell_assignments(struct twin *t, struct buf *out, const struct view *view)
{
	size_t fresh = 0;

	while (fresh < view->n_timeline && !same_assignment(&view->timeline[fresh], &t->assignment))
		fresh++;
	if (fresh > 0)
		t->assignment = view->timeline[0];
	while (fresh > 0)
		tell_assignment(out, &view->timeline[--fresh]);
}

static void
tell_undecodable(struct twin *t, struct buf *out, const struct view *view)
{
	const struct view_head *head = &view->head;

	if (head->undecodable > t->undecodable && head->last_undecodable.p) {
		pairs_begin(out, view->now);
		buf_addf(out, "undecodable: %" PRId64 " more, the last ", head->undecodable - t->undecodable);
		text_clean(out, head->last_undecodable);
		buf_char(out, '\n');
	}
	t->undecodable = head->undecodable;
}

/* What a first line about an experiment adds. */
static void
add_configuration(struct buf *out, const struct experiment_row *row)
{
	if (row->researcher.p) {
		buf_str(out, "  researcher ");
		text_clean(out, row->researcher);
	}
	pairs_count(out, "sensors", row->sensors_configured);
	if (isfinite(row->lower) && isfinite(row->upper))
		buf_addf(out, "  range %g..%g", row->lower, row->upper);
	pairs_count(out, "partition", row->partition);
}

static struct known *
know(struct twin *t, struct slice id)
{
	struct known *k = xcalloc(1, sizeof(*k) + id.n + 1);

	k->n = id.n;
	if (id.n)
		memcpy(k->id, id.p, id.n);
	HASH_ADD_KEYPTR(hh, t->known, k->id, k->n, k);
	return k;
}

static void
tell_experiment(struct twin *t, struct buf *out, const struct experiment_row *row, int64_t now)
{
	struct known *k;
	bool fresh;

	HASH_FIND(hh, t->known, row->id.p, row->id.n, k);
	fresh = !k;
	if (fresh)
		k = know(t, row->id);
	k->round = t->round;
	if (!fresh && k->stage == row->stage && k->revoked == row->revoked)
		return;
	pairs_begin(out, now);
	buf_str(out, "experiment ");
	text_clean(out, row->id);
	buf_addf(out, ": %s", row->stage == STAGE_UNKNOWN ? "stage unknown" : stage_name(row->stage));
	if (row->revoked)
		buf_str(out, ", its partition was revoked");
	else if (k->revoked)
		buf_str(out, ", its partition is ours again");
	if (fresh)
		add_configuration(out, row);
	buf_char(out, '\n');
	k->stage = row->stage;
	k->revoked = row->revoked;
}

/* More experiments than rows that are looked at: their changes are not listed. */
static void
tell_cut(struct twin *t, struct buf *out, const struct view *view)
{
	char text[ERR_TEXT];

	if (t->cut_told || view->total <= TWIN_ROWS)
		return;
	t->cut_told = true;
	snprintf(text, sizeof(text), "changes are listed for the first %d experiments of %" PRId64
		 "; the counts are of all", TWIN_ROWS, view->total);
	pairs_say(out, view->now, "note", text);
}

static void
tell_experiments(struct twin *t, struct buf *out, const struct view *view)
{
	struct known *k, *next;

	t->round++;
	tell_cut(t, out, view);
	for (size_t i = 0; i < view->n; i++)
		tell_experiment(t, out, &view->experiments[i], view->now);
	HASH_ITER(hh, t->known, k, next)
		if (k->round != t->round)
			forget(t, k);
}

void
twin_changes(struct twin *t, struct buf *out, const struct view *experiments, const struct view *partitions)
{
	tell_link(t, out, experiments);
	tell_error(t, out, experiments);
	tell_group(t, out, experiments);
	tell_assignments(t, out, partitions);
	tell_undecodable(t, out, experiments);
	tell_experiments(t, out, experiments);
	t->began = true;
}

/* ---- the loop ---- */

enum asked { ASKED_NOTHING, ASKED_EXPERIMENTS, ASKED_PARTITIONS };

struct run {
	const struct twin_config *config;
	struct twin *twin;
	struct view *experiments, *partitions;
	enum asked asked;
	int64_t due; /* mono ms */
	bool ended;  /* by the engine: one more line */
	bool done;
	struct twin_result *result;
	struct buf text, line; /* to be written; the interval's last */
};

static void
flush(struct run *r)
{
	interruptible_write(r->config->out, &r->text, &r->done);
}

static void
ask(struct run *r, struct view *view, enum view_kind kind, enum asked asked)
{
	view->query = (struct view_query){.kind = kind, .height = TWIN_ROWS};
	view_clear(view);
	engine_ask(r->config->engine, view);
	r->asked = asked;
}

/* The interval's line; the very last only when it says something new. */
static void
add_line(struct run *r)
{
	struct buf line = {0};

	twin_line(&line, r->experiments);
	if (!r->ended || line.n != r->line.n || memcmp(line.p, r->line.p, line.n) != 0)
		buf_add(&r->text, line.p, line.n);
	buf_free(&r->line);
	r->line = line;
}

static void
answered(struct run *r)
{
	if (r->asked == ASKED_EXPERIMENTS) {
		ask(r, r->partitions, VIEW_PARTITIONS, ASKED_PARTITIONS);
		return;
	}
	r->asked = ASKED_NOTHING;
	twin_changes(r->twin, &r->text, r->experiments, r->partitions);
	add_line(r);
	flush(r);
	r->done = r->done || (r->ended && r->due == INT64_MAX);
}

static void
note(struct run *r, const struct engine_letter *letter)
{
	twin_notice(r->twin, &r->text, clock_wall_ms(), letter->level, letter->text);
	flush(r);
}

/* The engine's last word; what it read since the last line is told before we end. */
static void
end(struct run *r, const struct engine_letter *letter)
{
	r->ended = true;
	r->result->failed = letter->failed;
	if (letter->failed)
		snprintf(r->result->last_error, sizeof(r->result->last_error), "%s", letter->text);
	r->due = 0;
}

static void
take_letters(struct run *r)
{
	const struct command no = {.kind = COMMAND_ANSWER}; /* nobody is there to be asked */
	struct engine_letter *letter;

	while ((letter = engine_take(r->config->engine))) {
		if (letter->kind == ENGINE_VIEW)
			answered(r);
		else if (letter->kind == ENGINE_NOTICE)
			note(r, letter);
		else if (letter->kind == ENGINE_QUESTION)
			engine_command(r->config->engine, &no);
		else
			end(r, letter);
		free(letter);
	}
}

static void
ask_when_due(struct run *r, int64_t now)
{
	if (r->asked != ASKED_NOTHING || now < r->due)
		return;
	r->due = r->ended ? INT64_MAX : now + r->config->interval_ms;
	ask(r, r->experiments, VIEW_EXPERIMENTS, ASKED_EXPERIMENTS);
}

static void
wait_and_handle(struct run *r)
{
	struct pollfd fds[] = {
		{.fd = signals_fd(), .events = POLLIN},
		{.fd = engine_fd(r->config->engine), .events = POLLIN},
	};
	int64_t left = r->due - clock_mono_ms();
	int timeout = r->asked != ASKED_NOTHING ? -1 : left <= 0 ? 0 : left > 3600000 ? 3600000 : (int)left;

	poll(fds, 2, timeout);
	if (fds[0].revents && signals_take())
		r->done = true;
	take_letters(r);
	if (!r->done)
		ask_when_due(r, clock_mono_ms());
}

/* The engine leaves; what it says while it does is told. */
static void
leave(struct run *r)
{
	struct engine_letter *letter;

	engine_stop(r->config->engine);
	r->result->stopped = engine_wait(r->config->engine, signals_leave_ms());
	while ((letter = engine_take(r->config->engine))) {
		if (letter->kind == ENGINE_NOTICE)
			note(r, letter);
		free(letter);
	}
	if (!r->result->stopped)
		return; /* a view may still be with the engine */
	view_free(r->experiments);
	view_free(r->partitions);
}

void
twin_run(const struct twin_config *config, struct twin_result *result)
{
	struct run r = {
		.config = config,
		.twin = twin_new(),
		.experiments = xcalloc(1, sizeof(struct view)),
		.partitions = xcalloc(1, sizeof(struct view)),
		.due = clock_mono_ms(),
		.result = result,
	};

	*result = (struct twin_result){0};
	engine_start(config->engine);
	while (!r.done)
		wait_and_handle(&r);
	leave(&r);
	twin_free(r.twin);
	buf_free(&r.text);
	buf_free(&r.line);
}
