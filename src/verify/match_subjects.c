/* SPDX-License-Identifier: MIT */
#include "verify/match_inside.h"

#include "model/ident.h"

#include <inttypes.h>
#include <math.h>
#include <utlist.h>

static void
take_out(struct match *m, struct subject *s)
{
	DL_DELETE2(m->lists[s->standing], s, older, newer);
	m->n_done -= s->standing == SUBJECT_DONE;
}

static void
put_in(struct match *m, struct subject *s, enum standing to)
{
	s->standing = to;
	DL_APPEND2(m->lists[to], s, older, newer);
	m->n_done += to == SUBJECT_DONE;
}

void
match_move(struct match *m, struct subject *s, enum standing to)
{
	take_out(m, s);
	put_in(m, s, to);
}

void
match_end_if_done(struct match *m, struct subject *s)
{
	struct unit *u;

	if (!s->log_ended || !s->topic_ended || s->waiting)
		return;
	DL_FOREACH (s->units, u)
		if (!match_is_whole(u) && !m->config.live)
			return;
	match_release_all(m, s);
	subject_forget_sensors(s, &m->bytes);
	if (s->standing == SUBJECT_OPEN)
		match_move(m, s, SUBJECT_DONE);
}

static void
forget_waiting(struct match *m, struct subject *s)
{
	while (s->waiting) {
		free(subject_next_waiting(s, &m->bytes));
		m->waiting--;
	}
}

/* What was given up while it was on one side only is no difference unless the other comes, too. */
void
match_tell_given_up(struct match *m, struct subject *s)
{
	struct difference d = match_about(s, DIFFERENCE_UNCOMPARED);

	if (s->told || !s->in_log || !s->in_topic)
		return;
	s->told = true;
	err_set(&d.detail, "topic and log are too far apart for %zu MiB of memory: it is not compared any further",
		m->config.max_bytes >> 20);
	match_differs(m, &d);
}

/* No more of S is compared. */
static void
give_up(struct match *m, struct subject *s)
{
	match_move(m, s, SUBJECT_GIVEN_UP);
	m->totals.uncompared += (int64_t)s->n_waiting;
	forget_waiting(m, s);
	for (; s->units; subject_drop_unit(s, s->units, &m->bytes))
		m->totals.uncompared++;
	subject_forget_sensors(s, &m->bytes);
	match_tell_given_up(m, s);
}

bool
match_may_come(const struct subject *s, double time, double taken)
{
	return !s->topic_ended && time > taken - (s->log_ended ? 0 : SENDING_S);
}

bool
match_report_one_sided(struct match *m, const struct subject *s, double taken, double read)
{
	struct difference d = match_about(s, s->in_log ? DIFFERENCE_NOT_IN_TOPIC : DIFFERENCE_NOT_IN_LOG);

	if (s->in_log && s->in_topic)
		return false;
	if (s->in_log ? match_may_come(s, s->log_time, taken) : s->topic_time > read - WRITING_S) {
		*(s->in_log ? &m->totals.coming : &m->totals.unwritten) += s->in_log ? s->items : s->records;
		m->totals.running++;
		return true;
	}
	d.file = s->file;
	d.line = s->line;
	d.topic = s->topic;
	d.partition = s->in_topic ? s->partition : -1;
	d.offset = s->in_topic ? s->first_offset : -1;
	err_set(&d.detail, "%" PRId64 " %s", s->in_log ? s->items : s->records, s->in_log ? "lines" : "records");
	match_differs(m, &d);
	return true;
}

static void
forget_subject(struct match *m, struct subject *s)
{
	if (s->standing != SUBJECT_DONE && !match_report_one_sided(m, s, INFINITY, INFINITY) &&
	    s->standing == SUBJECT_OPEN)
		give_up(m, s);
	forget_waiting(m, s);
	for (; s->units; subject_drop_unit(s, s->units, &m->bytes))
		continue;
	subject_forget_sensors(s, &m->bytes);
	if (m->last_logged == s)
		m->last_logged = NULL;
	if (m->last_received == s)
		m->last_received = NULL;
	HASH_DEL(m->by_id, s);
	take_out(m, s);
	subject_free(s);
}

void
match_keep_bounds(struct match *m)
{
	struct subject *s, *next;

	for (s = m->lists[SUBJECT_OPEN]; s && m->bytes > m->config.max_bytes; s = next) {
		next = s->newer;
		if (s->units || s->waiting || s->n_sensors)
			give_up(m, s);
	}
}

/* Room for one more: first of those that nothing is compared of any more. */
static void
make_room(struct match *m)
{
	static const enum standing order[] = {SUBJECT_DONE, SUBJECT_GIVEN_UP, SUBJECT_OPEN};
	bool full = HASH_COUNT(m->by_id) >= m->config.max_experiments;

	if (m->n_done > MATCH_DONE) {
		forget_subject(m, m->lists[SUBJECT_DONE]);
		return;
	}
	for (size_t i = 0; i < STANDINGS && full; i++)
		if (m->lists[order[i]]) {
			forget_subject(m, m->lists[order[i]]);
			return;
		}
}

struct subject *
match_subject(struct match *m, struct slice foreign, struct subject **last)
{
	char room[SUBJECT_ID];
	struct slice id = ident(foreign, room, sizeof(room));
	struct subject *s = *last;

	if (!s || !slice_eq(subject_id(s), id))
		HASH_FIND(hh, m->by_id, id.p, id.n, s);
	if (!s) {
		make_room(m);
		s = subject_new(id);
		HASH_ADD_KEYPTR(hh, m->by_id, s->id, s->n_id, s);
		put_in(m, s, SUBJECT_OPEN);
	} else if (s->standing != SUBJECT_DONE && s->newer) {
		match_move(m, s, s->standing);
	}
	return *last = s;
}

void
match_count_side(struct match *m, struct subject *s, bool *side, int64_t *count)
{
	if (*side)
		return;
	*side = true;
	(*count)++;
	m->totals.experiments += s->in_log && s->in_topic;
}
